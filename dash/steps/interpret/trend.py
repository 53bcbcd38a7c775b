"""Buckets of a trend in the order of time, and which of them are whole.

A month that still runs or a week of which the period takes only a part is shown, but never used to say "up" or "down".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from dash.records import Moment
from dash.semantics.moments import in_zone, resolve
from dash.steps.interpret.table import Table
from dash.steps.interpret.timing import Timing

_GRAINS = ("hour", "day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Trend:
    """`rows` by time; `whole` are those whose bucket the period covers to its end."""

    table: Table
    timing: Timing
    grain: str
    rows: tuple[int, ...]

    @cached_property
    def whole(self) -> tuple[int, ...]:
        return tuple(row for row in self.rows if not self.is_running(row) and not self.is_cut(row))

    def is_running(self, row: int) -> bool:
        """Whether the bucket ends after the question's now or after the period's end."""
        question, end = self.timing.question, self.timing.bounds[1]
        closes = self._edge(row, 1)
        return closes > question.now or (end is not None and closes > end)

    def is_cut(self, row: int) -> bool:
        """Whether the bucket begins before the period does, or before the data does (by more than its first day)."""
        start, oldest = self.timing.bounds[0], self.timing.covered("oldest")
        opens = self._edge(row, 0)
        return (start is not None and opens < start) or (oldest is not None and opens.date() < oldest[1].date())

    @property
    def data_begins_inside(self) -> bool:
        """Whether the first bucket is cut by the beginning of the data and not by the period."""
        start = self.timing.bounds[0]
        return self.is_cut(self.rows[0]) and not (start is not None and self._edge(self.rows[0], 0) < start)

    def missing(self) -> int:
        """How many buckets between the first and the last are not in the result."""
        if len(self.rows) < 2:
            return 0
        present = {self._edge(row, 0) for row in self.rows}
        bucket, last, absent = min(present), max(present), 0
        while bucket < last and absent < 1000:
            bucket = self._move(bucket, 1)
            absent += bucket not in present
        return absent

    def _edge(self, row: int, shift: int) -> datetime:
        position = self.table.time
        assert position is not None, "a trend has a time column"
        return self._move(in_zone(self.table.rows[row][position], self.timing.question.zone), shift)

    def _move(self, instant: datetime, shift: int) -> datetime:
        moment = Moment(at=instant, shift=shift, unit=self.grain)  # type: ignore[arg-type]  # one of _GRAINS
        return resolve(moment, instant, self.timing.question.zone)


def read_trend(table: Table, timing: Timing, metric: int) -> Trend:
    """The rows that have a time and a number of this metric, in the order of time."""
    position, zone = table.time, timing.question.zone
    assert position is not None, "a trend has a time column"
    rows = [row for row in table.numbers(metric) if isinstance(table.rows[row][position], date)]
    rows.sort(key=lambda row: in_zone(table.rows[row][position], zone))
    name = table.columns[position].name
    grain = timing.asked.grain or (name if name in _GRAINS else None)
    return Trend(table, timing, grain or _guess([table.rows[row][position] for row in rows]), tuple(rows))


def _guess(values: list[Any]) -> str:
    """The coarsest grain that every value fits."""
    if any(isinstance(value, datetime) and (value.hour or value.minute) for value in values):
        return "hour"
    if all(value.day == 1 for value in values):
        months = {value.month for value in values}
        return "year" if months == {1} and len(values) > 1 else "month"
    return "week" if all(value.weekday() == 0 for value in values) and len(values) > 1 else "day"
