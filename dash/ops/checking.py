"""What `dash check` says about stuck.yaml: every expression against the described tables, then the composed statement
against the guard and the database, each fault at the line of what it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from sqlglot import exp

from dash.errors import Fault, QueryRejected
from dash.knowledge import Knowledge
from dash.knowledge.check import LiveChecks
from dash.knowledge.check.names import Described, name_problems
from dash.knowledge.check.sql import read_expression, read_query
from dash.knowledge.documents import Document, Path
from dash.knowledge.nearest import advise
from dash.knowledge.stuck import STAGE, CellFile, StuckFile, read_stuck
from dash.ops.judging import EVIDENCE, FACT, fates_query, judging_query
from dash.records import PlannedQuery, Viewer
from dash.steps.guard import guard

_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_LANGUAGES = ("en", "ru")


def check_stuck(knowledge: Knowledge, live: LiveChecks | None = None) -> tuple[Fault, ...]:
    """Every fault of the knowledge folder's stuck.yaml beyond its shape, which loading names; none without the file."""
    file, document = read_stuck(knowledge.folder)
    if file is None:
        return ()
    values = _values(knowledge)
    described = _described(knowledge, values)
    for path, sql, source in _expressions(file):
        _check_expression(document, path, sql, source, described)
    for path, cell in _cells(file):
        if cell.dimension and cell.dimension not in values:
            mend = advise(cell.dimension, values, "name a dimension of tables/")
            document.fault((*path, "dimension"), f"there is no dimension {cell.dimension}", mend)
    _check_values(file, document, values)
    _check_words(file, document)
    if not document.faults:
        _check_whole(file, document, knowledge, live)
    return tuple(sorted(set(document.faults)))


def _values(knowledge: Knowledge) -> dict[str, frozenset[str]]:
    """Dimension → its known values."""
    found: dict[str, set[str]] = {}
    for table in knowledge.tables.values():
        for column in table.table_columns:
            known = found.setdefault(column.dimension or column.name, set())
            known |= {str(value.value) for value in column.values}
    return {name: frozenset(known) for name, known in found.items()}


def _described(knowledge: Knowledge, values: Mapping[str, frozenset[str]]) -> Described:
    derived = [name for name, table in knowledge.tables.items() if table.sql is not None]
    known = {
        (name, column.name): frozenset(str(value.value) for value in column.values)
        for name, table in knowledge.tables.items()
        for column in table.table_columns
    }
    return Described(knowledge.allowed(), derived, known)


def _expressions(file: StuckFile) -> Iterator[tuple[Path, str, str]]:
    """(where it stands, SQL, what it is selected from) of every expression."""
    tickets = file.tickets
    rows = f"{tickets.table} AS ticket"
    for key in ("key", "since", "open"):
        yield ("tickets", key), getattr(tickets, key), rows
    yield ("tickets", STAGE), tickets.stage.sql, rows
    for name, fact in tickets.facts.items():
        yield ("tickets", "facts", name), fact.sql, rows
    beside = []
    for name, one in file.beside.items():
        source = f"{one.table} AS {name}"
        yield ("beside", name, "key"), f"{name}.{one.key}", source
        if one.where:
            yield ("beside", name, "where"), one.where, source
        for column, sql in one.columns.items():
            yield ("beside", name, "columns", column), sql, source
        columns = ", ".join(f"({sql}\n) AS {column}" for column, sql in one.columns.items())
        beside.append(f"(SELECT {columns} FROM {source}) AS {name}")
    together = ", ".join((rows, *beside))
    for place, reason in enumerate(file.reasons):
        if reason.when:
            yield ("reasons", place, "when"), reason.when, together
        for name, cell in reason.evidence.items():
            yield ("reasons", place, "evidence", name), cell.sql, together


def _check_expression(document: Document, path: Path, sql: str, source: str, described: Described) -> None:
    read = read_expression(sql)
    for what, mend, _ in read.problems:
        document.fault(path, what, mend)
    if read.tree is None:
        return
    bare = [column.name for column in read.tree.find_all(exp.Column) if not column.table]
    if path[0] == "reasons" and bare:
        document.fault(
            path, f"whose {bare[0]} it is, is not said", "write ticket. or the name of a row beside it before"
        )
        return
    if any(not node.find_ancestor(exp.Query, exp.Window) for node in read.tree.find_all(exp.AggFunc)):
        document.fault(path, "an aggregate stands here, but each row is one ticket", "write it as a sub-query")
        return
    whole = read_query(f"SELECT ({sql}\n) AS value FROM {source}")
    for what, mend, _ in name_problems(whole.tree, described) if whole.tree is not None else ():
        document.fault(path, what, mend)


def _cells(file: StuckFile) -> Iterator[tuple[Path, CellFile]]:
    yield ("tickets", STAGE), file.tickets.stage
    for name, fact in file.tickets.facts.items():
        yield ("tickets", "facts", name), fact
    for place, reason in enumerate(file.reasons):
        for name, cell in reason.evidence.items():
            yield ("reasons", place, "evidence", name), cell


def _check_values(file: StuckFile, document: Document, values: Mapping[str, frozenset[str]]) -> None:
    """An override for a value that nothing has would change nothing, in silence."""
    for place, override in enumerate(file.thresholds.overrides):
        for name, wanted in override.when.items():
            cell = file.tickets.stage if name == STAGE else file.tickets.facts[name]
            known = values.get(cell.dimension or "", frozenset())
            for value in wanted if known else ():
                if value not in known:
                    path: Path = ("thresholds", "overrides", place, "when", name)
                    document.fault(path, f"{name} has no value {value!r}", advise(value, known, "describe it first"))


def _check_words(file: StuckFile, document: Document) -> None:
    for place, reason in enumerate(file.reasons):
        for key, texts in (("label", reason.label), ("advice", reason.advice)):
            missing = [language for language in _LANGUAGES if not (texts.get(language) or texts.get(""))]
            for language in missing:
                document.fault(("reasons", place, key), f"{key} has no words in {language}", f"write {language}: …")


def _check_whole(file: StuckFile, document: Document, knowledge: Knowledge, live: LiveChecks | None) -> None:
    """The statement as it would run, and where it may not, the part of it that is to blame."""
    whole = judging_query(file, 1, (_NOW, ""))
    for query in (whole, fates_query(file, ["1"])):
        if _problem(query, knowledge, live) is None:
            continue
        for path, part in _parts(file):
            problem = _problem(judging_query(part, 1), knowledge, live)
            if problem is not None:
                document.fault(path, *problem)
                return
        problem = _problem(query, knowledge, live)
        document.fault(("tickets",), *(problem or ("the statement cannot run", "mend the SQL")))
        return


def _parts(file: StuckFile) -> Iterator[tuple[Path, StuckFile]]:
    """The definition with less in it, growing: the tickets, each row beside them, each reason."""
    last = file.reasons[-1].model_copy(update={"evidence": {}})
    bare = file.model_copy(update={"reasons": [last], "beside": {}})
    yield ("tickets",), bare
    for name, one in file.beside.items():
        yield ("beside", name), bare.model_copy(update={"beside": {name: one}})
    for place, reason in enumerate(file.reasons):
        reasons = [reason, last] if reason.when else [reason]
        yield ("reasons", place, "name"), file.model_copy(update={"reasons": reasons})


def _problem(query: PlannedQuery, knowledge: Knowledge, live: LiveChecks | None) -> tuple[str, str] | None:
    """(what, how to mend it), or None when it would run."""
    planned = PlannedQuery(query.sql, {**query.parameters, "now": _NOW})
    try:
        checked = guard(
            planned, knowledge.allowed(), personal=knowledge.personal(), viewer=Viewer(), reviewed=True
        )  # fmt: skip
    except QueryRejected as rejection:
        return f"the guard rejects its SQL: {rejection.message.rstrip('.')}", "write it another way"
    masked = [name.removeprefix(FACT) for name in checked.personal_columns]
    if masked:
        where = "its evidence is" if EVIDENCE in masked else f"{', '.join(masked)} would be"
        return f"{where} personal, and masked for everybody", "leave personal columns out of it"
    error = live.explain(planned.sql, planned.parameters) if live is not None else None
    return (f"the database refuses its SQL: {' '.join(error.split())[:300]}".rstrip("."), "mend it") if error else None
