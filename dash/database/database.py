"""The database as the rest of the product sees it: run a checked query, keep our own state, know the live schema.

Two logins, never mixed: the owner writes schema `dash` and grants; `dash_reader` runs questions. `run` is the one
place through which a question's SQL reaches the server.
"""

from __future__ import annotations

import atexit
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import psycopg

from dash.database import execution, grants, roles
from dash.database.connections import Connection, Login, Pool, connect, login_of
from dash.database.embedded import EmbeddedServer
from dash.database.failures import query_failed, state_problem
from dash.database.folders import explained, prepare_home, read_secret, write_secret
from dash.database.migrating import migrate, newest_version, present_version
from dash.database.row_security import RowSecurity
from dash.database.servers import ExternalServer, Server
from dash.database.statements import statement
from dash.database.values import reading_adapters
from dash.errors import DatabaseUnavailable
from dash.records.query import CheckedQuery, Result
from dash.records.question import Viewer
from dash.settings import Limits, Settings

LiveSchema = Mapping[str, Mapping[str, str]]

# Any constant does, as long as every version of the program takes the same one while it changes schema `dash`.
_SETUP_LOCK = 0x64617368
# The first half of the key of locks that are taken by name; the set-up lock has one key of 64 bits, so they never meet.
_TURNS = 0x6461


def silent(_: str) -> None:
    """The progress of nobody who looks."""


class Database:
    """An open database. Thread-safe. Make one with `Database.open` and close it, or use it with `with`."""

    def __init__(self, settings: Settings, server: Server) -> None:
        """Private to `open`."""
        self.settings = settings
        self._server = server
        self._reader: Login | None = login_of(settings.reader_url) if settings.reader_url else None
        self._owners = Pool(self._connect_owner, size=8)
        self._readers = Pool(self._connect_reader, size=8)
        self._reader_name = roles.READER
        self._row_security = RowSecurity(self._relations_with_policies)
        self._closed = False

    @classmethod
    def open(cls, settings: Settings, progress: Callable[[str], None] = silent) -> Database:
        """Start or join the server, bring schema `dash` up to date, make sure that the reader can log in.

        Raises EnvironmentProblem or DatabaseUnavailable; nothing stays running then that was not before.
        """
        server: Server
        if settings.database_url:
            server = ExternalServer(settings.database_url)
        else:
            server = EmbeddedServer(settings.home, progress)
        server.join()
        database = cls(settings, server)
        atexit.register(database.close)
        try:
            database._set_up(progress)
        except BaseException:
            database.close()
            raise
        return database

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections and leave the server; the last to leave the embedded one stops it."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        self._readers.close()
        self._owners.close()
        self._server.leave()

    def run(
        self,
        query: CheckedQuery,
        *,
        limits: Limits,
        zone: str,
        viewer: Viewer,
        cancelled: Callable[[], bool] = execution.never,
        expected: execution.Expected = MappingProxyType({}),
    ) -> Result:
        """Run a checked query as the reader, within `limits`, with `zone` as the session's time zone.

        `expected` are the columns that its tables must still have, with their types: else it raises SchemaChanged.

        `viewer.name` is what policies of row-level security find in current_setting('dash.viewer', true); the result
        says whether there are any for what was read. Personal columns are masked unless the viewer sees them. Raises
        QueryFailed with a sentence without data values, or DatabaseUnavailable. An interruption (Ctrl-C) cancels the
        query on the server, and so does `cancelled`, which is looked at ten times a second; then it raises Cancelled.
        """
        masked = () if viewer.sees_personal else query.personal_columns
        restricted = self._row_security.covers(query.relations)
        with self._reading(query, limits, zone, viewer.name) as connection:
            result = execution.Execution(connection, query, limits, masked, cancelled, expected).result()
        return replace(result, restricted=True) if restricted else result

    def explain(self, query: CheckedQuery, *, limits: Limits, zone: str) -> float:
        """The planner's cost of a checked query, without running it. Raises like `run`."""
        with self._reading(query, limits, zone, viewer="") as connection:
            return execution.Execution(connection, query, limits).cost()

    def grant_reader(self, allowed: Mapping[str, tuple[str, ...]]) -> None:
        """Let the reader SELECT exactly these columns of those relations that exist; cheap when nothing changed.

        With DASH_READER_URL this grants to that login if we may. Where the data is on a server of its own, its owner
        has let the reader in, and nothing is changed there.
        """
        if self.settings.reads_elsewhere:
            self._row_security.forget()
            return
        with self._owner() as connection:
            grants.grant(connection, self._reader_name, allowed)
        self._row_security.forget()

    def live_schema(self) -> LiveSchema:
        """Relation → column → type name (`int8`, `timestamptz`, `text[]`), all schemas but the system's and `dash`."""
        schema: dict[str, dict[str, str]] = {}
        with self.looking() as connection:
            for relation, column, type_name in connection.execute(statement("live_schema")).fetchall():
                schema.setdefault(relation, {})[column] = type_name
        return schema

    @contextmanager
    def state(self) -> Iterator[Connection]:
        """A connection of the owner in a transaction: committed at the end, rolled back on an exception.

        Raises DatabaseUnavailable when the server is or goes away, EnvironmentProblem when its disk is full.
        """
        with self._owner() as connection, connection.transaction():
            yield connection

    @contextmanager
    def exclusive(self, name: str) -> Iterator[bool]:
        """Whether this block is the only one of that name, among all processes on this database, until it ends.

        The lock lies on a connection that nothing else uses: no query, no transaction and no reset gives it back
        early, and the server gives it back by itself when this process or the network dies. Never waits.
        """
        connection = self._connect_owner()
        try:
            row = connection.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", (_TURNS, name)).fetchone()
            yield bool(row and row[0])
        except psycopg.Error as error:
            raise state_problem(error) from error
        finally:
            connection.close()

    @contextmanager
    def looking(self, seconds: float = 30.0) -> Iterator[Connection]:
        """A connection to where the data is, for our own inspection statements alone: in a READ ONLY transaction with a
        time limit for each statement, which is rolled back.

        Raises DatabaseUnavailable or EnvironmentProblem.
        """
        with self._data() as connection, connection.transaction(force_rollback=True):
            execution.look_only(connection, seconds)
            yield connection

    def owner_dsn(self) -> str:
        """A libpq connection string with the owner's password; for programs that load data, never for people."""
        return psycopg.conninfo.make_conninfo("", **self._server.login())

    def _set_up(self, progress: Callable[[str], None]) -> None:
        if self._reader is not None:
            with self._connect_reader() as reader:
                roles.require_harmless(reader)
                self._reader_name = reader.info.user
        with self._owner() as owner:
            if present_version(owner) == newest_version() and self._reader_is_ready(owner):
                return
            owner.execute("SELECT pg_advisory_lock(%s)", (_SETUP_LOCK,))
            try:
                migrate(owner, progress)
                if self._reader is None:
                    roles.ensure_reader(owner, self._reader_login())
            finally:
                if not owner.closed:
                    owner.execute("SELECT pg_advisory_unlock(%s)", (_SETUP_LOCK,))

    def _reader_is_ready(self, owner: Connection) -> bool:
        if self._reader is not None:
            return True
        if not roles.is_closed(owner):
            return False
        try:
            with self._readers.connection():
                return True
        except DatabaseUnavailable:
            return False

    def _relations_with_policies(self) -> frozenset[str]:
        with self._data() as connection:
            return frozenset(name for (name,) in connection.execute(statement("row_security")).fetchall())

    @contextmanager
    def _data(self) -> Iterator[Connection]:
        """A connection to the server that the data is on: the owner's, or the reader's where that is another one."""
        if not self.settings.reads_elsewhere:
            with self._owner() as connection:
                yield connection
            return
        try:
            with self._connect(self._reader_login) as connection:
                connection.prepare_threshold = None  # a pooler may give each transaction another session
                yield connection
        except psycopg.Error as error:
            raise state_problem(error) from error

    @contextmanager
    def _owner(self) -> Iterator[Connection]:
        """A connection of the owner that has just been heard of; the driver's errors become ours."""
        for last in (False, True):
            with self._owners.connection() as connection:
                try:
                    connection.execute("SELECT 1")
                except psycopg.OperationalError as error:
                    if last:
                        raise DatabaseUnavailable("The connection to the database was lost; try again.") from error
                    self._owners.forget_idle()
                    continue
                try:
                    yield connection
                except psycopg.Error as error:
                    raise state_problem(error) from error
                return

    @contextmanager
    def _reading(self, query: CheckedQuery, limits: Limits, zone: str, viewer: str) -> Iterator[Connection]:
        """A connection of the reader inside its transaction, which is reset afterwards whatever happened."""
        for last in (False, True):
            with self._readers.connection() as connection:
                try:
                    execution.begin(connection, limits=limits, zone=zone, viewer=viewer, relations=query.relations)
                except psycopg.OperationalError as error:
                    connection.close()
                    if last:
                        raise DatabaseUnavailable("The connection to the database was lost; ask again.") from error
                    self._readers.forget_idle()
                    continue
                except psycopg.Error as error:
                    raise query_failed(error.sqlstate, str(error)) from error
                try:
                    yield connection
                finally:
                    if not connection.closed:
                        execution.reset(connection)
                return

    def _connect_owner(self) -> Connection:
        return self._connect(self._server.login)

    def _connect_reader(self) -> Connection:
        connection = self._connect(self._reader_login)
        reading_adapters(connection.adapters)
        connection.prepare_threshold = None
        return connection

    def _connect(self, login: Callable[[], Login]) -> Connection:
        try:
            return connect(login())
        except psycopg.OperationalError:
            self._server.revive()
        try:
            return connect(login())
        except psycopg.OperationalError as error:
            raise DatabaseUnavailable("The database does not answer; start it and ask again.") from error

    def _reader_login(self) -> Login:
        if self._reader is not None:
            return self._reader
        return roles.reader_login(self._server.login(), self._server.secret() or self._kept_secret())

    def _kept_secret(self) -> str:
        """For an owner without a password: a secret in the state folder takes its place."""
        path: Path = self.settings.home / "reader.secret"
        with explained(self.settings.home):
            prepare_home(self.settings.home)
            if not path.exists():
                write_secret(path, secrets.token_urlsafe(32))
            return read_secret(path)
