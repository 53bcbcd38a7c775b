"""Whatever governed query is asked, what stands behind each of its cells is what the cell counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dash.errors import UserError
from dash.knowledge import load_knowledge
from dash.records import ComparedSide, Comparison, Filter, MetricUse, Moment, Order, SemanticQuery, Threshold, Window
from dash.semantics.drill import NoDrillDown
from dash.semantics.fragments import is_additive
from dash.semantics.model import SemanticModel
from dash.semantics.sides import SIDE
from dash.settings import REPOSITORY
from tests.drill.conftest import Lens

MODEL = SemanticModel(load_knowledge(Path(REPOSITORY / "knowledge")))
PERIODS = {
    unit: Window(
        Moment(truncate=unit, shift=-shift, unit=unit),  # type: ignore[arg-type]
        Moment(truncate=unit),  # type: ignore[arg-type]
        f"last_n_{unit}s:{shift}",
        previous_start=Moment(truncate=unit, shift=-2 * shift, unit=unit),  # type: ignore[arg-type]
        previous_end=Moment(truncate=unit, shift=-shift, unit=unit),  # type: ignore[arg-type]
    )
    for unit, shift in (("week", 6), ("month", 3), ("quarter", 1))
}


def _dimensions(name: str) -> list[str]:
    metric = MODEL.metrics[name]
    found = []
    for dimension in ("weekday", "hour_of_day", *MODEL.dimensions):
        place = MODEL.place(dimension, MODEL.metric_table(metric))
        derived = dimension in ("weekday", "hour_of_day") and MODEL.time_dimension(metric) is not None
        fits = place is not None and place.column.role == "dimension" and not MODEL.is_hidden(dimension)
        if derived or (fits and MODEL.allows(metric, dimension)):
            found.append(dimension)
    return found


def _values(dimension: str) -> list[Any]:
    return [known.value for _, column in MODEL.dimensions.get(dimension, ()) for known in column.values]


@st.composite
def queries(draw: st.DrawFn) -> SemanticQuery:
    """A query of one or two metrics of one table, with as many of the other slots as fit together."""
    name = draw(st.sampled_from(sorted(MODEL.metrics)))
    names = [name]
    beside = [other for other in sorted(MODEL.metrics) if other != name and MODEL.same_rows(name, other)]
    if beside and draw(st.booleans()):
        names.append(draw(st.sampled_from(beside)))
    possible = [d for d in _dimensions(name) if all(MODEL.allows(MODEL.metrics[n], d) for n in names)]
    dimensions = draw(st.lists(st.sampled_from(possible), max_size=2, unique=True)) if possible else []
    filters = []
    for dimension in draw(st.lists(st.sampled_from(possible), max_size=2, unique=True)) if possible else []:
        values = _values(dimension)
        operator = draw(st.sampled_from(["in", "not_in", "is_null", "not_null"] if values else ["is_null", "not_null"]))
        chosen = (
            draw(st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)) if "in" in operator else []
        )
        if dimension not in ("weekday", "hour_of_day"):
            filters.append(Filter(dimension, operator, tuple(chosen)))  # type: ignore[arg-type]
    timed = all(MODEL.time_dimension(MODEL.metrics[n]) for n in names)
    window = draw(st.sampled_from([None, *PERIODS.values()])) if timed else None
    grain = draw(st.sampled_from([None, "day", "week", "month"])) if timed else None
    comparison = Comparison("previous") if window and not grain and draw(st.booleans()) else None
    sides = draw(st.none() | _sides(names, possible)) if comparison is None else None
    shape = draw(st.sampled_from(["plain", "having", "limit", "running", "growth", "share", "groups", "within"]))
    query = SemanticQuery(
        metrics=tuple(MetricUse(n) for n in names),
        dimensions=tuple(dimensions),
        filters=tuple(filters),
        window=window,
        grain=grain,  # type: ignore[arg-type]
        comparison=comparison or sides,
    )
    return _shaped(query, shape, draw)


@st.composite
def _sides(draw: st.DrawFn, names: list[str], possible: list[str]) -> Comparison | None:
    """A condition against the rest, or against another one."""
    named = [d for d in possible if d not in ("weekday", "hour_of_day")]
    counts = [n for n in sorted(MODEL.metrics) if MODEL.selects(n) and all(MODEL.same_rows(n, one) for one in names)]
    first = [ComparedSide(within=name) for name in counts]
    for dimension in named:
        first += [ComparedSide(Filter(dimension, "not_null")), *_of_values(dimension)]
    if not first:
        return None
    one = draw(st.sampled_from(first))
    second = _of_values(one.filter.dimension)[-1:] if one.filter is not None else []
    return Comparison("sides", sides=(one, draw(st.sampled_from([ComparedSide(), *second]))))


def _of_values(dimension: str) -> list[ComparedSide]:
    values = _values(dimension)
    return [ComparedSide(Filter(dimension, "in", tuple(values[i : i + 2]))) for i in range(0, len(values) - 1, 2)]


def _shaped(query: SemanticQuery, shape: str, draw: st.DrawFn) -> SemanticQuery:
    from dataclasses import replace

    name = query.metrics[0].name
    additive = is_additive(MODEL.metrics[name].calculation)
    if shape == "having" and query.dimensions and not query.comparison:
        return replace(query, having=(Threshold(name, "gt", 1),))
    if shape == "limit" and query.dimensions:
        return replace(query, order=Order(name, draw(st.booleans())), limit=draw(st.integers(1, 4)))
    if shape == "running" and query.grain and additive and not query.comparison:
        return replace(query, metrics=query.metrics[:1], running=True)
    if shape == "growth" and query.grain and not query.comparison:
        return replace(query, metrics=query.metrics[:1], growth=True)
    if shape == "share" and query.dimensions and additive and not query.comparison:
        return replace(query, metrics=query.metrics[:1], share=True)
    if shape == "groups" and len(query.dimensions) == 1 and not query.grain and not query.comparison:
        return replace(query, metrics=query.metrics[:1], count_groups=True, having=(Threshold(name, "gt", 2),))
    others = [n for n in sorted(MODEL.metrics) if MODEL.selects(n) and MODEL.same_rows(n, name)]
    if shape == "within" and others:
        return replace(query, within=(draw(st.sampled_from(others)),))
    return query


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=queries(), data=st.data())
def test_the_rows_behind_any_cell_are_as_many_as_it_counts(
    lens: Lens, query: SemanticQuery, data: st.DataObject
) -> None:
    try:
        rows = lens.answer(query)
    except UserError:
        assume(False)
    assume(rows)
    row = data.draw(st.sampled_from(rows))
    numbers = [
        column
        for column, cell in row.items()
        if column not in (*query.dimensions, query.grain, SIDE) and cell is not None
    ]
    assume(numbers)
    column = data.draw(st.sampled_from(numbers))
    try:
        lens.check(query, row, column)
    except NoDrillDown as none:
        assert none.why == "average"
