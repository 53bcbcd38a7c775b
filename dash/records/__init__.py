"""The frozen records that the steps exchange, in the order of the flow.

    Question → Grounding → Plan → CheckedQuery → Result → Answer

Records hold facts and no behaviour beyond trivial properties; nothing here touches a database, a file or a clock.
"""

from dash.records.answer import Answer, Caveat, Chart, Column, Definition, Understood
from dash.records.grounding import Grounding, Language, Span, Token
from dash.records.plan import (
    BY_MODEL,
    Choice,
    Clarification,
    Decline,
    Plan,
    PlannedQuery,
    Provenance,
    QueryPlan,
    Refill,
    Teaching,
    Unconfirmed,
)
from dash.records.query import MASK, CheckedQuery, Result, ResultColumn
from dash.records.question import Question, Role, Turn, Viewer
from dash.records.semantic_query import (
    ComparedSide,
    Comparison,
    Filter,
    MetricUse,
    Moment,
    Order,
    SemanticQuery,
    Threshold,
    Window,
)

__all__ = [
    "BY_MODEL",
    "MASK",
    "Answer",
    "Caveat",
    "Chart",
    "CheckedQuery",
    "Choice",
    "Clarification",
    "Column",
    "ComparedSide",
    "Comparison",
    "Decline",
    "Definition",
    "Filter",
    "Grounding",
    "Language",
    "MetricUse",
    "Moment",
    "Order",
    "Plan",
    "PlannedQuery",
    "Provenance",
    "QueryPlan",
    "Question",
    "Refill",
    "Result",
    "ResultColumn",
    "Role",
    "SemanticQuery",
    "Span",
    "Teaching",
    "Threshold",
    "Token",
    "Turn",
    "Unconfirmed",
    "Understood",
    "Viewer",
    "Window",
]
