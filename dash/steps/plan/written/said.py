"""Whether SQL has what the question says beside its values and periods: how it divides, bounds and leaves out.

And whether what the model took an unknown word for is anything in the SQL at all: an explanation that names no column
and no value explains nothing. What is not found is unconfirmed, because SQL has many ways of saying a thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from dash.language.reader import Reader
from dash.records import Unconfirmed
from dash.semantics.dimensions import DERIVED_TIME_DIMENSIONS
from dash.steps.plan.written.answers import NOTHING, Word
from dash.steps.plan.written.facts import Facts, Found
from dash.steps.plan.written.findings import Finding
from dash.steps.plan.written.tree import bare

_PARTS_OF_TIME = (exp.Extract, exp.TimestampTrunc, exp.DateTrunc, exp.TimeToStr, exp.TsOrDsToDate, exp.Date)
_DENIALS = (exp.Not, exp.NEQ, exp.NullSafeNEQ, exp.Except)
_SIGNS: dict[str, type[exp.Expr]] = {"gt": exp.GT, "ge": exp.GTE, "lt": exp.LT, "le": exp.LTE}
_TURNED: dict[type[exp.Expr], type[exp.Expr]] = {exp.GT: exp.LT, exp.LT: exp.GT, exp.GTE: exp.LTE, exp.LTE: exp.GTE}


def unsaid(tree: exp.Expr, facts: Facts, words: Sequence[Word], reader: Reader) -> Iterator[Finding]:
    """What the question says and the SQL may not; `words` are the explanations of its unknown words."""
    yield from _dimensions(tree, facts, reader)
    yield from _splits(tree, facts, words, reader)
    yield from _steps(tree, facts)
    yield from _denials(tree, facts)
    yield from _bounds(tree, facts)
    yield from _words(tree, words)


def _dimensions(tree: exp.Expr, facts: Facts, reader: Reader) -> Iterator[Finding]:
    columns = {column.name for column in tree.find_all(exp.Column)}
    for one in facts.of("dimension"):
        names = one.meanings("dimension")
        owned = _columns_of(one, reader)
        if any(name in DERIVED_TIME_DIMENSIONS for name in names):
            is_there = _divides_time(tree)
        else:
            is_there = not owned or bool(owned & columns) or any(_is_counted(name, reader) for name in names)
        if not is_there:
            reason = f"The question names {names[0]}, and no column of it is in the SQL: {', '.join(sorted(owned))}."
            yield Finding("dimension", reason, Unconfirmed("dimension", one.words))


def _columns_of(one: Found, reader: Reader) -> set[str]:
    """The columns of what the words may mean: "queued" is a moment, and a value of the status."""
    names = [*one.meanings("dimension"), *(dimension for dimension, _ in one.meanings("value"))]
    return {column.name for name in names for _, column in reader.model.dimensions.get(name, ())}


def _splits(tree: exp.Expr, facts: Facts, words: Iterable[Word], reader: Reader) -> Iterator[Finding]:
    """ "How many tasks of each, queued or running" by the kind of task: divided by what nobody spoke of."""
    group = tree.args.get("group")
    if not isinstance(tree, exp.Select) or group is None:
        return
    asked = {column for one in facts.found for column in _columns_of(one, reader)}
    explained = " ".join(word.meaning for word in words)
    tables = reader.model.tables.values()
    known = {column.name for table in tables for column in table.table_columns if column.role == "dimension"}
    for item in group.expressions:
        place = int(item.this) - 1 if isinstance(item, exp.Literal) and item.is_int else None
        node = tree.expressions[place] if place is not None and place < len(tree.expressions) else item
        column = bare(node.unalias())
        if isinstance(column, exp.Column) and column.name in known - asked and not names_it(explained, column.name):
            reason = f"The question does not ask to divide by {column.name}."
            yield Finding("split", reason, Unconfirmed("split", column.name))


def _is_counted(dimension: str, reader: Reader) -> bool:
    """Keys of rows are counted without being named: COUNT(*)."""
    return any(column.role == "entity" for _, column in reader.model.dimensions.get(dimension, ()))


def _steps(tree: exp.Expr, facts: Facts) -> Iterator[Finding]:
    for one in facts.of("grain"):
        if not _divides_time(tree):
            reason = f"The question is by {one.span.meaning}: divide by date_trunc('{one.span.meaning}', column)."
            yield Finding("step", reason, Unconfirmed("dimension", one.words))


def _divides_time(tree: exp.Expr) -> bool:
    casts = (cast for cast in tree.find_all(exp.Cast) if cast.to.this == exp.DataType.Type.DATE)
    return tree.find(*_PARTS_OF_TIME) is not None or next(casts, None) is not None


def _denials(tree: exp.Expr, facts: Facts) -> Iterator[Finding]:
    """ "Not by email" as `channel = 'email'` is the opposite."""
    is_null = (node for node in tree.find_all(exp.Is) if isinstance(node.expression, exp.Null))
    if tree.find(*_DENIALS) is None and next(is_null, None) is None:
        for one in facts.of("negation"):
            reason = f"The question says {one.words!r}, and no condition leaves anything out."
            yield Finding("negation", reason, Unconfirmed("negation", one.words))


def _bounds(tree: exp.Expr, facts: Facts) -> Iterator[Finding]:
    """A number of the question that is compared the other way round: "at most 5" as `>= 5`."""
    numbers = {number for _, number in facts.numbers}
    compared = [found for node in tree.find_all(*_TURNED) if (found := _compared(node)) and found[1] in numbers]
    if not compared:
        return
    signs = {sign for sign, _ in compared}
    for one in facts.of("comparator"):
        wanted = {_SIGNS[meaning] for meaning in one.meanings("comparator") if meaning in _SIGNS}
        if wanted and not wanted & signs:
            reason = f"The question says {one.words!r}, and its number is compared in another way."
            yield Finding("bound", reason, Unconfirmed("bound", one.words))


def _compared(node: exp.Expr) -> tuple[type[exp.Expr], float] | None:
    """`5 < c` → (GT, 5.0): how something is compared with a number."""
    left, right = bare(node.this), bare(node.expression)
    if isinstance(right, exp.Literal) and not right.is_string:
        return type(node), float(right.this)
    if isinstance(left, exp.Literal) and not left.is_string:
        return _TURNED[type(node)], float(left.this)
    return None


def _words(tree: exp.Expr, words: Iterable[Word]) -> Iterator[Finding]:
    names = {column.name.lower() for column in tree.find_all(exp.Column)}
    names |= {str(literal.this).lower() for literal in tree.find_all(exp.Literal)}
    for word in words:
        if word.meaning != NOTHING and not any(names_it(word.meaning, name) for name in names):
            reason = f"{word.words!r} is explained as {word.meaning!r}, and the SQL has no such column or value."
            yield Finding("word", reason, Unconfirmed("word", word.words))


def names_it(text: str, name: str) -> bool:
    """Whether a text speaks of a name or a value, as a whole word."""
    return bool(name) and re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", text.lower()) is not None
