"""The server versions that the database tests run on: the embedded one, and Debian's PostgreSQL 15.

A module that says `ON_EVERY_VERSION = True` runs on each (conftest.py). Where PostgreSQL 15 is not installed it is left
out, but not on the build machine (CI=true), where everything that was promised is tried.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from dash.database.account import Account, server_account
from dash.database.embedded import _free_port
from dash.database.server_options import with_memory_limit
from tests.database.harness import url_of

EMBEDDED = "embedded"
POSTGRESQL_15 = "15"
BINARIES = Path("/usr/lib/postgresql/15/bin")
INSTALL = "apt-get install -y --no-install-recommends postgresql-15"


def versions(binaries: Path = BINARIES, environment: Mapping[str, str] = os.environ) -> list[str]:
    """What to run on here. On the build machine a missing PostgreSQL 15 is a failing fixture, not a missing test."""
    wanted = binaries.exists() or environment.get("CI") == "true"
    return [EMBEDDED, POSTGRESQL_15] if wanted else [EMBEDDED]


@contextmanager
def throwaway_cluster(folder: Path, binaries: Path = BINARIES) -> Iterator[str]:
    """A running PostgreSQL 15 on loopback, gone at the end; yields its superuser's URL."""
    if not binaries.exists():
        pytest.fail(f"PostgreSQL 15 is not installed here; install it: {INSTALL}")
    # As root PostgreSQL refuses to run: an account without privileges then.
    account = server_account(folder / "data")
    folder.mkdir(mode=0o700)
    account.own(folder)
    password, port = secrets.token_hex(16), _free_port()
    secret = folder / "password"
    secret.write_text(password)
    account.own(secret)
    _run(account, folder, str(binaries / "initdb"), "--username", "dash", "--auth", "scram-sha-256",
         "--pwfile", str(secret), "--encoding", "UTF8", "--locale", "C.UTF-8", "--pgdata", "data",
         "--no-sync")  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c jit=off"
    # Bombs go off in here; they must not take the machine with them.
    start = with_memory_limit([str(binaries / "pg_ctl"), "start", "--wait", "--pgdata", "data", "--log", "log"])
    _run(account, folder, *start, "--options", options)
    try:
        parts = {"user": "dash", "password": password, "host": "127.0.0.1", "port": port}
        with psycopg.connect(url_of(parts, dbname="postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE dash")
        yield url_of(parts, dbname="dash")
    finally:
        _run(account, folder, str(binaries / "pg_ctl"), "stop", "--wait", "--mode", "immediate", "--pgdata", "data")


def _run(account: Account, folder: Path, *command: str) -> None:
    done = account.run(command, cwd=folder, timeout_seconds=120)
    assert done.returncode == 0, done.stdout + done.stderr
