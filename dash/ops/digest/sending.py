"""Digests to everybody who receives them: written for each target, sent once to each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dash.ask import Dash
from dash.errors import SettingsError
from dash.ops.checks import find_check
from dash.ops.delivery.file import DeliveryFile, Kind
from dash.ops.delivery.messages import Message
from dash.ops.delivery.sending import Delivered, Post
from dash.ops.delivery.targets import Target
from dash.ops.delivery.words import say
from dash.ops.desk import StuckDesk
from dash.ops.digest import stuck, weekly
from dash.ops.records import Check
from dash.records import Viewer

Doubt = Callable[[stuck.Doubtful], None]


@dataclass(frozen=True)
class Digests:
    """What is sent of itself, on behalf of the product."""

    dash: Dash
    file: DeliveryFile
    viewer: Viewer
    targets: Sequence[Target]
    post: Post

    def write_stuck(
        self, check: Check, to: Target, *, always: bool = False, compared: bool = False, doubt: Doubt | None = None
    ) -> Message | None:
        """The morning list for one target, or None without news for it; `compared` also where it is the first. `doubt`
        hears of the list before where nobody knows whether it arrived."""
        desk = StuckDesk.open(self.dash, self.viewer)
        told = self.post.ledger.told(stuck.KIND, to.digest)
        doubtful = self._doubtful(desk, told, to)
        if doubtful is not None and doubt is not None:
            doubt(doubtful)
        return stuck.write_stuck(
            desk, check, told, self.file.stuck, to, always=always, compared=compared, doubtful=doubtful
        )

    def _doubtful(self, desk: StuckDesk, told: int | None, to: Target) -> stuck.Doubtful | None:
        last = self.post.ledger.last(f"{stuck.KIND}:{told}", to.digest) if told is not None else None
        if told is None or last is None or last.outcome == "sent":
            return None
        check = find_check(self.dash.database, told)
        if check is None:  # too long ago to be told again
            return None
        message = self.rewrite_stuck(check, to)
        return stuck.Doubtful(to.name, message.title if message else "", check.checked_at)

    def rewrite_stuck(self, check: Check, to: Target) -> Message | None:
        """The list that a target got last, written again; a new one for a target that has none, or one of long ago."""
        told = self.post.ledger.told(stuck.KIND, to.digest)
        last = find_check(self.dash.database, told) if told is not None else None
        if last is None:
            return self.write_stuck(check, to, always=True)
        desk = StuckDesk.open(self.dash, self.viewer)
        earlier = self.post.ledger.told(stuck.KIND, to.digest, before=last.check_id)
        return stuck.write_stuck(desk, last, earlier, self.file.stuck, to, always=True)

    def send_stuck(
        self, *, always: bool = False, again: bool = False, since: datetime | None = None, doubt: Doubt | None = None
    ) -> tuple[Delivered, ...]:
        """Check now and send the list to all who receive it; `again` sends each the list that it got last once more.
        A check from `since` on is new enough, so a second try does not make a second check of the morning. `doubt`
        hears of each list that may not have arrived before, in the turn of its target: one that somebody else is
        sending at this moment is on its way and not in doubt.

        Raises NotFoundError, NotAllowed, KnowledgeError, QueryFailed, DatabaseUnavailable.
        """
        check = check_since(StuckDesk.open(self.dash, self.viewer), since)
        targets = self.receiving("stuck")
        if again:
            return self.post.deliver(stuck.KIND, lambda to: self.rewrite_stuck(check, to), targets, again=True)
        return self.post.deliver(
            stuck.KIND, lambda to: self.write_stuck(check, to, always=always, doubt=doubt), targets
        )

    def send_weekly(self, now: datetime, *, again: bool = False, always: bool = False) -> tuple[Delivered, ...]:
        """Send the last whole week to all who receive it; `always` sends it also when numbers of it cannot be read, to
        those who have not got the whole of it.

        Raises NotRead, SettingsError, NotFoundError, DatabaseUnavailable.
        """
        self._require_the_end_of_the_week(now)
        targets = self.receiving("weekly")
        weeks = {language: self.read_week(language, now) for language in {to.language for to in targets}}
        unread = dict.fromkeys(name for week in weeks.values() for name in week.unread)
        if unread and not always:
            raise weekly.NotRead(list(unread))
        return self.post.deliver("weekly", lambda to: self._write_week(weeks[to.language], to), targets, again=again)

    def _write_week(self, week: weekly.Week, to: Target) -> Message | None:
        if week.unread:
            whole = self.post.ledger.last(week.whole_key, to.digest)
            if whole is not None and whole.outcome in ("sent", "uncertain"):
                return None
        return weekly.write_week(week, to, self.dash.settings.page_url)

    def _require_the_end_of_the_week(self, now: datetime) -> None:
        """A schedule ahead of the reporting zone would tell, on Monday morning, the week before last."""
        reporting = self.dash.settings.zone
        zone = self.file.zone or reporting
        if not weekly.week_is_over(now, zone, reporting):
            raise SettingsError(
                f"It is Monday in {zone}, the zone of delivery.yaml, but the week is not over in the reporting zone "
                f"{reporting}; let DASH_TIMEZONE be {zone} too, or let the digest come later."
            )

    def read_week(self, language: str, now: datetime) -> weekly.Week:
        """The last whole week before a moment."""
        return weekly.read_week(self.dash, self.file.weekly, self.viewer, language, now)

    def send_test(self, now: datetime) -> tuple[Delivered, ...]:
        """Send a line to every target, to see that it arrives."""

        def written(to: Target) -> Message:
            title, text = say("test_title", to.language), say("test_text", to.language)
            return Message(f"test:{now.isoformat()}", title, text, f"<p>{text}</p>")

        return self.post.deliver("test", written, self.targets)

    def receiving(self, kind: Kind) -> tuple[Target, ...]:
        """The targets here that receive what is of a kind."""
        return tuple(target for target in self.targets if kind in target.receives)


def check_since(desk: StuckDesk, moment: datetime | None) -> Check:
    """The latest check if it is not older than a moment, else a new one."""
    latest = desk.latest() if moment is not None else None
    return latest if latest is not None and moment is not None and latest.checked_at >= moment else desk.check()
