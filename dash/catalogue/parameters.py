"""What a person chose for the parameters of a vetted query, read as strictly as its file declares them.

Nothing that a surface sends is trusted: bounds and listed values are asked here again, and a period is what the reader
takes its words for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dash.errors import UserError
from dash.knowledge import Knowledge
from dash.knowledge.formats import ColumnFile, ParameterFile, QueryFile
from dash.language.reader import Reader
from dash.records import Window

LONGEST_TEXT = 200

Given = str | int | float | bool | date | datetime | None
"""A chosen value; a period in words ("last 7 days"), None for what the file's default is."""


def filled_slots(
    query: QueryFile, given: Mapping[str, Given], reader: Reader, now: datetime, zone: str
) -> dict[str, Any]:
    """The slots of a vetted query, those that keep their default left out. Raises UserError."""
    unknown = sorted(given.keys() - query.parameters.keys())
    if unknown:
        raise UserError(f"The query {query.name} has no parameter {unknown[0]!r}.")
    read = {
        name: _read(name, value, query.parameters[name], reader, now, zone)
        for name, value in given.items()
        if value is not None and value != query.parameters[name].default
    }
    return {name: value for name, value in read.items() if value is not None}


def listed_column(values: str, knowledge: Knowledge) -> ColumnFile | None:
    """The column whose values a parameter takes, as the file names it: "table.column"."""
    table, _, name = values.rpartition(".")
    for full, file in knowledge.tables.items():
        if table in (full, full.rpartition(".")[2]):
            return next((column for column in file.table_columns if column.name == name), None)
    return None


def allowed_values(parameter: ParameterFile, knowledge: Knowledge) -> tuple[Any, ...]:
    """The values that may be chosen; none where anything may be."""
    if not isinstance(parameter.values, str):
        return tuple(parameter.values or ())
    column = listed_column(parameter.values, knowledge)
    return tuple(value.value for value in column.values) if column is not None else ()


def _read(name: str, value: Given, parameter: ParameterFile, reader: Reader, now: datetime, zone: str) -> Any:
    if parameter.type == "period":
        return _period(name, str(value), reader, now, zone)
    if parameter.type in ("integer", "number"):
        return _number(name, value, parameter)
    if parameter.type == "boolean":
        if not isinstance(value, bool):
            raise UserError(f"{name} is true or false.")
        return value
    if parameter.type in ("date", "timestamp"):
        return _moment(name, value)
    allowed = allowed_values(parameter, reader.knowledge)
    if allowed and value not in allowed:
        raise UserError(f"{name} is one of: {', '.join(map(str, allowed))}.")
    text = str(value).strip()
    if len(text) > LONGEST_TEXT or "\x00" in text:
        raise UserError(f"{name} is a text of at most {LONGEST_TEXT} characters.")
    return text or None


def _period(name: str, words: str, reader: Reader, now: datetime, zone: str) -> Window | None:
    if not words.strip():
        return None
    if len(words) <= LONGEST_TEXT:
        tokens, spans = reader.ground(words, now, zone)
        for span in spans:
            if span.kind == "time" and span.start == 0 and span.end == len(tokens):
                window: Window = span.meaning
                return window
    raise UserError(f"{name} is a period such as “last 7 days” or “October 2026”.")


def _number(name: str, value: Given, parameter: ParameterFile) -> int | float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    low, high = parameter.minimum, parameter.maximum
    whole = parameter.type == "integer"
    fits = math.isfinite(number) and (low is None or number >= low) and (high is None or number <= high)
    if not fits or (whole and not number.is_integer()):
        edges = " to ".join("…" if edge is None else f"{edge:g}" for edge in (low, high))
        raise UserError(f"{name} is {'a whole number' if whole else 'a number'} from {edges}.")
    return int(number) if whole else number


def _moment(name: str, value: Given) -> str:
    try:
        return value.isoformat() if isinstance(value, date) else datetime.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise UserError(f"{name} is a date such as 2026-10-31.") from error
