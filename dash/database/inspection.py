"""What is not as it should be on a live server: the reader's rights, its settings, the way to it, its version.

Each check is one statement in sql/doctor/, which says in words what it found and gives the SQL that mends it. Nothing
is changed here, and nothing is refused: a reader that Dash would not start with is exactly what has to be looked at.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import psycopg

from dash.database import roles
from dash.database.connections import Connection, Login, connect, login_of
from dash.database.embedded import EmbeddedServer
from dash.database.reader_script import RISKY_EXTENSIONS
from dash.database.servers import OLDEST_MAJOR, ExternalServer, Server, reach
from dash.database.statements import statement
from dash.settings import Settings

# By name of the file in sql/doctor/, with the server version (as PostgreSQL counts) that has what it looks at.
_CHECKS = {
    "role": 0, "memberships": 0, "ownership": 0, "database": 0, "schemas": 0, "writing": 0, "reading": 0, "missing": 0,
    "functions": 0, "server_functions": 0, "viewers": 0, "defaults": 0, "settings": 0, "parameters": 150_000,
    "foreign_servers": 0, "large_objects": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be; `mend` is SQL, or a comment in SQL where none helps."""

    check: str
    what: str
    mend: str


@dataclass(frozen=True)
class Inspection:
    """What was found on which server, as "15.8", about which role."""

    server_version: str
    reader: str
    findings: tuple[Finding, ...]


def inspect(settings: Settings, allowed: Mapping[str, tuple[str, ...]], progress: Callable[[str], None]) -> Inspection:
    """Look at the server and the reader of `settings`. Raises EnvironmentProblem or DatabaseUnavailable."""
    if settings.reads_elsewhere and settings.reader_url:
        return _inspect_as_reader(settings.reader_url, allowed)
    if settings.database_url:
        return _inspect(settings, ExternalServer(settings.database_url), allowed)
    server = EmbeddedServer(settings.home, progress)
    server.join()
    try:
        return _inspect(settings, server, allowed)
    finally:
        server.leave()


def _inspect(settings: Settings, server: Server, allowed: Mapping[str, tuple[str, ...]]) -> Inspection:
    reader_login = login_of(settings.reader_url) if settings.reader_url else None
    with reach(server.login()) as owner:
        reader = str(reader_login.get("user") or roles.READER) if reader_login else roles.READER
        findings = [*about_version(owner.info.server_version), *_about_way(owner, "DASH_DATABASE_URL")]
        if reader_login is not None:
            findings += _about_login(reader_login, reader, owner)
        findings += about_reader(owner, reader, allowed)
        version = owner.info.parameter_status("server_version") or ""
    return Inspection(version.split(" ")[0], reader, tuple(findings))


def _inspect_as_reader(url: str, allowed: Mapping[str, tuple[str, ...]]) -> Inspection:
    """The server of the data, seen by the login that reads it: its owner is not known here."""
    with reach(login_of(url)) as reader:
        findings = [*about_version(reader.info.server_version), *_about_way(reader, "the project's database URL")]
        findings += about_reader(reader, reader.info.user, allowed)
        version = reader.info.parameter_status("server_version") or ""
        return Inspection(version.split(" ")[0], reader.info.user, tuple(findings))


def about_reader(owner: Connection, reader: str, allowed: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """What the catalogue says about the role `reader`, seen by `owner`."""
    if owner.execute("SELECT FROM pg_roles WHERE rolname = %s", (reader,)).fetchone() is None:
        yield Finding("role", f"There is no role {reader}", "-- dash grant prints the SQL that makes it")
        return
    pairs = [(relation, column) for relation, columns in allowed.items() for column in columns]
    facts = {
        "reader": reader,
        "risky": RISKY_EXTENSIONS,
        "relations": [relation for relation, _ in pairs],
        "columns": [column for _, column in pairs],
    }
    for check, version in _CHECKS.items():
        if owner.info.server_version < version:
            continue
        # Bound on our side, because format() cannot tell the type of a parameter.
        rows = psycopg.ClientCursor(owner).execute(statement(f"doctor/{check}"), facts).fetchall()
        for what, mend in rows:
            yield Finding(check, what, mend)
        if rows and "superuser" in rows[0][0]:
            # Whom no right stops has every other right too.
            return


def about_version(version: int) -> Iterator[Finding]:
    """A server that is too old for Dash."""
    if version < OLDEST_MAJOR * 10_000:
        what = f"The server is PostgreSQL {version // 10_000}, and Dash needs {OLDEST_MAJOR} or newer"
        yield Finding("version", what, "-- upgrade the server")


def about_way(host: str, encrypted: bool, variable: str) -> Iterator[Finding]:
    """Data and passwords on a network where others can read them. `host` is an address, a name or a socket's folder."""
    if encrypted or is_local(host):
        return
    what = f"The connection to {host} is not encrypted, so that whoever is on the way can read it"
    yield Finding("tls", what, f"-- turn on ssl on the server and add ?sslmode=verify-full to {variable}")


def is_local(host: str) -> bool:
    """Whether a connection to `host` stays on this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost") or host.startswith(("/", "@"))


def _about_way(connection: Connection, variable: str) -> Iterator[Finding]:
    info = connection.info
    return about_way(info.host if info.host.startswith("/") else info.hostaddr, connection.pgconn.ssl_in_use, variable)


def _about_login(login: Login, reader: str, owner: Connection) -> Iterator[Finding]:
    if reader == owner.info.user:
        what = f"Questions would run as {reader}, who also owns the state of Dash"
        yield Finding("login", what, "-- make a role of its own with dash grant, and name it in DASH_READER_URL")
    try:
        with connect(login) as connection:
            yield from _about_way(connection, "DASH_READER_URL")
    except psycopg.OperationalError:
        what = f"The login of DASH_READER_URL does not get in as {reader}"
        yield Finding("login", what, "-- correct DASH_READER_URL: user, password, host, database; see also pg_hba.conf")
