"""Words of the company: each names something that exists, and none is claimed twice without saying so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dash.errors import KnowledgeError
from dash.knowledge.alternatives import expand_phrase, expand_phrases
from dash.knowledge.check.findings import TIME_PARTS, Findings
from dash.knowledge.documents import Path
from dash.knowledge.formats import MeaningFile, VocabularyFile
from dash.knowledge.language import load_languages
from dash.knowledge.nearest import advise


def check_words(findings: Findings) -> None:
    """Add the faults of vocabulary, unanswerable topics, traps and synonyms."""
    for entry in findings.knowledge.vocabulary:
        if not entry.meanings:
            findings.add("vocabulary", entry.term, ("meanings",), f"{entry.term} means nothing", "add a meaning")
        for index, meaning in enumerate(entry.meanings):
            _check_meaning(findings, entry, ("meanings", index), meaning)
    for topic in findings.knowledge.unanswerable:
        if not any(topic.synonyms.values()):
            what = f"no word leads to the topic {topic.topic}"
            findings.add("unanswerable", topic.topic, ("synonyms",), what, "add the words that ask for it")
    for gotcha in findings.knowledge.gotchas:
        for index, table in enumerate(gotcha.tables_affected):
            known = {name for full in findings.knowledge.tables for name in (full, full.rpartition(".")[2])}
            findings.expect(known, table, "gotcha", gotcha.issue, ("tables_affected", index), "table")
    _check_shared_synonyms(findings)
    _check_shared_vocabulary(findings)
    _check_shared_values(findings)
    _check_swallowed_days(findings)


def _check_meaning(findings: Findings, entry: VocabularyFile, path: Path, meaning: MeaningFile) -> None:
    kind, term = "vocabulary", entry.term
    if meaning.metric is not None:
        findings.expect(findings.knowledge.metrics, meaning.metric, kind, term, (*path, "metric"), "metric")
    if meaning.dimension is None:
        if meaning.metric is None:
            findings.add(kind, term, path, "this meaning names nothing", "add a dimension or a metric")
        if meaning.values:
            findings.add(kind, term, (*path, "values"), "these values have no dimension", "add the dimension")
        return
    known = {*findings.dimensions, *TIME_PARTS}
    if not findings.expect(known, meaning.dimension, kind, term, (*path, "dimension"), "dimension"):
        return
    values = findings.values_of(meaning.dimension)
    for index, value in enumerate(meaning.values):
        if values and value not in values and not findings.may_be_unread(str(value)):
            what = f"{meaning.dimension} has no value {value!r}"
            mend = advise(str(value), map(str, values), "add the value to the column")
            findings.add(kind, term, (*path, "values", index), what, mend)


def _check_shared_synonyms(findings: Findings) -> None:
    """A word of two metrics would always be a question back; the vocabulary is where that is wanted."""
    ambiguous = {
        word.casefold()
        for entry in findings.knowledge.vocabulary
        for word in (entry.term, *(synonym for words in entry.synonyms.values() for synonym in expand_phrases(words)))
    }
    owners: dict[str, str] = {}
    for name, metric in findings.knowledge.metrics.items():
        for language, words in metric.synonyms.items():
            for index, word in _numbered(words):
                key = word.casefold()
                owner = owners.setdefault(key, name)
                if owner != name and key not in ambiguous:
                    place = findings.knowledge.places.line_of("metric", owner, ("synonyms",))
                    what = f"{word!r} is a synonym of {owner} too ({place})"
                    mend = "take it from one of them, or declare it in the vocabulary"
                    findings.add("metric", name, ("synonyms", language, index), what, mend)


def _check_shared_vocabulary(findings: Findings) -> None:
    """Several meanings of a word belong into one entry, where a person sees that the product will ask."""
    owners: dict[str, str] = {}
    for entry in findings.knowledge.vocabulary:
        for language, words in entry.synonyms.items():
            for index, word in _numbered(words):
                owner = owners.setdefault(word.casefold(), entry.term)
                if owner != entry.term:
                    what = f"{word!r} is a word of {owner} too"
                    mend = "take it from one of them, or make one entry with both meanings"
                    findings.add("vocabulary", entry.term, ("synonyms", language, index), what, mend)


def _check_shared_values(findings: Findings) -> None:
    """A word for two values of one column could never be told apart."""
    for table, described in findings.knowledge.tables.items():
        for column in described.table_columns:
            owners: dict[str, object] = {}
            for number, value in enumerate(column.values):
                for language, words in value.synonyms.items():
                    for index, word in _numbered(words):
                        owner = owners.setdefault(word.casefold(), value.value)
                        if owner != value.value:
                            path = ("values", number, "synonyms", language, index)
                            what = f"{word!r} is a synonym of the value {owner} too"
                            findings.add("column", f"{table}.{column.name}", path, what, "take it from one of them")


def _numbered(words: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Every phrase that the list stands for, with its place in the file."""
    return ((index, way) for index, phrase in enumerate(words) for way in expand_phrase(phrase))


def _check_swallowed_days(findings: Findings) -> None:
    """A phrase with "yesterday" in it would take the period away from the question."""
    try:
        languages = load_languages(findings.knowledge.folder)
    except KnowledgeError:  # told of its own
        return
    days = {
        word.casefold()
        for language in languages.values()
        for word in (*language.time.today, *language.time.yesterday, *language.time.day_before_yesterday)
        if " " not in word
    }
    # "Open as of today" is the present state, which has no other day.
    metrics = {name: metric for name, metric in findings.knowledge.metrics.items() if not metric.present_state}
    named = [("metric", name, metric.synonyms) for name, metric in metrics.items()]
    named += [("vocabulary", entry.term, entry.synonyms) for entry in findings.knowledge.vocabulary]
    for kind, name, synonyms in named:
        for language, words in synonyms.items():
            for index, phrase in _numbered(words):
                found = days & set(phrase.casefold().split())
                if found:
                    what = f"{phrase!r} holds the day {found.pop()!r}, which a question would lose"
                    findings.add(kind, name, ("synonyms", language, index), what, "leave the day out")
