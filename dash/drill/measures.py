"""What a column of grouped SQL counts, read off its text: one aggregate, or the quotient of two."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dash.semantics.fragments import closing
from dash.semantics.taken import Taken, read_taken

_CALL = re.compile(  # "COUNT(", "percentile_cont(0.5) WITHIN GROUP ("
    r"\b(?:(?:AVG|SUM|COUNT|MIN|MAX)\s*\(|percentile_cont\s*\(\s*[\d.]+\s*\)\s*WITHIN\s+GROUP\s*\()", re.IGNORECASE
)
_FILTER = re.compile(r"\s*FILTER\s*\(\s*WHERE\s+", re.IGNORECASE)
_OVER = re.compile(r"\s*OVER\b", re.IGNORECASE)
_FACTOR = re.compile(r"\s*(?:([\d.]+)\s*\*\s*)?", re.IGNORECASE)  # "100.0 * "
_DIVIDED = re.compile(r"\s*/\s*(NULLIF\s*\(\s*)?", re.IGNORECASE)  # " / NULLIF("
_OTHER_AGGREGATES = re.compile(r"\b(MODE|STRING_AGG|ARRAY_AGG|BOOL_AND|BOOL_OR|EVERY|STDDEV\w*|VAR\w*)\s*\(", re.I)


@dataclass(frozen=True)
class Counts:
    """One side of a column: a calculation over the rows that pass a condition. `factor` multiplies the quotient."""

    name: str
    calculation: str
    condition: str | None
    taken: Taken
    factor: float = 1.0


@dataclass(frozen=True)
class _Call:
    start: int
    end: int
    calculation: str
    condition: str | None


def read_counts(text: str) -> tuple[Counts, ...] | None:
    """The sides of a column; None when its text is not one aggregate or the quotient of two."""
    calls = _calls(text)
    if not calls or len(calls) > 2 or _OTHER_AGGREGATES.search(text):
        return None
    if len(calls) == 1:
        call = calls[0]
        calculation = text[: call.start] + call.calculation + text[call.end :]
        taken = read_taken(calculation)
        return (Counts("all", calculation.strip(), call.condition, taken),) if taken else None
    above, below = calls
    factor = _FACTOR.fullmatch(text[: above.start])
    divided = _DIVIDED.fullmatch(text[above.end : below.start])
    ending = r"\s*,\s*0\s*\)\s*" if divided and divided.group(1) else r"\s*"
    if factor is None or divided is None or not re.fullmatch(ending, text[below.end :]):
        return None
    sides = []
    for name, call in (("numerator", above), ("denominator", below)):
        taken = read_taken(call.calculation)
        if taken is None:
            return None
        sides.append(Counts(name, call.calculation, call.condition, taken, float(factor.group(1) or 1)))
    return tuple(sides)


def _calls(text: str) -> list[_Call] | None:
    """The aggregate calls that stand beside each other; None when one of them looks over a window."""
    calls, place = [], 0
    while found := _CALL.search(text, place):
        end = closing(text, found.end()) + 1
        calculation, condition = text[found.start() : end], None
        if filtered := _FILTER.match(text, end):
            after = closing(text, filtered.end())
            condition, end = text[filtered.end() : after].strip(), after + 1
        if _OVER.match(text, end):
            return None
        calls.append(_Call(found.start(), end, calculation, condition))
        place = end
    return calls
