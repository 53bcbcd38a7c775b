"""The files of a knowledge folder, and where in them things stand that a change of the database concerns."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from yaml.nodes import Node, SequenceNode

from dash.drift.editing import TextFile, entry, items, mappings, said
from dash.drift.findings import Finding
from dash.knowledge import Knowledge
from dash.knowledge.files import read_folder
from dash.semantics.dimensions import dimension_name

_OTHERS = ("replay.yaml", "board.yaml", "alerts.yaml", "delivery.yaml")
_QUERY = "-- <query>\n"


class KnowledgeFiles:
    """The files of a folder and the changes to them."""

    def __init__(self, knowledge: Knowledge, folder: Path) -> None:
        self.knowledge = knowledge
        read = read_folder(folder).files
        parts = {part: read.get(part, ()) for part in ("tables", "business", "queries", "evals")}
        self.files = {file.path: TextFile(file.path, file.text) for part in parts.values() for file in part}
        self.tables = [self.files[file.path] for file in parts["tables"]]
        self.business = [self.files[file.path] for file in parts["business"]]
        for path in (folder / name for name in _OTHERS if (folder / name).is_file()):
            name = f"{folder.resolve().name}/{path.name}"
            self.files[name] = TextFile(name, path.read_text(encoding="utf-8"))
        self.evals = [self.files[file.path] for file in parts["evals"]]
        self.queries = [self.files[file.path] for file in parts["queries"]]

    def rewrite_queries(self, change: Callable[[str], str]) -> None:
        """The SQL of derived tables, of golden questions and of vetted queries."""
        for file, root in self.roots(self.tables):
            file.rewrite(entry(root, "sql"), change)
        for file, root in self.roots(self.evals):
            for case in items(root):
                self.rewrite_all(file, entry(case, "sql"), change)
                self.rewrite_all(file, entry(case, "also_accept"), change)
        for file in self.queries:
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

    def rewrite_parameters(self, pattern: str, new: str) -> None:
        """`-- stage: {values: tickets.status}` names a column whose values a parameter of a vetted query may have."""
        for file in self.queries:
            for found in re.finditer(pattern, file.text):
                file.put(found.start(), found.end(), found.group(1) + new)

    def column(self, finding: Finding) -> Iterator[tuple[TextFile, Node]]:
        for file, root in self.described(finding.table):
            for column in items(entry(root, "table_columns")):
                if said(entry(column, "name")) == finding.column:
                    yield file, column

    def described(self, table: str) -> Iterator[tuple[TextFile, Node]]:
        yield from ((file, root) for file, root in self.roots(self.tables) if said(entry(root, "table_name")) == table)

    @staticmethod
    def columns_of(root: Node) -> Iterator[str]:
        """The names of the columns that a table's file describes."""
        yield from (said(entry(column, "name")) for column in items(entry(root, "table_columns")))

    def metrics(self) -> Iterator[tuple[TextFile, Node]]:
        for file, root in self.roots(self.business):
            yield from ((file, metric) for metric in items(entry(root, "metrics")))

    def sources(self, table: str) -> Iterator[tuple[TextFile, Node]]:
        """What names a table as its source in files that define no metrics: replay.yaml, stuck.yaml."""
        described = {file.path for file in (*self.tables, *self.queries, *self.evals)}
        for path, file in self.files.items():
            if path in described or entry(file.root, "metrics") is not None:
                continue
            yield from ((file, found) for found in mappings(file.root) if said(entry(found, "table")) == table)

    @staticmethod
    def roots(files: Sequence[TextFile]) -> Iterator[tuple[TextFile, Node]]:
        yield from ((file, root) for file in files if (root := file.root) is not None)

    @staticmethod
    def rewrite_all(file: TextFile, node: Node | None, change: Callable[[str], str]) -> None:
        """A text, or each of a list of them."""
        for item in items(node) if isinstance(node, SequenceNode) else (node,):
            file.rewrite(item, change)

    @staticmethod
    def remove(file: TextFile, node: Node | None, gone: Sequence[Node]) -> None:
        if gone:
            assert isinstance(node, SequenceNode), "only a list has items"
            file.remove(node, gone)

    def only_of(self, lost: Mapping[str, Collection[str]]) -> set[str]:
        """The dimensions that no other column means than those that are lost."""
        meant: dict[str, set[bool]] = {}
        for name, table in self.knowledge.tables.items():
            for column in table.table_columns:
                meant.setdefault(dimension_name(column), set()).add(column.name in lost.get(name, ()))
        return {dimension for dimension, are_lost in meant.items() if are_lost == {True}}
