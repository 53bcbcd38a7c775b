"""The picture that says more than the sentence, in terms of output columns."""

from __future__ import annotations

from dash.records import Chart
from dash.steps.interpret.briefing import Briefing

_BARS = 30
_LINES = 12


def draw(briefing: Briefing) -> Chart | None:
    """The chart of a result: what a vetted query's file asks for, else by shape; None when there is nothing to see."""
    if briefing.shape == "nothing":
        return None
    return _declared(briefing) or _by_shape(briefing)


def _declared(briefing: Briefing) -> Chart | None:
    query = briefing.knowledge.queries.get(briefing.plan.vetted_query or "")
    wanted = query.chart if query else None
    if wanted is None:
        return None
    names = {column.name for column in briefing.table.columns}
    if not {name for name in (wanted.x, wanted.series, *wanted.y) if name} <= names:
        return None
    labels = [column.label for column in briefing.table.columns if column.name in wanted.y]
    title = f"{', '.join(labels)} {briefing.period.text}".strip() if labels else ""
    return Chart(wanted.kind, wanted.x, tuple(wanted.y), wanted.series, title)


def _by_shape(briefing: Briefing) -> Chart:
    table, title = briefing.table, _title(briefing)
    names = [column.name for column in table.columns]
    shape = briefing.shape
    if shape in ("list", "values"):
        return Chart("table", title=title)
    counts = table.counts_of_share() if shape == "one" and briefing.asked.counted else None
    if counts is not None:
        return Chart("number", y=tuple(names[index] for index in (*counts, briefing.metric)), title=title)
    if shape in ("one", "several"):
        return Chart("number", y=tuple(names[index] for index in briefing.metrics), title=title)
    metric, groups = (names[briefing.metric],), [names[index] for index in table.dimensions]
    if table.time is not None:
        series = groups[0] if groups else None
        if len(groups) > 1 or (series and _distinct(briefing, series) > _LINES):
            return Chart("table", title=title)
        return Chart("line", names[table.time], metric if series else _same_unit(briefing), series, title)
    if _distinct(briefing, groups[0]) > _BARS or len(groups) > 2:
        return Chart("table", title=title)
    if len(groups) == 2:
        kind = "stacked_bar" if briefing.labels.adds_up(briefing.column) else "bar"
        return Chart(kind, groups[0], metric, groups[1], title)  # type: ignore[arg-type]  # both are kinds
    return Chart("bar", groups[0], _same_unit(briefing), title=title)


def _same_unit(briefing: Briefing) -> tuple[str, ...]:
    """The deciding metric, and beside it what shares its scale: other metrics asked for, the period before."""
    unit, columns = briefing.column.unit, briefing.table.columns
    beside = [*briefing.metrics, *briefing.table.having("previous")]
    same = [columns[index].name for index in beside if index != briefing.metric and columns[index].unit == unit]
    return (briefing.column.name, *same)


def _distinct(briefing: Briefing, name: str) -> int:
    position = briefing.table.find(name)
    return len({repr(row[position]) for row in briefing.table.rows}) if position is not None else 0


def _title(briefing: Briefing) -> str:
    words = briefing.metric_words() if briefing.table.metrics else briefing.rows_words()
    title = f"{words.text} {briefing.period.text}".strip()
    return title[0].upper() + title[1:]
