"""Phrases that mean something, as the language files and the knowledge list them: what the lexicon is built from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from dash.knowledge import Knowledge
from dash.knowledge.formats import ColumnFile, ValueFile, VocabularyFile
from dash.knowledge.language import LanguageFile
from dash.language.tokens import normalize, tokenize
from dash.records import Token
from dash.semantics.model import dimension_name, text_in

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
        "refer",
        "repeat",
        "occurrence",
        "filler",
        "replaced",
        "absent",
        "reach",
        "sort",
        "vague",
        "more",
        "than",
        "both",
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


class _Phrase(NamedTuple):
    forms: tuple[str, ...]
    stems: tuple[str, ...]
    written: tuple[str, ...]
    apart: frozenset[int]


def _phrase(text: str) -> _Phrase:
    tokens = tokenize(text)
    if text.endswith(("'", "’")):  # «plus d'» goes on; alone its last letter would stand without the sign
        tokens = tokenize(f"{text}a")[:-1]
    written = tuple(token.text for token in tokens)
    return _Phrase(tuple(map(normalize, written)), tuple(t.stem for t in tokens), written, places_apart(tokens))


def places_apart(tokens: Sequence[Token]) -> frozenset[int]:
    """Places of words with punctuation before them: more than one character stands between them and the last."""
    return frozenset(i for i in range(1, len(tokens)) if tokens[i].start - tokens[i - 1].end > 1)


def pack_entries(languages: Mapping[str, LanguageFile]) -> Iterator[Entry]:
    """The words of the languages themselves: of form, of time, numbers."""
    for code, language in languages.items():
        source = f"knowledge/language/{code}.yaml"
        for kind, meanings in language.words.items():
            for meaning, phrases in meanings.items():
                for phrase in phrases:
                    yield _pack_entry(kind, meaning, phrase, source, code)
        units = {_phrase(phrase).stems for phrases in language.time.units.values() for phrase in phrases}
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
    forms, stems, written, apart = _phrase(phrase)
    # «Сравнения» are comparisons, «сравни» compares.
    by_form = (
        kind in _PACK_KINDS_BY_FORM
        or (kind, meaning) == ("shape", "compare")
        or (kind.startswith("time_") and all(len(form) <= 4 for form in forms))
    )
    return Entry(kind, meaning, forms, stems, str(meaning), source, code, by_form, written, apart, formal=True)


def _time_phrases(language: LanguageFile) -> Iterator[tuple[str, Any, str]]:
    time = language.time
    for name in (
        "today", "yesterday", "day_before_yesterday", "this", "last", "past", "before_last", "ago", "over", "through",
        "whole_period", "since", "after", "until", "before", "between", "range_and", "beginning_of", "year_to_date",
        "month_to_date", "about",
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


def knowledge_entries(knowledge: Knowledge, is_function_word: Any, pack: Iterable[Entry]) -> list[Entry]:
    """The words of the knowledge: metrics, rows, dimensions, values, vocabulary, topics without data.

    Function words at the edges of a phrase say nothing and are cut off, unless just they tell it from another meaning:
    "tickets sitting" are stuck, "tickets" are all. Nor may a word of form be all that is left, nor be the new edge:
    "since when" is a column, "since" is not; «tickets que quedan» are open, «tickets que» begins anything.
    """
    formal = {entry.forms for entry in pack}
    written = list(_written_entries(knowledge))
    meanings: dict[tuple[str, ...], set[str]] = {}
    for entry in written:
        meanings.setdefault(entry.stems, set()).add(repr(entry.meaning))
    topical = {(entry.stems, repr(entry.meaning)) for entry in written if entry.topical}
    found = []
    for entry in written:
        if (entry.stems, repr(entry.meaning)) in topical:
            entry = replace(entry, topical=True)
        cut = _cut(entry, is_function_word)
        edges = [cut.forms[i : i + 1 or None] for i in (0, -1) if cut.forms[i] != entry.forms[i]]
        on_form = cut.forms in formal or any(edge in formal for edge in edges)
        if on_form or meanings.get(cut.stems, set()) - {repr(entry.meaning)}:
            cut = entry
        found.append(cut)
    return found


def _cut(entry: Entry, is_function_word: Any) -> Entry:
    """A phrase without the function words at its edges; inside they may mean something («тикетов на клиента»)."""
    spoken = frozenset({entry.language or TERMS, TERMS})
    content = [i for i, form in enumerate(entry.forms) if not is_function_word(form, spoken)]
    if not content or (entry.kind == "unanswerable" and len(content) == 1):  # "where is my order" is not "order"
        return entry
    kept = slice(content[0], content[-1] + 1)
    apart = frozenset(place - kept.start for place in entry.apart if content[0] < place <= content[-1])
    return replace(entry, forms=entry.forms[kept], stems=entry.stems[kept], written=entry.written[kept], apart=apart)


def _written_entries(knowledge: Knowledge) -> Iterator[Entry]:
    """The phrases as they stand in the files."""

    def entries(kind: str, meaning: Any, words: Iterable[tuple[str, str]], label: str, source: str) -> Iterator[Entry]:
        for language, phrase in words:
            forms, stems, written, apart = _phrase(phrase)
            if forms:
                yield Entry(kind, meaning, forms, stems, label, source, language, written=written, apart=apart)

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
        for entry in _meanings(vocabulary, words, source, entries):
            several = len(vocabulary.meanings) > 1
            yield replace(entry, shared=several, topical=not several)
    for topic in knowledge.unanswerable:
        words = [(code, word) for code, listed in topic.synonyms.items() for word in listed]
        source = _source(knowledge, "unanswerable", topic.topic)
        yield from entries("unanswerable", topic.topic, words, topic.topic, source)


def _meanings(vocabulary: VocabularyFile, words: list[tuple[str, str]], source: str, entries: Any) -> Iterator[Entry]:
    for meaning in vocabulary.meanings:
        if meaning.metric:
            yield from entries("metric", meaning.metric, words, meaning.metric, source)
        elif meaning.dimension and meaning.values:
            label = f"{meaning.dimension}: {', '.join(str(v) for v in meaning.values)}"
            yield from entries("value", (meaning.dimension, tuple(meaning.values)), words, label, source)
        elif meaning.dimension:
            yield from entries("dimension", meaning.dimension, words, meaning.dimension, source)


def _column_entries(column: ColumnFile, source: str, entries: Any) -> Iterator[Entry]:
    name = dimension_name(column)
    if column.role is not None or column.synonyms:
        words = [(code, word) for code, listed in column.synonyms.items() for word in listed]
        words += [*list(column.label.items()), ("", name.replace("_", " "))]
        yield from entries("dimension", name, words, name, source)
    for value in column.values:
        words = _value_words(value)
        yield from entries("value", (name, (value.value,)), words, f"{name}: {value.value}", source)


def _value_words(value: ValueFile) -> list[tuple[str, str]]:
    words = [(code, word) for code, listed in value.synonyms.items() for word in listed]
    words += list(value.label.items())
    if isinstance(value.value, str):
        words.append(("", value.value.replace("_", " ")))
    return words


def _source(knowledge: Knowledge, kind: str, name: str) -> str:
    source = knowledge.sources.get((kind, name))
    return f"{source.path}:{source.line}" if source else ""
