"""`dash drill RUN` and `dash rerun RUN`: the rows behind a number, and what became of it since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from dash.settings import Settings

if TYPE_CHECKING:
    from dash.drill import Behind
    from dash.knowledge import Knowledge
    from dash.rerun import Rerun
    from dash.shown import Cells


@click.command("drill", short_help="Show the rows behind a number of an answer.")
@click.argument("run_id", metavar="RUN")
@click.option("--row", type=click.IntRange(0), default=0, show_default=True, help="Row of the answer, from 0.")
@click.option("--column", help="Column of the answer; default is its first number.")
@click.option("--side", help="numerator, rest, denominator, all; of the period before with previous_ in front.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=500, show_default=True, help="Entries to list.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the entries as CSV.")
def drill_command(
    run_id: str, row: int, column: str | None, side: str | None, limit: int, as_json: bool, as_csv: bool
) -> None:
    """Show the rows that a number of answer RUN counts. The answer prints its RUN."""
    from dash.ask import Dash
    from dash.drill import Cell, first_cell, look_behind
    from dash.export import csv_text
    from dash.records import Viewer

    settings = Settings.from_env()
    with Dash.open(settings) as dash:
        run = dash.runs.get(run_id, owner=settings.user)
        cell = Cell((row,), column or first_cell(run).column)
        behind = look_behind(dash, run, cell, side=side, limit=limit, viewer=Viewer(settings.user))
    if as_json:
        click.echo(_json(asdict(behind)))
    elif as_csv:
        click.echo(csv_text([c.name for c in behind.columns], behind.rows), nl=False)
    else:
        _show_behind(behind, dash.knowledge, (run.answer or {})["language"])


def _show_behind(behind: Behind, knowledge: Knowledge, language: str) -> None:
    from dash.cli.show import clean, show_table
    from dash.cli.texts import text
    from dash.shown import cells_in

    cells = cells_in(language, knowledge)
    if behind.agrees is False:
        then, now = (cells.show(value, behind.column, spoken=True) for value in (behind.then, behind.now))
        click.echo(text("drill_moved", language).format(then=then, now=now))
    elif behind.now is not None:
        click.echo(f"{clean(behind.column.label)}: {cells.show(behind.now, behind.column, spoken=True)}")
    if behind.redefined:
        click.echo(text("drill_redefined", language))
    for side in behind.sides:
        mark = "→" if side.name == behind.listed else " "
        words = f" ({clean(side.label)})" if side.label else ""
        click.echo(f"{mark} {side.name}{words}: {cells.count(side.entries)}")
    show_table(behind.columns, behind.rows, cells, most=len(behind.rows))
    if len(behind.rows) < behind.side.entries:
        click.echo(text("drill_cut", language).format(shown=len(behind.rows), count=behind.side.entries))


@click.command("rerun", short_help="Say why an old number is another one now.")
@click.argument("run_id", metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def rerun_command(run_id: str, as_json: bool) -> None:
    """Run answer RUN again and say what changed it: the data, a definition, the zone, the period."""
    from dash.ask import Dash
    from dash.records import Viewer
    from dash.rerun import run_again

    settings = Settings.from_env()
    with Dash.open(settings) as dash:
        run = dash.runs.get(run_id, owner=settings.user)
        again = run_again(dash, run, viewer=Viewer(settings.user))
    if as_json:
        click.echo(_json(asdict(again) | {"causes": again.causes}))
    else:
        _show_rerun(again, dash.knowledge, (run.answer or {})["language"])


def _show_rerun(again: Rerun, knowledge: Knowledge, language: str) -> None:
    from dash.cli.show import clean
    from dash.cli.texts import text
    from dash.shown import cells_in

    cells = cells_in(language, knowledge)
    for step in again.steps:
        name = text(f"rerun_{step.cause}", language)
        if step.failure:
            click.echo(f"{name}: {text('rerun_gone', language) if step.failure == 'gone' else clean(step.failure)}")
            continue
        click.echo(f"{name}: {len(step.changes) or text('rerun_same', language)}")
        for change in step.changes[:_MOST_CHANGES]:
            group = ", ".join(clean(_shown(name, cell, again, cells)) for name, cell in change.group.items())
            if change.column is None:
                click.echo(f"  {'+' if change.kind == 'added' else '-'} {group}")
            else:
                then, now = (cells.show(cell, change.column, spoken=True) for cell in (change.then, change.now))
                click.echo(f"  {group + ' · ' if group else ''}{clean(change.column.label)}: {then} → {now}")
        if len(step.changes) > _MOST_CHANGES:
            click.echo("  …")
    for definition in again.definitions:
        click.echo(f"- {clean(definition.label)}: {clean(definition.then)}")
        click.echo(f"+ {clean(definition.label)}: {clean(definition.today)}")
    for line in again.sql:
        click.echo(clean(line))
    if again.rereads:
        click.echo(text("rerun_rereads", language))


_MOST_CHANGES = 20


def _shown(name: str, cell: Any, again: Rerun, cells: Cells) -> str:
    column = next(column for column in again.columns if column.name == name)
    return cells.show(cell, column)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)
