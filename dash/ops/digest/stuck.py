"""The morning list as a message: what is new, what got worse, what cleared, and how much still stands.

It compares with the last list that this very target got, so a list that did not arrive is made good by the next one;
its link opens the page with the same comparison.
Tickets stand in it by number, stage and reason; what strangers wrote only where the target is allowed to have it. What
is snoozed or closed stays quiet, also when it gets worse or clears; a ticket whose snooze has ended is news.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from dash.ops.checks import find_check, read_diff
from dash.ops.delivery.file import StuckListFile
from dash.ops.delivery.messages import Message, strange
from dash.ops.delivery.targets import Target
from dash.ops.delivery.words import say
from dash.ops.desk import SHOWN, StuckDesk
from dash.ops.digest.forms import Lines, Markup
from dash.ops.records import Change, Check, Cleared, Diff, Entry, count_changes, count_reasons
from dash.ops.wording import Wording

KIND = "stuck"
_MOST_NAMES = 6


@dataclass(frozen=True)
class Doubtful:
    """A list of which nobody knows whether it arrived: to whom, what its headline was, and when it was checked."""

    target: str
    title: str
    checked_at: datetime


@dataclass(frozen=True)
class _List:
    """What one message is written from."""

    diff: Diff
    shown: Sequence[Entry]
    cleared: Sequence[Cleared]
    put_away: int
    words: Wording
    to: Target
    telling: StuckListFile
    page_url: str | None
    is_first: bool
    doubtful: Doubtful | None

    def of(self, change: Change) -> list[Entry]:
        """What stands so to the earlier list; what came back from a snooze is among what still stands."""
        return [entry for entry in self.shown if entry.change == change]

    @property
    def back(self) -> list[Entry]:
        """What came back from a snooze up to the check."""
        return [entry for entry in self.shown if entry.is_back]

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of the headline, as the page and the terminal say them."""
        return count_changes(self.shown, self.cleared)

    @property
    def is_news(self) -> bool:
        return any(count for name, count in self.counts.items() if name != "still")

    def say(self, name: str, **values: object) -> str:
        """A sentence of messages; a whole number in it is written as the language writes it."""
        return say(name, self.to.language, count=self.words.cells.count, **values)

    def count(self, number: int) -> str:
        return self.words.cells.count(number)


def write_stuck(
    desk: StuckDesk,
    check: Check,
    told: int | None,
    telling: StuckListFile,
    to: Target,
    *,
    always: bool = False,
    compared: bool = False,
    doubtful: Doubtful | None = None,
) -> Message | None:
    """The message of a check for a target that last got the list of check `told`; None when there is no news.

    Who has got none is told how things stand, without a comparison, unless it is to be `compared` all the same;
    `always` writes it without news; `doubtful` is the one before where nobody knows whether it arrived.
    Raises DatabaseUnavailable.
    """
    if told is not None and told >= check.check_id and not always:
        return None  # it has this very list
    first = told is None and not compared
    diff = _standing_alone(_since(desk, check, told)) if first else _since(desk, check, told)
    everything = desk.everything(diff)
    shown = [entry for entry in everything if entry.state.standing in SHOWN]
    settings = desk.dash.settings
    words = Wording.of(desk.file, desk.dash.knowledge, to.language, settings.zone)
    put_away = len(everything) - len(shown)
    found = _List(diff, shown, desk.cleared(diff), put_away, words, to, telling, settings.page_url, first, doubtful)
    if not (found.is_news or first or always or telling.when_nothing):
        return None
    text, html = Lines(), Markup()
    for form in (text, html):
        _write(found, form)
    key = f"{KIND}:{check.check_id}" if found.is_news or first or always else f"{KIND}:nothing:{_day(desk, check)}"
    severity = "warning" if found.of("new") or found.of("worse") or found.back else "info"
    return Message(key, _title(found), text.body(), html.body(), severity)  # type: ignore[arg-type]


def _since(desk: StuckDesk, check: Check, told: int | None) -> Diff:
    """What changed since the list that the target has; since the working day before for one that has none, or one that
    is so old that its check is forgotten."""
    if told is not None and told >= check.check_id:
        return desk.diff(check)
    database = desk.dash.database
    before = find_check(database, told) if told is not None else None
    return read_diff(database, check, before) if before else desk.diff_since_workday(check)


def _standing_alone(diff: Diff) -> Diff:
    """All that is stuck, held against nothing."""
    everything = (*diff.new, *diff.worse, *diff.still)
    return Diff(diff.check, None, (), (), everything, ())


def _day(desk: StuckDesk, check: Check) -> str:
    return check.checked_at.astimezone(ZoneInfo(desk.dash.settings.zone)).date().isoformat()


def _title(found: _List) -> str:
    if found.is_first:
        return found.say("stuck_title", parts=found.say("part_first", n=len(found.shown)))
    parts = [found.say("part_nothing")] if not found.is_news else []
    for name, count in found.counts.items():
        if name == "still" and count:
            behind = found.say("part_of_them", part=found.say("part_back", n=len(found.back))) if found.back else ""
            parts.append(found.say("part_still", n=count) + behind)
        elif name != "back" and count:
            parts.append(found.say(f"part_{name}", n=count))
    return found.say("stuck_title", parts=", ".join(parts))


def _write(found: _List, form: Lines | Markup) -> None:
    left = found.telling.longest
    if found.is_first:
        _section(found, form, "oldest", found.shown[: left + (len(found.shown) == left + 1)], left, len(found.shown))
    for name, entries in (("new", found.of("new")), ("worse", found.of("worse")), ("back", found.back)):
        left = _section(found, form, name, entries, left)
    if found.cleared:
        form.head(f"{found.say('head_cleared')} ({found.count(len(found.cleared))})")
        _some(found, form, found.cleared, max(3, left // 2), _cleared)
    if found.shown:
        is_all = found.diff.before is None
        _standing(found, form, "head_all" if is_all else "head_still", found.shown if is_all else found.of("still"))
    _taken(found, form)
    if found.put_away:
        form.line(found.say("put_away", n=found.put_away))
    before, checked = found.diff.before, found.say("checked", moment=found.words.moment(found.diff.check.checked_at))
    compared = found.say("compared_with", moment=found.words.moment_and_day(before.checked_at)) if before else None
    form.note(f"{checked} {compared or found.say('first_message' if found.is_first else 'first_list')}")
    if found.doubtful:
        moment = found.words.moment(found.doubtful.checked_at)
        form.note(found.say("maybe_missed", title=found.doubtful.title, moment=moment))
    if found.page_url:
        form.address(f"{found.page_url}/stuck{_same_comparison(before)}", found.say("open_list"))


def _same_comparison(before: Check | None) -> str:
    """What lets the page compare with the check that the list compares with."""
    return f"?compare=check-{before.check_id}" if before is not None else ""


def _standing(found: _List, form: Lines | Markup, head: str, entries: Sequence[Entry]) -> None:
    """How many of each reason, and the one that has stood the longest; entries come with the longest wait first."""
    if entries:
        form.head(f"{found.say(head)}: {found.count(len(entries))}")
    catch_all = found.words.file.catch_all
    for reason, count in count_reasons((entry.ticket.reason for entry in entries), catch_all).items():
        longest = next(entry.ticket for entry in entries if entry.ticket.reason == reason)
        waited = found.words.waiting(longest.hours(found.diff.check.checked_at))
        checks = found.say("in_checks", n=longest.checks)
        form.line(found.say("of_reason", n=count, reason=found.words.reason(reason), waited=waited, checks=checks))


def _taken(found: _List, form: Lines | Markup) -> None:
    """Who has how many of the list, and how many nobody has; nothing while nobody has any."""
    taken = Counter(_whose(entry) for entry in found.shown if entry.state.assignee)
    if not taken:
        return
    names = (
        ", ".join(f"{name} {found.count(count)}" for name, count in taken.most_common(_MOST_NAMES))
        if found.to.names
        else ""
    )
    names += ", …" if names and len(taken) > _MOST_NAMES else ""
    form.line(found.say("taken", n=taken.total()) + (f" ({names})" if names else ""))
    form.line(found.say("taken_by_nobody", n=len(found.shown) - taken.total()))


def _whose(entry: Entry) -> str:
    """Who has it, as somebody wrote it; of an address only whose it is."""
    return strange((entry.state.assignee or "").partition("@")[0])


def _section(
    found: _List, form: Lines | Markup, name: str, entries: Sequence[Entry], left: int, of: int | None = None
) -> int:
    """Entries, the first ones `of` so many; says how many lines are left for the next section."""
    if entries:
        counted = found.count(len(entries))
        behind = (
            f" ({found.say('some_of', n=counted, of=found.count(of))})" if of and of > len(entries) else f" ({counted})"
        )
        form.head(found.say(f"head_{name}") + behind)
        _some(found, form, entries, max(3, left), _entry)
    return max(0, left - len(entries))


def _some(found: _List, form: Lines | Markup, all_of_them: Sequence[object], most: int, write: object) -> None:
    """No more than that; where only one were left out, it stands there instead of the line that says so."""
    shown = all_of_them if len(all_of_them) == most + 1 else all_of_them[:most]
    for one in shown:
        write(found, form, one)  # type: ignore[operator]
    if len(all_of_them) > len(shown):
        form.line(found.say("more", n=len(all_of_them) - len(shown)))


def _entry(found: _List, form: Lines | Markup, entry: Entry) -> None:
    ticket, words = entry.ticket, found.words
    rest = [
        words.stage(ticket.stage),
        words.waiting(ticket.hours(found.diff.check.checked_at)),
        *([found.say("in_checks", n=ticket.checks)] if ticket.checks > 1 else ()),
        words.reason(ticket.reason),
        *([f"→ {_whose(entry)}"] if entry.state.assignee and found.to.names else ()),
    ]
    form.ticket(strange(ticket.ticket), _replay(found, ticket.ticket), " · ".join(map(strange, rest)))
    if found.to.ticket_text:
        for label, value in words.evidence(ticket):
            form.line(f"   {strange(label)}: {strange(value)}")


def _cleared(found: _List, form: Lines | Markup, one: Cleared) -> None:
    became = found.say(f"outcome_{one.outcome}", stage=found.words.stage(one.stage))
    form.ticket(strange(one.ticket), _replay(found, one.ticket), strange(became))


def _replay(found: _List, ticket: str) -> str | None:
    return f"{found.page_url}/replay?conversation={quote(ticket, safe='')}" if found.page_url else None
