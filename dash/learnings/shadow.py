"""The shadow run of a mechanical fix: the SQL that people reviewed, with and without it.

A fix matches only what cannot run or may stop, so no vetted and no golden query may give anything else with it. One
that changes such a query, and does more than turn an error into NULL, has taken something right for a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator

from dash.knowledge import Knowledge
from dash.learnings.fixes import apply_fix
from dash.learnings.records import Fix


def changed_texts(fix: Fix, knowledge: Knowledge) -> tuple[tuple[str, str, str], ...]:
    """(name, text, text with the fix) of each reviewed query that the fix would change. Raises KnowledgeError."""
    allowed = knowledge.allowed()
    found = []
    for name, sql in reviewed_texts(knowledge):
        changed, places = apply_fix(sql, fix, allowed)
        if places:
            found.append((name, sql, changed))
    return tuple(found)


def reviewed_texts(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Every query that a person has reviewed, vetted or golden, with the name that it goes by."""
    for name, query in knowledge.queries.items():
        yield f"knowledge/queries: {name}", query.sql
    for case in knowledge.evals:
        for sql in (case.sql, *case.also_accept):
            if sql:
                yield f"knowledge/evals: {case.id}", sql
