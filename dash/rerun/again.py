"""Why did this number change? An old answer is run again, one thing changed at a time.

    then → the data of now → today's definition → the zone of now → the moment of now

Each step differs from the one before by one cause only, so what changes between two steps has that cause: rows that
were added or changed, a definition that people changed, a reporting zone, a period that has moved on ("this week").
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from dash.errors import QueryFailed, QueryRejected, UserError
from dash.query_log import QueryLog
from dash.records import Column, PlannedQuery, QueryPlan, Question, Viewer, Window
from dash.rerun.compare import CellChange, compare
from dash.runs import RunRecord, as_unordered_json
from dash.semantics.moments import resolve_window
from dash.shown.labels import define
from dash.steps.ground import ground
from dash.steps.interpret.cells import json_rows
from dash.steps.plan import plan
from dash.steps.plan.composed import plan_main
from dash.steps.plan.vetted import refill
from dash.stored import StoredAnswer, logged, open_stored

if TYPE_CHECKING:
    from dash.ask import Dash

Cause = Literal["data", "definition", "zone", "period"]
Period = tuple[datetime | None, datetime | None]


@dataclass(frozen=True)
class Step:
    """What one cause did. `rows` are the result with it; None, with a `failure`, where the query cannot be run so."""

    cause: Cause
    rows: tuple[tuple[Any, ...], ...] | None
    changes: tuple[CellChange, ...] = ()
    failure: str = ""


@dataclass(frozen=True)
class DefinitionChange:
    """What is defined differently today: `name` of a metric or vetted query, its text then and today."""

    name: str
    label: str
    then: str
    today: str


@dataclass(frozen=True)
class Rerun:
    """An old answer and what became of it. `causes` are those that changed a cell, in order. `sql` are the lines by
    which today's SQL differs (a unified diff). `rereads` says that the words of the question mean something else
    today; `hidden` names columns that are masked now and were not, or the other way round: they are not compared."""

    run_id: str
    question: str
    asked_at: datetime
    then_now: datetime
    then_zone: str
    now: datetime
    zone: str
    columns: tuple[Column, ...]
    then: tuple[tuple[Any, ...], ...]
    steps: tuple[Step, ...]
    definitions: tuple[DefinitionChange, ...] = ()
    sql: tuple[str, ...] = ()
    rereads: bool = False
    restricted: bool = False
    hidden: tuple[str, ...] = ()
    period_then: Period | None = None
    period_now: Period | None = None

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What changed something."""
        return tuple(step.cause for step in self.steps if step.changes or step.failure)

    @property
    def latest(self) -> tuple[tuple[Any, ...], ...]:
        """The rows of now: those of the last step that could be run."""
        found = [step.rows for step in self.steps if step.rows is not None]
        return found[-1] if found else self.then


def run_again(dash: Dash, run: RunRecord, *, viewer: Viewer, now: datetime | None = None) -> Rerun:
    """Run an answered question again in steps. Raises UserError for a run without numbers, DatabaseUnavailable."""
    stored = open_stored(run)
    with logged(dash, run.run_id) as log:
        again = _Again(dash, stored, viewer, now or dash.clock(), log)
        steps = again.steps()
    today = again.plan_today(stored.question(viewer))
    return Rerun(
        run_id=run.run_id,
        question=run.question,
        asked_at=run.asked_at,
        then_now=run.now,
        then_zone=run.zone,
        now=again.now,
        zone=dash.settings.zone,
        columns=stored.columns,
        then=stored.rows,
        steps=tuple(steps),
        definitions=_definitions(dash, stored),
        sql=_difference(stored.sql, today.sql if today else None),
        rereads=_rereads(dash, stored, viewer),
        restricted=again.restricted,
        hidden=tuple(sorted(again.hidden)),
        period_then=_period(stored, run.now, run.zone),
        period_now=_period(stored, again.now, dash.settings.zone),
    )


class _Again:
    """One old answer being run again."""

    def __init__(self, dash: Dash, stored: StoredAnswer, viewer: Viewer, now: datetime, log: QueryLog) -> None:
        self.dash = dash
        self.stored = stored
        self.viewer = viewer
        self.now = now
        self.log = log
        self.restricted = False
        self.hidden: set[str] = set()
        self._masked = set(((stored.run.record or {}).get("result") or {}).get("masked") or ())

    def steps(self) -> list[Step]:
        """Each cause in turn. A step whose query is that of the step before is not run again."""
        then = self.stored.question(self.viewer)
        here = replace(then, zone=self.dash.settings.zone)
        causes: list[tuple[Cause, Question]] = [
            ("data", then),
            ("definition", then),
            ("zone", here),
            ("period", replace(here, now=self.now)),
        ]
        steps: list[Step] = []
        rows, key = self.stored.rows, ""
        for cause, question in causes:
            planned = self.stored.planned() if cause == "data" else self.plan_today(question)
            if planned is None:
                if cause == "definition":
                    steps.append(Step(cause, None, failure="gone"))
                break
            this = f"{planned.sql} {as_unordered_json(planned.parameters)} {question.zone}"
            step = Step(cause, rows) if this == key else self._step(cause, planned, question, rows)
            steps.append(step)
            if step.rows is not None:
                rows, key = step.rows, this
        return steps

    def plan_today(self, question: Question) -> PlannedQuery | None:
        """The same query as people define it today; None when what it is made of is no longer there."""
        stored, reader = self.stored, self.dash.reader
        if stored.semantic_query is not None:
            query = stored.semantic_query
            names = [use.name for use in query.metrics] + [*query.within, *(one.metric for one in query.bounds)]
            if not all(name in reader.model.metrics for name in names):
                return None
            try:
                return plan_main(query, question, reader, stored.language)
            except UserError:
                return None
        if stored.vetted_query is not None:
            return refill(stored.vetted_query, stored.vetted_filled, question, stored.language, reader)
        moved = {name: question.now if name == "now" else value for name, value in stored.parameters.items()}
        return PlannedQuery(stored.sql, moved, stored.columns)

    def _step(
        self, cause: Cause, planned: PlannedQuery, question: Question, before: tuple[tuple[Any, ...], ...]
    ) -> Step:
        try:
            rows = self._run(cause, planned, question)
        except (QueryRejected, QueryFailed) as error:
            return Step(cause, None, failure=error.message)
        compared = [c for c in self.stored.columns if c.name not in self.hidden]
        return Step(cause, rows, compare(self.stored.columns, compared, before, rows))

    def _run(self, cause: str, planned: PlannedQuery, question: Question) -> tuple[tuple[Any, ...], ...]:
        """The rows in the order of the old columns; a column that is not there any more is empty."""
        with self.log.attempt(f"rerun:{cause}", planned, self.stored.provenance) as attempt:
            checked = self.dash.check(planned, self.viewer, self.stored.provenance)
            result = attempt.result = self.dash.execute(checked, question)
        self.restricted = self.restricted or result.restricted
        self.hidden |= self._masked ^ set(result.masked)
        names = [column.name for column in result.columns]
        order = [names.index(c.name) if c.name in names else None for c in self.stored.columns]
        rows = json_rows(result.rows, question.zone)
        return tuple(tuple(None if index is None else row[index] for index in order) for row in rows)


def _definitions(dash: Dash, stored: StoredAnswer) -> tuple[DefinitionChange, ...]:
    """Definitions that the answer was given with and that read differently today."""
    found, seen = [], set[str]()
    for then in (stored.run.answer or {}).get("definitions") or ():
        name = then["name"]
        metric, query = dash.knowledge.metrics.get(name), dash.knowledge.queries.get(name)
        if name == stored.vetted_query and name not in seen:  # a metric may be called as the query is, and comes later
            today = query.description if query is not None else ""
        elif metric is not None:
            today = define(metric, stored.language, stored.parameters)
        else:
            continue  # a word of the vocabulary; what it means is in the SQL
        seen.add(name)
        if today != then["text"]:
            found.append(DefinitionChange(name, then["label"], then["text"], today))
    return tuple(found)


def _period(stored: StoredAnswer, now: datetime, zone: str) -> Period | None:
    """The instants between which rows were counted, at a moment; None where the question names no period."""
    query = stored.semantic_query
    windows = [query.window] if query is not None else list(stored.vetted_filled.values())
    window = next((one for one in windows if isinstance(one, Window) and (one.start or one.end)), None)
    return resolve_window(window, now, zone) if window is not None else None


def _difference(then: str, today: str | None) -> tuple[str, ...]:
    if today is None or then == today:
        return ()
    lines = difflib.unified_diff(then.splitlines(), today.splitlines(), "then", "today", lineterm="", n=2)
    return tuple(lines)


def _rereads(dash: Dash, stored: StoredAnswer, viewer: Viewer) -> bool:
    """Whether the same words, asked at the same moment, would be understood differently today. Only the first question
    of a conversation says all that it means."""
    if stored.semantic_query is None and stored.vetted_query is None:
        return False
    if stored.provenance not in ("composed", "vetted") or dash.threads.turn_before(stored.run.run_id) is not None:
        return False
    text = (stored.run.answer or {}).get("question") or stored.run.question
    question = replace(stored.question(viewer), text=text)
    planned = plan(question, ground(question, dash.reader), dash.reader)
    if not isinstance(planned, QueryPlan):
        return True
    return (planned.vetted_query, planned.semantic_query) != (stored.vetted_query, stored.semantic_query)
