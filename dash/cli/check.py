"""`dash check`: every mistake in the knowledge files at once, also what only the database or the guard can see."""

from __future__ import annotations

import time
from pathlib import Path

import click

from dash.settings import Settings


@click.command("check", short_help="Find every mistake in the knowledge files.")
@click.option("--offline", is_flag=True, help="Do not start or ask the database; the files only.")
@click.option("--live", is_flag=True, help="Look at the data too: new values, and data that stopped arriving.")
@click.option("--propose", "patch", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE",
              help="Write how the files would follow the database: a diff for git apply; - shows it.")  # fmt: skip
@click.pass_context
def check_command(ctx: click.Context, offline: bool, live: bool, patch: Path | None) -> None:
    """Find every mistake in the knowledge files; exit code 1 when there is one.

    Each line is path:line: what is wrong; how to mend it. SQL is explained by the live database with the parameters'
    defaults, and passed through the guard. With --live it is also said where the database is not any more as the files
    say, and exit code 1 means that questions cannot be answered because of it.
    """
    from dash.catalogue.faults import find_faults
    from dash.cli.progress import shown_progress
    from dash.database import Database

    if offline and (live or patch):
        raise click.UsageError("--offline asks no database, so it goes with neither --live nor --propose.")
    settings = Settings.from_env()
    broken = False
    if live or patch:
        from dash.cli.drift import tell_drift

        broken = tell_drift(settings, patch)
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
    if broken:
        ctx.exit(1)
    _list_drafts(settings)
    where = "the files alone; the database was not asked" if offline else "the files, the live tables and the guard"
    click.echo(f"No fault found in {settings.knowledge.name}/ ({where}; {time.monotonic() - started:.1f} s).")


def _list_drafts(settings: Settings) -> None:
    """What was proposed from the data and nobody has reviewed, with its evidence."""
    from dash.knowledge import load_knowledge
    from dash.replay.description import find_description

    knowledge = load_knowledge(settings.knowledge)
    drafts = [("metric", name, metric.draft) for name, metric in knowledge.metrics.items() if metric.draft]
    drafts += [("table", name, table.draft) for name, table in knowledge.tables.items() if table.draft]
    for kind, name, evidence in drafts:
        source = knowledge.sources[(kind, name)]
        click.echo(f"draft {source.path}:{source.line}: the {kind} {name}. {evidence}")
    replay, _ = find_description(settings.knowledge)
    whole = [("business/stuck.yaml", knowledge.stuck.draft if knowledge.stuck else None),
             ("replay.yaml", replay.draft if replay else None)]  # fmt: skip
    found = [(name, evidence) for name, evidence in whole if evidence]
    for name, evidence in found:
        click.echo(f"draft {settings.knowledge.name}/{name}:1: the whole file. {evidence}")
    if drafts or found:
        click.echo(
            f"{len(drafts) + len(found)} definitions that nobody has reviewed; answers say so. Review them: dash review"
        )
