"""Every number in the prose is a cell of a result, declared arithmetic on cells, or a quotation with an origin.

A sentence is built from pieces that know where they come from: a `Figure` holds the arithmetic over cells that gives
it, a `Quote` names what it was copied from (a period, a limit, a label of the knowledge). `verify` reads the finished
text as a stranger would: it works out every figure anew from the results, crosses out what the pieces explain, and
any digit that is left is a broken promise. So a wrong sentence can only be a sentence that never reaches a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from dash.errors import InternalError
from dash.records import Result
from dash.shown.numbers import exact

Operation = Literal["sum", "difference", "percent_change", "ratio", "share", "magnitude", "mean"]


@dataclass(frozen=True)
class Cell:
    """One cell: the role of the result ("main", "previous" …), row and column counted from zero."""

    result: str
    row: int
    column: int


@dataclass(frozen=True)
class RowCount:
    """How many rows a result has."""

    result: str


@dataclass(frozen=True)
class Count:
    """How many of these cells there are: "3 of the groups"."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Derived:
    """Declared arithmetic. difference = a - b · percent_change = 100 (a - b) / |b| · ratio = a / b ·
    share = 100 a / b · magnitude = |a| · sum and mean of all operands, without those that hold no number."""

    operation: Operation
    operands: tuple[Expression, ...]


Expression = Cell | RowCount | Count | Derived


@dataclass(frozen=True)
class Figure:
    """A number (or a date in a cell) in the text. `show` turns the value of `expression` into `text`."""

    text: str
    expression: Expression
    show: Callable[[Any], str]


@dataclass(frozen=True)
class Quote:
    """Text that was copied and may hold digits; `origin` says from where (period, label, limit, parameter …)."""

    text: str
    origin: str


@dataclass(frozen=True)
class Said:
    """Text and the pieces that account for its digits."""

    text: str
    pieces: tuple[Figure | Quote, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)


def cell_value(cell: Cell, results: Mapping[str, Result]) -> Any:
    """What stands in the cell."""
    return results[cell.result].rows[cell.row][cell.column]


def evaluate(expression: Expression, results: Mapping[str, Result]) -> Decimal | None:
    """The exact number, or None where there is none (NULL, division by zero)."""
    if isinstance(expression, Cell):
        return exact(cell_value(expression, results))
    if isinstance(expression, RowCount):
        return Decimal(len(results[expression.result].rows))
    if isinstance(expression, Count):
        return Decimal(len(expression.cells))
    numbers = [evaluate(operand, results) for operand in expression.operands]
    if expression.operation in ("sum", "mean"):
        known = [number for number in numbers if number is not None]
        if not known:
            return None
        return sum(known, Decimal(0)) / (len(known) if expression.operation == "mean" else 1)
    return _arithmetic(expression.operation, numbers)


def _arithmetic(operation: Operation, numbers: list[Decimal | None]) -> Decimal | None:
    first = numbers[0]
    if first is None:
        return None
    if operation == "magnitude":
        return abs(first)
    second = numbers[1]
    if second is None or (operation != "difference" and second == 0):
        return None
    if operation == "difference":
        return first - second
    if operation == "percent_change":
        return 100 * (first - second) / abs(second)
    return first / second * (100 if operation == "share" else 1)


def verify(sentences: Iterable[tuple[str, Said]], results: Mapping[str, Result]) -> None:
    """Check finished texts against what they were built from. Raises InternalError at the first unexplained digit or
    figure that the results do not give."""
    for text, said in sentences:
        for piece in said.pieces:
            if isinstance(piece, Figure) and piece.show(_worth(piece.expression, results)) != piece.text:
                raise InternalError(f"The figure {piece.text!r} is not what the result gives.")
        known = {piece.text for piece in said.pieces}
        left = _unexplained(text, known | {piece[:1].upper() + piece[1:] for piece in known})
        if left:
            raise InternalError(f"The number {left!r} in {text!r} comes from no result.")


def _worth(expression: Expression, results: Mapping[str, Result]) -> Any:
    """A cell as it is (it may be a date or a truth value), arithmetic as a number."""
    return cell_value(expression, results) if isinstance(expression, Cell) else evaluate(expression, results)


def _unexplained(text: str, known: set[str]) -> str:
    """The first run of digits that no known piece covers. A piece covers only a whole number: "12" is not in "1,234"
    nor in "12.5"."""
    covered = bytearray(len(text))
    for piece in known:
        if not any(character.isdigit() for character in piece):
            continue
        start = text.find(piece)
        while start >= 0:
            if _stands_alone(text, start, start + len(piece)):
                covered[start : start + len(piece)] = b"\x01" * len(piece)
            start = text.find(piece, start + 1)
    for index, character in enumerate(text):
        if character.isdigit() and not covered[index]:
            run = re.compile(r"[\d.,\u00a0\u202f]*\d").match(text, index)  # 1,234.5
            return run.group() if run else character
    return ""


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no digit goes on before or after, directly or behind a separator of thousands or decimals."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if text[start].isdigit() and (before[-1:].isdigit() or (len(before) == 2 and _joins(before[1], before[0]))):
        return False
    last = text[end - 1].isdigit()
    return not (last and (after[:1].isdigit() or (len(after) == 2 and _joins(after[0], after[1]))))


def _joins(separator: str, digit: str) -> bool:
    return separator in ".,\u00a0\u202f" and digit.isdigit()
