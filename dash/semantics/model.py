"""What can be asked of a database: metrics, dimensions, and the only joins by which one reaches the other.

A join is followed only towards the one side (many_to_one, one_to_one), so a composed query can never count a row twice:
a dimension that would need the other direction simply is not there for that metric.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash.knowledge import Knowledge
from dash.knowledge.formats import ColumnFile, JoinFile, MetricFile, TableFile
from dash.knowledge.language import ColumnWords, load_languages
from dash.records.semantic_query import Scalar
from dash.semantics.fragments import read_aggregate, read_conditions

DURATIONS = ("hours", "minutes", "seconds", "milliseconds")
"""Units of durations."""

_NUMERIC = ("smallint", "int", "bigint", "numeric", "decimal", "real", "double")

DERIVED_TIME_DIMENSIONS: Mapping[str, str] = {
    "weekday": "isodow",
    "hour_of_day": "hour",
}
"""Dimensions that every time column has: name → the EXTRACT field (ISO weekday 1 = Monday; hour 0–23)."""


_DENIALS = ((" IS NULL", " IS NOT NULL"), (" IS NOT NULL", " IS NULL"), (" = ", " <> "), (" <> ", " = "))
"""How a condition is denied, as `read_conditions` spells it."""


@dataclass(frozen=True)
class Hop:
    """One followed join."""

    join: JoinFile
    table: TableFile


@dataclass(frozen=True)
class Place:
    """Where a dimension lives as seen from a table: the column, and the hops to it (none = the table's own)."""

    column: ColumnFile
    hops: tuple[Hop, ...]


class SemanticModel:
    """Read-only view of the knowledge for planning. Built once per load of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.metrics = knowledge.metrics
        self.tables = knowledge.tables
        self.languages = load_languages(knowledge.folder)
        self._reach = {name: self._reachable(name) for name in knowledge.tables}
        self.dimensions = self._collect_dimensions()
        self.conversation_dimension = self._centre()

    def _collect_dimensions(self) -> dict[str, list[tuple[str, ColumnFile]]]:
        found: dict[str, list[tuple[str, ColumnFile]]] = {}
        for name, table in self.tables.items():
            for column in table.table_columns:
                found.setdefault(dimension_name(column), []).append((name, column))
        return found

    def _centre(self) -> str | None:
        """The dimension by which most other tables refer to one: what everything here is about, a conversation."""
        referred: dict[tuple[str, str], int] = {}
        for table in self.tables.values():
            for join in table.joins:
                if join.type != "one_to_many" and join.to in self.tables and len(join.columns) == 1:
                    place = (join.to, next(iter(join.columns.values())))
                    referred[place] = referred.get(place, 0) + 1
        if not referred:
            return None
        return self.column_dimension(*max(referred, key=lambda place: referred[place]))

    def _reachable(self, start: str) -> dict[str, tuple[Hop, ...]]:
        """Every table that `start` reaches along *_to_one joins, each by its shortest path (breadth first)."""
        paths: dict[str, tuple[Hop, ...]] = {start: ()}
        queue = [start]
        while queue:
            here = queue.pop(0)
            for join in self.tables[here].joins:
                if join.type == "one_to_many" or join.to in paths or join.to not in self.tables:
                    continue
                paths[join.to] = (*paths[here], Hop(join, self.tables[join.to]))
                queue.append(join.to)
        return paths

    def place(self, dimension: str, table: str) -> Place | None:
        """The column that `dimension` means for rows of `table`: its own first, then the nearest by joins."""
        candidates = [
            Place(column, self._reach[table][owner])
            for owner, column in self.dimensions.get(dimension, ())
            if owner in self._reach.get(table, {})
        ]
        return min(candidates, key=lambda place: len(place.hops), default=None)

    def reaches(self, table: str, other: str) -> bool:
        """Whether rows of `table` belong to at most one row of `other` each."""
        return other in self._reach.get(table, {})

    def counts_rows(self, name: str) -> bool:
        """Whether a metric counts rows, so that they can be listed."""
        metric = self.metrics[name]
        aggregate = read_aggregate(metric.calculation or "") if metric.numerator is None else None
        return aggregate is not None and aggregate.function == "COUNT" and aggregate.argument == "*"

    def row_value(self, name: str) -> str | None:
        """The SQL of what a metric averages or adds up, as a number of a single row; None for any other metric."""
        metric = self.metrics[name]
        aggregate = read_aggregate(metric.calculation or "") if metric.numerator is None else None
        if aggregate is None or aggregate.function not in ("AVG", "SUM"):
            return None
        return f"{aggregate.before}{aggregate.argument}{aggregate.after}"

    def rate_of(self, name: str) -> str | None:
        """The rate whose part is what a count metric counts, where just one is: failed tasks → failure rate."""
        counted = self.metrics[name]
        if not self.selects(name) or counted.parameters:
            return None
        found = [
            rate.name
            for rate in self.metrics.values()
            if rate.unit == "percent" and rate.table == counted.table and rate.numerator is not None
            if rate.numerator.filter == counted.filter and rate.numerator.calculation == counted.calculation
        ]
        return found[0] if len(found) == 1 else None

    def rate_within(self, part: str, whole: str) -> str | None:
        """The rate that sets what one metric counts against what another counts."""
        rate = self.rate_of(part)
        below = self.metrics[rate].denominator if rate is not None else None
        if rate is None or not self.counts_rows(whole):
            return None
        said = below.filter if below is not None and below.filter is not None else self.metrics[rate].filter
        return rate if said == self.metrics[whole].filter else None

    def is_whole(self, name: str) -> bool:
        """Whether a metric counts all the rows that some rate is a rate of: tool calls, of which some fail."""
        counted = self.metrics[name]
        rates = [one for one in self.metrics.values() if one.unit == "percent" and one.table == counted.table]
        return self.counts_rows(name) and any(rate.filter == counted.filter for rate in rates)

    def siblings(self, name: str) -> list[str]:
        """Metrics that share an ambiguous word with this one: the cost of the pipeline, the cost of chats."""
        terms = [[m.metric for m in entry.meanings if m.metric] for entry in self.knowledge.vocabulary]
        return list(dict.fromkeys(other for names in terms if name in names for other in names if other != name))

    def measured_by(self, dimension: str) -> str | None:
        """The one metric that averages a measure column as it stands; None where there are several or none."""
        found = [name for name in self.metrics if self.measured_dimension(name) == dimension]
        found = [name for name in found if not self.metrics[name].filter] or found
        return found[0] if len(found) == 1 else None

    def waiting_since(self, name: str) -> str | None:
        """The moment since when the rows of a metric wait, if its file says so."""
        column = self.metrics[name].since
        return self.column_dimension(self.metric_table(self.metrics[name]), column) if column else None

    def column_dimension(self, table: str, name: str) -> str:
        """What a table's column is called in questions."""
        return next((dimension_name(one) for one in self.tables[table].table_columns if one.name == name), name)

    def distinct_dimension(self, name: str) -> str | None:
        """The dimension whose different values a metric counts ("unique customers"); None for any other metric."""
        metric = self.metrics[name]
        aggregate = read_aggregate(metric.calculation or "") if metric.numerator is None else None
        if aggregate is None or aggregate.function != "COUNT" or not aggregate.argument.upper().startswith("DISTINCT "):
            return None
        column = aggregate.argument[len("DISTINCT ") :].strip()
        table = self.tables.get(metric.table or "")
        owned = [dimension_name(one) for one in table.table_columns if one.name == column] if table else []
        return owned[0] if owned and not metric.filter else None

    def distinct_metric(self, dimension: str) -> MetricFile | None:
        """The metric that counts the different values of a dimension, where the knowledge has just one."""
        found = [metric for name, metric in self.metrics.items() if self.distinct_dimension(name) == dimension]
        return found[0] if len(found) == 1 else None

    def key(self, table: str) -> str | None:
        """The dimension that tells the rows of a table apart, by which other tables refer to them."""
        entities = {c.name: dimension_name(c) for c in self.tables[table].table_columns if c.role == "entity"}
        primary = self.tables[table].primary_key
        if len(primary) == 1 and primary[0] in entities:
            return entities[primary[0]]
        return next((name for name in entities.values() if self.home(name) == table), None)

    def row_dimension(self, table: str) -> str | None:
        """The dimension of a table's primary key, where that is one column: each row is about another value of it."""
        primary = self.tables[table].primary_key
        return self.column_dimension(table, primary[0]) if len(primary) == 1 else None

    def measured_dimension(self, name: str) -> str | None:
        """The one column that a metric averages or adds up, as a dimension; None when it takes several or none."""
        value, table = self.row_value(name), self.tables.get(self.metrics[name].table or "")
        if value is None or table is None:
            return None
        names = {
            c.name: dimension_name(c) for c in table.table_columns if re.search(rf"\b{re.escape(c.name)}\b", value)
        }
        found = [dimension for dimension in names.values() if self.is_measure(dimension)]
        return found[0] if len(names) == 1 and found else None

    def present_dimension(self, name: str) -> str | None:
        """The measure of which a metric counts the rows that have one ("ratings"); None for any other metric."""
        if not self.selects(name):
            return None
        table = self.tables[self.metric_table(self.metrics[name])]
        said = read_conditions(self.metrics[name].filter)
        found = [c for c in table.table_columns if said == read_conditions(f"{c.name} IS NOT NULL")]
        dimensions = [dimension_name(c) for c in found if c.role == "measure"]
        return dimensions[0] if dimensions else None

    def always_measured(self, name: str, measure: str, within: tuple[str, ...] = ()) -> bool:
        """Whether each row that `name` counts (and that the metrics `within` count as well) has a number of what
        `measure` averages."""
        column = self.measured_dimension(measure)
        if column is not None and column in {self.present_dimension(one) for one in (name, *within)}:
            return True
        said = {part for one in (name, *within) for part in read_conditions(self.metrics[one].filter)}
        needed = read_conditions(self.metrics[measure].filter)
        if needed:
            return needed <= said
        owners = dict(self.dimensions.get(column or "", ()))
        own = owners.get(self.metric_table(self.metrics[measure]))
        return own is not None and own.never_null

    def counts_things(self, name: str) -> bool:
        """Whether a metric counts things that have rows of other tables, or several of its own: customers, tickets."""
        return self.distinct_dimension(name) is not None or (
            self.counts_rows(name) and self.key(self.metric_table(self.metrics[name])) is not None
        )

    def selects(self, name: str) -> bool:
        """Whether a metric counts those rows of a table that pass its filter, and so can narrow other metrics."""
        return self.counts_rows(name) and bool(self.metrics[name].filter)

    def same_rows(self, name: str, other: str) -> bool:
        """Whether two metrics look at rows of one table."""
        return self.metrics[name].table == self.metrics[other].table

    def moment_of(self, dimension: str, values: Sequence[Scalar]) -> str | None:
        """When rows came to have a value, where a metric that counts just these is told by another time than the rows
        of its table: tickets that are sent, by when they were."""
        for table, column in self.dimensions.get(dimension, ()):
            said = read_conditions(f"{column.name} = '{values[0]}'") if len(values) == 1 else None
            for metric in self.metrics.values():
                if metric.table == table and said and read_conditions(metric.filter) == said and metric.time_dimension:
                    time = self.time_dimension(metric)
                    return time if time != self.table_time(table) else None
        return None

    def narrows(self, name: str, other: str) -> bool:
        """Whether a metric looks at some of the rows that another picks out: its filter says all that the other's says
        ("sent by nobody" and "sent")."""
        if not self.same_rows(name, other):
            return False
        said, known = (read_conditions(self.metrics[each].filter) for each in (name, other))
        return bool(known) and known < said

    def excludes(self, name: str, other: str) -> bool:
        """Whether no row is one of both metrics, by a condition of the one that the other denies."""
        said, known = (read_conditions(self.metrics[each].filter) for each in (name, other))
        return any(a == b.replace(yes, no) != b for yes, no in _DENIALS for a in said for b in known)

    def main_table(self, dimension: str) -> str | None:
        """The table that a dimension is at home in: where its values are described."""
        owners = [table for table, column in self.dimensions.get(dimension, ()) if column.values]
        return owners[0] if len(owners) == 1 else None

    def stages(self, dimension: str) -> tuple[Scalar, ...]:
        """A column's values, where the file lists them in the order in which rows pass them."""
        for _, column in self.dimensions.get(dimension, ()):
            if column.progress:
                return tuple(known.value for known in column.values)
        return ()

    def stages_from(self, dimension: str, value: Scalar) -> tuple[Scalar, ...]:
        """A stage and those after it."""
        values = self.stages(dimension)
        return values[values.index(value) :] if value in values else ()

    def funnel_of(self, table: str) -> str | None:
        """The dimension whose stages the rows of a table pass, where just one is."""
        found = [dimension_name(column) for column in self.tables[table].table_columns if column.progress]
        return found[0] if len(found) == 1 else None

    def is_hidden(self, dimension: str) -> bool:
        """Whether a dimension holds personal data or strangers' text, which nobody is shown by asking."""
        return any(column.personal or column.untrusted for _, column in self.dimensions.get(dimension, ()))

    def is_personal(self, dimension: str) -> bool:
        """Whether a dimension holds personal data."""
        return any(column.personal for _, column in self.dimensions.get(dimension, ()))

    def is_measure(self, dimension: str) -> bool:
        """Whether a dimension holds numbers that are measured and not grouped by."""
        return any(column.role == "measure" for _, column in self.dimensions.get(dimension, ()))

    def is_numeric(self, dimension: str) -> bool:
        """Whether a dimension's columns hold numbers, and not text that is to be read as one."""
        types = [column.type.lower() for _, column in self.dimensions.get(dimension, ())]
        return all(one.startswith(_NUMERIC) for one in types)

    def scale(self, dimension: str) -> frozenset[int]:
        """The numbers that a dimension's values are chosen from, where they are that: one to five stars."""
        listed = [one.value for _, column in self.dimensions.get(dimension, ()) for one in column.values]
        return frozenset(value for value in listed if isinstance(value, int) and not isinstance(value, bool))

    def range_of(self, dimension: str) -> tuple[float, float] | None:
        """The least and the greatest number of a measure, where it has them: one to five stars."""
        return next((column.range for _, column in self.dimensions.get(dimension, ()) if column.range), None)

    def identifies(self, dimension: str) -> bool:
        """Whether a dimension's values name single things (a ticket, a customer)."""
        return any(column.role == "entity" for _, column in self.dimensions.get(dimension, ()))

    def home(self, dimension: str) -> str | None:
        """The table whose rows an identifier names: the one that others join by it."""
        owners = dict(self.dimensions.get(dimension, ()))
        joined: dict[str, int] = {}
        for table in self.tables.values():
            for join in table.joins:
                column = owners.get(join.to)
                if column is not None and column.role == "entity" and column.name in join.columns.values():
                    joined[join.to] = joined.get(join.to, 0) + 1
        if joined:
            return max(joined, key=lambda name: joined[name])
        return next((name for name, column in owners.items() if column.role == "entity"), None)

    def metric_table(self, metric: MetricFile) -> str:
        """The table that a metric counts over, by its full name."""
        assert metric.table is not None, "a loaded metric that is used in a query has a table"
        return metric.table

    def allows(self, metric: MetricFile, dimension: str) -> bool:
        """Whether a metric may be split or filtered by a dimension."""
        if dimension in DERIVED_TIME_DIMENSIONS:
            return True
        if metric.dimensions is not None and dimension not in metric.dimensions:
            place = self.place(dimension, self.metric_table(metric))
            return place is not None and place.column.role in ("entity", "measure", "time") and not place.hops
        return self.place(dimension, self.metric_table(metric)) is not None

    def time_dimension(self, metric: MetricFile, override: str | None = None) -> str | None:
        """The dimension that places a metric's rows in a period: the one that the question names, else the metric's
        own, else its table's. Files name a column of the table; a question names a dimension."""
        table = self.metric_table(metric)
        return self.table_time(table, override, metric.time_dimension)

    def table_time(self, table: str, override: str | None = None, column: str | None = None) -> str | None:
        """The same for rows of a table without a metric."""
        if override is None:
            own = column or self.tables[table].time_dimension
            for candidate in self.tables[table].table_columns:
                if candidate.name == own:
                    return dimension_name(candidate)
            override = own
        if override is not None and self.place(override, table) is not None:
            return override
        return None

    def count_metric(self, table: str) -> MetricFile | None:
        """The metric that counts rows of a table."""
        name = self.tables[table].count_metric
        return self.metrics.get(name) if name else None

    def durations(self, table: str | None) -> list[str]:
        """The metrics of a table, or of any, that say how long something took of each row."""
        return [
            name
            for name, metric in self.metrics.items()
            if metric.unit in DURATIONS and table in (None, metric.table) and self.row_value(name) is not None
        ]

    def duration_of(self, name: str) -> str | None:
        """What a mere length of time says of the rows that a metric counts: what is measured of just these rows ("sent
        within 24 hours"), else what the table's file names ("chats longer than 30 minutes")."""
        metric = self.metrics[name]
        found = self.durations(metric.table)
        own = [one for one in found if metric.filter is not None and self.metrics[one].filter == metric.filter]
        if len(own) == 1:
            return own[0]
        table = self.tables.get(metric.table or "")
        return table.duration_metric if table is not None else None

    def is_array(self, dimension: str) -> bool:
        """Whether one row may have several values of a dimension."""
        return any(column.type.endswith("[]") for _, column in self.dimensions.get(dimension, ()))

    def words(self, language: str) -> ColumnWords:
        """Names of result columns that no knowledge file defines, in a language or else in the first that there is."""
        chosen = self.languages.get(language) or next(iter(self.languages.values()))
        return chosen.columns

    def label(self, dimension: str, language: str) -> str:
        """What people call a dimension."""
        if dimension in DERIVED_TIME_DIMENSIONS:
            return self.words(language).derived.get(dimension, dimension)
        for _, column in self.dimensions.get(dimension, ()):
            if column.label:
                return text_in(column.label, language, dimension)
        return dimension.replace("_", " ")

    def metric_label(self, name: str, language: str) -> str:
        """What people call a metric."""
        return text_in(self.metrics[name].label, language, name.replace("_", " "))


def dimension_name(column: ColumnFile) -> str:
    """A column's name in questions."""
    return column.dimension or column.name


def text_in(texts: Mapping[str, str], language: str, default: str) -> str:
    """A text in a language, else the one without a language, else English, else the default."""
    return texts.get(language) or texts.get("") or texts.get("en") or default
