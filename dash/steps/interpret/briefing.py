"""Everything that the sentences of one answer are written from, put together once.

The shape of a result (one number, a ranking, a trend …) is read off the roles of its columns, so vetted, composed and
model-written queries are told in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from dash.knowledge import Knowledge
from dash.knowledge.phrases import Phrases, get_phrases
from dash.records import Column, QueryPlan, Question, Result, SemanticQuery
from dash.semantics.sides import SIDE
from dash.shown.labels import within
from dash.steps.interpret.conditions import condition_words
from dash.steps.interpret.labels import AnswerLabels
from dash.steps.interpret.number_lock import Cell, Expression, Said
from dash.steps.interpret.table import Table, read_table
from dash.steps.interpret.timing import Timing
from dash.steps.interpret.trend import Trend, read_trend
from dash.steps.interpret.writer import Writer, total

_COMPARED = 4

Shape = Literal["nothing", "one", "several", "compared", "ranking", "values", "series", "series_by", "cross", "list"]


@dataclass(frozen=True)
class Briefing:
    """One question, its plan and its results, with the words for them."""

    question: Question
    plan: QueryPlan
    results: Mapping[str, Result]
    knowledge: Knowledge
    phrases: Phrases
    writer: Writer
    labels: AnswerLabels
    table: Table
    timing: Timing

    @property
    def asked(self) -> SemanticQuery:
        """The question in governed terms; an empty one when a vetted or written query stands for it."""
        return self.timing.asked

    @cached_property
    def trend(self) -> Trend:
        """The rows as a trend; only for a result with a time column."""
        return read_trend(self.table, self.timing, self.metric)

    @cached_property
    def previous(self) -> Table | None:
        """The companion "previous", described like the main result."""
        result = self.results.get("previous")
        return read_table("previous", self.plan.main.columns, result) if result else None

    @cached_property
    def previous_rows(self) -> Mapping[tuple[str, ...], int]:
        """Rows of "previous" by their groups."""
        previous = self.previous
        return {previous.groups(row): row for row in range(len(previous.rows))} if previous else {}

    @property
    def compares(self) -> bool:
        """Whether anything is set against the period before."""
        return "previous" in self.results or bool(self.table.having("previous"))

    @cached_property
    def metrics(self) -> tuple[int, ...]:
        """The metric columns that were asked for."""
        wanted = {use.name for use in self.asked.metrics}
        asked = tuple(index for index in self.table.metrics if self.table.columns[index].metric in wanted)
        return asked or self.table.metrics

    @cached_property
    def companions_in_row(self) -> tuple[int, ...]:
        """Metric columns that were not asked for but belong beside the answer (a response rate beside a score)."""
        return tuple(index for index in self.table.metrics if index not in self.metrics)

    @cached_property
    def metric(self) -> int:
        """The metric that decides: the one that the question orders by, else the first."""
        by = self.asked.order.by if self.asked.order else None
        for index in self.metrics:
            if by in (self.table.columns[index].name, self.table.columns[index].metric):
                return index
        return self.metrics[0]

    @property
    def column(self) -> Column:
        return self.table.columns[self.metric]

    @cached_property
    def shape(self) -> Shape:
        table = self.table
        if not table.rows:
            return "nothing"
        if self.asked.shape == "list" or (not table.metrics and not self._only_values):
            return "list"
        if not table.metrics:
            return "values"
        if table.time is not None:
            return "series_by" if table.dimensions else "series"
        if not table.dimensions:
            return "list" if len(table.rows) > 1 else "one" if len(self.metrics) == 1 else "several"
        if len(table.dimensions) > 1:
            return "list" if self._rows_are_things else "cross"
        return "compared" if self.compared and 1 < len(table.rows) <= _COMPARED else "ranking"

    @property
    def compared(self) -> str | None:
        """The dimension whose values the question sets against each other: named, and split by."""
        if self.asked.sides:
            return SIDE
        named = [one.dimension for one in self.asked.filters if one.operator == "in" and len(one.values) > 1]
        return next((name for name in named if name in self.asked.dimensions), None)

    @property
    def _rows_are_things(self) -> bool:
        """Whether each row is one ticket, one customer … with its attributes, and not a group of many."""
        return any(
            self.labels.is_entity(self.labels.dimension_of(self.table.columns[i])) for i in self.table.dimensions
        )

    @property
    def _only_values(self) -> bool:
        return len(self.table.columns) == 1 and len(self.table.dimensions) == 1

    @property
    def period(self) -> Said:
        """The period meant, as it stands in a sentence."""
        return self.timing.period

    @property
    def newest_column(self) -> Column:
        """How a timestamp of the coverage companion is shown."""
        return Column("newest", "", "time", "attribute")

    @cached_property
    def conditions(self) -> Said:
        """The question's filters and thresholds in words, empty when there are none."""
        filters = [condition for condition in self.asked.filters if condition.dimension != self.compared]
        bounds = (*self.asked.each, *self.asked.having)
        said = condition_words(filters, bounds, self.asked.within, self.labels, self.writer)
        if self.asked.of_each is None:
            return said
        label = self.writer.quote(within(self.labels.dimension_label(self.asked.of_each)), "label")
        ranked = self.writer.fill(self.phrases.filters.first_of_each, dimension=label)
        return self.writer.join([said, ranked] if said else [ranked], self.phrases.headline.detail_separator)

    @cached_property
    def numerator(self) -> Said:
        """Of a share: which rows it is the share of."""
        also = [self.asked.numerator_metric] if self.asked.numerator_metric else []
        return condition_words(self.asked.numerator, self.asked.numerator_each, also, self.labels, self.writer)

    def with_conditions(self, said: Said) -> Said:
        """Words with the question's conditions in brackets behind them."""
        if not self.conditions:
            return said
        return self.writer.join((said, self.writer.fill(self.phrases.filters.brackets, filters=self.conditions)), " ")

    def rows_words(self) -> Said:
        """What the rows of a list are: "Stuck tickets (category: damaged item)"."""
        name = self.asked.rows_of or ""
        table = self.knowledge.tables.get(name)
        metric = table.count_metric if table else name
        label = self.labels.metric_label(metric) if metric else self.phrases.headline.rows
        return self.with_conditions(self.writer.quote(label, "label"))

    def metric_words(self, column: Column | None = None) -> Said:
        """A metric's label with the question's conditions in brackets; of each group's share also what it is of."""
        said = self.writer.quote((column or self.column).label, "label")
        if (
            self.asked.share
            and (self.asked.numerator or self.asked.numerator_each)
            and (self.asked.dimensions or self.asked.grain)
        ):
            part = self.writer.fill(self.phrases.filters.brackets, filters=self.numerator)
            said = self.writer.join((said, part), " ")
        return self.with_conditions(said)

    def column_label(self, index: int) -> Said:
        """What an output column is called."""
        return self.writer.quote(self.table.columns[index].label, "label")

    def value(self, row: int, column: int | None = None) -> Said:
        """A metric's cell in its unit."""
        index = self.metric if column is None else column
        return self.writer.cell(self.table.cell(row, index), self.table.columns[index])

    def bucket(self, row: int, grain: str) -> Said:
        """The name of a row's bucket of time."""
        assert self.table.time is not None, "only a trend has buckets"
        return self.writer.bucket(self.table.cell(row, self.table.time), grain)

    def cell_words(self, row: int, column: int) -> Said | None:
        """Any cell as it may stand in a sentence; None when it may not."""
        value, described = self.table.rows[row][column], self.table.columns[column]
        if isinstance(value, list | dict):
            return None
        if isinstance(value, str) or described.role == "dimension":
            text = self.labels.quote(described, value)
            return None if text is None else self.writer.quote(text, "label")
        if described.name in self.labels.masked:
            return None
        return self.writer.cell(self.table.cell(row, column), described)

    def group(self, row: int, dimension: int | None = None) -> Said | None:
        """The name of the group in a row, or None when it may not be said."""
        index = self.table.dimensions[0] if dimension is None else dimension
        text = self.labels.quote(self.table.columns[index], self.table.rows[row][index])
        return None if text is None else self.writer.quote(text, "label")

    @cached_property
    def overlapping(self) -> tuple[int, ...]:
        """Dimensions of which a row may have several values at once."""
        return tuple(index for index in self.table.dimensions if self.labels.overlaps(self.table.columns[index]))

    @cached_property
    def complete(self) -> bool:
        """Whether all groups are there and no row is in two of them, so that counts add up to the whole."""
        uncut = self.asked.limit is None and not self.asked.having and not self.results["main"].truncated
        uncut = uncut and not self.asked.funnel  # a row is in each stage that it reached
        return uncut and not self.overlapping

    @cached_property
    def whole(self) -> Expression | None:
        """The total of an additive metric over all groups, or None when the groups do not show it."""
        if not self.labels.adds_up(self.column):
            return None
        counted = self.total_cell(self.column)
        if counted is not None:
            return counted
        return total(self.table.cells(self.metric)) if self.complete else None

    def total_cell(self, column: Column) -> Cell | None:
        """The metric without groups, when a companion query has counted it."""
        result = self.results.get("total")
        if result is None or len(result.rows) != 1:
            return None
        position = next((i for i, came in enumerate(result.columns) if came.name == column.name), None)
        return None if position is None or result.rows[0][position] is None else Cell("total", 0, position)


def brief(question: Question, plan: QueryPlan, results: Mapping[str, Result], knowledge: Knowledge) -> Briefing:
    """Put a run's facts together. Raises KnowledgeError when the phrases are broken."""
    phrases = get_phrases(knowledge.folder, plan.language)
    main = results["main"]
    labels = AnswerLabels(knowledge, plan.language, phrases, plan, frozenset(main.masked))
    writer = Writer(results, phrases, question.zone)
    table = read_table("main", plan.main.columns, main)
    timing = Timing(question, plan, results, phrases, labels, writer)
    briefing = Briefing(question, plan, results, knowledge, phrases, writer, labels, table, timing)
    return replace(briefing, table=replace(table, columns=_name_share(briefing)))


def _name_share(briefing: Briefing) -> tuple[Column, ...]:
    """The columns; of a share's, each says what it counts: "High urgency, %", "High urgency", "Tickets"."""
    columns, asked, counts = briefing.table.columns, briefing.asked, briefing.table.counts_of_share()
    if counts is None or not (asked.share and asked.is_parted) or asked.dimensions or asked.grain:
        return columns
    whole, part = counts
    passing = briefing.numerator.text[:1].upper() + briefing.numerator.text[1:]
    named = {
        whole: briefing.labels.metric_label(columns[whole].metric or ""),
        part: passing,
        briefing.metric: f"{passing}, %",
    }
    return tuple(replace(column, label=named.get(index, column.label)) for index, column in enumerate(columns))
