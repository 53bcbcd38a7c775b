"""Stuck tickets: which, why, what changed since the last look, and what people do about them. No model is asked.

knowledge/business/stuck.yaml  what stuck means, the reasons in their order   dash.knowledge.stuck, checking.py
definition → SQL → tickets     one statement, through the guard               judging.py
checks, and what changed       one transaction each, old ones are forgotten   checks.py
deeds → state of a ticket      acknowledge, assign, note, snooze, close       working.py
what a deed would undo         nothing of a colleague's unseen                undoing.py
in the words of a language     labels, advice, evidence                       wording.py
all of it for one person       with the rights that it needs                  desk.py
"""

from dash.ops.desk import SHOWN, Narrowing, StuckDesk, left_out
from dash.ops.records import (
    CHANGES,
    DEEDS,
    STANDINGS,
    Action,
    Change,
    Check,
    Cleared,
    Deed,
    Diff,
    Entry,
    Outcome,
    Standing,
    State,
    StuckTicket,
    count_changes,
    count_reasons,
)
from dash.ops.undoing import ColleagueDecided, Done, describe
from dash.ops.wording import Wording

__all__ = [
    "CHANGES",
    "DEEDS",
    "SHOWN",
    "STANDINGS",
    "Action",
    "Change",
    "Check",
    "Cleared",
    "ColleagueDecided",
    "Deed",
    "Diff",
    "Done",
    "Entry",
    "Narrowing",
    "Outcome",
    "Standing",
    "State",
    "StuckDesk",
    "StuckTicket",
    "Wording",
    "count_changes",
    "count_reasons",
    "describe",
    "left_out",
]
