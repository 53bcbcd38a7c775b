"""What is sent to a model and what counts as its answer."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from dash.database import Database
from dash.errors import ModelFailed
from dash.llm import ModelRequest, open_model
from dash.llm.calling import parse_answer
from dash.llm.scripted import Received, Reply, ScriptedModel, hangs, http_error, says
from dash.records import Viewer
from tests.llm.conftest import KEY, REQUEST, TICKETS, Asked, Open, OpenModel, never


def test_a_model_answers_what_was_asked_for(opened: Open) -> None:
    with ScriptedModel(says(TICKETS, input_tokens=120, output_tokens=9)) as server:
        session = opened(server.url)
        assert session.ask(REQUEST) == TICKETS
        (call,) = session.calls
        assert (call.purpose, call.model, call.outcome, call.estimated) == ("plan", "first", "ok", False)
        assert (call.input_tokens, call.output_tokens, call.cost_usd) == (120, 9, None)
        assert (call.system, call.user, call.reply) == (REQUEST.system, REQUEST.user, TICKETS.model_dump_json())


def test_exactly_the_prompt_and_the_schema_are_sent_and_nothing_else(opened: Open) -> None:
    with ScriptedModel(says(TICKETS)) as server:
        opened(server.url).ask(REQUEST)
        (received,) = server.requests
    assert received.path == "/v1/chat/completions"
    assert received.headers["authorization"] == f"Bearer {KEY}"
    assert received.body["messages"] == [
        {"role": "system", "content": REQUEST.system},
        {"role": "user", "content": REQUEST.user},
    ]
    assert set(received.body) == {"model", "messages", "response_format"}
    assert received.schema["properties"]["metric"]["enum"] == ["tickets", "cost"]
    assert received.schema["additionalProperties"] is False


def test_each_purpose_has_its_model_and_effort(opened: Open) -> None:
    with ScriptedModel(says(TICKETS)) as server:
        session = opened(server.url, models={"sql": "clever"}, effort="low", efforts={"sql": "high"})
        session.ask(REQUEST)
        session.ask(ModelRequest("sql", "You write SQL.", "How many?", Asked))
        assert [(asked.model, asked.body["reasoning_effort"]) for asked in server.requests] == [
            ("first", "low"),
            ("clever", "high"),
        ]


def test_a_server_without_a_key_works(database: Database, opened: Open) -> None:
    with ScriptedModel(says(TICKETS)) as server:
        assert opened(server.url, api_key=None).ask(REQUEST) == TICKETS
        assert KEY not in str(server.requests)


@pytest.mark.parametrize(
    "text",
    [
        '{"metric": "tickets", "limit": 5}',
        ' \n{"limit": 5, "metric": "tickets"}\n',
        '```json\n{"metric": "tickets", "limit": 5}\n```',
        '```\n{"metric": "tickets", "limit": 5}\n```\n',
        '<think>They want {"metric": "cost"}.</think>\n{"metric": "tickets", "limit": 5}',
    ],
)
def test_a_fence_and_a_thought_around_the_answer_are_no_mistakes(opened: Open, text: str) -> None:
    with ScriptedModel(says(text)) as server:
        assert opened(server.url).ask(REQUEST) == TICKETS


@given(st.text())
def test_no_text_is_an_answer_by_chance(text: str) -> None:
    with pytest.raises(ValueError):
        parse_answer(text, Asked)


class Anything(BaseModel):
    """A loose answer, so that what is refused is refused for its form."""

    value: object


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_what_json_can_say_comes_through_unchanged(value: object) -> None:
    answer = parse_answer(Anything(value=value).model_dump_json(), Anything)
    assert answer == Anything(value=value)


def test_a_server_that_takes_no_schema_is_given_it_in_words(opened_model: OpenModel) -> None:
    def old(request: Received) -> Reply:
        return http_error(400) if request.body["response_format"]["type"] == "json_schema" else says(TICKETS)

    with ScriptedModel(old) as server:
        model = opened_model(server.url)
        session = model.session(viewer=Viewer(), run_id=None, cancelled=never)
        assert session.ask(REQUEST) == TICKETS
        assert [call.outcome for call in session.calls] == ["refused", "ok"]
        second = server.requests[1]
        assert second.body["response_format"] == {"type": "json_object"}
        assert second.said("system").startswith(REQUEST.system) and '"tickets", "cost"' in second.said("system")
        assert session.calls[1].system == second.said("system"), "the record shows another prompt than the one sent"
        later = model.session(viewer=Viewer(), run_id=None, cancelled=never)
        assert later.ask(REQUEST) == TICKETS
        assert len(server.requests) == 3, "it did not remember what the server takes"


def test_a_server_that_takes_neither_is_asked_with_a_schema_the_next_time(opened_model: OpenModel) -> None:
    with ScriptedModel(http_error(400), http_error(400), says(TICKETS)) as server:
        model = opened_model(server.url)
        for expected in ("refused", "ok"):
            session = model.session(viewer=Viewer(), run_id=None, cancelled=never)
            if expected == "ok":
                assert session.ask(REQUEST) == TICKETS
            else:
                with pytest.raises(ModelFailed):
                    session.ask(REQUEST)
            assert session.calls[-1].outcome == expected
        forms = [asked.body["response_format"]["type"] for asked in server.requests]
        assert forms == ["json_schema", "json_object", "json_schema"]


def test_what_the_server_does_not_count_is_estimated(opened: Open) -> None:
    with ScriptedModel(says(TICKETS, input_tokens=None), http_error(401)) as server:
        session = opened(server.url)
        session.ask(REQUEST)
        with pytest.raises(ModelFailed):
            session.ask(REQUEST)
        answered, refused = session.calls
        assert answered.estimated and answered.input_tokens > 10 and answered.output_tokens > 1
        assert (refused.estimated, refused.input_tokens, refused.output_tokens) == (False, 0, 0)


def test_cancelling_ends_the_wait_at_once_and_closes_the_connection(opened: Open) -> None:
    stop = threading.Event()
    with ScriptedModel(hangs()) as server:
        session = opened(server.url, cancelled=stop.is_set, fallbacks=("second",), deadline_seconds=60.0)
        failures: list[ModelFailed] = []

        def ask() -> None:
            with pytest.raises(ModelFailed) as failed:
                session.ask(REQUEST)
            failures.append(failed.value)

        asking = threading.Thread(target=ask)
        asking.start()
        assert server.wait_until(lambda server: len(server.requests) == 1)
        stop.set()
        asking.join(30)
        assert not asking.is_alive(), "it waits for its deadline"
        assert [failure.kind for failure in failures] == ["cancelled"]
        assert server.wait_until(lambda server: server.left == 1), "the connection stayed open"
        assert len(server.requests) == 1
        assert [call.outcome for call in session.calls] == ["cancelled"]


def test_cancelling_ends_also_the_wait_for_a_server_that_wants_a_rest(opened: Open) -> None:
    stop = threading.Event()
    with ScriptedModel(http_error(429, retry_after=30)) as server:
        session = opened(server.url, cancelled=stop.is_set, deadline_seconds=60.0)
        threading.Timer(0.3, stop.set).start()
        with pytest.raises(ModelFailed) as failed:
            session.ask(REQUEST)
        assert failed.value.kind == "cancelled"


def test_nothing_is_sent_for_who_has_already_left(opened: Open) -> None:
    with ScriptedModel(says(TICKETS)) as server:
        with pytest.raises(ModelFailed) as failed:
            opened(server.url, cancelled=lambda: True).ask(REQUEST)
        assert failed.value.kind == "cancelled"
        assert server.requests == []


def test_two_questions_are_asked_side_by_side(opened: Open) -> None:
    with ScriptedModel(hangs(), says(TICKETS)) as server:
        stop = threading.Event()

        def ask() -> None:
            with pytest.raises(ModelFailed):
                opened(server.url, cancelled=stop.is_set).ask(REQUEST)

        waiting = threading.Thread(target=ask)
        waiting.start()
        assert server.wait_until(lambda server: len(server.requests) == 1)
        assert opened(server.url).ask(REQUEST) == TICKETS
        stop.set()
        waiting.join(10)
        assert not waiting.is_alive()


def test_telemetry_stays_off_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from agno.agent._init import set_telemetry

    from dash.llm.calling import _Agent

    monkeypatch.setenv("AGNO_TELEMETRY", "true")
    agent = _Agent()
    set_telemetry(agent)
    assert agent.telemetry is False


def test_without_a_key_there_is_no_model(database: Database) -> None:
    assert database.settings.llm is None
    assert open_model(database.settings, database) is None


@pytest.mark.parametrize("module", ["dash.cli.main", "dash.ask", "dash.llm", "dash.llm.asking", "dash.llm.scripted"])
def test_who_asks_no_model_does_not_load_agno(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'agno', 'openai', 'httpx', 'httpx2'}} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
