"""`dash demo load`: the support schema and its deterministic data, for trying the product out and for measuring it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from dash.cli.moments import moment
from dash.cli.progress import shown_progress
from dash.errors import UserError
from dash.settings import REPOSITORY, Settings


@click.group("demo", short_help="Load the demo data.")
def demo_command() -> None:
    """Load the demo data."""


@demo_command.command("load", short_help="Load new, deterministic data.")
@click.option("--tickets", type=click.IntRange(1), default=20_000, show_default=True, help="How many tickets.")
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed and same end, same data.")
@click.option("--days", type=click.IntRange(1), default=540, show_default=True, help="How many days they span.")
@click.option("--until", "until_text", metavar="TIME", help="Where the data ends, as 2026-11-20T12:00; default now.")
@click.option("--replace", is_flag=True, help="Replace demo data that is there.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def load_command(tickets: int, seed: int, days: int, until_text: str | None, replace: bool, quiet: bool) -> None:
    """Load new, deterministic data. Data that is there is replaced only when --replace says so."""
    from dash.database import Database
    from dash.demo.load import demo_present, load_demo

    settings = Settings.from_env()
    if settings.project != REPOSITORY:
        raise UserError("Demo data is for the repository's own project; leave out --project and unset DASH_PROJECT.")
    until = moment(until_text, settings.zone, "--until") if until_text else datetime.now(UTC)
    with shown_progress(quiet=quiet) as progress, Database.open(settings, progress) as database:
        if not replace and demo_present(database):
            raise UserError("There is support data already; replace it by new demo data with: dash demo load --replace")
        report = load_demo(
            database,
            tickets=tickets,
            seed=seed,
            days=days,
            until=until,
            progress=progress.counted,
            replace=replace,
            own_server=settings.database_url is None,
        )
    if not quiet:
        rows = ", ".join(f"{table} {count:,}" for table, count in report.rows.items())
        click.echo(f"Loaded in {report.seconds:.1f} s: {rows}", err=True)
