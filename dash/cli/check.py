"""`dash check`: every mistake in the knowledge files at once, also what only the database or the guard can see."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dash.errors import Fault, KnowledgeError, QueryFailed, QueryRejected, UserError
from dash.settings import Settings

if TYPE_CHECKING:
    from dash.database import Database
    from dash.knowledge import Knowledge
    from dash.records import CheckedQuery


@click.command("check", short_help="Find every mistake in the knowledge files.")
@click.option("--offline", is_flag=True, help="Do not start or ask the database; the files only.")
@click.pass_context
def check_command(ctx: click.Context, offline: bool) -> None:
    """Find every mistake in the knowledge files; exit code 1 when there is one.

    Each line is path:line: what is wrong; how to mend it. SQL is explained by the live database with the parameters'
    defaults, and passed through the guard.
    """
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


def find_faults(
    folder: Path, database: Database | None, learnings: Path | None = None, home: Path | None = None
) -> tuple[Fault, ...]:
    """Every fault of the folder's files, in the order of paths and lines; with a database also what it refuses.

    `learnings` is the folder of reviewed learnings, which are held against the knowledge. `home` is where what a
    reader needs is kept between runs; only with it are the board's questions read.
    Raises UserError when the database has none of the tables, because then nothing could be said about any SQL.
    """
    from dash.knowledge import load_everything
    from dash.knowledge.check import check
    from dash.learnings.files import check_learnings
    from dash.replay.check import check_replay

    knowledge = load_everything(folder).knowledge
    learned = check_learnings(learnings, knowledge) if learnings is not None else ()
    live = _Live(knowledge, database) if database is not None else None
    found = (*check(folder, live=live), *check_replay(folder, knowledge, live))
    return (*found, *learned, *_board_faults(knowledge, home if not found else None))


def _board_faults(knowledge: Knowledge, home: Path | None) -> tuple[Fault, ...]:
    from dash.board.checking import check_board
    from dash.language.reader import Reader

    return check_board(knowledge, Reader(knowledge, home) if home is not None else None)


class _Live:
    """The database and the guard, as `dash.knowledge.check` wants to ask them: exactly as a run would."""

    def __init__(self, knowledge: Knowledge, database: Database) -> None:
        self._database = database
        self._allowed = knowledge.allowed()
        self._personal = knowledge.personal()
        self._schema = database.live_schema()
        if self._allowed and not self._schema.keys() & self._allowed.keys():
            raise UserError(
                "The database has none of the tables that the knowledge describes; load demo data with "
                "./scripts/dash demo load, or check the files alone with ./scripts/dash check --offline"
            )
        database.grant_reader(self._allowed)

    def schema(self) -> Mapping[str, Mapping[str, str]]:
        return self._schema

    def guard(self, sql: str, parameters: Mapping[str, Any]) -> str | None:
        try:
            self._checked(sql, parameters)
        except QueryRejected as rejection:
            return rejection.message
        return None

    def explain(self, sql: str, parameters: Mapping[str, Any]) -> str | None:
        settings = self._database.settings
        try:
            self._database.explain(self._checked(sql, parameters), limits=settings.limits, zone=settings.zone)
        except QueryFailed as failure:
            return failure.detail or failure.message
        return None

    def _checked(self, sql: str, parameters: Mapping[str, Any]) -> CheckedQuery:
        from dash.records import PlannedQuery, Viewer
        from dash.steps.guard import guard

        query = PlannedQuery(sql=sql, parameters=parameters)
        return guard(query, self._allowed, personal=self._personal, viewer=Viewer(), reviewed=True)


def require_no_faults(folder: Path, database: Database) -> None:
    """Raise KnowledgeError with every fault, if there is one."""
    faults = find_faults(folder, database)
    if faults:
        raise KnowledgeError(faults)
