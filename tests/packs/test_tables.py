"""A pack's table files, and where they come to stand, without a database."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from dash.cli.init import init_command
from dash.errors import UserError
from dash.packs import get_pack, place_pack
from dash.packs.naming import find_naming
from dash.packs.pack import Pack
from dash.packs.tables import Left, fitted_tables

Schema = dict[str, dict[str, str]]


def _live(pack: Pack, kind: str) -> Schema:
    """All that the pack reads, with times of that type."""
    found: Schema = {}
    for path in (pack.knowledge / "tables").glob("*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        if "sql" not in data:
            names = [column["name"] for column in data["table_columns"]]
            times = {name for name in names if name.endswith(("_at", "_time", "_since", "_until"))}
            found[data["table_name"]] = {name: kind if name in times else "text" for name in names}
    return found


class Stub:
    """A database that has these tables, and cannot be read further."""

    def __init__(self, knowledge: Path, live: Schema) -> None:
        self.settings = SimpleNamespace(knowledge=knowledge, reads_elsewhere=False)
        self.live = live

    def live_schema(self) -> Schema:
        return self.live

    def grant_reader(self, allowed: Any) -> None:
        raise UserError("it went away")


def _place(folder: Path) -> None:
    pack = get_pack("agno_dash")
    place_pack(pack, Stub(folder, _live(pack, "timestamp")), lambda _: None)  # type: ignore[arg-type]


def test_a_try_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="it went away"):
        _place(tmp_path / "knowledge")
    assert list(tmp_path.rglob("*")) == []


def test_a_pack_comes_over_no_files(tmp_path: Path) -> None:
    own = tmp_path / "knowledge" / "business" / "rules.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("# mine\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"rules\.yaml is there already"):
        _place(tmp_path / "knowledge")
    url = "postgresql://nobody@127.0.0.1:1/none"
    told = CliRunner().invoke(init_command, [str(tmp_path), "--pack", "agno_dash", "--database", url])
    assert "rules.yaml is there already" in str(told.exception)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [own]
    assert own.read_text(encoding="utf-8") == "# mine\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--pack", "chatwoot", "--data-zone", "Europe/Berlin"], "--data-zone"),
        (["--pack", "zendesk", "--language", "en"], "--language"),
        (["--pack", "zendesk", "--table", "one", "--table", "two"], "--table"),
        (["--staff-names"], "--staff-names"),
    ],
)
def test_what_is_not_heeded_is_refused(tmp_path: Path, options: list[str], said: str) -> None:
    told = CliRunner().invoke(
        init_command, [str(tmp_path / "desk"), "--database", "postgresql://x@127.0.0.1:1/x", *options]
    )
    assert told.exit_code == 2
    assert said in told.output
    assert not (tmp_path / "desk").exists()


def test_of_several_schemas_one_must_be_chosen() -> None:
    file = get_pack("chatwoot").file
    there = [f"{schema}.{table}" for schema in ("new", "old") for table in file.known_by]
    with pytest.raises(UserError, match=r"new, old all have the tables of .*--table new"):
        find_naming(file, there)
    assert find_naming(file, there, "old").place == "old"
    with pytest.raises(UserError, match="Schema other does not have"):
        find_naming(file, there, "other")
    assert find_naming(file, [*there, *(f"public.{table}" for table in file.known_by)]).place == "public"


def test_files_of_real_tables_say_the_types_that_are_there() -> None:
    pack = get_pack("agno_dash")
    live = _live(pack, "timestamp")
    live["public.support_tickets"]["satisfaction_score"] = "int4"
    made = fitted_tables(pack, find_naming(pack.file, live), live, Left())
    real = {data["table_name"]: data for data in made.values() if "sql" not in data}
    assert real.keys() == live.keys()
    for name, data in real.items():
        assert {column["name"]: column["type"] for column in data["table_columns"]} == live[name]


@pytest.mark.parametrize("name", ["agno_dash", "chatwoot"])
def test_times_with_a_zone_are_not_turned_into_times_without_one(name: str) -> None:
    pack = get_pack(name)
    as_written, zoned = (
        fitted_tables(pack, find_naming(pack.file, live), live, Left())
        for live in (_live(pack, "timestamp"), _live(pack, "timestamptz"))
    )
    for file, data in zoned.items():
        if "sql" in data and ".created_at AT TIME ZONE 'UTC'" in as_written[file]["sql"]:
            assert ".created_at AT TIME ZONE" not in data["sql"]
    if name == "chatwoot":  # a time of an inner query is one without a zone there, as the query around it expects
        sql = zoned["conversations.json"]["sql"]
        assert "MAX(e.event_end_time AT TIME ZONE 'UTC')" in sql
        assert "r.first_resolved_at AT TIME ZONE 'UTC'" in sql


def test_the_zone_of_times_can_be_told() -> None:
    pack = get_pack("zendesk")
    pack = replace(pack, file=pack.file.model_copy(update={"times": "Europe/Berlin"}))
    live = _live(pack, "timestamp")
    made = fitted_tables(pack, find_naming(pack.file, live), live, Left())
    assert "AT TIME ZONE 'Europe/Berlin'" in made["tickets.json"]["sql"]
