"""Each pack on a database of its product: nothing is left out, and its questions are answered right."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from dash.board import Board
from dash.board.bar import Bar
from dash.evals import run_evals
from dash.knowledge.board import load_board
from dash.knowledge.stuck import FILE as STUCK
from dash.knowledge.stuck import read_stuck
from dash.ops.judging import judge
from dash.packs import find_packs
from dash.records import Viewer
from dash.replay.description import FILE as REPLAY
from tests.foreign.conftest import VARIABLE, run_dash
from tests.packs.conftest import BUILDERS, Make, Packed
from tests.packs.goldens import load_goldens

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PLAYED = {"zendesk": "17", "chatwoot": "1"}
"""A conversation of each pack that has some, and whose tickets say since when they have their status."""

WITHOUT_HISTORY = sorted(BUILDERS.keys() - PLAYED.keys())
KNOWN_TO_BE_ASKED_BACK = {"solved-agent", "solved-of-opened", "industry"}
"""Honest clarifications that we know of."""


def test_every_pack_that_is_there_is_tried() -> None:
    assert find_packs() == tuple(sorted(BUILDERS))


def test_nothing_is_left_out_where_a_database_has_everything(packed: Packed) -> None:
    assert "0 parts left out." in packed.said
    assert "left out: " not in packed.said
    assert "note: " not in packed.said
    checked = packed.project.run("check")
    assert checked.returncode == 0, checked.stdout


def test_golden_questions_are_answered_as_sql_written_by_hand_does(packed: Packed) -> None:
    cases = load_goldens(packed.name)
    with packed.project.open() as dash:
        report = run_evals(dash, cases, now=NOW)
    wrong = [(one.case.id, one.score, one.note) for one in report.outcomes if one.score in ("wrong", "error")]
    assert wrong == []
    silent = {one.case.id for one in report.outcomes if one.score != "correct"}
    assert silent <= KNOWN_TO_BE_ASKED_BACK
    assert not [one.case.id for one in report.outcomes if one.expects_nothing], "a golden question proves nothing"


def test_every_card_of_the_board_has_a_number(packed: Packed) -> None:
    with packed.project.open(lambda: NOW) as dash:
        file = load_board(dash.settings.knowledge)
        assert file is not None
        board = Board(dash, file)
        shown = board.open(Bar("last_12_months"), Viewer(), "ru").wait()
        board.close()
    assert len(shown) >= 10
    assert [card.card.name for card in shown if card.failure is not None or card.answer is None] == []
    assert [card.card.name for card in shown if not card.answer or not card.answer.rows] == []


@pytest.mark.parametrize("packed", PLAYED, indirect=True)
def test_stuck_tickets_have_reasons_and_the_question_counts_the_same(packed: Packed) -> None:
    with packed.project.open(lambda: NOW) as dash:
        file, _ = read_stuck(dash.settings.knowledge)
        assert file is not None
        found = tuple(judge(dash, file, NOW))
        assert len(found) > 20
        assert len({one.reason for one in found}) > 1
        assert dash.ask("How many tickets are stuck?", now=NOW).rows == ((len(found),),)
    listed = packed.project.run("stuck", "--json")  # by this machine's clock, so not the same ones
    assert json.loads(listed.stdout)["tickets"], listed.stderr


@pytest.mark.parametrize("packed", PLAYED, indirect=True)
def test_a_conversation_is_played_back_without_names_of_people(packed: Packed) -> None:
    played = packed.project.run("replay", PLAYED[packed.name], "--json")
    found = json.loads(played.stdout)
    roles = {event["role"] for event in found["events"] if event["kind"] == "message"}
    assert "customer" in roles
    assert "agent" in roles
    assert "Cust Omer" not in played.stdout


@pytest.mark.parametrize("packed", WITHOUT_HISTORY, indirect=True)
@pytest.mark.parametrize(
    ("command", "file", "sentence"),
    [
        (("stuck",), STUCK, "Nothing says when a ticket is stuck: write knowledge/business/stuck.yaml"),
        (("replay", "1"), REPLAY, "Nothing says where conversations are: write knowledge/replay.yaml"),
    ],
)
def test_a_pack_whose_tickets_have_no_history_says_so(
    packed: Packed, command: tuple[str, ...], file: str, sentence: str
) -> None:
    assert not list(packed.project.folder.rglob(file))
    told = packed.project.run(*command)
    assert (told.returncode, told.stdout) == (1, "")
    assert sentence in told.stderr
    with packed.project.open() as dash:
        declined = dash.ask("How many tickets are stuck?", now=NOW)
    assert (declined.outcome, declined.rows) == ("declined", ())
    assert "do not say since when they have their status" in declined.headline


PART = """
    ALTER SCHEMA zendesk RENAME TO "Zendesk export";
    DROP TABLE "Zendesk export".satisfaction_rating, "Zendesk export".ticket_form_history, "Zendesk export".brand,
        "Zendesk export".ticket_tag;
    ALTER TABLE "Zendesk export".ticket DROP COLUMN priority, DROP COLUMN _fivetran_deleted;
    CREATE SCHEMA other;
    CREATE TABLE other.ticket (id bigint);
"""
"""An export that lacks tables and columns and lies elsewhere."""


@pytest.fixture
def partial(make: Make) -> Packed:
    """The pack on it, without names of staff."""
    return make("zendesk", "_part", PART, staff=False)


def test_an_export_without_some_tables_and_columns_says_so_and_answers_the_rest(make: Make, partial: Packed) -> None:
    assert "found in schema Zendesk export." in partial.said
    assert "note: Zendesk export.ticket._fivetran_deleted is not there: it is taken to be FALSE" in partial.said
    for part in ("tickets.priority", "tickets.satisfaction", "tickets.form", "metrics csat", "cards csat"):
        assert f"{part}:" in partial.said, part
    assert partial.project.run("check").returncode == 0
    with partial.project.open() as dash:
        assert dash.ask("What is our CSAT?", now=NOW).outcome != "answered"
        assert dash.ask("Tickets by priority", now=NOW).outcome != "answered"
        reopened = dash.ask("How many tickets were reopened in October?", now=NOW)
        groups = dash.ask("Open tickets by group", now=NOW)
    with make("zendesk").project.open() as dash:
        told = dash.ask("How many tickets were reopened in October?", now=NOW)
        assert reopened.rows[0][0] >= told.rows[0][0] > 0  # merged and test tickets are counted now
        assert {row[0] for row in groups.rows} == {row[0] for row in dash.ask("Open tickets by group", now=NOW).rows}


def test_a_table_that_is_missing_is_never_counted_as_none(partial: Packed) -> None:
    assert "note: Zendesk export.brand is not there: test brands cannot be told and are counted" in partial.said
    assert "merged and spam tickets cannot be told and are counted" in partial.said
    with partial.project.open() as dash:
        assert dash.ask("How many tickets were merged?", now=NOW).outcome != "answered"
        assert dash.ask("Number of tickets by tag", now=NOW).outcome != "answered"
        assert dash.ask("How many tickets do we have?", now=NOW).outcome == "answered"


def test_names_of_staff_stay_out_unless_they_are_wanted(make: Make, partial: Packed) -> None:
    question = "Open tickets by agent"
    assert "Dana Reed" in make("zendesk").project.run("ask", question).stdout
    answer = partial.project.run("ask", question)
    assert answer.returncode == 0
    assert "Dana Reed" not in answer.stdout
    files = "".join(path.read_text() for path in partial.project.folder.rglob("*") if path.is_file())
    assert "Dana Reed" not in files


def test_other_names_of_tables_and_columns_are_found_by_a_login_that_only_reads(make: Make) -> None:
    changed = """
        ALTER TABLE zendesk.ticket RENAME TO tickets;
        ALTER TABLE zendesk."group" RENAME TO groups;
        ALTER TABLE zendesk."user" RENAME TO users;
        ALTER TABLE zendesk.ticket_comment RENAME TO ticket_comments;
        ALTER TABLE zendesk.ticket_comments RENAME user_id TO author_id;
        ALTER TABLE zendesk.ticket_comments RENAME created TO created_at;
        ALTER TABLE zendesk.tickets ADD via jsonb;
        UPDATE zendesk.tickets SET via = jsonb_build_object('channel', via_channel);
        ALTER TABLE zendesk.tickets DROP via_channel;
        DROP TABLE zendesk.ticket_field_history;
        CREATE ROLE pack_reader LOGIN NOINHERIT PASSWORD 'r3ader';
        GRANT USAGE ON SCHEMA zendesk TO pack_reader;
        GRANT SELECT ON ALL TABLES IN SCHEMA zendesk TO pack_reader;
        REVOKE SELECT ON zendesk.satisfaction_rating FROM pack_reader;
    """
    whole, renamed = make("zendesk"), make("zendesk", "_renamed", changed, reader=True)
    assert "its database is only read" in renamed.said
    assert "left out: table zendesk.satisfaction_rating: this login may not read it" in renamed.said
    assert "tickets.solved_at: what it is made of is not there" in renamed.said
    assert renamed.project.run("check").returncode == 0
    with whole.project.open() as dash, renamed.project.open() as other:
        for question in (
            "Median first response time by channel",
            "Open tickets by group",
            "How many tickets were merged?",
        ):
            told = other.ask(question, now=NOW)
            assert told.outcome == "answered", question
            assert sorted(map(str, told.rows)) == sorted(map(str, dash.ask(question, now=NOW).rows)), question
        assert other.ask("Reopen rate by group", now=NOW).outcome != "answered"


def test_a_pack_for_another_product_is_refused_and_leaves_no_project(make: Make, packed: Packed) -> None:
    other = "chatwoot" if packed.name == "zendesk" else "zendesk"
    folder = packed.project.folder.with_name(f"{packed.project.folder.name}-wrong")
    told = run_dash(packed.project.environment, "init", str(folder), "--pack", other, "--url-from", VARIABLE)
    assert told.returncode != 0
    assert "No schema of this database has the tables of" in told.stderr
    assert not (folder / "dash.yaml").exists()
