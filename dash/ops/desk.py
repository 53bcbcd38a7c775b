"""The desk of those who look after stuck tickets: check, what changed, the list, and what to do about a ticket.

Every method asks for the viewer's right by itself, whatever a page or a command shows. What is stored is the same for
everybody: checks are judged on behalf of the product, with personal columns masked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dash.access import require
from dash.ask import Dash
from dash.errors import NotFoundError
from dash.knowledge.one_model import require_no_fault
from dash.knowledge.stuck import FILE, STAGE, StuckFile, read_stuck
from dash.knowledge.workdays import idle_days_before, workday_zone
from dash.ops import checks, working
from dash.ops.records import Action, Change, Check, Cleared, Deed, Diff, Entry, Standing, State, StuckTicket
from dash.ops.undoing import Done
from dash.records import Viewer

SHOWN: frozenset[Standing] = frozenset({"open", "acknowledged"})
"""What is on the list as long as nobody asks for more."""


@dataclass(frozen=True)
class Narrowing:
    """Which entries are wanted. Empty parts want all. `facts` are by name, the stage among them; `mine` wants what the
    viewer has. Snoozed and closed ones come only when `standings` asks for them, also of those that cleared."""

    reasons: Collection[str] = ()
    facts: Mapping[str, Collection[str]] = field(default_factory=dict)
    changes: Collection[Change] = ()
    standings: Collection[Standing] = SHOWN
    mine: bool = False


@dataclass(frozen=True)
class StuckDesk:
    """The product, what stuck means there, and who sits at the desk."""

    dash: Dash
    file: StuckFile
    viewer: Viewer

    @classmethod
    def open(cls, dash: Dash, viewer: Viewer) -> StuckDesk:
        """Read the definition. Raises KnowledgeError with its faults, NotFoundError when there is none, NotAllowed."""
        require(viewer, "see_stuck")
        file, document = read_stuck(dash.settings.knowledge)
        require_no_fault(document)
        if file is None:
            path = f"{dash.settings.knowledge.name}/business/{FILE}"
            raise NotFoundError(f"Nothing says when a ticket is stuck: write {path} (docs/operations.md).")
        return cls(dash, file, viewer)

    def check(self, now: datetime | None = None) -> Check:
        """Judge all tickets now and keep what was found; while another check runs, wait and give that one.

        Raises QueryFailed, DatabaseUnavailable.
        """
        return checks.record_check(self.dash, self.file, now or self.dash.clock())

    def latest(self) -> Check | None:
        """The last complete check."""
        return checks.latest_check(self.dash.database)

    def history(self, *, since: datetime | None = None, limit: int = 100) -> tuple[Check, ...]:
        """Complete checks with their counts by reason, newest first."""
        return checks.list_checks(self.dash.database, since=since, limit=limit)

    def diff(self, check: Check, *, since: datetime | None = None) -> Diff:
        """What changed since the check before, or since the last one at or before a moment (the first one, where none
        is that old). Since a moment after the check itself nothing has."""
        database = self.dash.database
        if check.previous is None:  # the first one; there is nothing to compare it with
            before = None
        elif since is None:
            before = checks.find_check(database, check.previous)
        else:
            before = checks.check_at(database, min(since, check.checked_at))
        return checks.read_diff(database, check, before)

    def diff_with(self, check: Check, number: int) -> Diff:
        """What changed since the check of a number, or since the oldest that is kept where that one is forgotten. Two
        checks may be of one moment, so whoever means one of them says its number. Raises NotFoundError where the number
        is of no earlier check."""
        database = self.dash.database
        if number >= check.check_id:
            raise NotFoundError(f"There is no check {number} before this one, which is check {check.check_id}.")
        if check.previous is None:
            return checks.read_diff(database, check, None)
        oldest = datetime.min.replace(tzinfo=UTC)
        before = checks.find_check(database, number) or checks.check_at(database, oldest)
        return checks.read_diff(database, check, before)

    def diff_since_workday(self, check: Check) -> Diff:
        """What changed since the morning of the working day before: on a Monday since Friday's, where nobody works at
        weekends. Nobody saw what came up on the days in between, so all of it is told."""
        place = ZoneInfo(workday_zone(self.file, self.dash.settings.zone))
        today = check.checked_at.astimezone(place).date()
        return self._diff_since_day_before(check, today - timedelta(days=idle_days_before(self.file, today)), place)

    def diff_since_yesterday(self, check: Check) -> Diff:
        """What changed since the morning of the day before, whoever worked on it."""
        place = ZoneInfo(self.dash.settings.zone)
        return self._diff_since_day_before(check, check.checked_at.astimezone(place).date(), place)

    def _diff_since_day_before(self, check: Check, day: date, place: ZoneInfo) -> Diff:
        """What changed since the first check of the last day before `day` that had any, or since the first of all:
        neither a check of that day's evening nor one of today takes away what is new since its morning."""
        database, midnight = self.dash.database, datetime.combine(day, time(), place)
        last = checks.check_at(database, midnight - timedelta(microseconds=1)) or check
        morning = datetime.combine(last.checked_at.astimezone(place).date(), time(), place)
        first = checks.first_check_from(database, morning) or last
        if check.previous is None:
            return checks.read_diff(database, check, None)
        # By its number, not by its time: two checks can be of the same moment.
        return checks.read_diff(database, check, min(first, check, key=lambda one: one.check_id))

    def diff_for(self, reader: str, check: Check) -> Diff:
        """What changed since the check that a reader of this name was shown last; since the working day before for one
        that was never here. Nobody else's look takes its news away."""
        seen = checks.last_seen(self.dash.database, reader)
        if seen is None or seen.check_id > check.check_id:
            return self.diff_since_workday(check)
        return checks.read_diff(self.dash.database, check, seen)

    def was_shown(self, reader: str, check: Check) -> None:
        """Write down that a reader has seen a check, so that the next one is compared with it."""
        checks.record_seen(self.dash.database, reader, check, self.dash.clock())

    def entries(self, diff: Diff, narrowing: Narrowing | None = None) -> tuple[Entry, ...]:
        """The list of a diff's later check, the longest wait first, narrowed (by default what nobody put away)."""
        return self.narrowed(self.everything(diff), narrowing or Narrowing())

    def everything(self, diff: Diff) -> tuple[Entry, ...]:
        """All of a diff's later check with what people made of it, the longest wait first, also what they put away."""
        now, changes = self.dash.clock(), diff.changes
        tickets = sorted((*diff.new, *diff.worse, *diff.still), key=lambda one: (one.since, one.ticket))
        done = working.done_about(self.dash.database, (one.ticket for one in tickets))
        found = []
        for ticket in tickets:
            state = working.fold(done.get(ticket.ticket, ()), ticket.since, now)
            change = changes[ticket.ticket]
            is_back = change != "new" and state.standing in SHOWN and _came_back(state, diff)
            found.append(Entry(ticket, state, "still" if is_back else change, is_back))
        return tuple(found)

    def narrowed(self, entries: Iterable[Entry], narrowing: Narrowing) -> tuple[Entry, ...]:
        """Those of some entries that are wanted."""
        return tuple(
            entry
            for entry in entries
            if entry.state.standing in narrowing.standings
            and (not narrowing.changes or entry.change in narrowing.changes)
            and self._is_wanted(entry.ticket, entry.state, narrowing)
        )

    def cleared(self, diff: Diff, narrowing: Narrowing | None = None) -> tuple[Cleared, ...]:
        """What a diff's earlier check had and the later one has not, narrowed by reason, facts, whose they were and how
        they stood: nobody waits to hear of what was put away."""
        narrowing = narrowing or Narrowing()
        at = diff.check.checked_at
        done = working.done_about(self.dash.database, (one.ticket for one in diff.cleared))
        found = []
        for one in diff.cleared:
            state = working.fold(done.get(one.ticket, ()), one.since, at)
            if state.standing in narrowing.standings and self._is_wanted(one, state, narrowing):
                found.append(one)
        return tuple(found)

    def actions(self, ticket: str) -> tuple[Action, ...]:
        """Everything that was ever done about a ticket, oldest first."""
        return working.done_about(self.dash.database, [ticket]).get(ticket, ())

    def act(
        self,
        deed: Deed,
        tickets: Sequence[str],
        *,
        until: datetime | None = None,
        text: str | None = None,
        check: Check | None = None,
        seen: Sequence[Entry] | None = None,
        anyway: bool = False,
    ) -> Done:
        """Do something about tickets of the last check (or of the `check` that the viewer sees), all or none.

        `until` ends a snooze; without it the next change of stage does. `text` is the assignee (None: nobody) or the
        note; others may carry one as well. What a colleague decided is undone only where the viewer has `seen` that in
        a list, or `anyway`. Raises NotAllowed, NotFoundError, UserError, ColleagueDecided, DatabaseUnavailable.
        """
        require(self.viewer, "work_stuck_list")
        check = check or self.latest()
        if check is None:
            raise NotFoundError("Nothing was checked yet; run dash stuck first.")
        doing = self._doing(check, seen, anyway=anyway)
        return working.record_actions(self.dash.database, doing, {deed: tickets}, until=until, text=text)

    def bring_back(self, entries: Sequence[Entry], *, check: Check) -> Done:
        """What was snoozed comes back as it was before; what was acknowledged or closed is open again. All or none, and
        as the viewer sees them. Raises NotAllowed, NotFoundError, ColleagueDecided, DatabaseUnavailable.
        """
        require(self.viewer, "work_stuck_list")
        snoozed = [entry.ticket.ticket for entry in entries if entry.state.standing == "snoozed"]
        others = [entry.ticket.ticket for entry in entries if entry.state.standing in ("acknowledged", "closed")]
        deeds: Mapping[Deed, Sequence[str]] = {"unsnooze": snoozed, "reopen": others}
        return working.record_actions(self.dash.database, self._doing(check, entries), deeds)

    def _doing(self, check: Check, seen: Sequence[Entry] | None, *, anyway: bool = False) -> working.Doing:
        known = None
        if seen is not None:
            known = {one.ticket.ticket: one.state.actions[-1].action_id for one in seen if one.state.actions}
        zone = self.dash.settings.zone
        return working.Doing(check.check_id, self.viewer, self.dash.clock(), zone, known, anyway)

    def _is_wanted(self, one: StuckTicket | Cleared, state: State, narrowing: Narrowing) -> bool:
        return (
            (not narrowing.reasons or one.reason in narrowing.reasons)
            and all(_fact(one, name) in values for name, values in narrowing.facts.items() if values)
            and (not narrowing.mine or self._has(state))
        )

    def _has(self, state: State) -> bool:
        return state.assignee is not None and state.assignee in (self.viewer.name, self.viewer.display)


def left_out(everything: Iterable[Entry], shown: Iterable[Entry]) -> Mapping[str, int]:
    """Why tickets of `everything` are not among those `shown`: snoozed, closed, or only not asked for."""
    listed = {entry.ticket.ticket for entry in shown}
    left = Counter(
        "filtered" if entry.state.standing in SHOWN else entry.state.standing
        for entry in everything
        if entry.ticket.ticket not in listed
    )
    return {name: left[name] for name in ("snoozed", "closed", "filtered") if left[name]}


def _came_back(state: State, diff: Diff) -> bool:
    """Whether a snooze ended between the two checks, so that each comparison tells of it once."""
    if state.back_at is None or diff.before is None:
        return False
    return diff.before.checked_at < state.back_at <= diff.check.checked_at


def _fact(one: StuckTicket | Cleared, name: str) -> str | None:
    if name == STAGE:
        return one.was_stage if isinstance(one, Cleared) else one.stage
    value = one.facts.get(name)
    return None if value is None else str(value)
