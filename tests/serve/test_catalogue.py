"""The knowledge over HTTP: what the files say, what is wrong with them, and vetted queries run."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from dash.access.keys import Keys
from dash.database import Database
from dash.settings import REPOSITORY
from tests.serve.conftest import Served, served
from tests.serve.test_asking import eventually, locked


def test_a_mistake_that_somebody_makes_is_found_with_its_place(fresh_database: Database, tmp_path: Path) -> None:
    knowledge = tmp_path / "knowledge"
    for part in ("tables", "language", "phrases"):
        shutil.copytree(REPOSITORY / "knowledge" / part, knowledge / part)
    (knowledge / "tables" / "stuck_reasons.json").unlink()  # it stands on business/stuck.yaml
    settings = replace(fresh_database.settings, home=tmp_path / "home", knowledge=knowledge)
    token = Keys(fresh_database).create("x", ["engineer"], by="test")[1]
    with served(settings) as running, running.client(token) as client:
        (knowledge / "queries").mkdir()
        (knowledge / "queries" / "broken.sql").write_text("SELECT 1")
        faults = client.get("/api/v1/knowledge/faults", timeout=600).json()["faults"]
    found = [fault for fault in faults if fault["path"] == "knowledge/queries/broken.sql"]
    assert found
    assert all(fault["line"] == 1 and fault["what"] and fault["mend"] for fault in found)


def test_the_catalogue_names_what_the_files_say(api: Served, ann: httpx2.Client) -> None:
    knowledge = api.dash.knowledge
    metrics = ann.get("/api/v1/metrics?language=ru").json()["metrics"]
    assert {each["name"] for each in metrics} == set(knowledge.metrics)
    csat = ann.get("/api/v1/metrics/csat?language=ru").json()
    assert csat in metrics
    assert csat["label"] == knowledge.metrics["csat"].label["ru"]
    queries = ann.get("/api/v1/queries").json()["queries"]
    assert {each["name"] for each in queries} == set(knowledge.queries)
    assert ann.get("/api/v1/queries/stuck_tickets").json() in queries


def test_a_vetted_query_runs_with_chosen_parameters(ann: httpx2.Client) -> None:
    path = "/api/v1/queries/stuck_tickets/run"
    answers = [ann.post(path, json={"parameters": {"hours": hours}}).json() for hours in (24, 24 * 30)]
    assert [answer["outcome"] for answer in answers] == ["answered", "answered"]
    assert [answer["provenance"] for answer in answers] == ["vetted", "vetted"]
    assert len(answers[0]["rows"]) >= len(answers[1]["rows"])
    assert ann.post(path, json={"parameters": {"hours": 0}}).status_code == 422
    assert ann.post("/api/v1/queries/nothing/run", json={}).status_code == 404


@pytest.mark.parametrize("patience", [1, 60], ids=["sent away", "hung up"])
def test_a_vetted_query_that_nobody_waits_for_is_stopped(api: Served, patience: int) -> None:
    name = f"waits {patience}"
    token = Keys(api.dash.database).create(name, ["lead"], by="test", owner=name)[1]
    with served(api.dash.settings, wait_seconds=patience) as hasty, hasty.client(token) as client, locked(api):
        try:
            assert client.post("/api/v1/queries/stuck_tickets/run", json={}, timeout=4).status_code == 503
        except httpx2.ReadTimeout:
            assert patience > 4
        # The table is still held, so only a cancellation ends it.
        assert eventually(lambda: [run.outcome for run in api.dash.runs.audit(asked_by=name)] == ["cancelled"])
