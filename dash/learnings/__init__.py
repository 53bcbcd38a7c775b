"""What was learned from mistakes: found out, tried, decided about by a person, used, and taken back.

    records.py     what a learning is              diagnosis.py   what went wrong with a query
    candidates.py  from a diagnosis to a candidate store.py       kept, counted, decided about
    formats.py     files.py  learnings/*.yaml      validity.py    what a learning may say at all
    fixes.py       applied to a query's text       vocabulary.py  words for the reader
    lines.py       lines for a prompt

Nothing here runs a query, and nothing here can widen the guard: a fix changes a text before the guard reads it.
"""

from dash.learnings.candidates import candidate_of
from dash.learnings.diagnosis import diagnose, diagnose_empty
from dash.learnings.files import load_learnings
from dash.learnings.fixes import apply_fix, apply_fixes
from dash.learnings.lines import fix_line, prompt_lines
from dash.learnings.records import AppliedFix, Candidate, Diagnosis, Evidence, Fix, Learning, Word
from dash.learnings.store import Learnings
from dash.learnings.validity import problem, usable
from dash.learnings.vocabulary import with_vocabulary

__all__ = [
    "AppliedFix",
    "Candidate",
    "Diagnosis",
    "Evidence",
    "Fix",
    "Learning",
    "Learnings",
    "Word",
    "apply_fix",
    "apply_fixes",
    "candidate_of",
    "diagnose",
    "diagnose_empty",
    "fix_line",
    "load_learnings",
    "problem",
    "prompt_lines",
    "usable",
    "with_vocabulary",
]
