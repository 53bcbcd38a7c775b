"""A database that is not any more as the knowledge says: what is gone, what still works, and how to mend the files.

    findings.py   the records                                              schema.py    files against the catalogue
    reduced.py    the knowledge without what is broken                     watch.py     while the product runs
    saying.py     why a question is declined

A changed schema never gives a silently different number: what rests on a column that is gone, renamed or of another
type is declined with the reason, and everything else goes on.
"""

from dash.drift.findings import Finding
from dash.drift.reduced import Reduced, reduce
from dash.drift.saying import say_drift
from dash.drift.schema import compare
from dash.drift.watch import SchemaWatch

__all__ = ["Finding", "Reduced", "SchemaWatch", "compare", "reduce", "say_drift"]
