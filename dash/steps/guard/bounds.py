"""Arguments whose size decides how long a call runs or how much it makes: they must be known before it runs.

A series has bounds and a step that are literals or parameters (or dates from the data with a step of at least a day),
a pattern is spelled out and has no back references, a padding has a small length. Parameters count as known: the
values are bound to this very text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlglot import exp

from dash.errors import QueryRejected
from dash.steps.guard.functions import GIVES_NUMBER

MAXIMUM_SERIES = 100_000
MAXIMUM_SERIES_PRODUCT = 1_000_000
MAXIMUM_PADDING = 1_000
_MAXIMUM_PATTERN = 300
_LONGEST_REPLACEMENT = 100

_SECONDS = {
    "microsecond": 1e-6, "millisecond": 1e-3, "second": 1.0, "sec": 1.0, "minute": 60.0, "min": 60.0, "hour": 3600.0,
    "day": 86_400.0, "week": 604_800.0, "month": 2_419_200.0, "mon": 2_419_200.0, "quarter": 7_776_000.0,
    "year": 31_536_000.0, "decade": 315_360_000.0,
}  # fmt: skip
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*", re.IGNORECASE)  # 1 day | 15 minutes
_CLOCK_SPAN = re.compile(r"(\d+):(\d\d)(?::(\d\d))?\Z")  # 01:30:00
_BACK_REFERENCE = re.compile(r"\\[1-9]")  # (a)\1
_REPEAT = re.compile(r"\{(\d*)(?:,(\d*))?\}")  # a{2,5}
_FORMAT = re.compile(r"%(?:%|(?:\d\$)?[sIL])")  # %s | %1$s | %%


class KnownValues:
    """Reads literals and bound parameters out of the tree."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._values = values

    def value_of(self, node: exp.Expr | None) -> Any:
        """The value of a literal, parameter, cast or negation of one; None when it depends on anything else."""
        if isinstance(node, (exp.Paren, exp.Cast)):
            return self.value_of(node.this)
        if isinstance(node, exp.Literal):
            return node.this if node.is_string else _number(node.this)
        if isinstance(node, exp.ByteString):
            return node.this
        if isinstance(node, exp.Neg):
            inner = self.value_of(node.this)
            return -inner if isinstance(inner, (int, float, Decimal)) else None
        if isinstance(node, exp.Parameter):
            index = _number(node.this.this if isinstance(node.this, exp.Literal) else node.this)
            if isinstance(index, int) and 1 <= index <= len(self._values):
                return self._values[index - 1]
        return None

    def is_parameter(self, node: exp.Expr | None) -> bool:
        """A bound parameter, perhaps with a cast."""
        while isinstance(node, (exp.Paren, exp.Cast)):
            node = node.this
        return isinstance(node, exp.Parameter)

    def is_number(self, node: exp.Expr) -> bool:
        """Whether the expression computes a number whatever the data are; a bare column may be a text."""
        if isinstance(node, exp.Paren):
            return self.is_number(node.this)
        if isinstance(node, (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.StrPosition, exp.Extract)):
            return True
        if isinstance(node, exp.Cast):
            return node.to.this.name in ("INT", "BIGINT", "SMALLINT")
        if isinstance(node, exp.Anonymous):
            first = node.expressions[0] if node.expressions else node
            name = str(node.this).lower()
            plain = name not in ("coalesce", "nullif", "greatest", "least")
            return name in GIVES_NUMBER and (plain or (first is not node and self.is_number(first)))
        value = self.value_of(node)
        return isinstance(value, (int, float, Decimal)) or (self.is_parameter(node) and value is None)

    def text_of(self, node: exp.Expr | None) -> str | None:
        value = self.value_of(node)
        return value if isinstance(value, str) else None

    # series

    def series_length(self, arguments: Sequence[exp.Expr]) -> int:
        """How many rows generate_series makes at most; raises QueryRejected when that is unknown or too many."""
        if len(arguments) not in (2, 3):
            raise _series("without a first and a last value")
        first, last = self.value_of(arguments[0]), self.value_of(arguments[1])
        step = arguments[2] if len(arguments) == 3 else None
        if step is None or isinstance(self.value_of(step), (int, float, Decimal)):
            length = self._number_series(first, last, arguments, self.value_of(step) if step is not None else 1)
        else:
            length = self._time_series(arguments[0], arguments[1], self._seconds_of(step))
        if length > MAXIMUM_SERIES:
            raise _series(f"of more than {MAXIMUM_SERIES:,} rows")
        return length

    def _number_series(self, first: Any, last: Any, arguments: Sequence[exp.Expr], step: Any) -> int:
        if any(self.is_parameter(end) and value is None for end, value in zip(arguments, (first, last), strict=False)):
            return 0
        if not all(isinstance(value, (int, float, Decimal)) for value in (first, last)) or not step:
            raise _series("between numbers that are not written out")
        if not all(math.isfinite(value) for value in (first, last, step)):
            raise _series("without an end")
        return max(0, int(abs(last - first) / abs(step))) + 1

    def _time_series(self, first: exp.Expr, last: exp.Expr, step: float | None) -> int:
        if step is None or step <= 0:
            raise _series("with a step that is not a positive interval")
        low, high = self._moment(first), self._moment(last)
        if low is not None and high is not None:
            return max(0, int((high - low).total_seconds() / step)) + 1
        if step < _SECONDS["day"]:
            raise _series("with a step of less than a day between bounds that depend on the data")
        return 36_600

    def _seconds_of(self, node: exp.Expr) -> float | None:
        if isinstance(node, (exp.Paren, exp.Cast)):
            return self._seconds_of(node.this)
        value = self.value_of(node)
        if isinstance(value, timedelta):
            return value.total_seconds()
        if isinstance(node, exp.Interval):
            number = self.text_of(node.this)
            unit = node.args.get("unit")
            value = f"{number} {unit.this}" if isinstance(unit, exp.Var) else number
        return _seconds(value) if isinstance(value, str) else None

    def _moment(self, node: exp.Expr) -> datetime | None:
        """The moment that a bound means, to within the unit it is cut to; None when the data decide."""
        if isinstance(node, (exp.Paren, exp.Cast)):
            return self._moment(node.this)
        if isinstance(node, exp.AtTimeZone):
            return self._moment(node.this)
        if isinstance(node, (exp.Add, exp.Sub)):
            base, shift = self._moment(node.this), self._seconds_of(node.expression)
            if base is None or shift is None:
                return None
            try:
                return base + timedelta(seconds=shift if isinstance(node, exp.Add) else -shift)
            except OverflowError:
                raise _series("beyond the calendar") from None
        if isinstance(node, exp.Anonymous) and str(node.this).lower() == "date_trunc" and len(node.expressions) >= 2:
            return self._moment(node.expressions[1])
        if isinstance(node, (exp.CurrentDate, exp.CurrentTimestamp, exp.Localtimestamp)) or _is_now(node):
            return datetime.now(UTC)
        value = self.value_of(node)
        if isinstance(node, exp.Parameter) and value is None:
            return datetime(2000, 1, 1, tzinfo=UTC)  # NULL makes an empty series
        return _as_moment(value)

    # other arguments

    def check_padding(self, node: exp.Expr | None) -> float:
        length = self.value_of(node)
        if not isinstance(length, int) or length > MAXIMUM_PADDING:
            raise QueryRejected(
                "A padding of unknown or great length", f"write a number up to {MAXIMUM_PADDING}.", rule="padding"
            )
        return max(length, 0) / 100

    def check_replacement(self, node: exp.Expr | None) -> float:
        """How many times longer a text may become when the replacement is put in."""
        text = self.text_of(node)
        if text is None or len(text) > _LONGEST_REPLACEMENT:
            raise QueryRejected(
                "A replacement that is not a short text", "write it out in at most 100 characters.", rule="replacement"
            )
        return max(1.0, float(len(text)), 2.0 * text.count("\\") + 1.0)

    def check_pattern(self, node: exp.Expr | None) -> None:
        """A regular expression must be written out, short, and without back references or large repeats."""
        pattern = self.text_of(node)
        if pattern is None and self.is_parameter(node) and self.value_of(node) is None:
            return
        if pattern is None or len(pattern) > _MAXIMUM_PATTERN:
            raise QueryRejected(
                "A pattern that is not a short text", "write the pattern out in at most 300 characters.", rule="pattern"
            )
        repeats = [int(high or low or 0) for low, high in _REPEAT.findall(pattern)]
        if _BACK_REFERENCE.search(pattern) or math.prod(max(repeat, 1) for repeat in repeats) > 1_000:
            raise QueryRejected(
                "A pattern with a back reference or a large repeat", "use a simpler pattern.", rule="pattern"
            )

    def check_format(self, node: exp.Expr | None) -> float:
        text = self.text_of(node)
        if text is None or "%" in _FORMAT.sub("", text):
            raise QueryRejected(
                "A format() that is not written out or has widths", "use %s and %1$s in a plain text.", rule="format"
            )
        return float(max(1, len(_FORMAT.findall(text))))


def _series(what: str) -> QueryRejected:
    return QueryRejected(
        f"A series {what}", "write both bounds as literals or parameters and the step as an interval.", rule="series"
    )


def _number(text: object) -> int | float | None:
    try:
        return int(str(text))
    except ValueError:
        try:
            return float(str(text))
        except ValueError:
            return None


def _seconds(text: str) -> float | None:
    if len(text) > 100:
        return None
    clock = _CLOCK_SPAN.match(text.strip())
    if clock:
        return int(clock[1]) * 3600.0 + int(clock[2]) * 60.0 + int(clock[3] or 0)
    total, position = 0.0, 0
    for match in _SPAN.finditer(text):
        unit = match[2].lower()
        seconds = _SECONDS.get(unit) or _SECONDS.get(unit.removesuffix("s"))
        if match.start() != position or seconds is None:
            return None
        total += float(match[1]) * seconds
        position = match.end()
    return total if position == len(text) and position else None


def _is_now(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and str(node.this).lower() == "now"


def _as_moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise _series("with a bound that is not written as 2026-01-31") from None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if value is not None:
        raise _series("with a bound that is not a moment")
    return None
