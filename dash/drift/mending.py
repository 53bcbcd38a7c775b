"""How the knowledge files would follow the database: a diff that a person reads, changes and applies, and nobody else.

A renamed column keeps its name in questions. A column that is gone takes with it what cannot be said without it. A new
value is listed; what it means is for a person to say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from yaml.nodes import MappingNode, Node, SequenceNode

from dash.drift.editing import TextFile, diff_of, entry, items, pairs, said
from dash.drift.findings import Finding
from dash.drift.reduced import without_columns
from dash.drift.renamed import with_renamed_column, with_renamed_in_fragment, with_renamed_table
from dash.knowledge import Knowledge
from dash.knowledge.files import read_folder

_LISTS = ("primary_key", "list_columns", "text_columns")
_PARTS = ("numerator", "denominator")
_QUERY = "-- <query>\n"


@dataclass(frozen=True)
class Proposal:
    """The diff, and the findings for which nothing is proposed."""

    diff: str
    left: tuple[Finding, ...]


def propose(knowledge: Knowledge, findings: Sequence[Finding], folder: Path) -> Proposal:
    """What would mend the files of a folder."""
    mend = _Mend(knowledge, folder)
    left = tuple(finding for finding in findings if not mend.follow(finding) and finding.kind != "stopped")
    return Proposal(diff_of(mend.files), left)


class _Mend:
    """The files of a folder and the changes to them."""

    def __init__(self, knowledge: Knowledge, folder: Path) -> None:
        self._knowledge = knowledge
        read = read_folder(folder).files
        parts = {part: read.get(part, ()) for part in ("tables", "business", "queries", "evals")}
        self.files = {file.path: TextFile(file.path, file.text) for part in parts.values() for file in part}
        self._tables = [self.files[file.path] for file in parts["tables"]]
        self._business = [self.files[file.path] for file in parts["business"]]
        self._evals = [self.files[file.path] for file in parts["evals"]]
        self._queries = [self.files[file.path] for file in parts["queries"]]

    def follow(self, finding: Finding) -> bool:
        """Change the files for one finding; says whether anything can be proposed for it."""
        before = diff_of(self.files)
        if finding.kind == "new_values":
            self._list_values(finding)
        elif finding.kind == "retyped":
            self._retype(finding)
        elif finding.kind == "column_gone" and finding.renamed_to:
            self._rename_column(finding)
        elif finding.kind == "column_gone":
            self._drop_column(finding)
        elif finding.kind == "table_gone" and finding.renamed_to:
            self._rename_table(finding)
        return diff_of(self.files) != before

    # what the findings change

    def _list_values(self, finding: Finding) -> None:
        for file, column in self._column(finding):
            values = entry(column, "values")
            if isinstance(values, SequenceNode) and values.value:
                written = ", ".join(json.dumps({"value": value}, ensure_ascii=False) for value in finding.values)
                file.append(values, written)

    def _retype(self, finding: Finding) -> None:
        for file, column in self._column(finding):
            file.rewrite(entry(column, "type"), lambda _: finding.now)

    def _rename_column(self, finding: Finding) -> None:
        table, old, new = finding.table, finding.column, finding.renamed_to
        in_query = partial(with_renamed_column, table=table, old=old, new=new)
        in_fragment = partial(with_renamed_in_fragment, old=old, new=new)
        plainly = partial(_exactly, old=old, new=new)
        for file, column in self._column(finding):
            name = entry(column, "name")
            if name is not None and entry(column, "role") is not None and entry(column, "dimension") is None:
                between = _between(file, name)
                written = f'{json.dumps(new, ensure_ascii=False)},{between}"dimension": {json.dumps(old)}'
                file.put(name.start_mark.index, name.end_mark.index, written)
            else:
                file.rewrite(name, plainly)
        for file, root in self._described(table):
            for key in (*_LISTS, "time_dimension"):
                self._rewrite_all(file, entry(root, key), plainly)
            file.rewrite(entry(root, "list_order"), in_fragment)
            for join in items(entry(root, "joins")):
                for ours, _ in pairs(entry(join, "columns")):
                    file.rewrite(ours, plainly)
        for file, root in self._roots(self._tables):
            for join in items(entry(root, "joins")):
                if said(entry(join, "to")) == table:
                    for _, theirs in pairs(entry(join, "columns")):
                        file.rewrite(theirs, plainly)
        for file, metric in self._metrics():
            if said(entry(metric, "table")) == table:
                for key in ("time_dimension", "since"):
                    file.rewrite(entry(metric, key), plainly)
                for fragment in _fragments(metric):
                    file.rewrite(fragment, in_fragment)
        self._rewrite_queries(in_query)

    def _drop_column(self, finding: Finding) -> None:
        table, column = finding.table, finding.column
        lost = {table: {column}}
        for file, root in self._roots(self._tables):
            sql = entry(root, "sql")
            if sql is not None:
                text, names = without_columns(said(sql), {table: {column}})
                file.write(sql, text)
                lost[said(entry(root, "table_name"))] = set(names)
        for file, root in self._roots(self._tables):
            gone = lost.get(said(entry(root, "table_name")), set())
            columns = [one for one in items(entry(root, "table_columns")) if said(entry(one, "name")) in gone]
            self._remove(file, entry(root, "table_columns"), columns)
            for key in _LISTS:
                self._remove(file, entry(root, key), [one for one in items(entry(root, key)) if said(one) in gone])
            joins = [one for one in items(entry(root, "joins")) if _joins_by(one, gone, lost)]
            self._remove(file, entry(root, "joins"), joins)
        for file, root in self._roots(self._business):
            metrics = [one for one in items(entry(root, "metrics")) if _rests_on(one, lost)]
            self._remove(file, entry(root, "metrics"), metrics)

    def _rename_table(self, finding: Finding) -> None:
        old, new = finding.table, finding.renamed_to
        plainly = partial(_exactly, old=old, new=new)
        for file, root in self._roots(self._tables):
            file.rewrite(entry(root, "table_name"), plainly)
            for join in items(entry(root, "joins")):
                file.rewrite(entry(join, "to"), plainly)
        for file, metric in self._metrics():
            file.rewrite(entry(metric, "table"), plainly)
        for file, root in self._roots(self._business):
            for gotcha in items(entry(root, "common_gotchas")):
                self._rewrite_all(file, entry(gotcha, "tables_affected"), plainly)
        self._rewrite_queries(partial(with_renamed_table, old=old, new=new))

    # where things stand

    def _rewrite_queries(self, change: Callable[[str], str]) -> None:
        """The SQL of derived tables, of golden questions and of vetted queries."""
        for file, root in self._roots(self._tables):
            file.rewrite(entry(root, "sql"), change)
        for file, root in self._roots(self._evals):
            for case in items(entry(root, "evals")):
                self._rewrite_all(file, entry(case, "sql"), change)
                self._rewrite_all(file, entry(case, "also_accept"), change)
        for file in self._queries:
            start = 0
            while (begin := file.text.find(_QUERY, start)) >= 0:
                begin += len(_QUERY)
                end = file.text.find("-- </query>", begin)
                body = file.text[begin:end]
                if end < 0 or change(body) == body:
                    start = begin
                    continue
                file.put(begin, end, change(body))
                start = end

    def _column(self, finding: Finding) -> Iterator[tuple[TextFile, Node]]:
        for file, root in self._described(finding.table):
            for column in items(entry(root, "table_columns")):
                if said(entry(column, "name")) == finding.column:
                    yield file, column

    def _described(self, table: str) -> Iterator[tuple[TextFile, MappingNode]]:
        yield from ((file, root) for file, root in self._roots(self._tables) if said(entry(root, "table_name")) == table)

    def _metrics(self) -> Iterator[tuple[TextFile, Node]]:
        for file, root in self._roots(self._business):
            yield from ((file, metric) for metric in items(entry(root, "metrics")))

    @staticmethod
    def _roots(files: Sequence[TextFile]) -> Iterator[tuple[TextFile, MappingNode]]:
        yield from ((file, root) for file in files if (root := file.root) is not None)

    @staticmethod
    def _rewrite_all(file: TextFile, node: Node | None, change: Callable[[str], str]) -> None:
        """A text, or each of a list of them."""
        for item in items(node) if isinstance(node, SequenceNode) else (node,):
            file.rewrite(item, change)

    @staticmethod
    def _remove(file: TextFile, node: Node | None, gone: Sequence[Node]) -> None:
        for item in gone:
            assert isinstance(node, SequenceNode), "only a list has items"
            file.remove(item, node)


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
    return bool(gone & named) or any(with_renamed_in_fragment(one, name, "_") != one for one in fragments for name in gone)


def _joins_by(join: Node, gone: set[str], lost: dict[str, set[str]]) -> bool:
    columns = list(pairs(entry(join, "columns")))
    theirs = lost.get(said(entry(join, "to")), set())
    return any(said(one) in gone or said(other) in theirs for one, other in columns)
