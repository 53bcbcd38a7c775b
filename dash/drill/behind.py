"""Looking behind one cell: derive the sides, count each, compare with the cell, list one of them.

Every query takes the way of any other: guard, limits, masking, the query log of the run that is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dash.drill.written import drill_written
from dash.errors import InternalError, NotFoundError, UserError
from dash.query_log import QueryLog
from dash.records import Column, PlannedQuery, Viewer
from dash.runs import RunRecord, as_unordered_json
from dash.semantics.drill import AMOUNT, Drilled, Driller, Side
from dash.semantics.listed import ENTRIES
from dash.shown.cells import is_number, is_numeric
from dash.steps.interpret.cells import json_rows
from dash.steps.plan.composed import plan_main, with_beside
from dash.stored import StoredAnswer, logged, open_stored

if TYPE_CHECKING:
    from dash.ask import Dash

LISTED = 500
"""How many entries are listed unless more are asked for; how many there are is said beside them."""

_EXACT = 1e-9


@dataclass(frozen=True)
class Cell:
    """A place in an answer: a column, and a row (or the rows that a chart has put together as one bar)."""

    rows: tuple[int, ...]
    column: str

    @classmethod
    def read(cls, text: str) -> Cell:
        """`2.tickets`, `3+5.tickets`. Raises UserError for anything else."""
        numbers, _, column = text.partition(".")
        rows = tuple(int(part) for part in numbers.split("+") if part.isdecimal() and len(part) < 6)
        if not column or len(rows) != len(numbers.split("+")):
            raise UserError("This is no cell of an answer; a cell is written ROW.COLUMN, the first row being 0.")
        return cls(rows, column)

    def __str__(self) -> str:
        return f"{'+'.join(map(str, self.rows))}.{self.column}"


@dataclass(frozen=True)
class CountedSide:
    """Some of the rows behind a number, counted: see `dash.semantics.drill.Side`."""

    name: str
    label: str
    kind: str
    entries: int


@dataclass(frozen=True)
class Behind:
    """What stands behind a cell. `then` is what the answer said and `now` what the same query gives at this moment.

    `agrees` is None where the cell is no number that can be worked out from its rows. `redefined` says that the
    definition is not the one any more that the answer was made with, so the rows follow today's. `rows` are at most so
    many of `listed`'s entries as were asked for. `conversation` is the column that names a conversation.
    """

    run_id: str
    cell: Cell
    column: Column
    group: Mapping[str, Any]
    then: float | None
    now: float | None
    agrees: bool | None
    redefined: bool
    sides: tuple[CountedSide, ...]
    listed: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    conversation: str | None
    sql: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    masked: tuple[str, ...] = ()

    @property
    def side(self) -> CountedSide:
        """The side whose entries are listed."""
        return next(side for side in self.sides if side.name == self.listed)


def first_cell(run: RunRecord) -> Cell:
    """The cell that a person means who names none: the first number of the first row."""
    stored = open_stored(run)
    column = next((c for c in stored.columns if c.role == "metric"), stored.columns[0])
    return Cell((0,), column.name)


def look_behind(
    dash: Dash,
    run: RunRecord,
    cell: Cell,
    *,
    side: str | None = None,
    limit: int = LISTED,
    viewer: Viewer,
) -> Behind:
    """The rows behind a cell of an answered run. `side` names what to list; default is what the number counts.

    Raises NoDrillDown where there are none to show, NotFoundError for a cell that the answer does not have,
    QueryRejected, QueryFailed, DatabaseUnavailable.
    """
    stored = open_stored(run)
    column = next((c for c in stored.columns if c.name == cell.column), None)
    if column is None:
        raise NotFoundError(f"This answer has no column {cell.column}.")
    rows = [stored.row(number) for number in cell.rows]
    drilled, redefined = _derive(dash, stored, rows, column, limit)
    chosen = _choose(drilled, side)
    with logged(dash, run.run_id) as log:
        looking = _Looking(dash, stored, viewer, log)
        counted, amounts = looking.count(drilled.sides)
        listed, masked = looking.entries(chosen)
    if counted[chosen.name] < limit and len(listed) not in (counted[chosen.name], dash.settings.limits.rows):
        raise InternalError(f"{chosen.name} lists {len(listed)} entries and counts {counted[chosen.name]}.")
    then = _sum([row[cell.column] for row in rows]) if is_numeric(column) else None
    now = drilled.formula.value(amounts) if drilled.formula else None
    return Behind(
        run_id=run.run_id,
        cell=cell,
        column=column,
        group=_group(stored, rows),
        then=then,
        now=now,
        agrees=_same(then, now) if drilled.formula and is_numeric(column) else None,
        redefined=redefined,
        sides=tuple(CountedSide(s.name, _label(s, drilled, stored), s.kind, counted[s.name]) for s in drilled.sides),
        listed=chosen.name,
        columns=chosen.listing.columns,
        rows=listed,
        conversation=next((c.name for c in chosen.listing.columns if c.name == drilled.conversation), None),
        sql=chosen.listing.sql,
        parameters=chosen.listing.parameters,
        masked=masked,
    )


def _derive(
    dash: Dash, stored: StoredAnswer, rows: Sequence[Mapping[str, Any]], column: Column, limit: int
) -> tuple[Drilled, bool]:
    """The sides of the cell, and whether today's definition differs from the one that the answer was made with."""
    model = dash.reader.model
    if stored.semantic_query is None:
        return drill_written(stored, rows, column, model, limit), False
    query = with_beside(stored.semantic_query, dash.reader)
    drilled = Driller(query, rows, model, stored.language, limit).drill(column.name)
    question = stored.question(Viewer(dash.settings.user))
    today = plan_main(stored.semantic_query, question, dash.reader, stored.language)
    same_values = as_unordered_json(today.parameters) == as_unordered_json(stored.parameters)
    return drilled, not (today.sql == stored.sql and same_values)


def _label(side: Side, drilled: Drilled, stored: StoredAnswer) -> str:
    """What a side is called; those that pass a condition as the answer calls them, and not as all are called."""
    others = {other.label for other in drilled.sides if other.name != side.name}
    passing = next((column.label for column in stored.columns if column.name == "part"), "")
    return passing if side.name.endswith("numerator") and side.label in others and passing else side.label


def _choose(drilled: Drilled, name: str | None) -> Side:
    if name is None:
        return drilled.sides[0]
    for side in drilled.sides:
        if side.name == name:
            return side
    raise NotFoundError(f"This number has no side {name}; it has {', '.join(s.name for s in drilled.sides)}.")


@dataclass(frozen=True)
class _Looking:
    """Somebody who looks behind one answer; every query of theirs is logged with it."""

    dash: Dash
    stored: StoredAnswer
    viewer: Viewer
    log: QueryLog

    def count(self, sides: Sequence[Side]) -> tuple[dict[str, int], dict[str, float | None]]:
        """How many entries each side has, and what they come to."""
        counted: dict[str, int] = {}
        amounts: dict[str, float | None] = {}
        for side in sides:
            columns, (row,), _ = self._run("drill:count", side.counting)
            found = dict(zip(columns, row, strict=True))
            counted[side.name] = int(found[ENTRIES])
            amounts[side.name] = float(found[AMOUNT]) if is_number(found[AMOUNT]) else None
        return counted, amounts

    def entries(self, side: Side) -> tuple[tuple[tuple[Any, ...], ...], tuple[str, ...]]:
        """The entries of a side in the order of its columns, and which of them are masked."""
        columns, rows, masked = self._run("drill", side.listing)
        order = [columns.index(column.name) for column in side.listing.columns]
        return tuple(tuple(row[index] for index in order) for row in rows), masked

    def _run(self, role: str, planned: PlannedQuery) -> tuple[list[str], tuple[tuple[Any, ...], ...], tuple[str, ...]]:
        question = self.stored.question(self.viewer)
        if ":now" in planned.sql:
            planned = PlannedQuery(planned.sql, {**planned.parameters, "now": question.now}, planned.columns)
        with self.log.attempt(role, planned, self.stored.provenance) as attempt:
            checked = self.dash.check(planned, self.viewer, self.stored.provenance)
            result = attempt.result = self.dash.execute(checked, question)
        return [c.name for c in result.columns], json_rows(result.rows, question.zone), result.masked


def _group(stored: StoredAnswer, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What tells the chosen row from the others; nothing for a bar of several."""
    if len(rows) != 1:
        return {}
    return {c.name: rows[0][c.name] for c in stored.columns if c.role in ("time", "dimension")}


def _sum(cells: Sequence[Any]) -> float | None:
    numbers = [cell for cell in cells if is_number(cell)]
    return sum(numbers) if numbers else None


def _same(then: float | None, now: float | None) -> bool:
    """Whether two cells are one number; none at all and nothing counted are the same."""
    a, b = then or 0, now or 0
    return abs(a - b) <= _EXACT * max(abs(a), abs(b), 1.0)
