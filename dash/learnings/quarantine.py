"""Where candidates wait: recorded at the end of a run, and used by nobody until somebody decides.

Somebody is a person. Where a setting says so, a mechanical fix decides for itself, and only if it passes what a person
would look at first: that it may be used with this knowledge at all, and that no reviewed SQL gives another result.
"""

from __future__ import annotations

from dataclasses import replace

from dash.knowledge import Knowledge
from dash.learnings.lines import AUTOMATIC
from dash.learnings.records import HARMLESS, Candidate, Learning
from dash.learnings.store import Learnings
from dash.learnings.validity import problem


def keep(candidate: Candidate, learnings: Learnings, knowledge: Knowledge, *, activates: bool) -> Learning:
    """Record a candidate; `activates` lets a mechanical fix that passes become active. Raises DatabaseUnavailable."""
    learning = learnings.record(candidate)
    if not activates or learning.status != "candidate" or not may_activate_itself(learning, knowledge):
        return learning
    return learnings.activate(learning.id, by=AUTOMATIC, note="no reviewed SQL gives another result by it")


def may_activate_itself(learning: Learning, knowledge: Knowledge) -> bool:
    """Whether it is a mechanical fix for everyone that may be used and cannot change a number: '' read as NULL, no
    division by zero. A name that was mistaken for another is for a person: that a later query ran does not prove it."""
    if learning.fix is None or learning.scope is not None:
        return False
    if problem(replace(learning, status="active"), knowledge) is not None:
        return False
    return isinstance(learning.fix, HARMLESS)
