"""Programs to kill, queries that no guard has seen, and looks behind the scenes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from dash.database import Database
from dash.records import CheckedQuery, Result, Viewer
from dash.records.query import _SEAL
from dash.settings import REPOSITORY, Limits

PROGRAM = """
import sys
from pathlib import Path
from dash.database import Database
from dash.settings import Settings
database = Database.open(Settings(home=Path(sys.argv[1])))
print("open", flush=True)
sys.stdin.readline()
database.close()
print("closed", flush=True)
"""


class Program:
    """Another process with the database of `home` open, until `close` or `kill`."""

    def __init__(self, home: Path, *, program: str = PROGRAM, **options: Any) -> None:
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-c", program, str(home)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )

    def says(self, word: str) -> str:
        """Wait for a line that begins with `word`."""
        assert self.process.stdout is not None
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            if line.startswith(word):
                return line
        raise AssertionError("".join(seen))

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.says("closed")
        assert self.process.wait(timeout=30) == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=30)


def server_process(home: Path) -> psutil.Process | None:
    """The running server of a state folder."""
    try:
        pid = int((home / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        return process if process.name().startswith("postgres") else None
    except (FileNotFoundError, NotADirectoryError, ValueError, psutil.NoSuchProcess):
        return None


def eventually(condition: Callable[[], object], *, seconds: float = 15.0) -> bool:
    """Whether `condition` became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def checked(text: str, *values: object, personal: tuple[str, ...] = (), reviewed: bool = True) -> CheckedQuery:
    """A query as the guard would hand it over, whatever it is: what holds here must hold without the guard."""
    return CheckedQuery(_SEAL, text=text, values=values, relations=(), personal_columns=personal, reviewed=reviewed)


def run(database: Database, text: str, *values: object, **options: Any) -> Result:
    """Run SQL as a question's."""
    limits = options.pop("limits", Limits())
    zone = options.pop("zone", "UTC")
    viewer = options.pop("viewer", Viewer())
    return database.run(checked(text, *values, **options), limits=limits, zone=zone, viewer=viewer)


def owner(database: Database) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection of the owner, to look behind the scenes."""
    return psycopg.connect(database.owner_dsn(), autocommit=True)


def url_of(parts: Mapping[str, Any], **changes: Any) -> str:
    """A postgresql:// URL of connection parameters."""
    values = {**parts, **changes}
    return "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**values)


def drop_role(connection: psycopg.Connection[tuple[Any, ...]], role: str) -> None:
    """Drop a role with all that it owns and may do, in every database: others grant to whatever roles they find."""
    parts = psycopg.conninfo.conninfo_to_dict(connection.info.dsn) | {"password": connection.info.password}
    databases = """SELECT DISTINCT d.datname FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid
                   WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = %s::regrole"""
    connection.execute(f"REASSIGN OWNED BY {role} TO {connection.info.user}; DROP OWNED BY {role} CASCADE".encode())

    def dropped() -> bool:
        for (name,) in connection.execute(databases, (role,)).fetchall():
            with suppress(psycopg.Error), psycopg.connect(**{**parts, "dbname": name}, autocommit=True) as other:
                other.execute(f"DROP OWNED BY {role} CASCADE".encode())
        try:
            connection.execute(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}".encode())
        except psycopg.errors.DependentObjectsStillExist:
            return False
        return True

    assert eventually(dropped)


def running(database: Database) -> int:
    """How many queries of the reader run in this database now."""
    with owner(database) as connection:
        sql = """SELECT count(*) FROM pg_stat_activity
                 WHERE usename = 'dash_reader' AND state = 'active' AND datname = current_database()"""
        row = connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])
