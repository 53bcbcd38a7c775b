"""What a failed query's mended version says about the mistake: the name that was really meant.

The nearest name is a guess until somebody has run a query that works. Where the query that worked names another column
or table in the place of the one that there is not, that one was meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dash.knowledge import Knowledge
from dash.learnings.fixes import apply_fix
from dash.learnings.names import PLAIN, is_open, named_metric
from dash.learnings.reading import is_certain, read, relation_of
from dash.learnings.records import Diagnosis, RenameColumn, RenameRelation
from dash.learnings.spans import spelled


def as_mended(diagnosis: Diagnosis, failed: str, worked: str | None, knowledge: Knowledge) -> Diagnosis:
    """The diagnosis with the fix that the working query shows; without one that it contradicts.

    Without a working query the fix stays as it was found: a candidate that nobody has seen work.
    """
    if worked is None or diagnosis.kind not in ("unknown_column", "unknown_table"):
        return diagnosis
    shown = _column_shown(failed, worked, knowledge) or _relation_shown(failed, worked, knowledge)
    if shown is not None:
        right = f"{shown.relation}.{shown.right}" if isinstance(shown, RenameColumn) else shown.right
        return replace(diagnosis, fix=shown, applies_to=(right,))
    if diagnosis.fix is None or _leads_to(apply_fix(failed, diagnosis.fix, knowledge.allowed())[0], worked, knowledge):
        return diagnosis
    return replace(diagnosis, fix=None)


def _column_shown(failed: str, worked: str, knowledge: Knowledge) -> RenameColumn | None:
    """One column of a table that is new in the working query, where the failed one had one that does not exist."""
    allowed = knowledge.allowed()
    before, after = _columns(failed, allowed), _columns(worked, allowed)
    for relation, names in before.items():
        unknown = [name for name in names if name not in allowed[relation]]
        new = [name for name in after.get(relation, ()) if name not in names and name in allowed[relation]]
        if len(unknown) != 1 or len(new) != 1 or unknown[0] in after.get(relation, ()):
            continue
        if (
            is_open(knowledge, relation, new[0])
            and PLAIN.fullmatch(unknown[0])
            and named_metric(knowledge, unknown[0]) is None
        ):
            return RenameColumn(relation, unknown[0], new[0])
    return None


def _relation_shown(failed: str, worked: str, knowledge: Knowledge) -> RenameRelation | None:
    """One table that is new in the working query, where the failed one had one that does not exist."""
    before, after = _relations(failed), _relations(worked)
    allowed = knowledge.allowed()
    unknown = [name for name in before if name not in allowed]
    new = [name for name in after if name not in before and name in allowed]
    if len(unknown) != 1 or len(new) != 1 or not all(PLAIN.fullmatch(part) for part in unknown[0].split(".")):
        return None
    return RenameRelation(unknown[0], new[0])


def _columns(sql: str, allowed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Relation → the columns that the query names of it, be they there or not, where their table is certain."""
    query = read(sql)
    found: dict[str, list[str]] = {}
    for owned in query.columns() if query is not None else ():
        for relation in dict.fromkeys(owned.owners):
            if relation in allowed and is_certain(owned, relation, allowed):
                found.setdefault(relation, []).append(owned.name)
    return {relation: list(dict.fromkeys(names)) for relation, names in found.items()}


def _relations(sql: str) -> list[str]:
    query = read(sql)
    return list(dict.fromkeys(relation_of(table) for table in query.tables())) if query is not None else []


def _leads_to(mended: str, worked: str, knowledge: Knowledge) -> bool:
    """Whether a mended query names what the working one names, or says the same in the same words."""
    allowed = knowledge.allowed()
    first, second = read(mended), read(worked)
    if first is None or second is None:
        return False
    if spelled(first.tokens, 0, len(first.tokens) - 1) == spelled(second.tokens, 0, len(second.tokens) - 1):
        return True
    named, wanted = _columns(mended, allowed), _columns(worked, allowed)
    return all(set(names) <= set(wanted.get(relation, ())) for relation, names in named.items())
