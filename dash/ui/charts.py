"""An answer's chart as a plotly figure: lines for trends, bars for rankings, stacked bars for two dimensions.

Colours come from the theme (`.streamlit/config.toml`), so one figure is right on white and on dark paper. Every text
in a figure is escaped, because plotly reads tags. plotly is imported when the first chart is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash.records import Column
from dash.shown import Cells
from dash.shown.cells import ADDITIVE_UNITS, is_number, read_column
from dash.shown.moments import show_written_moment
from dash.shown.numbers import affixes, separators
from dash.ui.inert import chart_text
from dash.ui.plotting import empty_figure
from dash.ui.texts import text

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

MOST_BARS = 25
MOST_SERIES = 10
_LONGEST_LABEL = 34
# So many letters of equally wide names stand side by side on a phone; more would be tilted.
_UPRIGHT_LETTERS = 48
_TIME_TICKS = 8
_DAY_TICKS = 6


@dataclass(frozen=True)
class Drawn:
    """A figure and how much of the answer it shows: `shown` of `count` bars or series when some were left out.
    `places` are the cells of the answer that each trace's points stand for, written as `dash.drill.Cell` does."""

    figure: Figure
    shown: int
    count: int
    places: tuple[tuple[str | None, ...], ...] = ()


@dataclass(frozen=True)
class _Axis:
    """The places along the chart: raw values in order, and the words for each."""

    values: tuple[Any, ...]
    words: tuple[str, ...]
    is_time: bool

    def positions(self, kept: int | None = None) -> list[Any]:
        """Times stand at their place in time, so that a missing day is a gap; anything else side by side."""
        if self.is_time:
            return [value[:19] for value in self.values[:kept]]
        return list(range(len(self.values[:kept])))


@dataclass(frozen=True)
class _Series:
    """One line or one colour of bars, with a value (or None) for each place of the axis, and the rows it is from."""

    name: str
    column: Column
    values: tuple[Any, ...]
    rows: tuple[tuple[int, ...], ...]

    def places(self) -> tuple[str | None, ...]:
        """The cell behind each point."""
        return tuple(f"{'+'.join(map(str, rows))}.{self.column.name}" if rows else None for rows in self.rows)


def build_chart(answer: Mapping[str, Any], cells: Cells) -> Drawn | None:
    """The figure for an answer in `answer_json`'s shape, or None when a picture would say nothing."""
    chart = answer.get("chart")
    if not chart or chart["kind"] not in ("line", "area", "bar", "stacked_bar") or not answer["rows"]:
        return None
    places = {column["name"]: index for index, column in enumerate(answer["columns"])}
    if chart.get("x") not in places or not any(name in places for name in chart.get("y") or ()):
        return None
    stacked = chart["kind"] in ("stacked_bar", "area")
    axis, series, count = _read(answer, chart, places, cells, with_rest=stacked)
    if not any(is_number(value) for line in series for value in line.values):
        return None
    places_of = tuple(line.places() for line in series)
    if chart["kind"] in ("line", "area") and len(axis.values) > 1:
        return Drawn(_lines(axis, series, cells, filled=stacked), len(series), count, places_of)
    kept = len(axis.values) if axis.is_time else min(len(axis.values), MOST_BARS)
    figure = _bars(axis, series, kept, cells, stacked=stacked)
    if kept < len(axis.values):
        return Drawn(figure, kept, len(axis.values), places_of)
    return Drawn(figure, len(series), count, places_of)


def _read(
    answer: Mapping[str, Any],
    chart: Mapping[str, Any],
    places: Mapping[str, int],
    cells: Cells,
    *,
    with_rest: bool,
) -> tuple[_Axis, list[_Series], int]:
    """Rows → axis, series and how many series there would be; a series column turns its values into one series each.

    `with_rest` puts what does not fit together as one series, where it adds up.
    """
    columns, rows = [read_column(column) for column in answer["columns"]], answer["rows"]
    x = places[chart["x"]]
    measures = [places[name] for name in chart["y"] if name in places]
    measures = [index for index in measures if columns[index].unit == columns[measures[0]].unit]
    is_time = columns[x].unit in ("date", "time")
    values = tuple(dict.fromkeys(_key(row[x]) for row in rows if not is_time or isinstance(row[x], str)))
    axis = _Axis(values, tuple(_name(value, columns[x], cells) for value in values), is_time)
    split = places.get(chart.get("series") or "")
    if split is None:
        series = [_one_series(columns[index], axis, rows, x, index) for index in measures[:MOST_SERIES]]
        return axis, series, len(measures)
    series = _split_series(columns, axis, rows, (x, split, measures[0]), cells)
    if len(series) <= MOST_SERIES:
        return axis, series, len(series)
    if not with_rest or series[0].column.unit not in ADDITIVE_UNITS:
        return axis, series[:MOST_SERIES], len(series)
    kept = series[: MOST_SERIES - 1]
    return axis, [*kept, _rest(series[len(kept) :], answer["language"])], MOST_SERIES


def _one_series(column: Column, axis: _Axis, rows: Sequence[Sequence[Any]], x: int, y: int) -> _Series:
    found = {_key(row[x]): (row[y], (number,)) for number, row in enumerate(rows)}
    return _series(column.label, column, axis, found)


def _series(name: str, column: Column, axis: _Axis, found: Mapping[Any, tuple[Any, tuple[int, ...]]]) -> _Series:
    """A series of what was found at each place of the axis: a value and its rows."""
    at = [found.get(value, (None, ())) for value in axis.values]
    return _Series(name, column, tuple(value for value, _ in at), tuple(rows for _, rows in at))


def _split_series(
    columns: Sequence[Column], axis: _Axis, rows: Sequence[Sequence[Any]], places: tuple[int, int, int], cells: Cells
) -> list[_Series]:
    """One series per value of the split column, the largest first."""
    x, split, y = places
    found: dict[Any, dict[Any, tuple[Any, tuple[int, ...]]]] = {}
    for number, row in enumerate(rows):
        found.setdefault(_key(row[split]), {})[_key(row[x])] = (row[y], (number,))
    order = sorted(found, key=lambda name: -sum(value for value, _ in found[name].values() if is_number(value)))
    return [_series(_name(name, columns[split], cells), columns[y], axis, found[name]) for name in order]


def _rest(left: Sequence[_Series], language: str) -> _Series:
    values = tuple(sum(cell or 0 for cell in cells) for cells in zip(*(one.values for one in left), strict=True))
    rows = tuple(sum(parts, ()) for parts in zip(*(one.rows for one in left), strict=True))
    return _Series(text("chart_other", language), left[0].column, values, rows)


def _name(value: Any, column: Column, cells: Cells) -> str:
    """The name of a group; the one of rows without a value has words, because a dash names nothing."""
    return cells.phrases.numbers.not_set if value is None else cells.show(value, column)


def _key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _lines(axis: _Axis, series: list[_Series], cells: Cells, *, filled: bool = False) -> Figure:
    """Lines, or areas on top of each other when `filled`."""
    figure = empty_figure()
    positions = axis.positions()
    for line in series:
        figure.add_scatter(
            x=positions,
            y=list(line.values),
            name=chart_text(line.name, _LONGEST_LABEL),
            mode="lines+markers" if len(positions) <= 31 else "lines",
            line={"width": 2.5},
            stackgroup="all" if filled else None,
            marker={"size": 6},
            customdata=_hover(axis, line, cells),
            hovertemplate="%{customdata}<extra></extra>",
        )
    ticks, words = _ticks(axis, len(positions), cells)
    figure.update_xaxes(tickmode="array", tickvals=ticks, ticktext=words, tickangle=0, showgrid=False, fixedrange=True)
    _value_axis(figure, series, cells, along="y")
    _frame(figure, cells, height=330, legend=len(series) > 1)
    return figure


def _bars(axis: _Axis, series: list[_Series], kept: int, cells: Cells, *, stacked: bool) -> Figure:
    upright = axis.is_time or len(axis.values) * max(map(len, axis.words)) <= _UPRIGHT_LETTERS
    positions = axis.positions(kept)
    figure = empty_figure()
    for bars in series:
        values = list(bars.values[:kept])
        figure.add_bar(
            x=positions if upright else values,
            y=values if upright else positions,
            orientation="v" if upright else "h",
            name=chart_text(bars.name, _LONGEST_LABEL),
            text=[chart_text(cells.show(v, bars.column)) if is_number(v) else "" for v in values],
            textposition="none" if stacked or len(series) > 2 or (upright and kept > 12) else "outside",
            textangle=0,
            cliponaxis=False,
            customdata=_hover(axis, bars, cells)[:kept],
            hovertemplate="%{customdata}<extra></extra>",
        )
    _category_axis(figure, axis, kept, cells, upright=upright)
    _value_axis(figure, series, cells, along="y" if upright else "x")
    _make_room_for_text(figure, series, kept, upright=upright, stacked=stacked)
    height = 330 if upright else 70 + max(kept, 2) * (26 if stacked else 14 + 16 * min(len(series), 3))
    _frame(figure, cells, height=height, legend=len(series) > 1)
    figure.update_layout(barmode="stack" if stacked else "group", bargap=0.28)
    return figure


def _make_room_for_text(figure: Figure, series: list[_Series], kept: int, *, upright: bool, stacked: bool) -> None:
    """The numbers stand behind the ends of the bars; plotly does not count them when it chooses the range."""
    numbers = [value for bars in series for value in bars.values[:kept] if is_number(value)]
    if stacked or not numbers:
        return
    longest = max(len(words) for bars in figure.data for words in bars.text)
    room = 1.1 if upright else 1.05 + 0.02 * longest  # so that "7 h 49 min" fits on a phone too
    ends = [min(0.0, min(numbers) * room), max(0.0, max(numbers) * room)]
    if ends[0] < ends[1]:
        (figure.update_yaxes if upright else figure.update_xaxes)(range=ends)


def _category_axis(figure: Figure, axis: _Axis, kept: int, cells: Cells, *, upright: bool) -> None:
    ticks, words = _ticks(axis, kept, cells)
    settings = {"tickmode": "array", "tickvals": ticks, "ticktext": words, "showgrid": False, "fixedrange": True}
    if upright:
        figure.update_xaxes(**settings, tickangle=0 if axis.is_time else None)
    else:
        figure.update_yaxes(**settings, autorange="reversed", automargin=True, ticklabelstandoff=6)


def _hover(axis: _Axis, series: _Series, cells: Cells) -> list[str]:
    return [
        f"{chart_text(words)}<br>{chart_text(series.name)}: <b>{chart_text(cells.show(value, series.column))}</b>"
        for words, value in zip(axis.words, series.values, strict=True)
    ]


def _ticks(axis: _Axis, kept: int, cells: Cells) -> tuple[list[Any], list[str]]:
    if axis.is_time:
        return _time_ticks(axis, cells)
    return list(range(kept)), [chart_text(one, _LONGEST_LABEL) for one in axis.words[:kept]]


def _time_ticks(axis: _Axis, cells: Cells) -> tuple[list[str], list[str]]:
    """At most `_TIME_TICKS` months or `_DAY_TICKS` days, evenly spread, written as short as their grain allows."""
    times: list[str] = axis.positions()
    clock = {value[11:16] for value in times if len(value) > 10}
    if {value[8:10] for value in times} == {"01"} and len(times) > 1 and clock <= {"00:00"}:
        chosen = times[:: -(-len(times) // _TIME_TICKS)]
        return chosen, _month_ticks(chosen, cells)
    chosen = times[:: -(-len(times) // _DAY_TICKS) or 1]
    pattern = "d MMM HH:mm" if len(clock) > 1 else "d MMM"
    return chosen, [chart_text(show_written_moment(value, cells.phrases, pattern)) for value in chosen]


def _month_ticks(chosen: list[str], cells: Cells) -> list[str]:
    """Months, with the year below the first one of each year only: short enough for a phone."""
    words = []
    for before, value in zip([None, *chosen], chosen, strict=False):
        year = f"<br>{value[:4]}" if before is None or before[:4] != value[:4] else ""
        words.append(chart_text(show_written_moment(value, cells.phrases, "LLL")) + year)
    return words


def _value_axis(figure: Figure, series: list[_Series], cells: Cells, *, along: str) -> None:
    """The axis of numbers begins at zero: a bar or a trend cut at its foot makes small changes look large."""
    unit = series[0].column.unit
    numbers = [value for line in series for value in line.values if is_number(value)]
    settings: dict[str, Any] = {"rangemode": "tozero", "fixedrange": True, "zeroline": False, "title": None}
    if unit in ("count", "tokens"):
        settings["tickformat"] = ","
    settings["tickprefix"], settings["ticksuffix"] = affixes(unit, cells.phrases)
    if unit == "count" and numbers and max(numbers) < 5:
        settings["dtick"] = 1
    if along == "y":
        figure.update_yaxes(**settings, automargin=True)
    else:
        figure.update_xaxes(**settings, nticks=6)


def _frame(figure: Figure, cells: Cells, *, height: int, legend: bool) -> None:
    figure.update_layout(
        template="streamlit",
        height=height + (40 if legend else 0),
        margin={"l": 8, "r": 24, "t": 12, "b": 8},
        separators=separators(cells.phrases),
        showlegend=legend,
        legend={"orientation": "h", "yanchor": "top", "y": -0.14, "x": 0, "title": None},
        hoverlabel={"align": "left"},
        dragmode=False,
    )
