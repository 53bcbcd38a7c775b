"""Queries that list rows: "show …", "which tickets …", a bare identifier, "status of T-000123"."""

from __future__ import annotations

from dash.language.bounds import apply_bounds, older_than
from dash.language.fragment import DoesNotCompose, Doubtful, Fragment
from dash.records import MetricUse, Order, SemanticQuery, Window
from dash.semantics.model import SemanticModel

_ROW_ORDERS = {"oldest": False, "newest": True}
_BY_NUMBER = frozenset({"highest", "lowest", "slowest", "fastest", "best", "worst"})


def is_list(fragment: Fragment, model: SemanticModel) -> bool:
    """Rows are listed when somebody says "show" (or "which tickets") and names countable rows and no grouping, or asks
    for the first of them by what is measured of each."""
    if fragment.funnel:
        if set(fragment.columns) - set(_stages(fragment, model)):
            raise DoesNotCompose("a funnel has its stages, and no other columns")
        return False
    if fragment.sides:
        return False
    if fragment.own_time and (fragment.groups or fragment.grain):
        raise DoesNotCompose("groups have no time of their own")
    if fragment.own_time and not (fragment.columns or fragment.order or "list" in fragment.shapes):
        raise Doubtful("the time of what is not said")  # a number, "and when"
    if fragment.columns or fragment.own_time:
        if fragment.having:  # "tickets with more than 5 messages: category"
            raise DoesNotCompose("what groups have is no column of single rows")
        if fragment.aggregation or fragment.shapes & {"share", "trend", "change"}:
            raise DoesNotCompose("single rows are not averaged")
        if "count" in fragment.shapes and "list" not in fragment.shapes and not fragment.which:
            raise Doubtful("whether the rows or their number is wanted is not said")
        return True
    if fragment.groups or fragment.grain or fragment.shapes & {"count", "share", "trend", "compare", "change"}:
        return False
    if fragment.shapes & {"breakdown"} or len(fragment.metrics) != 1 or fragment.aggregation:
        return False
    if ranks_rows(fragment, model):
        return True
    if not model.counts_rows(fragment.metrics[0]):
        return False
    if fragment.order in (*_ROW_ORDERS, "slowest", "fastest"):
        return True
    return "list" in fragment.shapes or fragment.which or _looks_up(fragment, model)


def _stages(fragment: Fragment, model: SemanticModel) -> list[str]:
    """The dimensions whose stages the rows pass that the question is about."""
    tables = {*fragment.rows, *(model.metric_table(model.metrics[name]) for name in fragment.metrics)}
    return [stages for table in tables if (stages := model.funnel_of(table)) is not None]


def ranks_rows(fragment: Fragment, model: SemanticModel) -> bool:
    """ "The 5 chats with the highest cost": so many single rows by a number that each has."""
    counted = fragment.limit is not None or fragment.singular
    if fragment.order not in _BY_NUMBER or not counted or len(fragment.rows) != 1 or len(fragment.metrics) != 1:
        return False
    name = fragment.metrics[0]
    return model.row_value(name) is not None and model.metric_table(model.metrics[name]) == fragment.rows[0]


def _looks_up(fragment: Fragment, model: SemanticModel) -> bool:
    return any(
        column.role == "entity" and f.operator == "in"
        for f in fragment.filters
        for _, column in model.dimensions.get(f.dimension, ())
    )


def list_query(fragment: Fragment, model: SemanticModel, window: Window | None) -> SemanticQuery:
    """The rows, in their order, with the columns that were asked for. Raises DoesNotCompose."""
    name = fragment.metrics[0]
    ranked = ranks_rows(fragment, model)
    if ranked:
        count = model.count_metric(fragment.rows[0])
        if count is None:
            raise DoesNotCompose("these rows have no count")
        name = count.name
    elif not model.counts_rows(name):
        raise DoesNotCompose(f"{name} has no rows of its own")
    if fragment.who:
        raise DoesNotCompose("in what role is not said")  # "the thread of T-000123, *who wrote what*"
    order = order_rows(fragment, name, model)
    use = MetricUse(name, parameters=fragment.parameters.get(name, ()))
    uses, filters, left = apply_bounds(fragment, model, [use])
    if left or fragment.unit or fragment.part or fragment.part_metric or fragment.running or fragment.against_average:
        raise DoesNotCompose("a condition of the question does not fit single rows")
    return SemanticQuery(
        shape="list",
        rows_of=name,
        metrics=tuple(uses) if uses[0].parameters else (),
        filters=tuple(filters),
        within=tuple(fragment.within),
        each=tuple(fragment.each),
        columns=_columns(fragment, name, model),
        window=older_than(fragment, window),
        time_dimension=fragment.time_dimension,
        order=order,
        limit=1 if fragment.limit is None and fragment.singular and not fragment.sorted and order else fragment.limit,
    )


def order_rows(fragment: Fragment, name: str, model: SemanticModel) -> Order | None:
    """By age, by what is measured of each row, or by how long the rows have been waiting."""
    metric = model.metrics[name]
    if fragment.order in _ROW_ORDERS:
        waiting = model.waiting_since(name) if fragment.waits else None
        if fragment.waits and waiting is None and not metric.present_state:
            raise DoesNotCompose("what these rows wait for is not said")
        time = fragment.aged_by or waiting or model.time_dimension(metric, fragment.time_dimension)
        if time is None or model.place(time, model.metric_table(metric)) is None:
            raise DoesNotCompose("these rows have no time")
        return Order(time, descending=_ROW_ORDERS[fragment.order])
    if ranks_rows(fragment, model):
        measured = model.metrics[fragment.metrics[0]]
        if fragment.order in ("best", "worst") and measured.better is None:
            raise DoesNotCompose(f"whether more {measured.name} is better is not defined")
        best_is_high = measured.better == "higher"
        descending = {"best": best_is_high, "worst": not best_is_high}.get(
            fragment.order or "", fragment.order in ("highest", "slowest")
        )
        return Order(measured.name, descending)
    waiting = model.waiting_since(name)
    if fragment.order == "slowest" and waiting is not None:
        return Order(waiting, descending=False)
    if fragment.order is not None:
        raise DoesNotCompose("by what the rows are ordered is not said")
    return None


def _columns(fragment: Fragment, name: str, model: SemanticModel) -> tuple[str, ...]:
    """ "Status of T-000123": the identifier and what was asked about it; of a list, its own columns and those. Nobody
    is shown personal columns that way."""
    table = model.metric_table(model.metrics[name])
    asked = list(fragment.columns)
    if fragment.own_time:  # "id, channel, *when*"
        time = model.time_dimension(model.metrics[name], fragment.time_dimension)
        if time is None:
            raise DoesNotCompose("these rows have no time")
        asked.append(time)
    if not asked:
        return _with_text(fragment, table, model)
    for column in asked:
        if model.is_personal(column):
            raise DoesNotCompose(f"{column} is not shown")
        if model.place(column, table) is None or not model.is_told_of(column, name):
            raise DoesNotCompose(f"these rows have no {column}")
    # "Tasks of T-000126 and their status" are many rows, and the ticket tells none of them from the others.
    keys = [f.dimension for f in fragment.filters if f.dimension == model.key(table)]
    own = keys or [model.column_dimension(table, column) for column in model.tables[table].list_columns]
    return tuple(dict.fromkeys([*own, *asked]))


def _with_text(fragment: Fragment, table: str, model: SemanticModel) -> tuple[str, ...]:
    """ "The messages of T-000123" are read, not counted: the rows of one thing come with their text, which nothing else
    shows by asking. No columns: the list's own."""
    file = model.tables[table]
    one = any(
        f.operator == "in" and len(f.values) == 1 and model.identifies(f.dimension) and f.dimension != model.key(table)
        for f in fragment.filters
    )
    if not one or not file.text_columns:
        return ()
    return tuple(model.column_dimension(table, column) for column in [*file.list_columns, *file.text_columns])
