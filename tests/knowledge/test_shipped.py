"""The knowledge that is shipped: not one fault, quickly loaded, and every SQL in it runs on the shipped schema."""

from __future__ import annotations

import random
from pathlib import Path

import psycopg
import pytest

from dash.knowledge import Knowledge, load_everything
from dash.knowledge.check import check
from dash.knowledge.check.live import NOW, sample_values
from dash.knowledge.check.sql import output_names, read_query
from dash.knowledge.placeholders import bind
from dash.settings import REPOSITORY

SHIPPED = REPOSITORY / "knowledge"


def test_the_shipped_files_have_no_fault():
    assert [str(fault) for fault in check(SHIPPED)] == []


def test_personal_and_untrusted_columns_are_marked(knowledge: Knowledge):
    assert any(name.endswith(".customer_email") for name in knowledge.personal())
    assert {name.rpartition(".")[2] for name in knowledge.untrusted()} >= {"subject", "body", "ai_answer"}


class Explaining:
    """The live database through a plain connection: each SQL is planned, none is run."""

    def __init__(self, database) -> None:
        self.types = database.live_schema()
        self.connection = psycopg.connect(database.owner_dsn(), cursor_factory=psycopg.RawCursor)

    def schema(self):
        return self.types

    def guard(self, sql, parameters):
        return None

    def explain(self, sql, parameters):
        text, values = bind(sql, parameters)
        try:
            with self.connection.transaction(force_rollback=True):
                self.connection.execute(f"EXPLAIN {text}", values, prepare=True)
        except psycopg.Error as error:
            return str(error)
        return None


def test_the_shipped_files_agree_with_the_shipped_schema(database):
    live = Explaining(database)
    assert [str(fault) for fault in check(SHIPPED, live=live)] == []


def copied(folder: Path) -> Path:
    """The shipped files at another place, small enough to be loaded many times."""
    root = folder / "knowledge"
    for path in SHIPPED.rglob("*"):
        if path.is_file() and path.parent.name in ("tables", "business", "queries", "evals"):
            target = root / path.relative_to(SHIPPED)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return root


SIGNS = [
    "",
    "\t",
    ":",
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    "-",
    "#",
    "*",
    "&",
    "!",
    "\\",
    "\x00",
    "\n",
    "--",
    "<",
    ">",
    "😀",
    ")",
]


@pytest.mark.parametrize("seed", range(8))
def test_a_slip_in_any_shipped_file_is_a_fault_or_harmless_but_never_a_crash(tmp_path, seed):
    chance = random.Random(seed)
    root = copied(tmp_path)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    for path in chance.sample(files, 8):
        text = path.read_text(encoding="utf-8")
        at = chance.randrange(len(text))
        cut = chance.choice([0, 1, 1, 5, 200])
        path.write_text(text[:at] + chance.choice(SIGNS) + text[at + cut :], encoding="utf-8")
    names = {f"knowledge/{path.relative_to(root).as_posix()}" for path in files}
    loaded = load_everything(root)
    for fault in (*loaded.faults, *check(root)):
        assert fault.path in names
        assert fault.line >= 1 and fault.what and fault.mend
        assert "\n" not in str(fault)


def test_every_vetted_query_runs_on_demo_data_and_gives_the_columns_that_it_declares(database, knowledge):
    with psycopg.connect(database.owner_dsn(), cursor_factory=psycopg.RawCursor, autocommit=True) as connection:
        for name, query in knowledge.queries.items():
            values = {**sample_values(query.parameters), "now": NOW}
            cursor = connection.execute(*bind(query.sql, values))
            found = [column.name for column in cursor.description]
            assert len(set(found)) == len(found), f"{name} gives two columns of one name"
            assert tuple(found) == output_names(read_query(query.sql).tree), name
            assert set(query.columns) <= set(found), name
