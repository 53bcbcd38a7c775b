"""Metrics: what each counts or measures, of which rows, and what two of them have to do with each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dash.knowledge import Knowledge
from dash.knowledge.formats import MetricFile
from dash.semantics.dimensions import Dimensions, dimension_name, text_in
from dash.semantics.fragments import identifier, read_aggregate, read_conditions

DURATIONS = ("hours", "minutes", "seconds", "milliseconds")
"""Units of durations."""

_DENIALS = ((" IS NULL", " IS NOT NULL"), (" IS NOT NULL", " IS NULL"), (" = ", " <> "), (" <> ", " = "))
"""How a condition is denied, as `read_conditions` spells it."""


class Metrics(Dimensions):
    """The governed metrics over the tables."""

    def __init__(self, knowledge: Knowledge) -> None:
        super().__init__(knowledge)
        self.metrics = knowledge.metrics

    def metric_table(self, metric: MetricFile) -> str:
        """The table that a metric counts over, by its full name."""
        assert metric.table is not None, "a loaded metric that is used in a query has a table"
        return metric.table

    def metric_label(self, name: str, language: str) -> str:
        """What people call a metric."""
        return text_in(self.metrics[name].label, language, name.replace("_", " "))

    def count_metric(self, table: str) -> MetricFile | None:
        """The metric that counts rows of a table."""
        name = self.tables[table].count_metric
        return self.metrics.get(name) if name else None

    def counts_rows(self, name: str) -> bool:
        """Whether a metric counts rows, so that they can be listed."""
        metric = self.metrics[name]
        aggregate = read_aggregate(metric.calculation or "") if metric.numerator is None else None
        return aggregate is not None and aggregate.function == "COUNT" and aggregate.argument == "*"

    def selects(self, name: str) -> bool:
        """Whether a metric counts those rows of a table that pass its filter, and so can narrow other metrics."""
        return self.counts_rows(name) and bool(self.metrics[name].filter)

    def counts_things(self, name: str) -> bool:
        """Whether a metric counts things that have rows of other tables, or several of its own: customers, tickets."""
        return self.distinct_dimension(name) is not None or (
            self.counts_rows(name) and self.key(self.metric_table(self.metrics[name])) is not None
        )

    def row_value(self, name: str) -> str | None:
        """The SQL of what a metric averages or adds up, as a number of a single row; None for any other metric."""
        metric = self.metrics[name]
        aggregate = read_aggregate(metric.calculation or "") if metric.numerator is None else None
        if aggregate is None or aggregate.function not in ("AVG", "SUM"):
            return None
        return f"{aggregate.before}{aggregate.argument}{aggregate.after}"

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

    def measured_by(self, dimension: str) -> str | None:
        """The one metric that averages a measure column as it stands; None where there are several or none."""
        found = [name for name in self.metrics if self.measured_dimension(name) == dimension]
        found = [name for name in found if not self.metrics[name].filter] or found
        return found[0] if len(found) == 1 else None

    def present_dimension(self, name: str) -> str | None:
        """The measure of which a metric counts the rows that have one ("ratings"); None for any other metric."""
        return self._picked_by(name, "IS NOT NULL", measures=True)

    def repeated_dimension(self, name: str) -> str | None:
        """The measure that says how often what a metric counts has happened to a row ("reassigned tickets" have been
        so once at least); None for any other metric."""
        return self._picked_by(name, "> 0", measures=True)

    def absent_dimension(self, name: str) -> str | None:
        """The dimension of which a metric counts the rows that have none ("unassigned tickets"); None for any other."""
        return self._picked_by(name, "IS NULL", measures=False)

    def kept_dimension(self, name: str) -> str | None:
        """The dimension of which a metric counts the rows that have one ("assigned tickets"); None for any other."""
        return self._picked_by(name, "IS NOT NULL", measures=False)

    def _picked_by(self, name: str, condition: str, *, measures: bool) -> str | None:
        """The column, a measure or any, by which alone a metric picks its rows, where this condition holds for it."""
        if not self.selects(name):
            return None
        said = read_conditions(self.metrics[name].filter)
        for column in self.tables[self.metric_table(self.metrics[name])].table_columns:
            if measures and column.role != "measure":
                continue
            if said == read_conditions(f"{identifier(column.name)} {condition}"):
                return dimension_name(column)
        return None

    def always_measured(self, name: str, measure: str, within: tuple[str, ...] = ()) -> bool:
        """Whether each row that `name` counts (and that the metrics `within` count as well) has a number of what
        `measure` averages."""
        column = self.measured_dimension(measure)
        if column is not None and column in {self.present_dimension(one) for one in (name, *within)}:
            return True
        said = {part for one in (name, *within) for part in read_conditions(self.metrics[one].filter)}
        needed = read_conditions(self.metrics[measure].filter)
        if needed:
            return needed - self._always_there(measure, said) <= said
        owners = dict(self.dimensions.get(column or "", ()))
        own = owners.get(self.metric_table(self.metrics[measure]))
        return own is not None and own.never_null

    def _always_there(self, measure: str, said: frozenset[str] | set[str]) -> set[str]:
        """The conditions "this column has a value" that hold wherever these conditions do."""
        columns = self.tables[self.metric_table(self.metrics[measure])].table_columns
        there = [one.name for one in columns if one.always_where and read_conditions(one.always_where) <= said]
        return {part for name in there for part in read_conditions(f"{identifier(name)} IS NOT NULL")}

    def distinct_dimension(self, name: str) -> str | None:
        """The dimension whose different values a metric counts in all rows ("unique customers"); None for any other
        metric."""
        return None if self.metrics[name].filter else self.counted_dimension(name)

    def counted_dimension(self, name: str) -> str | None:
        """The dimension whose different values a metric counts, be it in some rows only ("agents who answered")."""
        metric = self.metrics[name]
        return self._counted(metric, metric.calculation) if metric.numerator is None else None

    def _counted(self, metric: MetricFile, calculation: str | None) -> str | None:
        """The dimension whose different values a calculation over the rows of a metric counts."""
        aggregate = read_aggregate(calculation or "")
        if aggregate is None or aggregate.function != "COUNT" or not aggregate.argument.upper().startswith("DISTINCT "):
            return None
        column = aggregate.argument[len("DISTINCT ") :].strip()
        table = self.tables.get(metric.table or "")
        owned = {one.name: dimension_name(one) for one in table.table_columns} if table else {}
        return owned.get(column, column if column in owned.values() else None)

    def distinct_metric(self, dimension: str) -> MetricFile | None:
        """The metric that counts the different values of a dimension, where the knowledge has just one."""
        found = [metric for name, metric in self.metrics.items() if self.distinct_dimension(name) == dimension]
        return found[0] if len(found) == 1 else None

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

    def rated_by(self, name: str) -> tuple[float, float] | None:
        """The range of the measure of which a rate tells how many rows have one (that of CSAT scores, for the response
        rate); None for any other metric."""
        rate = self.metrics[name].numerator
        if rate is None:
            return None
        said = read_conditions(rate.filter)
        for column in self.tables[self.metric_table(self.metrics[name])].table_columns:
            if column.role == "measure" and read_conditions(f"{identifier(column.name)} IS NOT NULL") <= said:
                return self.range_of(dimension_name(column))
        return None

    def rate_within(self, part: str, whole: str) -> str | None:
        """The rate that sets what one metric counts against what another counts."""
        rate = self.rate_of(part)
        below = self.metrics[rate].denominator if rate is not None else None
        if rate is None or not self.counts_rows(whole):
            return None
        said = below.filter if below is not None and below.filter is not None else self.metrics[rate].filter
        return rate if said == self.metrics[whole].filter else None

    def is_of(self, rate: str, whole: str) -> bool:
        """Whether a metric counts all that a rate is a part of: chats, of which some are escalated."""
        told, below = self.metrics[rate], self.metrics[rate].denominator
        if told.unit != "percent" or below is None or not self.same_rows(rate, whole) or not self.counts_rows(whole):
            return False
        said = read_conditions(told.filter) | read_conditions(below.filter)
        return said == read_conditions(self.metrics[whole].filter) and not self.metrics[whole].parameters

    def is_whole(self, name: str) -> bool:
        """Whether a metric counts all the rows that some rate is a rate of: tool calls, of which some fail."""
        counted = self.metrics[name]
        rates = [one for one in self.metrics.values() if one.unit == "percent" and one.table == counted.table]
        return self.counts_rows(name) and any(rate.filter == counted.filter for rate in rates)

    def per_thing(self, name: str, thing: str) -> str | None:
        """What a metric adds up to for each of the things that a dimension identifies, where just one metric says so:
        messages, by ticket → messages per ticket."""
        total = self.metrics[name]
        found = [
            each.name
            for each in self.metrics.values()
            if each.table == total.table and each.numerator is not None and each.denominator is not None
            if self._counted(each, each.denominator.calculation) == thing
            if (each.numerator.calculation, each.numerator.filter) == (total.calculation, total.filter)
        ]
        return found[0] if len(found) == 1 else None

    def is_per_day(self, name: str) -> bool:
        """Whether a metric is how many there are on average in a unit of time."""
        below = self.metrics[name].denominator
        return below is not None and "date_trunc" in below.calculation.lower()

    def same_rows(self, name: str, other: str) -> bool:
        """Whether two metrics look at rows of one table."""
        return self.metrics[name].table == self.metrics[other].table

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

    def shares_condition(self, name: str, other: str) -> bool:
        """Whether two metrics pick their rows by a column that both look at, or look at different rows."""
        if not self.same_rows(name, other):
            return True
        columns = {one.name for one in self.tables[self.metric_table(self.metrics[name])].table_columns}
        texts = (re.sub(r"'[^']*'", "", self.metrics[each].filter or "") for each in (name, other))
        first, second = (columns & set(re.findall(r"\w+", text)) for text in texts)
        return bool(first & second)

    def with_value(self, name: str, dimension: str, value: object) -> str | None:
        """The one count that picks its rows as this one does but by another value of a dimension: the messages of
        people for those of the AI. None for a metric that picks no rows by it."""
        place = self.place(dimension, self.metric_table(self.metrics[name])) if self.selects(name) else None
        if place is None or place.hops or not isinstance(value, str):
            return None
        column = identifier(place.column.name)
        said = read_conditions(self.metrics[name].filter)
        by = {part for part in said if part.startswith(f"{column} = ")}
        quoted = value.replace("'", "''")
        wanted = (said - by) | read_conditions(f"{column} = '{quoted}'")
        found = [one for one in self.metrics if self.same_rows(one, name) and self.selects(one) and one != name]
        found = [one for one in found if by and read_conditions(self.metrics[one].filter) == wanted]
        return found[0] if len(found) == 1 else None

    def acts(self, dimension: str) -> bool:
        """Whether a dimension is who does what some metric counts: the agent who sends."""
        return any(one.actor == dimension for one in self.metrics.values())

    def siblings(self, name: str) -> list[str]:
        """Metrics that share an ambiguous word with this one: the cost of the pipeline, the cost of chats."""
        return _others(name, ([m.metric for m in entry.meanings if m.metric] for entry in self.knowledge.vocabulary))

    def alike(self, name: str) -> list[str]:
        """Metrics that a file says to be the same of other rows: the resolution rate of tickets, that of chats."""
        return _others(name, ([one.name, one.like] for one in self.metrics.values() if one.like))

    def waiting_since(self, name: str) -> str | None:
        """The moment since when the rows of a metric wait, if its file says so."""
        column = self.metrics[name].since
        return self.column_dimension(self.metric_table(self.metrics[name]), column) if column else None

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
        same = metric.filter is not None
        own = [one for one in found if same and (self.metrics[one].filter == metric.filter or self.narrows(one, name))]
        if len(own) == 1:
            return own[0]
        table = self.tables.get(metric.table or "")
        return table.duration_metric if table is not None else None


def _others(name: str, groups: Iterable[Sequence[str]]) -> list[str]:
    """Who is in a group with `name`."""
    return list(dict.fromkeys(other for names in groups if name in names for other in names if other != name))
