"""From a number of a composed answer to the rows that it counts, by the same blocks that the answer was made of.

The block that counts is built again with the same filters and the same period, limited to the groups of the chosen row,
and lists its rows instead of counting them. So the rows and the number can differ only if the data has changed since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from dash.errors import UserError
from dash.knowledge.placeholders import names
from dash.records import MASK, Column, Filter, PlannedQuery, SemanticQuery, Window
from dash.semantics.blocks import Block, Measure, Part
from dash.semantics.compile import blocks_of, compile_query, earlier_window
from dash.semantics.conditions import Parameters
from dash.semantics.dimensions import text_in
from dash.semantics.fragments import identifier, is_additive
from dash.semantics.listed import ENTRIES, list_order, output_table
from dash.semantics.model import SemanticModel
from dash.semantics.outer import COUNTED
from dash.semantics.sides import SIDE
from dash.semantics.taken import Taken, read_taken

AMOUNT = "amount"
"""The column of what a side's rows come to."""

At = Literal["same", "until", "before", "any"]
"""Which buckets: that of the row, all up to it, the one before it, or whichever."""

Why = Literal["row", "average", "masked", "expression", "column", "gone"]


class NoDrillDown(UserError):
    """There are no rows to show behind this number; `why` says it in one word, the message in a sentence."""

    def __init__(self, why: Why, message: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True)
class Side:
    """Some of the rows behind a number. `name` is all, numerator, denominator or rest (of the denominator), and begins
    with `previous_` for those of the period before. `counting` gives one row: how many entries there are, and what they
    come to. `listing` gives the entries: rows of the table, different values, or groups."""

    name: str
    label: str
    kind: Literal["rows", "values", "groups"]
    counting: PlannedQuery
    listing: PlannedQuery


@dataclass(frozen=True)
class Term:
    """A number from sides: the amount of the first, divided by that of the second if there is one."""

    sides: tuple[str, ...]
    factor: float = 1.0

    def value(self, amounts: Mapping[str, float | None]) -> float | None:
        """What the amounts come to; None where one is missing or the divisor is zero."""
        parts = [amounts.get(side) for side in self.sides]
        if any(part is None for part in parts):
            return None
        if len(parts) == 1:
            return self.factor * (parts[0] or 0)
        return self.factor * (parts[0] or 0) / parts[1] if parts[1] else None


@dataclass(frozen=True)
class Formula:
    """How a cell comes of its sides: one term, or the difference of two, in the unit or in percent of the second."""

    terms: tuple[Term, ...]
    percent: bool = False

    def value(self, amounts: Mapping[str, float | None]) -> float | None:
        """The cell, worked out anew."""
        values = [term.value(amounts) for term in self.terms]
        if len(values) == 1 or values[0] is None or values[1] is None:
            return values[0] if len(values) == 1 else None
        if self.percent:
            return 100.0 * (values[0] - values[1]) / values[1] if values[1] else None
        return values[0] - values[1]


@dataclass(frozen=True)
class Drilled:
    """The sides of a number, and how it comes of them (None where that cannot be said). `conversation` is the output
    column that names a conversation, in sides that list rows."""

    sides: tuple[Side, ...]
    formula: Formula | None
    conversation: str | None = None


@dataclass(frozen=True)
class _Scope:
    """Which rows a measure is looked up over: a query without its comparison, its period, and which buckets."""

    query: SemanticQuery
    window: Window | None
    at: At = "same"
    prefix: str = ""


@dataclass
class Driller:
    """Derives drill-downs from one query. `rows` are the cells of the chosen rows by column name: one, or several that
    a chart put together."""

    query: SemanticQuery
    rows: Sequence[Mapping[str, Any]]
    model: SemanticModel
    language: str
    limit: int
    _conversation: str | None = field(default=None, init=False)

    def drill(self, column: str) -> Drilled:
        """The sides of the cell in `column`. Raises NoDrillDown, CannotCompile."""
        if self.query.shape == "list":
            raise NoDrillDown("row", "Each row of a list is a thing itself.")
        if self.query.count_groups:
            return Drilled((self._groups(),), Formula((Term(("all",)),)))
        if self.query.funnel:
            return self._funnel(column)
        scopes, measure, percent = self._resolve(column)
        sides: list[Side] = []
        terms = []
        for scope in scopes:
            sides += self._sides(scope, measure)
            terms.append(_term(measure, scope.prefix))
        return Drilled(tuple(sides), Formula(tuple(terms), percent), self._conversation)

    # which measure, over which rows

    def _resolve(self, column: str) -> tuple[list[_Scope], Measure, bool]:
        compared = self.query.comparison is not None and self.query.comparison.kind in ("previous", "window")
        query = replace(self.query, comparison=None) if compared else self.query
        now = _Scope(query, query.window)
        measures = {m.name: m for block in self._blocks(now, Parameters()) for m in block.measures}
        if column in measures:
            return [now], measures[column], False
        if column in (query.grain, *query.dimensions) or (query.sides and column == SIDE):
            return [now], next(iter(measures.values())), False
        if compared and self.query.comparison is not None:
            earlier = self.query.comparison.window or earlier_window(query.window)
            then = _Scope(query, earlier, prefix="previous_")
            for ending, scopes, percent in _ENDINGS_OF_COMPARISONS:
                if column.endswith(ending) and column[: -len(ending)] in measures:
                    found = [{"now": now, "then": then}[name] for name in scopes]
                    return found, measures[column[: -len(ending)]], percent
        return self._resolve_outer(column, query, now, measures)

    def _resolve_outer(
        self, column: str, query: SemanticQuery, now: _Scope, measures: Mapping[str, Measure]
    ) -> tuple[list[_Scope], Measure, bool]:
        """What is added to the groups once they are there: running sums, growth, averages."""
        before = replace(now, at="before", prefix="previous_")
        for ending, percent in (("_growth", False), ("_growth_percent", True)):
            if column.endswith(ending) and column[: -len(ending)] in measures:
                return [now, before], measures[column[: -len(ending)]], percent
        running, average = column.removeprefix("running_"), column.removeprefix("average_")
        if running != column and running in measures:
            return [replace(now, at="until")], measures[running], False
        if average != column and average in measures:
            measure = measures[average]
            if is_additive(self.model.metrics[measure.metric].calculation):
                raise NoDrillDown("average", "An average of groups has no rows of its own; choose one of the groups.")
            whole = replace(query, dimensions=(), grain=None, having=(), against_average=False)
            return [_Scope(whole, query.window, "any")], measure, False
        raise NoDrillDown("column", "This column is no number that counts rows.")

    def _blocks(self, scope: _Scope, parameters: Parameters) -> list[Block]:
        return blocks_of(scope.query, self.model, self.language, parameters, scope.window)

    # the sides of a measure

    def _sides(self, scope: _Scope, measure: Measure) -> list[Side]:
        parts: list[tuple[str, Part, tuple[str, ...]]] = [(part.side, part, ()) for part in measure.parts]
        if len(parts) == 2 and _may_have_rest(*measure.parts):
            above, below = measure.parts
            parts.insert(1, ("rest", below, (f"({above.condition}) IS NOT TRUE",)))
        return [self._side(scope, measure, name, part, more) for name, part, more in parts]

    def _side(self, scope: _Scope, measure: Measure, name: str, part: Part, more: Sequence[str]) -> Side:
        taken = read_taken(part.calculation)
        if taken is None:
            raise NoDrillDown("expression", "This number is more than one count, so its rows cannot be told apart.")

        def start(parameters: Parameters) -> Block:
            return self._start(scope, measure, part, more, taken, parameters)

        label = text_in(part.texts, self.language, "") if name != "rest" else ""
        listing = self._values(start, taken, measure) if taken.distinct else self._rows(start, taken, measure)
        kind: Literal["rows", "values"] = "values" if taken.distinct else "rows"
        return Side(f"{scope.prefix}{name}", label, kind, _counting(start, taken, part), listing)

    def _start(
        self,
        scope: _Scope,
        measure: Measure,
        part: Part,
        more: Sequence[str],
        taken: Taken,
        parameters: Parameters,
    ) -> Block:
        """The block of the measure with everything that limits this side, and nothing to select yet."""
        blocks = self._blocks(scope, parameters)
        block = next(b for b in blocks if any(m.name == measure.name for m in b.measures))
        if part.condition:
            block.where(part.condition)
        if taken.argument is not None:
            block.where(f"({taken.argument}) IS NOT NULL")
        for condition in more:
            block.where(condition)
        if not part.whole and scope.at != "any":
            self._limit_to_rows(block, scope, parameters)
        return block

    def _limit_to_rows(self, block: Block, scope: _Scope, parameters: Parameters) -> None:
        chosen = []
        for row in self.rows:
            parts = [self._is_group(scope, block, name, sql, row, parameters) for name, sql in block.groups]
            chosen.append(" AND ".join(parts))
        if len(chosen) > 1:
            block.where(" OR ".join(f"({one})" for one in chosen))
        elif chosen[0]:
            block.where(chosen[0])

    def _is_group(
        self, scope: _Scope, block: Block, name: str, sql: str, row: Mapping[str, Any], parameters: Parameters
    ) -> str:
        value = self._revive(name, row[name], block.table)
        if value is None:
            return f"{sql} IS NULL"
        mark = parameters.bind(f"chosen_{name}", value)
        if name == scope.query.grain and scope.at == "until":
            return f"{sql} <= {mark}"
        if name == scope.query.grain and scope.at == "before":
            kind = "timestamptz" if isinstance(value, datetime) else "date"
            step = "3 months" if name == "quarter" else f"1 {name}"
            return f"{sql} = CAST({mark} AS {kind}) - INTERVAL '{step}'"
        return f"{sql} = {mark}"

    def _revive(self, name: str, value: Any, table: str) -> Any:
        """A cell of the stored answer as the value that the database gave."""
        if name == self.query.grain and isinstance(value, str):
            return datetime.fromisoformat(value) if name == "hour" else date.fromisoformat(value[:10])
        if value == MASK and self.model.is_personal(name):
            raise NoDrillDown("masked", "The group is hidden from you, so its rows are too.")
        place = self.model.place(name, table)
        if isinstance(value, str) and place is not None and place.column.type.startswith("timestamp"):
            return datetime.fromisoformat(value)
        return value

    # what a side lists

    def _rows(self, start: Callable[[Parameters], Block], taken: Taken, measure: Measure) -> PlannedQuery:
        parameters = Parameters()
        block = start(parameters)
        columns, self._conversation = output_table(block, self.model, self.language)
        order = list_order(block, self.model)
        if taken.value is not None:
            name = f"{measure.name}_value"  # a metric may be called as a column of its table is
            block.output_sql(name, taken.value)
            columns.insert(1, Column(name, measure.label, measure.unit, "attribute", metric=measure.metric))
            order = f"{identifier(name)} DESC NULLS LAST" + (f", {order}" if order else "")
        return _planned(block.select_rows(order=order, limit=self.limit), parameters, columns)

    def _values(self, start: Callable[[Parameters], Block], taken: Taken, measure: Measure) -> PlannedQuery:
        """Each different value once, with how many rows have it."""
        parameters = Parameters()
        block = start(parameters)
        argument = taken.argument or ""
        own = next((c for c in self.model.tables[block.table].table_columns if c.name == argument), None)
        name = own.name if own else "value"
        dimension = self.model.column_dimension(block.table, own.name) if own else None
        label = self.model.label(dimension, self.language) if dimension else measure.label
        if dimension is not None and dimension == self.model.conversation_dimension:
            self._conversation = name
        block.output_sql(name, argument)
        block.output_sql(ENTRIES, "COUNT(*)")
        rows_label = self.model.words(self.language).sample
        columns = [Column(name, label, "text", dimension=dimension), Column(ENTRIES, rows_label, "count")]
        order = f"{identifier(ENTRIES)} DESC, 1"
        return _planned(block.select_rows(order=order, limit=self.limit, grouped=1), parameters, columns)

    def _groups(self) -> Side:
        """The groups that a number of groups counts."""
        listed = compile_query(replace(self.query, count_groups=False), self.model, self.language)
        counted = compile_query(self.query, self.model, self.language)
        inner = counted.sql.replace("\n", "\n  ")
        sql = f"SELECT {COUNTED} AS {ENTRIES}, {COUNTED} AS {AMOUNT}\nFROM (\n  {inner}\n) AS counted"
        listing = replace(listed, sql=f"{listed.sql}\nLIMIT {self.limit}") if self.query.limit is None else listed
        return Side("all", "", "groups", replace(counted, sql=sql, columns=()), listing)

    def _funnel(self, column: str) -> Drilled:
        """A stage's rows are those that reached it; its share is of those that reached the first."""
        (dimension,) = self.query.dimensions
        stages = self.model.stages(dimension)
        chosen = self.rows[0][dimension]
        if chosen not in stages:
            raise NoDrillDown("gone", "This stage is not one of the stages any more.")
        names = ("numerator", "denominator") if column == "share" else ("all",)
        sides = []
        for name, stage in zip(names, (chosen, stages[0]), strict=False):
            reached = Filter(dimension, "in", self.model.stages_from(dimension, stage))
            part = replace(self.query, dimensions=(), funnel=False, filters=(*self.query.filters, reached))
            scope = _Scope(part, part.window, "any")
            measure = self._blocks(scope, Parameters())[0].measures[0]
            sides.append(self._side(scope, measure, name, replace(measure.parts[0], texts={}), ()))
        factor = 100.0 if column == "share" else 1.0
        return Drilled(tuple(sides), Formula((Term(names, factor),)), self._conversation)


_ENDINGS_OF_COMPARISONS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("_previous", ("then",), False),
    ("_change", ("now", "then"), False),
    ("_change_percent", ("now", "then"), True),
)


def _may_have_rest(above: Part, below: Part) -> bool:
    """Whether the rows of the denominator that are not in the numerator are worth a side of their own."""
    return above.calculation == below.calculation == "COUNT(*)" and bool(above.condition) and not below.whole


def _term(measure: Measure, prefix: str) -> Term:
    names = tuple(f"{prefix}{part.side}" for part in measure.parts)
    return Term(names, 100.0 if len(names) == 2 and measure.unit == "percent" else 1.0)


def _counting(start: Callable[[Parameters], Block], taken: Taken, part: Part) -> PlannedQuery:
    parameters = Parameters()
    block = start(parameters)
    block.output_sql(ENTRIES, f"COUNT(DISTINCT {taken.argument})" if taken.distinct else "COUNT(*)")
    block.output_sql(AMOUNT, part.calculation)
    return _planned(block.select_rows(order=None, limit=None), parameters, ())


def _planned(sql: str, parameters: Parameters, columns: Sequence[Column]) -> PlannedQuery:
    used = set(names(sql))
    bound = {name: value for name, value in parameters.values().items() if name in used}
    return PlannedQuery(sql, bound, tuple(columns))
