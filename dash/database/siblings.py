"""Databases beside ours on the same server, made once and kept: for data that can be made again, never for people's.

A sibling bears its final name only when it is filled, so one that is there is whole, also after a kill in the middle.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from dash.database.connections import Connection, Login
from dash.database.database import Database
from dash.database.failures import state_problem
from dash.errors import DatabaseUnavailable, EnvironmentProblem
from dash.settings import Settings

KEPT = 2
"""How many siblings of a family stay; older ones that nobody uses are dropped when a new one is made."""

# Any constant does; the second number tells families apart from other locks of this program.
_LOCK = (0x64617368, 0x73696273)
_LONGEST_NAME = 63


def ensure_sibling(database: Database, family: str, key: str, fill: Callable[[Settings], None]) -> Settings:
    """Settings of the sibling `family`/`key` of an open database, made by `fill` (given its settings) if need be.

    They are good for as long as `database` stays open. `key` is a short name in lower case. Of several processes that
    want the same one, one makes it. Raises EnvironmentProblem when the login may not create databases, or what `fill`
    raises.
    """
    login = psycopg.conninfo.conninfo_to_dict(database.owner_dsn())
    own = str(login.get("dbname") or login.get("user") or "")
    prefix = f"{own}_{family}_"[: _LONGEST_NAME - len(key) - len("_half")]
    name = prefix + key
    try:
        with psycopg.connect(database.owner_dsn(), autocommit=True, connect_timeout=15) as owner:
            owner.execute("SELECT pg_advisory_lock(%s, %s)", _LOCK)
            if not _exists(owner, name):
                _make(owner, name, lambda: fill(_settings(database, login, f"{name}_half")))
                _drop_oldest(owner, prefix, keep=name)
    except psycopg.errors.InsufficientPrivilege as error:
        raise EnvironmentProblem(
            "The login of DASH_DATABASE_URL may not create a second database; allow it: ALTER ROLE … CREATEDB"
        ) from error
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable("The database does not answer; start it and try again.") from error
    except psycopg.Error as error:
        raise state_problem(error) from error
    return _settings(database, login, name)


def _make(owner: Connection, name: str, fill: Callable[[], None]) -> None:
    half = sql.Identifier(f"{name}_half")
    owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(half))
    owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(half))
    try:
        fill()
        owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(half, sql.Identifier(name)))
    except BaseException:
        with suppress(psycopg.Error):
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(half))
        raise


def _exists(owner: Connection, name: str) -> bool:
    return owner.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def _drop_oldest(owner: Connection, prefix: str, *, keep: str) -> None:
    rows = owner.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s ORDER BY oid DESC",
        (prefix, keep),
    ).fetchall()
    for (name,) in rows[KEPT - 1 :]:
        # Without FORCE: whoever is connected keeps it.
        with suppress(psycopg.Error):
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _settings(database: Database, login: Login, name: str) -> Settings:
    """The same server, reached by a URL; the embedded one stays up because `database` holds it open."""
    settings = database.settings
    reader = settings.reader_url
    if reader is not None:
        parts = psycopg.conninfo.conninfo_to_dict(reader.replace("postgresql+psycopg://", "postgresql://", 1))
        reader = _url(parts, name)
    return replace(settings, database_url=_url(login, name), reader_url=reader)


def _url(login: Login, name: str) -> str:
    parts = {key: str(value) for key, value in login.items() if key != "dbname" and value is not None}
    return f"postgresql:///{quote(name, safe='')}?{urlencode(parts, quote_via=quote)}"
