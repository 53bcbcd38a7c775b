"""Questions, answers, and the threads that they stand in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from dash.feedback import LONGEST_WORDS, Correction
from dash.records.answer import Outcome
from dash.serve.documents.shared import Cell, Returned, Sent, Text, Words, example
from dash.steps.ground import MAXIMUM_LENGTH

_LONGEST_SAID = LONGEST_WORDS // 2


class QuestionDocument(Sent):
    """A question. With a `thread_id` it leans on what was asked there before."""

    model_config = example(question="How many tickets did AI handle today?")

    question: Annotated[str, StringConstraints(min_length=1, max_length=MAXIMUM_LENGTH)]
    thread_id: Text | None = None


class ColumnDocument(Returned):
    """A column of an answer."""

    name: str
    label: str
    unit: str
    role: str
    better: str | None
    metric: str | None
    dimension: str | None


class ChartDocument(Returned):
    """A picture in terms of columns."""

    kind: str
    x: str | None
    y: list[str]
    series: str | None
    title: str


class AnswerDocument(Returned):
    """The documented JSON of an answer (docs/answer-json.md)."""

    model_config = example(
        outcome="answered",
        question="How many tickets did AI handle today?",
        language="en",
        headline="Open tickets today (20 Nov, since 00:00): 31.",
        provenance="composed",
        context=["Up by 6 (+24%) from 25 in the period before."],
        sql="SELECT COUNT(*) AS open_tickets FROM …",
        parameters={"now": "2026-11-20T12:00:00+00:00"},
        columns=[
            {
                "name": "open_tickets",
                "label": "Open tickets",
                "unit": "count",
                "role": "metric",
                "better": None,
                "metric": "open_tickets",
                "dimension": None,
            }
        ],
        rows=[[31]],
        truncated=False,
        chart={"kind": "number", "x": None, "y": ["open_tickets"], "series": None, "title": ""},
        caveats=[{"kind": "unfinished", "text": "The day is not over."}],
        definitions=[],
        understood=[{"words": "today", "meaning": "20 Nov 2026", "kind": "time", "source": ""}],
        choices=[],
        follow_ups=["And by category?"],
        files=["knowledge/business/metrics_tickets.yaml"],
        timings_ms={"total": 41.5},
        thread_id="27df957896013380",
        run_id="de6f13ab2c138d60",
    )

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


class AcceptedDocument(Returned):
    """The question is written down and at work; its answer will be at `answer`."""

    model_config = example(
        run_id="de6f13ab2c138d60", thread_id="27df957896013380", answer="/api/v1/runs/de6f13ab2c138d60"
    )

    run_id: str
    thread_id: str
    answer: str


class RunDocument(Returned):
    """One question and its answer. Without an outcome it is still at work, or was interrupted."""

    run_id: str
    thread_id: str
    question: str
    asked_at: datetime
    outcome: Outcome | None
    answer: AnswerDocument | None


class CancelledDocument(Returned):
    """`stopping` False: it had ended already."""

    run_id: str
    stopping: bool


class ThreadDocument(Returned):
    """One line of the list of threads."""

    thread_id: str
    title: str
    started_at: datetime
    last_asked_at: datetime | None
    turns: int


class ThreadsDocument(Returned):
    """One's own threads, the last used first."""

    threads: list[ThreadDocument]


class TurnDocument(Returned):
    """One turn of a thread without its rows, which are in its answer."""

    run_id: str
    question: str
    asked_at: datetime
    outcome: Outcome | None
    provenance: str | None
    headline: str | None
    choices: list[str]


class TurnsDocument(Returned):
    """The turns of a thread in the order of asking."""

    thread_id: str
    turns: list[TurnDocument]


class ThreadChangeDocument(Sent):
    """What to change of a thread: its title, whether the list leaves it out, or both."""

    model_config = example(title="Every morning")

    title: Words | None = None
    hidden: bool | None = None


class CorrectionDocument(Sent):
    """What would be right: the question that was meant, the right number, or other words."""

    kind: Correction
    said: Annotated[str, StringConstraints(max_length=_LONGEST_SAID, pattern=r"[^\W_]")]


class FeedbackDocument(Sent):
    """What one says of an answer."""

    model_config = example(verdict="bad", correction={"kind": "right", "said": "42"})

    verdict: Literal["good", "bad", "withdrawn"]
    correction: CorrectionDocument | None = None
    note: Annotated[str, StringConstraints(max_length=LONGEST_WORDS - _LONGEST_SAID)] = ""


class NotedDocument(Returned):
    """What was said is written down; an objection becomes a candidate learning."""

    run_id: str
    learning_id: str | None


class SideDocument(Returned):
    """Some of the rows behind a number, counted."""

    name: str
    label: str
    kind: str
    entries: int


class BehindDocument(Returned):
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
