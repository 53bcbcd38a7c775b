"""What the person gets. Field by field this is the documented JSON of `dash ask --json` (docs/answer-json.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["answered", "clarification", "declined", "error", "cancelled"]


@dataclass(frozen=True)
class Column:
    """An output column: `unit` is count, percent, hours, minutes, seconds, usd, score, number, date, time, text …

    `role` says what the column is to the answer: time, dimension, metric, sample (how many rows a metric rests on),
    share, previous, change, attribute, or hidden: a number that only the sentences use. `better` is higher, lower or
    None. `dimension` is what the knowledge calls the values, whatever the query calls the column; None where it does
    not say.
    """

    name: str
    label: str
    unit: str = "text"
    role: str = "attribute"
    better: str | None = None
    metric: str | None = None
    dimension: str | None = None


@dataclass(frozen=True)
class Understood:
    """One stretch of the question and what it was taken for, with the file that says so."""

    words: str
    meaning: str
    kind: str
    source: str = ""


@dataclass(frozen=True)
class Definition:
    """A governed definition that the answer rests on."""

    name: str
    label: str
    text: str
    source: str


@dataclass(frozen=True)
class Caveat:
    """Something to be careful about. `kind`: small_sample, nulls, unfinished, freshness, truncated, no_period,
    no_rows, overlap, definition, unreviewed, drift, note."""

    kind: str
    text: str


@dataclass(frozen=True)
class Chart:
    """A picture in terms of columns: `kind` is line, bar, stacked_bar, number or table."""

    kind: Literal["line", "bar", "stacked_bar", "number", "table"]
    x: str | None = None
    y: tuple[str, ...] = ()
    series: str | None = None
    title: str = ""


@dataclass(frozen=True)
class Answer:
    """One turn's outcome, complete enough to be shown, stored, exported and opened again later.

    `context` are further sentences (change, main driver, comparison); `rows` are JSON-able cells: numbers, strings,
    booleans, None; decimals become int or float, timestamps ISO 8601 text in the reporting zone.
    """

    outcome: Outcome
    question: str
    language: str
    headline: str
    provenance: str | None = None
    context: tuple[str, ...] = ()
    sql: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    truncated: bool = False
    chart: Chart | None = None
    caveats: tuple[Caveat, ...] = ()
    definitions: tuple[Definition, ...] = ()
    understood: tuple[Understood, ...] = ()
    choices: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    thread_id: str | None = None
    run_id: str | None = None
