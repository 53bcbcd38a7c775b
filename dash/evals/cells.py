"""One cell in the form in which two results are compared: a number, or a key that is equal or not.

A database gives decimals, aware times and dates, an answer gives JSON; here a date, its midnight timestamp and their
ISO text become one key, and every number a float.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from dash.steps.interpret.cells import json_cell

Cell = Any
"""A float, or a hashable key: None, text, ("truth", value), ("moment", ISO text)."""


def canonical(value: Any, zone: str) -> Cell:
    """The comparable form of a cell of a database or of an answer's JSON; times are read in `zone`."""
    if value is None:
        return None
    kind = type(value)
    if kind is str:
        return _text(value, zone)
    if kind is bool:
        return ("truth", value)
    if kind in (int, float, Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return _moment(value, zone)
    if isinstance(value, date):
        return ("moment", value.isoformat())
    plain = json_cell(value, _zone(zone))
    return _number(plain) if isinstance(plain, (int, float)) else plain


def _number(value: int | float | Decimal) -> Cell:
    """Not a number and infinity are no numbers in JSON, and so nothing here."""
    try:
        number = float(value)
    except OverflowError:
        return str(value)
    return number if math.isfinite(number) else None


def _text(value: str, zone: str) -> Cell:
    """Text, or the moment that it says in ISO 8601, such as 2026-11-20 or 2026-11-20T12:00:00+00:00."""
    if len(value) < 10 or value[4] != "-" or not value[:4].isdigit():
        return value
    try:
        return _moment(datetime.fromisoformat(value), zone)
    except ValueError:
        return value


def _moment(value: datetime, zone: str) -> Cell:
    local = value if value.tzinfo is None else value.astimezone(_zone(zone)).replace(tzinfo=None)
    return ("moment", local.date().isoformat() if local.time() == time.min else local.isoformat())


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
