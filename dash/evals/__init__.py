"""Golden questions: asked through the main path, compared with hand-written SQL as result sets.

    bring.py  knowledge/evals, or a file that somebody brings      second.py   another data set, where chance ends
    golden.py what hand-written SQL gives                          compare.py  whether two results say the same
    verdict.py one answer judged    runner.py all of them          scores.py   what they add up to

Use it as `run_evals(dash, cases, now=…, second=…)`; `dash eval` is that with a terminal.
"""

from dash.evals.runner import CaseOutcome, DataSet, Report, Trial, run_evals
from dash.evals.scores import Score, Summary, summarise, upper_bound

__all__ = [
    "CaseOutcome",
    "DataSet",
    "Report",
    "Score",
    "Summary",
    "Trial",
    "run_evals",
    "summarise",
    "upper_bound",
]
