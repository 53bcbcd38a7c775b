"""Who somebody is: the claims of an identity provider, or the one local user, as a Viewer.

What a person owns hangs on the provider's own name for them (issuer and subject), which nobody else ever gets; a
display name and an e-mail address may change hands. So an address gives a role only while its provider says that it is
verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from dash.access.mapping import Access
from dash.access.permissions import ROLES
from dash.records.question import Role, Viewer

_LONGEST_NAME = 120
_AHEAD = timedelta(minutes=5)  # how far the provider's clock may be before ours


def local_viewer(name: str, access: Access) -> Viewer:
    """The person at this machine's own page."""
    return _viewer(name, name, access.local)


def signed_in_viewer(claims: Mapping[str, Any], access: Access) -> Viewer | None:
    """The person whom a provider's verified claims name, or None when they name nobody."""
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not (isinstance(issuer, str) and isinstance(subject, str) and issuer and subject):
        return None
    identity = f"{issuer}#{subject}"
    roles = set(access.people.get(identity, ()))
    email = _trusted_email(claims, access)
    if email is not None:
        roles |= access.people.get(email, frozenset())
    for group in _groups(claims.get(access.groups_claim)):
        roles |= access.groups.get(group, frozenset())
    return _viewer(identity, _display(claims, subject), frozenset(roles) or access.default)


def session_has_ended(claims: Mapping[str, Any], access: Access, now: datetime) -> bool:
    """Whether the person has to sign in again: the browser keeps who signed in for a month, which is too long.

    Claims that do not say when they were issued, or say a time to come, have ended.
    """
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return True
    try:
        issued_at = datetime.fromtimestamp(issued, UTC)
    except (OverflowError, OSError, ValueError):
        return True
    return not (now - timedelta(hours=access.session_hours) < issued_at <= now + _AHEAD)


def _viewer(name: str, display: str, roles: frozenset[Role]) -> Viewer:
    sees = any("see_personal" in ROLES[role] for role in roles)
    return Viewer(name=name, sees_personal=sees, roles=roles, display=display)


def _trusted_email(claims: Mapping[str, Any], access: Access) -> str | None:
    email = claims.get("email")
    if not isinstance(email, str) or not (claims.get("email_verified") is True or access.unverified_emails):
        return None
    return email.strip().lower()


def _groups(claim: Any) -> list[str]:
    """Some providers write one group as a text of its own."""
    if isinstance(claim, str):
        return [claim]
    return [group for group in claim if isinstance(group, str)] if isinstance(claim, list) else []


def _display(claims: Mapping[str, Any], subject: str) -> str:
    for name in ("name", "preferred_username", "email"):
        if isinstance(claims.get(name), str) and claims[name].strip():
            return " ".join(claims[name].split())[:_LONGEST_NAME]
    return subject[:_LONGEST_NAME]
