"""What is inside of a card, as HTML of our own: a number with its change, a line, bars.

Streamlit's own charts would be two dozen frames of JavaScript on one page; this is text. Every word that comes from
data or files goes through `escaped`, and numbers are written by `dash.shown`, as in every answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from dash.board.showing import Change, Point
from dash.records import Caveat, Column
from dash.shown import Cells
from dash.shown.moments import show_bucket
from dash.shown.numbers import show_number
from dash.ui.inert import escaped
from dash.ui.texts import text

MOST_BARS = 6
_WIDTH, _HEIGHT = 200.0, 48.0
_PAD = 3.0


@dataclass(frozen=True)
class Bars:
    """A ranking: its names, values and how many rows there are."""

    rows: tuple[tuple[str, float | None], ...]
    count: int
    column: Column


def number_html(value: float | int | None, column: Column | None, cells: Cells) -> str:
    """The large number; a dash where there is none."""
    words = cells.show(value, column, spoken=True) if column is not None and value is not None else "–"
    return f'<div class="board-number">{escaped(words)}</div>'


def change_html(change: Change | None, previous: str, cells: Cells) -> str:
    """The change with an arrow and a sign, so that its colour is not needed; `previous` is what it was before."""
    if change is None:
        return f'<div class="board-change">{escaped(previous)}</div>'
    if change.unit == "percentage_points":
        number = show_number(change.amount, "score", cells.phrases, signed=True)
        words = text("board_points", cells.labels.language, number=number)
    else:
        words = show_number(change.amount, change.unit, cells.phrases, signed=True)
    arrow = "▲" if change.amount > 0 else "▼" if change.amount < 0 else "■"
    kind = {True: "board-better", False: "board-worse", None: "board-neither"}[change.better]
    return (
        f'<div class="board-change"><b class="{kind}">{arrow}&nbsp;{escaped(words)}</b>'
        f" <span>{escaped(previous)}</span></div>"
    )


def line_html(points: Sequence[Point], column: Column, grain: str | None, cells: Cells) -> str:
    """A line without axes; each step tells its date and value when it is pointed at. Steps that the range covers in
    part are dashed, and steps without a number are gaps."""
    values = [point.value for point in points if point.value is not None]
    if len(values) < 2:
        return '<div class="board-line"></div>'
    lowest, highest = min(values), max(values)
    if column.unit in ("count", "usd", "tokens"):
        lowest = min(lowest, 0.0)
    room = (highest - lowest) or 1.0
    step = _WIDTH / max(1, len(points) - 1)
    places = [
        None
        if point.value is None
        else (index * step, _PAD + (_HEIGHT - 2 * _PAD) * (1 - (point.value - lowest) / room))
        for index, point in enumerate(points)
    ]
    mask = quote(_svg(points, places), safe="")
    sides = ["" if 2 * index < len(points) else "board-right" for index in range(len(points))]
    tips = "".join(
        f'<i class="{side}" data-tip="{_tip(point, column, grain, cells)}"></i>'
        for side, point in zip(sides, points, strict=True)
    )
    style = f"--line:url('data:image/svg+xml,{mask}')"
    return f'<div class="board-line" style="{escaped(style)}"><div></div>{tips}</div>'


def _svg(points: Sequence[Point], places: Sequence[tuple[float, float] | None]) -> str:
    """The line as a mask: the page gives it its colour."""
    whole: list[str] = []
    partial: list[str] = []
    for index in range(1, len(points)):
        before, here = places[index - 1], places[index]
        if before is None or here is None:
            continue
        segment = f"M{before[0]:.1f} {before[1]:.1f}L{here[0]:.1f} {here[1]:.1f}"
        (whole if points[index - 1].whole and points[index].whole else partial).append(segment)
    look = "fill='none' stroke='#000' stroke-width='2' stroke-linecap='round' vector-effect='non-scaling-stroke'"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH:g} {_HEIGHT:g}' preserveAspectRatio='none'>"
        f"<path d='{''.join(whole)}' {look}/>"
        f"<path d='{''.join(partial)}' {look} stroke-dasharray='2 4' stroke-opacity='.7'/></svg>"
    )


def _tip(point: Point, column: Column, grain: str | None, cells: Cells) -> str:
    moment: datetime = point.start
    named = show_bucket(moment if grain == "hour" else moment.date(), grain, cells.phrases)
    value = cells.show(point.value, column, spoken=True)
    return escaped(f"{named}: {value}")


def bars_html(bars: Bars, more: str, cells: Cells) -> str:
    """A ranking as bars behind its words; `more` says how many rows are left out."""
    largest = max((abs(value) for _, value in bars.rows if value is not None), default=0.0) or 1.0
    lines = "".join(
        f'<div class="board-bar" style="--share:{100 * abs(value or 0) / largest:.1f}%">'
        f"<span>{escaped(name)}</span><b>{escaped(cells.show(value, bars.column, spoken=False))}</b></div>"
        for name, value in bars.rows[:MOST_BARS]
    )
    rest = f'<div class="board-more">{escaped(more)}</div>' if bars.count > MOST_BARS else ""
    return f'<div class="board-bars">{lines}{rest}</div>'


def standing_beside(caveats: Sequence[Caveat], most: int) -> int:
    """How many of an answer's caveats have their place below its number, and not only behind the sign: the first ones,
    and every one that says that the database has changed, which stand before all others."""
    return max(most, sum(caveat.kind == "drift" for caveat in caveats))


def notes_html(notes: Sequence[str]) -> str:
    """Sentences to be careful about, below the number."""
    lines = "".join(f"<p>{escaped(note)}</p>" for note in notes)
    return f'<div class="board-notes">{lines}</div>' if notes else ""


def head_html(title: str, about: Sequence[str], label: str) -> str:
    """The title, and behind a sign the definition; it opens by pointing, by touch and by keyboard."""
    told = "".join(f"<p>{escaped(line)}</p>" for line in about if line)
    sign = f'<details><summary aria-label="{escaped(label)}">?</summary><div>{told}</div></details>' if told else ""
    return f'<div class="board-head"><span>{escaped(title)}</span>{sign}</div>'


def failure_html(words: str) -> str:
    """In place of a number: why there is none."""
    return f'<div class="board-failure">{escaped(words)}</div>'
