"""Stuck tickets over HTTP: the same list as the desk's, page by page, and what people do about it."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from dash.ops import StuckDesk
from dash.records import Viewer
from tests.serve.conftest import Served
from tests.serve.test_conversations import pages

LIST = "/api/v1/stuck"


@pytest.fixture(scope="module")
def checked(people: dict[str, httpx2.Client]) -> dict[str, Any]:
    """The last check, made now."""
    response = people["olga"].post(f"{LIST}/checks")
    assert response.status_code == 201
    found: dict[str, Any] = response.json()
    return found


def test_the_list_is_that_of_the_desk_page_by_page(api: Served, ann: httpx2.Client, checked: dict[str, Any]) -> None:
    desk = StuckDesk.open(api.dash, Viewer("somebody", roles=frozenset({"lead"})))
    check = desk.latest()
    assert check is not None
    wanted = [entry.ticket.ticket for entry in desk.entries(desk.diff(check))]
    found = pages(ann, LIST, "tickets", limit=50)
    assert [each["ticket"] for each in found] == wanted
    assert len(wanted) > 100
    first = ann.get(LIST, params={"limit": 1}).json()
    assert first["check"] == checked
    assert sum(first["counts"][name] for name in ("new", "worse", "still")) == len(wanted)
    assert found[0]["advice"] and found[0]["is_back"] is False and found[0]["state"]["back_at"] is None
    reason = found[0]["reason"]
    narrowed = pages(ann, LIST, "tickets", limit=500, reason=[reason], language="ru")
    assert [each["ticket"] for each in narrowed] == [each["ticket"] for each in found if each["reason"] == reason]
    assert narrowed[0]["reason_label"] != found[0]["reason_label"]


def test_what_is_done_about_a_ticket_is_seen_by_the_others(
    people: dict[str, httpx2.Client], checked: dict[str, Any]
) -> None:
    ann, olga = people["ann"], people["olga"]
    ticket = ann.get(LIST, params={"limit": 1}).json()["tickets"][0]["ticket"]

    def states() -> dict[str, Any]:
        found = pages(ann, LIST, "tickets", limit=500, standing=["open", "acknowledged", "snoozed", "closed"])
        return {each["ticket"]: each["state"] for each in found}

    def do(**deed: Any) -> int:
        return olga.post(f"{LIST}/actions", json={"tickets": [ticket], **deed}).status_code

    assert do(deed="assign", text="Ann") == do(deed="note", text="Waits for the courier.") == 200
    assert do(deed="snooze", until="2026-12-01T09:00:00+03:00") == 200
    state = states()[ticket]
    assert (state["standing"], state["assignee"], state["notes"][0]["text"]) == (
        "snoozed",
        "Ann",
        "Waits for the courier.",
    )
    assert ticket not in [each["ticket"] for each in pages(ann, LIST, "tickets", limit=500)]
    assert do(deed="unsnooze") == 200
    assert states()[ticket]["standing"] == "open"
    done = ann.get(f"{LIST}/tickets/{ticket}/actions").json()["actions"]
    assert [each["deed"] for each in done] == ["assign", "note", "snooze", "unsnooze"]
    assert {each["who"] for each in done} == {"olga"}


@pytest.mark.parametrize(
    ("body", "status"),
    [({"deed": "fly", "tickets": ["x"]}, 422), ({"deed": "close", "tickets": []}, 422),
     ({"deed": "close", "tickets": ["no such ticket"]}, 404), ({"deed": "note", "tickets": ["x"]}, 422),
     ({"deed": "snooze", "tickets": ["x"], "until": "2026-12-01T09:00:00"}, 422),
     ({"deed": "snooze", "tickets": ["x"], "until": "2020-01-01T09:00:00Z"}, 422)],
    ids=str,
)  # fmt: skip
def test_a_deed_that_makes_no_sense_is_refused(
    people: dict[str, httpx2.Client], checked: dict[str, Any], body: dict[str, Any], status: int
) -> None:
    assert people["olga"].post(f"{LIST}/actions", json=body).status_code == status


@pytest.mark.parametrize(
    ("params", "status"),
    [({"reason": "nothing"}, 404), ({"where": "nothing:x"}, 404), ({"where": "stage"}, 422), ({"after": "x"}, 404),
     ({"since": "2020-01-01T00:00:00"}, 200), ({"change": "other"}, 422)],
    ids=str,
)  # fmt: skip
def test_a_list_that_cannot_be_given_is_said_to_be(
    ann: httpx2.Client, checked: dict[str, Any], params: dict[str, Any], status: int
) -> None:
    assert ann.get(LIST, params=params).status_code == status
