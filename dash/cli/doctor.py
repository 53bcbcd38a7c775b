"""`dash doctor`: the database and its reader as they are, held against what they should be."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from dash.settings import Settings


@click.command("doctor", short_help="Find what the database allows the reader beyond reading.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def doctor_command(ctx: click.Context, as_json: bool) -> None:
    """Find what the database allows the reader beyond reading what the knowledge lists, with the SQL that mends it.

    Nothing is changed. Exit code 0 when there is nothing to mend, 1 when there is.
    """
    from dash.cli.progress import shown_progress
    from dash.cli.show import clean
    from dash.database import inspect
    from dash.knowledge import load_knowledge

    settings = Settings.from_env()
    allowed = load_knowledge(settings.knowledge).allowed()
    with shown_progress(quiet=as_json) as progress:
        found = inspect(settings, allowed, progress)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        for number, finding in enumerate(found.findings, start=1):
            click.secho(f"{number}. {clean(finding.what)}.", bold=True)
            click.echo(f"   {clean(finding.mend)}")
        if not found.findings:
            columns = sum(map(len, allowed.values()))
            click.echo(
                f"Nothing to mend: on PostgreSQL {found.server_version} the role {found.reader} can read {columns} "
                f"columns of {len(allowed)} tables and nothing else."
            )
    if found.findings:
        noun = "finding" if len(found.findings) == 1 else "findings"
        click.echo(
            f"{len(found.findings)} {noun}. Let a superuser or the owner run this SQL, then look again: dash doctor",
            err=True,
        )
        ctx.exit(1)
