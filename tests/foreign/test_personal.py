"""Which columns hold people's data or secrets, and that what a person decides holds in every file of a draft."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from dash.database.catalogue import CatalogueColumn
from dash.drafting import draft, write_draft
from dash.drafting.asking import NONE, answered, next_question
from dash.drafting.decisions import Decisions
from dash.drafting.files import write_profile
from dash.errors import UserError
from dash.introspection import ColumnProfile, JoinProfile, Profile, TableProfile, TextKept, load_profile
from dash.introspection.columns import read_column
from dash.introspection.personal import is_secret, why_personal

PHONES = [str(49_770_000_000 + number) for number in range(30)]
BIRTHS = [f"19{70 + number}-02-1{number}" for number in range(9)]


@pytest.mark.parametrize(
    ("name", "type_", "cells", "personal"),
    [
        ("date_of_birth", "date", BIRTHS, True),
        ("dob", "text", BIRTHS, True),
        ("birth_year", "int4", ["1970", "1981", "1992"], True),
        ("phone", "int8", PHONES, True),
        ("mobile", "text", PHONES, True),
        ("ssn", "numeric", ["123456789", "987654321", "192837465"], True),
        ("customer", "jsonb", ['{"name": "A"}', "{}"], True),
        ("name_on_card", "text", ["A B", "C D"], True),
        ("phone_at_signup", "text", PHONES, True),
        ("email", "text", [], True),
        ("opened_at", "date", BIRTHS, False),
        ("email_sent_at", "timestamptz", BIRTHS, False),
        ("phone_minutes", "int4", ["10", "200", "31000"], False),
        ("mobile_users", "int4", ["1", "2", "3"], False),
        ("address_id", "int8", ["123456", "123457", "123458"], False),
        ("email_type", "text", ["work", "home"], False),
        ("has_phone", "bool", ["true", "false"], False),
        ("email_opted", "text", ["yes", "no"], False),
        ("amount_text", "text", ["1.5", "2.5", "3"], False),
        ("extra", "jsonb", ["{}"], False),
    ],
)
def test_a_name_is_judged_for_every_kind_of_value(name: str, type_: str, cells: list[str], personal: bool) -> None:
    found = read_column(CatalogueColumn(name, type_, False, False, False, None), "tickets", cells * 3)
    assert (found.personal is not None) is personal
    if personal:
        assert (found.text_kept, found.minimum, found.maximum) == (None, None, None)


@pytest.mark.parametrize(
    "name",
    ["api_key", "apiKey", "Private Key", "access_key_id", "passphrase", "PIN", "otp", "cookie", "session_token",
     "signature", "password_hash", "пароль"],
)  # fmt: skip
def test_columns_of_secrets_are_known_by_their_names(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["key", "total_tokens", "primary_key", "pinned", "session_id", "accessed_at"])
def test_other_keys_and_counts_are_no_secrets(name: str) -> None:
    assert not is_secret(name)
    assert why_personal("tickets", name, "number", Counter(["1", "2"]), 1.0) is None


def _column(name: str, kind: str = "text", values: tuple[str, ...] = (), distinct: int = 40) -> ColumnProfile:
    shares = tuple((value, 1 / len(values)) for value in values)
    types = {"text": "text", "number": "int4", "time": "timestamptz"}
    return ColumnProfile(
        name=name, type=types[kind], kind=kind, rows=100, distinct=len(values) or distinct, values=shares,  # type: ignore[arg-type]
        complete=bool(values), minimum="0" if kind == "number" else None, unique=name == "id",
    )  # fmt: skip


def _profile() -> Profile:
    tickets = TableProfile(
        "desk", "tickets", "table", 100, True, 100, primary_key=("id",),
        columns=(
            _column("id", "number", distinct=100), _column("state_id", "number"), _column("group_id", "number"),
            _column("channel", values=("mail-canary", "chat-canary")), _column("created_at", "time"),
            replace(_column("spent"), text_kept=TextKept("number", pattern="^[0-9]+$")),
        ),
        joins=(
            JoinProfile("state_id", "desk.states", "id", "many_to_one", True, 1.0),
            JoinProfile("group_id", "desk.groups", "id", "many_to_one", True, 1.0),
        ),
    )  # fmt: skip
    states, groups = (
        TableProfile(
            "desk", name, "table", 3, True, 3, primary_key=("id",),
            columns=(_column("id", "number"), _column("name", values=values)),
        )
        for name, values in (("states", ("new-canary", "closed")), ("groups", ("first-canary", "second-canary")))
    )  # fmt: skip
    return Profile((tickets, states, groups))


DECIDED = Decisions(
    tickets="desk.tickets", opened="created_at", status="state_id", closed_values=["closed"],
    columns={"group_id": "group"},
)  # fmt: skip


def test_any_column_can_be_marked_and_no_file_has_its_values_then(tmp_path: Path) -> None:
    profile, decisions = _profile(), DECIDED
    skipped: list[str] = []
    while (asked := next_question(profile, decisions, skipped)) is not None and asked.name != "personal":
        skipped.append(asked.name)
    assert asked is not None
    every = {f"{table.full_name}.{column.name}" for table in profile.tables for column in table.columns}
    assert {*asked.choices} == {*every, NONE}
    assert asked.proposed == (NONE,)
    marked = ("desk.tickets.channel", "desk.tickets.spent", "desk.states.name", "desk.groups.name")
    decisions = answered(asked, decisions, marked)

    (tmp_path / "knowledge").mkdir()
    open_draft = draft(profile, DECIDED, languages=["en"], zone="UTC")
    write_draft(tmp_path, open_draft)
    assert "first-canary" in _files(tmp_path), "what nobody has marked is listed"
    made = draft(profile, decisions, languages=["en"], zone="UTC")
    write_draft(tmp_path, made)
    write_profile(tmp_path, profile, decisions)
    assert "canary" not in _files(tmp_path)
    columns = {(table.table_name, column.name): column for table in made.tables for column in table.table_columns}
    names = [column for (table, name), column in columns.items() if name == "name"]
    assert len(names) == 4, "two tables, and what two references stand for"
    assert all(column.personal for column in names)
    assert {column.personal for (_, name), column in columns.items() if name in ("channel", "spent")} == {True}
    kept = load_profile(tmp_path).tables[0]
    assert (kept.column("channel").values, kept.column("channel").distinct) == ((), 2)
    assert "open_tickets" not in {metric.name for metric in made.business.metrics}, "a personal state decides nothing"


def _files(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ["../own.md", "tables/../../own.md", "/own.md", "."])
def test_a_memory_that_names_files_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    knowledge = tmp_path / "knowledge"
    knowledge.mkdir()
    own = tmp_path / "own.md"
    own.write_text("mine", encoding="utf-8")
    digest = "0e6f5d4c"
    (knowledge / ".draft.json").write_text(json.dumps({name: digest}), encoding="utf-8")
    with pytest.raises(UserError, match=r"which is not in knowledge"):
        write_draft(tmp_path, draft(_profile(), DECIDED, languages=["en"], zone="UTC"))
    assert own.read_text(encoding="utf-8") == "mine"
