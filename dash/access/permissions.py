"""What each role may do, as one table, and the one question that everything asks of it.

Roles add up: who has two may do what either may. Administering is no reason to read customers' names, so seeing
personal columns is the one thing that `admin` does not bring; it belongs to those who work on tickets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from dash.errors import NotAllowed
from dash.records.question import Role, Viewer

Permission = Literal[
    "ask",  # ask questions, return to one's own threads, export what was answered
    "give_feedback",  # say that an answer is right or wrong
    "see_board",
    "pin",  # put an answer on the board
    "replay",  # open customers' conversations
    "see_personal",  # personal columns unmasked, in whatever shows them
    "see_stuck",  # the list of stuck tickets, and have it made anew
    "work_stuck_list",  # acknowledge, snooze, hand over
    "see_knowledge",
    "try_query",  # run a vetted query with parameters of one's own
    "write_query",  # write and try SQL in the page
    "see_learnings",
    "try_learning",  # run it in the shadow
    "activate_learning",  # activate, retire, share
    "review_draft",  # answer what a draft of the knowledge is in doubt about, and have it written anew
    "see_usage",
    "see_audit",
    "administer",  # what nobody else may, and every page that nobody has listed below
]

PERMISSIONS: frozenset[Permission] = frozenset(get_args(Permission))

_VIEWER: frozenset[Permission] = frozenset({"ask", "give_feedback", "see_board", "see_knowledge"})
_LEAD: frozenset[Permission] = _VIEWER | {"pin", "replay", "see_stuck", "try_query", "see_learnings"}

ROLES: Mapping[Role, frozenset[Permission]] = {
    "viewer": _VIEWER,
    "lead": _LEAD,
    "ops": _LEAD | {"work_stuck_list", "see_personal"},
    "engineer": _LEAD | {"write_query", "try_learning", "activate_learning", "review_draft", "see_usage"},
    "admin": PERMISSIONS - {"see_personal"},
}

PAGES: Mapping[str, Permission] = {
    "ask": "ask",
    "board": "see_board",
    "replay": "replay",
    "stuck": "see_stuck",
    "knowledge": "see_knowledge",
    "learnings": "see_learnings",
    "review": "review_draft",
    "usage": "see_usage",
}
"""Page (the name of its file) → what opening it needs."""


def may(viewer: Viewer, permission: Permission) -> bool:
    """Whether the viewer may. Personal columns are what the viewer's record says, because the guard reads it there."""
    if _is_beyond_scopes(viewer, permission):
        return False
    if permission == "see_personal":
        return viewer.sees_personal
    return _comes_with_roles(viewer, permission)


def require(viewer: Viewer, permission: Permission) -> None:
    """Raise NotAllowed, which says what is missing, a role or the scope of a key, unless the viewer may."""
    if may(viewer, permission):
        return
    scope = permission if _is_beyond_scopes(viewer, permission) else None
    enough = scope is not None and _comes_with_roles(viewer, permission)
    raise NotAllowed(permission, () if enough else roles_with(permission), scope)


def _is_beyond_scopes(viewer: Viewer, permission: Permission) -> bool:
    return viewer.only is not None and permission not in viewer.only


def _comes_with_roles(viewer: Viewer, permission: Permission) -> bool:
    return any(permission in ROLES[role] for role in viewer.roles)


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """The roles that bring a permission, least powerful first."""
    return tuple(role for role, allowed in ROLES.items() if permission in allowed)


def page_needs(page: str) -> Permission:
    """What opening a page needs. A page that nobody listed is for admins, so that forgetting one opens nothing."""
    return PAGES.get(page, "administer")
