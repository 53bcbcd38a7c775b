"""What the scheduled jobs do. Each says in one sentence what came of it, or raises what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dash.ask import Dash
from dash.drift import Finding
from dash.errors import UserError
from dash.ops.alerts.file import load_alerts
from dash.ops.alerts.watching import NotMeasured, Watch
from dash.ops.checks import forget_checks
from dash.ops.delivery.file import DeliveryFile
from dash.ops.delivery.sending import Delivered, NotDelivered, Post, failures
from dash.ops.delivery.targets import Target
from dash.ops.desk import StuckDesk
from dash.ops.digest.sending import Digests, check_since
from dash.ops.digest.weekly import NotRead
from dash.ops.schedule.running import Job
from dash.ops.schedule.runs import RETRY_AFTER, JobRuns
from dash.records import Viewer

FRESH = sum(RETRY_AFTER, timedelta()) + RETRY_AFTER[0]
"""What is older than that is checked anew. All tries of a morning fall into it, with some time for themselves."""

JOBS = ("stuck_check", "stuck_digest", "weekly_digest", "alerts", "drift", "tidy", "knowledge_check")
"""Every job that a schedule may name; the last one is the surface's, which alone can check everything."""

UNASKED = {"tidy": "40 4 * * *"}
"""What runs wherever anything does, as long as the schedule says nothing else about it."""


@dataclass(frozen=True)
class Jobs:
    """The work, on behalf of the product."""

    dash: Dash
    file: DeliveryFile
    viewer: Viewer
    targets: Sequence[Target]
    post: Post

    def all(self) -> Mapping[str, Job]:
        """Name → job."""
        return {
            "stuck_check": self.stuck_check,
            "stuck_digest": self.stuck_digest,
            "weekly_digest": self.weekly_digest,
            "alerts": self.alerts,
            "drift": self.drift,
            "tidy": self.tidy,
        }

    def stuck_check(self, due_at: datetime) -> str:
        """Judge all tickets and keep what was found, unless that was done just now, since it was due."""
        check = check_since(StuckDesk.open(self.dash, self.viewer), self._fresh(due_at))
        return f"{check.tickets:,} stuck tickets"

    def stuck_digest(self, due_at: datetime) -> str:
        """Send the morning list."""
        digests = self._digests()
        nothing = "nothing new" if digests.receiving("stuck") else "no target receives it"
        return _summary(digests.send_stuck(since=self._fresh(due_at)), nothing)

    def weekly_digest(self, due_at: datetime) -> str:
        """Send the week before the moment at which it was due. While numbers of it cannot be read, the run has failed
        and is tried again; the last time it is sent without them."""
        nothing = "no target receives it"
        try:
            return _summary(self._digests().send_weekly(due_at), nothing)
        except NotRead:
            if JobRuns(self.dash.database).has_another_try("weekly_digest", due_at):
                raise
            _summary(self._digests().send_weekly(due_at, always=True), nothing)
            raise

    def alerts(self, due_at: datetime) -> str:
        """Look at all alerts. Raises NotDelivered, and NotMeasured when nobody knows about some of them."""
        watch = Watch(self.dash, load_alerts(self.dash.settings.knowledge), self.viewer, self.targets, self.post)
        seen = watch.look()
        if seen is None:
            return "somebody else is looking"
        told = tuple(each for one in seen for each in one.told)
        errors = [one for one in seen if one.error]
        firing = [one.rule.name for one in seen if one.standing == "firing"]
        if lost := failures(told):
            raise NotDelivered(lost)
        if errors:
            raise NotMeasured(errors)
        unheard = [one.rule.name for one in seen if one.unheard]
        words = f"{len(seen)} rules, firing: {', '.join(firing) or 'none'}"
        return words + (f"; told nobody: {', '.join(unheard)}" if unheard else "")

    def drift(self, due_at: datetime) -> str:
        """Look whether the database is still as the knowledge says. Raises Drifted where questions cannot be answered
        any more."""
        looked = self.dash.look_for_drift()
        if any(finding.breaks for finding in self.dash.drift):
            raise Drifted(self.dash.drift)
        unread = f"; not looked through within the time: {', '.join(looked.unread)}" if looked.unread else ""
        return ("; ".join(map(str, self.dash.drift)) or "the database is as the knowledge says") + unread

    def tidy(self, due_at: datetime) -> str:
        """Forget the checks of stuck tickets that are older than the file wants them kept."""
        days = self.file.keep.stuck_checks_days
        if days is None:
            return "everything is kept"
        forgotten = forget_checks(self.dash.database, self.dash.clock() - timedelta(days=days))
        return f"checks of stuck tickets older than {days} days: {forgotten:,} forgotten"

    def _fresh(self, due_at: datetime) -> datetime:
        """The moment since which a check serves a job; one that is caught up hours later makes its own."""
        return max(due_at, self.dash.clock() - FRESH)

    def _digests(self) -> Digests:
        return Digests(self.dash, self.file, self.viewer, self.targets, self.post)


def _summary(delivered: Sequence[Delivered], nothing: str) -> str:
    if lost := failures([each for each in delivered if not each.before or each.outcome in ("failed", "busy")]):
        raise NotDelivered(lost)
    if not delivered:
        return nothing
    arrived = [each.target for each in delivered if each.arrived]
    left = [f"{each.target} ({each.outcome})" for each in delivered if not each.arrived]
    parts = (("sent to ", arrived), ("not again to ", left))
    return "; ".join(words + ", ".join(names) for words, names in parts if names)


class Drifted(UserError):
    """The database has not any more what questions need."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        listed = "; ".join(map(str, findings))
        super().__init__(f"{listed}. To mend the files: dash check --live --propose mend.diff")
