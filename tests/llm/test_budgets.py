"""Tokens and costs: counted in the database, so that every session sees what the others used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from dash.database import Database
from dash.errors import ModelFailed, SettingsError
from dash.llm import open_model
from dash.llm.scripted import ScriptedModel, http_error, says
from dash.llm.usage import Usage
from dash.settings import Budget, LlmSettings
from tests.llm.conftest import REQUEST, TICKETS, Open

ANSWER = says(TICKETS, input_tokens=400, output_tokens=100)


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    """One dollar for a thousand tokens in, two for a thousand out."""
    path = tmp_path / "prices.yaml"
    path.write_text("first: {input: 1000, output: 2000}\nsecond: {input: 0, output: 0}\n")
    return path


def kind_of_failure(session: object) -> str:
    with pytest.raises(ModelFailed) as failed:
        session.ask(REQUEST)  # type: ignore[attr-defined]
    return failed.value.kind


def test_a_question_stops_at_its_tokens(opened: Open) -> None:
    with ScriptedModel(ANSWER) as server:
        session = opened(server.url, question=Budget(tokens=1000))
        session.ask(REQUEST)
        session.ask(REQUEST)
        assert kind_of_failure(session) == "budget"
        assert len(server.requests) == 2
        assert opened(server.url, question=Budget(tokens=1000)).ask(REQUEST) == TICKETS


def test_a_request_that_does_not_fit_is_not_sent(opened: Open) -> None:
    with ScriptedModel(ANSWER) as server:
        assert kind_of_failure(opened(server.url, question=Budget(tokens=20))) == "budget"
        assert server.requests == []


def test_a_question_stops_at_its_cost(opened: Open, prices: Path) -> None:
    with ScriptedModel(ANSWER) as server:
        session = opened(server.url, question=Budget(usd=0.6), prices=prices)
        session.ask(REQUEST)
        assert session.calls[0].cost_usd == pytest.approx(0.6)
        assert kind_of_failure(session) == "budget"


def test_a_user_stops_at_the_budget_across_sessions_and_others_go_on(opened: Open) -> None:
    mine = Budget(tokens=1000)
    with ScriptedModel(ANSWER) as server:
        opened(server.url, viewer="bea", user=mine).ask(REQUEST)
        opened(server.url, viewer="bea", user=mine).ask(REQUEST)
        assert kind_of_failure(opened(server.url, viewer="bea", user=mine)) == "budget"
        assert opened(server.url, viewer="cid", user=mine).ask(REQUEST) == TICKETS


def test_everybody_stops_at_the_budget_of_the_day(opened: Open, fresh_database: Database, prices: Path) -> None:
    with ScriptedModel(ANSWER) as server:
        bound = {"on": fresh_database, "day": Budget(usd=1.1), "prices": prices}
        opened(server.url, viewer="bea", **bound).ask(REQUEST)
        opened(server.url, viewer="cid", **bound).ask(REQUEST)
        assert kind_of_failure(opened(server.url, viewer="dan", **bound)) == "budget"
        assert len(server.requests) == 2


def test_what_was_used_yesterday_does_not_count_today(opened: Open, fresh_database: Database) -> None:
    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO dash.model_calls (viewer, at, purpose, model, input_tokens, output_tokens, estimated, outcome,"
            " duration_ms) VALUES ('bea', now() - interval '25 hours', 'plan', 'first', 5000, 0, false, 'ok', 1)"
        )
    with ScriptedModel(ANSWER) as server:
        bound = {"on": fresh_database, "user": Budget(tokens=1000)}
        assert opened(server.url, viewer="bea", **bound).ask(REQUEST) == TICKETS


def test_calls_that_failed_are_written_down_too(opened: Open, fresh_database: Database, prices: Path) -> None:
    with ScriptedModel(http_error(401), ANSWER) as server:
        session = opened(server.url, viewer="bea", on=fresh_database, fallbacks=("second",), prices=prices)
        session.ask(REQUEST)
    first, second = sorted(Usage(fresh_database, "UTC").daily(viewer="bea"), key=lambda use: use.model)
    assert (first.model, first.calls, first.failed, first.input_tokens, first.cost_usd) == ("first", 1, 1, 0, 0.0)
    assert (second.model, second.calls, second.failed, second.output_tokens) == ("second", 1, 0, 100)
    assert Usage(fresh_database, "UTC").daily(viewer="nobody") == ()


def test_the_record_of_calls_cannot_be_changed(opened: Open, fresh_database: Database) -> None:
    with ScriptedModel(ANSWER) as server:
        opened(server.url, on=fresh_database).ask(REQUEST)
    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as owner:
        for change in (
            "UPDATE dash.model_calls SET cost_usd = 0",
            "DELETE FROM dash.model_calls",
            "TRUNCATE dash.model_calls",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation):
                owner.execute(change.encode())


def test_a_budget_in_dollars_needs_the_price_of_every_model(database: Database, prices: Path) -> None:
    def opened_with(**settings: object) -> None:
        llm = LlmSettings(api_key="k", model="first", day=Budget(usd=1), prices=prices, **settings)  # type: ignore[arg-type]
        open_model(replace(database.settings, llm=llm), database)

    opened_with(fallbacks=("second",))
    with pytest.raises(SettingsError, match="needs the price of third"):
        opened_with(fallbacks=("third",))
    with pytest.raises(SettingsError, match="needs the price of clever"):
        opened_with(models={"sql": "clever"})
