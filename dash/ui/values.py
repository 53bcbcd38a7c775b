"""Cells as people read them: numbers by unit and language, times in words, values by their label.

Only the look changes here. The cell itself stays what the database returned, so sorting a table and downloading it
work on the data and not on its looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from dash.ui.texts import text

Labels = Mapping[Any, str]

NUMERIC_UNITS = frozenset(
    {"count", "percent", "hours", "minutes", "seconds", "milliseconds", "usd", "score", "number", "tokens"}
)
# Units whose values may be added up, so that small groups can be put together as "other".
ADDITIVE_UNITS = frozenset({"count", "usd", "tokens"})

# A dimension of every time, 1 (Monday) to 7; it has no column whose values could carry labels.
_WEEKDAY = "weekday"

_SUFFIXES = {
    "hours": {"en": "h", "ru": "ч"},
    "minutes": {"en": "min", "ru": "мин"},
    "seconds": {"en": "s", "ru": "с"},
    "milliseconds": {"en": "ms", "ru": "мс"},
}
_PATTERNS = {
    "count": "#,##0.##",
    "tokens": "#,##0",
    "percent": "#,##0.0",
    "hours": "#,##0.0",
    "minutes": "#,##0.0",
    "seconds": "#,##0.0",
    "milliseconds": "#,##0",
    "score": "#,##0.00",
    "number": "#,##0.###",
}


def is_number(value: Any) -> bool:
    """True for what can be drawn: an int or float that is not a bool."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def shown(value: Any, unit: str, language: str, labels: Labels | None = None) -> str:
    """One cell as text in `language`. `labels` are the words for the values of its dimension."""
    if value is None:
        return text("empty_cell", language)
    if isinstance(value, bool):
        return (labels or {}).get(value) or text("cell_yes" if value else "cell_no", language)
    if isinstance(value, list | tuple):
        return ", ".join(shown(item, unit, language, labels) for item in value)
    if labels and isinstance(value, str | int) and value in labels:
        return labels[value]
    if is_number(value) and unit in NUMERIC_UNITS:
        return _number(value, unit, language)
    if unit in ("date", "time") and isinstance(value, str):
        return _moment(value, unit, language)
    return str(value)


def _number(value: float, unit: str, language: str) -> str:
    from babel.numbers import format_decimal

    if unit == "usd":
        return _dollars(value, language)
    pattern = _PATTERNS[unit]
    words: str = format_decimal(_half_up(value, pattern), format=pattern, locale=language)
    if unit == "percent":
        return f"{words}%" if language == "en" else f"{words}\u00a0%"
    suffix = _SUFFIXES.get(unit, {}).get(language) or _SUFFIXES.get(unit, {}).get("en")
    return f"{words}\u00a0{suffix}" if suffix else words


def _half_up(value: float, pattern: str) -> Decimal:
    """Rounded as people round (2.25 → 2.3) to the places of the pattern; babel alone would round to even."""
    places = len(pattern.partition(".")[2])
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _dollars(value: float, language: str) -> str:
    """Cents, and four digits below one dollar, because a model call costs less than a cent."""
    from babel import Locale
    from babel.numbers import format_currency

    pattern = Locale.parse(language).currency_formats["standard"].pattern.split(";")[0]
    if 0 < abs(value) < 1:
        pattern = pattern.replace("0.00", "0.00##")
    words: str = format_currency(
        _half_up(value, "0.0000" if 0 < abs(value) < 1 else "0.00"),
        "USD",
        format=pattern,
        locale=language,
        currency_digits=False,
    )
    return words.replace("US$", "$")


def _moment(value: str, unit: str, language: str) -> str:
    pattern = "d MMM y" if unit == "date" or len(value) <= 10 else "d MMM y, HH:mm"
    try:
        return moment_in_words(value, pattern, language)
    except ValueError:
        return value


def moment_in_words(value: str, pattern: str, language: str) -> str:
    """An ISO 8601 date or time by a CLDR pattern such as "d MMM", as it stands in its own zone. Raises ValueError."""
    from babel.dates import format_datetime

    moment = datetime.fromisoformat(value).replace(tzinfo=None)
    return str(format_datetime(moment, format=pattern, locale=language))


def zone_of(value: Any) -> str:
    """The words "UTC" or "UTC+03:00" for an ISO 8601 time with an offset, else ""."""
    if not isinstance(value, str) or len(value) < 17:
        return ""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return ""
    if moment.tzinfo is None:
        return ""
    offset = moment.isoformat()[-6:]
    return "UTC" if offset == "+00:00" else f"UTC{offset}"


def value_labels(knowledge: Any, language: str) -> Mapping[str, Labels]:
    """Column or dimension name → its values' labels in `language`, as far as the knowledge names them.

    Where two tables call different things by one column name and label a value differently, that value keeps its raw
    form: no label is better than a wrong one.
    """
    found: dict[str, dict[Any, str | None]] = {}
    for table in knowledge.tables.values():
        for column in table.table_columns:
            for name in {column.name, column.dimension or column.name}:
                for entry in column.values:
                    words = entry.label.get(language) or entry.label.get("") or None
                    known = found.setdefault(name, {})
                    known[entry.value] = words if known.get(entry.value, words) == words else None
    labels = {name: {value: words for value, words in known.items() if words} for name, known in found.items()}
    return {_WEEKDAY: _weekdays(language), **labels}


def _weekdays(language: str) -> Labels:
    from babel.dates import get_day_names

    return {day + 1: words for day, words in get_day_names("wide", "stand-alone", language).items()}
