"""Every phrase that means something, from the language files and the knowledge, in one trie over stems.

Kinds of entries and what `meaning` holds:

    metric       name of a metric                     value        (dimension, (values …))
    dimension    name of a dimension                  row          name of a table
    unanswerable topic                                which, shape, by, order, limit, comparator, aggregation,
                                                      negation, conjunction, only, follow_up, percent: the
                                                      meaning's key in the language file
    time_…       a part of a time expression (`times` reads these), grain, unit, number

Two entries for the same words are two candidate spans; which one is meant is for the reading to find out, or to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dash.knowledge import Knowledge
from dash.knowledge.formats import ColumnFile, ValueFile
from dash.knowledge.language import LanguageFile
from dash.language.detect import LanguageDetector
from dash.language.tokens import OWN_STEMMERS, normalize, script_of, stem_word, stems_in, tokenize
from dash.records import Token
from dash.semantics.model import dimension_name, text_in

_PACK_KINDS_BY_FORM = frozenset(
    {"which", "negation", "conjunction", "only", "by", "comparator", "follow_up", "change_data", "refer"}
)
"""Kinds whose words are compared by form, not by stem: little words whose stems collide («какой», «как»)."""

_TERMS = "en"
"""Company terms are English in every language."""

_ENDING = 2
"""Letters of an ending of number or gender: «abierto», «abiertas»."""

_MOST_PREFIXES = 3
"""Words that may be written together before one: «ומהערוצים» is "and from the channels"."""


@dataclass(frozen=True)
class Entry:
    """One phrase with one meaning. `forms` are its normalized words, `stems` what a question's words are matched by,
    `written` the words with their accents, `apart` the places of words behind a comma of its own.
    `formal` words are a language's own, the others those of the knowledge."""

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


@dataclass
class Node:
    """Trie node: children by stem, entries that end here."""

    children: dict[str, Node] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


class Lexicon:
    """All entries of a knowledge in all its languages. Built once; lookups touch only the words of the question."""

    def __init__(self, knowledge: Knowledge, languages: Mapping[str, LanguageFile]) -> None:
        self.languages = languages
        self.function_words: dict[str, set[str]] = {}
        self.detector = LanguageDetector(languages)
        self._stemmers = {
            code: (file.script, file.stemmer)
            for code, file in languages.items()
            if file.stemmer is not None and file.stemmer not in OWN_STEMMERS
        }
        self.root = Node()
        self.entries: list[Entry] = []
        for code, language in languages.items():
            for word in language.function_words.split():
                self.function_words.setdefault(normalize(word), set()).add(code)
        pack = list(_pack_entries(languages))
        terms = list(_knowledge_entries(knowledge, self.is_function_word))
        self._known: dict[str, set[str]] = {}
        self._whole: dict[str, set[str]] = {}
        for entry in (*pack, *terms):
            for variant in self._restemmed(entry):
                keys = entry.forms if entry.by_form else variant.stems
                self._known.setdefault(entry.language, set()).update(keys)
        for entry in (*pack, *(entry for entry in terms if len(entry.forms) == 1)):
            self._whole.setdefault(entry.language, set()).update(entry.forms)
        for entry in pack:
            self._add(entry)
            for form in entry.forms:
                self.detector.add_form_word(form, entry.language)
        for entry in terms:
            entry = self._unprefixed(entry)
            self._add(entry)
            for form in entry.forms:
                self.detector.add_term_word(form, entry.language)
        self._typo_targets: dict[frozenset[str], Mapping[str, str]] = {}

    def tokens(self, text: str) -> tuple[Token, ...]:
        """The tokens of a question, words that are written together with the next one as words of their own."""
        return tuple(part for token in tokenize(text) for part in self._parts(token, _MOST_PREFIXES))

    def _parts(self, token: Token, most: int) -> tuple[Token, ...]:
        if token.kind != "word" or token.text.isascii() or most == 0:
            return (token,)
        script, form = script_of(token.text), normalize(token.text)
        for code, language in self.languages.items():
            if language.script != script or not language.prefixes or self._is_whole(form, code):
                continue
            for prefix in language.prefixes:
                if not token.text.startswith(prefix) or len(token.text) < len(prefix) + 2:
                    continue
                place, text = token.start + len(prefix), token.text[len(prefix) :]
                rest = self._parts(Token(text, place, token.end, "word", stem_word(text)), most - 1)
                if len(rest) > 1 or self._stands_alone(rest[0], code):
                    return (Token(prefix, token.start, place, "word", prefix), *rest)
        return (token,)

    def _is_whole(self, form: str, code: str) -> bool:
        """Words that are said by themselves are never taken apart: «השבוע» is "this week", not "the week"."""
        return form in self._whole.get(code, ()) or self.is_function_word(form, frozenset({code}))

    def _stands_alone(self, token: Token, code: str) -> bool:
        form, spoken = normalize(token.text), frozenset({"", _TERMS, code})
        return self.knows(form, (token.stem,), spoken) or self.is_function_word(form, frozenset({code}))

    def _unprefixed(self, entry: Entry) -> Entry:
        """A phrase without the small words that are joined to others in it; a question may have others there."""
        language = self.languages.get(entry.language)
        if language is None or not language.prefixes:
            return entry
        forms = [self._parts(Token(form, 0, len(form), "word", form), _MOST_PREFIXES)[-1].text for form in entry.forms]
        return replace(entry, forms=tuple(forms), stems=tuple(stem_word(form) for form in forms), written=())

    def knows(self, form: str, stems: Iterable[str], active: frozenset[str]) -> bool:
        """Whether a word is part of a phrase of one of these languages."""
        known = [self._known[code] for code in active if code in self._known]
        return any(key in words for words in known for key in (form, *stems))

    def typo_targets(self, active: frozenset[str]) -> Mapping[str, str]:
        """Correctly spelled words of these languages → stem, for finding what a misspelled word may be. Languages
        that share the script of terms resemble them («perros», "errors"), so that there only their own words count."""
        alike = frozenset(active & self._stemmers.keys())
        return self._targets(alike or active)

    def _targets(self, active: frozenset[str]) -> Mapping[str, str]:
        if active not in self._typo_targets:
            function_words = {form for form in self.function_words if self.is_function_word(form, active)}
            entries = [entry for entry in self.entries if entry.language in active]
            self._typo_targets[active] = _typo_targets(entries, function_words)
        return self._typo_targets[active]

    def is_function_word(self, form: str, active: frozenset[str] | None = None) -> bool:
        """Whether a word says nothing about the data, in one of the active languages (or in any)."""
        languages = self.function_words.get(form, ())
        return bool(languages) if active is None else any(code in active for code in languages)

    def stems(self, token: Token) -> tuple[str, ...]:
        """What a word is matched by: its own stem, and that of every other language of its script."""
        if token.kind != "word" or not self._stemmers:
            return (token.stem,)
        script = script_of(token.text)
        others = (
            f"{code}:{stem}"
            for code, (own, name) in self._stemmers.items()
            if own == script
            for stem in stems_in(token.text, name)
        )
        return (token.stem, *others)

    def _restemmed(self, entry: Entry) -> tuple[Entry, ...]:
        """An entry of a language with a stemmer of its own, its stems marked so that they meet no other language's:
        once by its accents and once without them."""
        if entry.language not in self._stemmers:
            return (entry,)
        script, name = self._stemmers[entry.language]
        words = [
            [f"{entry.language}:{found}" for found in stems_in(written, name)] if script_of(form) == script else [stem]
            for form, stem, written in zip(entry.forms, entry.stems, entry.written or entry.forms, strict=True)
        ]
        ways = [tuple(found[which] for found in words) for which in (0, -1)]
        return tuple(replace(entry, stems=stems) for stems in dict.fromkeys(ways))

    def is_inflection(self, entry: Entry, words: tuple[str, ...], active: frozenset[str]) -> bool:
        """Whether an entry's words differ from these by short endings only. Stemmers of other languages than English
        and Russian are not trusted further: to Spanish «envíos» and «enviados» are one stem. English terms in such a
        language are meant to the letter: French «pays» is no form of "pay"."""
        if entry.by_form:
            return True
        if entry.language not in self._stemmers:
            alike = not active.isdisjoint(self._stemmers) and entry.language in ("", _TERMS)
            return not alike or entry.forms == words
        return all(_differ_at_the_end(form, word) for form, word in zip(entry.forms, words, strict=True))

    def _add(self, entry: Entry) -> None:
        for variant in self._restemmed(entry):
            self._add_variant(variant)

    def _add_variant(self, entry: Entry) -> None:
        keys = entry.forms if entry.by_form else entry.stems
        if not keys:
            return
        node = self.root
        for key in keys:
            node = node.children.setdefault(_key(key, entry.by_form), Node())
        same = (entry.kind, entry.meaning, entry.forms, entry.language, entry.apart)
        if all((e.kind, e.meaning, e.forms, e.language, e.apart) != same for e in node.entries):
            node.entries.append(entry)
            self.entries.append(entry)


def _differ_at_the_end(first: str, second: str) -> bool:
    shared = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    return max(len(first), len(second)) - shared <= _ENDING


def _key(word: str, by_form: bool) -> str:
    """Forms and stems live in one trie; forms are marked so that they never meet a stem by chance."""
    return f"={word}" if by_form else word


def child_nodes(node: Node, form: str, stems: Iterable[str]) -> Iterator[Node]:
    """Where a word leads: by its form and by its stems."""
    for key in (f"={form}", *stems):
        child = node.children.get(key)
        if child is not None:
            yield child


def _typo_targets(entries: Iterable[Entry], function_words: set[str]) -> dict[str, str]:
    targets = {}
    for entry in entries:
        for form, stem in zip(entry.forms, entry.stems, strict=True):
            if len(form) >= 4:
                targets[form] = f"={form}" if entry.by_form else stem
    return {form: stem for form, stem in targets.items() if form not in function_words}


def _phrase(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    tokens = tokenize(text)
    return tuple(normalize(t.text) for t in tokens), tuple(t.stem for t in tokens), tuple(t.text for t in tokens)


def places_apart(tokens: Sequence[Token]) -> frozenset[int]:
    """Places of words with punctuation before them: more than one character stands between them and the last."""
    return frozenset(i for i in range(1, len(tokens)) if tokens[i].start - tokens[i - 1].end > 1)


def _pack_entries(languages: Mapping[str, LanguageFile]) -> Iterator[Entry]:
    for code, language in languages.items():
        source = f"knowledge/language/{code}.yaml"
        for kind, meanings in language.words.items():
            for meaning, phrases in meanings.items():
                for phrase in phrases:
                    yield _pack_entry(kind, meaning, phrase, source, code)
        units = {_phrase(phrase)[1] for phrases in language.time.units.values() for phrase in phrases}
        for kind, meaning, phrase in _time_phrases(language):
            entry = _pack_entry(kind, meaning, phrase, source, code)
            collides = kind == "grain" and entry.stems in units  # "monthly" and "month" have one stem
            yield replace(entry, by_form=True) if collides else entry
        for number, phrases in language.numbers.items():
            for phrase in phrases:
                yield _pack_entry("number", number, phrase, source, code)


def _pack_entry(kind: str, meaning: Any, phrase: str, source: str, code: str) -> Entry:
    forms, stems, written = _phrase(phrase)
    by_form = kind in _PACK_KINDS_BY_FORM or (kind.startswith("time_") and all(len(form) <= 4 for form in forms))
    return Entry(kind, meaning, forms, stems, str(meaning), source, code, by_form, written, formal=True)


def _time_phrases(language: LanguageFile) -> Iterator[tuple[str, Any, str]]:
    time = language.time
    for name in (
        "today", "yesterday", "day_before_yesterday", "this", "last", "past", "before_last", "ago", "over", "through",
        "whole_period", "since", "after", "until", "before", "between", "range_and", "beginning_of", "year_to_date",
        "month_to_date",
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
    for unit, phrases in time.units.items():
        for phrase in phrases:
            yield "unit", unit, phrase
    for grain, phrases in time.grains.items():
        for phrase in phrases:
            yield "grain", grain, phrase
    for kind, numbered in (
        ("time_month", time.months),
        ("time_weekday", time.weekdays),
        ("time_ordinal", time.ordinals),
    ):
        for number, phrases in numbered.items():
            for phrase in phrases:
                yield kind, number, phrase
    for phrase in time.earlier:
        yield "earlier", "earlier", phrase
    for name, phrases in (("weekday", time.weekday_of), ("hour_of_day", time.hour_of_day)):
        for phrase in phrases:
            yield "grain", name, phrase


def _knowledge_entries(knowledge: Knowledge, is_function_word: Any) -> Iterator[Entry]:
    def entries(kind: str, meaning: Any, words: Iterable[tuple[str, str]], label: str, source: str) -> Iterator[Entry]:
        for language, phrase in words:
            forms, stems, written = _phrase(phrase)
            spoken = frozenset({language or _TERMS, _TERMS})
            content = [i for i, form in enumerate(forms) if not is_function_word(form, spoken)]
            content = content or list(range(len(forms)))
            # Function words at the edges say nothing; inside they may («тикетов на клиента», "time to send").
            if content:
                kept = slice(content[0], content[-1] + 1)
                apart = frozenset(place - kept.start for place in places_apart(tokenize(phrase)))
                yield Entry(
                    kind, meaning, forms[kept], stems[kept], label, source, language, written=written[kept], apart=apart
                )

    for name, metric in knowledge.metrics.items():
        if metric.table is None:
            continue
        words = [(code, word) for code, listed in metric.synonyms.items() for word in listed]
        words += [*list(metric.label.items()), ("", name.replace("_", " "))]
        yield from entries("metric", name, words, text_in(metric.label, "en", name), _source(knowledge, "metric", name))
    for name, table in knowledge.tables.items():
        source = _source(knowledge, "table", name)
        words = [(code, word) for code, listed in table.row_name.items() for word in listed]
        yield from entries("row", name, words, f"rows of {name}", source)
        for column in table.table_columns:
            yield from _column_entries(column, _source(knowledge, "column", f"{name}.{column.name}"), entries)
    for vocabulary in knowledge.vocabulary:
        words = [(code, word) for code, listed in vocabulary.synonyms.items() for word in listed]
        words.append(("", vocabulary.term))
        source = _source(knowledge, "vocabulary", vocabulary.term)
        for meaning in vocabulary.meanings:
            if meaning.metric:
                yield from entries("metric", meaning.metric, words, meaning.metric, source)
            elif meaning.dimension and meaning.values:
                label = f"{meaning.dimension}: {', '.join(str(v) for v in meaning.values)}"
                yield from entries("value", (meaning.dimension, tuple(meaning.values)), words, label, source)
            elif meaning.dimension:
                yield from entries("dimension", meaning.dimension, words, meaning.dimension, source)
    for topic in knowledge.unanswerable:
        words = [(code, word) for code, listed in topic.synonyms.items() for word in listed]
        source = _source(knowledge, "unanswerable", topic.topic)
        yield from entries("unanswerable", topic.topic, words, topic.topic, source)


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
