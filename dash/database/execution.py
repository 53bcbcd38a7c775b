"""Running one checked query: the transaction, the protocol, the limits, the caps and the reset of `security.md`.

The text that was checked is the text that runs, as one prepared statement, inside a READ ONLY transaction that is
always rolled back, on a connection that forgets everything afterwards. Rows are taken as they arrive and counted, so
neither ten million rows nor one row of half a gigabyte ever lies in our memory.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import abc, pq
from psycopg.adapt import PyFormat, Transformer

from dash.database.collecting import Collector
from dash.database.connections import Connection
from dash.database.failures import is_lost, query_failed
from dash.database.metering import Meter, wait_writable
from dash.database.statements import statement
from dash.database.values import type_names
from dash.errors import Cancelled, DatabaseUnavailable, QueryFailed, SchemaChanged
from dash.records.query import CheckedQuery, Result, ResultColumn
from dash.settings import Limits

Expected = Mapping[str, Mapping[str, str | None]]
"""Relation → column → type name, None for a column that is known not to be there."""

_STOPPED = "Stopped before the database had answered."
_LOST = "The connection to the database was lost while the query ran; ask again."
_GRACE_SECONDS = 5.0
# How long a query may go on that nobody waits for any more.
_LOOK_SECONDS = 0.1
# Few rows at a time keep what is read beyond a cap small; more would not be faster.
_CHUNK_ROWS = 20


def begin(connection: Connection, *, limits: Limits, zone: str, viewer: str, relations: Iterable[str]) -> None:
    """Open the READ ONLY transaction with its viewer and its limits. Nothing of the query has run when this raises.

    Policies of row-level security read the viewer as current_setting('dash.viewer', true). `relations` are those of the
    query: where each has its schema in front, names without one are PostgreSQL's own, so that nobody's function or
    operator in a schema of theirs can stand in for a built-in one by fitting the argument types better.
    """
    timeout = max(1, int(limits.statement_timeout_seconds * 1000))
    settings = {
        "dash.viewer": viewer,
        "statement_timeout": str(timeout),
        "lock_timeout": str(max(1, int(limits.lock_timeout_seconds * 1000))),
        "idle_in_transaction_session_timeout": str(timeout + 60_000),
        "work_mem": f"{limits.work_mem_megabytes}MB",
        "max_parallel_workers_per_gather": "2",
        "enable_parallel_hash": "off",
        "standard_conforming_strings": "on",
        "timezone": zone,
        "datestyle": "ISO, MDY",
        "intervalstyle": "postgres",
        "extra_float_digits": "1",
        "bytea_output": "hex",
        "search_path": _search_path(relations),
    }
    connection.execute(b"; ".join([b"BEGIN TRANSACTION READ ONLY", *_set_locally(connection, settings)]))


def look_only(connection: Connection, seconds: float) -> None:
    """In the transaction that is open nothing is written and no statement takes longer than this; moments and intervals
    are written in one way."""
    settings = {
        "transaction_read_only": "on",
        "statement_timeout": str(int(seconds * 1000)),
        "lock_timeout": "2000",
        "timezone": "UTC",
        "datestyle": "ISO, MDY",
        "intervalstyle": "postgres",
        "extra_float_digits": "0",
    }
    connection.execute(b"; ".join(_set_locally(connection, settings)))


def _set_locally(connection: Connection, settings: Mapping[str, str]) -> Iterator[bytes]:
    """Settings until the end of the transaction. Not set_config with bound values: the reader may have no right to call
    it. libpq quotes a backslash too, whatever this server thinks of backslashes."""
    quote = pq.Escaping(connection.pgconn).escape_literal
    for name, value in settings.items():
        yield b"SET LOCAL %s = %s" % (name.encode(), bytes(quote(_holdable(value))))


def _search_path(relations: Iterable[str]) -> str:
    # pg_temp is named because it would come first otherwise.
    return "pg_catalog, pg_temp" if all("." in name for name in relations) else "pg_catalog, public, pg_temp"


def _holdable(value: str) -> bytes:
    """The value's bytes. A name that had to be changed to fit could be somebody else's, so such a one is refused."""
    try:
        held = value.encode()
    except UnicodeEncodeError:
        held = b"\0"
    if b"\0" in held:
        raise QueryFailed("Your user name holds a character that no database can read; change DASH_USER.")
    return held


def reset(connection: Connection) -> None:
    """Roll back and forget: advisory locks, settings, cursors and prepared statements. Closes what cannot be reset.

    What was prepared is forgotten inside the transaction: a pooler in transaction mode may hand the server's session to
    somebody else as soon as it is over, and what is discarded then is another session's.
    """
    try:
        if connection.info.transaction_status == pq.TransactionStatus.INTRANS:
            connection.execute("DEALLOCATE ALL")
        connection.execute("ROLLBACK")
        connection.execute("DISCARD ALL")
    except (psycopg.Error, KeyboardInterrupt):
        connection.close()


def never() -> bool:
    """Whether nobody waits any more: somebody does."""
    return False


@dataclass
class Execution:
    """One run of `query` on `connection`, inside the transaction that `begin` opened. `cancelled` is looked at while
    the server works."""

    connection: Connection
    query: CheckedQuery
    limits: Limits
    masked: tuple[str, ...] = ()
    cancelled: Callable[[], bool] = never
    expected: Expected = field(default_factory=dict)
    _deadline: float = field(init=False)
    _name: bytes = field(init=False, default_factory=lambda: b"dash_" + secrets.token_hex(8).encode())
    """Of the prepared statement: no other's, where one that failed was left behind in a session of a pooler."""
    _transformer: abc.Transformer = field(init=False)
    _values: Sequence[abc.Buffer | None] = field(init=False, default=())
    _described: pq.abc.PGresult = field(init=False, repr=False)

    def result(self) -> Result:
        """Prepare, bound, run, take. Raises QueryFailed, DatabaseUnavailable or Cancelled; an interruption stops the
        server."""
        began = time.perf_counter()
        with self._stopping_on_trouble():
            columns = self._prepare()
            self._require_unchanged()
            if not self.query.reviewed:
                self._require_affordable()
            hidden = frozenset(index for index, column in enumerate(columns) if column.name in self.masked)
            rows, truncated = self._take(hidden)
        if truncated:
            self._stop()
        return Result(
            columns=columns,
            rows=tuple(rows),
            truncated=truncated,
            duration_ms=(time.perf_counter() - began) * 1000,
            masked=tuple(column.name for column in columns if column.name in self.masked),
        )

    def cost(self) -> float:
        """The planner's estimate, in its own units, without running the query. Raises like `result`."""
        with self._stopping_on_trouble():
            self._prepare()
            return self._estimate()

    @contextmanager
    def _stopping_on_trouble(self) -> Iterator[None]:
        """Whatever happens inside, nothing of it goes on running on the server, and the driver's errors become ours."""
        self._deadline = time.monotonic() + self.limits.statement_timeout_seconds + _GRACE_SECONDS
        self._transformer = Transformer(self.connection)
        try:
            yield
        except BaseException as error:
            self._stop()
            if isinstance(error, psycopg.OperationalError):
                self.connection.close()
                raise DatabaseUnavailable(_LOST) from error
            if isinstance(error, psycopg.Error | UnicodeDecodeError):
                raise QueryFailed("A value of the result cannot be read.", detail=str(error)) from error
            raise

    def _prepare(self) -> tuple[ResultColumn, ...]:
        if "\x00" in self.query.text:
            raise QueryFailed("The query holds a character that no database can read (NUL).")
        try:
            text = self.query.text.encode()
        except UnicodeEncodeError as error:
            raise QueryFailed("The query holds half a character.", detail=str(error)) from error
        try:
            self._values = self._transformer.dump_sequence(self.query.values, [PyFormat.AUTO] * len(self.query.values))
        except (psycopg.Error, ValueError, OverflowError) as error:
            raise QueryFailed("A value of the question cannot be given to the database.", detail=str(error)) from error
        self._send(lambda: self._pgconn.send_prepare(self._name, text, self._transformer.types or ()))
        self._send(lambda: self._pgconn.send_describe_prepared(self._name))
        described = self._described
        oids = [described.ftype(index) for index in range(described.nfields)]
        names = type_names(self.connection.adapters, oids)
        unknown = [oid for oid, name in names.items() if name is None]
        if unknown:
            found = self.connection.execute("SELECT oid::int8, typname FROM pg_type WHERE oid = ANY(%s)", (unknown,))
            names.update(dict(found.fetchall()))
        return tuple(
            ResultColumn(name=(described.fname(index) or b"").decode(), type=names[oid] or "text")
            for index, oid in enumerate(oids)
        )

    def _require_unchanged(self) -> None:
        """The tables are as they were when the query was planned. Preparing it has locked them, so they stay so."""
        if not self.expected:
            return
        schemas, names = zip(*(relation.split(".", 1) for relation in self.expected), strict=True)
        found = self.connection.execute(statement("columns_now"), {"schemas": list(schemas), "names": list(names)})
        now = {(relation, column): type_name for relation, column, type_name in found.fetchall()}
        for relation, columns in self.expected.items():
            for column, type_name in columns.items():
                if now.get((relation, column)) != type_name:
                    raise SchemaChanged(relation)

    def _estimate(self) -> float:
        plan: list[bytes | None] = []
        text = b"EXPLAIN (FORMAT JSON) " + self.query.text.encode()
        self._send(
            lambda: self._pgconn.send_query_params(
                text, self._values, self._transformer.types, self._transformer.formats
            ),
            each=lambda answer, arrived: plan.extend(answer.get_value(row, 0) for row in range(answer.ntuples)),
        )
        return float(json.loads(b"\n".join(line for line in plan if line))[0]["Plan"]["Total Cost"])

    def _require_affordable(self) -> None:
        """The planner's estimate stops what would obviously take forever before it begins."""
        cost = self._estimate()
        if cost > self.limits.maximum_cost:
            raise QueryFailed(
                "The query would take far too long and was not started; ask for a shorter period or fewer groups.",
                detail=f"estimated cost {cost:.0f}, at most {self.limits.maximum_cost:.0f}",
            )

    def _take(self, hidden: frozenset[int]) -> tuple[list[tuple[Any, ...]], str | None]:
        def start() -> None:
            self._pgconn.send_query_prepared(self._name, self._values, self._transformer.formats)
            self._pgconn.set_chunked_rows_mode(_CHUNK_ROWS)

        collector = Collector(self.connection, self._transformer, self.limits, hidden)
        self._send(start, each=collector.add, enough=collector.enough)
        if collector.truncated == "bytes" and not collector.rows:
            raise QueryFailed(
                f"One row of the result is larger than {self.limits.result_bytes / 1e6:g} MB; "
                "ask for fewer or shorter texts."
            )
        return collector.rows, collector.truncated

    def _send(
        self,
        start: Callable[[], None],
        *,
        each: Callable[[pq.abc.PGresult, int], None] = lambda answer, arrived: None,
        enough: Callable[[int], bool] = lambda incomplete_bytes: False,
    ) -> None:
        """Send one request and hand over each result until the server has no more or `enough` says so.

        `enough` is asked with the size of what has arrived of the next result.
        """
        pgconn = self._pgconn
        start()
        while pgconn.flush():
            wait_writable(pgconn.socket)
        failed: Exception | None = None
        with Meter(pgconn) as meter:
            complete = meter.received
            while not enough(meter.received - complete):
                if self.cancelled():
                    raise Cancelled(_STOPPED)
                if pgconn.is_busy():
                    self._wait(meter)
                    pgconn.consume_input()
                    continue
                answer = pgconn.get_result()
                if answer is None:
                    break
                complete = meter.received
                failed = failed or self._failure(answer)
                if failed is None:
                    self._described = answer
                    each(answer, meter.received)
        if failed is not None:
            raise failed

    def _wait(self, meter: Meter) -> None:
        # Short waits, because on some systems a Ctrl-C is noticed only between them.
        while not meter.wait(_LOOK_SECONDS):
            if self.cancelled():
                raise Cancelled(_STOPPED)
            if time.monotonic() > self._deadline:
                raise query_failed("57014", "the server did not stop the query in time")

    def _failure(self, answer: pq.abc.PGresult) -> Exception | None:
        if answer.status not in (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE):
            return None
        raw = answer.error_field(pq.DiagnosticField.SQLSTATE)
        sqlstate = raw.decode() if raw else None
        detail = answer.error_message.decode("utf-8", "replace").strip()
        if is_lost(sqlstate):
            return psycopg.OperationalError(detail)
        return query_failed(sqlstate, detail)

    def _stop(self) -> None:
        """End whatever still runs: cancel on the server when it is busy, and give the connection up then."""
        if self.connection.closed:
            return
        if self.connection.info.transaction_status == pq.TransactionStatus.ACTIVE:
            with suppress(psycopg.Error):
                self.connection.cancel_safe(timeout=2)
            self.connection.close()

    @property
    def _pgconn(self) -> pq.abc.PGconn:
        return self.connection.pgconn
