"""Table files held against each other: keys, joins, time, lists of columns, derived tables."""

from __future__ import annotations

import re

from sqlglot import exp

from dash.knowledge.check.findings import Findings
from dash.knowledge.check.names import name_problems
from dash.knowledge.check.sql import output_names, placeholder_problems, read_query
from dash.knowledge.formats import GuidanceFile, TableFile
from dash.knowledge.nearest import advise

_ORDER_ITEM = re.compile(
    r"(?:\"(?P<quoted>[^\"]+)\"|(?P<plain>\w+))(?: +(?:ASC|DESC))?(?: +NULLS +(?:FIRST|LAST))?", re.IGNORECASE
)  # created_at DESC


def check_tables(findings: Findings) -> None:
    """Add the faults of every table."""
    for name, table in findings.knowledge.tables.items():
        columns = findings.columns_of(name)
        for key in ("primary_key", "list_columns", "text_columns"):
            for index, column in enumerate(getattr(table, key)):
                findings.expect(columns, column, "table", name, (key, index), "column")
        for index, column in enumerate(table.text_columns):
            if column in columns and columns[column].personal:
                mend = "leave it out; what is personal is read in the replay"
                findings.add("table", name, ("text_columns", index), f"{column} is personal", mend)
        if table.time_dimension is not None:
            known = [*columns, *(column.dimension for column in columns.values() if column.dimension)]
            findings.expect(known, table.time_dimension, "table", name, ("time_dimension",), "column")
        _check_own_metric(findings, name, table, "count_metric", "counts")
        _check_own_metric(findings, name, table, "duration_metric", "measures")
        _check_list_order(findings, name, table)
        _check_joins(findings, name, table)
        _check_columns(findings, name, table)
        if table.sql is not None:
            _check_derived(findings, name, table.sql)
        if table.guidance is not None:
            _check_guidance(findings, name, table.guidance)


def _check_own_metric(findings: Findings, name: str, table: TableFile, key: str, does: str) -> None:
    named = getattr(table, key)
    if named is None:
        return
    metrics = findings.knowledge.metrics
    if not findings.expect(metrics, named, "table", name, (key,), "metric"):
        return
    owner = metrics[named].table
    if owner != name:
        what = f"{named} {does} rows of {owner}"
        findings.add("table", name, (key,), what, f"name a metric whose table is {name}")


def _check_list_order(findings: Findings, name: str, table: TableFile) -> None:
    for item in (table.list_order or "").split(",") if table.list_order else ():
        matched = _ORDER_ITEM.fullmatch(item.strip())
        if matched is None:
            mend = "write columns with ASC or DESC, parted by commas"
            findings.add("table", name, ("list_order",), f"{item.strip()!r} is no order", mend)
        else:
            column = matched["quoted"] or matched["plain"]
            findings.expect(findings.columns_of(name), column, "table", name, ("list_order",), "column")


def _check_joins(findings: Findings, name: str, table: TableFile) -> None:
    tables = findings.knowledge.tables
    for index, join in enumerate(table.joins):
        path = ("joins", index)
        if not join.columns:
            findings.add("table", name, (*path, "columns"), "this join has no columns", "write {ours: theirs}")
        for ours in join.columns:
            findings.expect(findings.columns_of(name), ours, "table", name, (*path, "columns", ours), "column")
        if findings.expect(tables, join.to, "table", name, (*path, "to"), "table"):
            for ours, theirs in join.columns.items():
                known = findings.columns_of(join.to)
                findings.expect(known, theirs, "table", name, (*path, "columns", ours), f"column of {join.to}")
            _check_multiplicity(findings, name, index, table)


def _check_multiplicity(findings: Findings, name: str, index: int, table: TableFile) -> None:
    """A *_to_one join whose target is keyed by something wider would multiply rows in silence."""
    join = table.joins[index]
    target = findings.knowledge.tables[join.to]
    theirs = set(join.columns.values())
    unique = [column.name for column in target.table_columns if column.role == "entity"]
    if join.type == "one_to_many" or not target.primary_key or set(target.primary_key) <= theirs:
        return
    if theirs & set(unique) and len(target.primary_key) == 1:
        return  # joined by another key than the primary one, such as a public number
    what = f"{join.to} can have several rows per {', '.join(sorted(theirs))}, so this is not {join.type}"
    findings.add("table", name, ("joins", index, "type"), what, "write one_to_many, or join by its primary key")


def _check_columns(findings: Findings, name: str, table: TableFile) -> None:
    taken: dict[str, str] = {}
    for column in table.table_columns:
        full = f"{name}.{column.name}"
        dimension = column.dimension or column.name
        if dimension in taken:
            what = f"the columns {taken[dimension]} and {column.name} are both the dimension {dimension}"
            findings.add("column", full, ("dimension",), what, "give one of them another name")
        taken.setdefault(dimension, column.name)
        for index, metric in enumerate(column.only_metrics):
            findings.expect(findings.knowledge.metrics, metric, "column", full, ("only_metrics", index), "metric")
        if column.value_pattern is not None:
            try:
                re.compile(column.value_pattern)
            except re.error as error:
                what = f"the pattern is no regular expression ({error.msg})"
                findings.add("column", full, ("value_pattern",), what, "mend the pattern")
        values = [value.value for value in column.values]
        for index, value in enumerate(values):
            if value in values[:index]:
                findings.add("column", full, ("values", index), f"the value {value} stands twice", "keep one of them")


def _check_derived(findings: Findings, name: str, sql: str) -> None:
    read = read_query(sql)
    problems = [*read.problems, *placeholder_problems(read.placeholders, ("now",))]
    if read.tree is not None:
        problems += name_problems(read.tree, findings.described)
        outputs = output_names(read.tree)
        for column in findings.columns_of(name) if outputs is not None else ():
            if column not in (outputs or ()):
                what = f"the query of {name} gives no column {column}"
                findings.add("column", f"{name}.{column}", ("name",), what, advise(column, outputs or (), "add it"))
    for what, mend, _ in problems:
        findings.add("table", name, ("sql",), what, mend)


def _check_guidance(findings: Findings, name: str, guidance: GuidanceFile) -> None:
    """One text for a value, out of columns that a model may be shown."""
    tables = findings.knowledge.tables.values()
    known = {column.dimension or column.name for table in tables for column in table.table_columns if column.values}
    findings.expect(known, guidance.dimension, "table", name, ("guidance", "dimension"), "dimension with values")
    read = read_query(guidance.sql)
    problems = [*read.problems, *placeholder_problems(read.placeholders, ("value",))]
    if read.tree is not None:
        problems += name_problems(read.tree, findings.described)
        named = {node.name for node in read.tree.find_all(exp.Column)}
        read_from = {f"{node.db}.{node.name}" for node in read.tree.find_all(exp.Table)}
        columns = [column for one in sorted(read_from) for column in findings.columns_of(one).values()]
        hidden = [column.name for column in columns if column.name in named and (column.personal or column.untrusted)]
        if hidden:
            problems.append((f"{hidden[0]} is personal or untrusted", "read what may be shown to a model", 0))
        if len(output_names(read.tree) or ("one",)) != 1:
            problems.append(("it gives several columns", "select the one text", 0))
    for what, mend, _ in problems:
        findings.add("table", name, ("guidance", "sql"), what, mend)
