"""Whatever a model or its server does: in time, an answer of the next model or a ModelFailed of the right kind."""

from __future__ import annotations

import time

import pytest

from dash.errors import ModelFailed
from dash.llm.scripted import (
    Received,
    Reply,
    ScriptedModel,
    garbage,
    hangs,
    http_error,
    nobody_listens,
    says,
)
from dash.llm.scripted_failures import FAILURES, SERVERS_WORDS
from tests.llm.conftest import KEY, REQUEST, TICKETS, Open

GOOD = says(TICKETS)

everything = pytest.mark.parametrize(("reply", "kind"), FAILURES.values(), ids=list(FAILURES))


@everything
def test_a_failure_ends_in_time_and_says_what_it_is(opened: Open, reply: Reply, kind: str) -> None:
    with ScriptedModel(reply) as server:
        session = opened(server.url, deadline_seconds=2.0 if kind == "timeout" else 60.0)
        with pytest.raises(ModelFailed) as failed:
            session.ask(REQUEST)
        assert failed.value.kind == kind
        assert failed.value.message.endswith(".")
        assert len(session.calls) == len(server.requests) <= 2
        assert {call.outcome for call in session.calls} == {kind}


@everything
def test_after_a_failure_the_next_model_answers(opened: Open, reply: Reply, kind: str) -> None:
    def by_model(request: Received) -> Reply:
        return GOOD if request.model == "second" else reply

    with ScriptedModel(by_model) as server:
        session = opened(server.url, fallbacks=("second",), deadline_seconds=8.0 if kind == "timeout" else 60.0)
        assert session.ask(REQUEST) == TICKETS
        *failed, answered = session.calls
        assert (answered.model, answered.outcome) == ("second", "ok")
        assert {(call.model, call.outcome) for call in failed} == {("first", kind)}


@everything
def test_nobody_hears_the_key_or_the_servers_words(
    opened: Open,
    reply: Reply,
    kind: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AGNO_DEBUG", "true")
    with caplog.at_level("DEBUG"), ScriptedModel(reply) as server:
        with pytest.raises(ModelFailed) as failed:
            opened(server.url, deadline_seconds=1.0 if kind == "timeout" else 60.0).ask(REQUEST)
        printed = capfd.readouterr()
        heard = f"{failed.value.message}{caplog.text}{printed.out}{printed.err}"
        assert KEY not in heard and SERVERS_WORDS not in heard and REQUEST.user not in heard, kind


def test_a_refused_connection_is_unavailable(opened: Open) -> None:
    url, kept = nobody_listens()
    with kept, pytest.raises(ModelFailed) as failed:
        opened(url).ask(REQUEST)
    assert failed.value.kind == "unavailable"


def test_a_server_that_has_no_address_is_unavailable(opened: Open) -> None:
    with pytest.raises(ModelFailed) as failed:
        opened("http://no-such-host.invalid/v1").ask(REQUEST)
    assert failed.value.kind == "unavailable"


def test_garbage_without_an_end_is_not_read_to_the_end(opened: Open) -> None:
    size = 60_000_000
    with ScriptedModel(garbage(size)) as server:
        with pytest.raises(ModelFailed):
            opened(server.url, calls=1).ask(REQUEST)
        assert server.wait_until(lambda server: server.left == 1)
        assert server.sent_bytes < size


def test_what_passes_is_tried_once_more(opened: Open) -> None:
    with ScriptedModel(http_error(429, retry_after=1), GOOD) as server:
        session = opened(server.url)
        began = time.monotonic()
        assert session.ask(REQUEST) == TICKETS
        assert time.monotonic() - began >= 1.0, "it asked again before the server wanted it"
        assert [call.outcome for call in session.calls] == ["rate_limited", "ok"]


def test_a_server_that_wants_a_long_rest_is_not_waited_for_while_another_model_is_there(opened: Open) -> None:
    with ScriptedModel(http_error(429, retry_after=15), GOOD) as server:
        session = opened(server.url, fallbacks=("second",))
        assert session.ask(REQUEST) == TICKETS
        assert [call.model for call in session.calls] == ["first", "second"]


def test_the_first_models_failure_is_the_one_that_is_told(opened: Open) -> None:
    def by_model(request: Received) -> Reply:
        return http_error(404) if request.model == "second" else http_error(401)

    with ScriptedModel(by_model) as server, pytest.raises(ModelFailed) as failed:
        opened(server.url, fallbacks=("second",)).ask(REQUEST)
    assert failed.value.kind == "unauthorized"


def test_a_question_asks_no_more_often_than_it_may(opened: Open) -> None:
    with ScriptedModel(GOOD) as server:
        session = opened(server.url, calls=3)
        for _ in range(3):
            session.ask(REQUEST)
        with pytest.raises(ModelFailed) as failed:
            session.ask(REQUEST)
        assert failed.value.kind == "calls"
        assert len(server.requests) == 3


def test_failed_requests_count_as_calls(opened: Open) -> None:
    with ScriptedModel(http_error(500)) as server:
        session = opened(server.url, calls=4, fallbacks=("second", "third", "fourth"))
        with pytest.raises(ModelFailed) as failed:
            session.ask(REQUEST)
        assert failed.value.kind == "unavailable"
        assert len(server.requests) == 4


def test_the_deadline_is_that_of_the_question_not_of_a_call(opened: Open) -> None:
    with ScriptedModel(GOOD, hangs()) as server:
        session = opened(server.url, deadline_seconds=1.5)
        session.ask(REQUEST)
        with pytest.raises(ModelFailed) as failed:
            session.ask(REQUEST)
        assert failed.value.kind == "timeout"
        with pytest.raises(ModelFailed) as failed:
            session.ask(REQUEST)
        assert failed.value.kind == "timeout"
        assert len(server.requests) == 2
