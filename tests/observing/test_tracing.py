"""Spans of questions, as a receiver decodes them: the steps, what they cost, and not one word of anybody's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dash.ask import Dash
from dash.database import Database
from dash.errors import SettingsError
from dash.llm.scripted import ScriptedModel, http_error
from dash.records import Viewer
from dash.settings import REPOSITORY, LlmSettings, Settings, TraceSettings
from dash.tracing import spans
from tests.cli.conftest import environment_for
from tests.observing.receiver import Receiver, receiving
from tests.written.conftest import SAYS_SQL, sql
from tests.written.test_sql import GOOD, GRUMPY, QUESTION

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ANN = Viewer("ann@example.com")


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Somebody who listens, and is waited for on a busy machine, too."""
    monkeypatch.setattr(spans, "SECONDS_TO_SEND", 60.0)
    with receiving() as listening:
        yield listening


def traced(database: Database, receiver: Receiver, **changed: object) -> Settings:
    """The settings of a database with a receiver for its spans."""
    traces = TraceSettings(receiver.url, {"authorization": "Basic secret"})
    return replace(database.settings, traces=traces, **changed)  # type: ignore[arg-type]


def test_a_question_is_a_trace_of_its_steps_with_how_it_ended(database: Database, receiver: Receiver) -> None:
    with Dash.open(traced(database, receiver), clock=lambda: NOW) as dash:
        answer = dash.ask("How many tickets did AI handle this week by category?", viewer=ANN)
    (root,) = receiver.named("ask")
    assert root["dash.run_id"] == answer.run_id and root["session.id"] == answer.thread_id
    assert (root["dash.outcome"], root["dash.provenance"]) == ("answered", "composed")
    assert root["dash.rows"] == len(answer.rows) and root["dash.queries"] >= 1 and root["service"] == "dash-for-support"
    steps = {span["name"]: span for span in receiver.spans if span["parent"] == root["id"]}
    assert set(steps) == {"ground", "plan", "guard", "execute", "companions", "interpret", "learn"}
    for span in steps.values():
        assert span["trace"] == root["trace"] and root["began"] <= span["began"] <= span["ended"] <= root["ended"]
    assert steps["plan"]["dash.provenance"] == "composed" and steps["guard"]["dash.reviewed"] is True
    assert steps["execute"]["db.response.returned_rows"] == len(answer.rows)
    assert receiver.headers[0]["authorization"] == "Basic secret"


def test_calls_to_a_model_are_told_with_tokens_and_rejections_with_their_rule(
    database: Database, receiver: Receiver
) -> None:
    attack = sql("SELECT customer_email FROM support.support_threads_data", GRUMPY)
    with ScriptedModel(SAYS_SQL, attack, http_error(500), sql(GOOD, GRUMPY)) as model:
        llm = LlmSettings(api_key="any", base_url=model.url, model="scripted", calls=6, deadline_seconds=60.0)
        with Dash.open(traced(database, receiver, llm=llm), clock=lambda: NOW) as dash:
            answer = dash.ask(QUESTION, viewer=ANN)
    assert answer.outcome == "answered"
    (root,) = receiver.named("ask")
    calls = receiver.named("chat scripted")
    within = {span["id"] for span in receiver.named("model")}
    assert (
        len(calls) == root["dash.model_calls"] == len(model.requests) and {call["parent"] for call in calls} <= within
    )
    assert root["dash.input_tokens"] == sum(call["gen_ai.usage.input_tokens"] for call in calls) > 0
    assert root["dash.output_tokens"] == sum(call["gen_ai.usage.output_tokens"] for call in calls) > 0
    assert [call["error.type"] for call in calls if call["failed"]] == ["unavailable"]
    rejected = [span for span in receiver.named("guard") if span["failed"]]
    assert len(rejected) == root["dash.queries_rejected"] == 1
    assert rejected[0]["dash.rejected"] and rejected[0]["error.type"] == "QueryRejected"


def test_no_word_of_a_question_an_answer_or_a_person_is_in_a_span(fresh_database: Database, receiver: Receiver) -> None:
    canaries = ("C-00700", "grumpy", "shipping", "ann@example.com", "How many", "SELECT", "Ann Onymous", "2026-11")
    with ScriptedModel(SAYS_SQL, sql("SELECT nonsense", GRUMPY), sql(GOOD, GRUMPY)) as model:
        llm = LlmSettings(api_key="any", base_url=model.url, model="scripted", calls=6, deadline_seconds=60.0)
        with Dash.open(traced(fresh_database, receiver, llm=llm), clock=lambda: NOW) as dash:
            for question in (
                QUESTION,
                "How many tickets of customer C-00700 this week?",
                "What does Ann Onymous think?",
                "Show shipping tickets",
            ):
                dash.ask(question, viewer=replace(ANN, display="Ann Onymous"))
    assert len(receiver.named("ask")) == 4
    sent = b"".join(receiver.bodies).decode("utf-8", "replace")
    assert not [canary for canary in canaries if canary in sent]
    assert not [span for span in receiver.spans if span["said"] or span["events"]]


def test_a_receiver_that_is_away_costs_the_person_nothing(database: Database) -> None:
    settings = replace(database.settings, traces=TraceSettings("http://127.0.0.1:9/v1/traces"))
    with Dash.open(settings, clock=lambda: NOW) as dash:
        assert dash.ask("How many tickets did AI handle this week?").outcome == "answered"


def test_the_command_line_sends_its_spans_before_it_ends(
    database: Database, tmp_path: Path, receiver: Receiver
) -> None:
    settings = environment_for(database, tmp_path) | {"DASH_TRACES_URL": receiver.url}
    command = [sys.executable, "-X", "utf8", "-m", "dash", "ask", "Show stuck tickets"]
    subprocess.run(command, cwd=REPOSITORY, env=settings, check=True, capture_output=True, timeout=120)
    assert receiver.named("plan")[0]["dash.vetted_query"] == "stuck_tickets"


OFF = """
import sys
from dash.ask import Dash
from dash.settings import Settings
with Dash.open(Settings.from_env()) as dash:
    print(dash.ask("Show stuck tickets").outcome)
print([name for name in sys.modules if name.split(".")[0] in ("opentelemetry", "structlog")])
"""


def test_without_a_receiver_nothing_of_it_is_even_imported(database: Database, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", OFF],
        cwd=REPOSITORY,
        env=environment_for(database, tmp_path),
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert done.stdout.decode().split("\n")[:2] == ["answered", "[]"]


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DASH_TRACES_URL": "collector:4318"}, "DASH_TRACES_URL must look like"),
        (
            {"DASH_TRACES_URL": "http://c:4318", "DASH_TRACES_HEADERS": "sk-hidden"},
            "DASH_TRACES_HEADERS must look like",
        ),
        ({"DASH_TRACES_URL": "http://c:4318", "DASH_TRACES_SHARE": "2"}, "a number from 0 to 1"),
        ({"DASH_LOGS": "xml"}, "one of console, json"),
        ({"DASH_LOG_LEVEL": "loud"}, "one of debug, info"),
    ],
)
def test_a_setting_that_cannot_be_used_says_how_it_should_look(variables: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(variables)
    assert words in caught.value.message and "sk-hidden" not in caught.value.message


def test_a_secret_may_stand_in_a_file_and_is_shown_nowhere(tmp_path: Path) -> None:
    key, url = tmp_path / "key", tmp_path / "url"
    key.write_text("sk-from-a-file\n", encoding="utf-8")
    url.write_text("postgresql://dash:hunter2@db/support\n", encoding="utf-8")
    settings = Settings.from_env({"OPENAI_API_KEY_FILE": str(key), "DASH_DATABASE_URL_FILE": str(url)})
    assert settings.llm is not None and settings.llm.api_key == "sk-from-a-file"
    assert settings.database_url == "postgresql://dash:hunter2@db/support"
    assert "sk-from" not in repr(settings) and "hunter2" not in repr(settings)
    for wrong, words in (
        ({"OPENAI_API_KEY": "sk", "OPENAI_API_KEY_FILE": str(key)}, "both set"),
        ({"OPENAI_API_KEY_FILE": str(tmp_path / "nowhere")}, "cannot be read"),
    ):
        with pytest.raises(SettingsError, match=words):
            Settings.from_env(wrong)


def test_a_project_of_its_own_may_have_its_address_in_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "dash.yaml").write_text("name: Ours\ndatabase: {url_from: OUR_DATABASE, login: owner}\n", "utf-8")
    (tmp_path / "url").write_text("postgresql://us:hunter2@db/ours\n", "utf-8")
    variables = {"DASH_PROJECT": str(tmp_path), "DASH_HOME": str(tmp_path), "OUR_DATABASE_FILE": str(tmp_path / "url")}
    assert Settings.from_env(variables).database_url == "postgresql://us:hunter2@db/ours"
