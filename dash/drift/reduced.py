"""The knowledge without what is not there any more, so that everything else goes on being answered.

Only the SQL of derived tables changes: an item of a SELECT list that needs a broken column is taken out, by the places
of the text's tokens, and the rest stays to the letter. Nothing is put in its place. A question that needs the item
names a column that the query does not have then, which the guard rejects; so a part that is missed here costs an
answer and never makes a wrong one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from dash.drift.findings import Finding
from dash.drift.statement import Broken, Statement, name_of, tokens_of
from dash.knowledge import Knowledge
from dash.knowledge.check.sql import read_query

EVERY = "*"
"""In the place of a column's name: all columns of a derived table."""


@dataclass(frozen=True)
class Reduced:
    """The knowledge as it can be asked, and why each (table, column) of it that cannot be is broken, also those of
    derived tables; the column is "" for a whole table."""

    knowledge: Knowledge
    why: Mapping[tuple[str, str], Finding]

    def allowed(self) -> dict[str, tuple[str, ...]]:
        """What a query may read: what is there as it is described."""
        return {
            table: tuple(column for column in columns if (table, column) not in self.why)
            for table, columns in self.knowledge.allowed().items()
            if (table, "") not in self.why
        }

    def explain(self, sql: str) -> tuple[Finding, ...]:
        """Why a query cannot be run: the findings whose columns and tables its text names."""
        if not self.why:
            return ()
        words = {name_of(token) for token in tokens_of(sql)}
        real = self.knowledge.allowed()
        named = [
            finding
            for (table, column), finding in self.why.items()
            if (not column or column in words) and (table not in real or table.rpartition(".")[2] in words)
        ]
        return tuple(dict.fromkeys(named))


def reduce(knowledge: Knowledge, findings: Sequence[Finding]) -> Reduced:
    """The knowledge without what the findings break; the same object where they break nothing."""
    breaking = [finding for finding in findings if finding.breaks]
    if not breaking:
        return Reduced(knowledge, {})
    why = {(finding.table, finding.column): finding for finding in breaking}
    broken: dict[str, set[str]] = {}
    for finding in breaking:
        broken.setdefault(finding.table, set()).add(finding.column)
    tables = dict(knowledge.tables)
    for name, table in knowledge.tables.items():
        if table.sql is None:
            continue
        text, lost = without_columns(table.sql, broken)
        tables[name] = table.model_copy(update={"sql": text})
        whole = [why[one, ""] for one in broken if (one, "") in why and mentions(text, one)]
        why |= {(name, column.name): whole[0] for column in table.table_columns if whole}
        for output, words in lost.items():
            outputs = [column.name for column in table.table_columns] if output == EVERY else [output]
            why |= {(name, one): _behind(breaking, words) for one in outputs}
    digest = hashlib.sha256(knowledge.fingerprint.encode())
    digest.update("\n".join(map(str, breaking)).encode())
    return Reduced(replace(knowledge, tables=tables, fingerprint=digest.hexdigest()), why)


def _behind(breaking: Sequence[Finding], words: Collection[str]) -> Finding:
    """The finding that a derived column is lost by: one whose column its item names."""
    return next((one for one in breaking if one.column in words), breaking[0])


def mentions(sql: str, table: str) -> bool:
    """Whether a query reads a table."""
    return table in {relation for relation in Statement(sql).relations.values() if relation}


def without_columns(sql: str, broken: Broken) -> tuple[str, dict[str, set[str]]]:
    """A query's text without the items that need broken columns, and what it does not have any more: each name with
    the words of its item. Where an item less would give other rows, all is lost and the text stays."""
    read = Statement(sql)
    doomed = read.doomed(broken)
    lost = {
        item.output: item.words for part in read.lists if part.alias is None for item in part.items if item in doomed
    }
    cuts = [cut for part in read.lists for cut in part.cuts(doomed)]
    if cuts and any(part.counts and part.loses(doomed) for part in read.lists):
        return sql, {EVERY: set().union(*(item.words for item in doomed))}
    text = sql
    for start, end in sorted(cuts, reverse=True):
        if not any(cut != (start, end) and cut[0] <= start and end <= cut[1] for cut in cuts):
            text = text[:start] + text[end:]
    return (text, lost) if cuts and read_query(text).tree is not None else (sql, {})
