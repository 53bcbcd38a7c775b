"""The few names of the knowledge that one question is shown to a model with: its metrics, dimensions, tables, examples.

What is personal, or written by strangers, is on no shelf: neither such a column nor a value of it can reach a prompt,
because prompts are made of nothing but this and of the question itself. Values are those that people listed in the
knowledge, never what stands in the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from dash.knowledge.formats import ColumnFile, MetricFile, QueryFile, TableFile
from dash.language.reader import Reader
from dash.records import Window
from dash.records.semantic_query import Scalar
from dash.semantics.dimensions import DERIVED_TIME_DIMENSIONS
from dash.steps.plan.written.facts import Facts

METRICS, DIMENSIONS, TABLES, CONDITIONS = 8, 8, 3, 36
VALUES_EACH, NAMED_VALUES, FEW_VALUES = 6, 12, 6
"""How many of each at most; a smaller budget takes fewer. Of a dimension that the question names more values are shown
than of others."""

USUAL_PERIODS = (
    "today", "yesterday", "this week", "last week", "this month", "last month", "last 24 hours", "last 7 days",
    "last 30 days", "this quarter", "last quarter", "this year", "last year",
)  # fmt: skip
"""What a question may mean by words for a period that reading does not know, as the reader's own language of terms
says them."""


@dataclass(frozen=True)
class Shelf:
    """Names, best first. `conditions` and `periods` map what a model may say to what it means."""

    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    tables: tuple[str, ...]
    queries: tuple[str, ...]
    conditions: dict[str, tuple[str, Scalar]]
    periods: dict[str, Window]


def fill_shelf(facts: Facts, now: datetime, zone: str, reader: Reader, share: float = 1.0) -> Shelf:
    """The shelf of one question; `share` below one takes that part of each kind of thing."""
    ranked = reader.search.rank(facts.read.tokens, [span for one in facts.found for span in one.others], facts.spans)
    metrics = [name for name in ranked["metric"] if _is_askable(reader.knowledge.metrics[name])]
    metrics = _first(metrics, METRICS, share, needed=_needed(facts, "metric"))
    near = _near(metrics, reader)
    beside = [name for name in ranked["dimension"] if name in near or name in DERIVED_TIME_DIMENSIONS]
    reached = [name for name in beside if _is_shown(name, reader) and _reaches(name, metrics, reader)]
    wanted = [name for name in _needed(facts, "dimension", "value") if _is_shown(name, reader)]
    usual = [reader.knowledge.metrics[name].default_dimension for name in metrics[:2]]
    usual_names = [name for name in usual if name is not None and name in reached]
    candidates = _usual_second(_groups_first(reached, metrics[0], reader) if metrics else [], usual_names)
    chosen = _first(candidates, DIMENSIONS, share, needed=wanted)
    return Shelf(
        metrics=tuple(metrics),
        dimensions=tuple(chosen),
        tables=tuple(_tables(ranked["table"], metrics, share, reader)),
        queries=tuple(ranked["query"][:2]),
        conditions=_conditions(chosen, wanted, facts, share, reader),
        periods=_periods(facts, now, zone, reader),
    )


def shown_columns(table: TableFile) -> Iterator[ColumnFile]:
    """The columns that a model may see and read."""
    return (column for column in table.table_columns if not column.personal and not column.untrusted)


def shown_notes(table: TableFile) -> Iterator[str]:
    """What people wrote about a table's data, without what names a column that is not shown."""
    hidden = [column.name for column in table.table_columns if column.personal or column.untrusted]
    return (note for note in table.data_quality_notes if not any(name in note for name in hidden))


def example_of(query: QueryFile) -> str:
    """A vetted query as an example of how this company's questions are answered."""
    return f"-- {' '.join(query.description.split())}\n{query.sql.strip()}"


def _first(names: Iterable[str], most: int, share: float, *, needed: Iterable[str]) -> list[str]:
    """What the question names, then the best ranked."""
    count = max(1, round(most * share))
    named = list(dict.fromkeys(needed))
    return [*named, *(name for name in names if name not in named)][: max(count, len(named))]


def _needed(facts: Facts, *kinds: str) -> list[str]:
    """Names that the question itself says."""
    spans = [
        one.span for one in facts.found if one.span.kind in kinds or (one.span.kind == "taking" and "metric" in kinds)
    ]
    found = [span.meaning[0] if span.kind == "value" else span.meaning for span in spans]
    before = facts.previous
    if before is not None and "metric" in kinds:
        found += [*(use.name for use in before.metrics), *([before.rows_of] if before.rows_of else [])]
    if before is not None and "dimension" in kinds:
        found += [*before.dimensions, *(f.dimension for f in before.filters)]
    return found


def _usual_second(names: list[str], usual: list[str]) -> list[str]:
    """The dimension that a metric is usually split by, right behind the best one."""
    return list(dict.fromkeys([*names[:2], *usual, *names]))


def _groups_first(names: list[str], metric: str, reader: Reader) -> list[str]:
    """Dimensions of the best metric before those of others; of each, those with a few listed values before those with
    many, and both before ids, times and measures: an unknown word is likeliest one of few."""

    def place(name: str) -> tuple[bool, int]:
        own = reader.model.place(name, reader.model.metric_table(reader.knowledge.metrics[metric]))
        count = max((len(column.values) for _, column in reader.model.dimensions.get(name, ())), default=0)
        return own is None or bool(own.hops), 0 if 0 < count <= FEW_VALUES else 1 if count else 2

    return [*names[:1], *sorted(names[1:], key=place)]


def _is_askable(metric: MetricFile) -> bool:
    return metric.table is not None


def _is_shown(dimension: str, reader: Reader) -> bool:
    """Whether a dimension may stand in a prompt, and is anything that one asks by."""
    columns = [column for _, column in reader.model.dimensions.get(dimension, ())]
    if any(column.personal or column.untrusted or column.role == "text" for column in columns):
        return False
    return dimension in DERIVED_TIME_DIMENSIONS or any(column.role for column in columns)


def _near(metrics: Iterable[str], reader: Reader) -> set[str]:
    """The dimensions of the tables that metrics reach: of hundreds of tables only these are looked at one by one."""
    model = reader.model
    own = {model.metric_table(reader.knowledge.metrics[name]) for name in metrics}
    tables = {table for table in model.tables for start in own if start == table or model.reaches(start, table)}
    return {name for name, columns in model.dimensions.items() if any(table in tables for table, _ in columns)}


def _reaches(dimension: str, metrics: Iterable[str], reader: Reader) -> bool:
    return any(reader.model.allows(reader.knowledge.metrics[name], dimension) for name in metrics)


def _tables(ranked: tuple[str, ...], metrics: list[str], share: float, reader: Reader) -> list[str]:
    """Tables that SQL may be written over: those of the best metrics, then by their own words; derived ones have no
    name in the database."""
    own = [reader.knowledge.metrics[name].table for name in metrics[:3]]
    names = dict.fromkeys([*ranked[:2], *(name for name in own if name), *ranked[2:]])
    real = [name for name in names if name in reader.knowledge.tables and reader.knowledge.tables[name].sql is None]
    return real[: max(1, round(TABLES * share))]


def _conditions(
    dimensions: Iterable[str], wanted: Iterable[str], facts: Facts, share: float, reader: Reader
) -> dict[str, tuple[str, Scalar]]:
    """ "category=refund": every listed value of the dimensions, those that the question names first."""
    found: dict[str, tuple[str, Scalar]] = {}
    said = [meaning for one in facts.found for meaning in one.meanings("value")]
    said += [(f.dimension, f.values) for f in facts.previous.filters] if facts.previous else []
    for dimension, values in said:
        if _is_shown(dimension, reader):
            found.update({f"{dimension}={_spelled(value)}": (dimension, value) for value in values})
    named = set(wanted)
    most = max(len(found), round(CONDITIONS * share))
    for dimension in dimensions:
        listed = [value.value for _, column in reader.model.dimensions.get(dimension, ()) for value in column.values]
        each = NAMED_VALUES if dimension in named else VALUES_EACH
        for value in list(dict.fromkeys(listed))[: max(2, round(each * share))]:
            if len(found) >= most:
                return found
            found.setdefault(f"{dimension}={_spelled(value)}", (dimension, value))
    return found


def _spelled(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _periods(facts: Facts, now: datetime, zone: str, reader: Reader) -> dict[str, Window]:
    """The periods that the question names; where it names none, the usual ones."""
    named = {window.phrase: window for window in facts.windows}
    if named:
        return named
    before = facts.previous.window if facts.previous else None
    if before is not None:
        return {before.phrase: before}
    return _usual_periods(reader, now.replace(minute=0, second=0, microsecond=0), zone)


@lru_cache(maxsize=8)
def _usual_periods(reader: Reader, now: datetime, zone: str) -> dict[str, Window]:
    """They are read anew for each hour: a period may be told from the moment of the question."""
    found: dict[str, Window] = {}
    for text in USUAL_PERIODS:
        tokens, spans = reader.ground(text, now, zone)
        for span in spans:
            if span.kind == "time" and (span.start, span.end) == (0, len(tokens)):
                found[text] = span.meaning
    return found
