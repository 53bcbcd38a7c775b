"""What is sent and what comes back, as OpenAPI describes it. Requests are read strictly: a field that nobody knows is
refused, because a misspelled one would otherwise be silently ignored.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from dash.access import Permission
from dash.feedback import LONGEST_WORDS, Correction
from dash.records.answer import Outcome
from dash.records.question import Role
from dash.steps.ground import MAXIMUM_LENGTH

MOST_LISTED = 500
LONGEST_ID = 200
_LONGEST_SAID = LONGEST_WORDS // 2

Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ID)]
Words = Annotated[str, StringConstraints(max_length=LONGEST_ID, pattern=r"[^\W_]")]
"""A text in which something is said: there is a letter or a digit in it."""
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Given = str | int | float | bool | None
Cell = Any


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProblemDocument(BaseModel):
    """RFC 9457. `errors` is there when the request could not be read."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[dict[str, str]] | None = None


class QuestionDocument(_Sent):
    """A question. With a `thread_id` it leans on what was asked there before."""

    question: Annotated[str, StringConstraints(min_length=1, max_length=MAXIMUM_LENGTH)]
    thread_id: Text | None = None


class ColumnDocument(_Given):
    """A column of an answer."""

    name: str
    label: str
    unit: str
    role: str
    better: str | None
    metric: str | None
    dimension: str | None


class ChartDocument(_Given):
    """A picture in terms of columns."""

    kind: str
    x: str | None
    y: list[str]
    series: str | None
    title: str


class AnswerDocument(_Given):
    """The documented JSON of an answer (docs/answer-json.md)."""

    outcome: Outcome
    question: str
    language: str
    headline: str
    provenance: str | None
    context: list[str]
    sql: str | None
    parameters: dict[str, Any]
    columns: list[ColumnDocument]
    rows: list[list[Cell]]
    truncated: bool
    chart: ChartDocument | None
    caveats: list[dict[str, str]]
    definitions: list[dict[str, str]]
    understood: list[dict[str, str]]
    choices: list[str]
    follow_ups: list[str]
    files: list[str]
    timings_ms: dict[str, float]
    thread_id: str | None
    run_id: str | None


class AcceptedDocument(_Given):
    """The question is written down and at work; its answer will be at `answer`."""

    run_id: str
    thread_id: str
    answer: str


class RunDocument(_Given):
    """One question and its answer. Without an outcome it is still at work, or was interrupted."""

    run_id: str
    thread_id: str
    question: str
    asked_at: datetime
    outcome: Outcome | None
    answer: AnswerDocument | None


class CancelledDocument(_Given):
    """`stopping` False: it had ended already."""

    run_id: str
    stopping: bool


class ThreadDocument(_Given):
    """One line of the list of threads."""

    thread_id: str
    title: str
    started_at: datetime
    last_asked_at: datetime | None
    turns: int


class ThreadsDocument(_Given):
    """One's own threads, the last used first."""

    threads: list[ThreadDocument]


class TurnDocument(_Given):
    """One turn of a thread without its rows, which are in its answer."""

    run_id: str
    question: str
    asked_at: datetime
    outcome: Outcome | None
    provenance: str | None
    headline: str | None
    choices: list[str]


class TurnsDocument(_Given):
    """The turns of a thread in the order of asking."""

    thread_id: str
    turns: list[TurnDocument]


class ThreadChangeDocument(_Sent):
    """What to change of a thread: its title, whether the list leaves it out, or both."""

    title: Words | None = None
    hidden: bool | None = None


class CorrectionDocument(_Sent):
    """What would be right: the question that was meant, the right number, or other words."""

    kind: Correction
    said: Annotated[str, StringConstraints(max_length=_LONGEST_SAID, pattern=r"[^\W_]")]


class FeedbackDocument(_Sent):
    """What one says of an answer."""

    verdict: Literal["good", "bad", "withdrawn"]
    correction: CorrectionDocument | None = None
    note: Annotated[str, StringConstraints(max_length=LONGEST_WORDS - _LONGEST_SAID)] = ""


class NotedDocument(_Given):
    """What was said is written down; an objection becomes a candidate learning."""

    run_id: str
    learning_id: str | None


class SideDocument(_Given):
    """Some of the rows behind a number, counted."""

    name: str
    label: str
    kind: str
    entries: int


class BehindDocument(_Given):
    """The rows behind a number (docs/drill-down.md)."""

    run_id: str
    row: list[int]
    column: ColumnDocument
    group: dict[str, Cell]
    then: float | None
    now: float | None
    agrees: bool | None
    redefined: bool
    sides: list[SideDocument]
    listed: str
    columns: list[ColumnDocument]
    rows: list[list[Cell]]
    conversation: str | None
    sql: str
    parameters: dict[str, Any]
    masked: list[str]


class ConversationDocument(_Given):
    """A customer's conversation: its head. Texts are what strangers wrote."""

    id: str
    moment: str | None
    title: str | None
    facts: dict[str, Cell]


class ConversationsDocument(_Given):
    """One page of a search, newest first. `next` goes into `after` for the next one; null at the end."""

    conversations: list[ConversationDocument]
    next: str | None


class TotalsDocument(_Given):
    """What a whole conversation adds up to."""

    events: int
    kinds: dict[str, int]
    tokens: int
    cost_usd: float
    first: str | None
    last: str | None


class WholeConversationDocument(_Given):
    """The head of a conversation and what it adds up to."""

    conversation: ConversationDocument
    totals: TotalsDocument


class EventDocument(_Given):
    """One thing that happened. Texts are what strangers wrote."""

    ref: str
    source: str
    moment: str | None
    kind: str
    role: str | None
    actor: str | None
    title: str | None
    body: str | None
    status: str | None
    failed: bool
    duration_ms: float | None
    tokens: int | None
    cost_usd: float | None
    expires_at: str | None
    resolved_at: str | None
    details: dict[str, Cell]


class EventsDocument(_Given):
    """A stretch of a conversation in the order of what happened. `next` and `previous` go into `after` and `before`."""

    events: list[EventDocument]
    next: str | None
    previous: str | None
    masked: list[str]


class MetricDocument(_Given):
    """A governed metric."""

    name: str
    label: str
    definition: str
    unit: str
    better: str | None
    dimensions: list[str]
    synonyms: list[str]
    owner: str
    source: str


class MetricsDocument(_Given):
    """All governed metrics."""

    metrics: list[MetricDocument]


class ParameterDocument(_Given):
    """A parameter of a vetted query; `allowed` lists what it may be, where that is known."""

    name: str
    type: str
    default: Given
    minimum: float | None
    maximum: float | None
    allowed: list[str | int | float | bool]
    description: str


class VettedQueryDocument(_Given):
    """A vetted query."""

    name: str
    description: str
    questions: list[str]
    parameters: list[ParameterDocument]
    vetted_on: str
    vetted_by: str
    sql: str
    source: str


class VettedQueriesDocument(_Given):
    """All vetted queries."""

    queries: list[VettedQueryDocument]


class ParametersDocument(_Sent):
    """Values for the parameters of a vetted query; a period is written in words ("last 7 days")."""

    parameters: dict[Text, Given] = Field(default_factory=dict, max_length=50)
    language: Language = "en"


class FaultDocument(_Given):
    """One mistake in one knowledge file."""

    path: str
    line: int
    what: str
    mend: str


class FaultsDocument(_Given):
    """Every mistake in the knowledge files; none is good."""

    faults: list[FaultDocument]


class LearningDocument(_Given):
    """Something that was learned; `scope` null belongs to everyone."""

    id: str
    kind: str
    learned: str
    status: str
    wrong: str
    right: str
    scope: str | None
    seen: int


class LearningsDocument(_Given):
    """Learnings that reach whoever asks."""

    learnings: list[LearningDocument]


class WhoDocument(_Given):
    """Whom the key or token stands for, and what they may."""

    name: str
    display: str
    roles: list[Role]
    permissions: list[Permission]


class StandingDocument(_Given):
    """`ok` or `ready`."""

    status: Literal["ok", "ready"]


class KindDocument(_Given):
    """What a kind of problem means."""

    type: str
    title: str
    status: int
    meaning: str
