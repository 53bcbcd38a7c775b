"""What each role may do, and what is said to whom it is not allowed."""

from __future__ import annotations

import pytest

from dash.access import PAGES, PERMISSIONS, ROLES, Permission, may, page_needs, require, roles_with
from dash.errors import NotAllowed, UserError
from dash.records import Role, Viewer
from dash.settings import REPOSITORY

# Written out by hand, so that a right that moves shows in review: who has it, of viewer lead ops engineer admin.
TABLE: dict[Permission, str] = {
    "ask": "v l o e a",
    "give_feedback": "v l o e a",
    "see_board": "v l o e a",
    "see_knowledge": "v l o e a",
    "pin": "l o e a",
    "replay": "l o e a",
    "see_stuck": "l o e a",
    "try_query": "l o e a",
    "see_learnings": "l o e a",
    "work_stuck_list": "o a",
    "see_personal": "o",
    "write_query": "e a",
    "try_learning": "e a",
    "activate_learning": "e a",
    "review_draft": "e a",
    "see_usage": "e a",
    "see_audit": "a",
    "administer": "a",
}


def viewer(*roles: Role) -> Viewer:
    return Viewer("x", sees_personal="ops" in roles, roles=frozenset(roles))


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_the_table_says_and_no_more(role: Role, permission: Permission) -> None:
    assert may(viewer(role), permission) == (role[0] in TABLE[permission].split())


def test_roles_add_up() -> None:
    both = viewer("ops", "engineer")
    assert may(both, "work_stuck_list")
    assert may(both, "activate_learning")
    assert not may(both, "see_audit")


def test_who_has_no_role_may_nothing() -> None:
    assert not any(may(Viewer("local"), permission) for permission in PERMISSIONS)


def test_a_refusal_names_the_roles_that_would_do_and_is_for_the_person_to_mend() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(viewer("lead"), "activate_learning")
    assert isinstance(refusal.value, UserError)
    assert refusal.value.roles == ("engineer", "admin")
    assert refusal.value.message == (
        "This needs the right to activate learning, which comes with one of the roles engineer, admin; "
        "ask an administrator of Dash for it."
    )
    require(viewer("engineer"), "activate_learning")


def test_every_page_says_what_it_needs() -> None:
    pages = {file.stem for file in (REPOSITORY / "dash" / "ui" / "pages").glob("*.py")} - {"__init__"}
    assert pages <= set(PAGES)


def test_a_page_that_nobody_listed_is_for_admins_alone() -> None:
    assert roles_with(page_needs("forgotten")) == ("admin",)
