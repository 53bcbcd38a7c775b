"""The one compiler: a SemanticQuery becomes one SQL text with `:name` placeholders.

The text is assembled from the knowledge's own fragments and never printed from a parsed tree (docs/adr/0007). Metrics
that live on the same rows share a block; blocks are joined by their groups, so metrics of two tables stand side by
side without multiplying each other's rows. Times are expressions over `:now`, so the same text can be run again later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dash.records import Column, Filter, MetricUse, PlannedQuery, SemanticQuery, Window
from dash.semantics.blocks import Block, Measure, Part, limited
from dash.semantics.conditions import (
    CannotCompile,
    Parameters,
    apply_each,
    apply_filters,
    bind_metric_parameters,
    need,
    row_conditions,
    stay_within,
)
from dash.semantics.dimensions import DERIVED_TIME_DIMENSIONS
from dash.semantics.fragments import identifier, is_additive, relation
from dash.semantics.funnel import funnel_columns, funnel_sql
from dash.semantics.measures import measures_of, share_measure
from dash.semantics.model import SemanticModel
from dash.semantics.outer import averages_apart, counted_column, indent, needs_outer, outer_of
from dash.semantics.rows import compile_list
from dash.semantics.sides import SIDE, column_label, group_by_side


@dataclass(frozen=True)
class _Group:
    """One output column that rows are grouped by."""

    name: str
    role: str
    unit: str
    label: str


def compile_query(query: SemanticQuery, model: SemanticModel, language: str) -> PlannedQuery:
    """SQL, parameters and described columns of a query. Raises CannotCompile."""
    if query.shape == "list":
        return compile_list(query, model, language)
    parameters = Parameters()
    if query.funnel:
        return _compile_funnel(query, model, language, parameters)
    groups = _groups(query, model, language)
    if query.comparison and query.comparison.kind in ("previous", "window"):
        return _compile_comparison(query, model, language, groups, parameters)
    blocks = blocks_of(query, model, language, parameters, query.window)
    if len(blocks) == 1 and not needs_outer(query):
        sql = blocks[0].select(
            order=_order(query, groups, blocks), limit=query.limit, with_ties=query.limit is not None
        )
        return PlannedQuery(sql, parameters.values(), _columns(groups, blocks))
    return _compile_joined(query, model, language, groups, blocks, parameters)


def _groups(query: SemanticQuery, model: SemanticModel, language: str) -> list[_Group]:
    groups = []
    if query.grain:
        unit = "time" if query.grain == "hour" else "date"
        groups.append(_Group(query.grain, "time", unit, model.words(language).grains[query.grain]))
    for dimension in query.dimensions:
        unit = "number" if dimension in DERIVED_TIME_DIMENSIONS else "text"
        groups.append(_Group(dimension, "dimension", unit, model.label(dimension, language)))
    if query.sides:
        groups.append(_Group(SIDE, "dimension", "text", column_label(query.sides, model, language)))
    return groups


def blocks_of(
    query: SemanticQuery, model: SemanticModel, language: str, parameters: Parameters, window: Window | None
) -> list[Block]:
    """One block per kind of rows: same table, same filter, same time column."""
    blocks: dict[tuple[str, str | None, str | None], Block] = {}
    for use in query.metrics:
        metric = model.metrics[use.name]
        table = model.metric_table(metric)
        time = model.time_dimension(metric, query.time_dimension)
        whole = query.share and not (query.dimensions or query.sides or query.is_parted)
        shared_filter = None if whole else metric.filter
        key = (table, shared_filter, time)
        if key not in blocks:
            blocks[key] = _open_block(query, model, language, table, time, shared_filter, parameters, window, use)
        # The mean and the median of one metric rest on the same rows, whose number is shown once.
        known = {measure.name for measure in blocks[key].measures}
        found = _measures(query, use, model, language, blocks[key], parameters)
        blocks[key].measures.extend(measure for measure in found if measure.name not in known)
        bind_metric_parameters(use, model, parameters)
    return list(blocks.values())


def _open_block(
    query: SemanticQuery,
    model: SemanticModel,
    language: str,
    table: str,
    time: str | None,
    shared_filter: str | None,
    parameters: Parameters,
    window: Window | None,
    use: MetricUse,
) -> Block:
    block = Block(model, table)
    if query.grain:
        if time is None:
            raise CannotCompile(f"{use.name} has no time, so it has no trend.")
        block.group_by_grain(query.grain, block.column(time))
    for dimension in query.dimensions:
        if not model.allows(model.metrics[use.name], dimension):
            raise CannotCompile(f"{use.name} cannot be split by {dimension}.")
        if dimension in DERIVED_TIME_DIMENSIONS:
            block.group_by_extract(dimension, DERIVED_TIME_DIMENSIONS[dimension], block.column(need(time, use)))
        else:
            block.group_by(dimension, drop_null=query.limit is not None or bool(query.having))
    if query.sides:
        group_by_side(block, query.sides, language, parameters, time)
    if shared_filter:
        block.where(shared_filter)
    apply_filters(block, query.filters, model, use, parameters, time)
    stay_within(block, query.within, model, parameters)
    apply_each(block, query.each, model, parameters)
    if window and (window.start or window.end):
        block.during(block.column(need(time, use)), window)
    return block


def _measures(
    query: SemanticQuery, use: MetricUse, model: SemanticModel, language: str, block: Block, parameters: Parameters
) -> list[Measure]:
    metric = model.metrics[use.name]
    several = len(query.metrics) > 1
    if query.share and (query.is_parted or not (query.dimensions or query.sides)):
        time = model.time_dimension(metric, query.time_dimension)
        conditions = [block.condition(part, parameters.bind, time) for part in query.numerator]
        selecting = model.metrics[query.numerator_metric] if query.numerator_metric else None
        if selecting is not None:
            conditions.append(selecting.filter or "TRUE")
            bind_metric_parameters(MetricUse(selecting.name), model, parameters)
            conditions = [part for part in conditions if part]
        for bound in query.numerator_each:
            conditions += row_conditions(bound, block.table, model, parameters)
        if not conditions:
            conditions = [metric.filter] if metric.filter else []
        if not conditions:
            raise CannotCompile(f"The question does not say what part of {use.name} is meant.")
        return share_measure(metric, conditions, selecting, language, model.words(language), several)
    measures = measures_of(metric, use, language, model.words(language), several)
    if query.share and is_additive(metric.calculation):
        first = measures[0]
        total = f"100.0 * {first.sql} / NULLIF(SUM({first.sql}) OVER (), 0)"
        parts = (Part("numerator", first.sql), Part("denominator", first.sql, whole=True))
        label = model.words(language).share
        measures.append(Measure("share", total, "percent", "share", label, None, use.name, parts=parts))
    elif query.share:
        raise CannotCompile(f"Parts of {use.name} do not add up to a whole, so it has no shares.")
    return measures


def _columns(groups: list[_Group], blocks: list[Block]) -> tuple[Column, ...]:
    dimensions = [
        Column(g.name, g.label, g.unit, g.role, dimension=g.name if g.role == "dimension" else None) for g in groups
    ]
    measures = [Column(m.name, m.label, m.unit, m.role, m.better, m.metric) for block in blocks for m in block.measures]
    return tuple(dimensions + measures)


def _order(query: SemanticQuery, groups: list[_Group], blocks: list[Block]) -> list[str]:
    """ORDER BY items. A first place is shared by ties, so for it only the asked-for order counts."""
    names = {m.name for block in blocks for m in block.measures}
    items: list[str] = [identifier(query.of_each)] if query.of_each is not None else []
    if query.order and query.order.by in names:
        items.append(f"{identifier(query.order.by)} {'DESC' if query.order.descending else 'ASC'} NULLS LAST")
        if query.limit == 1 and query.of_each is None:
            return items
    elif query.order and query.order.by == "share" and "share" in names:
        items.append(f"share {'DESC' if query.order.descending else 'ASC'} NULLS LAST")
    if query.order and query.order.by == "time":
        items.append(f"{groups[0].name} {'DESC' if query.order.descending else 'ASC'}")
    timed = [group for group in groups if group.role == "time" or group.name in DERIVED_TIME_DIMENSIONS]
    if not items and timed:
        items.extend(identifier(group.name) for group in timed)
    if not items and groups:
        items.append(f"{identifier(blocks[0].measures[0].name)} DESC NULLS LAST")
    return items + [identifier(group.name) for group in groups if not any(identifier(group.name) in i for i in items)]


def _compile_joined(
    query: SemanticQuery,
    model: SemanticModel,
    language: str,
    groups: list[_Group],
    blocks: list[Block],
    parameters: Parameters,
) -> PlannedQuery:
    """Several blocks side by side, or groups with which something is done once they are there."""
    parts, select = _side_by_side(blocks, groups)
    if averages_apart(query, model):
        whole = replace(query, dimensions=(), grain=None, having=(), against_average=False)
        together, values = _side_by_side(blocks_of(whole, model, language, parameters, query.window), [], "overall_")
        parts += f",\n{together},\noverall AS (\n{indent(values)}\n)"
    outer = outer_of(query, model, blocks, [group.name for group in groups], language, "overall")
    order = _order(query, groups, blocks)
    tail = f"\nORDER BY {', '.join(order)}" if order else ""
    tail += limited(query.limit, bool(order)) if query.of_each is None else ""
    columns = _columns(groups, blocks) + tuple(column for _, column in outer.added)
    if outer.counts:
        columns = (counted_column(query, model, language),)
    return PlannedQuery(outer.wrap(parts, select, tail), parameters.values(), columns)


def _compile_funnel(query: SemanticQuery, model: SemanticModel, language: str, parameters: Parameters) -> PlannedQuery:
    """The same count once for each stage, limited to the rows that reached it."""
    (dimension,), name = query.dimensions, query.metrics[0].name
    stages = model.stages(dimension)
    if not stages:
        raise CannotCompile(f"{dimension} has no stages.")
    marks, selects, label = [], [], ""
    for stage in stages:
        reached = Filter(dimension, "in", model.stages_from(dimension, stage))
        part = replace(query, dimensions=(), funnel=False, filters=(*query.filters, reached))
        block = blocks_of(part, model, language, parameters, query.window)[0]
        label = block.measures[0].label
        selects.append(block.select())
        marks.append(parameters.bind(f"{dimension}_stage", stage))
    return PlannedQuery(
        funnel_sql(marks, selects, dimension, name),
        parameters.values(),
        funnel_columns(dimension, name, label, model, language),
    )


def _side_by_side(blocks: list[Block], groups: list[_Group], prefix: str = "") -> tuple[str, str]:
    """The blocks as common table expressions, and the SELECT that sets them beside each other by their groups."""
    names = [f"{prefix}part_{number}" for number in range(1, len(blocks) + 1)]
    parts = ",\n".join(f"{name} AS (\n{indent(block.select())}\n)" for name, block in zip(names, blocks, strict=True))
    if len(names) == 1:
        return parts, f"SELECT *\nFROM {names[0]}"
    measures = []
    for name, block in zip(names, blocks, strict=True):
        for measure in block.measures:
            column = identifier(measure.name)
            value = f"COALESCE({name}.{column}, 0) AS {column}" if measure.counts else f"{name}.{column}"
            measures.append(value)
    if not groups:
        return parts, f"SELECT {', '.join(measures)}\nFROM {' CROSS JOIN '.join(names)}"
    columns = [identifier(group.name) for group in groups]
    keys = " UNION ".join(f"SELECT {', '.join(columns)} FROM {name}" for name in names)
    joins = "".join(
        f"\nLEFT JOIN {name} ON " + " AND ".join(f"{name}.{g} IS NOT DISTINCT FROM keys.{g}" for g in columns)
        for name in names
    )
    listed = ", ".join([f"keys.{column}" for column in columns] + measures)
    return parts, f"SELECT {listed}\nFROM ({keys}) AS keys{joins}"


def _compile_comparison(
    query: SemanticQuery, model: SemanticModel, language: str, groups: list[_Group], parameters: Parameters
) -> PlannedQuery:
    """Each metric now and then: NAME, NAME_previous, NAME_change, and NAME_change_percent unless it is a percentage."""
    assert query.comparison is not None
    earlier = query.comparison.window or earlier_window(query.window)
    if query.window is None or earlier is None:
        raise CannotCompile("There is no earlier period to compare with.")
    plain, words = replace(query, comparison=None), model.words(language)
    now_blocks = blocks_of(plain, model, language, parameters, query.window)
    then_blocks = blocks_of(plain, model, language, parameters, earlier)
    for block in then_blocks:
        block.measures[:] = [
            m.renamed(f"{m.name}_previous", "previous", words) for m in block.measures if m.role == "metric"
        ]
    blocks = now_blocks + then_blocks
    parts, select = _side_by_side(blocks, groups)
    metrics = [m for block in now_blocks for m in block.measures if m.role == "metric"]
    changes = [change for m in metrics for change in m.changes(words)]
    listed = ", ".join(["compared.*", *(f"{c.sql} AS {identifier(c.name)}" for c in changes)])
    order = _comparison_order(query, groups, metrics)
    sql = f"WITH {parts},\ncompared AS (\n{indent(select)}\n)\nSELECT {listed}\nFROM compared{order}"
    change_columns = tuple(Column(c.name, c.label, c.unit, c.role, c.better, c.metric) for c in changes)
    return PlannedQuery(sql, parameters.values(), _columns(groups, blocks) + change_columns)


def _comparison_order(query: SemanticQuery, groups: list[_Group], metrics: list[Measure]) -> str:
    if not groups:
        return ""
    by = metrics[0].name
    descending = True
    if query.order:
        by, descending = (query.order.by if query.order.by != "time" else by), query.order.descending
    order = f"\nORDER BY {identifier(by)} {'DESC' if descending else 'ASC'} NULLS LAST"
    if query.limit is not None and query.limit > 1:
        order += "".join(f", {identifier(group.name)}" for group in groups)
    return order + limited(query.limit, ordered=True)


def earlier_window(window: Window | None) -> Window | None:
    """The comparable period before a window, as a window of its own."""
    if window is None or window.previous_start is None or window.previous_end is None:
        return None
    return Window(window.previous_start, window.previous_end, f"before:{window.phrase}")


def compile_coverage(model: SemanticModel, table: str, time: str) -> PlannedQuery:
    """Oldest and newest row of a table, for the freshness and coverage caveats."""
    block = Block(model, table)
    column = block.column(time)
    source = f"({model.tables[table].sql}) AS t" if model.tables[table].sql else f"{relation(table)} AS t"
    return PlannedQuery(f"SELECT MIN({column}) AS oldest, MAX({column}) AS newest\nFROM {source}", {})
