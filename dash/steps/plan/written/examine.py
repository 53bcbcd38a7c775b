"""What can be proven of model-written SQL without running it and without a model.

That every value and period of the question limits what is counted, that no condition is always true, that no LIMIT
hides rows, that no join repeats rows under an aggregate, that a metric of the question is computed as it is defined.
A finding goes back to the model. What is left in the end either keeps the answer back (`keeps_back`) or stands beside
it as something unconfirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from dash.language.reader import Reader
from dash.records import Unconfirmed
from dash.records.semantic_query import Scalar
from dash.steps.plan.written.answers import Word
from dash.steps.plan.written.definitions import filters_of, is_computed
from dash.steps.plan.written.facts import Facts, Found
from dash.steps.plan.written.findings import Finding
from dash.steps.plan.written.hidden import hidden
from dash.steps.plan.written.joins import FanOuts
from dash.steps.plan.written.lineage import Lineage
from dash.steps.plan.written.periods import bound_of, is_open, periods
from dash.steps.plan.written.said import names_it, unsaid
from dash.steps.plan.written.tree import Select, bare, filter_of, parse_guarded, selects, spelled
from dash.steps.plan.written.wording import wording

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Like, exp.ILike)
_OPPOSITES = ((exp.EQ, exp.NEQ), (exp.LT, exp.GTE), (exp.GT, exp.LTE))
_CUTS = (exp.Limit, exp.Fetch, exp.Offset)


def examine(sql: str, facts: Facts, words: Sequence[Word], reader: Reader) -> list[Finding]:
    """Every finding. `words` are the model's explanations of the words that reading did not know. Raises QueryRejected
    for a text that is too deep to be read here."""
    tree = parse_guarded(sql)
    names = [cte.alias for cte in tree.find_all(exp.CTE)]
    if len(names) != len(set(names)):  # which one is read could not be told
        return [Finding("name", "Two inner queries have the same name; give each its own.")]
    lineage = Lineage(tree, selects(tree, reader.model.tables))
    findings = [
        *_always_true(tree),
        *_values(lineage, facts, reader),
        *_numbers(tree, facts),
        *periods(lineage, facts, reader),
        *_cuts(tree, facts),
        *_repeats(lineage, reader),
        *hidden(lineage, facts, words, reader),
        *wording(lineage, facts, reader),
        *unsaid(tree, facts, words, reader),
        *_metrics(lineage, facts, reader),
        *_unasked(lineage.parts, facts, words, reader),
    ]
    return list(dict.fromkeys(findings))


# conditions that hold for every row


def _always_true(tree: exp.Expr) -> Iterator[Finding]:
    for node in tree.walk():
        if isinstance(node, _COMPARISONS) and _is_constant(node.this, node.expression):
            shown = node.sql(dialect="postgres")[:60]
            yield Finding("tautology", f"The condition {shown} is the same for every row; leave it out.")
        if isinstance(node, exp.Or) and _is_exhaustive(list(node.flatten())):
            yield Finding("tautology", "An OR of a condition and its opposite holds for every row; leave it out.")
        if isinstance(node, exp.Boolean) and isinstance(node.parent, exp.Where | exp.Or | exp.And | exp.Having):
            yield Finding("tautology", "TRUE and FALSE are no conditions; leave them out.")


def _is_constant(left: exp.Expr, right: exp.Expr) -> bool:
    left, right = bare(left), bare(right)
    if isinstance(right, exp.Literal) and right.is_string and set(right.this) == {"%"}:
        return True
    return (isinstance(left, exp.Literal) and isinstance(right, exp.Literal)) or spelled(
        left, qualified=True
    ) == spelled(right, qualified=True)


def _is_exhaustive(parts: Sequence[exp.Expr]) -> bool:
    said = {spelled(part, qualified=True) for part in parts}
    return any(spelled(_opposite(bare(part, casts=False)), qualified=True) in said for part in parts)


def _opposite(condition: exp.Expr) -> exp.Expr:
    copy = condition.copy()
    if isinstance(copy, exp.Is):
        copy.set("negate", None if copy.args.get("negate") else True)
        return copy
    for one, other in _OPPOSITES:
        if isinstance(copy, one | other):
            turned = other if isinstance(copy, one) else one
            return turned(this=copy.this, expression=copy.expression)
    return exp.Not(this=copy)


# values and numbers of the question


def _values(lineage: Lineage, facts: Facts, reader: Reader) -> Iterator[Finding]:
    denied = bool(facts.of("negation"))
    for one in facts.of("value"):
        if any(is_computed(name, lineage, reader) for name in one.meanings("metric")):
            continue  # the words may also name a metric ("sent")
        wanted = _alternatives(one, facts, reader)

        def keeps(conditions: Iterable[exp.Expr], wanted: Sequence[Alternative] = wanted) -> bool:
            return any(_keeps(condition, wanted, denied=denied) for condition in conditions)

        about = ", ".join(str(value) for _, values in wanted[:1] for value in values)
        shown = " or ".join(f"{'/'.join(columns)} = {', '.join(map(str, values))}" for columns, values in wanted)
        whole = any(keeps(lineage.limits(part)) for part in lineage.limiting)
        partly = any(keeps(filter_of(aggregate)) for part in lineage.used for aggregate in part.aggregates)
        if not whole and not partly:
            yield Finding("value", f"No condition keeps only {shown}, though the question says it.")
        elif any(found.span.meaning in ("share", "compare") for found in facts.of("shape")):
            continue
        elif not whole or is_open(lineage, keeps):
            reason = f"{shown} limits only some of what is counted; put it into WHERE of each SELECT over a table."
            yield Finding("value", reason, Unconfirmed("value", about))


Alternative = tuple[tuple[str, ...], frozenset[str]]


def _alternatives(one: Found, facts: Facts, reader: Reader) -> list[Alternative]:
    """What the words may mean, as column names with the values that may stand there: those of the same dimension that
    the question names beside it as well ("email and chat")."""
    found = []
    for dimension, values in one.meanings("value"):
        columns = tuple(dict.fromkeys(column.name for _, column in reader.model.dimensions.get(dimension, ())))
        beside = {
            _text(value)
            for other in facts.found
            for name, more in other.meanings("value")
            if name == dimension
            for value in more
        }
        if columns:
            found.append((columns, frozenset(beside | {_text(value) for value in values})))
    return found


def _keeps(condition: exp.Expr, wanted: Iterable[Alternative], *, denied: bool) -> bool:
    """Whether a condition keeps only these values of one of these columns; where the question denies, or drops them."""
    condition = bare(condition, casts=False)
    negative = isinstance(condition, exp.Not | exp.NEQ)
    if negative and not denied and not _is_false(condition, wanted):
        return False
    found = _column_and_values(condition.this if isinstance(condition, exp.Not) else condition)
    if found is None:
        return False
    column, values = found
    return any(column in columns and values and values <= allowed for columns, allowed in wanted) or _is_false(
        condition, wanted
    )


def _is_false(condition: exp.Expr, wanted: Iterable[Alternative]) -> bool:
    """`NOT success` keeps the value false of success."""
    if not isinstance(condition, exp.Not):
        return False
    column = bare(condition.this)
    return isinstance(column, exp.Column) and any(column.name in c and "false" in v for c, v in wanted)


def _column_and_values(condition: exp.Expr) -> tuple[str, frozenset[str]] | None:
    """`c = 'x'`, `c IN ('x', 'y')`, `'x' = ANY(c)`, a bare truth value → the column and what it may be."""
    condition = bare(condition, casts=False)
    if isinstance(condition, exp.Column):
        return condition.name, frozenset({"true"})
    if isinstance(condition, exp.In) and not condition.args.get("query"):
        values = [_literal(item) for item in condition.expressions]
        column = bare(condition.this)
        if isinstance(column, exp.Column) and all(value is not None for value in values):
            return column.name, frozenset(value for value in values if value is not None)
        return None
    if isinstance(condition, exp.EQ | exp.NEQ) or (isinstance(condition, exp.Is) and not condition.args.get("negate")):
        for one, other in ((condition.this, condition.expression), (condition.expression, condition.this)):
            column = bare(one.this if isinstance(one, exp.Any) else one)
            value = _literal(other)
            if isinstance(column, exp.Column) and value is not None:
                return column.name, frozenset({value})
    return None


def _literal(node: exp.Expr) -> str | None:
    node = bare(node)
    if isinstance(node, exp.Literal):
        return str(node.this)
    return str(node.this).lower() if isinstance(node, exp.Boolean) else None


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _numbers(tree: exp.Expr, facts: Facts) -> Iterator[Finding]:
    written = {float(node.this) for node in tree.find_all(exp.Literal) if not node.is_string}
    quoted = " ".join(str(node.this) for node in tree.find_all(exp.Literal) if node.is_string).split()
    for _, number in facts.numbers:
        if number not in written and f"{number:g}" not in quoted:
            yield Finding("number", f"The number {number:g} of the question is not in the SQL.")


# rows that are left out or repeated


def _cuts(tree: exp.Expr, facts: Facts) -> Iterator[Finding]:
    asked = {number for _, number in facts.numbers} | {float(n.span.meaning) for n in facts.of("number")}
    if facts.of("order") or facts.of("limit") or facts.of("which"):
        asked.add(1.0)
    for node in tree.find_all(*_CUTS):
        count = bare(node.args.get("expression") or node.args.get("count") or exp.Null())
        number = float(count.this) if isinstance(count, exp.Literal) and not count.is_string else None
        if isinstance(node, exp.Offset) or number not in asked:
            shown = node.sql(dialect="postgres").strip()[:40]
            yield Finding("limit", f"{shown} leaves rows out, which nobody asked for.", Unconfirmed("limit"))


def _repeats(lineage: Lineage, reader: Reader) -> Iterator[Finding]:
    for found in FanOuts(lineage, reader.model).find():
        reason = (
            f"{found.aggregate} counts rows that the joins of {found.source} repeat; aggregate in a WITH first, "
            "count DISTINCT keys, or use EXISTS."
        )
        yield Finding("fan_out", reason, None if found.certain else Unconfirmed("join"))


# governed definitions


def _metrics(lineage: Lineage, facts: Facts, reader: Reader) -> Iterator[Finding]:
    for one in facts.of("metric"):
        names = list(dict.fromkeys(one.meanings("metric")))
        if not any(
            is_computed(name, lineage, reader) and _is_timed(name, lineage.used, facts, reader) for name in names
        ):
            reason = (
                f"{names[0]} is not computed to the letter as its definition says, over its table and with its filter."
            )
            yield Finding("definition", reason, Unconfirmed("definition", names[0]))


def _is_timed(name: str, parts: Sequence[Select], facts: Facts, reader: Reader) -> bool:
    """Whether the period is one of the moments by which the metric's rows belong to it: sent tickets by sent_at."""
    if not facts.periods:
        return True
    metric = reader.model.metrics[name]
    table = reader.model.tables.get(metric.table or "")
    own = metric.time_dimension or (table.time_dimension if table is not None else None)
    conditions = [c for part in parts for c in (*part.conditions, *(f for a in part.aggregates for f in filter_of(a)))]
    bounds = [bound_of(condition, period, reader) for condition in conditions for period in facts.periods]
    return any(bound is not None and bound[0] == own for bound in bounds)


def _unasked(parts: Sequence[Select], facts: Facts, words: Sequence[Word], reader: Reader) -> Iterator[Finding]:
    """Conditions on values that neither the question, nor a metric, nor an explained word speaks of."""
    explained = " ".join(word.meaning for word in words)
    asked = {value for one in facts.of("value") for _, values in _alternatives(one, facts, reader) for value in values}
    governed = set(filters_of({name for one in facts.found for name in one.meanings("metric")}, reader))
    conditions = [c for part in parts for c in (*part.conditions, *(f for a in part.aggregates for f in filter_of(a)))]
    for condition in conditions:
        if spelled(condition) in governed:
            continue
        for literal in condition.find_all(exp.Literal):
            if isinstance(literal.parent, exp.Interval) or not literal.is_string:
                continue
            value = str(literal.this)
            if value not in asked and not names_it(explained, value):
                reason = f"The question does not ask for {value!r}; leave the condition out, or explain a word by it."
                yield Finding("unasked", reason, Unconfirmed("unasked", value[:40]))
