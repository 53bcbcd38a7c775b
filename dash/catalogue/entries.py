"""Everything that the knowledge says, as entries: what each is called, in which file it stands, and its words.

An entry's address is its kind and its name, `metric:csat`, so that a link opens it. Rules have no names; theirs is a
few letters of their text's hash, which stays the same as long as the rule says the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dash.knowledge import Knowledge
from dash.knowledge.formats import (
    GotchaFile,
    MetricFile,
    QueryFile,
    TableFile,
    UnanswerableFile,
    VocabularyFile,
)
from dash.shown.labels import define, text_of

Kind = Literal["metric", "query", "table", "word", "rule", "gotcha", "topic"]
KINDS: tuple[Kind, ...] = ("metric", "query", "table", "word", "rule", "gotcha", "topic")

_VETTED = re.compile(r"(?P<on>\d{4}-\d{2}-\d{2})?\s*(?:by\s+(?P<by>.+))?")  # 2026-11-20 by support-analytics


@dataclass(frozen=True)
class Entry:
    """One thing of the knowledge. `thing` is its file's model (a rule's text); `place` is path:line.

    `strong` are words by which people look for it, `weak` what is said about it, each with what to call the field.
    """

    kind: Kind
    name: str
    thing: Any
    place: str
    strong: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    weak: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def address(self) -> str:
        """How a link names it."""
        return f"{self.kind}:{self.name}"

    def title(self, language: str) -> str:
        """What people call it."""
        if isinstance(self.thing, MetricFile):
            return text_of(self.thing.label, language) or self.name.replace("_", " ")
        if self.kind in ("rule", "gotcha"):
            return str(self.thing if self.kind == "rule" else self.thing.issue)
        return self.name.replace("_", " ") if self.kind in ("query", "topic") else self.name

    def summary(self, language: str) -> str:
        """What it is, in a sentence or two."""
        thing = self.thing
        if isinstance(thing, MetricFile):
            return define(thing, language, {})
        if isinstance(thing, QueryFile):
            return " ".join(thing.description.split())
        if isinstance(thing, TableFile):
            return thing.table_description
        if isinstance(thing, VocabularyFile):
            return text_of(thing.definition, language) or ", ".join(meanings_of(thing))
        if isinstance(thing, GotchaFile):
            return thing.solution
        return text_of(thing.reason, language) if isinstance(thing, UnanswerableFile) else ""

    @property
    def owner(self) -> str:
        """Who answers for it, as far as its file says."""
        if isinstance(self.thing, QueryFile):
            return vetting_of(self.thing)[1]
        return self.thing.owner or "" if isinstance(self.thing, MetricFile) else ""


@dataclass(frozen=True)
class Catalogue:
    """All entries, by address, in the order of kinds and names."""

    entries: Mapping[str, Entry]

    def find(self, address: str) -> Entry | None:
        """The entry that a link names, if there is one."""
        return self.entries.get(address)

    def of(self, kind: Kind) -> tuple[Entry, ...]:
        """All entries of a kind."""
        return tuple(entry for entry in self.entries.values() if entry.kind == kind)


def catalogue_of(knowledge: Knowledge) -> Catalogue:
    """The entries of a knowledge."""
    found = {entry.address: entry for read in _READERS for entry in read(knowledge)}
    return Catalogue(found)


def vetting_of(query: QueryFile) -> tuple[str, str]:
    """(the day, the owner) of a query's vetting, "" where the file does not say."""
    match = _VETTED.fullmatch((query.vetted or "").strip())
    if match is None:
        return "", query.vetted or ""
    return match["on"] or "", (match["by"] or "").strip()


def meanings_of(entry: VocabularyFile) -> tuple[str, ...]:
    """What a word may mean: a metric, a dimension, or values of one."""
    return tuple(
        meaning.metric or f"{meaning.dimension}{' = ' + ', '.join(map(str, meaning.values)) if meaning.values else ''}"
        for meaning in entry.meanings
    )


def names_of_synonyms(words: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The synonyms of all languages, as the file writes them."""
    return tuple(dict.fromkeys(word for listed in words.values() for word in listed))


def rule_name(rule: str) -> str:
    """A rule's name in an address."""
    return hashlib.sha256(rule.encode()).hexdigest()[:8]


def _metrics(knowledge: Knowledge) -> Iterator[Entry]:
    for name, metric in knowledge.metrics.items():
        strong = [("name", name), *(("name", label) for label in metric.label.values())]
        strong += [("synonym", word) for word in names_of_synonyms(metric.synonyms)]
        weak = [("definition", text) for text in metric.definition.values()]
        yield Entry("metric", name, metric, _place(knowledge, "metric", name), tuple(strong), tuple(weak))


def _queries(knowledge: Knowledge) -> Iterator[Entry]:
    for name, query in knowledge.queries.items():
        strong = [("name", name), *(("question", question) for question in query.questions)]
        weak = [("description", query.description), *(("metric", metric) for metric in query.metrics)]
        yield Entry("query", name, query, _place(knowledge, "query", name), tuple(strong), tuple(weak))


def _tables(knowledge: Knowledge) -> Iterator[Entry]:
    for name, table in knowledge.tables.items():
        strong = [("name", name), *(("name", word) for word in names_of_synonyms(table.row_name))]
        weak = [("description", table.table_description), ("grain", table.grain)]
        weak += [("description", text) for text in (*table.use_cases, *table.data_quality_notes)]
        for column in table.table_columns:
            strong += [("column", column.name), *(("column", label) for label in column.label.values())]
            strong += [("column", word) for word in names_of_synonyms(column.synonyms)]
            weak.append(("column", column.description))
            # A personal column's values would be somebody's data, whatever the file says.
            for value in () if column.personal else column.values:
                weak += [("value", str(value.value)), *(("value", label) for label in value.label.values())]
                weak += [("value", word) for word in names_of_synonyms(value.synonyms)]
        yield Entry("table", name, table, _place(knowledge, "table", name), tuple(strong), tuple(weak))


def _words(knowledge: Knowledge) -> Iterator[Entry]:
    for entry in knowledge.vocabulary:
        strong = [("name", entry.term), *(("synonym", word) for word in names_of_synonyms(entry.synonyms))]
        weak = [*(("meaning", meaning) for meaning in meanings_of(entry))]
        weak += [("definition", text) for text in entry.definition.values()]
        yield Entry("word", entry.term, entry, _place(knowledge, "vocabulary", entry.term), tuple(strong), tuple(weak))


def _rules(knowledge: Knowledge) -> Iterator[Entry]:
    for rule in knowledge.rules:
        yield Entry("rule", rule_name(rule), rule, _place(knowledge, "rule", rule), (("rule", rule),))


def _gotchas(knowledge: Knowledge) -> Iterator[Entry]:
    for gotcha in knowledge.gotchas:
        weak = (("solution", gotcha.solution), *(("table", table) for table in gotcha.tables_affected))
        place = _place(knowledge, "gotcha", gotcha.issue)
        yield Entry("gotcha", rule_name(gotcha.issue), gotcha, place, (("issue", gotcha.issue),), weak)


def _topics(knowledge: Knowledge) -> Iterator[Entry]:
    for topic in knowledge.unanswerable:
        strong = [("name", topic.topic), *(("synonym", word) for word in names_of_synonyms(topic.synonyms))]
        weak = tuple(("reason", text) for text in topic.reason.values())
        place = _place(knowledge, "unanswerable", topic.topic)
        yield Entry("topic", topic.topic, topic, place, tuple(strong), weak)


_READERS = (_metrics, _queries, _tables, _words, _rules, _gotchas, _topics)


def _place(knowledge: Knowledge, kind: str, name: str) -> str:
    source = knowledge.sources.get((kind, name))
    return str(source) if source is not None else ""
