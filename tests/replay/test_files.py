"""The description checked, and a conversation written to files, also when strangers wrote in it."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from dash.catalogue.faults import find_faults
from dash.database import Database
from dash.errors import KnowledgeError, NotFoundError
from dash.replay import Replay, load_description
from dash.replay.searching import Search, find_conversations
from dash.replay.timeline import read_page, read_totals
from dash.replay.transcript import conversation_json, transcript
from dash.settings import REPOSITORY
from tests.replay.shop import HOSTILE, REPLAY, write_knowledge


def test_the_shipped_description_has_no_fault(database: Database) -> None:
    faults = find_faults(REPOSITORY / "knowledge", None)
    assert [fault for fault in faults if fault.path.endswith("replay.yaml")] == []
    assert load_description(REPOSITORY / "knowledge").timeline


@pytest.mark.parametrize(
    ("written", "instead", "line", "says"),
    [
        ("body: words", "body: wrods", 7, "words"),
        ("table: desk.steps\n    key", "table: desk.stepz\n    key", 13, "desk.stepz"),
        ("kind: message", "kind: mesage", 7, "message"),
        ("failed: broke", "failde: broke", 19, "failde"),
        ("title: what", "title: count(what)", 18, "aggregate"),
        ("cost_usd: cents / 100.0", "cost_usd: cents /", 20, "parse"),
        ("kind: {column: what, values: {look: tool, send: task}}", "kind: {column: what}", 17, "column with values"),
        (":pattern", ":patern", 5, ":patern"),
        ("first: true", "first: yes", 5, "true or false"),
        ("key: case_number, column: what", "column: what", 4, "table and key"),
        ("facts: {buyer: buyer}", "facts: {buyer: {sql: buyer, dimension: mood}}", 1, "mood"),
    ],
)
def test_every_mistake_in_the_file_has_its_line(
    tmp_path: Path, written: str, instead: str, line: int, says: str
) -> None:
    assert written in REPLAY
    folder = write_knowledge(tmp_path / "knowledge", REPLAY.lstrip("\n").replace(written, instead))
    faults = [fault for fault in find_faults(folder, None) if fault.path == "knowledge/replay.yaml"]
    assert faults, "the mistake was not found"
    assert says in " ".join(str(fault) for fault in faults)
    assert abs(faults[0].line - line) <= 2


def test_what_only_the_database_or_the_guard_sees_is_found_too(shop: Replay) -> None:
    folder = shop.dash.settings.knowledge
    for written, instead, says in (
        ("body: words", "body: pg_sleep(9)", "guard"),
        ("cost_usd: cents / 100.0", "cost_usd: what / 100.0", "database refuses"),
        ("role: CASE", "role: buyer || CASE", "buyer"),
    ):
        write_knowledge(folder, REPLAY.replace(written, instead))
        faults = [str(fault) for fault in find_faults(folder, shop.dash.database) if "replay.yaml" in fault.path]
        assert any(says in fault for fault in faults), faults
    write_knowledge(folder, REPLAY)
    assert [str(fault) for fault in find_faults(folder, shop.dash.database)] == []


def test_without_a_file_there_is_nothing_to_replay_and_with_a_broken_one_it_is_said(tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path / "knowledge")
    (folder / "replay.yaml").unlink()
    with pytest.raises(NotFoundError):
        load_description(folder)
    (folder / "replay.yaml").write_text("timeline: [")
    with pytest.raises(KnowledgeError):
        load_description(folder)


def test_json_holds_every_event_and_says_whether_it_is_complete(replay: Replay) -> None:
    found = find_conversations(replay, Search(filters={"tool": ("get_order",)}), limit=1).conversations[0]
    document = json.loads(conversation_json(replay, found.id))
    events = read_page(replay, found.id).events
    assert [event["ref"] for event in document["events"]] == [event.ref for event in events]
    assert document["totals"]["events"] == len(events)
    assert document["complete"] is True
    cut = json.loads(conversation_json(replay, found.id, most=2))
    assert (len(cut["events"]), cut["complete"]) == (2, False)


def test_a_transcript_reads_from_top_to_bottom_and_says_when_it_is_cut(replay: Replay) -> None:
    found = find_conversations(replay, Search(), limit=1).conversations[0]
    events = read_page(replay, found.id).events
    text = transcript(replay, found.id)
    bodies = [event.body for event in events if event.kind == "message" and event.body]
    places = [text.index(body) for body in bodies]
    assert places == sorted(places)
    assert "left out" not in text
    left = read_totals(replay, found.id).events - 1
    assert f"{left} more events are left out" in transcript(replay, found.id, most=1)


def test_strangers_steer_neither_a_terminal_nor_the_direction_of_a_transcript(shop: Replay) -> None:
    with psycopg.connect(shop.dash.database.owner_dsn(), autocommit=True) as connection:
        connection.execute("INSERT INTO desk.notes VALUES ('x', 3, 'buyer', %s, '2026-01-03 11:00Z')", (HOSTILE,))
    text = transcript(shop, "3")
    assert "<script>alert(1)</script>" in text
    assert not any(sign in text for sign in ("\x1b", "\u202e"))
    written = conversation_json(shop, "3")
    assert not any(sign in written for sign in ("\x1b", "\u202e"))
    kept = json.loads(written)
    assert kept["events"][0]["body"] == HOSTILE
