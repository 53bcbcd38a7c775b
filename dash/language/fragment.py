"""What a cover of spans says, slot by slot, before it is decided whether it is a whole question.

A fragment may be incomplete («а за февраль?»): then it changes slots of the previous turn's query.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dash.records import ComparedSide, Filter, Threshold, Window
from dash.records.semantic_query import Scalar

VAGUE = "how much that is, nobody has said"
"""The reason of a cover with a word such as "low", of which no definition says where it begins."""


EXTREMES = {"slowest": "max", "fastest": "min", "highest": "max", "lowest": "min"}
"""Orders that name an aggregation where nothing is ordered: "the longest time to send"."""

NATURAL = "natural"
"""The aggregation that a metric has by itself, where it is named beside others."""


class DoesNotCompose(Exception):
    """A cover whose parts do not fit together; `span` is the position of the part that has no place."""

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position


class Doubtful(DoesNotCompose):
    """Parts that fit together in two ways. Then no dearer cover is answered in its place: the product asks."""


@dataclass
class Bound:
    """A number with its comparator, waiting for what it bounds; no value is the average. `times`: a number of times."""

    operator: str
    value: float | None
    position: int
    unit: str | None = None
    percent: bool = False
    metric: str | None = None
    row: str | None = None
    dimension: str | None = None
    times: bool = False


@dataclass
class Fragment:
    """Slots filled by one cover. Lists keep the order of the words."""

    metrics: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    owning_rows: set[str] = field(default_factory=set)
    groups: list[str] = field(default_factory=list)
    mentioned: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    own_time: bool = False
    filters: list[Filter] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    grain: str | None = None
    shapes: set[str] = field(default_factory=set)
    aggregation: str | None = None
    own_aggregations: dict[str, str] = field(default_factory=dict)
    more_aggregations: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    by_change: bool | None = None
    order: str | None = None
    order_by: str | None = None
    limit: int | None = None
    singular: bool = False
    sorted: bool = False
    implied: bool = False
    first: bool = False
    frequent: bool = False
    frequent_group: bool = False
    priced: bool = False
    unsaid: bool = False
    which: bool = False
    which_rows: bool = False
    who: bool = False
    every: bool = False
    each_said: bool = field(default=False, compare=False)
    splits: bool = False
    which_value: bool = False
    of_each: tuple[str, bool] | None = None
    headless: set[str] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set, compare=False)
    bounds: list[Bound] = field(default_factory=list)
    time_dimension: str | None = None
    moments: set[str] = field(default_factory=set)
    done_at: str | None = None
    follow_up: bool = False
    corrects: bool = False
    elided: str | None = None
    adds: bool = False
    only: bool = False
    both: bool = False
    distributed: bool = False
    refers: bool = False
    now: bool = False
    against: bool = False
    earlier: bool = False
    earlier_unit: str | None = None
    paired: bool = False
    unit: str | None = None
    unit_said: bool = False
    part: list[Filter] = field(default_factory=list)
    part_metric: str | None = None
    valued: int | None = None
    settled: set[str] = field(default_factory=set)
    each: list[Threshold] = field(default_factory=list)
    having: list[Threshold] = field(default_factory=list)
    parameters: dict[str, tuple[tuple[str, Scalar], ...]] = field(default_factory=dict)
    counted: str | None = None
    numbered: bool = False
    count_groups: bool = False
    running: bool = False
    replaces: bool = False
    contexts: list[str] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=dict)
    topical: bool = False
    bundled: set[str] = field(default_factory=set)
    several: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    against_average: bool = False
    of_them: bool = False
    aged_by: str | None = None
    waits: bool = False
    funnel: bool = False
    was: bool = False
    acted: bool = False
    lasted: bool = False
    held: bool = False
    step: str | None = None
    sides: tuple[ComparedSide, ...] = ()
    brief: set[str] = field(default_factory=set)
