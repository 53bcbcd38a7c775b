"""What one aggregate takes in: which rows, and which number of each.

A calculation such as `AVG(EXTRACT(EPOCH FROM sent_at - created_at) / 3600.0)` says of every row what it contributes;
its argument, taken to the letter, is that number, and rows where it is NULL do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dash.semantics.fragments import closing, read_aggregate

_PERCENTILE = re.compile(  # "percentile_cont(0.5) WITHIN GROUP (ORDER BY csat_score)"
    r"\bpercentile_cont\s*\(\s*[\d.]+\s*\)\s*WITHIN\s+GROUP\s*\(\s*ORDER\s+BY\s+", re.IGNORECASE
)


@dataclass(frozen=True)
class Taken:
    """The rows with a value of `argument` (every row where it is None); `distinct` counts different values of it.
    `value` is the SQL of what a row contributes; None where rows or values are counted."""

    argument: str | None
    distinct: bool = False
    value: str | None = None


def read_taken(calculation: str) -> Taken | None:
    """What a calculation takes in; None when it is not one aggregate."""
    percentile = _PERCENTILE.search(calculation)
    aggregate = read_aggregate(calculation)
    if percentile is not None:
        if aggregate is not None:
            return None
        end = closing(calculation, percentile.end())
        argument = calculation[percentile.end() : end].strip()
        return Taken(argument, value=f"{calculation[: percentile.start()]}({argument}){calculation[end + 1 :]}")
    if aggregate is None:
        return None
    argument = aggregate.argument
    if aggregate.function == "COUNT":
        if argument == "*":
            return Taken(None)
        if argument.upper().startswith("DISTINCT"):
            return Taken(argument[len("DISTINCT") :].strip(), distinct=True)
        return Taken(argument)
    if argument.upper().startswith("DISTINCT"):
        return None
    return Taken(argument, value=f"{aggregate.before}({argument}){aggregate.after}")
