"""A governed metric as output columns: its value, and how many rows the value rests on."""

from __future__ import annotations

from dataclasses import replace

from dash.errors import UserError
from dash.knowledge.formats import MetricFile
from dash.knowledge.language import ColumnWords
from dash.records import MetricUse
from dash.semantics.blocks import Measure, Part
from dash.semantics.dimensions import text_in
from dash.semantics.fragments import is_additive, read_aggregate, reaggregate, with_filter

SECONDS = {"milliseconds": 0.001, "seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}
"""Seconds in each unit of durations."""


def measures_of(metric: MetricFile, use: MetricUse, language: str, words: ColumnWords, several: bool) -> list[Measure]:
    """The metric's column and, for ratios and averages, its sample size (how many rows or units it rests on)."""
    label = text_in(metric.label, language, metric.name.replace("_", " "))
    sample = f"{metric.name}_sample" if several else "sample_size"
    sample_label = words.sample
    if metric.numerator and metric.denominator:
        above = with_filter(metric.numerator.calculation, metric.numerator.filter)
        below = with_filter(metric.denominator.calculation, metric.denominator.filter)
        factor = "100.0" if metric.unit == "percent" else "1.0"
        lower = metric.denominator
        value = Measure(
            metric.name,
            f"{factor} * {above} / NULLIF({below}, 0)",
            metric.unit,
            "metric",
            label,
            metric.better,
            metric.name,
            parts=(
                Part("numerator", metric.numerator.calculation, metric.numerator.filter, texts=metric.numerator.label),
                Part("denominator", lower.calculation, lower.filter, texts=lower.label),
            ),
        )
        rests_on = (Part("all", lower.calculation, lower.filter, texts=lower.label),)
        return [
            value,
            Measure(sample, below, "count", "sample", sample_label, None, metric.name, counts=True, parts=rests_on),
        ]
    calculation = metric.calculation or "COUNT(*)"
    name = metric.name
    if use.aggregation:
        changed = reaggregate(calculation, use.aggregation)
        if changed is None:
            raise UserError(f"{metric.name} has no {use.aggregation}.")
        calculation = changed
        name = f"{use.aggregation}_{metric.name}" if use.aggregation != "mean" else metric.name
        aggregation = words.aggregations.get(use.aggregation, use.aggregation)
        label = words.aggregated.format(label=label, aggregation=aggregation)
    unit: str = metric.unit
    if use.unit and use.unit != metric.unit:
        times = SECONDS.get(metric.unit, 0.0) / SECONDS[use.unit]
        calculation, unit = f"({calculation}) * {times:.10g}", use.unit
    every = (Part("all", calculation),)
    value = Measure(
        name, calculation, unit, "metric", label, metric.better, metric.name, counts=_counts(metric), parts=every
    )
    aggregate = read_aggregate(metric.calculation or "")
    if _counts(metric) or aggregate is None or aggregate.function != "AVG":
        return [value]
    rows = f"COUNT({aggregate.argument})"
    counted = (Part("all", rows),)
    return [
        value,
        Measure(sample, rows, "count", "sample", sample_label, None, metric.name, counts=True, parts=counted),
    ]


def share_measure(
    metric: MetricFile, conditions: list[str], part: MetricFile | None, language: str, words: ColumnWords, several: bool
) -> list[Measure]:
    """What part of the metric's rows pass the conditions, in percent, and of how many. `part` is the metric that the
    conditions are those of, by which they are called; None where they have no name of their own."""
    calculation = metric.calculation or "COUNT(*)"
    if not is_additive(calculation) and not _counts(metric):
        raise UserError(f"Parts of {metric.name} do not add up to a whole, so it has no shares.")
    condition = " AND ".join(f"({part})" for part in conditions)
    name = f"{metric.name}_share" if several else "share"
    called = part or metric
    label = text_in(called.label, language, called.name)
    share = f"100.0 * {with_filter(calculation, condition)} / NULLIF({calculation}, 0)"
    counted = f"{metric.name}_part" if several else "part"
    sample = f"{metric.name}_sample" if several else "sample_size"
    passing = Part("numerator", calculation, condition, texts=called.label)
    every = Part("denominator", calculation, texts=metric.label)
    return [
        Measure(name, share, "percent", "metric", f"{label}, %", None, metric.name, parts=(passing, every)),
        Measure(
            counted,
            with_filter(calculation, condition),
            metric.unit,
            "attribute",
            label,
            None,
            metric.name,
            counts=True,
            parts=(replace(passing, side="all"),),
        ),
        Measure(
            sample,
            calculation,
            metric.unit,
            "sample",
            words.sample,
            None,
            metric.name,
            counts=True,
            parts=(replace(every, side="all"),),
        ),
    ]


def _counts(metric: MetricFile) -> bool:
    aggregate = read_aggregate(metric.calculation or "") if not metric.numerator else None
    return (
        aggregate is not None
        and aggregate.function == "COUNT"
        and not aggregate.before.strip()
        and not aggregate.after.strip()
    )
