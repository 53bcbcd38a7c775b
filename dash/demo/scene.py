"""The demo world around the tickets: how good the AI is at a moment, how often steps fail, and the one day on which
everything failed.

A ticket asks the scene and nothing else, so a ticket depends on the seed, its number and its moment only, never on
other tickets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from dash.demo.arrivals import Arrivals
from dash.demo.categories import Category
from dash.demo.moments import DAY, HOUR, as_datetime, midnight_before

LEARNING_DAYS = 540
"""The AI was at its worst this long before the end of the data, and has got better ever since."""


class Role(Enum):
    """What a ticket is there to show. All but a handful are ordinary; the others make sure that any larger data set
    has each case.
    """

    ORDINARY = "whatever chance gives it"
    FAILS_NOW = "opens the last hour with a failing step"
    APPROVAL_WAITS = "has been stuck for a day or more, and an approval is waiting at the end"
    DRAFT_FAILED = "is stuck since the AI could not answer"
    HUNG = "is stuck since a step never ends"


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that tickets share."""

    seed: int
    until: int
    start: int
    incident_start: int
    incident_end: int
    roles: Mapping[int, Role]

    def role(self, number: int) -> Role:
        """The role of ticket `number`."""
        return self.roles.get(number, Role.ORDINARY)

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
        if moment > self.until - HOUR:
            return 0.10
        return 0.036 - 0.020 * self.progress(moment)


def build_scene(arrivals: Arrivals) -> Scene:
    """The scene for these arrivals. The incident lasts from 07:00 to 17:00 on a working day some three weeks before
    the end.
    """
    days = (arrivals.until - arrivals.start) // DAY
    day = midnight_before(arrivals.until - min(24, max(1, days // 2)) * DAY)
    weekday = as_datetime(day).weekday()
    if weekday >= 5:
        day -= (weekday - 4) * DAY
    return Scene(
        seed=arrivals.seed,
        until=arrivals.until,
        start=arrivals.start,
        incident_start=day + 7 * HOUR,
        incident_end=day + 17 * HOUR,
        roles=_roles(arrivals),
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


def _roles(arrivals: Arrivals) -> dict[int, Role]:
    """The first ticket of the last hour fails; a few spread over the days before yesterday are stuck in the rarer
    ways.
    """
    total = sum(arrivals.counts)
    roles: dict[int, Role] = {}
    if total >= 20 and arrivals.counts[-1]:
        roles[total - arrivals.counts[-1] + 1] = Role.FAILS_NOW
    first, last = total - arrivals.within(4 * DAY) + 1, total - arrivals.within(27 * HOUR)
    cast = (Role.APPROVAL_WAITS, Role.DRAFT_FAILED, Role.HUNG, Role.APPROVAL_WAITS, Role.DRAFT_FAILED)
    if last - first >= 2 * len(cast):
        step = (last - first) // len(cast)
        roles.update({first + step * place: role for place, role in enumerate(cast)})
    return roles
