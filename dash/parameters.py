"""The parameters of a vetted query that has been run, to look at and to run it with others.

What a person may choose is what the query's file declares: bounds, listed values, periods. A choice is read here once,
strictly, and becomes a `Refill`, which goes the way of every question: recorded, guarded, executed, interpreted. So
there is no second way to an answer, and nothing that a surface sends is trusted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dash.errors import UserError
from dash.knowledge import Knowledge
from dash.knowledge.formats import ParameterFile, QueryFile
from dash.language.reader import Reader
from dash.records import Refill, Window
from dash.runs import RunRecord
from dash.semantics.dimensions import dimension_name
from dash.semantics.json import from_json

ALL_TIME = Window(None, None, "all_time")
LONGEST_TEXT = 200
_BEHIND = " · "
"""Stands between a question and each parameter that no example can say."""

Given = str | int | float | bool | date | datetime | None
"""What a surface sends for a parameter; a period as words ("last 7 days"), None for the default."""


@dataclass(frozen=True)
class Parameter:
    """One parameter as a person sees it: what it may be, and what the run used (a Window for a period)."""

    name: str
    declared: ParameterFile
    used: Any
    allowed: tuple[Any, ...] = ()
    dimension: str | None = None


def parameters_of(run: RunRecord, knowledge: Knowledge) -> tuple[Parameter, ...]:
    """The parameters of the vetted query that answered a run; none when none did or when it is not there any more."""
    query = _query_of(run, knowledge)
    if query is None:
        return ()
    used = _used(run, query)
    return tuple(
        Parameter(
            name,
            declared,
            used.get(name, declared.default),
            knowledge.allowed_values(declared),
            dimension_of(declared, knowledge),
        )
        for name, declared in query.parameters.items()
    )


def dimension_of(declared: ParameterFile, knowledge: Knowledge) -> str | None:
    """The dimension that names a parameter's values, where they are a column's."""
    column = knowledge.find_column(declared.values) if isinstance(declared.values, str) else None
    return dimension_name(column) if column is not None else None


def changed(
    run: RunRecord, given: Mapping[str, Given], knowledge: Knowledge, reader: Reader, now: datetime
) -> tuple[str, Refill]:
    """(what is asked in words, the vetted query filled) for a run's query with some parameters changed.

    Raises UserError for what the query's file does not allow.
    """
    query = _query_of(run, knowledge)
    if query is None:
        raise UserError("Only an answer of a vetted query can be run with other parameters.")
    chosen = read_choices(query, given, reader, now, run.zone)
    kept = {name: value for name, value in _used(run, query).items() if name not in given}
    filled = kept | chosen
    refill = Refill(query.name, filled)
    return _said(run, given, query, refill, reader, now), refill


def _query_of(run: RunRecord, knowledge: Knowledge) -> QueryFile | None:
    name = (run.record or {}).get("vetted_query")
    return knowledge.queries.get(name) if name else None


def _used(run: RunRecord, query: QueryFile) -> dict[str, Any]:
    """The slots that the run filled, as far as the query still has them."""
    kept = (run.record or {}).get("vetted_filled") or {}
    filled = {name: from_json(value) for name, value in kept.items() if name in query.parameters}
    return {name: value for name, value in filled.items() if value is not None}


def read_choices(
    query: QueryFile, given: Mapping[str, Given], reader: Reader, now: datetime, zone: str
) -> dict[str, Any]:
    """What was chosen, read as strictly as the query's file declares it; what keeps its default is left out.

    Raises UserError for a parameter that the query has not, and for a value that it does not allow.
    """
    unknown = sorted(given.keys() - query.parameters.keys())
    if unknown:
        raise UserError(f"The query {query.name} has no parameter {unknown[0]!r}.")
    return {
        name: _read(name, value, query.parameters[name], reader, now, zone)
        for name, value in given.items()
        if value is not None and value != query.parameters[name].default
    }


def _read(name: str, value: Given, declared: ParameterFile, reader: Reader, now: datetime, zone: str) -> Any:
    """A value as the query's file allows it. Raises UserError."""
    if declared.type == "period":
        return _read_period(name, str(value), reader, now, zone)
    if declared.type in ("integer", "number"):
        return _read_number(name, value, declared)
    if declared.type == "boolean":
        if not isinstance(value, bool):
            raise UserError(f"{name} is true or false.")
        return value
    if declared.type in ("date", "timestamp"):
        return _read_moment(name, value)
    allowed = reader.knowledge.allowed_values(declared)
    if allowed and value not in allowed:
        raise UserError(
            f"{name} cannot be {str(value)[:LONGEST_TEXT]!r}; it is one of: {', '.join(map(str, allowed))}."
        )
    if not str(value).strip() or len(str(value)) > LONGEST_TEXT or "\x00" in str(value):
        raise UserError(f"{name} is a text of 1 to {LONGEST_TEXT} characters.")
    return str(value).strip()


def _read_period(name: str, words: str, reader: Reader, now: datetime, zone: str) -> Window:
    """The window that the words mean as a whole, in any language that is read."""
    if len(words) <= LONGEST_TEXT:
        tokens, spans = reader.ground(words, now, zone)
        for span in spans:
            if span.kind == "time" and span.start == 0 and span.end == len(tokens):
                window: Window = span.meaning
                return window
    raise UserError(f"{name} is a period such as “last 7 days” or “October 2026”.")


def _read_number(name: str, value: Given, declared: ParameterFile) -> int | float:
    try:
        number = float(value)  # type: ignore[arg-type]  # what cannot be one is said below
    except (TypeError, ValueError):
        number = math.nan
    low, high = declared.minimum, declared.maximum
    fits = math.isfinite(number) and (low is None or number >= low) and (high is None or number <= high)
    if isinstance(value, bool) or not fits or (declared.type == "integer" and not number.is_integer()):
        edges = " to ".join("…" if edge is None else f"{edge:g}" for edge in (low, high))
        raise UserError(f"{name} is {'a whole number' if declared.type == 'integer' else 'a number'} from {edges}.")
    return int(number) if declared.type == "integer" else number


def _read_moment(name: str, value: Given) -> str:
    try:
        return value.isoformat() if isinstance(value, date) else datetime.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise UserError(f"{name} is a date such as 2026-10-31.") from error


def _said(
    run: RunRecord, given: Mapping[str, Given], query: QueryFile, refill: Refill, reader: Reader, now: datetime
) -> str:
    """The new question in words: the old one or an example of the query, if it reads back to just this, else the old
    one with what was changed behind it."""
    language = (run.answer or {}).get("language") or reader.default_language
    words = {name: str(value) for name, value in refill.filled.items() if not isinstance(value, Window)}
    words |= {name: str(value) for name, value in given.items() if name in refill.filled}
    asked = str((run.answer or {}).get("question") or run.question)
    for example in (asked, *reader.patterns.questions(query.name, language)):
        try:
            text = asked if example == asked else example.format(**words)
        except (KeyError, IndexError, ValueError):
            continue
        tokens, spans = reader.ground(text, now, run.zone)
        fits = reader.patterns.find(tokens, spans)
        if len(fits) == 1 and fits[0].example.query == query.name and _filled_by(fits[0].filled) == refill.filled:
            return text
    return asked.split(_BEHIND)[0] + "".join(f"{_BEHIND}{name}: {value}" for name, value in words.items())


def _filled_by(spans: Mapping[str, Any]) -> dict[str, Any]:
    return {name: span.meaning[1][0] if span.kind == "value" else span.meaning for name, span in spans.items()}
