"""What can be asked of a database: which metric may be split or filtered by which dimension, and in whose time.

Its floors are `dimensions` (tables, columns, the only joins that are followed) and `metrics` (what is counted and
measured); here they meet.
"""

from __future__ import annotations

from collections.abc import Sequence

from dash.knowledge import Knowledge
from dash.knowledge.formats import MetricFile
from dash.records.semantic_query import Scalar
from dash.semantics.dimensions import DERIVED_TIME_DIMENSIONS, dimension_name
from dash.semantics.fragments import read_conditions
from dash.semantics.metrics import Metrics


class SemanticModel(Metrics):
    """Read-only view of the knowledge for planning. Built once per load of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        super().__init__(knowledge)
        self.conversation_dimension = self._centre()

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

    def allows(self, metric: MetricFile, dimension: str) -> bool:
        """Whether a metric may be split or filtered by a dimension."""
        if dimension in DERIVED_TIME_DIMENSIONS:
            return True
        place = self.place(dimension, self.metric_table(metric))
        if place is None or not self.is_told_of(dimension, metric.name):
            return False
        listed = metric.dimensions is None or dimension in metric.dimensions
        return listed or (place.column.role in ("entity", "measure", "time") and not place.hops)

    def is_told_of(self, dimension: str, metric: str) -> bool:
        """Whether the rows of a metric have a dimension that only some metrics' rows have."""
        only = [column.only_metrics for _, column in self.dimensions.get(dimension, ()) if column.only_metrics]
        return all(metric in names for names in only)

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

    def moment_of(self, dimension: str, values: Sequence[Scalar]) -> str | None:
        """When rows came to have a value, where a metric that counts just these is told by another time than the rows
        of its table: tickets that are sent, by when they were."""
        metric = self.counted_then(dimension, values)
        return self.time_dimension(self.metrics[metric]) if metric is not None else None

    def counted_then(self, dimension: str, values: Sequence[Scalar]) -> str | None:
        """That metric."""
        for table, column in self.dimensions.get(dimension, ()):
            said = read_conditions(f"{column.name} = '{values[0]}'") if len(values) == 1 else None
            for metric in self.metrics.values():
                if metric.table == table and said and read_conditions(metric.filter) == said and metric.time_dimension:
                    return metric.name if self.time_dimension(metric) != self.table_time(table) else None
        return None
