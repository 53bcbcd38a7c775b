"""`dash demo load`: the support schema and its deterministic data, for trying the product out and for measuring it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from dash.cli.progress import shown_progress
from dash.settings import Settings


@click.group("demo", short_help="Load the demo data.")
def demo_command() -> None:
    """Load the demo data."""


@demo_command.command("load", short_help="Replace the demo data by new, deterministic data.")
@click.option("--tickets", type=click.IntRange(1), default=20_000, show_default=True, help="How many tickets.")
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed and same end, same data.")
@click.option("--days", type=click.IntRange(1), default=540, show_default=True, help="How many days they span.")
@click.option("--until", "until_text", metavar="TIME", help="Where the data ends, as 2026-11-20T12:00; default now.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def load_command(tickets: int, seed: int, days: int, until_text: str | None, quiet: bool) -> None:
    """Replace the demo data by new, deterministic data."""
    from dash.database import Database
    from dash.demo.load import load_demo

    until = _until(until_text)
    with shown_progress() as progress:
        show = (lambda text: None) if quiet else progress
        database = Database.open(Settings.from_env(), show)
        try:
            load_demo(database, tickets=tickets, seed=seed, days=days, until=until, progress=show)
        finally:
            database.close()
    if not quiet:
        click.echo(f'{tickets} tickets loaded; ask about them with: dash ask "How many tickets are open?"', err=True)


def _until(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is not a time; write it like 2026-11-20T12:00.", param_hint="--until"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
