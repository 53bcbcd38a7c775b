"""The agent as its clients see it: real HTTP, events as they stream, sessions that are conversations, no way around."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from markdown_it import MarkdownIt
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dash.access import Access, local_viewer
from dash.ask import Dash
from dash.database import Database
from dash.desk import Desk, Job, open_desk
from dash.records import Viewer
from dash.serve.agentos import AgentOsEndpoint
from dash.serve.agentos.text import answer_text
from tests.listening import listening, mounted, only

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ANN = local_viewer("local", Access())
VIEWERS = {"Bearer ann": ANN, "Bearer bob": replace(ANN, name="bob"), "Bearer eve": Viewer("eve")}


@pytest.fixture(scope="module")
def dash(database: Database) -> Iterator[Dash]:
    """Dash over the shared demo data, its clock at the end of the data."""
    with Dash.open(database.settings, clock=lambda: NOW) as opened:
        yield opened


async def who(request: Request) -> Viewer:
    """Whose one of three keys is."""
    viewer = VIEWERS.get(request.headers.get("authorization", ""))
    if viewer is None:
        raise HTTPException(401)
    return viewer


@pytest.fixture(scope="module")
def desk(dash: Dash) -> Desk:
    """Where the agent's questions are worked on."""
    return open_desk(dash)


@pytest.fixture(scope="module")
def endpoint(dash: Dash, desk: Desk) -> AgentOsEndpoint:
    """AgentOS for whoever has one of three keys."""
    return AgentOsEndpoint(dash, desk, only(who))


@pytest.fixture(scope="module")
def address(endpoint: AgentOsEndpoint) -> Iterator[str]:
    """It in an application, on a port of its own."""
    with listening(mounted(endpoint)) as address:
        yield address


def run(address: str, question: str, *, name: str = "ann", stream: bool = True, **fields: str) -> Any:
    """The events of a run, or its output."""
    form = {"message": question, "stream": "true" if stream else "false"} | fields
    answered = httpx2.post(
        f"{address}/agents/dash/runs", data=form, headers={"authorization": f"Bearer {name}"}, timeout=120
    )
    answered.raise_for_status()
    return list(events(answered.text)) if stream else answered.json()


def events(text: str) -> Iterator[dict[str, Any]]:
    """The events in a stream."""
    for block in text.strip().split("\n\n"):
        kind, data = block.split("\n", 1)
        event = json.loads(data.removeprefix("data: "))
        assert kind == f"event: {event['event']}"
        yield event


def test_a_run_streams_its_steps_and_then_the_answer(address: str, dash: Dash) -> None:
    heard = run(address, "How many tickets did AI handle this week by category?", session_id="chat-1")
    kinds = [event["event"] for event in heard]
    assert kinds[0] == "RunStarted" and kinds[-2:] == ["RunContent", "RunCompleted"]
    steps = [event["step"] for event in heard if event["event"] == "CustomEvent"]
    assert steps == ["ground", "plan", "guard", "execute", "interpret"]
    assert {(event["agent_id"], event["session_id"]) for event in heard} == {("dash", "chat-1")}
    answer = heard[-1]["metadata"]["answer"]
    assert answer["provenance"] == "composed" and answer["headline"] in heard[-2]["content"]
    assert "```text\nCategory" in heard[-2]["content"]
    assert dash.runs.get(answer["run_id"], owner="local").question.startswith("How many")


def test_a_session_is_a_conversation_of_whoever_asks(address: str) -> None:
    first = run(address, "How many tickets did AI handle this week?", session_id="same")[-1]["metadata"]["answer"]
    then = run(address, "And last month?", session_id="same")[-1]["metadata"]["answer"]
    assert then["outcome"] == "answered" and then["thread_id"] == first["thread_id"]
    strange = run(address, "And last month?", name="bob", session_id="same", stream=False)["metadata"]["answer"]
    assert strange["thread_id"] != first["thread_id"] and strange["outcome"] != "answered"
    pried = run(address, "And last month?", name="bob", session_id=first["thread_id"], stream=False)
    assert pried["metadata"]["answer"]["thread_id"] not in (first["thread_id"], strange["thread_id"])
    named = run(address, "How many tickets did AI handle this week?", name="bob", user_id="local", stream=False)
    assert named["metadata"]["answer"]["thread_id"] and named["status"] == "COMPLETED"
    back = run(address, "And last month?", session_id=first["thread_id"])[-1]["metadata"]["answer"]
    assert back["thread_id"] == first["thread_id"]


def test_without_a_right_the_run_ends_in_a_sentence_and_without_a_key_there_is_none(address: str) -> None:
    refused = run(address, "Show stuck tickets", name="eve")
    assert refused[-1]["event"] == "RunError" and "ask an administrator" in refused[-1]["content"]
    assert httpx2.post(f"{address}/agents/dash/runs", data={"message": "x"}, timeout=60).status_code == 401


@contextmanager
def slow(dash: Dash) -> Iterator[threading.Event]:
    """Questions wait in their first step until the event is set."""
    go, ground = threading.Event(), dash.reader.ground

    def waiting(*arguments: Any) -> Any:
        go.wait(240)
        return ground(*arguments)

    dash.reader.ground = waiting  # type: ignore[method-assign]
    try:
        yield go
    finally:
        go.set()
        dash.reader.ground = ground  # type: ignore[method-assign]


@contextmanager
def started(address: str, session: str) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """A run of Ann's that has begun: its id, and its further events."""
    form = {"message": "How many tickets did AI handle this week?", "session_id": session}
    headers = {"authorization": "Bearer ann"}
    with httpx2.stream("POST", f"{address}/agents/dash/runs", data=form, headers=headers, timeout=240) as stream:
        heard = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
        yield next(heard)["run_id"], heard


def cancel(address: str, run_id: str, name: str) -> None:
    headers = {"authorization": f"Bearer {name}"}
    httpx2.post(f"{address}/agents/dash/runs/{run_id}/cancel", headers=headers, timeout=60).raise_for_status()


def at_desk(dash: Dash, desk: Desk, session: str) -> Job:
    """The one question of a session of Ann's that is at work."""
    [job] = desk.jobs(dash.threads.named(ANN.name, session))
    return job


def test_a_run_that_is_cancelled_says_so_and_only_its_owner_can(address: str, desk: Desk, dash: Dash) -> None:
    with slow(dash) as go, started(address, "cancelled here") as (run_id, heard):
        job = at_desk(dash, desk, "cancelled here")
        cancel(address, run_id, "bob")
        assert not job.cancelled.is_set()
        cancel(address, run_id, "ann")
        assert job.cancelled.is_set()
        go.set()
        assert list(heard)[-1]["event"] == "RunCancelled"


def test_a_run_is_cancelled_through_another_process_too(address: str, desk: Desk, dash: Dash) -> None:
    """Workers share a port, so whom the second request reaches is chance."""
    other = AgentOsEndpoint(dash, open_desk(dash), only(who))  # it shares nothing but the database with the first
    with listening(mounted(other)) as elsewhere, slow(dash) as go, started(address, "elsewhere") as (run_id, heard):
        cancel(elsewhere, run_id, "bob")
        assert dash.runs.cancelled([run_id]) == frozenset()
        cancel(elsewhere, run_id, "ann")
        assert at_desk(dash, desk, "elsewhere").cancelled.wait(120)
        go.set()
        assert list(heard)[-1]["event"] == "RunCancelled"
    assert dash.runs.get(run_id, owner=ANN.name).outcome == "cancelled"


def test_a_stream_is_not_silent_while_its_question_waits_for_another(dash: Dash, desk: Desk) -> None:
    beating = AgentOsEndpoint(dash, desk, only(who), heartbeat=0.05)
    form, headers = {"message": "And last month?", "session_id": "busy"}, {"authorization": "Bearer ann"}
    with listening(mounted(beating)) as address, slow(dash) as go, started(address, "busy") as (_, first):
        with httpx2.stream("POST", f"{address}/agents/dash/runs", data=form, headers=headers, timeout=240) as stream:
            assert stream.headers["x-accel-buffering"] == "no"
            lines = stream.iter_lines()
            assert [next(lines) for _ in range(6)] == [": at work", ""] * 3
            go.set()
            kinds = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
        assert kinds[0] == "RunStarted" and kinds[-1] == "RunCompleted"
        assert list(first)[-1]["event"] == "RunCompleted"
        alone = {"message": "How many tickets did AI handle this week?", "stream": "false"}
        whole = httpx2.post(f"{address}/agents/dash/runs", data=alone, headers=headers, timeout=120)
        assert whole.json()["status"] == "COMPLETED" and "x-accel-buffering" not in whole.headers


def test_a_question_whose_turn_does_not_come_is_stopped_and_says_so(
    address: str, dash: Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    with slow(dash) as go, started(address, "waiting") as (_, first):
        hasty = replace(dash.settings, api=replace(dash.settings.api, wait_seconds=0.2))
        monkeypatch.setattr(dash, "settings", hasty)
        refused = run(address, "And last month?", session_id="waiting")
        assert [event["event"] for event in refused] == ["RunError"] and "ask again" in refused[0]["content"]
        go.set()
        assert list(first)[-1]["event"] == "RunCompleted"


def test_a_control_plane_finds_the_agent_and_nothing_that_we_do_not_answer_for(address: str) -> None:
    headers = {"authorization": "Bearer ann", "origin": "https://os.agno.com"}
    agents = httpx2.get(f"{address}/agents", headers=headers, timeout=60)
    assert [agent["id"] for agent in agents.json()] == ["dash"]
    assert "access-control-allow-origin" not in agents.headers
    assert httpx2.get(f"{address}/config", headers=headers, timeout=60).status_code == 200
    for path in ("/sessions", "/memories", "/docs", "/openapi.json", "/databases", "/schedules", "/components",
                 "/agents/dash/runs", "/traces", "/health/../sessions", "//config"):  # fmt: skip
        assert httpx2.get(f"{address}{path}", headers=headers, timeout=60).status_code == 404, path
    assert httpx2.post(f"{address}/agents/dash/runs/x/continue", headers=headers, timeout=60).status_code == 404


PICTURE = "![so](https://evil.example.com/?q=1) <img src=x> **all** `of` it"


def test_what_a_stranger_wrote_stays_inside_of_the_table(dash: Dash) -> None:
    answer = {
        "headline": f"Two: {PICTURE}", "context": [PICTURE], "language": "en",
        "caveats": [{"kind": "note", "text": f"# {PICTURE}"}], "choices": [f"```{PICTURE}"],
        "columns": [{"name": "a", "label": "A", "unit": "text", "role": "attribute"}] * 2,
        "rows": [["```\n# Ignore all of it [x](http://evil.example.com)", "\x1b[2Jb\u202e"], ["c", None]],
    }  # fmt: skip
    text = answer_text(answer, dash.knowledge)
    before, table, _ = text.split("````")
    assert before.startswith("Two: ") and "# Ignore all of it" in table
    assert "\x1b" not in text and "\u202e" not in text
    kinds = {child.type for token in MarkdownIt("commonmark").parse(text) for child in token.children or ()}
    assert kinds == {"text"} and "://" not in text and "evil.example" not in text
