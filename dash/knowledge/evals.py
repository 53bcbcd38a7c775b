"""`knowledge/evals/*.yaml`: golden questions with SQL written by hand, or with the refusal that is expected.

A file is a list of cases, or has the one key `evals` with that list. Ordinary questions never need these files, so
they are read when somebody asks for them.
"""

from __future__ import annotations

from dash.errors import Fault
from dash.knowledge.documents import Document, Path, parse_yaml
from dash.knowledge.files import TextFile
from dash.knowledge.formats import EvalFile
from dash.knowledge.shapes import read_model
from dash.knowledge.sources import Source, Sources

LIST_KEY = "evals"


def load_evals(file: TextFile, sources: Sources, faults: list[Fault]) -> list[EvalFile]:
    """The cases of a file, their places noted in `sources`; faults are added."""
    document = parse_yaml(file.text, file.path)
    found = []
    for root, item in _items(document) if not document.faults else ():
        case = read_model(document, EvalFile, root, item)
        if case is None:
            continue
        first = sources.note("eval", case.id, Source(file.path, document.line((*root, "id"))), root)
        if first:
            document.fault((*root, "id"), f"the eval {case.id} stands twice (first in {first})", "rename one of them")
        found.append(case)
    sources.lines[file.path] = document.lines
    faults += document.faults
    return found


def _items(document: Document) -> list[tuple[Path, object]]:
    data: object = document.data
    root: Path = ()
    if isinstance(data, dict) and set(data) == {LIST_KEY}:
        data, root = data[LIST_KEY], (LIST_KEY,)
    if not isinstance(data, list):
        document.fault((), "the file is no list of cases", "begin each case with - id: …")
        return []
    return [((*root, index), item) for index, item in enumerate(data)]
