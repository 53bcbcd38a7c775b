"""What a query does with its groups after they are there: sets them beside each other, adds them up, keeps or counts
those that pass a condition.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dash.errors import UserError
from dash.records import Column, SemanticQuery, Threshold
from dash.semantics.blocks import Block, Measure
from dash.semantics.dimensions import text_in
from dash.semantics.fragments import identifier, is_additive
from dash.semantics.model import SemanticModel

SIGNS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "="}
COUNTED = "groups"
"""The column that says how many groups there are."""
PLACE = "place"
"""The column that says the how manieth a group is among those that it is ranked with."""


@dataclass(frozen=True)
class Outer:
    """The query around the joined groups: columns that it adds, conditions on groups, and whether it only counts."""

    added: tuple[tuple[str, Column], ...]
    conditions: tuple[str, ...]
    counts: bool

    def wrap(self, parts: str, select: str, tail: str) -> str:
        """The whole text: common table expressions, the groups, then what is done with them."""
        if not (self.added or self.conditions or self.counts):
            return f"WITH {parts}\n{select}{tail}"
        parts += f",\njoined AS (\n{indent(select)}\n)"
        source = "joined"
        if self.added:
            listed = ", ".join(["joined.*", *(f"{sql} AS {identifier(column.name)}" for sql, column in self.added)])
            if not (self.conditions or self.counts):
                return f"WITH {parts}\nSELECT {listed}\nFROM joined{tail}"
            parts += f",\nextended AS (\n  SELECT {listed}\n  FROM joined\n)"
            source = "extended"
        where = f"\nWHERE {' AND '.join(self.conditions)}" if self.conditions else ""
        if self.counts:
            return f"WITH {parts}\nSELECT COUNT(*) AS {COUNTED}\nFROM {source}{where}"
        return f"WITH {parts}\nSELECT *\nFROM {source}{where}{tail}"


def needs_outer(query: SemanticQuery) -> bool:
    """Whether anything is done with the groups after they are there."""
    compares = query.running or query.growth or query.against_average or query.of_each
    return bool(query.having or query.count_groups or compares)


def outer_of(
    query: SemanticQuery, model: SemanticModel, blocks: list[Block], groups: list[str], language: str, overall: str
) -> Outer:
    """What this query does with its groups. `overall` names the common table expression that holds the metrics without
    groups. Raises UserError for what does not add up."""
    added: list[tuple[str, Column]] = []
    measures = [m for block in blocks for m in block.measures if m.role == "metric"]
    if query.running:
        for block in blocks:
            block.measures[:] = [replace(m, role="attribute") if m.role == "metric" else m for m in block.measures]
        added += [_running(m, query, model, groups, language) for m in measures]
    if query.growth:
        added += [one for m in measures for one in _growth(m, query, model, groups, language)]
    averaged = {t.metric for t in query.having if t.value is None}
    for measure in measures:
        if query.against_average or measure.metric in averaged:
            added.append(_average(measure, model, language, overall))
    conditions = [_condition(t, measures) for t in query.having]
    if query.of_each is not None and query.limit is not None:
        added.append(_place(query, measures, model, language))
        conditions.append(f"{PLACE} <= {query.limit}")
    return Outer(tuple(added), tuple(conditions), query.count_groups)


def averages_apart(query: SemanticQuery, model: SemanticModel) -> bool:
    """Whether the average is not that of the groups' numbers: a rate or a mean has one of its own, over all rows."""
    compares = query.against_average or any(t.value is None for t in query.having)
    return compares and any(not is_additive(model.metrics[use.name].calculation) for use in query.metrics)


def counted_column(query: SemanticQuery, model: SemanticModel, language: str) -> Column:
    """The column of a number of groups, called what the groups are."""
    dimension = query.dimensions[0]
    metric = model.distinct_metric(dimension)
    label = text_in(metric.label, language, metric.name) if metric else model.label(dimension, language)
    return Column(COUNTED, label, "count", "metric", None, None)


def _running(
    measure: Measure, query: SemanticQuery, model: SemanticModel, groups: list[str], language: str
) -> tuple[str, Column]:
    if not is_additive(model.metrics[measure.metric].calculation) or query.grain is None:
        raise UserError(f"{measure.metric} does not add up over time.")
    others = ", ".join(identifier(group) for group in groups if group != query.grain)
    partition = f"PARTITION BY {others} " if others else ""
    label = model.words(language).running.format(label=measure.label)
    column = Column(f"running_{measure.name}", label, measure.unit, "metric", measure.better, measure.metric)
    # A group without rows in a bucket has none there; the sum goes on from its last one.
    return f"SUM({identifier(measure.name)}) OVER ({partition}ORDER BY {identifier(query.grain)})", column


def _growth(
    measure: Measure, query: SemanticQuery, model: SemanticModel, groups: list[str], language: str
) -> list[tuple[str, Column]]:
    """The change against the bucket before; none where that bucket is not there."""
    if query.grain is None:
        raise UserError(f"{measure.metric} has no buckets to set beside each other.")
    name, grain, words = identifier(measure.name), identifier(query.grain), model.words(language)
    others = ", ".join(identifier(group) for group in groups if group != query.grain)
    window = f"({f'PARTITION BY {others} ' if others else ''}ORDER BY {grain})"
    step = "3 months" if query.grain == "quarter" else f"1 {query.grain}"
    before = f"CASE WHEN LAG({grain}) OVER {window} = {grain} - INTERVAL '{step}' THEN LAG({name}) OVER {window} END"
    change = Column(f"{measure.name}_growth", words.change, measure.unit, "attribute", measure.better, measure.metric)
    if measure.unit == "percent":
        return [(f"{name} - {before}", change)]
    percent = replace(change, name=f"{measure.name}_growth_percent", label=words.change_percent, unit="percent")
    return [(f"{name} - {before}", change), (f"100.0 * ({name} - {before}) / NULLIF({before}, 0)", percent)]


def _average(measure: Measure, model: SemanticModel, language: str, overall: str) -> tuple[str, Column]:
    name = identifier(measure.name)
    additive = is_additive(model.metrics[measure.metric].calculation)
    sql = f"AVG({name}) OVER ()" if additive else f"(SELECT {name} FROM {overall})"
    unit = "number" if measure.unit == "count" else measure.unit
    label = model.words(language).average.format(label=measure.label)
    return sql, Column(f"average_{measure.name}", label, unit, "attribute", measure.better, measure.metric)


def _place(query: SemanticQuery, measures: list[Measure], model: SemanticModel, language: str) -> tuple[str, Column]:
    """The place of a group among those of the same `of_each`; equal ones share it."""
    if query.order is None or query.of_each not in query.dimensions:
        raise UserError("What comes first of each is not said.")
    by = next((m.name for m in measures if query.order.by in (m.name, m.metric)), query.order.by)
    direction = "DESC" if query.order.descending else "ASC"
    window = f"PARTITION BY {identifier(query.of_each)} ORDER BY {identifier(by)} {direction} NULLS LAST"
    return f"RANK() OVER ({window})", Column(PLACE, model.words(language).place, "number", "attribute")


def _condition(threshold: Threshold, measures: list[Measure]) -> str:
    name = next((m.name for m in measures if m.metric == threshold.metric), threshold.metric)
    bound = identifier(f"average_{name}") if threshold.value is None else f"{threshold.value:.10g}"
    return f"{identifier(name)} {SIGNS[threshold.operator]} {bound}"


def indent(text: str) -> str:
    """Two spaces before each line."""
    return "\n".join("  " + line for line in text.split("\n"))
