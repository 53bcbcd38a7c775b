"""A result as columns of comparable cells, with what is known about each: what it counts, names or rounds.

Tolerance belongs to measured numbers only. Identifiers, buckets and groups are equal or not, a count is no fraction,
and a column that shows one decimal can say no more than one decimal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from dash.evals.cells import Cell, canonical

RELATIVE = 0.005
"""Numbers within half a percent of each other are the same."""

SMALLEST = 1e-9
MOST_DECIMALS = 6
"""A column with more decimals than this does not round."""


@dataclass(frozen=True)
class Agreement:
    """When two numbers agree: within `relative` of the larger one, or within `absolute`."""

    relative: float
    absolute: float

    def __call__(self, golden: float, answer: float) -> bool:
        larger = max(abs(golden), abs(answer))
        return abs(golden - answer) <= max(self.relative * larger, self.absolute)


EXACTLY = Agreement(0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Column:
    """Cells of one column. `exact` numbers are names, not measures; `counts` says that it cannot be a fraction."""

    cells: tuple[Cell, ...]
    name: str = ""
    exact: bool = False
    counts: bool = False

    @cached_property
    def numbers(self) -> list[float]:
        """Its numbers, sorted."""
        return sorted(cell for cell in self.cells if type(cell) is float)

    @cached_property
    def others(self) -> Counter[Cell]:
        """How often each cell that is no number occurs."""
        return Counter(cell for cell in self.cells if type(cell) is not float)

    @cached_property
    def is_fraction(self) -> bool:
        """Whether its numbers can be parts of one."""
        return not self.counts and bool(self.numbers) and max(-self.numbers[0], self.numbers[-1]) <= 1 + SMALLEST

    @cached_property
    def rounding(self) -> float:
        """How far rounding may have moved each number, judged by the decimals that the whole column shows.

        Whole numbers may be counts or rounded measures; they are taken for rounded as far as that changes no number by
        more than some percent.
        """
        decimals = 0
        for number in self.numbers:
            if not number.is_integer():
                decimals = max(decimals, -int(Decimal(repr(number)).as_tuple().exponent))
                if decimals > MOST_DECIMALS:
                    return SMALLEST
        if decimals == 0:
            smallest = min((abs(number) for number in self.numbers), default=0.0)
            return _half_a_unit(0) if smallest >= 10 else _half_a_unit(1) if smallest >= 1 else SMALLEST
        return _half_a_unit(decimals)

    def agreement(self, golden: Column) -> Agreement:
        """When a number of `golden` agrees with one of this column, the answer's."""
        return EXACTLY if self.exact or golden.exact else Agreement(RELATIVE, self.rounding)


def _half_a_unit(decimals: int) -> float:
    """Half of the last decimal, and a little for the machine's own rounding."""
    return 0.5 * 10.0**-decimals * (1 + 1e-9) + SMALLEST


def columns_of(
    rows: Sequence[Sequence[Any]],
    *,
    zone: str = "UTC",
    names: Sequence[str] = (),
    exact: Iterable[int] = (),
    counts: Iterable[int] | None = None,
) -> tuple[Column, ...]:
    """The columns of a result; `exact` and `counts` are positions.

    Without `counts` a column counts if all its numbers are Python's integers, as a database gives for COUNT.
    """
    width = len(rows[0]) if rows else len(names)
    exact = frozenset(exact)
    known = None if counts is None else frozenset(counts)
    found = []
    for place in range(width):
        values = [row[place] for row in rows]
        is_count = _all_integers(values) if known is None else place in known
        cells = tuple(canonical(value, zone) for value in values)
        name = names[place] if place < len(names) else ""
        found.append(Column(cells, name, place in exact, is_count))
    return tuple(found)


def _all_integers(values: Iterable[Any]) -> bool:
    return all(type(value) is int for value in values if value is not None)
