"""Proof that a text is one query that only reads what it may; the only place where a CheckedQuery is made.

In this order, each step on what the one before has shown: `text` bounds it and cuts it into PostgreSQL's tokens,
`words` allows calls, types and casts on those tokens, `parse` makes the tree with a parser that has nothing to misuse,
`shapes` allows every node and part, `resolve` finds what every name means and which outputs are personal, and `words`
at last sees whether the tree explains every word. Whatever is not listed is rejected, so what this module has never
heard of cannot pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dash.errors import QueryRejected
from dash.records.plan import PlannedQuery
from dash.records.query import _SEAL, CheckedQuery, Shape
from dash.records.question import Viewer
from dash.steps.guard.scope import Personal, Relation

__all__ = ["guard"]


def guard(
    planned: PlannedQuery,
    allowed: Mapping[str, tuple[str, ...]],
    *,
    personal: frozenset[str],
    viewer: Viewer,
    reviewed: bool,
    shape: Callable[[Iterable[str]], Shape] = lambda _: {},
) -> CheckedQuery:
    """Check the planned SQL and seal it with its values.

    `allowed` maps each relation to its columns, `personal` holds "relation.column" for columns that a viewer without
    `sees_personal` gets masked. `reviewed` says that people reviewed the SQL or the parts that it is made of: its cost
    needs no bound then, and everything else is checked all the same. `shape` says what the columns
    of relations were when `allowed` was made, which goes with the query to the database. Raises QueryRejected for
    everything that is not one query over these relations, columns and the functions of
    `dash.steps.guard.functions`; it never touches a database.
    """
    # Parsing is imported here so that a surface that only shows help does not pay for it.
    from dash.knowledge.placeholders import bind
    from dash.steps.guard import text as texts

    texts.check_characters(planned.sql)
    text, values = bind(planned.sql, planned.parameters)
    hidden = frozenset[str]() if viewer.sees_personal else personal
    try:
        relations, yielded = _read(text, values, allowed, hidden)
    except RecursionError:
        raise QueryRejected("Nesting this deep", "use WITH to name the inner steps.", rule="too_deep") from None
    return CheckedQuery(
        _SEAL,
        text=text,
        values=values,
        relations=sorted(relations),
        personal_columns=_masked(yielded),
        reviewed=reviewed,
        outputs=_names(yielded),
        shape=shape(sorted(relations)),
    )


def _read(
    text: str, values: tuple[Any, ...], allowed: Mapping[str, tuple[str, ...]], hidden: frozenset[str]
) -> tuple[set[str], Relation]:
    from dash.steps.guard.bounds import KnownValues
    from dash.steps.guard.parse import parse
    from dash.steps.guard.resolve import QueryReader
    from dash.steps.guard.shapes import check_shapes, declared_names
    from dash.steps.guard.text import read_tokens
    from dash.steps.guard.words import check_calls_and_types, check_vocabulary

    tokens = read_tokens(text)
    check_calls_and_types(tokens)
    tree = parse(text, tokens)
    check_shapes(tree)
    declared = declared_names(tree)
    reader = QueryReader(allowed, hidden, KnownValues(values))
    yielded = reader.read(tree)
    check_vocabulary(tokens, declared | _known_words(allowed, reader.relations))
    return reader.relations, yielded


def _known_words(allowed: Mapping[str, tuple[str, ...]], relations: Iterable[str]) -> set[str]:
    words = {"key", "value"}
    for relation in relations:
        words.update(relation.split("."))
        words.update(allowed[relation])
    return words


def _names(relation: Relation) -> tuple[str, ...] | None:
    """The names that must come back; None when one of them is PostgreSQL's choice and nothing depends on it."""
    names = [output.name for output in relation.outputs]
    if None not in names:
        return tuple(name or "" for name in names)
    if relation.open:
        raise QueryRejected("* beside an expression without a name", "name the expression with AS.", rule="star")
    return None


def _masked(relation: Relation) -> tuple[str, ...]:
    """The names of the output columns to mask. Only a name that is certain can be masked."""
    names: list[str] = []
    for output in relation.outputs:
        if output.value.personal is Personal.NO:
            continue
        if output.name is None or not output.explicit:
            raise QueryRejected(
                "A personal column inside an expression without a name", "name the result with AS.", rule="personal"
            )
        names.append(output.name)
    return tuple(dict.fromkeys(names))
