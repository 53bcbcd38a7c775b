"""From claims to a viewer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dash.access import Access, local_viewer, session_has_ended, signed_in_viewer

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ACCESS = Access(
    people={"ann@example.com": frozenset({"lead"}), "https://id#7": frozenset({"admin"})},
    groups={"ops": frozenset({"ops"})},
)
ANN: dict[str, Any] = {
    "iss": "https://id",
    "sub": "1",
    "email": "Ann@Example.com",
    "email_verified": True,
    "name": "Ann",
}


def roles(claims: dict[str, Any], access: Access = ACCESS) -> set[str]:
    viewer = signed_in_viewer(claims, access)
    assert viewer is not None
    return set(viewer.roles)


def test_a_person_is_known_by_issuer_and_subject_and_called_by_name() -> None:
    viewer = signed_in_viewer(ANN, ACCESS)
    assert viewer is not None
    assert (viewer.name, viewer.display) == ("https://id#1", "Ann")
    renamed = signed_in_viewer(ANN | {"name": "Ann B.", "email": "b@example.com"}, ACCESS)
    assert renamed is not None
    assert renamed.name == viewer.name


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {"lead"}),
        ({"email_verified": False}, set()),
        ({"email_verified": "true"}, set()),
        ({"email_verified": None}, set()),
        ({"email": "eve@example.com"}, set()),
        ({"email": ["ann@example.com"]}, set()),
        ({"sub": "7"}, {"lead", "admin"}),
        ({"iss": "https://other", "sub": "7", "email": None}, set()),
        ({"groups": ["ops", 1]}, {"lead", "ops"}),
        ({"groups": "ops"}, {"lead", "ops"}),
        ({"groups": {"ops": True}}, {"lead"}),
        ({"roles": ["admin"], "role": "admin"}, {"lead"}),
    ],
)
def test_roles_come_from_what_the_provider_vouches_for(change: dict[str, Any], expected: set[str]) -> None:
    assert roles(ANN | change) == expected


def test_an_unverified_address_counts_where_the_file_says_so() -> None:
    access = Access(people=ACCESS.people, unverified_emails=True)
    assert roles({"iss": "i", "sub": "s", "email": "ann@example.com"}, access) == {"lead"}


def test_the_default_is_for_whom_nothing_else_names() -> None:
    access = Access(people=ACCESS.people, default=frozenset({"viewer"}))
    assert roles(ANN, access) == {"lead"}
    assert roles({"iss": "i", "sub": "s"}, access) == {"viewer"}


@pytest.mark.parametrize("claims", [{}, {"iss": "i"}, {"sub": "s"}, {"iss": "", "sub": "s"}, {"iss": "i", "sub": 7}])
def test_claims_that_name_nobody_are_nobody(claims: dict[str, Any]) -> None:
    assert signed_in_viewer(claims, Access(default=frozenset({"admin"}))) is None


def test_personal_columns_follow_the_permission() -> None:
    assert not local_viewer("local", Access()).sees_personal
    assert local_viewer("local", Access(local=frozenset({"admin", "ops"}))).sees_personal
    seeing = signed_in_viewer(ANN | {"groups": ["ops"]}, ACCESS)
    assert seeing is not None
    assert seeing.sees_personal


@pytest.mark.parametrize(
    ("hours_ago", "ended"), [(0, False), (11.9, False), (12, True), (400, True), (-0.01, False), (-1, True)]
)
def test_a_session_ends_some_hours_after_signing_in(hours_ago: float, ended: bool) -> None:
    assert session_has_ended({"iat": NOW.timestamp() - hours_ago * 3600}, Access(), NOW) == ended


@pytest.mark.parametrize("issued", [None, "now", True, float("nan"), float("inf"), -1e300])
def test_a_session_of_unknown_age_has_ended(issued: Any) -> None:
    assert session_has_ended({"iat": issued}, Access(), NOW)
