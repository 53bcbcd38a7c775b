"""The demo world around the tickets: how good the AI is at a moment, how often steps fail, and the one day on which everything failed.

A ticket asks the scene and nothing else, so a ticket depends on the seed, its number and its moment only, never on other tickets.
"""

from __future__ import annotations

from dataclasses import dataclass

from dash.demo.arrivals import Arrivals
from dash.demo.categories import Category
from dash.demo.moments import DAY, HOUR, MINUTE, as_datetime, midnight_before

LEARNING_DAYS = 540
"""The AI was at its worst this long before the end of the data, and has got better ever since."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that tickets share. Shares (`share_…`) are probabilities for one ticket, raised for small data sets so that a
    few cases exist in any."""

    seed: int
    until: int
    start: int
    incident_start: int
    incident_end: int
    share_draft_failed_lately: float
    share_hung_lately: float
    share_approval_waiting: float

    def progress(self, moment: int) -> float:
        """0 when the AI was new, 1 at the end of the data."""
        return max(0.0, 1.0 - (self.until - moment) / (LEARNING_DAYS * DAY))

    def between(self, pair: tuple[float, float], moment: int) -> float:
        """The value of a then-and-now pair at a moment."""
        return pair[0] + (pair[1] - pair[0]) * self.progress(moment)

    def in_incident(self, moment: int) -> bool:
        """Whether the model provider was down."""
        return self.incident_start <= moment < self.incident_end

    def failure_share(self, moment: int) -> float:
        """How likely an attempt at a pipeline step fails."""
        if self.incident_start <= moment < self.incident_end:
            return 0.62
        return 0.036 - 0.020 * self.progress(moment)


def build_scene(arrivals: Arrivals) -> Scene:
    """The scene for these arrivals. The incident lasts from 07:00 to 17:00 on a working day some three weeks before the end."""
    days = (arrivals.until - arrivals.start) // DAY
    day = midnight_before(arrivals.until - min(24, max(1, days // 2)) * DAY)
    weekday = as_datetime(day).weekday()
    if weekday >= 5:
        day -= (weekday - 4) * DAY
    lately = arrivals.within(4 * DAY)
    return Scene(
        seed=arrivals.seed,
        until=arrivals.until,
        start=arrivals.start,
        incident_start=day + 7 * HOUR,
        incident_end=day + 17 * HOUR,
        share_draft_failed_lately=_at_least(0.006, 3, lately),
        share_hung_lately=_at_least(0.006, 3, lately),
        share_approval_waiting=_at_least(0.004, 2, lately),
    )


def is_lately(scene: Scene, created: int) -> bool:
    """Between 25 hours and four days before the end: old enough to be stuck, young enough to be on somebody's list."""
    return 25 * HOUR < scene.until - created < 4 * DAY


def season_weight(category: Category, moment: int) -> float:
    """How much more often than usual a category occurs: parcels break when the holidays' parcels arrive."""
    when = as_datetime(moment)
    month, day = when.month, when.day
    if category.name == "damaged_item":
        if (month == 12 and day >= 26) or (month == 1 and day <= 22):
            return 3.4
        return 1.5 if month == 4 and day <= 20 else 1.0
    if category.name == "cancel_subscription" and month == 1:
        return 1.35
    if category.name in ("skip_month", "pause_subscription") and month in (7, 8):
        return 1.6
    return 1.25 if category.name == "shipping_inquiry" and month == 12 else 1.0


def _at_least(share: float, cases: int, tickets: int) -> float:
    return min(0.10, max(share, cases / max(tickets, 1)))


WAIT_OF_APPROVAL = 30 * MINUTE
