"""A first draft of the knowledge about a foreign database, from its profile and what a person has decided.

    concepts.yaml, concepts.py  what names in support databases usually mean   decisions.py  what matters, and proposals
    columns.py   a profiled column → a described one, and its clean SQL        tables.py, notes.py, lookups.py  table files
    metrics.py, other_metrics.py  of tickets, and of any table                 words.py      one phrase, one meaning
    drafting.py  all of it from a profile and decisions                        files.py      the draft as files
    asking.py    the questions of the interview, most doubtful first

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
