"""The proposal is a diff for `git apply`, after which the files have no fault and the questions their answers."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dash.ask import Dash
from dash.catalogue.faults import find_faults
from dash.database import Database
from dash.drift import propose
from dash.drift.editing import TextFile, entry
from dash.drift.reduced import without_columns
from dash.drift.renamed import with_renamed_column, with_renamed_table
from tests.drift.conftest import NOW

TABLE = "support.support_threads_data"
Change = Callable[[str], None]


def _applied(database: Database, tmp_path: Path) -> tuple[Path, str]:
    """A copy of the knowledge with what is proposed for the database as it is, and the diff."""
    folder = tmp_path / "knowledge"
    shutil.copytree(database.settings.knowledge, folder)
    with Dash.open(replace(database.settings, knowledge=folder), clock=lambda: NOW) as dash:
        dash.look_for_drift()
        proposal = propose(dash.written, dash.drift, folder)
    assert proposal.left == ()
    (tmp_path / "mend.diff").write_text(proposal.diff, encoding="utf-8")
    subprocess.run(["git", "apply", "mend.diff"], cwd=tmp_path, check=True, capture_output=True)
    return folder, proposal.diff


def _rows(database: Database, folder: Path, questions: tuple[str, ...]) -> list[tuple[tuple[object, ...], ...]]:
    with Dash.open(replace(database.settings, knowledge=folder), clock=lambda: NOW) as dash:
        answers = [dash.ask(question) for question in questions]
        assert {answer.outcome for answer in answers} == {"answered"}, [answer.headline for answer in answers]
        return [answer.rows for answer in answers]


def test_what_was_renamed_is_answered_as_before_once_the_proposal_is_applied(
    fresh_database: Database, change: Change, tmp_path: Path
) -> None:
    questions = ("Open tickets by urgency", "Tickets by status last month", "How many messages were there last month?")
    before = _rows(fresh_database, fresh_database.settings.knowledge, questions)
    change(f"ALTER TABLE {TABLE} RENAME COLUMN urgency TO how_pressing")  # only its values tell
    change(f"ALTER TABLE {TABLE} RENAME COLUMN status TO ticket_status")
    change("ALTER TABLE support.support_dialogs RENAME TO dialogs")
    folder, diff = _applied(fresh_database, tmp_path)
    assert find_faults(folder, fresh_database) == (), diff
    assert _rows(fresh_database, folder, questions) == before


def test_what_is_gone_goes_from_the_files_with_what_rests_on_it_and_what_is_new_is_written(
    fresh_database: Database, change: Change, tmp_path: Path
) -> None:
    change(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
    change(f"ALTER TABLE {TABLE} DROP COLUMN country")
    change(f"UPDATE {TABLE} SET channel = 'fax' WHERE id % 40 = 0")
    change(f"ALTER TABLE {TABLE} ALTER COLUMN assigned_to TYPE integer USING 1")
    folder, diff = _applied(fresh_database, tmp_path)
    table = json.loads((folder / "tables" / "support_threads_data.json").read_text(encoding="utf-8"))
    columns = {column["name"]: column for column in table["table_columns"]}
    assert "country" not in columns
    assert {"value": "fax"} in columns["channel"]["values"]
    assert columns["assigned_to"]["type"] == "int4"
    derived = json.loads((folder / "tables" / "first_responses.json").read_text(encoding="utf-8"))
    assert "country" not in derived["sql"]
    assert find_faults(folder, None) == (), diff


RENAMED = [
    ("SELECT a, old FROM s.t", "SELECT a, new AS old FROM s.t"),
    ("SELECT r.old AS x FROM s.t AS r WHERE r.old > 1", "SELECT r.new AS x FROM s.t AS r WHERE r.new > 1"),
    ("SELECT o.old FROM s.other AS o JOIN s.t AS r ON r.old = o.old",
     "SELECT o.old FROM s.other AS o JOIN s.t AS r ON r.new = o.old"),
    ('SELECT r.old FROM (\n  SELECT DISTINCT ON (id) id, old FROM s.t ORDER BY id, old\n) AS r',
     'SELECT r.old FROM (\n  SELECT DISTINCT ON (id) id, new AS old FROM s.t ORDER BY id, new\n) AS r'),
    ("SELECT (SELECT g.old FROM s.g AS g WHERE g.id = r.old) AS old, 'old' AS said FROM s.t AS r",
     "SELECT (SELECT g.old FROM s.g AS g WHERE g.id = r.new) AS old, 'old' AS said FROM s.t AS r"),
    ("SELECT old FROM s.other", "SELECT old FROM s.other"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "expected"), RENAMED)
def test_only_names_of_the_column_follow_it(sql: str, expected: str) -> None:
    assert with_renamed_column(sql, "s.t", "old", "new") == expected


def test_a_table_keeps_its_name_inside_a_query() -> None:
    sql = "SELECT t.a, x.b FROM s.t JOIN s.t AS x ON x.id = t.id"
    assert with_renamed_table(sql, "s.t", "s.u") == "SELECT t.a, x.b FROM s.u AS t JOIN s.u AS x ON x.id = t.id"


REDUCED = [
    ("SELECT a, gone, b FROM s.t", "SELECT a, b FROM s.t", ["gone"]),
    ("SELECT gone AS x, b FROM s.t", "SELECT b FROM s.t", ["x"]),
    ("SELECT upper(r.gone) AS x, r.b, (SELECT g.gone FROM s.g AS g WHERE g.id = r.b) AS y FROM s.t AS r",
     "SELECT r.b, (SELECT g.gone FROM s.g AS g WHERE g.id = r.b) AS y FROM s.t AS r", ["x"]),
    ("SELECT r.gone, r.id FROM (SELECT DISTINCT ON (id) id, gone FROM s.t ORDER BY id) AS r",
     "SELECT r.id FROM (SELECT DISTINCT ON (id) id FROM s.t ORDER BY id) AS r", ["gone"]),
    ("WITH w AS (SELECT id, gone AS g FROM s.t) SELECT w.id, w.g + 1 AS more FROM w",
     "WITH w AS (SELECT id FROM s.t) SELECT w.id FROM w", ["more"]),
    ("SELECT gone FROM s.t", "SELECT gone FROM s.t", []),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "expected", "lost"), REDUCED)
def test_items_that_need_what_is_gone_are_taken_out_and_nothing_else(sql: str, expected: str, lost: list[str]) -> None:
    text, names = without_columns(sql, {"s.t": {"gone"}})
    assert (text, sorted(names)) == (expected, lost)


def test_a_text_is_changed_in_one_place_and_read_back_as_it_was_meant() -> None:
    text = 'имя: "Ключ" # слова\nmetrics:\n  - name: a\n    filter: |\n      x = 1\n      AND y\n  - name: b\n'
    file = TextFile("knowledge/business/x.yaml", text)
    metrics = entry(file.root, "metrics")
    file.rewrite(entry(metrics.value[0], "filter"), lambda said: said.replace("y", "z"))  # type: ignore[union-attr]
    file.remove(metrics.value[1], metrics)  # type: ignore[union-attr, arg-type]
    assert file.changed == text.replace("AND y", "AND z").replace("  - name: b\n", "")
