"""A PostgreSQL server that somebody else runs (DASH_DATABASE_URL), in the shape of the embedded one."""

from __future__ import annotations

import time
from typing import Literal, Protocol

import psycopg

from dash.database.connections import Connection, Login, connect, login_of
from dash.database.statements import statement
from dash.errors import DatabaseUnavailable, EnvironmentProblem

OLDEST_MAJOR = 14


class Server(Protocol):
    """What Database needs of a server, embedded or not."""

    def join(self) -> None:
        """Use it from now on. Raises EnvironmentProblem or DatabaseUnavailable."""

    def revive(self) -> None:
        """Called when a connection could not be made: do what can be done about it."""

    def leave(self) -> None:
        """Use it no more."""

    def login(self) -> Login:
        """How the owner logs in."""

    def secret(self) -> str | None:
        """What the reader's password is derived from; None when the owner logs in without one."""


class ExternalServer:
    """The server of a URL. It is neither started nor stopped."""

    def __init__(self, url: str) -> None:
        self._login = login_of(url)

    def join(self) -> None:
        with reach(self._login) as connection:
            version = connection.info.server_version
        if version < OLDEST_MAJOR * 10_000:
            raise EnvironmentProblem(
                f"The server of DASH_DATABASE_URL is PostgreSQL {version // 10_000}; "
                f"Dash needs {OLDEST_MAJOR} or newer. Unset DASH_DATABASE_URL to use the embedded one."
            )

    def revive(self) -> None:
        # It may be restarting; a moment is all that we can give it.
        time.sleep(0.3)

    def leave(self) -> None:
        return

    def login(self) -> Login:
        return self._login

    def secret(self) -> str | None:
        password = self._login.get("password")
        return str(password) if password else None


def login_kind(url: str) -> Literal["reader", "owner"]:
    """Whether a login can do no more than read. Raises DatabaseUnavailable."""
    with reach(login_of(url)) as connection:
        row = connection.execute(statement("reader_powers")).fetchone()
        return "owner" if row is not None and row[0] else "reader"


def reach(login: Login) -> Connection:
    """A connection to somebody's server. Raises DatabaseUnavailable, which says why there is none."""
    try:
        return connect(login)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(_sentence(str(error))) from error


def _sentence(said: str) -> str:
    """libpq's reason in words; its own text names hosts and users, which is fine, but runs over several lines."""
    if "password authentication failed" in said or "no password supplied" in said:
        return "The database server refused the password; correct the user and password in DASH_DATABASE_URL."
    if "no pg_hba.conf entry" in said:
        return "The database server does not let this machine in; allow it in its pg_hba.conf."
    if 'database "' in said and "does not exist" in said:
        return "The database named in DASH_DATABASE_URL does not exist on that server; create it or correct the name."
    if "too many" in said or "remaining connection slots" in said:
        return "The database server has no connection left; end some of its other clients and try again."
    return "The database server does not answer; start it, or correct host and port in DASH_DATABASE_URL."
