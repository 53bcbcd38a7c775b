"""Queries that list rows: "show …", "which tickets …", a bare identifier, "status of T-000123"."""

from __future__ import annotations

from dash.language.bounds import apply_bounds, older_than
from dash.language.fragment import DoesNotCompose, Fragment
from dash.records import MetricUse, Order, SemanticQuery, Window
from dash.semantics.model import SemanticModel

_ROW_ORDERS = {"oldest": False, "newest": True}


def is_list(fragment: Fragment, model: SemanticModel) -> bool:
    """Rows are listed when somebody says "show" (or "which tickets") and names countable rows and no grouping."""
    if fragment.columns:
        return True
    if fragment.groups or fragment.grain or fragment.shapes & {"count", "share", "trend", "compare", "change"}:
        return False
    if fragment.shapes & {"breakdown"} or len(fragment.metrics) != 1 or fragment.aggregation:
        return False
    if not model.counts_rows(fragment.metrics[0]):
        return False
    if fragment.order in (*_ROW_ORDERS, "slowest", "fastest"):
        return True
    return "list" in fragment.shapes or fragment.which or _looks_up(fragment, model)


def _looks_up(fragment: Fragment, model: SemanticModel) -> bool:
    return any(
        column.role == "entity" and f.operator == "in"
        for f in fragment.filters
        for _, column in model.dimensions.get(f.dimension, ())
    )


def list_query(fragment: Fragment, model: SemanticModel, window: Window | None) -> SemanticQuery:
    name = fragment.metrics[0]
    order = None
    if fragment.order in _ROW_ORDERS:
        time = model.time_dimension(model.metrics[name], fragment.time_dimension)
        if time is None:
            raise DoesNotCompose("these rows have no time")
        order = Order(time, descending=_ROW_ORDERS[fragment.order])
    elif fragment.order is not None:
        raise DoesNotCompose("by what the rows are ordered is not said")
    uses, filters, left = apply_bounds(fragment, model, [MetricUse(name)])
    if left or fragment.unit or fragment.part or fragment.part_metric:
        raise DoesNotCompose("a condition of the question does not fit single rows")
    return SemanticQuery(
        shape="list",
        rows_of=name,
        metrics=tuple(uses) if uses[0].parameters else (),
        filters=tuple(filters),
        within=tuple(fragment.within),
        columns=_columns(fragment, model),
        window=older_than(fragment, window),
        time_dimension=fragment.time_dimension,
        order=order,
        limit=1 if fragment.limit is None and fragment.singular and order else fragment.limit,
    )


def _columns(fragment: Fragment, model: SemanticModel) -> tuple[str, ...]:
    """ "Status of T-000123": the identifier and what was asked about it. Nobody is shown personal columns that way."""
    if not fragment.columns:
        return ()
    for name in fragment.columns:
        if model.is_hidden(name):
            raise DoesNotCompose(f"{name} is not shown")
    keys = [f.dimension for f in fragment.filters if model.identifies(f.dimension)]
    return tuple(dict.fromkeys([*keys, *fragment.columns]))
