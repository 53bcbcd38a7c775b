"""`dash threads`, `dash thread ID` and `dash run ID`: what was asked before, opened again from the store.

Opens the database and no more, so that an old answer can be read also while a knowledge file is broken.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from dash.settings import Settings

if TYPE_CHECKING:
    from dash.database import Database
    from dash.knowledge import Knowledge
    from dash.runs import RunRecord


@click.command("threads", short_help="List conversations, newest first.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many at most.")
def threads_command(limit: int) -> None:
    """List conversations, the newest first."""
    from rich.console import Console
    from rich.table import Table

    from dash.cli.show import clean
    from dash.threads import Threads

    with _opened() as database:
        zone = database.settings.zone
        threads = Threads(database).list(database.settings.user, limit=limit)
    if not threads:
        click.echo('No conversation yet; begin one with: dash ask "…"')
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in ("Thread", "Last asked", "Questions", "Title"):
        table.add_column(heading, justify="right" if heading == "Questions" else "left", no_wrap=heading != "Title")
    for thread in threads:
        asked = _moment(thread.last_asked_at, zone)
        table.add_row(thread.id, asked, str(thread.turns), _escaped(clean(thread.title or "")))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 10_000
    console.print(table)


@click.command("thread", short_help="Show one conversation with its answers.")
@click.argument("thread_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print the answers as a JSON list.")
def thread_command(thread_id: str, as_json: bool) -> None:
    """Show conversation ID: every question with the answer that it got."""
    from dash.threads import Threads

    with _opened() as database:
        turns = Threads(database).turns(thread_id, owner=database.settings.user)
    if as_json:
        click.echo(json.dumps([_as_json(turn) for turn in turns], ensure_ascii=False, indent=2))
        return
    knowledge = _knowledge(database.settings)
    for turn in turns:
        _show_turn(turn, database.settings, knowledge)
    click.echo(f'Go on with: dash ask --thread {thread_id} "…"', err=True)


@click.command("run", short_help="Show the record of one question.")
@click.argument("run_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print the whole record as JSON.")
def run_command(run_id: str, as_json: bool) -> None:
    """Show the record of run ID: the question, how it was understood, the SQL that ran, the answer."""
    from dash.cli.show import clean
    from dash.runs import Runs

    with _opened() as database:
        run = Runs(database).get(run_id, owner=database.settings.user)
    if as_json:
        click.echo(json.dumps(_as_json(run) | {"record": run.record}, ensure_ascii=False, indent=2, default=str))
        return
    _show_turn(run, database.settings, _knowledge(database.settings), with_sql=True)
    for understood in (run.answer or {}).get("understood", ()):
        said = f"{understood['words']} → {understood['meaning']} ({understood['kind']}) {understood['source']}"
        click.echo(f"  {clean(said)}")


@contextlib.contextmanager
def _opened() -> Iterator[Database]:
    from dash.database import Database

    with Database.open(Settings.from_env()) as database:
        yield database


def _knowledge(settings: Settings) -> Knowledge:
    """As much of the knowledge as can be read: it only lends words for cells here."""
    from dash.knowledge import load_everything

    return load_everything(settings.knowledge).knowledge


def _show_turn(run: RunRecord, settings: Settings, knowledge: Knowledge, *, with_sql: bool = False) -> None:
    from dash.cli.show import clean, show_answer

    click.secho(f"> {clean(run.question)}", bold=True)
    click.secho(f"  {_moment(run.asked_at, settings.zone)} · run {run.run_id}", dim=True)
    if run.answer is None:
        click.echo("This question was interrupted before its answer was ready; ask it again.")
    else:
        show_answer(run.answer, knowledge, with_sql=with_sql)
    click.echo()


def _as_json(run: RunRecord) -> dict[str, Any]:
    answer: Mapping[str, Any] | None = run.answer
    return {
        "run_id": run.run_id,
        "thread_id": run.thread_id,
        "question": run.question,
        "asked_at": run.asked_at.isoformat(),
        "now": run.now.isoformat(),
        "outcome": run.outcome,
        "answer": answer,
    }


def _moment(moment: datetime | None, zone: str) -> str:
    if moment is None:
        return "–"
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _escaped(words: str) -> str:
    from rich.markup import escape

    return escape(words)
