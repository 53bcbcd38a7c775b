"""When tickets arrive: one count per hour for the whole period, drawn before any ticket is made.

The counts follow growth, weekdays, hours of the day, seasons and a little noise, and add up to exactly the number of
tickets wanted. Since they are known beforehand, ticket number n has its moment without looking at any other ticket,
and tickets stream in order of time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, floor
from random import Random

from dash.demo.moments import DAY, HOUR, as_datetime, midnight_before

_HOURS = (
    0.30, 0.22, 0.18, 0.16, 0.20, 0.32, 0.55, 0.85, 1.20, 1.45, 1.50, 1.40,
    1.30, 1.35, 1.45, 1.50, 1.45, 1.35, 1.30, 1.35, 1.25, 0.95, 0.65, 0.42,
)  # fmt: skip
_WEEKDAYS = (1.28, 1.17, 1.10, 1.05, 0.95, 0.64, 0.78)
_GROWTH = 1.1
"""Over 540 days the volume grows by e ** 1.1, that is three times."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """`counts[i]` tickets arrive in the hour that starts at `start + i` hours; the last hour ends at `until`."""

    start: int
    until: int
    counts: tuple[int, ...]
    seed: int

    def moments(self) -> Iterator[int]:
        """Every ticket's creation in order of time; the last hour opens in its first third."""
        rng = Random()
        last = len(self.counts) - 1
        for index, count in enumerate(self.counts):
            if not count:
                continue
            rng.seed((self.seed << 32) ^ index ^ 0xA11)
            begin = self.start + index * HOUR
            offsets = sorted(int(rng.random() * HOUR) for _ in range(count))
            if index == last:
                offsets[0] //= 3
            for offset in offsets:
                yield begin + offset

    def within(self, age: int) -> int:
        """How many tickets arrive in the last `age` milliseconds (whole hours)."""
        hours = max(1, age // HOUR)
        return sum(self.counts[-hours:])


def plan_arrivals(tickets: int, seed: int, days: int, until: int) -> Arrivals:
    """Spread `tickets` over the `days` before `until`, with a few in the last hour and today whenever there are
    enough to spare.
    """
    start = until - days * DAY
    weights = _weights(seed, days, start)
    today = max(1, min(len(weights), -(-(until - midnight_before(until)) // HOUR)))
    want_last = 0 if tickets < 20 else 1 if tickets < 500 else 4
    want_today = 0 if tickets < 20 else 3 if tickets < 500 else 12
    counts = _allocate(tickets, weights)
    for hours, wanted in ((1, want_last), (today, want_today)):
        for place in range(wanted - sum(counts[-hours:])):
            busiest = max(range(len(counts) - hours), key=counts.__getitem__, default=0)
            if counts[busiest] == 0:
                break
            counts[busiest] -= 1
            counts[-1 - place % hours] += 1
    return Arrivals(start, until, tuple(counts), seed)


def _weights(seed: int, days: int, start: int) -> list[float]:
    rng = Random((seed << 32) ^ 0xDA75)
    weights: list[float] = []
    for day in range(days):
        noise = exp(rng.gauss(0, 0.12))
        growth = exp(-_GROWTH * (days - day) / 540)
        for hour in range(24):
            middle = start + day * DAY + hour * HOUR + HOUR // 2
            moment = as_datetime(middle)
            shape = _HOURS[moment.hour] * _WEEKDAYS[moment.weekday()] * _season(moment.month, moment.day)
            weights.append(noise * growth * shape * exp(rng.gauss(0, 0.25)))
    return weights


def _season(month: int, day: int) -> float:
    if (month, day) in ((12, 24), (12, 25), (12, 31), (1, 1)):
        return 0.55
    if month == 12 or (month == 1 and day <= 20):
        return 1.3
    return 0.88 if month in (7, 8) else 1.0


def _allocate(tickets: int, weights: list[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to `tickets`: differences of the rounded running share."""
    scale = tickets / sum(weights)
    counts: list[int] = []
    running, given = 0.0, 0
    for weight in weights:
        running += weight * scale
        reached = min(tickets, floor(running + 0.5))
        counts.append(reached - given)
        given = reached
    counts[-1] += tickets - given
    return counts
