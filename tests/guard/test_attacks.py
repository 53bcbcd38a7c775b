"""Every class of attack of the security notes ends at the guard, with a message that names what was found."""

from __future__ import annotations

import re

import pytest

from tests.guard.attacks import ATTACKS
from tests.guard.checking import TRUSTED, rejection

CASES = [(kind, sql) for kind, texts in ATTACKS.items() for sql in texts]
NAMES = [f"{kind}: {sql[:70]!r}" for kind, sql in CASES]


@pytest.mark.parametrize(("kind", "sql"), CASES, ids=NAMES)
def test_guard_rejects(kind: str, sql: str) -> None:
    """Also for a viewer who may see everything; the rule is stable and the sentence says what to do."""
    error = rejection(sql, viewer=TRUSTED)
    assert re.fullmatch(r"[a-z][a-z_]*", error.rule)
    assert error.message.endswith(".") or error.rule == "placeholder"
    assert len(error.message) < 300
    assert error.construct
    assert error.instead


@pytest.mark.parametrize("number", range(1, 22))
def test_every_class_of_the_security_notes_has_cases(number: int) -> None:
    """Twenty-one classes, none forgotten."""
    assert any(kind.startswith(f"{number} ") and len(texts) >= 3 for kind, texts in ATTACKS.items())


@pytest.mark.parametrize(
    ("sql", "part"),
    [
        ("SELECT pg_sleep(1)", "pg_sleep()"),
        ("SELECT * FROM pg_authid", "pg_authid"),
        ("SELECT * FROM support.secrets", "support.secrets"),
        ("SELECT secret FROM support.sessions", "secret"),
        ("SELECT count(*) FROM support_threads_data", "write support.support_threads_data"),
        ("SELECT id FROM support.support_threads_data FOR UPDATE", "FOR"),
        ("SELECT 'x'::regclass", "regclass"),
        ("DELETE FROM support.sessions", "DELETE"),
        ("SELECT 1; SELECT 2", "More than one statement"),
    ],
)
def test_the_message_names_the_construct(sql: str, part: str) -> None:
    """A person can see which word it was."""
    assert part in rejection(sql).message
