"""Whether an answer says what a golden query says.

Golden columns may be a subset of the answer's, in any order; a fraction equals its percentage; a date equals its
midnight timestamp and its ISO text; measured numbers agree within half a percent, or as far as the answer rounds them;
rows are the same rows, one to one, in the same order where the case says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash.evals.columns import Column, columns_of
from dash.evals.matching import Link, link, pairable, perfect_matching

PERCENT = 100.0


def same_results(
    golden: Sequence[Sequence[Any]], answer: Sequence[Sequence[Any]], *, ordered: bool, zone: str = "UTC"
) -> bool:
    """Compare rows of a database with an answer's, of which nothing more is known. Two empty results are the same."""
    if len(golden) != len(answer):
        return False
    segments = range(len(golden)) if ordered else [0] * len(golden)
    return same_columns(columns_of(golden, zone=zone), columns_of(answer, zone=zone, counts=()), segments)


def same_columns(golden: Sequence[Column], answer: Sequence[Column], segments: Sequence[int]) -> bool:
    """Whether each golden column has an answer column of its own, so that the rows agree.

    `segments` has a number for each row place: rows at places with the same number may change places with each other.
    """
    if any(len(column.cells) != len(segments) for column in (*golden, *answer)):
        return False
    if not segments:
        return True
    answer = [column for column in answer if column.cells]
    choices = [_links(column, answer, segments) for column in golden]
    edges = [[each.column for each in links] for links in choices]
    if not perfect_matching(edges, len(answer)):
        return False
    if len(set(segments)) == len(segments):
        return True
    return _assign(sorted(choices, key=_selective), [], _twins(answer), segments)


def _links(golden: Column, answer: Sequence[Column], segments: Sequence[int]) -> list[Link]:
    """Every way in which an answer column can stand for a golden one, seen alone."""
    found = []
    for place, column in enumerate(answer):
        for scale in _scales(golden, column):
            candidate = link(golden, column, place, scale)
            if candidate is not None and pairable([candidate], segments):
                found.append(candidate)
    return found


def _scales(golden: Column, answer: Column) -> Iterable[float]:
    """A fraction may stand for its percentage and the other way round; a count for neither."""
    yield 1.0
    if golden.counts or answer.counts or golden.exact or answer.exact:
        return
    if golden.is_fraction:
        yield PERCENT
    if answer.is_fraction:
        yield 1 / PERCENT


def _selective(links: Sequence[Link]) -> tuple[int, int]:
    """Columns with few choices and many different cells first: they rule out most."""
    return len(links), -len(set(links[0].golden))


def _twins(answer: Sequence[Column]) -> list[int]:
    """For each column the first that is the same cell by cell: trying both would be trying one twice."""
    first: dict[tuple[Any, ...], int] = {}
    return [first.setdefault((column.cells, column.exact, column.counts), place) for place, column in enumerate(answer)]


def _assign(
    choices: Sequence[Sequence[Link]], chosen: list[Link], twins: Sequence[int], segments: Sequence[int]
) -> bool:
    """Backtracking over which answer column stands for each golden column; rows must stay pairable at each step."""
    if len(chosen) == len(choices):
        return True
    used = {each.column for each in chosen}
    tried = set()
    for candidate in choices[len(chosen)]:
        kind = (twins[candidate.column], candidate.scale)
        if candidate.column in used or kind in tried:
            continue
        tried.add(kind)
        if pairable([*chosen, candidate], segments) and _assign(choices, [*chosen, candidate], twins, segments):
            return True
    return False
