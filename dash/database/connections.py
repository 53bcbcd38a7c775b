"""Opening connections and keeping a few of them open, so that a query costs milliseconds.

A connection is lent to one thread at a time and goes back only when it is idle and healthy; everything else is closed.
Logins are plain mappings of libpq's parameters, because they hold passwords; as text they leave this package only by
`Database.owner_dsn`, for what loads data.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import pq

from dash.errors import DatabaseUnavailable

Connection = psycopg.Connection[tuple[Any, ...]]
Login = Mapping[str, Any]

_DEFAULTS: Login = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "client_encoding": "UTF8",
    "application_name": "dash",
}


def login_of(url: str) -> Login:
    """libpq's parameters of a `postgresql://` URL. Raises DatabaseUnavailable when libpq cannot read it."""
    try:
        return psycopg.conninfo.conninfo_to_dict(url.replace("postgresql+psycopg://", "postgresql://", 1))
    except psycopg.ProgrammingError as error:
        raise DatabaseUnavailable(
            "DASH_DATABASE_URL cannot be read; write it like postgresql://user:password@host:5432/database."
        ) from error


def connect(login: Login) -> Connection:
    """A new connection in autocommit mode. Raises psycopg.OperationalError."""
    return psycopg.connect(**{**_DEFAULTS, **login}, autocommit=True)


class Pool:
    """At most `size` connections, made by `connect` when needed; the one used last is lent first."""

    def __init__(self, connect: Callable[[], Connection], *, size: int, patience_seconds: float = 60.0) -> None:
        self._connect = connect
        self._patience_seconds = patience_seconds
        self._free = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Lend a connection. Raises DatabaseUnavailable when all are busy for too long or after `close`."""
        if not self._free.acquire(timeout=self._patience_seconds):
            raise DatabaseUnavailable("The database is busy with other questions; try again in a moment.")
        try:
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)
        finally:
            self._free.release()

    def forget_idle(self) -> None:
        """Close what is idle: after a restart of the server all of it is dead."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def close(self) -> None:
        """Close what is idle now and what is lent when it comes back."""
        with self._lock:
            self._closed = True
        self.forget_idle()

    def _take(self) -> Connection:
        with self._lock:
            if self._closed:
                raise DatabaseUnavailable("The database was closed; open Dash again.")
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give_back(self, connection: Connection) -> None:
        healthy = not connection.closed and connection.info.transaction_status == pq.TransactionStatus.IDLE
        # Under one lock with `close`: a connection that came back after its look would stay open for ever.
        with self._lock:
            kept = healthy and not self._closed
            if kept:
                self._idle.append(connection)
        if not kept:
            connection.close()


def wait_until(condition: Callable[[], bool], *, seconds: float, pause_seconds: float = 0.05) -> bool:
    """Whether `condition` became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause_seconds)
    return True
