"""Words for people: what they may type for a value, and what they read of a ticket in their language."""

from __future__ import annotations

import pytest

from dash.errors import NotFoundError
from dash.ops import StuckDesk, Wording
from dash.ops.judging import judge
from tests.ops.conftest import NOW


def wording(desk: StuckDesk, language: str) -> Wording:
    return Wording.of(desk.file, desk.dash.knowledge, language, "Europe/Berlin")


@pytest.mark.parametrize(
    ("language", "name", "typed", "value"),
    [
        ("en", "category", "shipping_inquiry", "shipping_inquiry"),
        ("en", "category", "Shipping", "shipping_inquiry"),
        ("ru", "category", "доставка", "shipping_inquiry"),
        ("ru", "category", "Shipping", "shipping_inquiry"),
        ("en", "stage", "ai answered", "AI Answered"),
        ("en", "assignee", "Agent 07", "Agent 07"),  # the knowledge lists no people
    ],
)
def test_values_are_found_by_what_they_are_called(
    shared: StuckDesk, language: str, name: str, typed: str, value: str
) -> None:
    assert wording(shared, language).find_value(name, typed) == value


def test_what_does_not_exist_is_named_with_what_is_near(shared: StuckDesk) -> None:
    words = wording(shared, "en")
    with pytest.raises(NotFoundError, match="write shipping"):
        words.find_value("category", "shiping")
    with pytest.raises(NotFoundError, match="no mood; known are assignee, category"):
        words.find_value("mood", "bad")
    assert words.find_reason("Approval expired or waiting") == words.find_reason("approval") == "approval"
    with pytest.raises(NotFoundError, match="write approval"):
        words.find_reason("aproval")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_reason_is_told_with_advice_and_evidence_in_order(shared: StuckDesk, language: str) -> None:
    words = wording(shared, language)
    for one in judge(shared.dash, shared.file, NOW):
        reason = shared.file.reason(one.reason)
        assert reason is not None and words.reason(one.reason) == reason.label[language]
        assert words.advice(one.reason) == reason.advice[language]
    failed = next(one for one in judge(shared.dash, shared.file, NOW) if one.reason == "step_failed")
    check = shared.check()
    ticket = next(one.ticket for one in shared.entries(shared.diff(check)) if one.ticket.ticket == failed.ticket)
    labels = [label for label, _ in words.evidence(ticket)]
    assert labels == {"en": ["step", "error", "failed"], "ru": ["шаг", "ошибка", "время сбоя"]}[language]
    assert "T" not in dict(words.evidence(ticket))[labels[2]]  # a moment as people write it, not ISO 8601
