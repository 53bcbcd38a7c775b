"""A question's meaning in governed terms: metrics × dimensions × filters × time × comparison × order.

Names in here are names from the knowledge (a metric's `name`, a column's `dimension`), never SQL. The one compiler in
`dash/semantics/` turns it into SQL; the composed planner reads it out of a question, a language model is asked for it,
and a follow-up changes one slot of it. Everything is frozen and JSON-able (`dash.semantics.json`), so a run keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Grain = Literal["hour", "day", "week", "month", "quarter", "year"]
Unit = Literal["minute", "hour", "day", "week", "month", "quarter", "year"]
Scalar = str | int | float | bool


@dataclass(frozen=True)
class Moment:
    """A point in time, relative to `now` or fixed: start from `at` (or now), cut to `truncate`, then
    move by `shift` `unit`s.

    Moment(truncate="week", shift=-1, unit="week") is Monday 00:00 of last week in the reporting zone.
    """

    at: datetime | None = None
    truncate: Grain | None = None
    shift: int = 0
    unit: Unit | None = None


@dataclass(frozen=True)
class Window:
    """A half-open period [start, end); None is open. `previous` is the comparable period before it, if there is one.

    `phrase` is the canonical name of the period (an id such as "this_week", "last_n_days:7", "month:2026-01"), which
    surfaces put into words; `unfinished` means that the calendar period still runs.
    """

    start: Moment | None
    end: Moment | None
    phrase: str
    unfinished: bool = False
    previous_start: Moment | None = None
    previous_end: Moment | None = None


@dataclass(frozen=True)
class MetricUse:
    """One metric, optionally with another aggregation of the same expression (median, p90 …), another unit of time
    (minutes, hours, days) and parameter values."""

    name: str
    aggregation: str | None = None
    unit: str | None = None
    parameters: tuple[tuple[str, Scalar], ...] = ()


@dataclass(frozen=True)
class Filter:
    """A condition on a dimension or measure column. `values` is empty for is_null / not_null."""

    dimension: str
    operator: Literal["in", "not_in", "is_null", "not_null", "gt", "ge", "lt", "le", "between"]
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True)
class Threshold:
    """A condition on a metric: of each group, after aggregation ("categories with more than 100 tickets"), or of each
    row ("tickets that took more than 48 hours to send"), in the metric's own unit. Without a value it is the average
    that is the bound ("categories with a CSAT below average")."""

    metric: str
    operator: Literal["gt", "ge", "lt", "le", "eq"]
    value: float | None


@dataclass(frozen=True)
class ComparedSide:
    """Some of the rows, set against others: those that pass a filter, or those that another count metric of the same
    table counts (`within`). One with neither stands for all rows that the first side leaves."""

    filter: Filter | None = None
    within: str | None = None

    @property
    def is_rest(self) -> bool:
        """Whether it stands for what the other side leaves."""
        return self.filter is None and self.within is None


@dataclass(frozen=True)
class Comparison:
    """What the result is set beside: an earlier period of the same length, another window, or, row by row of the
    result, two sides that no row is on both of."""

    kind: Literal["previous", "window", "sides"]
    window: Window | None = None
    sides: tuple[ComparedSide, ...] = ()


@dataclass(frozen=True)
class Order:
    """Order by a metric or dimension name, or by the time grain (`by="time"`)."""

    by: str
    descending: bool = True


@dataclass(frozen=True)
class SemanticQuery:
    """See the module. `rows_of` names a table or a count metric whose rows are listed (shape "list").

    `share` with a `numerator` (or `numerator_metric`, `numerator_each`) asks what part of the metric's rows pass it, in
    each group; `share` without one asks for each group's part of the whole. `counted` asks how many there are and how
    many of them pass; the share stands beside these two. `within` names count metrics whose rows
    alone are looked at ("CSAT of stuck tickets"). `each` are conditions on single rows by what a metric averages.
    `count_groups` asks how many groups there are, and not which ("how many customers wrote more than 3 times").
    `running` adds up a trend from its first bucket on, `growth` sets each bucket beside the one before,
    `against_average` each group beside the average. `funnel` counts, for each stage of its one dimension, the rows that
    have reached it. `of_each` is the dimension within each of whose groups the first `limit` are wanted ("the commonest
    category of each channel"), and not of all.
    """

    shape: Literal["aggregate", "list"] = "aggregate"
    metrics: tuple[MetricUse, ...] = ()
    rows_of: str | None = None
    columns: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    grain: Grain | None = None
    filters: tuple[Filter, ...] = ()
    within: tuple[str, ...] = ()
    window: Window | None = None
    time_dimension: str | None = None
    comparison: Comparison | None = None
    having: tuple[Threshold, ...] = ()
    share: bool = False
    numerator: tuple[Filter, ...] = ()
    numerator_metric: str | None = None
    numerator_each: tuple[Threshold, ...] = ()
    counted: bool = False
    each: tuple[Threshold, ...] = ()
    count_groups: bool = False
    running: bool = False
    growth: bool = False
    against_average: bool = False
    funnel: bool = False
    order: Order | None = None
    limit: int | None = None
    of_each: str | None = None

    @property
    def sides(self) -> tuple[ComparedSide, ...]:
        """The two sides by which it is told, if it is."""
        return self.comparison.sides if self.comparison is not None else ()

    @property
    def is_parted(self) -> bool:
        """Whether it says which of the metric's rows are the part that a share is asked of."""
        return bool(self.numerator or self.numerator_metric or self.numerator_each)

    @property
    def conditions(self) -> tuple[Filter, ...]:
        """Every filter, of all rows and of the part."""
        return (*self.filters, *self.numerator)

    @property
    def bounds(self) -> tuple[Threshold, ...]:
        """Every bound, on groups, on rows and on those of the part."""
        return (*self.having, *self.each, *self.numerator_each)
