"""Cells as JSON can hold them: numbers, strings, truth values, None."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

_PLAIN = frozenset({type(None), bool, int, str})


def json_rows(rows: tuple[tuple[Any, ...], ...], zone: str) -> tuple[tuple[Any, ...], ...]:
    """Every cell made JSON-able; aware timestamps are rendered in the reporting zone as ISO 8601."""
    local = ZoneInfo(zone)
    return tuple(tuple(json_cell(value, local) for value in row) for row in rows)


def json_cell(value: Any, zone: ZoneInfo) -> Any:
    """One cell. Arrays become their elements side by side; what has no number in it (NaN) becomes None."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).isoformat()
    if isinstance(value, date | time_of_day):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, list | tuple):
        return ", ".join("" if part is None else str(json_cell(part, zone)) for part in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
