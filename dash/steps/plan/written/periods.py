"""Whether SQL keeps to the periods of the question: both ends, on one time column, for all that is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sqlglot import exp

from dash.language.reader import Reader
from dash.records import Unconfirmed
from dash.steps.plan.written.facts import Facts
from dash.steps.plan.written.findings import Finding
from dash.steps.plan.written.lineage import Lineage
from dash.steps.plan.written.tree import bare, filter_of


def periods(lineage: Lineage, facts: Facts, reader: Reader) -> Iterator[Finding]:
    """Periods of the question that nothing, or not all, is limited to."""
    for name in facts.periods:

        def keeps(conditions: Iterable[exp.Expr], name: str = name) -> bool:
            return _is_inside(conditions, name, reader)

        filtered = any(keeps(filter_of(aggregate)) for part in lineage.used for aggregate in part.aggregates)
        if not filtered and not any(keeps(lineage.limits(part)) for part in lineage.limiting):
            reason = f"The period is not kept to: write column >= :{name}_start AND column < :{name}_end."
            yield Finding("period", reason)
        elif len(facts.periods) == 1 and is_open(lineage, keeps):
            reason = "Some of what is counted is not limited to the period; limit each SELECT over a table."
            yield Finding("period", reason, Unconfirmed("period"))


def _is_inside(conditions: Iterable[exp.Expr], name: str, reader: Reader) -> bool:
    bounds = {bound for condition in conditions if (bound := bound_of(condition, name, reader))}
    return any((column, "start") in bounds and (column, "end") in bounds for column, _ in bounds)


def bound_of(condition: exp.Expr, name: str, reader: Reader) -> tuple[str, str] | None:
    """`created_at >= :period_start` → (created_at, start), whichever side the column is on."""
    condition = bare(condition, casts=False)
    if not isinstance(condition, exp.GTE | exp.LT | exp.LTE | exp.GT):
        return None
    left, right = bare(condition.this), bare(condition.expression)
    later = isinstance(condition, exp.GTE)
    earlier = isinstance(condition, exp.LT)
    if isinstance(left, exp.Placeholder):
        left, right = right, left
        later, earlier = isinstance(condition, exp.LTE), isinstance(condition, exp.GT)
    if not isinstance(left, exp.Column) or not isinstance(right, exp.Placeholder) or not _is_time(left.name, reader):
        return None
    if later and right.name == f"{name}_start":
        return left.name, "start"
    return (left.name, "end") if earlier and right.name == f"{name}_end" else None


def _is_time(column: str, reader: Reader) -> bool:
    tables = reader.model.tables.values()
    return any(one.name == column and one.role == "time" for table in tables for one in table.table_columns)


def is_open(lineage: Lineage, keeps: Callable[[Iterable[exp.Expr]], bool]) -> bool:
    """Whether some SELECT aggregates a table's rows that nothing limits, nor anything around it."""
    inside = [part for part in lineage.used if keeps(lineage.limits(part))]
    limited = {id(part.node) for part in inside}
    # Sums for each ticket, joined to the tickets of the period, are of that period as well.
    joined = [source for part in inside if part.tables for source in part.derived.values()]
    limited |= {id(source) for source in joined if source.args.get("group") is not None}
    for part in lineage.used:
        outer = part.depends_on
        if not part.aggregates or not part.tables or id(part.node) in limited:
            continue
        if outer is not None and id(outer) in limited:
            continue
        if not all(keeps(filter_of(aggregate)) for aggregate in part.aggregates):
            return True
    return False
