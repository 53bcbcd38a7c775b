"""What is on a card once its queries ran: the number, the one before it, the line of its trend, and the whole answer.

The answer is the very record that the Ask page would show, so definitions, caveats and sentences are not told twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from dash.board.planning import CardPlan, Trend
from dash.knowledge.board import CardFile
from dash.records import Answer, Column, Moment, Result
from dash.semantics.moments import in_zone, resolve
from dash.shown.cells import is_number
from dash.shown.numbers import exact, shown_percent

MOST_POINTS = 400


@dataclass(frozen=True)
class Point:
    """One step of a trend, from `start` on. `whole` is False where the range covers it in part."""

    start: datetime
    value: float | None
    whole: bool


@dataclass(frozen=True)
class Change:
    """How a number moved: in percent, or in percentage points where it is a percentage. `better` None: neither."""

    amount: Decimal
    unit: str
    better: bool | None


@dataclass(frozen=True)
class Shown:
    """A card with its content, or with the sentence that says why it has none (empty: a fault of ours).

    `beside` are the numbers that must stand beside the card's own, as a response rate beside a score.
    """

    card: CardFile
    answer: Answer | None = None
    column: Column | None = None
    value: float | int | None = None
    previous: float | int | None = None
    beside: tuple[tuple[Column, float | int], ...] = ()
    trend: tuple[Point, ...] = ()
    grain: str | None = None
    unfiltered: tuple[str, ...] = ()
    failure: str | None = None

    @property
    def change(self) -> Change | None:
        """The change against the period before, if there is something to compare with."""
        now, before = exact(self.value), exact(self.previous)
        if self.column is None or now is None or before is None:
            return None
        points = self.column.unit == "percent"
        if not points and before == 0:
            return None
        amount = shown_percent(now) - shown_percent(before) if points else 100 * (now - before) / abs(before)
        better = None
        if self.column.better is not None and amount:
            better = (amount > 0) == (self.column.better == "higher")
        return Change(amount, "percentage_points" if points else "percent", better)


def show_card(planned: CardPlan, answer: Answer, results: Mapping[str, Result], trend: Result | None) -> Shown:
    """Put a card's results together."""
    place = _metric(planned.card, answer.columns)
    column = answer.columns[place] if place is not None else None
    whole = answer.rows[0][place] if place is not None and len(answer.rows) == 1 else None
    return Shown(
        card=planned.card,
        answer=answer,
        column=column,
        value=whole if is_number(whole) else None,
        previous=_previous(results.get("previous"), column),
        beside=_beside(answer, place),
        trend=read_points(planned.trend, trend) if planned.trend and trend else (),
        grain=planned.trend.grain if planned.trend else None,
        unfiltered=planned.unfiltered,
    )


def _metric(card: CardFile, columns: tuple[Column, ...]) -> int | None:
    """The column that is drawn."""
    for index, column in enumerate(columns):
        if column.name == card.column or (card.column is None and column.role == "metric"):
            return index
    return None


def _beside(answer: Answer, place: int | None) -> tuple[tuple[Column, float | int], ...]:
    if place is None or len(answer.rows) != 1:
        return ()
    pairs = zip(answer.columns, answer.rows[0], strict=True)
    others = [pair for index, pair in enumerate(pairs) if index != place]
    return tuple((column, cell) for column, cell in others if column.role == "metric" and is_number(cell))


def _previous(result: Result | None, column: Column | None) -> float | None:
    if result is None or column is None or len(result.rows) != 1:
        return None
    names = [one.name for one in result.columns]
    number = exact(result.rows[0][names.index(column.name)]) if column.name in names else None
    return None if number is None else float(number)


def read_points(trend: Trend, result: Result) -> tuple[Point, ...]:
    """Every step between the ends, also those without rows: nothing is zero where it adds up, else a gap."""
    zone = str(trend.start.tzinfo)
    found = {in_zone(row[0], zone): exact(row[1]) for row in result.rows if isinstance(row[0], date)}
    points: list[Point] = []
    for number in range(MOST_POINTS):
        start = _step(trend, zone, number)
        if start >= trend.end:
            break
        value = found.get(start)
        if value is None and trend.adds_up:
            value = Decimal(0)
        whole = start >= trend.start and _step(trend, zone, number + 1) <= trend.end
        points.append(Point(start, None if value is None else float(value), whole))
    return tuple(points)


def _step(trend: Trend, zone: str, number: int) -> datetime:
    unit = trend.grain if number else None
    return resolve(Moment(at=trend.start, truncate=trend.grain, shift=number, unit=unit), trend.start, zone)
