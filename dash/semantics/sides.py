"""Two sides of a comparison as a group of rows: "with an agent and without", "WhatsApp against the rest".

A row is on the first side if it passes that side's condition, and is on the second only if it does not: no row counts
twice, whatever the conditions are. What is on no side is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from dash.records import ComparedSide
from dash.semantics.blocks import Block
from dash.semantics.conditions import CannotCompile, Parameters, condition_of_metric
from dash.semantics.dimensions import inside_a_sentence
from dash.semantics.model import SemanticModel

SIDE = "side"
"""The output column that says which side a row is on."""

_WEEKDAY = "weekday"
_WEEKEND, _WORKING_DAYS = (6, 7), (1, 2, 3, 4, 5)


def group_by_side(
    block: Block, sides: Sequence[ComparedSide], language: str, parameters: Parameters, time: str | None
) -> None:
    """Group the rows of a block by the side that they are on. Raises CannotCompile."""
    first, second = sides
    model = block.model
    names = [parameters.bind(SIDE, side_label(side, sides, model, language)) for side in sides]
    condition = _condition(block, first, parameters, time)
    if not second.is_rest:
        other = _condition(block, second, parameters, time)
        block.where(f"(({condition}) OR ({other}))")
    block.group_by_sql(SIDE, f"CASE WHEN {condition} THEN {names[0]} ELSE {names[1]} END")


def _condition(block: Block, side: ComparedSide, parameters: Parameters, time: str | None) -> str:
    if side.within is not None:
        return condition_of_metric(side.within, block, block.model, parameters)
    if side.filter is None:
        raise CannotCompile("A comparison has no first side.")
    return block.condition(side.filter, parameters.bind, time)


def column_label(sides: Sequence[ComparedSide], model: SemanticModel, language: str) -> str:
    """What the column of the sides is called: the dimension that both are told apart by, where that is one."""
    named = {side.filter.dimension for side in sides if side.filter is not None}
    apart = len(named) == 1 and not any(side.within for side in sides)
    return model.label(named.pop(), language) if apart else model.words(language).sides.column


def side_label(side: ComparedSide, sides: Sequence[ComparedSide], model: SemanticModel, language: str) -> str:
    """What a side is called in the answer."""
    words = model.words(language).sides
    if side.within is not None:
        return model.metric_label(side.within, language)
    if side.filter is None:
        first = sides[0].filter
        if first is None or first.operator != "not_null":
            return words.rest
        return words.without.format(label=inside_a_sentence(model.label(first.dimension, language)))
    if side.filter.operator == "not_null":
        return words.present.format(label=inside_a_sentence(model.label(side.filter.dimension, language)))
    if side.filter.dimension == _WEEKDAY and side.filter.values in (_WEEKEND, _WORKING_DAYS):
        return words.weekend if side.filter.values == _WEEKEND else words.working_days
    return ", ".join(model.value_label(side.filter.dimension, value, language) for value in side.filter.values)
