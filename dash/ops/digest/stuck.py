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
from datetime import UTC
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from dash.ops import working
from dash.ops.checks import find_check, read_diff
from dash.ops.delivery.file import StuckListFile
from dash.ops.delivery.messages import Message, link, page, strange
from dash.ops.delivery.targets import Target
from dash.ops.delivery.words import say
from dash.ops.desk import SHOWN, Narrowing, StuckDesk
from dash.ops.records import STANDINGS, Change, Check, Cleared, Diff, Entry, count_reasons
from dash.ops.wording import Wording

KIND = "stuck"
MOST_LINKS = 5
"""So many tickets of a plain text carry an address; in HTML every number is a link."""
_MOST_NAMES = 6


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

    def of(self, change: Change) -> list[Entry]:
        """What stands so to the earlier list; a ticket that came back from a snooze is told as that alone."""
        return [entry for entry in self.shown if entry.change == change and not entry.is_back]

    @property
    def back(self) -> list[Entry]:
        """What came back from a snooze up to the check."""
        return [entry for entry in self.shown if entry.is_back]

    @property
    def is_news(self) -> bool:
        return bool(self.of("new") or self.of("worse") or self.back or self.cleared)

    def say(self, name: str, **values: object) -> str:
        return say(name, self.to.language, **values)


def write_stuck(
    desk: StuckDesk, check: Check, told: int | None, telling: StuckListFile, to: Target, *, always: bool = False
) -> Message | None:
    """The message of a check for a target that last got the list of check `told`; None when there is no news.

    `always` writes it all the same. Raises DatabaseUnavailable.
    """
    if told is not None and told >= check.check_id and not always:
        return None  # it has this very list
    diff = _since(desk, check, told)
    everything = desk.entries(diff, Narrowing(standings=STANDINGS))
    shown = [entry for entry in everything if entry.state.standing in SHOWN]
    settings = desk.dash.settings
    words = Wording.of(desk.file, desk.dash.knowledge, to.language, settings.zone)
    put_away = len(everything) - len(shown)
    found = _List(diff, shown, _missed(desk, diff), put_away, words, to, telling, settings.page_url)
    first = told is None  # whoever has no list yet is told how things stand
    if not (found.is_news or first or always or telling.when_nothing):
        return None
    text, html = _Text(), _Html()
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


def _missed(desk: StuckDesk, diff: Diff) -> tuple[Cleared, ...]:
    """What cleared without having been put away: of the others nobody waits to hear."""
    done = working.done_about(desk.dash.database, (one.ticket for one in diff.cleared))
    at = diff.check.checked_at
    return tuple(one for one in diff.cleared if working.fold(done.get(one.ticket, ()), one.since, at).standing in SHOWN)


def _day(desk: StuckDesk, check: Check) -> str:
    return check.checked_at.astimezone(ZoneInfo(desk.dash.settings.zone)).date().isoformat()


def _title(found: _List) -> str:
    counts = [("new", len(found.of("new"))), ("worse", len(found.of("worse"))), ("back", len(found.back))]
    counts += [("still", len(found.of("still"))), ("cleared", len(found.cleared))]
    parts = [found.say(f"part_{name}", n=count) for name, count in counts if count]
    if not found.is_news:
        parts.insert(0, found.say("part_nothing"))
    return found.say("stuck_title", parts=", ".join(parts))


class _Text:
    """Collects lines for chats and terminals."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._links = 0

    def head(self, words: str) -> None:
        self.lines += ["", words] if self.lines else [words]

    def line(self, words: str) -> None:
        self.lines.append(words)

    def note(self, words: str) -> None:
        self.lines += ["", words]

    def ticket(self, number: str, url: str | None, rest: str) -> None:
        self.lines.append(f"• {number} · {rest}")
        if url and self._links < MOST_LINKS:
            self.lines.append(f"  {url}")
            self._links += 1

    def address(self, url: str, words: str) -> None:
        self.lines += ["", f"{words}: {url}"]

    def body(self) -> str:
        return "\n".join(self.lines)


class _Html:
    """Collects the same as markup; every word is escaped here and nowhere else."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def head(self, words: str) -> None:
        self.pieces.append(f'<p style="margin:14px 0 4px"><b>{escape(words)}</b></p>')

    def line(self, words: str) -> None:
        self.pieces.append(f'<div style="margin:2px 0">{escape(words)}</div>')

    def note(self, words: str) -> None:
        self.pieces.append(f'<p style="margin:14px 0 4px;color:#667080">{escape(words)}</p>')

    def ticket(self, number: str, url: str | None, rest: str) -> None:
        self.pieces.append(f'<div style="margin:2px 0">• {link(url, number)} · {escape(rest)}</div>')

    def address(self, url: str, words: str) -> None:
        self.pieces.append(f'<p style="margin:14px 0 4px">{link(url, words)}</p>')

    def body(self) -> str:
        return page(self.pieces)


def _write(found: _List, form: _Text | _Html) -> None:
    left = found.telling.longest
    for name, entries in (("new", found.of("new")), ("worse", found.of("worse")), ("back", found.back)):
        left = _section(found, form, name, entries, left)
    if found.cleared:
        form.head(f"{found.say('head_cleared')} ({len(found.cleared)})")
        _some(found, form, found.cleared, max(3, left // 2), _cleared)
    if found.shown:
        is_first = found.diff.before is None
        _standing(found, form, "head_all" if is_first else "head_still", found.shown if is_first else found.of("still"))
    _taken(found, form)
    if found.put_away:
        form.line(found.say("put_away", n=found.put_away))
    before, checked = found.diff.before, found.say("checked", moment=found.words.moment(found.diff.check.checked_at))
    compared = found.say("compared_with", moment=found.words.moment_and_day(before.checked_at)) if before else None
    form.note(f"{checked} {compared or found.say('first_list')}")
    if found.page_url:
        form.address(f"{found.page_url}/stuck{_same_comparison(before)}", found.say("open_list"))


def _same_comparison(before: Check | None) -> str:
    """What lets the page compare with the check that the list compares with."""
    if before is None:
        return ""
    moment = before.checked_at.astimezone(UTC).replace(tzinfo=None)
    return f"?compare={moment.isoformat()}Z"


def _standing(found: _List, form: _Text | _Html, head: str, entries: Sequence[Entry]) -> None:
    """How many of each reason, and the one that has stood the longest; entries come with the longest wait first."""
    if entries:
        form.head(f"{found.say(head)}: {len(entries)}")
    catch_all = found.words.file.catch_all
    for reason, count in count_reasons((entry.ticket.reason for entry in entries), catch_all).items():
        longest = next(entry.ticket for entry in entries if entry.ticket.reason == reason)
        waited = found.words.waiting(longest.hours(found.diff.check.checked_at))
        checks = found.say("in_checks", n=longest.checks)
        form.line(found.say("of_reason", n=count, reason=found.words.reason(reason), waited=waited, checks=checks))


def _taken(found: _List, form: _Text | _Html) -> None:
    """Who has how many of the list, and how many nobody has; nothing while nobody has any."""
    taken = Counter(_whose(entry) for entry in found.shown if entry.state.assignee)
    if not taken:
        return
    names = ", ".join(f"{name} {count}" for name, count in taken.most_common(_MOST_NAMES)) if found.to.names else ""
    names += ", …" if names and len(taken) > _MOST_NAMES else ""
    form.line(found.say("taken", n=taken.total()) + (f" ({names})" if names else ""))
    form.line(found.say("taken_by_nobody", n=len(found.shown) - taken.total()))


def _whose(entry: Entry) -> str:
    """Who has it, as somebody wrote it; of an address only whose it is."""
    return strange((entry.state.assignee or "").partition("@")[0])


def _section(found: _List, form: _Text | _Html, name: str, entries: Sequence[Entry], left: int) -> int:
    if entries:
        form.head(f"{found.say(f'head_{name}')} ({len(entries)})")
        _some(found, form, entries, max(3, left), _entry)
    return max(0, left - len(entries))


def _some(found: _List, form: _Text | _Html, all_of_them: Sequence[object], most: int, write: object) -> None:
    for one in all_of_them[:most]:
        write(found, form, one)  # type: ignore[operator]
    if len(all_of_them) > most:
        form.line(found.say("more", n=len(all_of_them) - most))


def _entry(found: _List, form: _Text | _Html, entry: Entry) -> None:
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


def _cleared(found: _List, form: _Text | _Html, one: Cleared) -> None:
    became = found.say(f"outcome_{one.outcome}", stage=found.words.stage(one.stage))
    form.ticket(strange(one.ticket), _replay(found, one.ticket), strange(became))


def _replay(found: _List, ticket: str) -> str | None:
    return f"{found.page_url}/replay?conversation={quote(ticket, safe='')}" if found.page_url else None
