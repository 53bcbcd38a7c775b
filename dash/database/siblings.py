"""Databases beside ours on the same server, made once and kept: for data that can be made again, never for people's.

A sibling bears its final name only when it is filled, so one that is there is whole, also after a kill in the middle.
A comment says that a database is a sibling that we made; one without it is neither used nor dropped, whatever its name.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from dash.database.connections import Connection, Login
from dash.database.database import Database, silent
from dash.database.failures import state_problem
from dash.errors import DatabaseUnavailable, EnvironmentProblem
from dash.settings import Settings

KEPT = 2
"""How many siblings of a family stay; older ones that nobody uses are dropped when a new one is made."""

# Any constant does; the second number tells families apart from other locks of this program.
_LOCK = (0x64617368, 0x73696273)
_LONGEST_NAME = 63
_MARK = "Made by Dash from data that can be made again; Dash drops it when it is no longer needed."


def ensure_sibling(
    database: Database,
    family: str,
    key: str,
    fill: Callable[[Settings], None],
    progress: Callable[[str], None] = silent,
) -> Settings:
    """Settings of the sibling `family`/`key` of an open database, made by `fill` (given its settings) if need be.

    They are good for as long as `database` stays open. `key` is 12 hexadecimal digits. Of several processes that want
    the same one, one makes it; on somebody's server `progress` hears of it before. Raises EnvironmentProblem when the
    login may not create databases or when one of that name is not ours, or what `fill` raises.
    """
    login = psycopg.conninfo.conninfo_to_dict(database.owner_dsn())
    own = str(login.get("dbname") or login.get("user") or "")
    prefix = f"{own}_{family}_"[: _LONGEST_NAME - len(key) - len("_half")]
    name = prefix + key
    try:
        with psycopg.connect(database.owner_dsn(), autocommit=True, connect_timeout=15) as owner:
            owner.execute("SELECT pg_advisory_lock(%s, %s)", _LOCK)
            own_server = database.settings.database_url is None
            if not _is_there(owner, name, own_server=own_server):
                if not own_server:
                    progress(f"Creating the database {name} beside the one that is asked")
                _make(owner, name, lambda: fill(_settings(database, login, f"{name}_half")), own_server=own_server)
                _drop_oldest(owner, prefix, keep=name)
    except psycopg.errors.InsufficientPrivilege as error:
        raise EnvironmentProblem(
            "The login of DASH_DATABASE_URL may not create a second database; allow it (ALTER ROLE … CREATEDB) "
            "or leave out the second data set."
        ) from error
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable("The database does not answer; start it and try again.") from error
    except psycopg.Error as error:
        raise state_problem(error) from error
    return _settings(database, login, name)


def _make(owner: Connection, name: str, fill: Callable[[], None], *, own_server: bool) -> None:
    half = sql.Identifier(f"{name}_half")
    if _is_there(owner, f"{name}_half", own_server=own_server):
        owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(half))
    owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(half))
    try:
        owner.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(half, _MARK))
        fill()
        owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(half, sql.Identifier(name)))
    except BaseException:
        with suppress(psycopg.Error):
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(half))
        raise


def _is_there(owner: Connection, name: str, *, own_server: bool) -> bool:
    """Whether there is such a sibling. A database of that name that is not ours is a problem; on our `own_server`, the
    embedded one, whatever has such a name is ours."""
    found = owner.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", (name,)
    ).fetchone()
    if found and found[0] != _MARK and not own_server:
        raise EnvironmentProblem(
            f"There is a database {name} that Dash did not make, or did not finish making; it was left alone. "
            f'Rename or drop it: ALTER DATABASE "{name}" RENAME TO …'
        )
    return found is not None


def _drop_oldest(owner: Connection, prefix: str, *, keep: str) -> None:
    rows = owner.execute(
        "SELECT datname FROM pg_database"
        " WHERE starts_with(datname, %s) AND substr(datname, length(%s) + 1) ~ '^[0-9a-f]{12}$' AND datname <> %s"
        " AND shobj_description(oid, 'pg_database') = %s ORDER BY oid DESC",
        (prefix, prefix, keep, _MARK),
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
