"""The role `dash_reader`: it can log in and nothing else, until `grants` lets it read.

What PUBLIC loses (temporary tables, functions) the roles that are already there keep, so other programs on a
shared server notice nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from contextlib import suppress

import psycopg
from psycopg import sql

from dash.database.connections import Connection, Login, connect
from dash.database.statements import statement
from dash.errors import DatabaseUnavailable, EnvironmentProblem

READER = "dash_reader"


def reader_login(owner: Login, secret: str) -> Login:
    """How the reader logs in to the owner's server.

    Its password is derived from `secret`, so that every process and every state folder that shares a server and its
    owner's password agrees on it and none has to store it.
    """
    password = hmac.new(secret.encode(), READER.encode(), hashlib.sha256).hexdigest()
    options = "-c default_transaction_read_only=on -c standard_conforming_strings=on"
    kept = {key: value for key, value in owner.items() if key not in ("passfile", "options")}
    return {**kept, "user": READER, "password": password, "options": options}


def ensure_reader(owner: Connection, login: Login) -> None:
    """Make the role and take from it what PUBLIC would give it. Raises EnvironmentProblem when we may not."""
    _require_role(owner)
    try:
        reader = connect(login)
    except psycopg.OperationalError:
        reader = _with_password(owner, login)
    with reader:
        require_harmless(reader)
    _close_loopholes(owner)


def is_closed(owner: Connection) -> bool:
    """Whether the role exists and was deprived of PUBLIC's rights before: the quick check of every start."""
    row = owner.execute(statement("is_closed"), {"reader": READER}).fetchone()
    return row is not None and not row[0]


def _require_role(owner: Connection) -> None:
    if owner.execute("SELECT FROM pg_roles WHERE rolname = %s", (READER,)).fetchone():
        return
    try:
        owner.execute(statement("create_reader"))
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        return
    except psycopg.errors.InsufficientPrivilege as error:
        raise EnvironmentProblem(
            "The login of DASH_DATABASE_URL may not create roles; ask for one: CREATE ROLE dash_reader LOGIN NOINHERIT "
            "PASSWORD '…' and set DASH_READER_URL=postgresql://dash_reader:…@host/database"
        ) from error


def _with_password(owner: Connection, login: Login) -> Connection:
    change = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(READER), sql.Literal(login["password"]))
    try:
        owner.execute(change)
        return connect(login)
    except psycopg.errors.InsufficientPrivilege as error:
        raise EnvironmentProblem(
            "The role dash_reader exists and its password is not known; set DASH_READER_URL to its login."
        ) from error
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            "The role dash_reader cannot log in to the database server; allow it in pg_hba.conf, "
            "or set DASH_READER_URL to another login that may only read."
        ) from error


def _close_loopholes(owner: Connection) -> None:
    """Nothing that PUBLIC may do by default: temporary tables, new tables in `public`, functions that are not ours."""
    loopholes = statement("reader_loopholes").replace(b":dangerous_functions", statement("dangerous_functions"))
    row = owner.execute(loopholes, {"reader": READER}).fetchone()
    assert row is not None
    temporary, creatable, dangerous = row
    commands: list[sql.Composed] = []
    database = sql.Identifier(owner.info.dbname)
    if temporary:
        commands.append(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))
        commands += [
            sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, sql.Identifier(role))
            for role in _other_roles(owner)
        ]
    for schema in creatable:
        commands.append(sql.SQL("REVOKE CREATE ON SCHEMA {} FROM PUBLIC").format(sql.Identifier(schema)))
        commands += [
            sql.SQL("GRANT CREATE ON SCHEMA {} TO {}").format(sql.Identifier(schema), sql.Identifier(role))
            for role in _other_roles(owner)
        ]
    commands += function_commands(owner, dangerous)
    for command in commands:
        try_to(owner, command)


def function_commands(owner: Connection, functions: Iterable[str]) -> list[sql.Composed]:
    """What takes these functions from PUBLIC and leaves them to the roles that are there."""
    others = [sql.Identifier(role) for role in _other_roles(owner)] if functions else []
    commands: list[sql.Composed] = []
    for name in functions:
        # regprocedure's own output: quoted where needed, with argument types.
        commands.append(sql.SQL("REVOKE EXECUTE ON ROUTINE {} FROM PUBLIC").format(verbatim(name)))
        if others:
            grantees = sql.SQL(", ").join(others)
            commands.append(sql.SQL("GRANT EXECUTE ON ROUTINE {} TO {}").format(verbatim(name), grantees))
    return commands


def verbatim(text: str) -> sql.SQL:
    """SQL of our own that is not a literal in the source."""
    return sql.SQL(text)


def _other_roles(owner: Connection) -> list[str]:
    return [name for (name,) in owner.execute(statement("other_roles"), {"reader": READER}).fetchall()]


def try_to(owner: Connection, command: sql.Composed) -> None:
    """Without the right to take it away it stays; the transaction is READ ONLY and the guard names what may run.

    A role that was dropped since its name was read needs nothing any more.
    """
    with suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedObject):
        owner.execute(command)


def require_harmless(reader: Connection) -> None:
    """Raises EnvironmentProblem when the reader's login could do more than read."""
    row = reader.execute(statement("reader_powers")).fetchone()
    if row is not None and row[0]:
        raise EnvironmentProblem(
            f"Questions would run as {reader.info.user}, who can do more than read: it {row[0]}. "
            "Set DASH_READER_URL to a login that cannot: CREATE ROLE reader LOGIN NOINHERIT PASSWORD '…'"
        )
