"""The question's conditions in words: "category: damaged item; tickets > 100"."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from dash.records import Filter, Threshold
from dash.shown.labels import within
from dash.shown.numbers import exact, show_number
from dash.steps.interpret.labels import AnswerLabels
from dash.steps.interpret.number_lock import Said
from dash.steps.interpret.writer import Writer

_SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤", "eq": "="}


def condition_words(
    filters: Iterable[Filter],
    thresholds: Iterable[Threshold],
    also: Iterable[str],
    labels: AnswerLabels,
    writer: Writer,
) -> Said:
    """All conditions in one row: filters, the metrics whose rows alone count (`also`), thresholds; empty for none."""
    said = [_filter(condition, labels, writer) for condition in filters]
    said += [writer.quote(within(labels.metric_label(name)), "label") for name in also]
    said += [_threshold(threshold, labels, writer) for threshold in thresholds]
    return writer.join(said, writer.phrases.headline.detail_separator)


def _filter(condition: Filter, labels: AnswerLabels, writer: Writer) -> Said:
    words = writer.phrases.filters
    label = within(labels.dimension_label(condition.dimension))
    name = writer.quote(label, "label")
    if condition.operator in ("is_null", "not_null"):
        return writer.fill(words.is_null if condition.operator == "is_null" else words.not_null, dimension=name)
    values = [writer.quote(labels.value_label(condition.dimension, value), "filter") for value in condition.values]
    if condition.operator == "between":
        return writer.fill(words.between, dimension=name, low=values[0], high=values[1])
    if condition.operator in _SIGNS:
        value = writer.quote(_measure(condition, labels), "filter")
        return writer.fill(words.compared, dimension=name, sign=_SIGNS[condition.operator], value=value)
    if condition.operator == "in" and all(label.lower() in value.text.lower().split() for value in values):
        return writer.join(values, ", ")  # "high urgency" says which dimension it is of
    phrase = words.one_of if condition.operator == "in" else words.none_of
    return writer.fill(phrase, dimension=name, values=writer.join(values, ", "))


def _measure(condition: Filter, labels: AnswerLabels) -> str:
    value = condition.values[0]
    number = exact(value)
    unit = next((column.unit for column in labels.columns_of(condition.dimension) if column.unit), "number")
    return str(value) if number is None else show_number(number, unit, labels.phrases)


def _threshold(threshold: Threshold, labels: AnswerLabels, writer: Writer) -> Said:
    metric = labels.metric(threshold.metric)
    value = writer.phrases.filters.average
    if threshold.value is not None:
        value = show_number(Decimal(repr(threshold.value)), metric.unit if metric else "number", labels.phrases)
    return writer.fill(
        writer.phrases.filters.compared,
        dimension=writer.quote(within(labels.metric_label(threshold.metric)), "label"),
        sign=_SIGNS[threshold.operator],
        value=writer.quote(value, "threshold"),
    )
