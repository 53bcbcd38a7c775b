"""`dash usage` as people type it, after a model was really asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dash.database import Database
from dash.errors import ModelFailed
from dash.llm import ModelSession, open_model
from dash.llm.scripted import ScriptedModel, http_error, says
from dash.records import Viewer
from dash.settings import LlmSettings
from tests.cli.conftest import Run
from tests.llm.conftest import REQUEST, TICKETS, never


def session(database: Database, url: str, viewer: str, prices: Path, **settings: str) -> ModelSession:
    llm = LlmSettings(api_key="k", base_url=url, prices=prices, **settings)  # type: ignore[arg-type]
    model = open_model(replace(database.settings, llm=llm), database)
    assert model is not None
    return model.session(viewer=Viewer(viewer), run_id=None, cancelled=never)


@pytest.fixture
def used(fresh_database: Database, tmp_path: Path) -> Database:
    """A database in which ann asked two models and bea's server counted nothing."""
    prices = tmp_path / "prices.yaml"
    prices.write_text("large: {input: 1000, output: 2000}\n")
    with ScriptedModel(says(TICKETS, input_tokens=1500, output_tokens=250)) as server:
        session(fresh_database, server.url, "ann", prices, model="large").ask(REQUEST)
        session(fresh_database, server.url, "ann", prices, model="small").ask(REQUEST)
    with ScriptedModel(http_error(401), says(TICKETS, input_tokens=None)) as server:
        asking = session(fresh_database, server.url, "[red]bea", prices, model="small")
        with pytest.raises(ModelFailed):
            asking.ask(REQUEST)
        asking.ask(REQUEST)
    return fresh_database


@pytest.fixture
def dash_on_used(dash: Run, used: Database) -> Run:
    """`dash` on that database."""
    url = used.settings.database_url
    assert url
    return lambda *arguments, stdin=None, **settings: dash(
        *arguments, stdin=stdin, **{"DASH_DATABASE_URL": url, **settings}
    )


def test_usage_is_by_day_user_and_model(dash_on_used: Run) -> None:
    shown = dash_on_used("usage")
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = [line.split() for line in shown.stdout.splitlines()]
    day = lines[1][0]
    assert " ".join(lines[0]) == "Day User Model Questions Calls Failed Tokens in Tokens out Cost"
    assert lines[1] == [day, "ann", "large", "0", "1", "0", "1,500", "250", "$2.00"]
    assert lines[2][:5] == [day, "[red]bea", "small", "0", "2"]
    assert lines[2][6].startswith("~") and lines[2][-2:] == ["no", "price"]
    assert lines[3] == [day, "ann", "small", "0", "1", "0", "1,500", "250", "no", "price"]
    assert lines[4][0] == "All" and lines[4][-2:] == ["$2.00", "+"]


def test_usage_as_json_says_what_is_known_and_what_is_not(dash_on_used: Run) -> None:
    found = json.loads(dash_on_used("usage", "--json", "--user", "ann", "--since", "1h").stdout)
    large, small = found["uses"]
    assert (large["model"], large["cost_usd"], large["estimated"], large["unpriced"]) == ("large", 2.0, False, 0)
    assert (small["model"], small["cost_usd"], small["unpriced"]) == ("small", None, 1)
    assert found["today"]["user"] == {"used": {"tokens": 3500, "usd": 2.0}, "budget": {"tokens": None, "usd": None}}


def test_usage_says_how_much_of_the_budgets_is_gone(dash_on_used: Run) -> None:
    budgets = {"OPENAI_API_KEY": "k", "DASH_BUDGET_USER_TOKENS": "10000", "DASH_BUDGET_DAY_USD": "5"}
    shown = dash_on_used("usage", "--user", "ann", **budgets)
    assert "ann today: 3,500 of 10,000 tokens" in shown.stdout
    assert "Everybody today: $2.00 of $5.00" in shown.stdout


def test_usage_of_nobody_is_a_sentence(dash_on_used: Run) -> None:
    assert dash_on_used("usage", "--user", "zoe").stdout == "No language model was asked for anything that this fits.\n"
    assert dash_on_used("usage", "--model", "other", "--json").stdout.startswith('{\n  "uses": []')
    assert dash_on_used("usage", "--since", "soon").returncode == 2
