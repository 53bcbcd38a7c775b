"""`knowledge/tables/*.json`: what a table holds and how its columns are called in questions.

Agno Dash's table files load unchanged; our keys are additions (see `formats.TableFile`).
"""

from __future__ import annotations

from collections.abc import Iterator

from dash.errors import Fault
from dash.knowledge.documents import Path, parse_json
from dash.knowledge.files import TextFile
from dash.knowledge.formats import TableFile
from dash.knowledge.shapes import read_model
from dash.knowledge.sources import Source, Sources


def load_table(file: TextFile, sources: Sources, faults: list[Fault]) -> TableFile | None:
    """The table of a file, its places noted in `sources`; None after adding faults."""
    document = parse_json(file.text, file.path)
    table = None
    if not document.faults:
        table = read_model(document, TableFile)
    if table is not None:
        for kind, name, root, key in _named(table):
            first = sources.note(kind, name, Source(file.path, document.line((*root, key))), root)
            if first:
                what = f"the {kind} {name} stands twice (first in {first})"
                document.fault((*root, key), what, "keep one of them")
        sources.lines[file.path] = document.lines
    faults += document.faults
    return table


def _named(table: TableFile) -> Iterator[tuple[str, str, Path, str]]:
    """Kind, name, where its keys are, and the key that holds the name."""
    yield "table", table.table_name, (), "table_name"
    for index, column in enumerate(table.table_columns):
        yield "column", f"{table.table_name}.{column.name}", ("table_columns", index), "name"
