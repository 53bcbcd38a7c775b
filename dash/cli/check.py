"""`dash check`: every mistake in the knowledge files at once, also what only the database or the guard can see."""

from __future__ import annotations

import time

import click

from dash.settings import Settings


@click.command("check", short_help="Find every mistake in the knowledge files.")
@click.option("--offline", is_flag=True, help="Do not start or ask the database; the files only.")
@click.pass_context
def check_command(ctx: click.Context, offline: bool) -> None:
    """Find every mistake in the knowledge files; exit code 1 when there is one.

    Each line is path:line: what is wrong; how to mend it. SQL is explained by the live database with the parameters'
    defaults, and passed through the guard.
    """
    from dash.catalogue.faults import find_faults
    from dash.cli.progress import shown_progress
    from dash.database import Database

    settings = Settings.from_env()
    started = time.monotonic()
    if offline:
        faults = find_faults(settings.knowledge, None, settings.learnings, settings.home)
    else:
        with shown_progress() as progress, Database.open(settings, progress) as database:
            progress("Checking the knowledge")
            faults = find_faults(settings.knowledge, database, settings.learnings, settings.home)
    for fault in faults:
        click.echo(fault)
    if faults:
        click.echo(f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}.", err=True)
        ctx.exit(1)
    where = "the files alone; the database was not asked" if offline else "the files, the live tables and the guard"
    click.echo(f"No fault found in {settings.knowledge.name}/ ({where}; {time.monotonic() - started:.1f} s).")
