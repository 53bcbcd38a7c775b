"""One question on its way: written down first, timed, listened to, and recorded however it ends.

The question is on disk before anything is done about it, and the outcome is written whatever happens; a database that
is gone by then leaves the question as interrupted, and the answer reaches the person all the same.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from dash.errors import (
    Cancelled,
    DashError,
    DatabaseUnavailable,
    InternalError,
    NotFoundError,
    QueryFailed,
    QueryRejected,
    QuestionError,
)
from dash.language.completing import completed
from dash.language.reader import Reader
from dash.language.together import chain
from dash.language.tokens import tokenize
from dash.llm.asking import ModelCall
from dash.query_log import QueryLog
from dash.records import (
    Answer,
    Caveat,
    Clarification,
    Grounding,
    Plan,
    QueryPlan,
    Question,
    Result,
    SemanticQuery,
    Turn,
    Viewer,
)
from dash.records.semantic_query import Scalar
from dash.runs import Runs
from dash.semantics.json import from_json, to_json
from dash.steps.learn import RunFacts
from dash.threads import LatestTurn, Threads
from dash.tracing import SILENT, Tracing

T = TypeVar("T")
logger = logging.getLogger(__name__)
# A process that keeps no log, such as a command on a terminal, is not told here: it has the answer and the record.
logger.addHandler(logging.NullHandler())

MAXIMUM_FIRST = 10
"""Groups of a ranking that a next turn may be about: of more, a condition would be none that anybody reads."""
MAXIMUM_PICK = 40
"""Characters of a reply that may pick a choice by its number."""


@dataclass(frozen=True)
class Desk:
    """What recording a run takes: where runs and threads are kept, who can read the question, who is told of it."""

    runs: Runs
    threads: Threads
    reader: Reader
    zone: str
    maximum_length: int
    tracing: Tracing = SILENT


@dataclass
class _Progress:
    """What is known of a run so far."""

    grounding: Grounding | None = None
    plan: Plan | None = None
    result: Result | None = None
    calls: tuple[ModelCall, ...] = ()


class Run:
    """One question on its way: its record, its timings, its listener."""

    def __init__(
        self,
        desk: Desk,
        text: str,
        viewer: Viewer,
        now: datetime,
        on_step: Callable[[str, float], None],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._desk = desk
        self._on_step = on_step
        self.cancelled = cancelled
        self._started = time.perf_counter()
        self._timings: dict[str, float] = {}
        self._progress = _Progress()
        self._failures: list[dict[str, Any]] = []
        self.queries = QueryLog(desk.reader.knowledge)
        self.trace = desk.tracing.begin()
        self.thread_id: str | None = None
        self.run_id: str | None = None
        self.question = Question(text=text, now=now.astimezone(UTC), zone=desk.zone, viewer=viewer)

    def begin(self, thread_id: str | None) -> tuple[str, str]:
        """Write the question down with what it may lean on; returns the ids of the run and its thread."""
        owner = self.question.viewer.name
        thread = thread_id or self._desk.threads.start(owner)
        latest = self._desk.threads.latest_turn(thread, owner=owner) if thread_id else None
        previous, follows = _turn(latest), latest is not None  # a thread may have been begun for its first question
        self.question = replace(self.question, thread_id=thread, previous=previous, follows=follows)
        self.thread_id = thread
        chosen = self._chosen(thread) if thread_id else self.question.text
        if latest is not None and previous is None and chosen == self.question.text:
            asked, reader = self.question, self._desk.reader
            chosen = completed(latest.question, chosen, reader, asked.now, asked.zone) or chosen
        self.run_id = self._desk.runs.begin(self.question, thread, owner=owner)
        self.question = replace(self.question, text=chosen)
        self._timings["record"] = self._elapsed_ms()
        return self.run_id, thread

    def _chosen(self, thread: str) -> str:
        """The question that a bare "2" picks from the choices of the turn before, or a few words of one of them where
        these are what it may have meant ("chat", of two costs); else what was typed."""
        text, reader = self.question.text, self._desk.reader
        if len(text) >= MAXIMUM_PICK:
            return text
        offered = self._desk.threads.latest_choices(thread, owner=self.question.viewer.name)
        picked = reader.picked(text) if offered.choices else None
        if picked is None and offered.alternatives:
            picked = reader.named(text, offered.choices)
        return offered.choices[picked - 1] if picked is not None and 1 <= picked <= len(offered.choices) else text

    def facts(self, answer: Answer) -> RunFacts:
        """What the run can teach, with the turn that it follows. Raises DatabaseUnavailable."""
        before = None
        if self.question.follows and self.run_id is not None and answer.outcome == "answered":
            before = self._desk.threads.turn_before(self.run_id)
        return RunFacts(
            run_id=self.run_id,
            question=self.question,
            language=answer.language,
            outcome=answer.outcome,
            attempts=tuple(self.queries.attempts),
            before=before,
        )

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Run one step, tell the listener, take its time; of a step that is tried again, the sum.

        Raises Cancelled instead when nobody waits any more.
        """
        if self.cancelled():
            raise Cancelled("Stopped before the answer was ready.")
        if name != "companions":
            self._on_step(name, time.perf_counter() - self._started)
        started = time.perf_counter()
        try:
            return self.trace.step(name, work)
        finally:
            spent = (time.perf_counter() - started) * 1000
            self._timings[name] = round(self._timings.get(name, 0.0) + spent, 2)

    def keep(self, **known: Any) -> None:
        """Remember an intermediate value for the record."""
        for name, value in known.items():
            setattr(self._progress, name, value)

    @property
    def planned(self) -> QueryPlan | None:
        """The plan as far as it is one that is run."""
        plan = self._progress.plan
        return plan if isinstance(plan, QueryPlan) else None

    def keep_failure(self, role: str, error: DashError) -> None:
        """Remember a query that was rejected or failed, with the database's own words."""
        self._failures.append({"query": role, "message": error.message, "detail": getattr(error, "detail", "")})

    def failed(self, error: DashError) -> Answer:
        """An answer that says what to do about an expected error; our own broken promises are for us."""
        if isinstance(error, InternalError):
            return self.broke(error)
        self.keep_failure("main", error)
        if isinstance(error, Cancelled):
            return replace(self._error(self._messages()["cancelled"]), outcome="cancelled")
        return self._error(self._sentence(error))

    def broke(self, error: Exception) -> Answer:
        """An answer for an error of ours: the trace goes into the record, the run id to the person."""
        self._failures.append({"query": "main", "message": repr(error), "detail": traceback.format_exc()})
        logger.error("A question met a fault of ours.", exc_info=error, extra={"run_id": self.run_id})
        return self._error(self._messages()["internal"].format(run=self.run_id or "–"))

    def finish(self, answer: Answer) -> Answer:
        """Stamp ids and timings and write the outcome. An answer that could not be stored says so and is given."""
        self._timings["total"] = self._elapsed_ms()
        answer = replace(answer, timings_ms=dict(self._timings), thread_id=self.thread_id, run_id=self.run_id)
        if self.run_id is None:
            return answer
        try:
            self._desk.runs.finish(self.run_id, answer, self._record(), self.queries.entries)
        except DashError:
            unsaved = Caveat("note", self._messages()["not_saved"])
            return replace(answer, caveats=(*answer.caveats, unsaved))
        return answer

    def report(self, answer: Answer) -> None:
        """Tell whoever runs the product how it went: figures and kinds, and no word of question or answer."""
        self.trace.end(answer, self.queries.entries)
        if logger.isEnabledFor(logging.INFO):
            figures = {"provenance": answer.provenance, "language": answer.language, "rows": len(answer.rows)}
            ids = {"run_id": self.run_id, "thread_id": self.thread_id}
            logger.info(answer.outcome, extra={**ids, **figures, "milliseconds": answer.timings_ms.get("total")})

    def _error(self, sentence: str) -> Answer:
        plan = self._progress.plan
        sql = plan.main.sql if isinstance(plan, QueryPlan) else None
        return Answer("error", self.question.text, self._language(), sentence, sql=sql)

    def _sentence(self, error: DashError) -> str:
        messages = self._messages()
        if isinstance(error, QuestionError):
            return messages[error.message].format(limit=self._desk.maximum_length)
        if isinstance(error, DatabaseUnavailable):
            return messages["database_down" if self.run_id else "database_down_unsaved"]
        if isinstance(error, QueryRejected):
            return messages["rejected"].format(message=error.message)
        if isinstance(error, QueryFailed):
            return messages["query_failed"].format(message=error.message)
        if isinstance(error, NotFoundError):
            return messages["no_thread"]
        return error.message

    def _language(self) -> str:
        """The language to say an error in; never fails itself."""
        if self._progress.grounding is not None:
            return self._progress.grounding.language
        found = self._desk.reader.detect_language(tokenize(self.question.text[:200]))
        return found or self._desk.reader.default_language

    def _messages(self) -> Mapping[str, str]:
        return self._desk.reader.languages[self._language()].messages

    def _elapsed_ms(self) -> float:
        return round((time.perf_counter() - self._started) * 1000, 2)

    def _record(self) -> dict[str, Any]:
        """Everything needed to understand the run later. Rows are in the answer; spans only as far as they are used."""
        plan, grounding = self._progress.plan, self._progress.grounding
        record: dict[str, Any] = {"failures": self._failures, "knowledge": self._desk.reader.knowledge.fingerprint}
        if grounding is not None:
            record["grounding"] = {
                "language": grounding.language,
                "tokens": [token.text for token in grounding.tokens],
                "vetted": grounding.vetted,
                "unknown": grounding.unknown,
                "candidates": [
                    {"words": [span.start, span.end], "kind": span.kind, "label": span.label, "cost": span.cost}
                    for span in grounding.spans
                    if not span.kind.startswith("time_")
                ],
            }
        if isinstance(plan, QueryPlan):
            asked = plan.semantic_query or plan.alike
            record |= {
                "semantic_query": to_json(asked) if asked else None,
                "told": [to_json(one) for one in self._told_before(asked)],
                "vetted_query": plan.vetted_query,
                "vetted_filled": {name: to_json(value) for name, value in plan.vetted_filled.items()},
                "companions": {role: query.sql for role, query in plan.companions.items()},
                "parameters": dict(plan.main.parameters),
            }
        if self._progress.calls:
            record["model_calls"] = [asdict(call) for call in self._progress.calls]
        if isinstance(plan, Clarification):
            record |= {"alternatives": plan.alternatives, "idle": plan.idle}
            record["teaches"] = [asdict(choice) for choice in plan.choices if choice.teaches is not None]
        if self._progress.result is not None:
            result = self._progress.result
            record["result"] = {"rows": len(result.rows), "duration_ms": result.duration_ms, "masked": result.masked}
        return record

    def _told_before(self, asked: SemanticQuery | None) -> tuple[SemanticQuery, ...]:
        """Of the turns before, those that a next one may speak of together with this one."""
        before = self.question.previous
        if asked is None or before is None or before.semantic_query is None:
            return ()
        return chain((*before.told, before.semantic_query), asked, self.question.now, self.question.zone)


def _turn(latest: LatestTurn | None) -> Turn | None:
    """What a follow-up may lean on."""
    if latest is None or latest.record is None or latest.language is None:
        return None
    query = latest.record.get("semantic_query")
    asked = from_json(query) if query else None
    filled = latest.record.get("vetted_filled") or {}
    return Turn(
        question=latest.question,
        language=latest.language,
        semantic_query=asked,
        vetted_query=latest.record.get("vetted_query"),
        vetted_filled={name: from_json(value) for name, value in filled.items()},
        told=tuple(from_json(one) for one in latest.record.get("told") or ()),
        first=_first(asked, latest.first or []),
    )


def _first(asked: SemanticQuery | None, rows: list[list[Any]]) -> tuple[Scalar, ...]:
    """The groups of a ranking by one thing, as its answer showed them; nothing where one of them is nobody."""
    if asked is None or len(asked.dimensions) != 1 or asked.grain is not None or asked.shape == "list":
        return ()
    if len(rows) > MAXIMUM_FIRST:
        return ()
    groups = tuple(row[0] for row in rows)
    return groups if all(isinstance(one, str | int) for one in groups) else ()
