"""What the product knows about a database: files that people write, loaded once and never changed afterwards.

    knowledge/tables/*.json      what tables and columns mean            tables.py
    knowledge/business/*.yaml    metrics, rules, traps, words            business.py
    knowledge/queries/*.sql      vetted SQL                              queries.py
    knowledge/evals/*.yaml       golden questions (read when asked for)  evals.py

`load_knowledge` reads them and knows what one file can be wrong about; `dash.knowledge.check` knows what files can be
wrong about together, and with the live database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from dash.errors import Fault, KnowledgeError
from dash.knowledge.business import load_business
from dash.knowledge.evals import load_evals
from dash.knowledge.files import TextFile, read_folder
from dash.knowledge.formats import (
    BusinessFile,
    ColumnFile,
    EvalFile,
    GotchaFile,
    MetricFile,
    ParameterFile,
    QueryFile,
    StarterFile,
    TableFile,
    UnanswerableFile,
    VocabularyFile,
)
from dash.knowledge.queries import load_queries
from dash.knowledge.sources import Source, Sources
from dash.knowledge.stuck import StuckFile, is_stuck_file, parse_stuck
from dash.knowledge.stuck_condition import misuses, with_condition_in_metric
from dash.knowledge.stuck_reasons import reason_misuses, with_definition_in_query, with_reasons_in_table
from dash.knowledge.tables import load_table
from dash.records.semantic_query import Scalar

__all__ = ["Knowledge", "Loaded", "Source", "load_everything", "load_knowledge"]


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Everything that the files say. Keys of `sources` are (kind, name) with kind table, column (named
    "table.column"), metric, vocabulary, unanswerable, query, gotcha, starter, rule or eval; `fingerprint` is a hash of
    all files' bytes."""

    folder: Path
    tables: Mapping[str, TableFile]
    metrics: Mapping[str, MetricFile]
    queries: Mapping[str, QueryFile]
    vocabulary: tuple[VocabularyFile, ...]
    unanswerable: tuple[UnanswerableFile, ...]
    starters: tuple[StarterFile, ...]
    rules: tuple[str, ...]
    gotchas: tuple[GotchaFile, ...]
    fingerprint: str
    sources: Mapping[tuple[str, str], Source]
    places: Sources = field(repr=False, compare=False)
    eval_files: tuple[TextFile, ...] = field(repr=False, compare=False)
    stuck: StuckFile | None = field(default=None, repr=False, compare=False)

    @cached_property
    def evals(self) -> tuple[EvalFile, ...]:
        """The golden cases, read at first use; their places are in `sources` from then on. Raises KnowledgeError."""
        faults: list[Fault] = []
        found = Sources()
        cases = [case for file in self.eval_files for case in load_evals(file, found, faults)]
        self.places.add(found)
        if faults:
            raise KnowledgeError(tuple(sorted(faults)))
        return tuple(cases)

    def allowed(self) -> dict[str, tuple[str, ...]]:
        """Real relation → its described columns: all that a query may ever read."""
        return {
            name: tuple(column.name for column in table.table_columns)
            for name, table in self.tables.items()
            if table.sql is None
        }

    def personal(self) -> frozenset[str]:
        """Personal columns of the real tables as "table.column", the table named as in `tables`."""
        return frozenset(name for name, column in self._real_columns() if column.personal)

    def untrusted(self) -> frozenset[str]:
        """ "table.column" of the real tables' columns whose text strangers wrote."""
        return frozenset(name for name, column in self._real_columns() if column.untrusted)

    def find_column(self, name: str) -> ColumnFile | None:
        """The column that "table.column" names, with or without the table's schema."""
        table_name, _, column_name = name.rpartition(".")
        for full_name, table in self.tables.items():
            if table_name in (full_name, full_name.rpartition(".")[2]):
                return next((column for column in table.table_columns if column.name == column_name), None)
        return None

    def allowed_values(self, parameter: ParameterFile) -> tuple[Scalar, ...]:
        """The values that a parameter of a vetted query may have; none where anything may be."""
        if not isinstance(parameter.values, str):
            return tuple(parameter.values or ())
        column = self.find_column(parameter.values)
        return tuple(value.value for value in column.values) if column is not None else ()

    def _real_columns(self) -> list[tuple[str, ColumnFile]]:
        return [
            (f"{name}.{column.name}", column)
            for name, table in self.tables.items()
            if table.sql is None
            for column in table.table_columns
        ]


@dataclass(frozen=True)
class Loaded:
    """What could be loaded, and every fault on the way; `check` goes on with the rest when one file is broken.

    `unread` is the text of the broken files: a name in it may be defined there, so nobody should call it unknown.
    `language_files` have readers of their own (`language.py`, `phrases.py`).
    """

    knowledge: Knowledge
    faults: tuple[Fault, ...]
    unread: str = ""
    language_files: tuple[TextFile, ...] = ()


def load_knowledge(folder: Path) -> Knowledge:
    """Read every file but the evals. Raises KnowledgeError with every fault of every file, at once."""
    loaded = load_everything(folder)
    if loaded.faults:
        raise KnowledgeError(loaded.faults)
    return loaded.knowledge


def load_everything(folder: Path) -> Loaded:
    """Read every file but the evals, and collect the faults instead of raising them."""
    found = read_folder(folder)
    faults = list(found.faults)
    sources = Sources()
    tables = [load_table(file, sources, faults) for file in found.files.get("tables", ())]
    said = [file for file in found.files.get("business", ()) if not is_stuck_file(file)]
    business = [load_business(file, sources, faults) for file in said]
    queries = [query for file in found.files.get("queries", ()) for query in load_queries(file, sources, faults)]
    whole = _merge([part for part in business if part is not None])
    definition = next((file for file in found.files.get("business", ()) if is_stuck_file(file)), None)
    stuck = _load_stuck(definition, faults)
    described = [table for table in tables if table is not None]
    faults += _misuses(whole.metrics, queries, described, stuck, sources, is_written=definition is not None)
    knowledge = Knowledge(
        folder=folder,
        tables={table.table_name: with_reasons_in_table(table, stuck) for table in described},
        metrics={metric.name: with_condition_in_metric(metric, stuck) for metric in whole.metrics},
        queries={query.name: with_definition_in_query(query, stuck) for query in queries},
        vocabulary=tuple(whole.vocabulary),
        unanswerable=tuple(whole.unanswerable),
        starters=tuple(whole.starters),
        rules=tuple(whole.business_rules),
        gotchas=tuple(whole.common_gotchas),
        fingerprint=found.fingerprint,
        sources=sources.places,
        places=sources,
        eval_files=found.files.get("evals", ()),
        stuck=stuck,
    )
    broken = {fault.path for fault in faults}
    unread = "\n".join(file.text for part in found.files.values() for file in part if file.path in broken)
    languages = found.files.get("language", ()) + found.files.get("phrases", ())
    return Loaded(knowledge, tuple(sorted(set(faults))), unread, languages)


def _load_stuck(file: TextFile | None, faults: list[Fault]) -> StuckFile | None:
    if file is None:
        return None
    stuck, document = parse_stuck(file.text, file.path)
    faults += document.faults
    return stuck


def _misuses(
    metrics: Iterable[MetricFile],
    queries: Iterable[QueryFile],
    tables: Iterable[TableFile],
    stuck: StuckFile | None,
    sources: Sources,
    *,
    is_written: bool,
) -> Iterator[Fault]:
    """What is wrong with how the files mean what stuck.yaml says."""
    found = [("metric", one.name, misuses(one, stuck, is_written=is_written)) for one in metrics]
    found += [("query", one.name, misuses(one, stuck, is_written=is_written)) for one in queries]
    found += [("query", one.name, reason_misuses(one, stuck, is_written=is_written)) for one in queries]
    found += [("table", one.table_name, reason_misuses(one, stuck, is_written=is_written)) for one in tables]
    for kind, name, wrong in found:
        for path, what, mend in wrong:
            place = sources.line_of(kind, name, path)
            yield Fault(place.path, place.line, what, mend)


def _merge(parts: list[BusinessFile]) -> BusinessFile:
    return BusinessFile.model_construct(
        metrics=[metric for part in parts for metric in part.metrics],
        business_rules=[rule for part in parts for rule in part.business_rules],
        common_gotchas=[gotcha for part in parts for gotcha in part.common_gotchas],
        vocabulary=[word for part in parts for word in part.vocabulary],
        unanswerable=[topic for part in parts for topic in part.unanswerable],
        starters=[starter for part in parts for starter in part.starters],
    )
