"""`dash stuck`: which tickets are stuck, why, what changed since the last working day, and what people do about them.

Without a subcommand it checks now and shows the list, compared with the check of the working day before, so nobody's
look in between takes the news away. Exit code 0 nothing new, 10 new stuck tickets, 1 an error; a monitor that asks
often names itself, and hears of each ticket once. The subcommands write only into the product's own state.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dash.cli.moments import moment_ahead, since_moment
from dash.errors import NotFoundError, UserError
from dash.settings import Settings

if TYPE_CHECKING:
    from dash.cli.progress import Progress
    from dash.ops import Check, Deed, Diff, Narrowing, StuckDesk, Wording

NEW = 10
"""The exit code that says that tickets are stuck that were not before."""
WORKDAY, YESTERDAY, LAST = "workday", "yesterday", "last"
SINCE = (
    "Compare with the check at that time: workday (the working day before), yesterday, last (the check before), "
    "2026-11-20T12:00, or 30m, 24h, 7d."
)
LONGEST_READER = 80

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group("stuck", short_help="Show stuck tickets, why, and what changed.", invoke_without_command=True)
@click.option("--since", "since_text", metavar="TIME", default=WORKDAY, show_default=True, help=SINCE)
@click.option("--as", "reader", metavar="NAME", help="Compare with what NAME was shown last, and remember this one.")
@click.option("--category", multiple=True, help="Only this category; may be given several times.")
@click.option("--reason", multiple=True, help="Only this reason; may be given several times.")
@click.option("--where", multiple=True, metavar="NAME=VALUE", help="Only these, such as channel=chat or stage=…")
@click.option("--mine", is_flag=True, help="Only what is assigned to you.")
@click.option("--all", "everything", is_flag=True, help="Every row, also what is snoozed or closed.")
@click.option("--last", is_flag=True, help="Show the last check instead of checking now.")
@click.option("--fail-over", type=click.IntRange(0), default=0, metavar="N", help="Exit with 10 only over N new ones.")
@click.option("--language", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Of the words.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON (docs/operations.md).")
@click.option("--csv", "as_csv", is_flag=True, help="Print the list as CSV.")
@click.pass_context
def stuck_command(
    ctx: click.Context, /, since_text: str, reader: str | None, last: bool, fail_over: int, language: str,
    everything: bool, as_json: bool, as_csv: bool, **narrowed: Any,
) -> None:  # fmt: skip
    """Check which tickets are stuck, and show why and what changed since the last working day.

    Exit codes: 0 nothing new, 10 new stuck tickets, 1 an error, 2 wrong usage.
    New is what was not there at the check that the list is compared with: that of the working day before, that of
    --since, or the one that --as NAME was shown last. What --fail-over lets pass stays new for NAME.
    """
    if ctx.invoked_subcommand is not None:
        return
    if as_json and as_csv:
        raise click.UsageError("Choose one of --json and --csv.")
    if reader is not None and ctx.get_parameter_source("since_text") is not click.core.ParameterSource.DEFAULT:
        raise click.UsageError("Choose one of --since and --as.")
    if reader is not None and any(narrowed.values()):
        raise click.UsageError("With --as the whole list is told; leave out --category, --reason, --where and --mine.")
    from dash.cli.stuck_lines import Shown, csv_of, json_of, show
    from dash.ops import left_out

    with _desk() as (desk, progress):
        wording = _wording(desk, language)
        narrowing = _narrowing(wording, everything=everything, **narrowed)
        reader = _reader(reader)
        compared = _comparison(desk, since_text, reader)
        progress("Reading the last check" if last else "Checking tickets")
        check = desk.latest() if last else desk.check()
        if check is None:
            raise NotFoundError("Nothing was checked yet; run dash stuck without --last.")
        diff = compared(check)
        whole = desk.everything(diff)
        entries = desk.narrowed(whole, narrowing)
        shown = Shown(diff, entries, desk.cleared(diff, narrowing), wording, left_out(whole, entries))
        progress.done()
        with _whole_or_in_part() as part:
            if as_json:
                click.echo(json_of(shown))
            elif as_csv:
                click.echo(csv_of(shown), nl=False)
            else:
                show(shown, whole=everything, all_new=reader is not None)
            sys.stdout.flush()
        new = len(shown.of("new"))
        # What could not be printed was not seen; what is let pass now may be too many with the next.
        if reader is not None and not part and (not new or new > fail_over):
            desk.was_shown(reader, check)
    ctx.exit(NEW if new > fail_over else 0)


@contextmanager
def _whole_or_in_part() -> Iterator[list[str]]:
    """Whoever reads may have enough (`dash stuck | head`): that is no error, and the exit code is that of the check.
    What is given is empty unless only a part was read."""
    part: list[str] = []
    try:
        yield part
    except BrokenPipeError:
        part.append("stopped reading")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its end


def _reader(typed: str | None) -> str | None:
    name = typed.strip() if typed is not None else None
    if name is not None and not 0 < len(name) <= LONGEST_READER:
        raise click.BadParameter(f"a name has 1 to {LONGEST_READER} signs.", param_hint="--as")
    return name


def _comparison(desk: StuckDesk, since_text: str, reader: str | None) -> Callable[[Check], Diff]:
    """What a check is to be compared with. Raises click.BadParameter."""
    if reader is not None:
        return partial(desk.diff_for, reader)
    if since_text == WORKDAY:
        return desk.diff_since_workday
    if since_text == YESTERDAY:
        return desk.diff_since_yesterday
    if since_text == LAST:
        return desk.diff
    return partial(desk.diff, since=since_moment(since_text, desk.dash.settings.zone))


ANYWAY = "Also where that undoes what a colleague decided."


def _tickets(command: Command) -> Command:
    """The tickets that a deed is about; a lone - reads them from standard input, one a line."""
    return click.argument("tickets", metavar="TICKET…", nargs=-1, required=True)(command)


@stuck_command.command("ack", short_help="Say that you have seen tickets.")
@_tickets
@click.option("--note", metavar="TEXT", help="A word about it.")
def ack_command(tickets: Sequence[str], note: str | None) -> None:
    """Say that you have seen tickets; what is snoozed or closed stays so. A lone - reads them from standard input."""
    _act("acknowledge", tickets, text=note)


@stuck_command.command("assign", short_help="Give tickets to somebody.")
@_tickets
@click.option("--to", metavar="NAME", help="Who gets them; default is you.")
@click.option("--nobody", is_flag=True, help="Take them from whoever has them.")
@click.option("--anyway", is_flag=True, help=ANYWAY)
def assign_command(tickets: Sequence[str], to: str | None, nobody: bool, anyway: bool) -> None:
    """Give tickets to somebody, here and not in the support system. A lone - reads them from standard input."""
    if nobody and to:
        raise click.UsageError("Choose one of --to and --nobody.")
    _act("assign", tickets, text=None if nobody else to or Settings.from_env().user, anyway=anyway)


@stuck_command.command("note", short_help="Write something beside tickets.")
@_tickets
@click.option("--text", "-m", required=True, help="What to write.")
def note_command(tickets: Sequence[str], text: str) -> None:
    """Write something beside tickets. A lone - reads them from standard input."""
    _act("note", tickets, text=text)


@stuck_command.command("snooze", short_help="Put tickets away for a while.")
@_tickets
@click.option("--until", metavar="TIME", help="2026-11-23, 2026-11-23T09:00, or in 4h, 2d; default: a new stage.")
@click.option("--note", metavar="TEXT", help="Why.")
@click.option("--anyway", is_flag=True, help=ANYWAY)
def snooze_command(tickets: Sequence[str], until: str | None, note: str | None, anyway: bool) -> None:
    """Put tickets away until a time, or until their stage changes; then they return by themselves."""
    _act("snooze", tickets, until=_until(until), text=note, anyway=anyway)


@stuck_command.command("unsnooze", short_help="Bring snoozed tickets back.")
@_tickets
def unsnooze_command(tickets: Sequence[str]) -> None:
    """Bring snoozed tickets back. A lone - reads them from standard input."""
    _act("unsnooze", tickets)


@stuck_command.command("close", short_help="Say that tickets stand as expected.")
@_tickets
@click.option("--note", metavar="TEXT", help="Why.")
@click.option("--anyway", is_flag=True, help=ANYWAY)
def close_command(tickets: Sequence[str], note: str | None, anyway: bool) -> None:
    """Say that tickets stand as expected: they leave the list until their stage changes."""
    _act("close", tickets, text=note, anyway=anyway)


@stuck_command.command("reopen", short_help="Take back what was said about tickets.")
@_tickets
def reopen_command(tickets: Sequence[str]) -> None:
    """Bring closed, snoozed or acknowledged tickets back as if nobody had seen them."""
    _act("reopen", tickets)


@contextmanager
def _desk() -> Iterator[tuple[StuckDesk, Progress]]:
    """The desk of whoever sits at this terminal, with a line that says what is being done."""
    from dash.access import load_access, local_viewer
    from dash.ask import Dash
    from dash.cli.progress import shown_progress
    from dash.ops import StuckDesk

    settings = Settings.from_env().without_model()
    viewer = local_viewer(settings.user, load_access(settings.access))
    with shown_progress() as progress, Dash.open(settings, progress=progress) as dash:
        yield StuckDesk.open(dash, viewer), progress


def _wording(desk: StuckDesk, language: str) -> Wording:
    from dash.ops import Wording

    return Wording.of(desk.file, desk.dash.knowledge, language, desk.dash.settings.zone)


def _narrowing(
    wording: Wording,
    *,
    category: Sequence[str],
    reason: Sequence[str],
    where: Sequence[str],
    mine: bool,
    everything: bool,
) -> Narrowing:
    from dash.ops import SHOWN, STANDINGS, Narrowing

    facts: dict[str, set[str]] = {}
    for name, value in [*(("category", one) for one in category), *map(_pair, where)]:
        facts.setdefault(name, set()).add(wording.find_value(name, value))
    reasons = {wording.find_reason(one) for one in reason}
    return Narrowing(reasons, facts, standings=frozenset(STANDINGS) if everything else SHOWN, mine=mine)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise click.BadParameter(f"{text!r} is not NAME=VALUE, such as channel=chat.", param_hint="--where")
    return name.strip(), value.strip()


def _until(text: str | None) -> datetime | None:
    return None if text is None else moment_ahead(text, Settings.from_env().zone, "--until")


def _act(
    deed: Deed, tickets: Sequence[str], *, until: datetime | None = None, text: str | None = None, anyway: bool = False
) -> None:
    from dash.ops import ColleagueDecided, describe

    named = [line.strip() for line in sys.stdin if line.strip()] if list(tickets) == ["-"] else list(tickets)
    with _desk() as (desk, _):
        try:
            done = desk.act(deed, named, until=until, text=text, anyway=anyway)
        except ColleagueDecided as refused:
            raise UserError(f"{refused.message} --anyway does it all the same.") from refused
        kept = describe(done.kept, desk.dash.settings.zone)
    if done.count or not done.already:
        click.echo(f"{_counted(done.count)}: {_DONE[deed]}.")
    if done.already:
        click.echo(f"{_counted(done.already)}: {_SO[deed]}.")
    if kept:
        click.echo(f"What is put away stays so until it comes back: {kept}.")


def _counted(count: int) -> str:
    return f"{count:,} {'ticket' if count == 1 else 'tickets'}"


_DONE = {
    "acknowledge": "acknowledged",
    "assign": "assigned",
    "note": "noted",
    "snooze": "snoozed",
    "unsnooze": "back on the list",
    "close": "closed as expected",
    "reopen": "reopened",
}
_SO = {
    "acknowledge": "acknowledged already",
    "assign": "assigned like that already",
    "unsnooze": "not snoozed, so nothing was changed",
    "close": "closed already",
    "reopen": "open already",
}
