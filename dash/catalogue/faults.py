"""Every fault of the knowledge folder and the learnings beside it, also what only the database or the guard can see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from dash.board.checking import check_board
from dash.database import Database
from dash.errors import Fault, KnowledgeError, QueryFailed, QueryRejected, UserError
from dash.knowledge import Knowledge, load_everything
from dash.knowledge.check import check
from dash.language.reader import Reader
from dash.learnings.files import check_learnings
from dash.ops.alerts.checking import check_alerts
from dash.ops.checking import check_stuck
from dash.ops.delivery.checking import check_delivery
from dash.records import CheckedQuery, PlannedQuery, Viewer
from dash.replay.check import check_replay
from dash.steps.guard import guard


def find_faults(
    folder: Path,
    database: Database | None,
    learnings: Path | None = None,
    home: Path | None = None,
    seen: Mapping[str, Collection[str]] | None = None,
) -> tuple[Fault, ...]:
    """Every fault of the folder's files, in the order of paths and lines; with a database also what it refuses.

    `learnings` is the folder of reviewed learnings, which are held against the knowledge. `home` is where what a
    reader needs is kept between runs; only with it are the board's questions read. `seen` is what others read
    meanwhile, and stays readable, whatever the folder describes.
    Raises UserError when the database has none of the tables, because then nothing could be said about any SQL.
    """
    knowledge = load_everything(folder).knowledge
    learned = check_learnings(learnings, knowledge) if learnings is not None else ()
    live = None
    if database is not None:
        live = Live(knowledge, database, seen or {})
        live.prepare()
    found = (
        *check(folder, live=live),
        *check_replay(folder, knowledge, live),
        *check_stuck(knowledge, live),
        *check_delivery(knowledge, database.settings.zone if database is not None else None),
    )
    return (*found, *learned, *_faults_by_reading(knowledge, home if not found else None))


def _faults_by_reading(knowledge: Knowledge, home: Path | None) -> tuple[Fault, ...]:
    reader = Reader(knowledge, home) if home is not None else None
    return (*check_board(knowledge, reader), *check_alerts(knowledge, reader))


def require_no_faults(folder: Path, database: Database | None) -> None:
    """Raise KnowledgeError with every fault, if there is one."""
    faults = find_faults(folder, database)
    if faults:
        raise KnowledgeError(faults)


class Live:
    """The database and the guard, as `dash.knowledge.check` wants to ask them: exactly as a run would."""

    def __init__(
        self, knowledge: Knowledge, database: Database, seen: Mapping[str, Collection[str]] | None = None
    ) -> None:
        self._database = database
        self._seen = seen or {}
        self._allowed = knowledge.allowed()
        self._personal = knowledge.personal()

    def prepare(self) -> None:
        """Let the reader see what is described. Raises UserError when the database has none of it."""
        if self._allowed and not self._schema.keys() & self._allowed.keys():
            raise UserError(
                "The database has none of the tables that the knowledge describes; load demo data with "
                "./scripts/dash demo load, or check the files alone with ./scripts/dash check --offline"
            )
        readable = {
            name: tuple(dict.fromkeys((*self._allowed.get(name, ()), *self._seen.get(name, ()))))
            for name in (*self._allowed, *self._seen)
        }
        self._database.grant_reader(readable)

    @cached_property
    def _schema(self) -> Mapping[str, Mapping[str, str]]:
        return self._database.live_schema()

    def schema(self) -> Mapping[str, Mapping[str, str]]:
        """Relation → column → type."""
        return self._schema

    def guard(self, sql: str, parameters: Mapping[str, Any]) -> str | None:
        """The guard's rejection, or None."""
        try:
            self._checked(sql, parameters)
        except QueryRejected as rejection:
            return rejection.message
        return None

    def explain(self, sql: str, parameters: Mapping[str, Any]) -> str | None:
        """The database's words about a query that it would not run, or None. No row is read for them."""
        settings = self._database.settings
        try:
            self._database.explain(self._checked(sql, parameters), limits=settings.limits, zone=settings.zone)
        except QueryFailed as failure:
            return failure.detail or failure.message
        return None

    def _checked(self, sql: str, parameters: Mapping[str, Any]) -> CheckedQuery:
        query = PlannedQuery(sql=sql, parameters=parameters)
        return guard(query, self._allowed, personal=self._personal, viewer=Viewer(), reviewed=True)
