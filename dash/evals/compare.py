"""Whether an answer's rows say what a golden query says.

Golden columns may be a subset of the answer's, in any order; a fraction equals its percentage; a date equals its
midnight timestamp and its ISO text; numbers agree within 0.5 %; order counts only where the case says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

TOLERANCE = 0.005
Row = Sequence[Any]


def same_results(golden: Sequence[Row], answer: Sequence[Row], *, ordered: bool) -> bool:
    """Compare result sets as the module says. Two empty results are the same."""
    if len(golden) != len(answer):
        return False
    if not golden:
        return True
    wanted = [[_plain(row[i]) for row in golden] for i in range(len(golden[0]))]
    offered = [[_plain(row[i]) for row in answer] for i in range(len(answer[0]))]
    return _assign(wanted, offered, (), ordered)


def _assign(wanted: list[list[Any]], offered: list[list[Any]], chosen: tuple[int, ...], ordered: bool) -> bool:
    """Backtracking over which answer column stands for each golden column."""
    if len(chosen) == len(wanted):
        return _rows_agree(wanted, [offered[i] for i in chosen], ordered)
    column = wanted[len(chosen)]
    return any(
        index not in chosen
        and _columns_may_agree(column, offered[index], ordered)
        and _assign(wanted, offered, (*chosen, index), ordered)
        for index in range(len(offered))
    )


def _columns_may_agree(golden: list[Any], answer: list[Any], ordered: bool) -> bool:
    if ordered:
        return all(same_value(a, b) for a, b in zip(golden, answer, strict=True))
    return all(same_value(a, b) for a, b in zip(sorted(golden, key=_rank), sorted(answer, key=_rank), strict=True)) or (
        _scaled(golden, answer)
    )


def _scaled(golden: list[Any], answer: list[Any]) -> bool:
    """Fractions beside percentages sort alike, so this only has to try again value by value."""
    return all(any(same_value(a, b) for b in answer) for a in golden)


def _rows_agree(wanted: list[list[Any]], offered: list[list[Any]], ordered: bool) -> bool:
    golden = list(zip(*wanted, strict=True))
    answer = list(zip(*offered, strict=True))
    if ordered:
        return all(_same_row(a, b) for a, b in zip(golden, answer, strict=True))
    left = list(answer)
    for row in golden:
        match = next((i for i, other in enumerate(left) if _same_row(row, other)), None)
        if match is None:
            return False
        left.pop(match)
    return True


def _same_row(golden: Row, answer: Row) -> bool:
    return all(same_value(a, b) for a, b in zip(golden, answer, strict=True))


def same_value(golden: Any, answer: Any) -> bool:
    """One cell against another."""
    golden, answer = _plain(golden), _plain(answer)
    if golden is None or answer is None:
        return golden is answer
    if isinstance(golden, float) and isinstance(answer, float):
        return _near(golden, answer) or (0 <= golden <= 1 and _near(golden * 100, answer))
    return bool(golden == answer)


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= max(TOLERANCE * max(abs(a), abs(b)), 1e-9)


def _plain(value: Any) -> Any:
    """Numbers as float, moments as ISO text in one form, everything else as it is."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float, Decimal)):
        return float(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return tuple(_plain(item) for item in value)
    if isinstance(value, str) and len(value) >= 10 and value[:4].isdigit() and value[4:5] == "-":
        try:
            return _moment(datetime.fromisoformat(value))
        except ValueError:
            return value
    return value


def _moment(value: datetime) -> str:
    if value.timetz().replace(tzinfo=None) == time.min:
        return value.date().isoformat()
    return value.replace(microsecond=value.microsecond // 1000 * 1000).isoformat()


def _rank(value: Any) -> tuple[str, Any]:
    return (type(value).__name__, value if isinstance(value, (float, str, bool)) else str(value))
