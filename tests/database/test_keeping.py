"""What holds passwords or connections lets nothing out and leaves nothing behind."""

from __future__ import annotations

import threading
from pathlib import Path

import psycopg
import pytest

from dash.database import Database
from dash.database.connections import Connection, Pool, connect, login_of
from dash.database.folders import read_secret, write_secret
from dash.errors import DatabaseUnavailable
from dash.settings import Settings


def test_settings_show_no_password() -> None:
    settings = Settings(
        home=Path("home"),
        database_url="postgresql://ann:first-secret@db/one",
        reader_url="postgresql://bob:second-secret@db/one",
    )
    assert "secret" not in f"{settings} {settings!r}"
    assert hash(settings) != hash(Settings(home=Path("home")))


def test_a_secret_that_cannot_be_put_in_its_place_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_secret(path, "first")
    assert read_secret(path) == "first"
    in_the_way = tmp_path / "folder"
    in_the_way.mkdir()
    with pytest.raises(OSError):
        write_secret(in_the_way, "second")
    with pytest.raises(UnicodeEncodeError):
        write_secret(path, "\ud83d")
    assert sorted(tmp_path.iterdir()) == [in_the_way, path]
    assert read_secret(path) == "first"


def test_a_connection_that_comes_back_while_its_pool_closes_is_closed(database: Database) -> None:
    lent: list[Connection] = []

    def made() -> Connection:
        lent.append(connect(login_of(database.owner_dsn())))
        return lent[-1]

    for _ in range(20):
        pool = Pool(made, size=2)
        go = threading.Barrier(2)

        def use(pool: Pool = pool, go: threading.Barrier = go) -> None:
            with pool.connection():
                go.wait(5)

        user = threading.Thread(target=use)
        user.start()
        go.wait(5)
        pool.close()
        user.join(5)
        with pytest.raises(DatabaseUnavailable, match="closed"), pool.connection():
            pass
    assert len(lent) == 20
    assert all(isinstance(each, psycopg.Connection) and each.closed for each in lent)
