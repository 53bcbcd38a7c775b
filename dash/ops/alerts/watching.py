"""One look at all rules: measure, judge, write changes down, and tell those who are to know.

One look that tells at a time on one database; a second one leaves at once. What was to be told and did not arrive is
told at the next look, and the deliveries' ledger keeps anything from being told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dash.ask import Dash
from dash.errors import DashError
from dash.ops.alerts.episodes import Change, Episode, Episodes
from dash.ops.alerts.file import RuleFile
from dash.ops.alerts.judging import Finding, Reading, Standing, find, judge
from dash.ops.alerts.reading import read_number
from dash.ops.alerts.telling import key_of, tell
from dash.ops.delivery.sending import Delivered, Post
from dash.ops.delivery.targets import Target, plain_name
from dash.records import Viewer

OLDEST_NEWS = timedelta(hours=24)
"""An end that could not be told for so long is news to nobody."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watched:
    """One rule after a look. `error` says why it could not be measured; then nothing changed. `unheard` says that it
    fires and none of its targets is here."""

    rule: RuleFile
    standing: Standing
    reading: Reading | None = None
    finding: Finding | None = None
    error: str | None = None
    told: tuple[Delivered, ...] = ()
    held_until: datetime | None = None
    unheard: bool = False


@dataclass(frozen=True)
class Watch:
    """Who looks, at what, and who is told; `post` None tells nobody and writes nothing down."""

    dash: Dash
    rules: Sequence[RuleFile]
    viewer: Viewer
    targets: Sequence[Target] = ()
    post: Post | None = None
    measure: Callable[[Dash, RuleFile, Viewer, datetime], Reading] = read_number

    def look(self) -> tuple[Watched, ...] | None:
        """Look at every rule; None when somebody else is looking and telling. Raises DatabaseUnavailable."""
        if self.post is None:  # nothing is written down, so it is in nobody's way
            return self._look()
        with self.dash.database.exclusive("alerts") as mine:
            return self._look() if mine else None

    def _look(self) -> tuple[Watched, ...]:
        episodes = Episodes(self.dash.database)
        latest, announced = episodes.latest(), episodes.announced()
        now = self.dash.clock()
        return tuple(self._watch(rule, latest.get(rule.name), announced, episodes, now) for rule in self.rules)

    def _watch(
        self,
        rule: RuleFile,
        episode: Episode | None,
        announced: dict[str, datetime],
        episodes: Episodes,
        now: datetime,
    ) -> Watched:
        before: Standing = "firing" if episode is not None and episode.is_open else "quiet"
        try:
            reading = self.measure(self.dash, rule, self.viewer, now)
        except DashError as error:
            logger.warning("The alert %s could not be measured: %s", rule.name, error.message)
            return Watched(rule, before, error=error.message)
        standing = judge(rule, before, reading)
        seen = Watched(rule, standing, reading, find(rule, reading))
        if self.post is None:
            return seen
        if standing != before and reading.value is not None:
            episode = _changed(rule, episode, standing, reading.value, episodes, now)
        return self._tell(seen, episode, announced.get(rule.name), episodes, now)

    def _tell(
        self, seen: Watched, episode: Episode | None, announced: datetime | None, episodes: Episodes, now: datetime
    ) -> Watched:
        if episode is None:
            return seen
        if episode.is_open and not self._hearing(seen.rule):
            return replace(seen, unheard=True)
        if episode.is_open and episode.announced is None and announced is not None:
            free_at = announced + timedelta(hours=seen.rule.cool_down_hours)
            if now < free_at:
                return replace(seen, held_until=free_at)
        told: tuple[Delivered, ...] = ()
        if episode.is_open:
            told = self._deliver(seen, episode, episode.fired)
            if episode.announced is None and any(each.outcome in ("sent", "uncertain") for each in told):
                value = seen.reading.value if seen.reading and seen.reading.value is not None else episode.fired.value
                episodes.add(seen.rule.name, episode.name, "announced", value, now)
        elif episode.announced and episode.cleared and now - episode.cleared.changed_at < OLDEST_NEWS:
            told = self._deliver(seen, episode, episode.cleared)
        return replace(seen, told=tuple(each for each in told if not each.before or each.outcome == "busy"))

    def _deliver(self, seen: Watched, episode: Episode, change: Change) -> tuple[Delivered, ...]:
        assert self.post is not None
        targets = self._hearing(seen.rule)
        if change.state == "cleared":  # the end is for those who heard of the beginning
            targets = [one for one in targets if self._was_told(episode, one)]
        return self.post.deliver(
            "alerts", lambda to: tell(self.dash, seen.rule, seen.reading, episode, change, to), targets
        )

    def _hearing(self, rule: RuleFile) -> list[Target]:
        """The targets here that are to know of a rule."""
        wanted = None if rule.targets is None else {plain_name(name) for name in rule.targets}
        return [one for one in self.targets if "alerts" in one.receives and (wanted is None or one.name in wanted)]

    def _was_told(self, episode: Episode, target: Target) -> bool:
        assert self.post is not None
        last = self.post.ledger.last(key_of(episode, "firing"), target.digest)
        return last is not None and last.outcome in ("sent", "uncertain")


def _changed(
    rule: RuleFile, episode: Episode | None, standing: Standing, value: float, episodes: Episodes, now: datetime
) -> Episode:
    """The episode after a change of standing, which is written down."""
    if standing == "quiet":
        assert episode is not None, "only what fired can clear"
        episodes.add(rule.name, episode.name, "cleared", value, now)
        return replace(episode, cleared=Change(rule.name, episode.name, "cleared", value, now))
    name = f"{rule.name}:{now:%Y%m%dT%H%M%S.%fZ}"
    episodes.add(rule.name, name, "firing", value, now)
    return Episode(name, Change(rule.name, name, "firing", value, now))


class NotMeasured(DashError):
    """Some rules could not be measured, so nobody knows whether they fire."""

    def __init__(self, rules: Sequence[Watched]) -> None:
        super().__init__("Not measured: " + "; ".join(f"{one.rule.name}: {one.error}" for one in rules))
