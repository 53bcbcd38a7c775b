"""Actions refuse by themselves, whatever a page shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dash.access import Access, local_viewer
from dash.database import Database
from dash.errors import NotAllowed
from dash.learnings import Candidate, Learnings
from dash.records import Role, Viewer
from dash.runs import Runs

CANDIDATE = Candidate("gotcha", "Weekends are counted.", ("support.support_threads_data",), "", "")


def viewer(*roles: Role) -> Viewer:
    return local_viewer("ann", Access(local=frozenset(roles)))


@pytest.mark.parametrize("decide", [Learnings.activate, Learnings.retire, Learnings.share])
def test_only_who_has_the_right_decides_about_learnings(fresh_database: Database, decide: Callable[..., Any]) -> None:
    learnings = Learnings(fresh_database)
    learning = learnings.record(CANDIDATE)
    for roles in ((), ("lead",), ("ops",)):
        with pytest.raises(NotAllowed):
            decide(learnings, learning.id, by="ann", viewer=viewer(*roles))
    assert learnings.history(learning.id) == ()
    decide(learnings, learning.id, by="ann", viewer=viewer("engineer"))
    assert len(learnings.history(learning.id)) == 1


def test_only_admins_read_the_audit_trail(database: Database) -> None:
    for role in ("viewer", "lead", "ops", "engineer"):
        with pytest.raises(NotAllowed, match="the role admin"):
            Runs(database).audit(viewer=viewer(role))
    assert isinstance(Runs(database).audit(viewer=viewer("admin")), tuple)
