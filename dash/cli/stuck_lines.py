"""The list of stuck tickets on a terminal, as JSON and as CSV: what changed first, then every reason, oldest first.

A terminal gets a screenful, with colours unless NO_COLOR says otherwise; a file gets whole lines. What strangers wrote
passes through `clean` here and through `csv_text` in files, so it can neither steer a terminal nor start a formula.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dash.cli.show import clean
from dash.cli.texts import text
from dash.export import csv_text
from dash.ops import Change, Cleared, Diff, Entry, State, StuckTicket, Wording, count_changes, count_reasons

MOST_CHANGED = 20
MOST_OF_A_REASON = 8
MOST_NAMES = 6
"""So many rows of each part; --all shows the rest."""
WIDTH_WITHOUT_TERMINAL = 10_000

_LEVELS = ("", "yellow", "dark_orange", "red")
_CHANGES: dict[Change, tuple[str, str]] = {"new": ("+", "bold red"), "worse": ("^", "bold yellow"), "still": (" ", "")}


@dataclass(frozen=True)
class Shown:
    """What is shown: a diff, narrowed, in the words of a language."""

    diff: Diff
    entries: tuple[Entry, ...]
    cleared: tuple[Cleared, ...]
    wording: Wording
    left_out: Mapping[str, int] = field(default_factory=dict)

    def of(self, change: Change) -> tuple[Entry, ...]:
        """The entries that stand so to the earlier check."""
        return tuple(entry for entry in self.entries if entry.change == change)

    @property
    def reasons(self) -> dict[str, int]:
        """Reason → how many of the entries have it, in the order of the list."""
        return count_reasons((entry.ticket.reason for entry in self.entries), self.wording.file.catch_all)

    @property
    def now(self) -> datetime:
        """The moment that was judged."""
        return self.diff.check.checked_at

    def say(self, name: str, **values: Any) -> str:
        """A text of the command line; with `n` the plural form that it takes."""
        return text(f"stuck_{name}", self.wording.language, values.get("n")).format(**values)


class _Console(Console):
    """A reader that has enough ends the printing and not the command."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def show(shown: Shown, *, whole: bool, all_new: bool = False) -> None:
    """Print it: counts, what changed, the list by reason. `all_new` cuts nothing of what is new or back."""
    console = _Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL
    _show_head(console, shown)
    if shown.diff.before is not None:
        for change in ("new", "worse"):
            entries = [entry for entry in shown.entries if entry.change == change]
            most = _limit(whole or (all_new and change == "new"), MOST_CHANGED)
            _show_part(console, shown, shown.say(change), entries, most, with_reason=True)
        back = [entry for entry in shown.entries if entry.is_back]
        _show_part(console, shown, shown.say("back"), back, _limit(whole or all_new, MOST_CHANGED), with_reason=True)
        _show_cleared(console, shown, _limit(whole, MOST_CHANGED))
    for reason in shown.reasons:
        entries = [entry for entry in shown.entries if entry.ticket.reason == reason]
        title, advice = shown.wording.reason(reason), shown.wording.advice(reason)
        _show_part(console, shown, title, entries, _limit(whole, MOST_OF_A_REASON), advice=advice)


def _limit(whole: bool, most: int) -> int | None:
    return None if whole else most


def _cut(count: int, most: int | None) -> int | None:
    """Where to cut: one row more is shorter than the line that says that it is missing."""
    return None if most is None or count <= most + 1 else most


def _show_head(console: Console, shown: Shown) -> None:
    check, before = shown.diff.check, shown.diff.before
    counted = shown.wording.cells.count
    console.print(Text(shown.say("head", count=counted(check.tickets)), style="bold"))
    moments = [shown.say("checked", moment=shown.wording.moment(check.checked_at))]
    if before is None:
        moments.append(shown.say("first"))
    else:
        moments.append(shown.say("compared", moment=shown.wording.moment_and_day(before.checked_at)))
    console.print(Text(" · ".join(moments), style="dim"))
    if before is not None:
        counts = count_changes(shown.entries, shown.cleared)
        back = shown.say("of_them_back", count=counted(counts["back"])) if counts["back"] else ""
        parts = [f"{shown.say(change)}: {counted(counts[change])}" for change in _CHANGES]
        parts = [*parts[:-1], parts[-1] + back, f"{shown.say('cleared')}: {counted(counts['cleared'])}"]
        console.print(Text(" · ".join(parts)))
    why = [f"{shown.wording.reason(name)}: {counted(count)}" for name, count in shown.reasons.items()]
    console.print(Text(" · ".join(why)))
    taken = Counter(clean(entry.state.assignee) for entry in shown.entries if entry.state.assignee)
    if taken:
        names = ", ".join(f"{name} {counted(count)}" for name, count in taken.most_common(MOST_NAMES))
        nobody = counted(len(shown.entries) - taken.total())
        console.print(Text(shown.say("taken", count=counted(taken.total()), names=names, nobody=nobody)))
    if shown.left_out:
        left = ", ".join(shown.say(f"left_{name}", count=counted(count)) for name, count in shown.left_out.items())
        words = shown.say("narrowed", count=counted(len(shown.entries)), left=left)
        hint = shown.say("narrowed_all") if set(shown.left_out) - {"filtered"} else ""
        console.print(Text(words + hint, style="dim"))


def _show_part(
    console: Console,
    shown: Shown,
    title: str,
    entries: Sequence[Entry],
    most: int | None,
    *,
    advice: str = "",
    with_reason: bool = False,
) -> None:
    if not entries:
        return
    console.print()
    console.print(Text.assemble((title, "bold"), f"  {shown.wording.cells.count(len(entries))}"))
    if advice:
        _print(console, Padding(Text(advice, style="dim"), (0, 0, 0, 2), expand=False))
    _print(console, _table(console, shown, entries[: _cut(len(entries), most)], with_reason))
    _show_rest(console, shown, len(entries), most)


def _table(console: Console, shown: Shown, entries: Sequence[Entry], with_reason: bool) -> Table:
    """Columns by their weight: where the terminal is narrow, what is said elsewhere too is left out."""
    narrow = console.width < 100
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, width=1)
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=20)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(no_wrap=True)
    for _ in range(1 if narrow else 2):
        table.add_column(no_wrap=True, overflow="ellipsis", max_width=24)
    table.add_column(overflow="fold", ratio=1 if console.is_terminal else None)
    for entry in entries:
        table.add_row(*_cells(shown, entry, with_reason, narrow))
    return table


def _cells(shown: Shown, entry: Entry, with_reason: bool, narrow: bool) -> Iterable[Text]:
    ticket, wording = entry.ticket, shown.wording
    sign, style = _CHANGES[entry.change] if shown.diff.before else ("", "")  # at the first check all would be new
    level = _LEVELS[min(ticket.level, len(_LEVELS) - 1)]
    facts = [clean(value) for (_, value) in wording.facts(ticket)]
    yield Text(sign, style=style)
    yield Text(clean(ticket.ticket), style="bold")
    yield Text(wording.waiting(ticket.hours(shown.now)), style=level)
    checks = wording.cells.count(ticket.checks)
    yield Text(
        "" if ticket.checks == 1 else f"×{checks}" if narrow else shown.say("checks", n=ticket.checks), style="dim"
    )
    yield Text(clean(wording.stage(ticket.stage)))
    if not narrow:
        yield Text(facts[0] if facts else "")
    parts = [wording.reason(ticket.reason)] if with_reason else []
    parts += [f"{label}: {value}" for label, value in wording.evidence(ticket)]
    parts += [_state(shown, entry.state)] if entry.state.standing != "open" or entry.state.assignee else []
    parts += [f"“{said}”" for said in (entry.state.why, *(note.text for note in entry.state.notes[-1:])) if said]
    yield Text(clean(" · ".join(part for part in parts if part)))


def _state(shown: Shown, state: State) -> str:
    parts = []
    if state.standing != "open":
        until = f" {shown.say('until', moment=shown.wording.moment(state.until))}" if state.until else ""
        parts.append(f"{shown.say(state.standing)}{until} ({state.who})")
    if state.assignee:
        parts.append(f"→ {state.assignee}")
    return " ".join(parts)


def _show_cleared(console: Console, shown: Shown, most: int | None) -> None:
    if not shown.cleared:
        return
    console.print()
    console.print(
        Text.assemble((shown.say("cleared"), "bold green"), f"  {shown.wording.cells.count(len(shown.cleared))}")
    )
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for one in shown.cleared[: _cut(len(shown.cleared), most)]:
        stage = clean(shown.wording.stage(one.stage))
        table.add_row(
            Text("-", style="green"),
            Text(clean(one.ticket)),
            Text(shown.say(f"outcome_{one.outcome}", stage=stage)),
            Text(clean(shown.wording.reason(one.reason)), style="dim"),
        )
    _print(console, table)
    _show_rest(console, shown, len(shown.cleared), most)


def _show_rest(console: Console, shown: Shown, count: int, most: int | None) -> None:
    if most is not None and count > most + 1:
        console.print(Text(f"  {shown.say('rest', count=shown.wording.cells.count(count - most))}", style="dim"))


def _print(console: Console, drawn: RenderableType) -> None:
    """What is drawn is padded to its width, also where nothing follows."""
    with console.capture() as painted:
        console.print(drawn)
    console.file.write("".join(f"{line.rstrip()}\n" for line in painted.get().splitlines()))


def json_of(shown: Shown) -> str:
    """The documented JSON (docs/operations.md)."""
    check, before = shown.diff.check, shown.diff.before
    document = {
        "check": asdict(check),
        "before": asdict(before) if before else None,
        "counts": count_changes(shown.entries, shown.cleared),
        "tickets": [_entry_json(shown, entry) for entry in shown.entries],
        "cleared": [asdict(one) for one in shown.cleared],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, default=_plain)


def _entry_json(shown: Shown, entry: Entry) -> dict[str, Any]:
    ticket: StuckTicket = entry.ticket
    state = asdict(entry.state)
    del state["actions"]
    return {
        **asdict(ticket),
        "hours": round(ticket.hours(shown.now), 2),
        "reason_label": shown.wording.reason(ticket.reason),
        "change": entry.change,
        "is_back": entry.is_back,
        "state": state,
    }


def csv_of(shown: Shown) -> str:
    """One line per ticket; what is in the facts and who has it are columns of their own."""
    facts = list(shown.wording.file.tickets.facts)
    columns = ["ticket", "change", "reason", "stage", "since", "hours", "level", "checks", *facts]
    columns += ["state", "until", "has_it", "note", "evidence"]
    return csv_text(columns, (_csv_row(shown, entry, facts) for entry in shown.entries))


def _csv_row(shown: Shown, entry: Entry, facts: Sequence[str]) -> list[Any]:
    ticket, state = entry.ticket, entry.state
    evidence = "; ".join(f"{label}: {value}" for label, value in shown.wording.evidence(ticket))
    until = state.until.isoformat() if state.until else None
    note = state.notes[-1].text if state.notes else None
    return [
        ticket.ticket, entry.change, ticket.reason, ticket.stage, ticket.since.isoformat(),
        round(ticket.hours(shown.now), 2), ticket.level, ticket.checks, *(ticket.facts.get(name) for name in facts),
        state.standing, until, state.assignee, note, evidence,
    ]  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)
