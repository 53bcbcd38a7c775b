"""Numbers, moments and booleans that are kept as text, and values that stand for none.

A form is believed only when every value that is no stand-in has it; where day and month could be the other way round in
all of them, that is said, because nobody can tell from the values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dash.introspection.profile import TextKept

STAND_INS = frozenset({"", " ", "?", "-", "--", "n/a", "na", "#n/a", "nan", "null", "nil", "(null)", "<null>", "n.a."})
"""Texts that mean none, in lower case."""

OLD_DATES = ("1900-01-01", "1970-01-01", "0001-01-01", "9999-12-31", "2999-12-31")
"""Dates that mean none where they are far from all others."""

_NUMBER = r"^[+-]?[0-9]+([.][0-9]+)?$"
_TRUE = ("true", "t", "yes", "y", "on")
_FALSE = ("false", "f", "no", "n", "off")
_LEAST = 3


@dataclass(frozen=True)
class _Form:
    date: str
    shape: str
    first: int | None = None


# Which part may be a day or a month is decided by the numbers above twelve.
_DATES = (
    _Form("YYYY-MM-DD", r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"),
    _Form("YYYY/MM/DD", r"[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}"),
    _Form("DD.MM.YYYY", r"[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}"),
    _Form("{}/{}/YYYY", r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", 0),
    _Form("{}-{}-YYYY", r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}", 0),
)
_TIMES = (
    ("", ""),
    (r" [0-9]{1,2}:[0-9]{2}", " HH24:MI"),
    (r" [0-9]{1,2}:[0-9]{2}:[0-9]{2}", " HH24:MI:SS"),
    (r" [0-9]{1,2}:[0-9]{2}:[0-9]{2}[.][0-9]{1,6}", " HH24:MI:SS.US"),
    (r"T[0-9]{2}:[0-9]{2}:[0-9]{2}Z?", '"T"HH24:MI:SS'),
    (r"T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{1,6}Z?", '"T"HH24:MI:SS.US'),
)


def find_stand_ins(values: Counter[str]) -> tuple[str, ...]:
    """The texts of a column that mean none."""
    return tuple(sorted(value for value in values if value.strip().lower() in STAND_INS))


def read_text_kept(values: Counter[str], *, is_name: bool, counts: bool = False) -> TextKept | None:
    """What the texts of a column, without stand-ins, really are; `is_name` that its numbers would be names of things,
    `counts` that they would be counts. None for text."""
    texts = list(values)
    if len(texts) < 2:
        return None
    lowered = {text.strip().lower() for text in texts}
    if lowered <= {*_TRUE, *_FALSE} and lowered & set(_TRUE) and lowered & set(_FALSE):
        true = tuple(sorted(text for text in texts if text.strip().lower() in _TRUE))
        return TextKept("boolean", true_values=true, false_values=tuple(sorted(set(texts) - set(true))))
    if len(texts) < (2 if counts else _LEAST):
        return None
    if not is_name and all(re.match(_NUMBER, text) for text in texts) and not _have_leading_zeros(texts):
        return TextKept("number", pattern=_NUMBER)
    return _moment(texts)


def read_epoch(values: Counter[str]) -> TextKept | None:
    """Whole numbers that are seconds, or milliseconds, since 1970: all of them of this century."""
    numbers = [int(value) for value in values if value.isdigit()]
    if len(numbers) < max(_LEAST, len(values)):
        return None
    for form, seconds in (("epoch", 1), ("epoch_ms", 1000)):
        if all(946_684_800 * seconds <= number <= 4_102_444_800 * seconds for number in numbers):
            return TextKept("time", form=form)
    return None


def _have_leading_zeros(texts: Sequence[str]) -> bool:
    """Whether numbers are codes: 007."""
    return any(len(text) > 1 and text[0] == "0" and text[1] != "." for text in texts)


def _moment(texts: Sequence[str]) -> TextKept | None:
    for date in _DATES:
        for shape, form in _TIMES:
            pattern = f"^{date.shape}{shape}$"
            if all(re.match(pattern, text) for text in texts):
                said, doubtful = _day_first(date, texts)
                return TextKept("time", form=said + form, pattern=pattern, doubtful=doubtful) if said else None
    return None


def _day_first(date: _Form, texts: Sequence[str]) -> tuple[str, bool]:
    if date.first is None:
        return date.date, False
    parts = [re.split(r"[/\- ]", text)[:2] for text in texts]
    first, second = (max(int(part[place]) for part in parts) for place in (0, 1))
    if first > 12 and second > 12:
        return "", False
    day_first = first > 12 or second <= 12
    return date.date.format(*(("DD", "MM") if day_first else ("MM", "DD"))), first <= 12 and second <= 12
