"""Files become knowledge, or faults that say where and how to mend them; nothing is skipped and nothing crashes."""

from __future__ import annotations

import json
import os

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dash.errors import KnowledgeError
from dash.knowledge import load_everything, load_knowledge
from dash.knowledge.documents import parse_json, parse_yaml
from tests.knowledge.folders import METRICS, write_folder

AGNO_TABLE = {
    "table_name": "drivers_championship",
    "table_description": "Driver championship standings (1950 to 2020).",
    "use_cases": ["Driver championship lookups", "Driver points and standings queries"],
    "data_quality_notes": ["IMPORTANT: position column is TEXT type - use string comparison"],
    "table_columns": [
        {"name": "year", "type": "int", "description": "Championship year"},
        {"name": "position", "type": "text", "description": "Final standing (TEXT type)"},
    ],
}
AGNO_BUSINESS = {
    "metrics": [
        {
            "name": "Race Win",
            "definition": "First place finish in a race",
            "table": "race_wins",
            "calculation": "COUNT(*)",
        }
    ],
    "business_rules": ["A season has one championship winner"],
    "common_gotchas": [
        {
            "issue": "Position column type differs",
            "tables_affected": ["drivers_championship"],
            "solution": "Compare with '1' as text",
        }
    ],
}


def test_agno_dashs_own_files_load_unchanged(tmp_path):
    root = write_folder(
        tmp_path,
        {
            "tables/drivers_championship.json": json.dumps(AGNO_TABLE, indent=2),
            "business/metrics.json": json.dumps(AGNO_BUSINESS, indent=4),
        },
    )
    knowledge = load_knowledge(root)
    assert knowledge.tables["drivers_championship"].table_columns[1].description == "Final standing (TEXT type)"
    assert knowledge.metrics["Race Win"].definition == {"": "First place finish in a race"}
    assert knowledge.rules == ("A season has one championship winner",)
    assert knowledge.gotchas[0].solution.startswith("Compare")


def test_everything_has_a_source_with_its_line(tmp_path):
    knowledge = load_knowledge(write_folder(tmp_path))
    assert knowledge.evals[0].id == "late-1"
    shown = {key: str(source) for key, source in knowledge.sources.items()}
    assert shown["metric", "late_orders"] == "knowledge/business/metrics.yaml:17"
    assert shown["vocabulary", "settled"] == "knowledge/business/metrics.yaml:25"
    assert shown["query", "late"] == "knowledge/queries/late.sql:1"
    assert shown["eval", "weather"] == "knowledge/evals/late.yaml:5"
    assert shown["table", "shop.orders"] == "knowledge/tables/orders.json:2"
    table = (tmp_path / "knowledge/tables/orders.json").read_text().splitlines()
    line = knowledge.sources["column", "shop.orders.amount"].line
    assert table[line - 1].strip() == '"name": "amount",'


def test_what_may_be_read_and_what_is_delicate(tmp_path):
    derived = {"table_name": "waiting", "sql": "SELECT id FROM shop.orders", "table_columns": [{"name": "id"}]}
    knowledge = load_knowledge(write_folder(tmp_path, {"tables/waiting.json": json.dumps(derived)}))
    assert set(knowledge.allowed()) == {"shop.orders", "shop.customers"}
    assert knowledge.allowed()["shop.customers"] == ("id", "country", "email", "note")
    assert knowledge.personal() == {"shop.customers.email"}
    assert knowledge.untrusted() == {"shop.customers.note"}


def test_the_fingerprint_follows_the_bytes(tmp_path):
    root = write_folder(tmp_path)
    first = load_knowledge(root).fingerprint
    assert load_knowledge(root).fingerprint == first
    (root / "business/metrics.yaml").write_text(METRICS + "# a comment\n")
    assert load_knowledge(root).fingerprint != first


BROKEN = [
    ("business/m.yaml", "", "knowledge/business/m.yaml:1: the file is empty; write it or remove it"),
    ("business/m.yaml", "# only words\n", "knowledge/business/m.yaml:1: the file holds only comments; write its keys"),
    ("business/m.yaml", b"\xef\xbb\xbfmetrics: []\n", "knowledge/business/m.yaml:1: the file begins with a byte order"),
    ("business/m.yaml", "metrics: []\r\n", "knowledge/business/m.yaml:1: a line ends in CR; save the file with Unix"),
    ("business/m.yaml", "metrics:\n  []\n".encode("utf-16"), "knowledge/business/m.yaml:1: the file is UTF-16; save"),
    ("business/m.yaml", "a: 1\nb: \xe9".encode("latin-1"), "knowledge/business/m.yaml:2: byte 0xe9 is not UTF-8; save"),
    ("business/m.yaml", "a: 1\nb: \u202ex", "knowledge/business/m.yaml:2: the invisible character U+202E is in this"),
    ("business/m.yaml", "a: 1\nb: \x00", "knowledge/business/m.yaml:2: the invisible character U+0000 is in this line"),
    ("business/m.yaml", "x" * 5_000_000, "knowledge/business/m.yaml:1: the file has 5.0 MB, and at most 1 MB are read"),
    (
        "business/m.yaml",
        "metrics:\n\t- name: a\n",
        "knowledge/business/m.yaml:2: this line is indented with a tab; ind",
    ),
    ("business/m.yaml", "metrics: [{name: a\n", "knowledge/business/m.yaml:1: a bracket opens here and is not closed"),
    ("business/m.yaml", "business_rules:\n- a: b: c\n", "knowledge/business/m.yaml:2: a colon stands inside a text"),
    (
        "business/m.yaml",
        "metrics: []\nmetrics: []\n",
        "knowledge/business/m.yaml:2: the key metrics stands twice (first",
    ),
    (
        "business/m.yaml",
        "metrics: []\n---\nmetrics: []\n",
        "knowledge/business/m.yaml:2: a second document begins here",
    ),
    ("business/m.yaml", "metrics: &a []\nstarters: *a\n", "knowledge/business/m.yaml:1: an alias (*name) stands here"),
    ("business/m.yaml", "metrics: !x []\n", "knowledge/business/m.yaml:1: the tag !x is not known here; write plain"),
    ("business/m.yaml", "business_rules: [no]\n", "knowledge/business/m.yaml:1: YAML reads no as true or false; write"),
    (
        "business/m.yaml",
        "business_rules: [12:30]\n",
        "knowledge/business/m.yaml:1: YAML reads 12:30 as a number; write",
    ),
    (
        "business/m.yaml",
        "business_rules: [12]\n",
        "knowledge/business/m.yaml:1: item 1 of business_rules is the number",
    ),
    ("business/m.yaml", "- a\n", "knowledge/business/m.yaml:1: the file is a list; write keys with values"),
    ("business/m.yaml", "metrcs: []\n", "knowledge/business/m.yaml:1: the key metrcs is not known here; write metrics"),
    ("business/m.yaml", "[" * 100_000, "knowledge/business/m.yaml:1: the data is nested too deeply; write it flatter"),
    ("business/m.yaml", "- " * 100_000, "knowledge/business/m.yaml:1: the data is nested too deeply; write it flatter"),
    (
        "business/m.yaml",
        "metrics:\n- name: a\n  definition: b\n  calcuation: c\n",
        "knowledge/business/m.yaml:4: the key calcuation is not known here; write calculation",
    ),
    (
        "business/m.yaml",
        "metrics:\n- name: a\n  definition: b\n  better: highr\n",
        "knowledge/business/m.yaml:4: the key better is 'highr'; write higher",
    ),
    (
        "business/m.yaml",
        "metrics:\n- name: a\n",
        "knowledge/business/m.yaml:2: the key definition is missing of metrics",
    ),
    (
        "business/m.yaml",
        "metrics:\n- name: a\n  definition: {en: Orders, in short}\n",
        "knowledge/business/m.yaml:3: the key in short is empty; write text, or put quotes around a text with a comma",
    ),
    (
        "business/m.yaml",
        "metrics:\n- name: orders\n  definition: again\n",
        "knowledge/business/metrics.yaml:2: the metric orders stands twice (first in knowledge/business/m.yaml:2); kee",
    ),
    ("tables/t.json", "{", "knowledge/tables/t.json:1: this is not JSON (expecting property name enclosed in double q"),
    ("tables/t.json", '{"table_name": "a",\n}', "knowledge/tables/t.json:"),
    (
        "tables/t.json",
        '{"table_name": "a"\n "x": 1}',
        "knowledge/tables/t.json:2: this is not JSON (expecting ',' delimi",
    ),
    (
        "tables/t.json",
        '{"table_name": NaN}',
        "knowledge/tables/t.json:1: this is not JSON (NaN stands for a value); use",
    ),
    (
        "tables/t.json",
        '{"table_name": "a",\n"table_name": "b"}',
        "knowledge/tables/t.json:2: the key table_name stands",
    ),
    ("tables/t.json", "[" * 100_000, "knowledge/tables/t.json:1: the data is nested too deeply; write it flatter"),
    (
        "tables/t.json",
        '{"tabel_name": "a"}',
        "knowledge/tables/t.json:1: the key tabel_name is not known here; write t",
    ),
    (
        "tables/t.json",
        '{"table_name": "a", "table_columns": [\n{"name": "x"},\n{"name": "x"}]}',
        "knowledge/tables/t.json:3: the column a.x stands twice (first in knowledge/tables/t.json:2); keep one of them",
    ),
    (
        "tables/t.json",
        '{"table_name": "a", "table_columns": [\n{"name": "x", "role": "dimesion"}]}',
        "knowledge/tables/t.json:2: the key role is 'dimesion'; write dimension",
    ),
    ("tables/t.json", '{"table_name": "shop.orders"}', "knowledge/tables/t.json:1: the table shop.orders stands twice"),
    ("tables/t.yaml", "a: 1", "knowledge/tables/t.yaml:1: files that end in .yaml are not read here; name it ….json"),
    ("querys/q.sql", "SELECT 1", "knowledge/querys:1: no folder of this name is read; rename it to queries"),
    ("evals/e.yaml", "a: 1", "knowledge/evals/e.yaml:1: the file is no list of cases; begin each case with - id"),
    (
        "evals/e.yaml",
        "- id: late-1\n  question: b",
        "knowledge/evals/late.yaml:1: the eval late-1 stands twice (first in",
    ),
    (
        "evals/e.yaml",
        "- id: a\n  qestion: b",
        "knowledge/evals/e.yaml:2: the key qestion is not known here; write ques",
    ),
]


def every_fault(root):
    loaded = load_everything(root)
    faults = [str(fault) for fault in loaded.faults]
    try:
        _ = loaded.knowledge.evals
    except KnowledgeError as error:
        faults += [str(fault) for fault in error.faults]
    return faults


@pytest.mark.parametrize(("name", "text", "message"), BROKEN, ids=[f"{n}-{i}" for i, (n, _, _) in enumerate(BROKEN)])
def test_each_broken_file_is_a_sentence_with_its_line(tmp_path, name, text, message):
    faults = every_fault(write_folder(tmp_path, {name: text}))
    assert any(fault.startswith(message) for fault in faults), faults


def test_all_faults_of_all_files_come_at_once(tmp_path):
    root = write_folder(
        tmp_path, {"business/a.yaml": "x: 1\ny: 2\n", "tables/t.json": "{", "queries/q.sql": "SELECT 1"}
    )
    with pytest.raises(KnowledgeError) as error:
        load_knowledge(root)
    assert [(fault.path, fault.line) for fault in error.value.faults] == [
        ("knowledge/business/a.yaml", 1),
        ("knowledge/business/a.yaml", 2),
        ("knowledge/queries/q.sql", 1),
        ("knowledge/tables/t.json", 1),
    ]
    assert error.value.message.startswith("4 faults in the knowledge files:\n  knowledge/business/a.yaml:1: the key x")


def test_broken_evals_do_not_stop_ordinary_questions(tmp_path):
    knowledge = load_knowledge(write_folder(tmp_path, {"evals/late.yaml": "- 1"}))
    with pytest.raises(KnowledgeError):
        _ = knowledge.evals


def test_links_that_loop_and_pipes_are_faults(tmp_path):
    root = write_folder(tmp_path)
    (root / "tables/loop.json").symlink_to("loop.json")
    (root / "queries/deep").symlink_to("..")
    (root / "queries/..data").symlink_to("..")  # how Kubernetes mounts files
    os.mkfifo(root / "business/pipe.yaml")
    faults = every_fault(root)
    assert any(fault.startswith("knowledge/tables/loop.json:1: the file cannot be read (too many") for fault in faults)
    assert "knowledge/queries/deep:1: links to folders are not followed; put the files themselves here" in faults
    assert "knowledge/business/pipe.yaml:1: this is not an ordinary file; replace it by a file" in faults
    assert len(faults) == 3


def test_a_file_where_a_folder_should_be_is_a_fault(tmp_path):
    root = write_folder(tmp_path)
    (root / "phrases").write_text("")
    assert every_fault(root) == [
        "knowledge/phrases:1: the folder cannot be read (not a directory); make it readable for the user who runs this"
    ]


def test_a_missing_folder_is_a_sentence(tmp_path):
    with pytest.raises(KnowledgeError, match="there is no such folder; make it, or let DASH_KNOWLEDGE name the right"):
        load_knowledge(tmp_path / "nothing")


def test_hidden_files_backups_and_notes_are_passed_over(tmp_path):
    extra = {"tables/.orders.json.swp": b"\x00", "queries/late.sql~": "x", "business/README.md": "# Notes"}
    assert every_fault(write_folder(tmp_path, extra)) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=5), children, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(JSON, st.sampled_from([None, 2]))
def test_json_is_read_as_json_and_every_place_has_its_line(data, indent):
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    document = parse_json(text, "f.json")
    assert document.faults == []
    assert document.data == data
    assert max(document.lines.values()) <= text.count("\n") + 1


YAML_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=8)
YAML = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | YAML_TEXT,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(YAML_TEXT, children, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(YAML, st.booleans())
def test_yaml_is_read_as_yaml_does(data, flow):
    document = parse_yaml(yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True), "f.yaml")
    assert document.faults == []
    assert document.data == data


@settings(max_examples=300, deadline=None)
@given(st.text("ab:-[]{}\"'#&*!|>%@ \n\t,?0", max_size=30))
def test_any_text_is_yaml_or_a_fault(text):
    document = parse_yaml(text, "f.yaml", first_line=5)
    for fault in document.faults:
        assert 5 <= fault.line <= 6 + text.count("\n")
        assert fault.what and fault.mend
