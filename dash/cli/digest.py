"""`dash digest`: the morning list of stuck tickets, or the week in numbers, sent to the targets, once to each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import click

from dash.settings import Settings

if TYPE_CHECKING:
    from dash.cli.posting import PostOffice
    from dash.ops.delivery.messages import Message
    from dash.ops.delivery.targets import Target
    from dash.ops.digest.sending import Digests
    from dash.ops.digest.stuck import Doubtful


@click.command("digest", short_help="Send the list of stuck tickets, or the week in numbers.")
@click.option("--weekly", is_flag=True, help="The last whole week in numbers instead of the stuck tickets.")
@click.option("--show", is_flag=True, help="Print it instead of sending it; nothing is written down as sent.")
@click.option("--html", "as_html", is_flag=True, help="With --show: print the HTML.")
@click.option("--always", is_flag=True, help="Send the list without news too, and the week if numbers are missing.")
@click.option("--again", is_flag=True, help="Send once more what was sent, or may have been sent, before.")
@click.option("--test", "testing", is_flag=True, help="Send a line to every target, to see that it arrives.")
@click.option("--to", "only", metavar="TARGET", multiple=True, help="Only to this target; may be given several times.")
@click.option("--log", "logged", is_flag=True, help="List what was sent to whom, newest first.")
@click.option("--language", default="en", show_default=True, help="With --show: of the words.")
@click.pass_context
def digest_command(
    ctx: click.Context, weekly: bool, show: bool, as_html: bool, always: bool, again: bool, testing: bool,
    only: tuple[str, ...], logged: bool, language: str,
) -> None:  # fmt: skip
    """Check which tickets are stuck and send what changed since each target heard last; quiet without news.

    Exit codes: 0 everything arrived or there was nothing to send, 1 something did not arrive or may not have, or an
    error, 2 wrong usage.
    """
    from dash.cli.posting import HOW, local_viewer_without_personal_data, open_post_office, show_delivered
    from dash.ops.digest.sending import Digests

    settings = Settings.from_env()
    if logged:
        _show_log(settings)
        return
    with open_post_office(settings) as office:
        viewer = local_viewer_without_personal_data(settings)
        targets = _chosen(office, only)
        digests = Digests(office.dash, office.file, viewer, targets, office.post)
        if show:
            message = _written(digests, weekly, language, always=always)
            office.progress.done()
            _print(message, as_html)
            return
        if not targets:
            raise click.ClickException(HOW)
        doubtful: list[Doubtful] = []
        office.progress("Sending")
        if testing:
            _show_missing(settings, office)
            delivered = digests.send_test(office.dash.clock())
        elif weekly:
            delivered = digests.send_weekly(office.dash.clock(), again=again, always=always)
        else:
            delivered = digests.send_stuck(always=always, again=again, doubt=doubtful.append)
    if not testing and not digests.receiving("weekly" if weekly else "stuck"):
        names, kind = ", ".join(target.name for target in targets), "weekly" if weekly else "stuck"
        click.echo(f"None of the targets ({names}) receives it, so nothing was sent; add {kind} to `receives`.")
    elif not delivered:
        click.echo("Nothing new, so nothing was sent; --always sends the list all the same.")
    arrived = show_delivered(delivered, testing=testing)
    if (
        _show_doubtful(settings, doubtful, {each.target for each in delivered if each.arrived and not each.before})
        or not arrived
    ):
        ctx.exit(1)


def _show_doubtful(settings: Settings, doubtful: Sequence[Doubtful], told: Collection[str]) -> bool:
    """Lists of earlier runs that may not have arrived; says whether one is left that nothing newer speaks of."""
    from zoneinfo import ZoneInfo

    for each in doubtful:
        when = each.checked_at.astimezone(ZoneInfo(settings.zone)).strftime("%Y-%m-%d %H:%M")
        mend = (
            "the list of now says so"
            if each.target in told
            else f"dash digest --again --to {each.target} sends it once more"
        )
        click.echo(f"{each.target}: the list of {when} ({each.title}) may not have arrived; {mend}.")
    return any(each.target not in told for each in doubtful)


def _show_missing(settings: Settings, office: PostOffice) -> None:
    """A name that is written in one way in the file and in another in the environment is told nothing, in silence."""
    from dash.ops.delivery.targets import missing_targets, plain_name

    for name in missing_targets(settings, office.file):
        variable = "DASH_TARGET_" + plain_name(name).upper().replace("-", "_")
        click.echo(f"{name}: no address here, so it is skipped; {variable} gives it one.")


def _chosen(office: PostOffice, only: tuple[str, ...]) -> tuple[Target, ...]:
    from dash.errors import NotFoundError
    from dash.ops.delivery.targets import plain_name

    known = {target.name: target for target in office.targets}
    wanted = {plain_name(name) for name in only}
    for name in wanted:
        if name not in known:
            raise NotFoundError(f"There is no target {name} here; known are {', '.join(known) or 'none'}.")
    return tuple(target for name, target in known.items() if not only or name in wanted)


def _written(digests: Digests, weekly: bool, language: str, *, always: bool) -> Message | None:
    """The list as it is compared on the page, or the week."""
    from dash.ops.delivery.targets import Target
    from dash.ops.desk import StuckDesk
    from dash.ops.digest.weekly import write_week

    reader = Target("you", "", "", language)
    if weekly:
        return write_week(digests.read_week(language, digests.dash.clock()), reader, digests.dash.settings.page_url)
    check = StuckDesk.open(digests.dash, digests.viewer).check()
    return digests.write_stuck(check, reader, always=always, compared=True)


def _print(message: Message | None, as_html: bool) -> None:
    from dash.cli.show import clean

    if message is None:
        click.echo("Nothing new; --always shows the list all the same.")
        return
    click.echo(message.html if as_html else clean(message.title) + "\n")
    if not as_html:
        click.echo("\n".join(map(clean, message.text.split("\n"))))


def _show_log(settings: Settings) -> None:
    from zoneinfo import ZoneInfo

    from dash.cli.show import clean
    from dash.database import Database
    from dash.ops.delivery.ledger import Ledger

    with Database.open(settings) as database:
        for each in Ledger(database).list(50):
            when = each.begun_at.astimezone(ZoneInfo(settings.zone)).strftime("%Y-%m-%d %H:%M")
            reason = f" ({each.reason})" if each.reason else ""
            click.echo(clean(f"{when}  {each.target}  {each.message}  try {each.attempt}: {each.outcome}{reason}"))
