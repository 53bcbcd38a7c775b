"""A first draft of the knowledge about a foreign database, from its profile and what a person has decided.

    concepts.yaml, concepts.py    what names in support databases usually mean
    decisions.py, asking.py       what matters most, as proposals, and the interview about them
    columns.py, references.py     a profiled column → a described one with clean SQL; what a reference stands for
    tables.py, notes.py, lookups.py   table files, also derived ones
    metrics.py, other_metrics.py  of tickets, and of any table
    words.py                      one phrase, one meaning
    drafting.py, files.py         all of it from a profile and decisions, as files
    board.yaml, board.py          the usual cards

A draft is a function of profile and decisions alone, so that an answer given later makes the same files but for what it
decides. What nobody has reviewed carries its evidence under the key `draft`, and answers say so.
"""

from dash.drafting.decisions import Decisions, load_decisions, propose, save_decisions
from dash.drafting.drafting import Draft, draft
from dash.drafting.files import begin_project, write_draft

__all__ = [
    "Decisions",
    "Draft",
    "begin_project",
    "draft",
    "load_decisions",
    "propose",
    "save_decisions",
    "write_draft",
]
