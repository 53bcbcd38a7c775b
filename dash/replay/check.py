"""What `dash check` says about replay.yaml: every expression against the described tables, then the composed queries
against the guard and the database, each fault at the line of what it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as Folder
from typing import Any

from sqlglot import exp

from dash.errors import Fault
from dash.knowledge import Knowledge
from dash.knowledge.check import LiveChecks
from dash.knowledge.check.names import Described, name_problems
from dash.knowledge.check.sql import read_expression, read_query
from dash.knowledge.documents import Path
from dash.knowledge.nearest import advise
from dash.replay.compose import Wanted, gaps_query, one_query, page_query, totals_query
from dash.replay.description import FIELDS, Description, SourceFile, find_description
from dash.replay.searching import Search, count_query, search_query

_ANY_ID = "1"


def check_replay(folder: Folder, knowledge: Knowledge, live: LiveChecks | None = None) -> tuple[Fault, ...]:
    """Every fault of the knowledge folder's replay.yaml; none when there is no such file."""
    description, faults = find_description(folder)
    if description is None:
        return faults
    document = description.document
    derived = [name for name, table in knowledge.tables.items() if table.sql is not None]
    described = Described(knowledge.allowed(), derived)
    for path, table, alias, sql in _expressions(description):
        _check_expression(description, path, (table, alias, sql), described)
    for path, dimension in _dimensions(description):
        known = {
            column.dimension or column.name for table in knowledge.tables.values() for column in table.table_columns
        }
        if dimension not in known:
            what = f"there is no dimension {dimension}"
            document.fault(path, what, advise(dimension, known, "name a dimension of tables/"))
    if live is not None and not document.faults:
        _check_live(description, live)
    return tuple(sorted(set(document.faults)))


def _expressions(description: Description) -> Iterator[tuple[Path, str, str, str]]:
    """(where it stands, table, the row's name, SQL) of every expression."""
    head = description.conversation
    for key in ("id", "moment", "title"):
        if (sql := getattr(head, key)) is not None:
            yield ("conversation", key), head.table, "conversation", sql
    for name, fact in head.facts.items():
        yield ("conversation", "facts", name, "sql"), head.table, "conversation", fact.sql
    for name, narrowing in description.filters.items():
        table, alias = (narrowing.table, "related") if narrowing.table else (head.table, "conversation")
        for key in ("key", "column", "condition", "where"):
            if (sql := getattr(narrowing, key)) is not None:
                yield ("filters", name, key), table, alias, sql
    for name, source in description.timeline.items():
        for path, sql in _source_expressions(source):
            yield ("timeline", name, *path), source.table, "event", sql


def _source_expressions(source: SourceFile) -> Iterator[tuple[Path, str]]:
    for key in ("key", "id", "moment", "where", *FIELDS):
        if (sql := getattr(source, key)) is not None:
            yield (key,), sql
    if source.kind.column is not None:
        yield ("kind", "column"), source.kind.column
    for name, detail in source.details.items():
        yield ("details", name, "sql"), detail.sql


def _check_expression(
    description: Description, path: Path, written: tuple[str, str, str], described: Described
) -> None:
    table, alias, sql = written
    document = description.document
    read = read_expression(sql)
    for what, mend, _ in read.problems:
        document.fault(path, what, mend)
    if read.tree is None:
        return
    if _aggregates(read.tree):
        document.fault(path, "an aggregate stands here, but each row is one event", "write it as a sub-query")
        return
    whole = read_query(f"SELECT ({sql}\n) AS value FROM {table} AS {alias}")
    for what, mend, _ in name_problems(whole.tree, described) if whole.tree is not None else ():
        document.fault(path, what, mend)


def _aggregates(tree: exp.Expr) -> bool:
    """Whether it would turn many rows into one; a window or a sub-query does not."""
    return any(not node.find_ancestor(exp.Query, exp.Window) for node in tree.find_all(exp.AggFunc))


def _dimensions(description: Description) -> Iterator[tuple[Path, str]]:
    for name, fact in description.conversation.facts.items():
        if fact.dimension:
            yield ("conversation", "facts", name, "dimension"), fact.dimension
    for name, narrowing in description.filters.items():
        if narrowing.dimension:
            yield ("filters", name, "dimension"), narrowing.dimension
    for name, source in description.timeline.items():
        for field, dimensions in source.labels.items():
            for dimension in dimensions:
                yield ("timeline", name, "labels", field), dimension
        for key, detail in source.details.items():
            if detail.dimension:
                yield ("timeline", name, "details", key, "dimension"), detail.dimension


def _check_live(description: Description, live: LiveChecks) -> None:
    """Every query that a replay composes, explained and guarded as it would run."""
    for path, query in _queries(description):
        rejection = live.guard(query.sql, query.parameters)
        if rejection is not None:
            description.document.fault(
                path, f"the guard rejects its SQL: {rejection.rstrip('.')}", "write it another way"
            )
            continue
        error = live.explain(query.sql, query.parameters)
        if error is not None:
            what = f"the database refuses its SQL: {' '.join(error.split())[:300]}".rstrip(".")
            description.document.fault(path, what, "mend the SQL")


def _queries(description: Description) -> Iterator[tuple[Path, Any]]:
    for rank, name, source in description.sources():
        wanted = Wanted(_ANY_ID, frozenset({"error"}), failed_too=True)
        for kinds in (Wanted(_ANY_ID), wanted):
            query = page_query(rank, source, kinds, None, forward=True, dated=True, limit=1)
            if query is not None:
                yield ("timeline", name), query
        yield ("timeline", name), one_query(source, _ANY_ID, _ANY_ID)
        yield ("timeline", name), totals_query([(rank, name, source)], _ANY_ID, None)
        yield ("timeline", name), gaps_query([(rank, name, source)], _ANY_ID, 1)
    yield ("conversation",), search_query(description, Search(id=_ANY_ID), None, 1)
    for name, narrowing in description.filters.items():
        search = Search(filters={name: (_ANY_ID,)})
        yield ("filters", name), search_query(description, search, None, 1)
        if narrowing.first:
            yield ("filters", name), search_query(description, search, None, 1, first=name)
            yield ("filters", name), count_query(description, name, (_ANY_ID,))
