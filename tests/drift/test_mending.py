"""The proposal is a diff for `git apply`, after which the files have no fault and the questions their answers."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from yaml.nodes import SequenceNode

from dash.ask import Dash
from dash.catalogue.faults import find_faults
from dash.catalogue.following import Proposal, propose
from dash.catalogue.pruning import prune
from dash.database import Database
from dash.drift import Finding, mend, reduce
from dash.drift.editing import TextFile, diff_of, entry
from dash.drift.reduced import without_columns
from dash.drift.renamed import with_renamed_column, with_renamed_table
from dash.errors import Fault
from dash.knowledge import load_knowledge
from tests.drift.conftest import NOW

TABLE = "support.support_threads_data"
SHIPPED = Path(__file__).parents[2] / "knowledge"
Change = Callable[[str], None]
LEFT_ALONE = "How many tickets were opened last month?"


def _applied(database: Database, tmp_path: Path) -> tuple[Path, Proposal]:
    """A copy of the knowledge with what is proposed for the database as it is, and the diff."""
    folder = tmp_path / "knowledge"
    shutil.copytree(database.settings.knowledge, folder)
    with Dash.open(replace(database.settings, knowledge=folder), clock=lambda: NOW) as dash:
        dash.look_for_drift()
        proposal = propose(dash)
    assert proposal.left == ()
    _apply(proposal.diff, tmp_path)
    return folder, proposal


def _apply(diff: str, tmp_path: Path) -> None:
    (tmp_path / "mend.diff").write_text(diff, encoding="utf-8")
    subprocess.run(["git", "apply", "mend.diff"], cwd=tmp_path, check=True, capture_output=True)


def _faults(database: Database, folder: Path) -> tuple[Fault, ...]:
    """What `dash check` finds."""
    return find_faults(folder, database, database.settings.learnings, database.settings.home)


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
    folder, proposal = _applied(fresh_database, tmp_path)
    assert proposal.told == ()
    assert _faults(fresh_database, folder) == ()
    assert _rows(fresh_database, folder, questions) == before


def test_what_is_gone_goes_from_the_files_with_all_that_rests_on_it_and_what_is_new_is_written(
    fresh_database: Database, change: Change, tmp_path: Path
) -> None:
    change(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
    change(f"ALTER TABLE {TABLE} DROP COLUMN csat_score")
    change(f"ALTER TABLE {TABLE} DROP COLUMN country")
    change("DROP TABLE support.analytics_events CASCADE")
    change(f"UPDATE {TABLE} SET channel = 'fax' WHERE id % 40 = 0")
    change(f"ALTER TABLE {TABLE} ALTER COLUMN assigned_to TYPE integer USING 1")
    folder, proposal = _applied(fresh_database, tmp_path)
    table = json.loads((folder / "tables" / "support_threads_data.json").read_text(encoding="utf-8"))
    columns = {column["name"]: column for column in table["table_columns"]}
    assert not {"country", "csat_score"} & columns.keys()
    assert {"value": "fax"} in columns["channel"]["values"]
    assert columns["assigned_to"]["type"] == "int4"
    derived = json.loads((folder / "tables" / "first_responses.json").read_text(encoding="utf-8"))
    assert "country" not in derived["sql"]
    assert not (folder / "tables" / "analytics_events.json").exists()
    told = "\n".join(proposal.told)
    for entry_ in ("vocabulary response rate", "vocabulary few stars", "query csat_by_category", "cards csat"):
        assert f": {entry_}: " in told
    for entry_ in ("cards tools", "query tool_reliability", "timeline events", "filters tool"):
        assert f": {entry_}: " in told
    assert _faults(fresh_database, folder) == ()
    left = _rows(fresh_database, folder, (LEFT_ALONE, "First response time in October", "Тикеты по каналам за октябрь"))
    with Dash.open(fresh_database.settings, clock=lambda: NOW) as dash:
        assert left[:2] == [dash.ask(one).rows for one in (LEFT_ALONE, "First response time in October")]
    with Dash.open(replace(fresh_database.settings, knowledge=folder), clock=lambda: NOW) as dash:
        asked = [dash.ask(one) for one in ("CSAT in October", "Response rate last month", "How many tool calls?")]
        assert [(one.outcome, one.rows) for one in asked if one.outcome == "answered"] == []


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
    ("SELECT a, EXISTS (SELECT DISTINCT b, c FROM s.u AS u) AS y, gone FROM s.t",
     "SELECT a, EXISTS (SELECT DISTINCT b, c FROM s.u AS u) AS y FROM s.t", ["gone"]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "expected", "lost"), REDUCED)
def test_items_that_need_what_is_gone_are_taken_out_and_nothing_else(sql: str, expected: str, lost: list[str]) -> None:
    text, names = without_columns(sql, {"s.t": {"gone"}})
    assert (text, sorted(names)) == (expected, lost)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT DISTINCT a, gone FROM s.t",
        "SELECT a, gone FROM s.t UNION SELECT a, b FROM s.u",
        "SELECT a, b FROM s.u EXCEPT (SELECT a, gone FROM s.t)",
        "((SELECT a, gone FROM s.t)) INTERSECT ((SELECT a, b FROM s.u))",
        "SELECT r.a FROM (SELECT DISTINCT a, gone FROM s.t) AS r",
        "WITH r AS (SELECT a, gone FROM s.t) SELECT DISTINCT * FROM r",
    ],
)
def test_a_query_whose_rows_depend_on_an_item_loses_all(sql: str) -> None:
    text, names = without_columns(sql, {"s.t": {"gone"}})
    assert (text, sorted(names)) == (sql, ["*"])
    assert "gone" in names["*"]


def test_a_derived_table_whose_rows_would_be_others_is_not_asked() -> None:
    knowledge = load_knowledge(SHIPPED)
    table = knowledge.tables["first_responses"]
    assert table.sql is not None
    sql = f"SELECT DISTINCT r.* FROM (\n{table.sql}\n) AS r"
    tables = {**knowledge.tables, "first_responses": table.model_copy(update={"sql": sql})}
    reduced = reduce(replace(knowledge, tables=tables), [Finding("column_gone", TABLE, "country")])
    assert {("first_responses", column.name) for column in table.table_columns} <= reduced.why.keys()
    assert reduced.knowledge.tables["first_responses"].sql == sql


METRICS = [path for path in sorted((*SHIPPED.parent.rglob("business/metrics*.yaml"),)) if ".venv" not in path.parts]


@pytest.mark.parametrize("path", METRICS, ids=lambda path: f"{path.parts[-4]}-{path.name}")
def test_a_metric_is_taken_out_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    written = yaml.safe_load(text)["metrics"]
    last = len(written) - 1
    for gone in ({0}, {last // 2}, {last}, {0, last}, {max(0, last - 1), last}, set(range(len(written)))):
        file = TextFile("x.yaml", text)
        metrics = entry(file.root, "metrics")
        assert isinstance(metrics, SequenceNode)
        file.remove(metrics, [metrics.value[place] for place in gone])
        left = [one for place, one in enumerate(written) if place not in gone]
        assert yaml.safe_load(file.changed) == {**yaml.safe_load(text), "metrics": left}


@pytest.mark.parametrize(
    ("text", "gone", "expected"),
    [
        ("[a, b, c]", (1, 2), "[a]"),
        ("[a, b, c]", (0, 2), "[b]"),
        ("[a, b, c]", (0, 1, 2), "[]"),
        ("- a: 1\n\n# of b\n- b: 2\n", (0,), "\n# of b\n- b: 2\n"),
        ("- a: 1\n\n- b: |\n    x\n\n- c: 3\n", (1,), "- a: 1\n\n- c: 3\n"),
        ("-\n  a: 1 # one\n-\n  b: [1,\n    2]\n- c:\n", (0, 1), "- c:\n"),
        ("- a: 1\n- b: 2", (1,), "- a: 1\n"),
    ],
)
def test_an_item_takes_its_own_lines_with_it(text: str, gone: tuple[int, ...], expected: str) -> None:
    file = TextFile("x.yaml", text)
    assert isinstance(file.root, SequenceNode)
    file.remove(file.root, [file.root.value[place] for place in gone])
    assert file.changed == expected


def test_a_file_whose_last_line_is_not_ended_can_be_mended(tmp_path: Path) -> None:
    before = "k: 1\nlist:\n  - a\n  - b"
    (tmp_path / "x.yaml").write_text(before, encoding="utf-8")
    for change, after in (("add", f"{before}\n  - c\n"), ("remove", "k: 1\nlist:\n  - b")):
        (tmp_path / "x.yaml").write_text(before, encoding="utf-8")
        file = TextFile("x.yaml", before)
        listed = entry(file.root, "list")
        assert isinstance(listed, SequenceNode)
        if change == "add":
            file.append(listed, "c")
        else:
            file.remove(listed, listed.value[:1])
        (tmp_path / "mend.diff").write_text(file.diff, encoding="utf-8")
        subprocess.run(["git", "apply", "mend.diff"], cwd=tmp_path, check=True, capture_output=True)
        assert (tmp_path / "x.yaml").read_text(encoding="utf-8") == after


def test_a_value_that_nobody_could_read_is_shown_short_and_not_proposed() -> None:
    finding = Finding("new_values", TABLE, "channel", values=("fax\u202e", "x" * 61))
    assert "x" * 59 + "…" in str(finding)
    assert "x" * 60 not in str(finding)
    diff = diff_of(mend(load_knowledge(SHIPPED), [finding], SHIPPED)[0])
    assert '{"value": "fax\\u202e"}' in diff
    assert "xxx" not in diff


def test_a_metric_that_is_dropped_takes_no_other_one_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(SHIPPED, folder)
    files, _ = mend(load_knowledge(SHIPPED), [Finding("column_gone", TABLE, "csat_score")], folder)
    _apply(diff_of(files), tmp_path)
    written = yaml.safe_load((SHIPPED / "business/metrics_tickets.yaml").read_text(encoding="utf-8"))["metrics"]
    left = yaml.safe_load((folder / "business/metrics_tickets.yaml").read_text(encoding="utf-8"))["metrics"]
    assert [one["name"] for one in left] == [one["name"] for one in written if "csat_score" not in str(one)]
    assert "auto_sent_tickets" in {one["name"] for one in left}


def test_a_text_is_changed_in_one_place_and_read_back_as_it_was_meant() -> None:
    text = 'имя: "Ключ" # слова\nmetrics:\n  - name: a\n    filter: |\n      x = 1\n      AND y\n  - name: b\n'
    file = TextFile("knowledge/business/x.yaml", text)
    metrics = entry(file.root, "metrics")
    file.rewrite(entry(metrics.value[0], "filter"), lambda said: said.replace("y", "z"))  # type: ignore[union-attr]
    file.remove(metrics, [metrics.value[1]])  # type: ignore[union-attr, arg-type]
    assert file.changed == text.replace("AND y", "AND z").replace("  - name: b\n", "")


PRUNED = [
    ("board.yaml", "sections:\n  - title: A\n    cards:\n      - name: a\n      # of b\n      - name: b\n", 6, "card b",
     "sections:\n  - title: A\n    cards:\n      - name: a\n      # of b\n", ["cards b"]),
    ("delivery.yaml", "weekly:\n  cards: [a, csat, b]\n", 2, "the board has no card csat",
     "weekly:\n  cards: [a, b]\n", ["cards csat"]),
    ("delivery.yaml", "weekly:\n  chart: csat\n", 2, "the board has no card csat",
     "weekly:\n  chart: csat\n", []),
    ("replay.yaml", "filters:\n  tool:\n    column: x\n  who:\n    column: y\n", 3, "there is no column x",
     "filters:\n  who:\n    column: y\n", ["filters tool"]),
    ("tables/t.json", '{"table_columns": [\n  {"name": "a"},\n  {"name": "b"}],\n "row_name": 1}', 3, "b is wrong",
     '{"table_columns": [\n  {"name": "a"}],\n "row_name": 1}', ["table_columns b"]),
    ("replay.yaml", "filters:\n  tool:\n    values: []\n  who: {}\n", 3, "there is no column x",
     "filters:\n  who: {}\n", ["filters tool"]),
    ("tables/t.json", '{"table_name": "t",\n "row_name": 1}', 2, "it is wrong", '{"table_name": "t"}', ["row_name"]),
    ("tables/t.json", '{"table_name": "t",\n "row_name": 1}', 1, "it is wrong", None, [""]),
    ("queries/q.sql", "-- <query name>a</query name>\n-- <query>\nSELECT 1\n-- </query>\n-- <query b>\n-- <query>\n"
     "SELECT 2\n-- </query>\n", 7, "no column", "-- <query name>a</query name>\n-- <query>\nSELECT 1\n-- </query>\n",
     ["query b"]),
    ("queries/q.sql", "-- <query name>a</query name>\n-- <query>\nSELECT 1\n-- </query>\n", 3, "no column", None,
     ["query a"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "line", "what", "expected", "told"), PRUNED)
def test_an_entry_with_a_fault_goes_alone(
    name: str, text: str, line: int, what: str, expected: str | None, told: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "knowledge"
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    shown = f"knowledge/{name}"
    file = TextFile(shown, text)

    def faults() -> list[Fault]:
        is_changed = not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
        return [] if is_changed else [Fault(shown, line, what, "")]

    pruned = prune({shown: file}, folder, faults)
    assert [one.removeprefix(f"{shown}: ").removesuffix(what).removesuffix(": ") for one in pruned.told] == told
    assert bool(pruned.left) is (not told)
    (folder / name).write_text(text, encoding="utf-8")
    if told:
        _apply(file.diff, tmp_path)
    there = (folder / name).read_text(encoding="utf-8") if (folder / name).exists() else None
    assert there == expected
