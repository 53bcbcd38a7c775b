"""The last whole week in numbers: cards of the board with their change, and one of them drawn week by week.

Every number is a card of the board, planned, guarded and read as there, so a message cannot say another number than
the page that it links to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import escape
from zoneinfo import ZoneInfo

from dash.ask import Dash
from dash.board import Bar as Range
from dash.board import Board, Shown
from dash.errors import DashError, NotFoundError
from dash.knowledge.board import BoardFile, CardFile, SectionFile, load_board
from dash.ops.delivery.file import WeeklyFile
from dash.ops.delivery.messages import IMAGE, Message, link, page
from dash.ops.delivery.targets import Target
from dash.ops.delivery.words import say
from dash.ops.digest.chart import WIDTH, Bar, draw_bars, sparkline
from dash.records import Viewer
from dash.shown import Cells, cells_in
from dash.shown.labels import text_of
from dash.shown.numbers import exact, show_number, shown_unit
from dash.steps.interpret.periods import dates_in_words

KIND = "weekly"
DRAWN_WEEKS = 8


@dataclass(frozen=True)
class Week:
    """The numbers of one week, read once per language; `monday` is its first day. `drawn` is the chart's card."""

    monday: date
    cards: tuple[Shown, ...]
    drawn: Shown | None
    cells: Cells
    zone: str

    @property
    def unread(self) -> tuple[str, ...]:
        """The cards that could not be read, by name."""
        shown = (*self.cards, *([self.drawn] if self.drawn else ()))
        return tuple(dict.fromkeys(each.card.name for each in shown if each.failure is not None))

    @property
    def whole_key(self) -> str:
        """What its message is called in the ledger when nothing is missing in it: the ISO week."""
        year, number, _ = self.monday.isocalendar()
        return f"{KIND}:{year}-W{number:02}"

    @property
    def key(self) -> str:
        """What its message is called. One that lacks a number is another one, so the whole week may follow it."""
        return f"{self.whole_key}:partial" if self.unread else self.whole_key


class NotRead(DashError):
    """Numbers of the week could not be read, so it is not told yet."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"Numbers of the week that could not be read: {', '.join(names)}. "
            "`dash digest --weekly` tries again; with --always it sends the week without them."
        )


def last_monday(now: datetime, zone: str) -> date:
    """The first day of the last whole week in a zone."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return today - timedelta(days=today.weekday() + 7)


def week_is_over(now: datetime, zone: str, reporting_zone: str) -> bool:
    """Whether the week that is over in a zone is over where the numbers are counted, too."""
    return last_monday(now, reporting_zone) >= last_monday(now, zone)


def read_week(dash: Dash, file: WeeklyFile, viewer: Viewer, language: str, now: datetime) -> Week:
    """The last whole week before `now`. Raises NotFoundError without a board, DatabaseUnavailable."""
    board = load_board(dash.settings.knowledge)
    if board is None:
        raise NotFoundError("The week is told in cards of the board; write board.yaml first.")
    zone = dash.settings.zone
    monday = last_monday(now, zone)
    cards = [card for name in file.cards for card in board.cards if card.name == name and card.is_timed]
    drawn = [
        card.model_copy(update={"grain": "week"})
        for card in board.cards
        if card.name == file.chart and card.metric is not None and not card.split
    ]
    sunday, first = monday + timedelta(days=6), monday - timedelta(weeks=DRAWN_WEEKS - 1)
    numbers = _read(dash, board, cards, Range(first=monday, last=sunday), viewer, language)
    trend = _read(dash, board, drawn, Range(first=first, last=sunday), viewer, language)
    return Week(monday, numbers, trend[0] if trend else None, cells_in(language, dash.knowledge), zone)


def _read(
    dash: Dash, board: BoardFile, cards: Sequence[CardFile], over: Range, viewer: Viewer, language: str
) -> tuple[Shown, ...]:
    section = SectionFile(title={"en": KIND}, cards=list(cards))
    reading = Board(dash, board.model_copy(update={"sections": [section]}))
    try:
        return reading.open(over, viewer, language).wait()
    finally:
        reading.close()


def write_week(week: Week, to: Target, page_url: str | None) -> Message:
    """The message of a week."""
    dates = _dates(week)
    lines, pieces = [], []
    for shown in week.cards:
        label = text_of(shown.card.title, to.language)
        value, change, before = _told(shown, week.cells, to)
        told = [change] if change else []
        told += [say("before_was", to.language, value=before)] if before else []
        behind = f" ({'; '.join(told)})" if told else ""
        lines.append(f"{label}: {value}{behind}")
        pieces.append(_line(label, value, told, _colour(shown)))
    image, caption, line = _chart(week, to)
    if caption:
        lines += ["", caption, line]
        picture = f'<img src="{IMAGE}" alt="{escape(line)}" width="{WIDTH}" style="max-width:100%;height:auto">'
        pieces.append(f"<p>{escape(caption)}<br>{picture}</p>")
    if page_url:
        address = f"{page_url}/board?from={week.monday}&to={week.monday + timedelta(days=6)}"
        lines += ["", f"{say('open_board', to.language)}: {address}"]
        pieces.append(f"<p>{link(address, say('open_board', to.language))}</p>")
    title = say("weekly_title", to.language, dates=dates)
    return Message(week.key, title, "\n".join(lines), page(pieces), image=image)


def _line(label: str, value: str, told: Sequence[str], colour: str) -> str:
    """A number in a mail. Lines and no table: they fit a telephone, and mail programs that show text only."""
    behind = "; ".join(
        f'<span style="color:{colour if place == 0 and len(told) > 1 else "#667080"}">{escape(words)}</span>'
        for place, words in enumerate(told)
    )
    rest = f" ({behind})" if behind else ""
    return f'<div style="margin:5px 0">{escape(label)}: <b>{escape(value)}</b>{rest}</div>'


def _told(shown: Shown, cells: Cells, to: Target) -> tuple[str, str, str]:
    """The number, its change and the number of the week before, in words."""
    if shown.failure is not None:
        return say("not_read", to.language), "", ""
    value = exact(shown.value)
    if shown.column is None or value is None:
        return say("no_number", to.language), "", ""
    unit, phrases = shown_unit(shown.column), cells.phrases
    earlier = exact(shown.previous)
    before = "" if earlier is None else show_number(earlier, unit, phrases)
    moved = shown.change
    change = "" if moved is None or not moved.amount else show_number(moved.amount, moved.unit, phrases, signed=True)
    return show_number(value, unit, phrases), change, before


def _colour(shown: Shown) -> str:
    better = shown.change.better if shown.change else None
    return "#667080" if better is None else "#1a7f4b" if better else "#c0392b"


def _chart(week: Week, to: Target) -> tuple[bytes | None, str, str]:
    """The picture, its title, and the same as a line of text."""
    shown = week.drawn
    if shown is None or shown.column is None or not any(point.value is not None for point in shown.trend):
        return None, "", ""
    unit, phrases = shown_unit(shown.column), week.cells.phrases
    bars = []
    for point in shown.trend:
        number = exact(point.value)
        words = "" if number is None else show_number(number, unit, phrases, in_column=True)
        bars.append(Bar(point.value, _drawable(words, point.value), f"{point.start:%d.%m}"))
    caption = say("chart_of", to.language, label=text_of(shown.card.title, to.language))
    drawn = sparkline([point.value for point in shown.trend])
    return draw_bars(bars), caption, f"{drawn}  {bars[0].shown} → {bars[-1].shown}"


def _drawable(words: str, value: float | None) -> str:
    """The words as far as the picture's letters have them, else the bare number."""
    plain = words.replace("\u00a0", " ").replace("\u202f", " ").replace("−", "-")
    return plain if plain.isascii() or value is None else f"{value:.1f}"


def _dates(week: Week) -> str:
    start = datetime.combine(week.monday, time(), ZoneInfo(week.zone))
    return dates_in_words(start, start + timedelta(days=7), week.cells.phrases)
