"""A number as people of one language read it: its unit, its separators, and as many digits as carry meaning.

Counts are never rounded; everything else is rounded half up here and nowhere else, so arithmetic always works on the
exact cells and a sentence never adds up rounded numbers.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from dash.knowledge.phrases import Phrase, Phrases
from dash.records import Column

_SECONDS = {"hours": 3600, "minutes": 60, "seconds": 1}
_WAITED = "waited_"
# More than any ratio of two doubles has: rounding never fails for want of digits.
_DIGITS = 800
# How many decimal places numbers below each other keep.
_PLACES = {"percent": 1, "score": 2}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def exact(value: Any) -> Decimal | None:
    """The exact number in a cell; None when it holds no number (NULL, text, a date, NaN)."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def shown_unit(column: Column) -> str:
    """The unit in which a column is told. Hours that should be few are time that passed, told in days when they are
    many; hours that should be many are work, which nobody counts in days of 24 hours."""
    waited = column.better == "lower" or (column.better is None and column.role == "attribute")
    return _WAITED + column.unit if waited and column.unit in _SECONDS else column.unit


def show_number(value: Decimal, unit: str, phrases: Phrases, *, signed: bool = False, in_column: bool = False) -> str:
    """The number with its unit. Besides the units of columns: `percentage_points`, `times`, `days`, and `waited_hours`
    (minutes, seconds), a time that passed and may be told in days. `signed` puts a plus or minus in front. `in_column`
    is for numbers below each other: they keep zeros behind the point, and a noun that the heading says is left out."""
    with localcontext(prec=_DIGITS):
        if in_column and unit in _PLACES and _rounds_to_places(value, unit):
            return _in_column(value, unit, phrases)
        if in_column and unit == "tokens":
            return plain(round_to(value, 1), phrases)
        return _signed(value, unit, phrases, signed=signed)


def affixes(unit: str, phrases: Phrases) -> tuple[str, str]:
    """What stands before and behind a number of this unit, for the numbers along an axis; nothing where a noun would
    have to follow the number's plural form."""
    phrase = getattr(phrases.numbers, unit, None)
    if not isinstance(phrase, dict) or len(phrase) > 1:
        return "", ""
    before, _, behind = phrase["other"].replace("{number} ", "{number}\u00a0").partition("{number}")
    return before, behind


def _signed(value: Decimal, unit: str, phrases: Phrases, *, signed: bool) -> str:
    words = phrases.numbers
    if value < 0 or signed:
        sign = words.minus if value < 0 else words.plus if value > 0 else ""
        return sign + _shown(abs(value), unit, phrases)
    return _shown(value, unit, phrases)


def separators(phrases: Phrases) -> str:
    """The decimal point and the separator of thousands, in this order."""
    return str(get_decimal_symbol(phrases.locale)) + str(get_group_symbol(phrases.locale))


def _rounds_to_places(value: Decimal, unit: str) -> bool:
    """Whether the usual places say enough: "almost none" must not become 0 in a column either."""
    rounded = _percent(abs(value)) if unit == "percent" else _rounded(abs(value), unit)
    return -_exponent(rounded) <= _PLACES[unit]


def _in_column(value: Decimal, unit: str, phrases: Phrases) -> str:
    places = _PLACES[unit]
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    sign = phrases.numbers.minus if rounded < 0 else ""
    before, behind = affixes(unit, phrases)
    return f"{sign}{before}{plain(abs(rounded), phrases, decimals=places)}{behind}"


def _shown(value: Decimal, unit: str, phrases: Phrases) -> str:
    plain_unit = unit.removeprefix(_WAITED)
    if plain_unit in _SECONDS:
        return _duration(value * _SECONDS[plain_unit], phrases, in_days=unit != plain_unit)
    if unit == "milliseconds":
        return _duration(value / 1000, phrases) if value >= 1000 else _with_unit(round_to(value, 0), unit, phrases)
    if unit == "usd":
        return _usd(value, phrases)
    if unit in ("percent", "percentage_points"):
        return _with_unit(_percent(value), unit, phrases)
    if unit in ("times", "days", "tokens"):
        return _with_unit(round_to(value, 1), unit, phrases)
    return plain(_rounded(value, unit), phrases)


def plain(value: Decimal, phrases: Phrases, *, decimals: int | None = None) -> str:
    """Digits with the separators of the language, as exact as given or with exactly `decimals` places."""
    places = max(0, -_exponent(value)) if decimals is None else decimals
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(value, pattern, locale=phrases.locale))


def round_to(value: Decimal, places: int) -> Decimal:
    """Rounded half up, without trailing zeros behind the point."""
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) if -_exponent(value) > places else value
    return rounded if _exponent(rounded) >= 0 else _without_zeros(rounded)


def plural(phrase: Phrase, number: Decimal, phrases: Phrases) -> str:
    """The template of a phrase for this number by the plural rules of the language."""
    if abs(number) == 1 and "single" in phrase:
        return phrase["single"]
    return phrase.get(_locale(phrases.locale).plural_form(abs(number)), phrase["other"])


def _with_unit(rounded: Decimal, unit: str, phrases: Phrases) -> str:
    template = plural(getattr(phrases.numbers, unit), rounded, phrases).replace("{number} ", "{number}\u00a0")
    return template.format(number=plain(rounded, phrases))


def _rounded(value: Decimal, unit: str) -> Decimal:
    if unit == "count":
        return round_to(value, 1)
    return round_to(value, 2 if value < 10 else 1)


def shown_percent(value: Decimal) -> Decimal:
    """A percentage as it is shown, so that a change beside two of them is their difference."""
    with localcontext(prec=_DIGITS):
        return _percent(value) if value >= 0 else -_percent(-value)


def _percent(value: Decimal) -> Decimal:
    """One place; more where one would turn "almost none" into 0 or "almost all" into 100."""
    if value >= 1000:
        return round_to(value, 0)
    for places in (1, 2, 3):
        rounded = round_to(value, places)
        if rounded == value or rounded not in (0, 100):
            return rounded
    return Decimal("0.001") if value < 1 else _without_zeros(value.quantize(Decimal("0.001"), ROUND_DOWN))


def _usd(value: Decimal, phrases: Phrases) -> str:
    """Cents from a dollar up; below that two significant digits, because a ticket costs fractions of a cent."""
    places = 0 if value == 0 else 2 if value >= Decimal("0.095") else min(8, 1 - value.adjusted())
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    template = phrases.numbers.usd["other"].replace("{number} ", "{number}\u00a0")
    return template.format(number=plain(rounded, phrases, decimals=places))


def _duration(seconds: Decimal, phrases: Phrases, *, in_days: bool = False) -> str:
    if seconds < _MINUTE and round_to(seconds, 0) < _MINUTE:
        return _with_unit(round_to(seconds, 1 if seconds < 10 else 0), "seconds", phrases)
    if seconds < 10 * _MINUTE:
        return _two_parts(seconds, 1, _MINUTE, ("minutes", "seconds"), phrases)
    if seconds < 48 * _HOUR:
        return _two_parts(seconds, _MINUTE, _HOUR, ("hours", "minutes"), phrases)
    if in_days:
        return _two_parts(seconds, _HOUR, _DAY, ("days", "hours"), phrases)
    return _with_unit(round_to(seconds / _HOUR, 0), "hours", phrases)


def _two_parts(seconds: Decimal, small: int, large: int, units: tuple[str, str], phrases: Phrases) -> str:
    """3725 s by minutes and hours: "1 h 2 min"; a part that is nothing is left out."""
    whole, rest = divmod(int(round_to(seconds / small, 0)), large // small)
    counts = zip((whole, rest), units, strict=True)
    parts = [_with_unit(Decimal(count), unit, phrases) for count, unit in counts if count]
    return "\u00a0".join(parts)


def _without_zeros(value: Decimal) -> Decimal:
    normal = value.normalize()
    return normal if _exponent(normal) <= 0 else normal.quantize(Decimal(1))


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


@lru_cache(maxsize=16)
def _locale(name: str) -> Locale:
    return Locale.parse(name)
