"""Metrics held against the tables: exactly one way to compute, known columns, reachable dimensions, used parameters."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from dash.knowledge.check.findings import TIME_PARTS, Findings
from dash.knowledge.check.names import name_problems
from dash.knowledge.check.parameters import bound_names, check_parameters
from dash.knowledge.check.sql import ReadSql, has_aggregate, placeholder_problems, read_expression
from dash.knowledge.documents import Path
from dash.knowledge.formats import MetricFile
from dash.knowledge.nearest import advise

_FILTERABLE = (exp.Avg, exp.Sum, exp.Count, exp.Min, exp.Max)


def check_metrics(findings: Findings) -> None:
    """Add the faults of every metric."""
    for name, metric in findings.knowledge.metrics.items():
        _check_form(findings, name, metric)
        known_table = metric.table is not None and findings.expect(
            findings.knowledge.tables, metric.table, "metric", name, ("table",), "table"
        )
        used: set[str] = set()
        for path, text, is_condition in fragments(metric):
            read = read_expression(text)
            used |= set(read.placeholders)
            _check_fragment(findings, metric, path, read, is_condition, known_table)
        check_parameters(findings, "metric", name, metric.parameters, used)
        for parameter_name, parameter in metric.parameters.items():
            if parameter.default is None:
                what = f"the parameter {parameter_name} has no default, and a question need not name it"
                findings.add("metric", name, ("parameters", parameter_name), what, "add default")
        for index, other in enumerate(metric.beside):
            findings.expect(findings.knowledge.metrics, other, "metric", name, ("beside", index), "metric")
        if known_table:
            _check_dimensions(findings, metric)


def fragments(metric: MetricFile) -> Iterator[tuple[Path, str, bool]]:
    """Each piece of SQL of a metric: its key, its text, and whether it is a condition."""
    if metric.calculation is not None:
        yield ("calculation",), metric.calculation, False
    if metric.filter is not None:
        yield ("filter",), metric.filter, True
    for key in ("numerator", "denominator"):
        part = getattr(metric, key)
        if part is not None:
            yield (key, "calculation"), part.calculation, False
            if part.filter is not None:
                yield (key, "filter"), part.filter, True


def _check_form(findings: Findings, name: str, metric: MetricFile) -> None:
    ratio = [key for key in ("numerator", "denominator") if getattr(metric, key) is not None]
    if metric.calculation is not None and ratio:
        mend = "keep the calculation or the ratio"
        findings.add("metric", name, (ratio[0],), f"{name} has a calculation and a {ratio[0]}", mend)
    elif len(ratio) == 1:
        missing = "denominator" if ratio == ["numerator"] else "numerator"
        findings.add("metric", name, (ratio[0],), f"{name} has a {ratio[0]} but no {missing}", f"add the {missing}")
    elif metric.calculation is None and not ratio:
        mend = "add calculation, or numerator and denominator"
        findings.add("metric", name, (), f"{name} does not say how it is computed", mend)
    if metric.table is None:
        findings.add("metric", name, (), f"{name} does not say which table it counts", "add table")


def _check_fragment(
    findings: Findings, metric: MetricFile, path: Path, read: ReadSql, is_condition: bool, known_table: bool
) -> None:
    problems = [*read.problems, *placeholder_problems(read.placeholders, list(bound_names(metric.parameters)))]
    tree = read.tree
    if tree is not None:
        if is_condition and has_aggregate(tree) and tree.find(exp.AggFunc):
            problems.append(("a filter looks at one row and cannot aggregate", "aggregate in the calculation", 0))
        if not is_condition and not has_aggregate(tree):
            problems.append(("the calculation aggregates nothing", "write SUM(…), AVG(…), COUNT(…) or another", 0))
        if not is_condition and len(path) == 2 and getattr(metric, str(path[0])).filter and not _can_be_filtered(tree):
            mend = "write one of AVG, SUM, COUNT, MIN or MAX once, or put the condition into it"
            problems.append(("a filter needs a calculation with exactly one aggregate", mend, 0))
        if known_table and metric.table is not None:
            problems += _column_problems(findings, metric.table, tree)
    for what, mend, _ in problems:
        findings.add("metric", metric.name, path, what, mend)


def _can_be_filtered(tree: exp.Expr) -> bool:
    found = [node for node in tree.find_all(exp.AggFunc) if not node.find_ancestor(exp.Query)]
    return len(found) == 1 and isinstance(found[0], _FILTERABLE)


def _column_problems(findings: Findings, table: str, tree: exp.Expr) -> list[tuple[str, str, int]]:
    """The fragment is looked at as part of a query over its table, which composed SQL calls t."""
    source = exp.alias_(exp.to_table(table, dialect="postgres"), "t", table=True)
    query = exp.Select().select(exp.alias_(tree.copy(), "value")).from_(source)
    return name_problems(query, findings.described_with_derived)


def _check_dimensions(findings: Findings, metric: MetricFile) -> None:
    assert metric.table is not None
    name = metric.name
    reachable = findings.reachable_dimensions(metric.table) | TIME_PARTS
    for index, dimension in enumerate(metric.dimensions or ()):
        _expect_reachable(findings, metric, dimension, ("dimensions", index), reachable)
    if metric.default_dimension is not None:
        _expect_reachable(findings, metric, metric.default_dimension, ("default_dimension",), reachable)
    columns = findings.columns_of(metric.table)
    if metric.time_dimension is not None and metric.time_dimension not in reachable:
        findings.expect(columns, metric.time_dimension, "metric", name, ("time_dimension",), "column")
    if metric.time_dimension in columns and columns[metric.time_dimension].role not in (None, "time"):
        findings.add("metric", name, ("time_dimension",), f"{metric.time_dimension} is no time", "name a time column")


def _expect_reachable(findings: Findings, metric: MetricFile, dimension: str, path: Path, reachable: set[str]) -> None:
    if dimension in reachable or findings.may_be_unread(dimension):
        return
    if dimension in findings.dimensions:
        what = f"{dimension} cannot be reached from {metric.table} by joins to one row"
        mend = "add the join to the table's file, or leave it out"
    else:
        what, mend = f"there is no dimension {dimension}", advise(dimension, reachable, "declare it on a column")
    findings.add("metric", metric.name, path, what, mend)
