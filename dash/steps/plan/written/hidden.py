"""What SQL may hide in what it shows: constants and sentences for data, names for something else, rows that are left
out or come twice. Found on the outputs of the query, followed to where they are worked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from sqlglot import exp

from dash.language.reader import Reader
from dash.records import Unconfirmed
from dash.steps.plan.written.answers import Word
from dash.steps.plan.written.definitions import is_key, is_output, literals_of
from dash.steps.plan.written.facts import Facts
from dash.steps.plan.written.findings import Finding
from dash.steps.plan.written.lineage import Lineage, branches
from dash.steps.plan.written.said import names_it
from dash.steps.plan.written.tree import Select, bare, conjuncts

_PLAIN = frozenset({0.0, 1.0})
_FACTORS = frozenset({1.0, 7.0, 24.0, 60.0, 100.0, 1000.0, 3600.0, 86400.0})
"""Numbers of percentages and of units of time, which a division may have."""
_ASIDE = (
    exp.Round, exp.Nullif, exp.Interval, exp.Extract, exp.TimestampTrunc, exp.DateTrunc, exp.PercentileCont,
    exp.PercentileDisc, exp.DataType, exp.Predicate, exp.Window, exp.Query, exp.TimeToStr, exp.Limit,
)  # fmt: skip
"""What may hold a number that is no part of the result: digits to round to, a condition, a part of a date."""
_LONGEST_LABEL = 40


def hidden(lineage: Lineage, facts: Facts, words: Sequence[Word], reader: Reader) -> Iterator[Finding]:
    """Every finding on what a query shows."""
    yield from _constants(lineage, facts, words, reader)
    yield from _aliases(lineage, reader)
    yield from _null_counts(lineage, facts, words, reader)
    yield from _cut_by_place(lineage, facts)
    yield from _unions(lineage)


# constants


def _constants(lineage: Lineage, facts: Facts, words: Sequence[Word], reader: Reader) -> Iterator[Finding]:
    metrics = {name for one in facts.found for name in one.meanings("metric") if reader.model.metrics[name].table}
    asked = {number for _, number in facts.numbers} | literals_of(metrics, reader)
    said = {str(value) for one in facts.found for _, values in one.meanings("value") for value in values}
    explained = " ".join(word.meaning for word in words)
    outermost = {id(part.node) for part in lineage.outermost}
    for part, item in lineage.outputs:
        shown = bare(item.unalias())
        if isinstance(shown, exp.Literal | exp.Boolean | exp.Neg | exp.Null) and shown.find(exp.Column) is None:
            text = str(shown.this) if isinstance(shown, exp.Literal) and shown.is_string else None
            label = text is not None and len(text) <= _LONGEST_LABEL and (text in said or names_it(explained, text))
            one = id(part.node) not in outermost and isinstance(shown, exp.Literal) and shown.this in ("0", "1")
            if not label and not one:
                yield Finding("constant", f"{_shown(item)} is a constant and no data; show what the tables hold.")
            continue
        if _is_invented(part, item):
            yield Finding("constant", f"{_shown(item)} reads no table; show what the tables hold.")
        for node in _numbers_in(item):
            if not _is_allowed(node, item, asked):
                yield Finding("constant", f"The number {node.this} in {_shown(item)} comes from nowhere; leave it out.")
        for node in shown.find_all(exp.Literal):
            glued = isinstance(node.parent, exp.DPipe | exp.Concat) and any(map(str.isdigit, node.this))
            if node.is_string and (glued or len(node.this) > _LONGEST_LABEL):
                yield Finding("constant", f"{node.this[:20]!r} is no data; leave it out.")


def _is_invented(part: Select, item: exp.Expr) -> bool:
    """Whether an output reads nothing, or rows that stand in the SQL itself: VALUES."""
    columns = list(item.find_all(exp.Column))
    if not columns:
        return item.find(exp.AggFunc, exp.Query, exp.Window) is None
    written = [alias for alias, source in part.derived.items() if source.find(exp.Values) is not None]
    return any(column.table in written or (not column.table and not part.tables) for column in columns if written)


def _numbers_in(item: exp.Expr) -> Iterator[exp.Literal]:
    """The numbers that are a part of the result, and no digits to round to or bounds of a condition."""
    stack = [item]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.Literal) and not node.is_string:
            yield node
        elif isinstance(node, exp.Round | exp.Nullif | exp.Window):
            stack.append(node.this)
        elif isinstance(node, exp.Case):
            stack += [branch.args["true"] for branch in node.args["ifs"]]
            stack += [node.args["default"]] if node.args.get("default") is not None else []
        elif isinstance(node, exp.Filter):
            stack.append(node.this)
        elif node is item or not isinstance(node, _ASIDE):
            stack.extend(node.iter_expressions())


def _is_allowed(node: exp.Literal, item: exp.Expr, asked: set[float]) -> bool:
    number, parent = float(node.this), node.parent
    while isinstance(parent, exp.Paren | exp.Cast | exp.Neg):
        parent = parent.parent
    if number in asked:
        return True
    if isinstance(parent, exp.Add | exp.Sub):
        return number == 0
    if isinstance(parent, exp.Mul | exp.Div):
        return number in _FACTORS and item.find(exp.Div) is not None
    return number in _PLAIN


def _shown(item: exp.Expr) -> str:
    return item.sql(dialect="postgres")[:60]


# names


def _aliases(lineage: Lineage, reader: Reader) -> Iterator[Finding]:
    """ "resolution_rate" over something else."""
    for part in lineage.outermost:
        for item in part.node.expressions:
            name = item.alias_or_name.lower()
            if name in reader.model.metrics and not is_output(name, part, item, lineage, reader):
                reason = f"{name} is the name of a metric, and {_shown(item)} is not its definition; name it otherwise."
                yield Finding("alias", reason, Unconfirmed("definition", name))


# rows that are not counted, left out, or come twice


def _null_counts(lineage: Lineage, facts: Facts, words: Sequence[Word], reader: Reader) -> Iterator[Finding]:
    """COUNT of a column counts the rows that have something in it."""
    explained = " ".join(word.meaning for word in words)
    named = {name for one in facts.found for kind in ("dimension", "metric") for name in one.meanings(kind)}
    described = {column.name: column for table in reader.model.tables.values() for column in table.table_columns}
    for part, item in lineage.outputs:
        for call in item.find_all(exp.Count):
            column = bare(call.this) if isinstance(call.this, exp.Expr) else None
            if not isinstance(column, exp.Column) or names_it(explained, column.name):
                continue
            origins = [origin for origin in lineage.origins(part, column) if origin is not None]
            if not origins or any(is_key(name, table, reader) for table, name in origins):
                continue
            known = described.get(column.name)
            if known is not None and known.role == "entity":
                continue
            if not {(known.dimension or known.name) if known is not None else column.name} & named:
                reason = f"COUNT({column.name}) leaves out rows without it; count rows by COUNT(*)."
                yield Finding("null_count", reason, Unconfirmed("unasked", column.name))


def _cut_by_place(lineage: Lineage, facts: Facts) -> Iterator[Finding]:
    """A LIMIT by another name: the place of a row bounded, or the first of each."""
    asked = {number for _, number in facts.numbers}
    if facts.of("order") or facts.of("limit") or facts.of("which"):
        asked.add(1.0)
    for part in lineage.used:
        distinct = part.node.args.get("distinct")
        cut = ["DISTINCT ON"] if distinct is not None and distinct.args.get("on") is not None else []
        for condition in part.conditions:
            ranked = any(lineage.is_ranked(part, column) for column in condition.find_all(exp.Column))
            numbers = {float(node.this) for node in condition.find_all(exp.Literal) if not node.is_string}
            cut += [condition.sql(dialect="postgres")[:40]] if ranked and not numbers <= asked else []
        for one in cut:
            yield Finding("limit", f"{one} leaves rows out, which nobody asked for.", Unconfirmed("limit"))


def _unions(lineage: Lineage) -> Iterator[Finding]:
    """UNION ALL of rows of one table, where nothing says that no row is in two of its branches."""
    by_node = {id(part.node): part for part in lineage.parts}
    for union in lineage.tree.find_all(exp.Union):
        if union.args.get("distinct"):
            continue
        parts = [by_node[id(node)] for node in branches(union)]
        for one, other in combinations([part for part in parts if part.is_plain], 2):
            tables = {table.table_name for table in one.tables.values()}
            shared = tables & {table.table_name for table in other.tables.values()}
            if (shared or (one.derived and other.derived)) and not _are_apart(one, other):
                yield Finding("union", "UNION ALL of the same table may have each row twice; use one SELECT.")


def _are_apart(one: Select, other: Select) -> bool:
    """Whether two SELECTs want other values of the same column."""
    wanted = [dict(filter(None, map(_equality, part.conditions))) for part in (one, other)]
    return any(wanted[1].get(column, value) != value for column, value in wanted[0].items())


def _equality(condition: exp.Expr) -> tuple[str, str] | None:
    parts = list(conjuncts(condition))
    node = parts[0] if len(parts) == 1 else None
    if isinstance(node, exp.EQ) and isinstance(node.this, exp.Column) and isinstance(node.expression, exp.Literal):
        return node.this.name, str(node.expression.this)
    return None
