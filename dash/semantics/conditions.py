"""Conditions on the rows of a block, and the values that they bind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash.errors import UserError
from dash.records import Filter, MetricUse, Threshold
from dash.semantics.blocks import Block
from dash.semantics.model import SemanticModel
from dash.semantics.outer import SIGNS


class CannotCompile(UserError):
    """The query asks for something that the model does not have (a dimension out of reach, a metric without time)."""


class Parameters:
    """Values bound to placeholders, each under a name that tells what it is."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def bind(self, stem: str, value: Any) -> str:
        """The placeholder for a value; an equal value of the same stem shares it."""
        for number in range(1, 1000):
            name = stem if number == 1 else f"{stem}_{number}"
            if name not in self._values or self._values[name] == value:
                self._values[name] = value
                return f":{name}"
        raise CannotCompile("The question has too many conditions.")

    def values(self) -> Mapping[str, Any]:
        """All of them by name."""
        return dict(self._values)


def apply_filters(
    block: Block,
    filters: tuple[Filter, ...],
    model: SemanticModel,
    use: MetricUse | None,
    parameters: Parameters,
    time: str | None,
) -> None:
    """The question's filters; one that the metric does not allow raises CannotCompile."""
    for condition in filters:
        if use is not None and not model.allows(model.metrics[use.name], condition.dimension):
            raise CannotCompile(f"{use.name} cannot be limited by {condition.dimension}.")
        block.where(block.condition(condition, parameters.bind, time))


def stay_within(block: Block, names: tuple[str, ...], model: SemanticModel, parameters: Parameters) -> None:
    """Only rows that other count metrics of the same table count as well."""
    for name in names:
        block.where(condition_of_metric(name, block, model, parameters))


def condition_of_metric(name: str, block: Block, model: SemanticModel, parameters: Parameters) -> str:
    """What a count metric says of the rows of its table. Raises CannotCompile."""
    metric = model.metrics[name]
    if model.metric_table(metric) != block.table or not metric.filter:
        raise CannotCompile(f"{name} does not say which of these rows are meant.")
    bind_metric_parameters(MetricUse(name), model, parameters)
    return metric.filter


def apply_each(block: Block, bounds: tuple[Threshold, ...], model: SemanticModel, parameters: Parameters) -> None:
    """Only rows for which what a metric averages is within a bound: "tickets that took more than 48 hours to send"."""
    for bound in bounds:
        for condition in row_conditions(bound, block.table, model, parameters):
            block.where(condition)


def row_conditions(bound: Threshold, table: str, model: SemanticModel, parameters: Parameters) -> list[str]:
    """The SQL of a bound on what a metric averages, for single rows of `table`. Raises CannotCompile."""
    metric = model.metrics[bound.metric]
    value = model.row_value(bound.metric)
    if value is None or bound.value is None or model.metric_table(metric) != table:
        raise CannotCompile(f"{bound.metric} is no number of a single row.")
    mark = parameters.bind(bound.metric, bound.value)
    bind_metric_parameters(MetricUse(bound.metric), model, parameters)
    return [*([metric.filter] if metric.filter else []), f"({value}) {SIGNS[bound.operator]} {mark}"]


def need(time: str | None, use: MetricUse) -> str:
    """The time column of a metric that has one. Raises CannotCompile."""
    if time is None:
        raise CannotCompile(f"{use.name} has no time, so a period cannot be applied to it.")
    return time


def bind_metric_parameters(use: MetricUse, model: SemanticModel, parameters: Parameters) -> None:
    """The metric's own parameters: what the question says of them, else their defaults."""
    chosen = dict(use.parameters)
    for name, declared in model.metrics[use.name].parameters.items():
        parameters.bind(name, chosen.get(name, declared.default))
