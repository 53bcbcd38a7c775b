"""Asking over HTTP: at once, as a stream, later; following up, stopping, and what becomes of who hangs up."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import httpx2
import psycopg
import pytest

from dash.access.keys import Keys
from dash.records.answer import Answer
from dash.settings import REPOSITORY
from tests.serve.conftest import Served, ask, served

QUESTION = "How many tickets did AI handle today?"
BY_CATEGORY = "Which categories have the lowest resolution rate?"


def test_a_question_is_answered_with_the_documented_json(ann: httpx2.Client) -> None:
    answer = ask(ann, QUESTION)
    assert answer["outcome"] == "answered"
    assert answer["provenance"] in ("vetted", "composed")
    documented = {line.split("`")[1] for line in (REPOSITORY / "docs/answer-json.md").read_text().splitlines()
                  if line.startswith("| `")}  # fmt: skip
    assert set(answer) <= documented
    assert set(answer) == set(Answer.__dataclass_fields__)


@pytest.mark.parametrize(
    ("question", "outcome"),
    [("Какой resolution rate по retention кейсам за январь?", "answered"),
     ("What was our revenue last month?", "declined"),
     ("What was the cost last month?", "clarification")],
)  # fmt: skip
def test_it_says_which_way_it_went(ann: httpx2.Client, question: str, outcome: str) -> None:
    answer = ask(ann, question)
    assert answer["outcome"] == outcome
    assert bool(answer["choices"]) == (outcome != "answered")
    assert (answer["provenance"] is None) == (outcome != "answered")


def test_an_answer_is_found_again_as_json_and_csv(ann: httpx2.Client) -> None:
    answer = ask(ann, BY_CATEGORY)
    run = ann.get(f"/api/v1/runs/{answer['run_id']}").json()
    assert run["outcome"] == "answered"
    assert run["answer"] == answer == ann.get(f"/api/v1/runs/{answer['run_id']}/answer").json()
    csv = ann.get(f"/api/v1/runs/{answer['run_id']}/answer.csv")
    assert csv.headers["content-type"].startswith("text/csv")
    shown = [column["name"] for column in answer["columns"] if column["role"] != "hidden"]
    header, *lines = csv.text.splitlines()
    assert header == ",".join(shown)
    assert len(lines) == len(answer["rows"])
    asked_back = ask(ann, "Show me the flurbs")
    assert ann.get(f"/api/v1/runs/{asked_back['run_id']}/answer.csv").status_code == 404


def test_a_follow_up_leans_on_its_thread_and_the_thread_lists_both(ann: httpx2.Client) -> None:
    first = ask(ann, "How many tickets were there in the last 30 days?")
    second = ask(ann, "And by category?", thread_id=first["thread_id"])
    assert (second["outcome"], second["thread_id"]) == ("answered", first["thread_id"])
    assert len(second["rows"]) > 1
    turns = ann.get(f"/api/v1/threads/{first['thread_id']}").json()["turns"]
    assert [turn["run_id"] for turn in turns] == [first["run_id"], second["run_id"]]
    assert [turn["headline"] for turn in turns] == [first["headline"], second["headline"]]


def test_threads_are_renamed_hidden_and_brought_back(ann: httpx2.Client) -> None:
    thread = ask(ann, QUESTION)["thread_id"]

    def listed() -> dict[str, str]:
        return {each["thread_id"]: each["title"] for each in ann.get("/api/v1/threads?limit=500").json()["threads"]}

    assert listed()[thread] == QUESTION
    assert ann.patch(f"/api/v1/threads/{thread}", json={"title": " Daily  look "}).status_code == 204
    assert listed()[thread] == "Daily look"
    assert ann.patch(f"/api/v1/threads/{thread}", json={"hidden": True}).status_code == 204
    assert thread not in listed()
    assert ann.patch(f"/api/v1/threads/{thread}", json={"hidden": False}).status_code == 204
    assert thread in listed()


def test_a_stream_tells_the_run_then_each_step_then_the_answer(ann: httpx2.Client) -> None:
    with ann.stream("POST", "/api/v1/questions", json={"question": BY_CATEGORY}, headers=STREAM) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        told = list(events(response))
    names = [name for name, _ in told]
    assert names == ["accepted", "step", "step", "step", "step", "step", "answer"]
    assert " ".join(data["step"] for _, data in told[1:-1]) == "ground plan guard execute interpret"
    answer = told[-1][1]
    assert told[0][1] == {"run_id": answer["run_id"], "thread_id": answer["thread_id"]}
    assert ann.get(f"/api/v1/runs/{answer['run_id']}/answer").json() == answer


def test_who_hangs_up_in_the_middle_finds_the_answer_later(api: Served, ann: httpx2.Client) -> None:
    with locked(api):
        with ann.stream("POST", "/api/v1/questions", json={"question": QUESTION}, headers=STREAM) as response:
            name, accepted = next(events(response))
            assert name == "accepted"
        run = f"/api/v1/runs/{accepted['run_id']}"
        assert ann.get(run).json()["outcome"] is None
        assert ann.get(f"{run}/answer").status_code == 404
    assert eventually(lambda: ann.get(run).json()["outcome"] == "answered")


def test_a_question_is_stopped_by_its_run_also_through_another_server(api: Served, ann: httpx2.Client) -> None:
    with served(api.dash.settings) as other, other.client(ann.headers["Authorization"].split()[1]) as there:
        for stopper in (ann, there):
            with locked(api):
                response = ann.post("/api/v1/questions", json={"question": QUESTION}, headers=LATER)
                assert response.status_code == 202
                run = response.json()["answer"]
                assert response.headers["location"] == run
                stopped = stopper.post(f"{run}/cancel")
                assert (stopped.status_code, stopped.json()["stopping"]) == (202, True)
                assert eventually(lambda run=run: ann.get(run).json()["outcome"] == "cancelled")
            assert ann.post(f"{run}/cancel").json()["stopping"] is False


def test_an_answer_that_takes_long_comes_later(api: Served) -> None:
    with served(api.dash.settings, wait_seconds=3) as hasty:
        with hasty.client(Keys(hasty.dash.database).create("hasty", ["lead"], by="test")[1]) as client, locked(api):
            response = client.post("/api/v1/questions", json={"question": QUESTION})
            assert response.status_code == 202
            run = response.json()["answer"]
        with hasty.client(client.headers["Authorization"].split()[1]) as again:
            assert eventually(lambda: again.get(run).json()["outcome"] == "answered")


def test_behind_a_number_are_as_many_rows_as_it_says(ann: httpx2.Client) -> None:
    answer = ask(ann, "How many tickets were there in the last 30 days?")
    behind = ann.get(f"/api/v1/runs/{answer['run_id']}/drill", params={"limit": 5}).json()
    side = next(side for side in behind["sides"] if side["name"] == behind["listed"])
    assert side["entries"] == answer["rows"][0][0] == behind["then"]
    assert len(behind["rows"]) == 5
    wrong = ann.get(f"/api/v1/runs/{answer['run_id']}/drill", params={"cell": "0.nothing"})
    assert (wrong.status_code, wrong.json()["detail"]) == (404, "This answer has no column nothing.")


def test_an_objection_becomes_a_candidate_learning_of_ones_own(ann: httpx2.Client) -> None:
    run = ask(ann, QUESTION)["run_id"]
    noted = ann.post(
        f"/api/v1/runs/{run}/feedback", json={"verdict": "bad", "correction": {"kind": "right", "said": "42"}}
    ).json()
    learning = ann.get(f"/api/v1/learnings/{noted['learning_id']}").json()
    assert (learning["status"], learning["scope"]) == ("candidate", "ann")
    assert "42" in learning["learned"]


LATER = {"Prefer": "respond-async"}
STREAM = {"Accept": "text/event-stream"}


class locked:
    """`with locked(api):` questions about tickets wait, because somebody holds the table."""

    def __init__(self, api: Served) -> None:
        self._connection = psycopg.connect(api.dash.database.owner_dsn())

    def __enter__(self) -> None:
        self._connection.execute("LOCK TABLE support.support_threads_data IN ACCESS EXCLUSIVE MODE")

    def __exit__(self, *_: object) -> None:
        self._connection.rollback()
        self._connection.close()


def events(response: httpx2.Response) -> Iterator[tuple[str, dict[str, str]]]:
    """Server-sent events as (name, data)."""
    name = ""
    for line in response.iter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


def eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False
