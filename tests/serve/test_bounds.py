"""What is too large, too slow, unreadable or broken ends as a problem that tells nothing it should not."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from dash.access.keys import Keys
from dash.database import Database
from dash.errors import EnvironmentProblem, InternalError, KnowledgeError, QueryFailed, QueryRejected
from dash.serve import bounds, connections
from dash.serve.problems import problem_of
from dash.settings import REPOSITORY
from tests.serve.conftest import Served, ask, served
from tests.serve.test_asking import eventually

ASK = "/api/v1/questions"


def test_every_answer_has_an_id_and_is_kept_by_nobody(ann: httpx2.Client) -> None:
    seen = set()
    for path in ("/healthz", "/api/v1/me", "/api/v1/nothing", "/nothing"):
        headers = ann.get(path).headers
        seen.add(headers["x-request-id"])
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
        assert "server" not in headers
    assert len(seen) == 4


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [("GET", "/api/v1/nothing", 404, "not-found"), ("GET", "/api/v1/threads/", 404, "not-found"),
     ("DELETE", "/api/v1/threads", 405, "wrong-method"), ("GET", ASK, 405, "wrong-method"),
     ("GET", "/docs", 404, "not-found"), ("GET", "/openapi.json", 404, "not-found")],
)  # fmt: skip
def test_what_is_not_there_is_a_problem_like_any_other(
    ann: httpx2.Client, method: str, path: str, status: int, kind: str
) -> None:
    response = ann.request(method, path)
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, problem["status"], problem["type"]) == (status, status, f"/api/v1/problems/{kind}")
    assert problem["instance"] == f"urn:uuid:{response.headers['x-request-id']}"
    assert ("allow" in response.headers) == (status == 405)


def test_whoever_sends_something_else_than_json_hears_of_it(ann: httpx2.Client) -> None:
    for sent in ({"data": {"question": "How many?"}}, {"content": b'{"question": "How many?"}'}):
        response = ann.post(ASK, **sent)  # type: ignore[arg-type]
        assert response.status_code == 422 and "Content-Type: application/json" in response.json()["detail"]
    (fault,) = ann.post(ASK, content=b"{", headers={"Content-Type": "application/json"}).json()["errors"]
    assert fault["detail"].startswith("JSON decode error: ")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_monitor_may_ask_for_the_status_alone(ann: httpx2.Client, path: str) -> None:
    response = ann.head(path)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [(b"", "#/body"), (b"{", "#/body/1"), (b"[]", "#/body"), (b'{"question": ""}', "#/body/question"),
     (b'{"question": 3}', "#/body/question"), (b'{"question": "x", "zone": "UTC"}', "#/body/zone"),
     (b'{"question": "\\ud800"}', "#/body/question"), (b'{"question": "' + b"x" * 5_000 + b'"}', "#/body/question"),
     (b"\xff\xfe", "#/body/0")],
)  # fmt: skip
def test_a_request_that_cannot_be_read_says_where(ann: httpx2.Client, body: bytes, pointer: str) -> None:
    response = ann.post(ASK, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert "xxx" not in response.text  # what was sent is not sent back


def test_a_form_of_a_strange_page_is_no_question(ann: httpx2.Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        response = ann.post(ASK, content=b'{"question": "How many?"}', headers={"Content-Type": kind})
        assert response.status_code == 422


def test_what_is_too_large_is_not_read(api: Served, ann: httpx2.Client) -> None:
    large = b"x" * (bounds.MOST_BODY_BYTES + 1)
    for content in (large, _pieces(large)):  # with a length before it, and without
        response = ann.post(ASK, content=content, headers={"Content-Type": "application/json"})
        assert (response.status_code, response.json()["type"]) == (413, "/api/v1/problems/too-large")
    many = {f"X-{number}": "1" for number in range(bounds.MOST_HEADERS)}
    for headers in (many, {"X-Long": "x" * bounds.MOST_HEADER_BYTES}):
        assert ann.get("/healthz", headers=headers).status_code == 413
    assert ann.get("/healthz").status_code == 200


def test_a_body_that_does_not_come_is_not_waited_for(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "SECONDS_FOR_THE_BODY", 0.3)
    address = api.url.removeprefix("http://").split(":")
    token = Keys(api.dash.database).create("slow", ["lead"], by="test")[1]
    with socket.create_connection((address[0], int(address[1])), 30) as connection:
        head = f"POST {ASK} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        connection.sendall((head + 'Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{"qu').encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 408 ")


def opened(api: Served) -> socket.socket:
    """A connection on which nothing has been said."""
    host, _, port = api.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), 60)


def test_a_connection_that_sends_no_whole_head_is_ended_and_one_at_work_is_not(
    api: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SECONDS_FOR_THE_HEADERS", 2.0)
    silent, dripping, again, working = (opened(api) for _ in range(4))
    with silent, dripping, again, working:
        dripping.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        again.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b'"ok"' in received(again)
        again.sendall(b"GET /hea")  # the next one on a connection that was answered is no other matter
        head = b"POST /api/v1/questions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
        working.sendall(head)
        for held in (silent, dripping, again):
            assert received(held) == b""
        working.sendall(b"hello")
        assert received(working).startswith(b"HTTP/1.1 401 ")


def received(connection: socket.socket) -> bytes:
    """What comes next; nothing when the other side has ended it."""
    data = connection.recv(65_536)
    if b"content-length: " in data and not data.endswith(b"}"):
        data += connection.recv(65_536)
    return data


def test_one_address_holds_a_share_of_the_connections_and_a_proxy_as_many_as_it_likes(
    api: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(api.dash.settings) as fresh, served(api.dash.settings, proxies=("127.0.0.0/8",)) as behind:
        monkeypatch.setattr(connections, "MOST_OF_ONE_ADDRESS", 3)
        with contextlib.ExitStack() as held:
            for server in (fresh, behind):
                for _ in range(3):
                    held.enter_context(opened(server))
            with opened(fresh) as refused:
                assert received(refused).startswith(b"HTTP/1.1 503 ")
            assert httpx2.get(f"{behind.url}/healthz", timeout=60).status_code == 200
        assert eventually(lambda: httpx2.get(f"{fresh.url}/healthz", timeout=60).status_code == 200)


SECRET = "postgresql://owner:secret@10.0.0.1/state"


@pytest.mark.parametrize(
    ("error", "status"),
    [(ValueError(SECRET), 500), (InternalError(SECRET), 500), (EnvironmentProblem(f"No room in {SECRET}"), 503),
     (KnowledgeError(()), 503), (QueryFailed("The query took too long.", sqlstate="57014", detail=SECRET), 504),
     (QueryFailed("The database refused it.", detail=SECRET), 422),
     (QueryRejected("DROP", "ask a question", rule="root"), 422)],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_problem_tells_nothing_of_the_inside(error: Exception, status: int) -> None:
    response = problem_of(error, "urn:uuid:1")
    assert response.status_code == status
    body = bytes(response.body).decode()
    assert "secret" not in body
    assert "Traceback" not in body
    assert json.loads(body)["instance"] == "urn:uuid:1"


def test_what_the_server_itself_logs_goes_the_way_of_our_logs_without_the_messages_of_exceptions() -> None:
    program = f"""
import logging, uvicorn
from dash.logs import configure_logs
from dash.serve.process import options
from dash.settings import ApiSettings
from dash.settings import LogSettings

configure_logs(LogSettings(format="json"))
uvicorn.Config("x:y", **options(ApiSettings()))
try:
    raise ValueError({SECRET!r})
except ValueError:
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
"""
    ran = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, check=True, timeout=120)
    written = json.loads(ran.stderr)  # one line, once
    assert written["trace"][0].startswith("ValueError in ")
    assert b"secret" not in ran.stderr


def test_a_method_that_somebody_made_up_is_counted_as_other(people: dict[str, httpx2.Client]) -> None:
    assert people["ann"].request("FROBNICATE", "/mcp").status_code == 405
    text = people["adam"].get("/metrics").text
    assert 'endpoint="/mcp",method="OTHER",status="405"' in text
    assert "FROBNICATE" not in text


def test_without_a_database_it_lives_is_not_ready_and_says_so(fresh_database: Database) -> None:
    token = Keys(fresh_database).create("x", ["lead"], by="test")[1]
    with served(fresh_database.settings) as running, running.client(token) as client:
        assert client.get("/readyz").json() == {"status": "ready"}
        ask(client, "How many tickets are there?")
        running.dash.database.close()
        assert client.get("/healthz").status_code == 200
        for method, path in (("GET", "/readyz"), ("GET", "/api/v1/threads"), ("POST", ASK)):
            response = client.request(method, path, json={"question": "x"} if method == "POST" else None)
            assert (response.status_code, response.headers["retry-after"]) == (503, "5")


def test_measurements_count_what_was_done_and_name_nobody(api: Served, people: dict[str, httpx2.Client]) -> None:
    def count(start: str) -> float:
        lines = people["adam"].get("/metrics").text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(start))

    asked, refused = count("dash_questions_total"), count("dash_requests_refused_total")
    ask(people["ann"], "How many tickets did AI handle today?")
    with people["ann"].stream(
        "POST", ASK, json={"question": "How many tickets?"}, headers={"Accept": "text/event-stream"}
    ) as response:
        response.read()
    with api.client("wrong") as stranger:
        stranger.get("/api/v1/me")
    assert count("dash_questions_total") == asked + 2
    assert count("dash_requests_refused_total") == refused + 1
    people["ann"].get("/api/v1/runs/somebodys-run")
    people["ann"].get("/somewhere/else")
    text = people["adam"].get("/metrics").text
    for hidden in ("somebodys-run", "somewhere", "ann", "handle today"):
        assert hidden not in text


SOON = "More questions are waiting than can be answered soon; ask again in a moment."


def test_a_server_that_cannot_take_more_says_so_at_every_door(
    people: dict[str, httpx2.Client], ann: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dash.desk.turns.MOST_WAITING", 0)
    question = "How many tickets are there?"
    for path in (ASK, "/api/v1/queries/stuck_tickets/run"):
        response = people["egor"].post(path, json={} if path != ASK else {"question": question})
        assert (response.status_code, response.headers["retry-after"]) == (503, "5"), response.text
    run = ann.post("/agents/dash/runs", data={"message": question, "stream": "false"}).json()
    assert (run["status"], run["content"]) == ("ERROR", SOON)
    tool = {"name": "ask", "arguments": {"question": question}}
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": tool}
    said = ann.post("/mcp", json=request, headers={"Accept": "application/json, text/event-stream"})
    assert SOON in said.text and '"isError":true' in said.text.replace(" ", "")


def _pieces(content: bytes) -> Any:
    def pieces() -> Iterator[bytes]:
        for start in range(0, len(content), 8_192):
            yield content[start : start + 8_192]

    return pieces()
