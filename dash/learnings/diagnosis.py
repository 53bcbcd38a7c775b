"""What went wrong with a query, from the SQLSTATE or the guard's rule and the query's own text.

The database's words are never read: they quote data. What they would tell is found again on the query's tree, held
against the knowledge, so that a sentence can name columns and tables, which are no secret, and nothing else.

    unknown_table, unknown_column, unknown_alias   names that there are not, with the nearest that there are
    type_mismatch, bad_cast                        a text column where a number or a moment is needed
    ambiguous_column, missing_group, division      what PostgreSQL asks to be said
    unknown_value                                  a value that the column does not have: nothing is found
    timeout, other                                 what no rewriting mends
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp
from sqlglot.optimizer.scope import Scope
from sqlglot.tokenizer_core import TokenType

from dash.errors import QueryFailed, QueryRejected
from dash.knowledge import Knowledge
from dash.learnings.context import compared_texts, computed_with, is_number, is_time, ungrouped
from dash.learnings.fixes import patches_of
from dash.learnings.names import (
    PLAIN,
    find_column,
    instead,
    is_harmless,
    is_open,
    named_metric,
    nearest_columns,
    nearest_relations,
    nearest_values,
    shown,
)
from dash.learnings.reading import Owned, ReadQuery, folded, is_certain, output_names, read, relation_of
from dash.learnings.records import (
    CastColumn,
    Diagnosis,
    EmptyAsNull,
    Fix,
    GroupColumn,
    NullDivisor,
    QualifyColumn,
    RenameColumn,
    RenameRelation,
    SpellValue,
)
from dash.learnings.spans import divisors, spelled

_TEXT = ("text", "varchar", "character varying", "char", "bpchar")
_PASSING = ("08", "25", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE that tell of the server and not of the query."""

Finder = Callable[[ReadQuery, Knowledge], Diagnosis | None]


def diagnose(error: QueryFailed | QueryRejected, sql: str, knowledge: Knowledge) -> Diagnosis:
    """Why this text was rejected by the guard or refused by the database, and what may mend it. Never raises."""
    code = error.rule if isinstance(error, QueryRejected) else (error.sqlstate or "")
    if code == "57014":
        sentence = "The query took longer than it may; ask for a shorter period, fewer groups or fewer joins."
        return Diagnosis("timeout", sentence, lasting=False)
    query = read(sql)
    if query is not None:
        for finder in _FINDERS.get(code, ()):
            found = finder(query, knowledge)
            if found is not None:
                return found
    lasting = isinstance(error, QueryRejected) or not code.startswith(_PASSING)
    return Diagnosis("other", error.message, lasting=lasting)


def diagnose_empty(sql: str, knowledge: Knowledge) -> Diagnosis | None:
    """Why a query that ran found nothing: it compares a column with a value that the column does not have. None when
    every value is known or nothing is known about them. Call it for a result without rows or with nothing but zeros."""
    query = read(sql)
    return _unknown_value(query, knowledge) if query is not None else None


def _columns(query: ReadQuery, knowledge: Knowledge) -> Iterator[tuple[Owned, str]]:
    """Each column with the one described table that it belongs to."""
    allowed = knowledge.allowed()
    for owned in query.columns():
        homes = [name for name in dict.fromkeys(owned.owners) if owned.name in allowed.get(name, ())]
        if len(homes) == 1 and is_certain(owned, homes[0], allowed):
            yield owned, homes[0]


def _unknown_table(query: ReadQuery, knowledge: Knowledge) -> Diagnosis | None:
    allowed = knowledge.allowed()
    for table in query.tables():
        wrong = relation_of(table)
        if wrong in allowed:
            continue
        near = nearest_relations(knowledge, wrong)
        names = tuple(name for name, _ in near)
        certain = bool(near) and near[0][1] and all(PLAIN.fullmatch(part) for part in wrong.split("."))
        fix = RenameRelation(wrong, names[0]) if certain else None
        sentence = f"There is no table {shown(wrong)}; {instead(names, 'use one of the tables that are described.')}"
        return Diagnosis("unknown_table", sentence, names, fix, names[:1])
    return None


def _unknown_column(query: ReadQuery, knowledge: Knowledge) -> Diagnosis | None:
    allowed = knowledge.allowed()
    for owned in query.columns():
        homes = [name for name in dict.fromkeys(owned.owners) if name in allowed]
        if not homes or any(owned.name in allowed[name] for name in homes) or not _is_unknown(owned, homes):
            continue
        metric = named_metric(knowledge, owned.name)
        if metric is not None:
            sentence = f"There is no column {metric}: it is a governed metric, computed by its own definition."
            return Diagnosis("unknown_column", sentence, (metric,), None, (metric,))
        near = nearest_columns(knowledge, homes, owned.name)
        fix = None
        if near and near[0][2] and PLAIN.fullmatch(owned.name):
            relation, column, _ = near[0]
            if is_open(knowledge, relation, column) and is_certain(owned, relation, allowed):
                fix = RenameColumn(relation, owned.name, column)
        # Hidden ones are looked at, so that no other is taken for them, and not named: they cannot be used.
        names = tuple(f"{relation}.{column}" for relation, column, _ in near if is_open(knowledge, relation, column))
        where = f" in {homes[0]}" if len(homes) == 1 else ""
        use = instead(names, "use the columns that are described.")
        sentence = f"There is no column {shown(owned.name)}{where}; {use}"
        return Diagnosis("unknown_column", sentence, names, fix, names[:1])
    return None


def _is_unknown(owned: Owned, homes: list[str]) -> bool:
    """Whether nothing else of the query could have the name: an output, a WITH query, a SELECT around it."""
    if owned.node.args.get("table") is not None:
        return True
    if owned.name in output_names(owned.scope) or len(homes) != len(set(owned.owners)):
        return False
    scope = owned.scope
    return not scope.is_correlated_subquery and len(homes) == len(scope.sources)


def _unknown_alias(query: ReadQuery, knowledge: Knowledge) -> Diagnosis | None:
    for owned in query.columns():
        qualifier = owned.node.args.get("table")
        if qualifier is None or owned.owners or _is_source(owned, folded(qualifier)):
            continue
        known = tuple(owned.scope.sources)
        listed = ", ".join(shown(name) for name in known)
        sentence = f"Nothing in this query is called {shown(folded(qualifier))}; its FROM has {listed}."
        return Diagnosis("unknown_alias", sentence)
    return None


def _is_source(owned: Owned, name: str) -> bool:
    scope: Scope | None = owned.scope
    while scope is not None:
        if name in scope.sources or name in {source.lower() for source in scope.sources}:
            return True
        scope = scope.parent
    return False


def _ambiguous(query: ReadQuery, knowledge: Knowledge) -> Diagnosis | None:
    allowed = knowledge.allowed()
    for owned in query.columns():
        homes = [name for name in dict.fromkeys(owned.owners) if owned.name in allowed.get(name, ())]
        if owned.node.args.get("table") is not None or len(homes) < 2:
            continue
        names = tuple(f"{home}.{owned.name}" for home in homes)
        fix = QualifyColumn(homes[0], owned.name) if _tied(owned) else None
        sentence = (
            f"Several tables of the query have a column {shown(owned.name)}: {', '.join(names)}; write the alias."
        )
        return Diagnosis("ambiguous_column", sentence, names, fix, names[:1])
    return None


def _tied(owned: Owned) -> bool:
    """Whether the tables are joined on this very column, keeping every row of the first: then its value is the same."""
    joins = owned.scope.expression.args.get("joins") or ()
    kept = all(str(join.args.get("side") or "") in ("", "LEFT") for join in joins)
    equal = [
        node
        for join in joins
        for node in (join.args["on"].find_all(exp.EQ) if join.args.get("on") is not None else ())
        if all(
            isinstance(side, exp.Column) and folded(side.this) == owned.name for side in (node.this, node.expression)
        )
    ]
    return kept and len(joins) == len(equal) > 0


def _mismatch(query: ReadQuery, knowledge: Knowledge) -> Diagnosis | None:
    """A text column compared or computed with a number or a moment."""
    for owned, relation in _columns(query, knowledge):
        column = find_column(knowledge, relation, owned.name)
        if column is None or not _is_text(column.type):
            continue
        for kind, fits in (("numeric", is_number), ("timestamptz", is_time)):
            if not computed_with(owned.node, fits, numeric=kind == "numeric"):
                continue
            name = f"{relation}.{owned.name}"
            read_as = f"CAST(NULLIF({owned.name}, '') AS {kind})"
            fix = CastColumn(relation, owned.name, "numeric" if kind == "numeric" else "timestamptz")
            what = "a number" if kind == "numeric" else "a point in time"
            sentence = f"{name} is text and cannot be used as {what}; write {read_as}."
            return Diagnosis("type_mismatch", sentence, (name,), _unless_personal(column, fix), (name,))
    return None


def _bad_cast(query: ReadQuery, knowledge: Knowledge) -> Diagnosis | None:
    for owned, relation in _columns(query, knowledge):
        column = find_column(knowledge, relation, owned.name)
        fix = EmptyAsNull(relation, owned.name)
        if column is None or not _is_text(column.type) or not any(True for _ in patches_of(query, fix, None)):
            continue
        name = f"{relation}.{owned.name}"
        sentence = f"{name} is text and some of it cannot be cast; '' is not, so write NULLIF({owned.name}, '') inside."
        return Diagnosis("bad_cast", sentence, (name,), _unless_personal(column, fix), (name,))
    return None


def _unless_personal(column: object, fix: Fix) -> Fix | None:
    return None if getattr(column, "personal", False) or getattr(column, "untrusted", False) else fix


def _division(query: ReadQuery, knowledge: Knowledge) -> Diagnosis | None:
    """The divisor that may be zero: the only one that is neither a number nor looked after already."""
    found: dict[str, None] = {}
    for first, last in divisors(query.tokens):
        text = spelled(query.tokens, first, last)
        values = [token.text for token in query.tokens[first : last + 1] if token.token_type is TokenType.STRING]
        if not text.startswith("nullif (") and not text.replace(".", "").isdigit() and all(map(is_harmless, values)):
            found[text] = None
    sentence = "The query divides by zero for some rows; write NULLIF(…, 0) around the divisor."
    applies_to = tuple(sorted({relation_of(table) for table in query.tables()} & knowledge.allowed().keys()))
    fix = NullDivisor(next(iter(found))) if len(found) == 1 else None
    return Diagnosis("division", sentence, (), fix, applies_to)


def _missing_group(query: ReadQuery, knowledge: Knowledge) -> Diagnosis | None:
    for owned, relation in _columns(query, knowledge):
        select = owned.scope.expression
        item = owned.node.parent if isinstance(owned.node.parent, exp.Alias) else owned.node
        if not isinstance(select, exp.Select) or item.parent is not select:
            continue
        places = ungrouped(select)
        if any(select.expressions[place] is item for place in places):
            name = f"{relation}.{owned.name}"
            sentence = f"{name} stands beside aggregates and is in no GROUP BY; group by it or aggregate it."
            return Diagnosis("missing_group", sentence, (name,), GroupColumn(relation, owned.name), (name,))
    return None


def _unknown_value(query: ReadQuery, knowledge: Knowledge) -> Diagnosis | None:
    for owned, relation in _columns(query, knowledge):
        column = find_column(knowledge, relation, owned.name)
        if column is None or column.personal or column.untrusted or not column.values:
            continue
        known = {str(value.value) for value in column.values} | set(column.missing)
        for literal in compared_texts(owned.node):
            wrong = str(literal.this)
            if wrong in known:
                continue
            near = nearest_values(column, wrong)
            names = tuple(value for value, _ in near)
            name = f"{relation}.{owned.name}"
            certain = bool(near) and near[0][1] and is_harmless(wrong)
            fix = SpellValue(relation, owned.name, wrong, names[0]) if certain else None
            listed = ", ".join(f"'{value}'" for value in names)
            other = f"near it are {listed}." if names else "use one that is described."
            sentence = f"{name} has no such value as the query compares it with; {other}"
            return Diagnosis("unknown_value", sentence, names, fix, (name,))
    return None


def _is_text(type_name: str) -> bool:
    return type_name.lower().split("(")[0].strip() in _TEXT


_NAMES: tuple[Finder, ...] = (_unknown_table, _unknown_column, _unknown_alias)
_TYPES: tuple[Finder, ...] = (_mismatch, _bad_cast)
_FINDERS: dict[str, tuple[Finder, ...]] = {
    # the guard's rules
    "unknown_table": _NAMES,
    "unqualified_table": _NAMES,
    "catalogue": (_unknown_table,),
    "unknown_column": (_unknown_column, _unknown_alias),
    "unknown_source": (_unknown_alias,),
    "unknown_word": (_unknown_table, _unknown_column),
    # PostgreSQL's codes
    "42P01": _NAMES,
    "42703": (_unknown_column, _unknown_alias),
    "42702": (_ambiguous,),
    "42803": (_missing_group,),
    "42883": _TYPES,
    "42804": _TYPES,
    "22P02": (_bad_cast, _mismatch),
    "22007": (_bad_cast, _mismatch),
    "22012": (_division,),
}
