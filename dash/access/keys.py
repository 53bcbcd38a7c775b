"""Keys by which programs ask: given out once, kept only as a hash, narrow, and never for ever.

A key is `dash_<id>_<secret>`. The secret is 256 random bits, so its plain SHA-256 is as good as any slow hash: there is
nothing to guess, and a slow one would only let strangers keep our processor busy. Whoever reads the table cannot use
what is in it. What a key may do is what its roles may, narrowed to its scopes, and that is in the Viewer, so it holds
below every surface.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from dash.access.permissions import PERMISSIONS, ROLES, Permission
from dash.database import Database, statement
from dash.errors import NotFoundError, UserError
from dash.records.question import Role, Viewer

LONGEST_NAME = 120
DEFAULT_DAYS = 90
MOST_DAYS = 366

_TOKEN = re.compile(r"dash_(?P<id>[0-9a-f]{12})_(?P<secret>[0-9a-f]{64})")  # dash_1f2e3d4c5b6a_9f86d0…


@dataclass(frozen=True)
class ApiKey:
    """A key without its secret. It acts as `owner`, whose threads and answers are its own; `scopes` None narrows
    nothing."""

    id: str
    name: str
    owner: str
    roles: frozenset[Role]
    scopes: frozenset[Permission] | None
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def viewer(self) -> Viewer:
        """On whose behalf the key asks."""
        allowed = frozenset[str]().union(*(ROLES[role] for role in self.roles))
        sees = "see_personal" in allowed and (self.scopes is None or "see_personal" in self.scopes)
        return Viewer(self.owner, sees_personal=sees, roles=self.roles, display=self.name, only=self.scopes)


class Keys:
    """The keys of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        name: str,
        roles: Collection[Role],
        *,
        by: str,
        scopes: Collection[Permission] | None = None,
        owner: str | None = None,
        days: int = DEFAULT_DAYS,
    ) -> tuple[ApiKey, str]:
        """A new key and its text, which nobody can read again. Without an owner it is somebody of its own.

        Raises UserError for what no key may be, DatabaseUnavailable.
        """
        name = " ".join(name.split())
        _require_sensible(name, roles, scopes, days)
        key_id, secret = secrets.token_hex(6), secrets.token_hex(32)
        facts = {
            "key_id": key_id,
            "name": name,
            "owner": owner or f"key#{key_id}",
            "roles": sorted(roles),
            "scopes": None if scopes is None else sorted(scopes),
            "secret_sha256": _hashed(secret),
            "created_by": by,
            "days": days,
        }
        with self._database.state() as connection:
            row = connection.execute(statement("create_key"), facts).fetchone()
        assert row is not None
        return _key(row), f"dash_{key_id}_{secret}"

    def find(self, token: str) -> ApiKey | None:
        """The key that this text is, if it holds now; notes that it was used. Raises DatabaseUnavailable."""
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        facts = {"key_id": parts["id"], "secret_sha256": _hashed(parts["secret"])}
        with self._database.state() as connection:
            row = connection.execute(statement("use_key"), facts).fetchone()
        return None if row is None else _key(row)

    def list(self) -> tuple[ApiKey, ...]:
        """Every key that was ever given out, the oldest first. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            return tuple(_key(row) for row in connection.execute(statement("list_keys")).fetchall())

    def revoke(self, key_id: str, *, by: str) -> None:
        """Take a key back; it is refused from the next request on. Raises NotFoundError, DatabaseUnavailable."""
        with self._database.state() as connection:
            if connection.execute(statement("revoke_key"), {"key_id": key_id, "by": by}).fetchone() is None:
                raise NotFoundError(f"There is no key {key_id!r}; dash key list shows them.")

    def known(self) -> tuple[bool, bool]:
        """(whether a key was ever given out, whether one holds now). Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            row = connection.execute(statement("any_key")).fetchone()
        assert row is not None
        return bool(row[0]), bool(row[1])


def looks_like_a_key(token: str) -> bool:
    """Whether the text is meant to be one of our keys, and not a token of somebody else's."""
    return token.startswith("dash_")


def _require_sensible(name: str, roles: Collection[str], scopes: Collection[str] | None, days: int) -> None:
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UserError(f"A key has a name of 1 to {LONGEST_NAME} characters, which says what it is for.")
    if not roles or not set(roles) <= ROLES.keys():
        raise UserError(f"A key has at least one of the roles {', '.join(ROLES)}.")
    if not 1 <= days <= MOST_DAYS:
        raise UserError(f"A key holds for 1 to {MOST_DAYS} days.")
    given = frozenset[str]().union(*(ROLES[role] for role in ROLES if role in roles))
    if scopes is not None and (not scopes or not set(scopes) <= PERMISSIONS):
        raise UserError(f"A scope is one of {', '.join(sorted(PERMISSIONS))}.")
    beyond = sorted(set(scopes or ()) - given)
    if beyond:
        raise UserError(f"The key's roles do not bring {', '.join(beyond)}, so a scope cannot.")


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _key(row: tuple[object, ...]) -> ApiKey:
    key_id, name, owner, roles, scopes, *rest = row
    # A role or scope that this version does not know gives nothing.
    known = frozenset(role for role in ROLES if role in roles)  # type: ignore[operator]
    narrowed = None if scopes is None else frozenset(scope for scope in PERMISSIONS if scope in scopes)  # type: ignore[operator]
    return ApiKey(str(key_id), str(name), str(owner), known, narrowed, *rest)  # type: ignore[arg-type]
