"""The main path: ground → plan → guard → execute → interpret, and the record of it.

`Dash` holds what the steps need; `Dash._answer` is that path as one function. The question is on disk before anything
is done about it, every intermediate value goes into the run record, and whatever goes wrong becomes an answer that says
what to do: `ask` does not raise for anything that a person can type or a database can do.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from dash.database import Database
from dash.errors import DashError, DatabaseUnavailable, NotFoundError, QueryFailed, QueryRejected, QuestionError
from dash.knowledge import Knowledge, load_knowledge
from dash.language.reader import Reader
from dash.query_log import QueryLog
from dash.records import (
    Answer,
    CheckedQuery,
    Grounding,
    Plan,
    PlannedQuery,
    QueryPlan,
    Question,
    Result,
    Turn,
    Viewer,
)
from dash.runs import Runs
from dash.semantics.json import from_json, to_json
from dash.settings import Settings
from dash.steps.execute import execute
from dash.steps.ground import MAXIMUM_LENGTH, ground
from dash.steps.guard import guard
from dash.steps.interpret import interpret, say
from dash.steps.plan import plan
from dash.threads import LatestAnswer, Threads

T = TypeVar("T")

COMPANION_TIMEOUT_SECONDS = 3.0
"""Context queries are a courtesy: one that takes longer than this is left out."""

COVERAGE_SECONDS = 60.0
MAXIMUM_PICK = 40
"""Characters of a reply that may pick a choice by its number."""


def system_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def silent(*_: Any) -> None:
    """The listener of nobody who looks."""


class Dash:
    """An open product: knowledge read, database ready. Thread-safe. Use it with `with`, or close it."""

    def __init__(
        self, settings: Settings, database: Database, knowledge: Knowledge, clock: Callable[[], datetime]
    ) -> None:
        """Private to `open`."""
        self.settings = settings
        self.database = database
        self.knowledge = knowledge
        self.reader = Reader(knowledge)
        self.threads = Threads(database)
        self.runs = Runs(database)
        self._clock = clock
        self._coverage: dict[tuple[str, str, Viewer], tuple[float, Result]] = {}
        self._allowed = knowledge.allowed()
        self._personal = knowledge.personal()

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = system_clock,
        progress: Callable[[str], None] = silent,
    ) -> Dash:
        """Read the knowledge, start or join the database, let the reader see what the knowledge describes.

        Raises KnowledgeError with every fault, EnvironmentProblem, DatabaseUnavailable.
        """
        progress("Reading the knowledge")
        knowledge = load_knowledge(settings.knowledge)
        database = Database.open(settings, progress)
        try:
            database.grant_reader(knowledge.allowed())
            return cls(settings, database, knowledge, clock)
        except BaseException:
            database.close()
            raise

    def __enter__(self) -> Dash:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the database; the last to leave stops the embedded server."""
        self.database.close()

    def ask(
        self,
        text: str,
        *,
        thread_id: str | None = None,
        viewer: Viewer | None = None,
        now: datetime | None = None,
        on_step: Callable[[str, float], None] = silent,
    ) -> Answer:
        """Answer a question, ask back, or decline, and say which.

        `now` overrides the clock (aware); `on_step` hears the name of each step and the seconds since the start.
        Never raises for a bad question or a failing database: those are answers with outcome "error".
        """
        run = _Run(self, text, viewer or Viewer(self.settings.user), now or self._clock(), on_step)
        try:
            run.begin(thread_id)
            answer = self._answer(run)
        except DashError as error:
            answer = run.failed(error)
        except Exception as error:  # noqa: BLE001 - the boundary: the person gets a sentence, the record the trace
            answer = run.broke(error)
        return run.finish(answer)

    def _answer(self, run: _Run) -> Answer:
        """The main path."""
        grounding = run.step("ground", lambda: ground(run.question, self.reader))
        run.keep(grounding=grounding)
        planned = run.step("plan", lambda: plan(run.question, grounding, self.reader))
        run.keep(plan=planned)
        if not isinstance(planned, QueryPlan):
            return say(planned, run.question)
        with run.queries.attempt("main", planned.main, planned.provenance) as attempt:
            checked = run.step("guard", lambda: self.check(planned.main, run.question.viewer, planned.provenance))
            main = attempt.result = run.step("execute", lambda: self.execute(checked, run.question))
        run.keep(result=main)
        companions = run.step("companions", lambda: self._companions(planned, run))
        results = {"main": main, **companions}
        return run.step("interpret", lambda: interpret(run.question, planned, results, self.knowledge))

    def check(self, planned: PlannedQuery, viewer: Viewer, provenance: str) -> CheckedQuery:
        """The guard with this knowledge's allow-lists. Raises QueryRejected."""
        return guard(
            planned, self._allowed, personal=self._personal, viewer=viewer, bounded=provenance != "model_written"
        )

    def execute(self, checked: CheckedQuery, question: Question, *, seconds: float | None = None) -> Result:
        """Run a checked query within the settings' limits. Raises QueryFailed, DatabaseUnavailable."""
        limits = self.settings.limits
        if seconds is not None:
            limits = replace(limits, statement_timeout_seconds=min(seconds, limits.statement_timeout_seconds))
        return execute(checked, self.database, limits=limits, zone=question.zone, viewer=question.viewer)

    def _companions(self, planned: QueryPlan, run: _Run) -> dict[str, Result]:
        """Context for the number. One that fails is left out; the answer is complete without it."""
        found = {}
        for role, query in planned.companions.items():
            try:
                found[role] = self._companion(role, query, planned, run)
            except (QueryRejected, QueryFailed) as error:
                run.keep_failure(role, error)
        return found

    def _companion(self, role: str, query: PlannedQuery, planned: QueryPlan, run: _Run) -> Result:
        """One context query. How far the data reaches is asked at most once a minute per table."""
        key = (query.sql, run.question.zone, run.question.viewer)
        if role == "coverage" and key in self._coverage:
            asked_at, result = self._coverage[key]
            if time.monotonic() - asked_at < COVERAGE_SECONDS:
                return result
        with run.queries.attempt(role, query, planned.provenance) as attempt:
            checked = self.check(query, run.question.viewer, planned.provenance)
            result = attempt.result = self.execute(checked, run.question, seconds=COMPANION_TIMEOUT_SECONDS)
        if role == "coverage":
            self._coverage[key] = (time.monotonic(), result)
        return result


@dataclass
class _Progress:
    """What is known of a run so far."""

    grounding: Grounding | None = None
    plan: Plan | None = None
    result: Result | None = None


class _Run:
    """One question on its way: its record, its timings, its listener."""

    def __init__(
        self, dash: Dash, text: str, viewer: Viewer, now: datetime, on_step: Callable[[str, float], None]
    ) -> None:
        self._dash = dash
        self._on_step = on_step
        self._started = time.perf_counter()
        self._timings: dict[str, float] = {}
        self._progress = _Progress()
        self._failures: list[dict[str, Any]] = []
        self.queries = QueryLog(dash.knowledge)
        self.thread_id: str | None = None
        self.run_id: str | None = None
        self.question = Question(text=text, now=now.astimezone(UTC), zone=dash.settings.zone, viewer=viewer)

    def begin(self, thread_id: str | None) -> None:
        """Write the question down, then find what it may lean on."""
        thread = thread_id or self._dash.threads.start(self.question.viewer.name)
        previous = _turn(self._dash.threads.latest_answer(thread)) if thread_id else None
        self.question = replace(self.question, thread_id=thread, previous=previous)
        self.thread_id = thread
        chosen = self._chosen(thread) if thread_id else self.question.text
        self.run_id = self._dash.runs.begin(self.question, thread)
        self.question = replace(self.question, text=chosen)
        self._timings["record"] = self._elapsed_ms()

    def _chosen(self, thread: str) -> str:
        """The question that a bare "2" picks from the choices of the turn before; else what was typed."""
        text = self.question.text
        choices = self._dash.threads.latest_choices(thread) if len(text) < MAXIMUM_PICK else ()
        picked = self._dash.reader.picked(text) if choices else None
        return choices[picked - 1] if picked is not None and 1 <= picked <= len(choices) else text

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Run one step, tell the listener, take its time."""
        if name != "companions":
            self._on_step(name, time.perf_counter() - self._started)
        started = time.perf_counter()
        try:
            return work()
        finally:
            self._timings[name] = round((time.perf_counter() - started) * 1000, 2)

    def keep(self, **known: Any) -> None:
        """Remember an intermediate value for the record."""
        for name, value in known.items():
            setattr(self._progress, name, value)

    def keep_failure(self, role: str, error: DashError) -> None:
        """Remember a query that was rejected or failed, with the database's own words."""
        self._failures.append({"query": role, "message": error.message, "detail": getattr(error, "detail", "")})

    def failed(self, error: DashError) -> Answer:
        """An answer that says what to do about an expected error."""
        self.keep_failure("main", error)
        return self._error(self._sentence(error))

    def broke(self, error: Exception) -> Answer:
        """An answer for an error of ours: the trace goes into the record, the run id to the person."""
        self._failures.append({"query": "main", "message": repr(error), "detail": traceback.format_exc()})
        return self._error(self._messages()["internal"].format(run=self.run_id or "–"))

    def finish(self, answer: Answer) -> Answer:
        """Stamp ids and timings and write the outcome; a database that is gone keeps the question as interrupted."""
        self._timings["total"] = self._elapsed_ms()
        answer = replace(answer, timings_ms=dict(self._timings), thread_id=self.thread_id, run_id=self.run_id)
        if self.run_id is not None:
            with contextlib.suppress(DatabaseUnavailable):
                self._dash.runs.finish(self.run_id, answer, self._record(), self.queries.entries)
        return answer

    def _error(self, sentence: str) -> Answer:
        plan = self._progress.plan
        sql = plan.main.sql if isinstance(plan, QueryPlan) else None
        return Answer("error", self.question.text, self._language(), sentence, sql=sql)

    def _sentence(self, error: DashError) -> str:
        messages = self._messages()
        if isinstance(error, QuestionError):
            return messages[error.message].format(limit=MAXIMUM_LENGTH)
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
        if self._progress.grounding is not None:
            return self._progress.grounding.language
        found = self._dash.reader.detect_language(
            self._dash.reader.ground(self.question.text[:200], self.question.now, "UTC")[0]
        )
        return found or "en"

    def _messages(self) -> Mapping[str, str]:
        return self._dash.reader.languages[self._language()].messages

    def _elapsed_ms(self) -> float:
        return round((time.perf_counter() - self._started) * 1000, 2)

    def _record(self) -> dict[str, Any]:
        """Everything needed to understand the run later. Rows are in the answer; spans only as far as they are used."""
        plan, grounding = self._progress.plan, self._progress.grounding
        record: dict[str, Any] = {"failures": self._failures, "knowledge": self._dash.knowledge.fingerprint}
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
            record |= {
                "semantic_query": to_json(plan.semantic_query) if plan.semantic_query else None,
                "vetted_query": plan.vetted_query,
                "vetted_filled": {name: to_json(value) for name, value in plan.vetted_filled.items()},
                "companions": {role: query.sql for role, query in plan.companions.items()},
                "parameters": dict(plan.main.parameters),
            }
        if self._progress.result is not None:
            result = self._progress.result
            record["result"] = {"rows": len(result.rows), "duration_ms": result.duration_ms, "masked": result.masked}
        return record


def _turn(latest: LatestAnswer | None) -> Turn | None:
    """What a follow-up may lean on."""
    if latest is None:
        return None
    query = latest.record.get("semantic_query")
    filled = latest.record.get("vetted_filled") or {}
    return Turn(
        question=latest.question,
        language=latest.language,
        semantic_query=from_json(query) if query else None,
        vetted_query=latest.record.get("vetted_query"),
        vetted_filled={name: from_json(value) for name, value in filled.items()},
    )


def answer_json(answer: Answer) -> dict[str, Any]:
    """The documented JSON of an answer (docs/answer-json.md): the record's fields, tuples as lists."""
    return {name: _plain(value) for name, value in asdict(answer).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
