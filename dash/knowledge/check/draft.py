"""The text of a vetted query's file that is still being written, held against the knowledge without writing it.

The same checks as for the folder say what is wrong, at the lines of the text; what the knowledge already has wrong is
not told. A query of the text takes the place of the one of its name, so an edited copy of a file is checked as itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from dash.errors import Fault
from dash.knowledge import Knowledge
from dash.knowledge.check.findings import Findings
from dash.knowledge.check.live import LiveChecks, check_live_query
from dash.knowledge.check.queries import check_query, check_shared_questions
from dash.knowledge.documents import Path
from dash.knowledge.files import MAXIMUM_BYTES, TextFile, decode
from dash.knowledge.formats import QueryFile
from dash.knowledge.queries import load_queries
from dash.knowledge.sources import Source, Sources
from dash.knowledge.stuck_reasons import with_definition_in_query

UNNAMED = "unnamed"


@dataclass(frozen=True)
class CheckedText:
    """What the text says: its queries, its faults, and the knowledge as it would be with the file in it.

    `replaces` are the names of its queries that the knowledge has already, with the place where they stand.
    """

    path: str
    queries: tuple[QueryFile, ...]
    faults: tuple[Fault, ...]
    knowledge: Knowledge
    replaces: Mapping[str, Source] = field(default_factory=dict)

    def line_of(self, query: str, path: Path = ()) -> int:
        """The line of a key of one of its queries."""
        return self.knowledge.places.line_of("query", query, path).line


def check_text(
    text: str,
    knowledge: Knowledge,
    *,
    live: LiveChecks | None = None,
    reads_period: Callable[[str], bool] | None = None,
) -> CheckedText:
    """Check a text as if it were a file of `knowledge`. Never raises for what it contains; with `live`, a database
    that cannot be reached raises whatever `live` raises."""
    faults: list[Fault] = []
    sources = Sources()
    content = text.encode("utf-8", "replace")
    path = _path(knowledge, UNNAMED)
    if len(content) > MAXIMUM_BYTES:
        return CheckedText(
            path, (), (Fault(path, 1, "the text is too long", "split it into several files"),), knowledge
        )
    if not text.strip():
        return CheckedText(path, (), (Fault(path, 1, "the file is empty", "write a query"),), knowledge)
    decoded = decode(content, path, faults)
    queries = load_queries(TextFile(path, decoded, ".sql"), sources, faults) if decoded is not None else []
    named = (query for query in queries if query.name != UNNAMED)
    written = {query.name: with_definition_in_query(query, knowledge.stuck) for query in named}
    path, faults, sources = _named_after(queries, path, faults, sources, knowledge)
    replaced = {name: knowledge.sources["query", name] for name in written if name in knowledge.queries}
    merged = _with(knowledge, written, sources)
    findings = Findings(merged, reads_period=reads_period)
    for query in written.values():
        check_query(findings, query)
    check_shared_questions(findings)
    told = {fault.line for fault in (*faults, *findings.faults) if fault.path == path}
    for query in written.values() if live is not None else ():
        sql_begins = sources.line_of("query", query.name, ("sql",)).line
        # What the files say about the SQL says it better than the guard and the database do.
        if live is not None and not any(line >= sql_begins for line in told):
            check_live_query(findings, query, live)
    found = (fault for fault in (*faults, *findings.faults) if fault.path == path)
    return CheckedText(path, tuple(written.values()), tuple(sorted(set(found))), merged, replaced)


def _path(knowledge: Knowledge, name: str) -> str:
    return f"{knowledge.folder.resolve().name}/queries/{name}.sql"


def _named_after(
    queries: list[QueryFile], path: str, faults: list[Fault], sources: Sources, knowledge: Knowledge
) -> tuple[str, list[Fault], Sources]:
    """Everything under the file's own name: where the first query stands already, else after that query."""
    named = [query.name for query in queries if query.name != UNNAMED]
    if not named:
        return path, faults, sources
    known = knowledge.sources.get(("query", named[0]))
    own = known.path if known is not None else _path(knowledge, named[0])
    places = {key: replace(place, path=own) for key, place in sources.places.items()}
    renamed = Sources(places, {own: sources.lines.get(path, {})}, sources.roots)
    return own, [replace(fault, path=own) for fault in faults], renamed


def _with(knowledge: Knowledge, written: Mapping[str, QueryFile], sources: Sources) -> Knowledge:
    """The knowledge with these queries behind all others, so that what they share with others is their fault."""
    others = {name: query for name, query in knowledge.queries.items() if name not in written}
    places = Sources(dict(knowledge.places.places), dict(knowledge.places.lines), dict(knowledge.places.roots))
    for path, lines in sources.lines.items():
        places.lines[path] = {**places.lines.get(path, {}), **lines}
    places.places.update(sources.places)
    places.roots.update(sources.roots)
    return replace(knowledge, queries={**others, **written}, sources=places.places, places=places)
