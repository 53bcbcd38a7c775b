"""Each pack on a database of its product: nothing is left out, its questions are answered right, and every part works."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from dash.evals import run_evals
from dash.packs import find_packs
from tests.packs.conftest import BUILDERS, Packed
from tests.packs.goldens import load_goldens

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KNOWN_TO_BE_ASKED_BACK = {"solved-agent", "solved-of-opened"}
"""Honest clarifications that we know of."""


def test_every_pack_that_is_there_is_tried() -> None:
    assert find_packs() == tuple(sorted(BUILDERS))


@pytest.mark.xdist_group("packs")
def test_nothing_is_left_out_where_a_database_has_everything(packed: Packed) -> None:
    assert "0 parts left out." in packed.said
    assert "left out: " not in packed.said
    assert "note: " not in packed.said
    checked = packed.project.run("check")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.xdist_group("packs")
def test_golden_questions_are_answered_as_sql_written_by_hand_does(packed: Packed) -> None:
    cases = load_goldens(packed.name)
    with packed.project.open() as dash:
        report = run_evals(dash, cases, now=NOW)
    wrong = [(one.case.id, one.score, one.note) for one in report.outcomes if one.score in ("wrong", "error")]
    assert wrong == []
    silent = {one.case.id for one in report.outcomes if one.score != "correct"}
    assert silent <= KNOWN_TO_BE_ASKED_BACK
    assert not [one.case.id for one in report.outcomes if one.expects_nothing], "a golden question proves nothing"


@pytest.mark.xdist_group("packs")
def test_stuck_tickets_have_reasons_and_the_question_counts_the_same(packed: Packed) -> None:
    if packed.name == "agno_dash":
        pytest.skip("its tickets do not say since when they have their status")
    listed = packed.project.run("stuck", "check", "--json") if False else packed.project.run("stuck", "--json")
    found = json.loads(listed.stdout)
    assert len(found["tickets"]) > 20
    assert len({one["reason"] for one in found["tickets"]}) > 1
    asked = packed.project.run("ask", "How many tickets are stuck?", "--json")
    assert json.loads(asked.stdout)["rows"] == [[len(found["tickets"])]]


@pytest.mark.xdist_group("packs")
def test_a_conversation_is_played_back_without_names_of_people(packed: Packed) -> None:
    if packed.name == "agno_dash":
        pytest.skip("its sample has no messages")
    played = packed.project.run("replay", "17", "--json")
    found = json.loads(played.stdout)
    roles = {event["role"] for event in found["events"] if event["kind"] == "message"}
    assert "customer" in roles
    assert "agent" in roles
    assert "Cust Omer" not in played.stdout
