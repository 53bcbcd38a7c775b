"""The file that gives people roles."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.access import Access, load_access
from dash.access.mapping import parse_access
from dash.errors import AccessError

GOOD = """
session_hours: 8
people:
  Ann@Example.com: lead
  bob@example.com: [ops, engineer]
  "https://login.example.com#00u1": admin
groups:
  support-leads: lead
groups_claim: roles
default: viewer
"""


def test_a_file_gives_roles_to_people_groups_and_everybody_else() -> None:
    access = parse_access(GOOD, "access.yaml")
    assert access.people == {
        "ann@example.com": {"lead"},
        "bob@example.com": {"ops", "engineer"},
        "https://login.example.com#00u1": {"admin"},
    }
    assert access.groups == {"support-leads": {"lead"}}
    assert access.default == {"viewer"}
    assert (access.groups_claim, access.session_hours) == ("roles", 8)
    assert access.gives_anybody_a_role


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("people:\n  ann@example.com: leed\n", "access.yaml:2: 'leed' is no role; did you mean lead?"),
        ("people:\n  ann@example.com: king\n", "access.yaml:2: 'king' is no role; roles are viewer, lead,"),
        ("defualt: viewer\n", "access.yaml:1: there is no setting 'defualt'; did you mean default?"),
        ("# people\npeople:\n  ann: lead\n", "access.yaml:3: 'ann' is no e-mail address; write lead@example.com"),
        ("people:\n  a@b.c: lead\n  A@B.C: admin\n", "access.yaml:3: a@b.c stands here twice"),
        ("people:\n  a@b.c: lead\n  a@b.c: admin\n", "access.yaml:3: "),
        ("session_hours: 0\n", "access.yaml:1: session_hours: "),
        ("session_hours: .inf\n", "access.yaml:1: "),
        ("unverified_emails: sure\n", "access.yaml:1: unverified_emails: "),
        ("- people\n", "access.yaml:1: the file is no list of settings"),
        ("people: [\n", "a bracket opens here and is not closed"),
    ],
)
def test_a_mistake_is_said_with_its_line_and_how_to_mend_it(text: str, fault: str) -> None:
    with pytest.raises(AccessError) as error:
        parse_access(text, "access.yaml")
    assert fault in error.value.message


def test_every_mistake_is_said_at_once() -> None:
    with pytest.raises(AccessError) as error:
        parse_access("people: {a@b.c: boss}\ngroups: {x: chief}\nother: 1\n", "access.yaml")
    assert [fault.line for fault in error.value.faults] == [1, 2, 3]


@given(st.text(alphabet="abe@:#[]{}-, \n\"'&*!|.1", max_size=60))
def test_any_text_is_roles_or_faults(text: str) -> None:
    try:
        assert isinstance(parse_access(text, "access.yaml"), Access)
    except AccessError as error:
        assert error.faults


def test_without_a_file_only_the_local_user_has_a_role() -> None:
    access = load_access(None)
    assert access.local == {"admin"}
    assert not access.gives_anybody_a_role


def test_a_changed_file_holds_at_once_and_a_missing_one_gives_nobody_a_role(tmp_path: Path) -> None:
    file = tmp_path / "access.yaml"
    file.write_text("default: lead\n", encoding="utf-8")
    assert load_access(file).default == {"lead"}
    file.write_text("default: ops\n", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert load_access(file).default == {"ops"}
    file.unlink()
    with pytest.raises(AccessError, match="DASH_ACCESS"):
        load_access(file)
