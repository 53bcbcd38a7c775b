"""A file of the knowledge folder that is one model by itself: the board, the alerts, what is delivered to whom.

Without the file there is nothing, and no fault; with a broken one there are its faults, and never a part of it.
"""

from __future__ import annotations

from pathlib import Path

from dash.errors import KnowledgeError
from dash.knowledge.documents import Document, parse_yaml
from dash.knowledge.files import read_one
from dash.knowledge.shapes import Model, read_model


def read_one_model(folder: Path, name: str, model: type[Model]) -> tuple[Model | None, Document]:
    """The model, with the document that knows its lines and faults; no model without the file or with faults in it."""
    document = Document(f"{folder.resolve().name}/{name}")
    if not (folder / name).exists():
        return None, document
    text, faults = read_one(folder, name)
    if text is None:
        document.faults.extend(faults)
        return None, document
    document = parse_yaml(text.text, text.path)
    return (None if document.faults else read_model(document, model)), document


def require_no_fault(document: Document) -> None:
    """Raise KnowledgeError with every fault of a document, if there is one."""
    if document.faults:
        raise KnowledgeError(tuple(sorted(document.faults)))
