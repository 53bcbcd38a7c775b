"""Mechanical fixes: active learnings applied to a query's text before the guard sees it.

Each fix finds its places on the syntax tree and replaces exactly those characters; the guard then checks the result as
it would check anything, so a fix can give a query nothing that it could not have had. A fix matches only what cannot
run (a column that there is not, a text compared with a number), finds nothing (a value that no row has) or may stop
(a divisor that can be zero), so what is right keeps its result, and what was mended is not mended again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from dash.learnings.context import compared_texts, computed_with, is_number, is_time, ungrouped
from dash.learnings.reading import (
    Columns,
    Owned,
    ReadQuery,
    folded,
    is_certain,
    output_names,
    read,
    relation_of,
)
from dash.learnings.records import (
    FIXES,
    AppliedFix,
    CastColumn,
    EmptyAsNull,
    Fix,
    GroupColumn,
    Learning,
    NullDivisor,
    QualifyColumn,
    RenameColumn,
    RenameRelation,
    SpellValue,
    name_of,
)
from dash.learnings.spans import Patch, clause_ends, divisors, patched, select_before, spelled
from dash.semantics.fragments import identifier, relation

_ORDER = {name: place for place, name in enumerate(FIXES)}


def apply_fixes(
    sql: str, active: Sequence[Learning], columns: Columns | None = None
) -> tuple[str, tuple[AppliedFix, ...]]:
    """The query with every active fix applied where it matches, and what was applied.

    `active` are the learnings that may be used for this viewer (`Learnings.usable`); others than query fixes are
    passed over. `columns` (Knowledge.allowed()) lets a bare name be followed where a SELECT reads several tables. The
    rest of the text stays letter by letter; a text that cannot be read as one query stays as it is.
    """
    applied = []
    for learning in sorted(active, key=lambda each: (_ORDER.get(name_of(each.fix), 0) if each.fix else 0, each.id)):
        if learning.kind != "query_fix" or learning.fix is None or learning.status != "active":
            continue
        changed, places = apply_fix(sql, learning.fix, columns)
        if places:
            sql = changed
            applied.append(AppliedFix(learning.id, learning.learned, learning.source, places))
    return sql, tuple(applied)


def apply_fix(sql: str, fix: Fix, columns: Columns | None = None) -> tuple[str, int]:
    """The text with one fix applied wherever it matches, and at how many places."""
    if not all(word in sql.lower() for word in _telltale(fix)):
        return sql, 0
    query = read(sql)
    if query is None:
        return sql, 0
    patches = list(dict.fromkeys(patches_of(query, fix, columns)))
    return (patched(sql, patches), len(patches)) if patches else (sql, 0)


def _telltale(fix: Fix) -> tuple[str, ...]:
    """Words without which a query cannot match, so that most queries are never parsed."""
    if isinstance(fix, RenameRelation):
        return (fix.wrong.rpartition(".")[2].lower(),)
    if isinstance(fix, NullDivisor):
        return ()
    if isinstance(fix, RenameColumn):
        return (fix.wrong.lower(),)
    if isinstance(fix, SpellValue):
        return (fix.column.lower(), fix.wrong.lower().replace("'", "''"))
    return (fix.column.lower(),)


def patches_of(query: ReadQuery, fix: Fix, columns: Columns | None = None) -> Iterator[Patch]:
    """Where a fix matches, and what stands there afterwards."""
    if isinstance(fix, RenameRelation):
        return _rename_relation(query, fix)
    if isinstance(fix, RenameColumn):
        return _rename_column(query, fix, columns)
    if isinstance(fix, QualifyColumn):
        return _qualify(query, fix)
    if isinstance(fix, CastColumn):
        return _cast(query, fix, columns)
    if isinstance(fix, EmptyAsNull):
        return _empty_as_null(query, fix, columns)
    if isinstance(fix, NullDivisor):
        return _null_divisor(query, fix)
    if isinstance(fix, GroupColumn):
        return _group(query, fix, columns)
    return _spell(query, fix, columns)


def _rename_relation(query: ReadQuery, fix: RenameRelation) -> Iterator[Patch]:
    """An alias keeps the old name, so that `tickets.status` still finds its table."""
    for table in query.tables():
        if relation_of(table) != fix.wrong or "start" not in table.this.meta:
            continue
        schema = table.args.get("db")
        start = (schema if schema is not None else table.this).meta["start"]
        kept = (
            "" if table.args.get("alias") or folded(table.this) == fix.right.rpartition(".")[2] else folded(table.this)
        )
        yield Patch(
            start, table.this.meta["end"] + 1, relation(fix.right) + (f" AS {identifier(kept)}" if kept else "")
        )


def _of(query: ReadQuery, relation_name: str, column: str, columns: Columns | None) -> Iterator[Owned]:
    """The places where a column of a relation is named."""
    for owned in query.columns():
        if owned.name == column and is_certain(owned, relation_name, columns):
            yield owned


def _rename_column(query: ReadQuery, fix: RenameColumn, columns: Columns | None) -> Iterator[Patch]:
    for owned in _of(query, fix.relation, fix.wrong, columns):
        if owned.node.args.get("table") is None and fix.wrong in output_names(owned.scope):
            continue  # ORDER BY the output of that name
        start, end = owned.name_span
        kept = "" if not _is_plain_output(owned) else f" AS {identifier(fix.wrong)}"
        yield Patch(start, end, identifier(fix.right) + kept)


def _is_plain_output(owned: Owned) -> bool:
    """Whether the column is an output without an alias, whose name others (ORDER BY, an outer query) may use."""
    return isinstance(owned.node.parent, exp.Select) and owned.node.arg_key == "expressions"


def _qualify(query: ReadQuery, fix: QualifyColumn) -> Iterator[Patch]:
    for owned in query.columns():
        sources = [
            alias
            for alias, source in owned.scope.sources.items()
            if isinstance(source, exp.Table) and relation_of(source) == fix.relation
        ]
        merged = any(join.args.get("using") for join in owned.scope.expression.args.get("joins") or ())
        bare = owned.node.args.get("table") is None and owned.name == fix.column
        named = owned.name in output_names(owned.scope) and owned.node.find_ancestor(exp.Order, exp.Group)
        if bare and len(sources) == 1 and len(owned.scope.sources) > 1 and not merged and not named:
            start = owned.span[0]
            yield Patch(start, start, f"{identifier(sources[0])}.")


def _cast(query: ReadQuery, fix: CastColumn, columns: Columns | None) -> Iterator[Patch]:
    fits = is_number if fix.type == "numeric" else is_time
    for owned in _of(query, fix.relation, fix.column, columns):
        if computed_with(owned.node, fits, numeric=fix.type == "numeric"):
            start, end = owned.span
            yield Patch(start, end, f"CAST(NULLIF({query.text[start:end]}, '') AS {fix.type})")


def _empty_as_null(query: ReadQuery, fix: EmptyAsNull, columns: Columns | None) -> Iterator[Patch]:
    for owned in _of(query, fix.relation, fix.column, columns):
        cast = owned.node.parent
        if isinstance(cast, exp.Cast) and cast.this is owned.node and cast.to.this.name not in ("TEXT", "VARCHAR"):
            start, end = owned.span
            yield Patch(start, end, f"NULLIF({query.text[start:end]}, '')")


def _null_divisor(query: ReadQuery, fix: NullDivisor) -> Iterator[Patch]:
    for first, last in divisors(query.tokens):
        if spelled(query.tokens, first, last) == fix.divisor:
            start, end = query.tokens[first].start, query.tokens[last].end + 1
            yield Patch(start, end, f"NULLIF({query.text[start:end]}, 0)")


def _group(query: ReadQuery, fix: GroupColumn, columns: Columns | None) -> Iterator[Patch]:
    """All bare columns of the SELECT are grouped by, by their places: one alone would only move the error."""
    done = set()
    for owned in _of(query, fix.relation, fix.column, columns):
        select = owned.scope.expression
        item = owned.node.parent if isinstance(owned.node.parent, exp.Alias) else owned.node
        if not isinstance(select, exp.Select) or item.parent is not select or id(select) in done:
            continue
        places = ungrouped(select)
        first = select_before(query.tokens, owned.name_span[0])
        if first is None or not places:
            continue
        done.add(id(select))
        end, group = clause_ends(query.tokens, first)
        listed = ", ".join(str(place + 1) for place in places)
        yield Patch(end, end, f", {listed}" if group is not None else f" GROUP BY {listed}")


def _spell(query: ReadQuery, fix: SpellValue, columns: Columns | None) -> Iterator[Patch]:
    for owned in _of(query, fix.relation, fix.column, columns):
        for literal in compared_texts(owned.node):
            if str(literal.this) == fix.wrong and "start" in literal.meta:
                yield Patch(literal.meta["start"], literal.meta["end"] + 1, text_literal(fix.right))


def text_literal(value: str) -> str:
    """A value as an SQL string. `standard_conforming_strings` is on, so only the quote needs doubling."""
    return "'" + value.replace("'", "''") + "'"
