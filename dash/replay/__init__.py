"""A customer's conversation played back: every table that knows something of it, as one line of events in time.

    knowledge/replay.yaml  which tables hold conversations and what happened in them   description.py, check.py
    a description → SQL    keyset pages, totals and gaps, composed from its fragments   compose.py, searching.py
    SQL → events           through the guard and `execute`, merged into one order       timeline.py, gaps.py
    events → files         JSON and a transcript to read                                transcript.py

No table or column is named here: another company's data is another file.
"""

from dash.replay.description import KINDS, ROLES, Description, find_description, load_description
from dash.replay.reading import Replay
from dash.replay.records import Event, Found, Gaps, Page, Place, Totals

__all__ = [
    "KINDS",
    "ROLES",
    "Description",
    "Event",
    "Found",
    "Gaps",
    "Page",
    "Place",
    "Replay",
    "Totals",
    "find_description",
    "load_description",
]
