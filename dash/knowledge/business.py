"""`knowledge/business/*.yaml` (and Agno Dash's `*.json`): metrics, rules, traps, words of the company and topics that
the data cannot answer. Names are unique across all files, so that a second definition never hides the first."""

from __future__ import annotations

from collections.abc import Iterator

from dash.errors import Fault
from dash.knowledge.documents import Path, parse_json, parse_yaml
from dash.knowledge.files import TextFile
from dash.knowledge.formats import BusinessFile
from dash.knowledge.shapes import read_model
from dash.knowledge.sources import Source, Sources


def load_business(file: TextFile, sources: Sources, faults: list[Fault]) -> BusinessFile | None:
    """The content of a file, its places noted in `sources`; None after adding faults."""
    parse = parse_json if file.suffix == ".json" else parse_yaml
    document = parse(file.text, file.path)
    business = None
    if not document.faults:
        if document.data is None:
            document.fault((), "the file holds only comments", "write its keys or remove it")
        else:
            business = read_model(document, BusinessFile)
    if business is not None:
        sources.lines[file.path] = document.lines
        for kind, name, root, key in _named(business):
            first = sources.note(kind, name, Source(file.path, document.line((*root, key))), root)
            if first:
                document.fault((*root, key), f"the {kind} {name} stands twice (first in {first})", "keep one of them")
    faults += document.faults
    return business


def _named(business: BusinessFile) -> Iterator[tuple[str, str, Path, str]]:
    """Kind, name, where its keys are, and the key that holds the name."""
    for index, metric in enumerate(business.metrics):
        yield "metric", metric.name, ("metrics", index), "name"
    for index, vocabulary in enumerate(business.vocabulary):
        yield "vocabulary", vocabulary.term, ("vocabulary", index), "term"
    for index, unanswerable in enumerate(business.unanswerable):
        yield "unanswerable", unanswerable.topic, ("unanswerable", index), "topic"
    for index, gotcha in enumerate(business.common_gotchas):
        yield "gotcha", gotcha.issue, ("common_gotchas", index), "issue"
    for index, starter in enumerate(business.starters):
        yield "starter", " / ".join(starter.question.values()), ("starters", index), "question"
    for index, rule in enumerate(business.business_rules):
        yield "rule", rule, ("business_rules", index), ""
