"""The bar above the board: one range of time and one set of filters, which every card answers for.

A bar is what a person chose, by names; the window and the conditions that it stands for are the ones that a question
with the same words would have, so a card and its question cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from dash.errors import InternalError
from dash.knowledge.board import BoardFile, PeriodFile
from dash.language.periods import Periods
from dash.language.reader import Reader
from dash.records import Filter, Window
from dash.records.semantic_query import Scalar


@dataclass(frozen=True)
class Bar:
    """A range, by the name of one of the board's periods or by its first and last day, and values by dimension."""

    period: str | None = None
    first: date | None = None
    last: date | None = None
    filters: tuple[tuple[str, tuple[Scalar, ...]], ...] = ()

    @property
    def chosen(self) -> Mapping[str, tuple[Scalar, ...]]:
        """The filters that narrow anything."""
        return {dimension: values for dimension, values in self.filters if values}

    def conditions(self, applying: frozenset[str]) -> tuple[Filter, ...]:
        """The filters that apply, as conditions of a query."""
        return tuple(Filter(name, "in", values) for name, values in self.chosen.items() if name in applying)

    def moved(self, period: str | None, first: date | None = None, last: date | None = None) -> Bar:
        """The same filters over another range."""
        return replace(self, period=period, first=first, last=last)


def opening_bar(board: BoardFile) -> Bar:
    """The bar that the board opens with."""
    return Bar(board.default_period)


def find_period(board: BoardFile, name: str | None) -> PeriodFile | None:
    """The board's period of that name."""
    return next((period for period in board.periods if period.name == name), None)


def window_of(bar: Bar, board: BoardFile, reader: Reader, now: datetime, zone: str) -> Window:
    """The window of a bar; a period that the board does not have is the one that it opens with."""
    if bar.first is not None and bar.last is not None and bar.period is None:
        return _own_range(bar.first, bar.last, now, zone)
    period = find_period(board, bar.period) or find_period(board, board.default_period)
    window = read_window(period.window, reader, now, zone) if period else None
    if window is None:
        raise InternalError("The board's period cannot be read; `dash check` should have said so.")
    return window


def read_window(text: str, reader: Reader, now: datetime, zone: str) -> Window | None:
    """The window that a time expression names, or None when it is none."""
    tokens, spans = reader.ground(text, now, zone)
    for span in spans:
        if span.kind == "time" and span.start == 0 and span.end == len(tokens):
            window: Window = span.meaning
            return window
    return None


def _own_range(first: date, last: date, now: datetime, zone: str) -> Window:
    periods = Periods(now, zone)
    first, last = min(first, last), max(first, last)
    days = [periods.day(periods.local(day.year, day.month, day.day)) for day in (first, last)]
    window = periods.between(days[0], days[1])
    if window is None:
        raise InternalError("A range of days has no window.")
    return window
