"""How the knowledge files would follow the database: a diff that a person reads, changes and applies, and nobody else.

A renamed column keeps its name in questions. A column that is gone takes with it what cannot be said without it. A new
value is listed; what it means is for a person to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from yaml.nodes import Node, SequenceNode

from dash.drift.editing import TextFile, entry, items, pairs, said, scalars
from dash.drift.files import KnowledgeFiles
from dash.drift.findings import LONGEST, Finding
from dash.drift.reduced import EVERY, mentions, without_columns
from dash.drift.renamed import with_renamed_column, with_renamed_in_fragment, with_renamed_table
from dash.knowledge import Knowledge

_LISTS = ("primary_key", "list_columns", "text_columns")
_PARTS = ("numerator", "denominator")
_WORDS = frozenset({"label", "help", "advice", "dimension", "values", "unit"})
"""Keys of files that describe sources behind which no name of the database stands."""

_ROWS = {"ticket": "tickets", "conversation": "conversation"}
"""What the row of a section's table is called in the rest of its file."""


def mend(
    knowledge: Knowledge, findings: Sequence[Finding], folder: Path
) -> tuple[dict[str, TextFile], tuple[Finding, ...]]:
    """The files of a folder as they would follow the findings, by path, and the findings that change none of them."""
    following = _Mend(knowledge, folder)
    left = tuple(finding for finding in findings if not following.follow(finding) and finding.kind != "stopped")
    return following.files, left


class _Mend(KnowledgeFiles):
    """The changes for findings, one after another."""

    def follow(self, finding: Finding) -> bool:
        """Change the files for one finding; says whether anything is changed."""
        if finding.kind == "new_values":
            self._list_values(finding)
        elif finding.kind == "retyped":
            self._retype(finding)
        elif finding.kind == "column_gone" and finding.renamed_to:
            self._rename_column(finding)
        elif finding.kind == "column_gone":
            self._lose(finding.table, {finding.column})
        elif finding.kind == "table_gone" and finding.renamed_to:
            self._rename_table(finding)
        elif finding.kind == "table_gone":
            self._lose(finding.table, {"", *self.knowledge.allowed()[finding.table]})
        settled = [file.settle() for file in self.files.values()]
        return any(settled)

    # what the findings change

    def _list_values(self, finding: Finding) -> None:
        for file, column in self.column(finding):
            values = entry(column, "values")
            if isinstance(values, SequenceNode) and values.value:
                new = [value for value in finding.values if len(value) <= LONGEST]
                written = ", ".join(json.dumps({"value": one}, ensure_ascii=not one.isprintable()) for one in new)
                if new:
                    file.append(values, written)

    def _retype(self, finding: Finding) -> None:
        for file, column in self.column(finding):
            file.rewrite(entry(column, "type"), lambda _: finding.now)

    def _rename_column(self, finding: Finding) -> None:
        table, old, new = finding.table, finding.column, finding.renamed_to
        in_query = partial(with_renamed_column, table=table, old=old, new=new)
        in_fragment = partial(with_renamed_in_fragment, old=old, new=new)
        plainly = partial(_exactly, old=old, new=new)
        for file, column in self.column(finding):
            name = entry(column, "name")
            if name is not None and entry(column, "role") is not None and entry(column, "dimension") is None:
                between = _between(file, name)
                written = f'{json.dumps(new, ensure_ascii=False)},{between}"dimension": {json.dumps(old)}'
                file.put(name.start_mark.index, name.end_mark.index, written)
            else:
                file.rewrite(name, plainly)
        for file, root in self.described(table):
            for key in (*_LISTS, "time_dimension"):
                self.rewrite_all(file, entry(root, key), plainly)
            file.rewrite(entry(root, "list_order"), in_fragment)
            for join in items(entry(root, "joins")):
                for ours, _ in pairs(entry(join, "columns")):
                    file.rewrite(ours, plainly)
        for file, root in self.roots(self.tables):
            for join in items(entry(root, "joins")):
                if said(entry(join, "to")) == table:
                    for _, theirs in pairs(entry(join, "columns")):
                        file.rewrite(theirs, plainly)
        for file, metric in self.metrics():
            if said(entry(metric, "table")) == table:
                for key in ("time_dimension", "since"):
                    file.rewrite(entry(metric, key), plainly)
                for fragment in _fragments(metric):
                    file.rewrite(fragment, in_fragment)
        for file, source in self.sources(table):
            for scalar in scalars(source, _WORDS):
                file.rewrite(scalar, in_fragment)
            for row in (name for name, section in _ROWS.items() if _is_at(entry(file.root, section), source)):
                for scalar in scalars(file.root, _WORDS):
                    file.rewrite(scalar, partial(in_fragment, row=row))
                for _, chosen in pairs(entry(file.root, "filters")):
                    if entry(chosen, "table") is None:
                        file.rewrite(entry(chosen, "column"), plainly)
        self.rewrite_queries(in_query)
        self.rewrite_parameters(
            rf"(?<=values: )((?:\w+[.])?{re.escape(table.rpartition('.')[2])}[.]){re.escape(old)}\b", new
        )

    def _lose(self, table: str, columns: set[str]) -> None:
        """Take out columns with what cannot be said without them; "" among them is the table itself."""
        lost = {table: columns}
        for file, root in self.roots(self.tables):
            sql, name = entry(root, "sql"), said(entry(root, "table_name"))
            if sql is not None:
                text, names = without_columns(said(sql), {table: columns})
                whole = EVERY in names or ("" in columns and mentions(text, table))
                lost[name] = {"", *self.columns_of(root)} if whole else set(names)
                file.write(sql, text)
            if "" in lost.get(name, ()):
                file.drop()
        for file, root in self.roots(self.tables):
            gone = lost.get(said(entry(root, "table_name")), set())
            if file.is_dropped:
                continue
            described = [one for one in items(entry(root, "table_columns")) if said(entry(one, "name")) in gone]
            self.remove(file, entry(root, "table_columns"), described)
            for key in _LISTS:
                self.remove(file, entry(root, key), [one for one in items(entry(root, key)) if said(one) in gone])
            joins = [one for one in items(entry(root, "joins")) if _joins_by(one, gone, lost)]
            self.remove(file, entry(root, "joins"), joins)
        for file, root in self.roots(self.business):
            metrics = [one for one in items(entry(root, "metrics")) if _rests_on(one, lost)]
            self.remove(file, entry(root, "metrics"), metrics)
            for metric in items(entry(root, "metrics")):
                split = entry(metric, "dimensions")
                self.remove(file, split, [one for one in items(split) if said(one) in self.only_of(lost)])
        for file, root in self.roots(self.evals):
            self.remove(file, root, [case for case in items(root) if _reads(case, table, columns)])

    def _rename_table(self, finding: Finding) -> None:
        old, new = finding.table, finding.renamed_to
        plainly = partial(_exactly, old=old, new=new)
        for file, root in self.roots(self.tables):
            file.rewrite(entry(root, "table_name"), plainly)
            for join in items(entry(root, "joins")):
                file.rewrite(entry(join, "to"), plainly)
        for file, metric in self.metrics():
            file.rewrite(entry(metric, "table"), plainly)
        for file, root in self.roots(self.business):
            for gotcha in items(entry(root, "common_gotchas")):
                self.rewrite_all(file, entry(gotcha, "tables_affected"), plainly)
        for file, source in self.sources(old):
            file.rewrite(entry(source, "table"), plainly)
        self.rewrite_queries(partial(with_renamed_table, old=old, new=new))
        self.rewrite_parameters(rf"(?<=values: )(){re.escape(old.rpartition('.')[2])}(?=[.])", new.rpartition(".")[2])


def _is_at(one: Node | None, other: Node) -> bool:
    return one is not None and one.start_mark.index == other.start_mark.index


def _exactly(text: str, old: str, new: str) -> str:
    return new if text == old else text


def _between(file: TextFile, name: Node) -> str:
    """What stands before the next key of an object: a blank, or a line break with its indentation."""
    start = file.text.rfind("{", 0, name.start_mark.index) + 1
    lead = file.text[start : file.text.find('"', start)]
    return lead if "\n" in lead else " "


def _fragments(metric: Node) -> Iterator[Node | None]:
    for place in (metric, *(entry(metric, part) for part in _PARTS)):
        yield entry(place, "calculation")
        yield entry(place, "filter")


def _rests_on(metric: Node, lost: dict[str, set[str]]) -> bool:
    """Whether a metric cannot be said without columns that are lost."""
    gone = lost.get(said(entry(metric, "table")), set())
    named = {said(entry(metric, key)) for key in ("time_dimension", "since")}
    fragments = [said(fragment) for fragment in _fragments(metric)]
    return (
        bool(gone & named)
        or "" in gone
        or any(with_renamed_in_fragment(one, name, "_") != one for one in fragments for name in gone)
    )


def _reads(case: Node, table: str, columns: set[str]) -> bool:
    """Whether the SQL of a golden question reads a table without some columns, or "" of it: the table at all."""
    sql = said(entry(case, "sql"))
    if "" in columns:
        return mentions(sql, table)
    return any(with_renamed_column(sql, table, column, "_") != sql for column in columns)


def _joins_by(join: Node, gone: set[str], lost: dict[str, set[str]]) -> bool:
    columns = list(pairs(entry(join, "columns")))
    theirs = lost.get(said(entry(join, "to")), set())
    return any(said(one) in gone or said(other) in theirs for one, other in columns)
