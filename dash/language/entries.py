"""Phrases that mean something, as the language files and the knowledge list them: what the lexicon is built from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dash.knowledge import Knowledge
from dash.knowledge.formats import ColumnFile, ValueFile, VocabularyFile
from dash.knowledge.language import LanguageFile
from dash.language.tokens import phrase_of
from dash.semantics.dimensions import dimension_name, text_in

_PACK_KINDS_BY_FORM = frozenset(
    {
        "which",
        "negation",
        "conjunction",
        "only",
        "by",
        "comparator",
        "follow_up",
        "change_data",
        "adding",
        "refer",
        "repeat",
        "occurrence",
        "filler",
        "greeting",
        "replaced",
        "step",
        "beyond",
        "absent",
        "reach",
        "sort",
        "vague",
        "more",
        "than",
        "both",
        "elided",
        "rest",
    }
)
"""Kinds whose words are compared by form, not by stem: little words whose stems collide («какой», «как»)."""

TERMS = "en"
"""Company terms are English in every language."""


@dataclass(frozen=True)
class Entry:
    """One phrase with one meaning. `forms` are its normalized words, `stems` what a question's words are matched by,
    `written` the words with their accents, `apart` the places of words behind a comma of its own.
    `formal` words are a language's own, the others those of the knowledge; `shared` ones have several meanings that
    are equally likely, of whatever kinds."""

    kind: str
    meaning: Any
    forms: tuple[str, ...]
    stems: tuple[str, ...]
    label: str
    source: str
    language: str = ""
    by_form: bool = False
    written: tuple[str, ...] = ()
    apart: frozenset[int] = frozenset()
    formal: bool = False
    shared: bool = False
    topical: bool = False


Said = tuple[str, Entry]
"""A phrase of a file, alternatives and all, and what each phrase of it is."""


def pack_entries(languages: Mapping[str, LanguageFile]) -> Iterator[Entry]:
    """The words of the languages themselves: of form, of time, numbers."""
    for code, language in languages.items():
        source = f"knowledge/language/{code}.yaml"
        for kind, meanings in language.words.items():
            for meaning, phrases in meanings.items():
                for phrase in phrases:
                    yield _pack_entry(kind, meaning, phrase, source, code)
        units = {phrase_of(phrase).stems for phrases in language.time.units.values() for phrase in phrases}
        for kind, meaning, phrase in _time_phrases(language):
            entry = _pack_entry(kind, meaning, phrase, source, code)
            # "monthly" and "month" have one stem, "Mondays" and "Monday" too.
            collides = (kind == "grain" and entry.stems in units) or kind == "value"
            yield replace(entry, by_form=True) if collides else entry
        for number, phrases in language.numbers.items():
            for phrase in phrases:
                # «Стоит», "it costs", has the stem of «сто», a hundred.
                yield replace(_pack_entry("number", number, phrase, source, code), by_form=True)


def _pack_entry(kind: str, meaning: Any, phrase: str, source: str, code: str) -> Entry:
    said = phrase_of(phrase)
    # «Сравнения» are comparisons, «сравни» compares.
    by_form = (
        kind in _PACK_KINDS_BY_FORM
        or (kind, meaning) == ("shape", "compare")
        or (kind.startswith("time_") and all(len(form) <= 4 for form in said.forms))
    )
    return Entry(
        kind,
        meaning,
        said.forms,
        said.stems,
        str(meaning),
        source,
        code,
        by_form,
        said.written,
        said.apart,
        formal=True,
    )


def _time_phrases(language: LanguageFile) -> Iterator[tuple[str, Any, str]]:
    time = language.time
    for name in (
        "today", "yesterday", "day_before_yesterday", "this", "last", "past", "before_last", "ago", "over", "through",
        "whole_period", "since", "after", "until", "before", "between", "opening", "onward", "range_and",
        "beginning_of", "year_to_date", "before_that", "day_of_month", "month_to_date", "about", "day_parts",
    ):  # fmt: skip
        for phrase in getattr(time, name):
            yield f"time_{name}", name, phrase
            if time.unit_first and name in ("this", "last", "past"):
                yield f"time_{name}_after", name, phrase
            if time.number_first and name == "past":
                yield "time_past_second", name, phrase
    for phrase in time.ago_first:
        yield "time_ago_first", "ago", phrase
    for kind, said in (("this", time.this_unit), ("last", time.last_unit), ("two", time.two_units)):
        for unit, phrases in said.items():
            for phrase in phrases:
                yield f"time_{kind}_unit{'s' if kind == 'two' else ''}", unit, phrase
    listed: tuple[tuple[str, Mapping[Any, list[str]]], ...] = (
        ("unit", time.units),
        ("grain", time.grains),
        ("time_month", time.months),
        ("time_weekday", time.weekdays),
        ("time_ordinal", time.ordinals),
        ("time_half_year", time.half_years),
        ("fine_unit", time.fine_units),
        ("time_half", time.halves),
    )
    for kind, meanings in listed:
        for meaning, phrases in meanings.items():
            for phrase in phrases:
                yield kind, meaning, phrase
    for number, phrases in time.every_weekday.items():
        for phrase in phrases:
            yield "value", ("weekday", (number,)), phrase
    for phrase in time.weekend:
        yield "value", ("weekday", (6, 7)), phrase
    for phrase in time.working_days:
        yield "value", ("weekday", (1, 2, 3, 4, 5)), phrase
    for phrase in time.earlier:
        yield "earlier", "earlier", phrase
    for name, phrases in (("weekday", time.weekday_of), ("hour_of_day", time.hour_of_day)):
        for phrase in phrases:
            yield "grain", name, phrase


def knowledge_phrases(knowledge: Knowledge) -> Iterator[Said]:
    """The words of the knowledge as they stand in the files: metrics, rows, dimensions, values, vocabulary, topics
    without data. Each phrase may hold alternatives; the entry beside it has its meaning, and no words yet."""

    def entries(kind: str, meaning: Any, words: Iterable[tuple[str, str]], label: str, source: str) -> Iterator[Said]:
        for language, phrase in words:
            yield phrase, Entry(kind, meaning, (), (), label, source, language)

    for name, metric in knowledge.metrics.items():
        if metric.table is None:
            continue
        words = [(code, word) for code, listed in metric.synonyms.items() for word in listed]
        words += [*list(metric.label.items()), ("", name.replace("_", " "))]
        label, source = text_in(metric.label, "en", name), _source(knowledge, "metric", name)
        yield from entries("metric", name, words, label, source)
        taking = [(code, word) for code, listed in metric.taking.items() for word in listed]
        yield from entries("taking", name, taking, label, source)
    for name, table in knowledge.tables.items():
        source = _source(knowledge, "table", name)
        words = [(code, word) for code, listed in table.row_name.items() for word in listed]
        yield from entries("row", name, words, f"rows of {name}", source)
        places = [(code, word) for code, listed in table.context.items() for word in listed]
        yield from entries("context", name, places, name, source)
        for column in table.table_columns:
            yield from _column_entries(column, _source(knowledge, "column", f"{name}.{column.name}"), entries)
    for vocabulary in knowledge.vocabulary:
        words = [(code, word) for code, listed in vocabulary.synonyms.items() for word in listed]
        words.append(("", vocabulary.term))
        source = _source(knowledge, "vocabulary", vocabulary.term)
        for phrase, entry in _meanings(vocabulary, words, source, entries):
            several = len(vocabulary.meanings) > 1
            yield phrase, replace(entry, shared=several, topical=not several)
    for topic in knowledge.unanswerable:
        words = [(code, word) for code, listed in topic.synonyms.items() for word in listed]
        source = _source(knowledge, "unanswerable", topic.topic)
        yield from entries("unanswerable", topic.topic, words, topic.topic, source)


def _meanings(vocabulary: VocabularyFile, words: list[tuple[str, str]], source: str, entries: Any) -> Iterator[Said]:
    for meaning in vocabulary.meanings:
        if meaning.metric:
            yield from entries("metric", meaning.metric, words, meaning.metric, source)
        elif meaning.dimension and meaning.values:
            label = f"{meaning.dimension}: {', '.join(str(v) for v in meaning.values)}"
            yield from entries("value", (meaning.dimension, tuple(meaning.values)), words, label, source)
        elif meaning.dimension:
            yield from entries("dimension", meaning.dimension, words, meaning.dimension, source)


def _column_entries(column: ColumnFile, source: str, entries: Any) -> Iterator[Said]:
    name = dimension_name(column)
    if column.role is not None or column.synonyms:
        words = [(code, word) for code, listed in column.synonyms.items() for word in listed]
        words += [*list(column.label.items()), ("", name.replace("_", " "))]
        yield from entries("dimension", name, words, name, source)
    for value in column.values:
        words = _value_words(value)
        yield from entries("value", (name, (value.value,)), words, f"{name}: {value.value}", source)


_NO_WORD = re.compile(r"[_()|]")
"""A value is as the data has it, and none of its signs are those of a phrase with alternatives."""


def _value_words(value: ValueFile) -> list[tuple[str, str]]:
    words = [(code, word) for code, listed in value.synonyms.items() for word in listed]
    words += list(value.label.items())
    if isinstance(value.value, str) and value.spoken:
        words.append(("", _NO_WORD.sub(" ", value.value)))
    return words


def _source(knowledge: Knowledge, kind: str, name: str) -> str:
    source = knowledge.sources.get((kind, name))
    return f"{source.path}:{source.line}" if source else ""
