"""Customers' conversations page by page, and what becomes of a changed place to go on from."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.errors import NotFoundError
from dash.replay import Place
from dash.serve import cursors


def pages(client: httpx2.Client, path: str, key: str, **params: Any) -> list[dict[str, Any]]:
    """All entries of a list, page by page."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        response = client.get(path, params=params | ({"after": after} if after else {}))
        assert response.status_code == 200, response.text
        page = response.json()
        found += page[key]
        after = page["next"]
        if after is None:
            return found
        assert len(page[key]) == params["limit"]


def test_pages_of_a_search_give_every_conversation_once_newest_first(ann: httpx2.Client) -> None:
    period = {"since": "2026-11-18T00:00:00Z", "until": "2026-11-20T00:00:00Z"}
    small = pages(ann, "/api/v1/conversations", "conversations", limit=7, **period)
    assert small == pages(ann, "/api/v1/conversations", "conversations", limit=500, **period)
    assert len(small) > 14
    assert len({each["id"] for each in small}) == len(small)
    moments = [datetime.fromisoformat(each["moment"]) for each in small]
    assert moments == sorted(moments, reverse=True)


def test_pages_of_a_conversation_are_the_same_forwards_and_backwards(ann: httpx2.Client) -> None:
    head = max(
        (ann.get(f"/api/v1/conversations/{each['id']}").json() for each in
         ann.get("/api/v1/conversations?limit=8").json()["conversations"]),
        key=lambda whole: whole["totals"]["events"],
    )  # fmt: skip
    path = f"/api/v1/conversations/{head['conversation']['id']}/events"
    forwards = pages(ann, path, "events", limit=3)
    assert len(forwards) == head["totals"]["events"] > 3
    backwards: list[dict[str, Any]] = []
    last = ann.get(path, params={"limit": 3, "after": _end()}).json()
    assert last["events"] == []
    page = ann.get(path, params={"limit": 3, "before": _end()}).json()
    while True:
        backwards = page["events"] + backwards
        if page["previous"] is None:
            break
        page = ann.get(path, params={"limit": 3, "before": page["previous"]}).json()
    assert backwards == forwards
    kinds = {event["kind"] for event in forwards}
    chosen = pages(ann, path, "events", limit=3, kind=[sorted(kinds)[0]])
    assert chosen == [event for event in forwards if event["kind"] == sorted(kinds)[0]]


@pytest.mark.parametrize(
    ("params", "status"),
    [({"after": "x"}, 404), ({"after": "!" * 10}, 404), ({"after": base64.b64encode(b"[null]").decode()}, 404),
     ({"filter": "nothing:1"}, 404), ({"filter": "nothing"}, 422), ({"since": "soon"}, 422), ({"limit": 0}, 422),
     ({"limits": 1}, 422),
     ({"since": "0001-01-01T00:00:00Z"}, 200), ({"until": "9999-12-31T23:59:59Z", "limit": 1}, 200)],
    ids=str,
)  # fmt: skip
def test_a_search_that_cannot_be_read_is_said_to_be(ann: httpx2.Client, params: dict[str, Any], status: int) -> None:
    assert ann.get("/api/v1/conversations", params=params).status_code == status


def test_a_conversation_that_is_not_there_has_no_events_either(ann: httpx2.Client) -> None:
    for path in (
        "/api/v1/conversations/0",
        "/api/v1/conversations/no%20such",
        "/api/v1/conversations/no%20such/events",
    ):
        assert ann.get(path).status_code == 404
    assert ann.get("/api/v1/conversations/%00").status_code == 422


MOMENTS = st.none() | st.datetimes(timezones=st.just(timezone(timedelta(hours=3)))) | st.text(max_size=30)
IDS = st.text(max_size=50) | st.integers(-(2**63), 2**63 - 1)


@given(moment=MOMENTS, source=st.integers(0, 999), identity=IDS)
def test_a_place_comes_back_as_it_was_written(moment: Any, source: int, identity: int | str) -> None:
    place = Place(moment, source, identity)
    assert cursors.read_event(cursors.of_event(place)) == place
    written = cursors.of_conversation((moment, str(identity)))
    assert written is not None
    assert cursors.read_conversation(written) == (moment, str(identity))


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: base64.urlsafe_b64encode(data).decode()))
def test_what_nobody_wrote_is_refused_or_a_place(text: str) -> None:
    for read in (cursors.read_event, cursors.read_conversation):
        try:
            read(text)
        except NotFoundError as error:
            assert error.message == cursors.PROBLEM


def _end() -> str:
    """Behind everything."""
    return cursors.of_event(Place(None, 999, "~"))
