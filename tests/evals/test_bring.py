"""Files of cases that somebody brings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dash.errors import UserError
from dash.evals.bring import read_jsonl


def write(folder: Path, *lines: Any) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def english(_: str) -> str:
    return "en"


def test_a_line_is_a_case(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {
            "id": "a",
            "question": "How many?",
            "kind": "answerable",
            "sql": "SELECT 1",
            "ordered": True,
            "also_accept": [],
        },
        "",
        {"id": 2, "turns": ["How many?", "And yesterday?"], "kind": "unanswerable", "sql": None},
        {"question": "Cost?", "kind": "ambiguous", "also_accept": "SELECT 2", "language": "fr", "author": "me"},
    )
    brought = read_jsonl(path, detect=english)
    first, second, third = brought.cases
    assert (first.id, first.ordered, first.language) == ("a", True, "en")
    assert (second.id, second.turns, second.sql) == ("2", ["How many?", "And yesterday?"], None)
    assert (third.id, third.also_accept, third.language) == ("line-4", ["SELECT 2"], "fr")
    assert brought.ignored == ("author",)


def test_every_line_that_cannot_be_used_is_named_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "{no json",
        ["a list"],
        {"id": "a", "kind": "answerable", "question": "How many?"},
        {"id": "b", "kind": "guess", "question": "How many?"},
        {"id": "c", "kind": "ambiguous"},
        {"id": "d", "kind": "ambiguous", "question": "How many?"},
        {"id": "d", "kind": "ambiguous", "question": "How much?"},
    )
    with pytest.raises(UserError) as error:
        read_jsonl(path, detect=english)
    lines = error.value.message.splitlines()
    assert [line.split(":")[1] for line in lines] == ["1", "2", "3", "4", "5", "7"]
    assert "needs sql" in lines[2] and "kind" in lines[3] and "twice" in lines[5]


def test_a_file_that_is_not_there_or_no_text_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_jsonl(tmp_path / "missing.jsonl", detect=english)
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="UTF-8"):
        read_jsonl(path, detect=english)
