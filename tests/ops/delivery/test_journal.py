"""What a journal of the wire means, row by row; only what surely did not arrive may be sent again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.ops.delivery.journal import judge, read_journal

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BEGINS, DONE, NOT_DONE = {"begins": True}, {"done": True}, {"done": False}
REACHED, UNREACHED = {"wire": "tcp", "connected": True}, {"wire": "tcp", "failed": True}
LEFT = {"wire": "http", "sent": True, "method": "POST"}
MAIL, MAIL_LEFT = {"wire": "smtp", "began": True}, {"wire": "smtp", "sent": True}


def answered(status: int, **more: Any) -> dict[str, Any]:
    return {"wire": "http", "status": status, "method": "POST", **more}


def said(code: int) -> dict[str, Any]:
    return {"wire": "smtp", "status": code}


# What was noted, whether the program ended by itself → the outcome.
JOURNALS: list[tuple[list[dict[str, Any]], bool, str]] = [
    ([BEGINS, REACHED, LEFT, answered(200), DONE], True, "sent"),
    ([], True, "failed"),  # it did not even start
    ([{"invalid": True}], True, "refused"),
    ([BEGINS], False, "failed"),  # no connection in time
    ([BEGINS, REACHED, MAIL], False, "failed"),  # a mail server that never greets
    ([BEGINS, MAIL, REACHED, NOT_DONE], True, "failed"),  # … or hangs up before the mail
    ([BEGINS, MAIL, REACHED, said(535), NOT_DONE], True, "refused"),  # a wrong password
    ([BEGINS, MAIL, REACHED, MAIL_LEFT, said(451), NOT_DONE], True, "failed"),
    ([BEGINS, MAIL, REACHED, MAIL_LEFT], False, "uncertain"),
    ([BEGINS, MAIL, REACHED, MAIL_LEFT, said(250), said(550), NOT_DONE], True, "uncertain"),  # one of two recipients
    ([BEGINS, REACHED, LEFT], False, "uncertain"),
    ([BEGINS, REACHED, LEFT, answered(200)], False, "uncertain"),  # ended while it read the answer
    ([BEGINS, REACHED, LEFT, answered(502), LEFT, answered(200), NOT_DONE], True, "uncertain"),  # a part of it
    ([BEGINS, REACHED, answered(200, method="GET"), LEFT, answered(500), NOT_DONE], True, "failed"),  # it looked first
    ([BEGINS, REACHED, LEFT, answered(301), NOT_DONE], True, "refused"),
    ([BEGINS, REACHED, {"wire": "tls", "untrusted": "self-signed certificate"}, NOT_DONE], True, "refused"),
    ([BEGINS, REACHED, {"wire": "tls", "failed": True}, NOT_DONE], True, "failed"),
    ([BEGINS, UNREACHED, REACHED, LEFT, answered(503), NOT_DONE], True, "failed"),
    ([BEGINS, REACHED, NOT_DONE], True, "uncertain"),  # it speaks something that is not watched
    ([BEGINS, NOT_DONE], True, "uncertain"),
]  # fmt: skip


@pytest.mark.parametrize(("journal", "ended", "outcome"), JOURNALS)
def test_a_journal(journal: list[dict[str, Any]], ended: bool, outcome: str) -> None:
    verdict = judge(journal, NOW, ended=ended)
    assert verdict.outcome == outcome
    assert (verdict.reason is None) == (outcome == "sent")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("Fri, 20 Nov 2026 12:01:00 GMT", 60.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        (None, None),
    ],
)
def test_a_receiver_that_asks_to_wait(header: str | None, seconds: float | None) -> None:
    assert judge([LEFT, answered(429, retry_after=header), NOT_DONE], NOW, ended=True).wait_seconds == seconds


NOTES = [
    BEGINS,
    REACHED,
    UNREACHED,
    LEFT,
    MAIL,
    MAIL_LEFT,
    NOT_DONE,
    *map(answered, (200, 500)),
    *map(said, (250, 450)),
]


@given(st.lists(st.sampled_from(NOTES), max_size=8), st.booleans())
def test_what_was_taken_anywhere_is_never_sent_again(journal: list[dict[str, Any]], ended: bool) -> None:
    if any(entry.get("status") in (200, 250) for entry in journal):
        assert judge(journal, NOW, ended=ended).outcome not in ("failed", "refused")


def test_half_a_line_of_a_program_that_was_ended_is_left_out() -> None:
    assert read_journal(b'{"begins": true}\n[1]\n{"wire": "ht') == ({"begins": True},)
