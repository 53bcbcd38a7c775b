"""A database that is not any more as the knowledge says: what is gone, what still works, and how to mend the files.

    findings.py   the records                                              schema.py    files against the catalogue
    reduced.py    the knowledge without what is broken                     watch.py     while the product runs
    saying.py     why a question is declined, what an answer rests on      data.py      new values, data that stopped
    mending.py    how the files would follow: a diff                       editing.py   changes to a file's text
    statement.py  the SELECT lists of a query's text                       renamed.py   SQL under new names
    renames.py    new names by values                                      files.py     where in files things stand
    rhythm.py     what is usual                                            kept.py      looks, for every process

A changed schema never gives a silently different number: what rests on a column that is gone, renamed or of another
type is declined with the reason, and everything else goes on.
"""

from dash.drift.data import Looked, look_at_data
from dash.drift.findings import Finding
from dash.drift.kept import keep_look, last_look
from dash.drift.mending import mend
from dash.drift.reduced import Reduced, reduce
from dash.drift.saying import concerning, say_drift
from dash.drift.schema import compare
from dash.drift.watch import SchemaWatch, Shape

__all__ = [
    "Finding",
    "Looked",
    "Reduced",
    "SchemaWatch",
    "Shape",
    "compare",
    "concerning",
    "keep_look",
    "last_look",
    "look_at_data",
    "mend",
    "reduce",
    "say_drift",
]
