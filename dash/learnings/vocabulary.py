"""Words that were learned, as more knowledge for the reader.

An active word becomes a vocabulary entry whose source is the learning, so a question that uses it shows where its
meaning comes from. It only ever adds words for meanings that are governed already: a word that means something keeps
its meaning, and one that the knowledge calls ambiguous may only be narrowed to one of the meanings listed there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from dash.knowledge import Knowledge
from dash.knowledge.alternatives import cells_of, expand_phrases
from dash.knowledge.formats import MeaningFile, VocabularyFile
from dash.knowledge.language import load_languages
from dash.knowledge.sources import Source
from dash.language.tokens import normalize, tokenize
from dash.learnings.records import Learning, Word

MOST_WORDS = 5
LONGEST = 60
"""Words and letters of a phrase that may be learned: longer ones are sentences."""
MOST_PHRASES = 20
"""Phrases of one learning."""


def with_vocabulary(knowledge: Knowledge, learnings: Sequence[Learning]) -> Knowledge:
    """The knowledge with the words of active learnings that belong to everyone; the same object if there are none.

    A user's own words are not read by the reader, which everybody shares: they reach only what is made for that user.
    """
    words = [each for each in learnings if each.kind == "vocabulary" and each.word is not None]
    words = [each for each in words if each.status == "active" and each.scope is None]
    if not words:
        return knowledge
    vocabulary = list(knowledge.vocabulary)
    sources = dict(knowledge.sources)
    digest = hashlib.sha256(knowledge.fingerprint.encode())
    for learning in sorted(words, key=lambda each: each.id):
        assert learning.word is not None
        place = find_ambiguous(vocabulary, learning.word)
        if place is None:
            entry = _entry(learning.word, sources)
            vocabulary.append(entry)
        else:
            entry = vocabulary[place].model_copy(update={"meanings": [meaning_of(learning.word)]})
            vocabulary[place] = entry
        sources["vocabulary", entry.term] = Source(learning.source, 1)
        digest.update(f"\0{learning.id}".encode())
    return replace(knowledge, vocabulary=tuple(vocabulary), sources=sources, fingerprint=digest.hexdigest())


def _entry(word: Word, sources: dict[tuple[str, str], Source]) -> VocabularyFile:
    phrases = {language: list(said) for language, said in word.words.items()}
    term = next(said[0] for said in word.words.values() if said)
    while ("vocabulary", term) in sources:
        term += " "  # a term is a phrase too, and blanks say nothing
    return VocabularyFile(term=term, synonyms=phrases, meanings=[meaning_of(word)])


def meaning_of(word: Word) -> MeaningFile:
    """What the word stands for, as a vocabulary file says it."""
    return MeaningFile(dimension=word.dimension, values=list(word.values), metric=word.metric)


def find_ambiguous(vocabulary: Sequence[VocabularyFile], word: Word) -> int | None:
    """The entry with several meanings of which the word picks one."""
    said = {spelling(phrase) for phrases in word.words.values() for phrase in phrases}
    for place, entry in enumerate(vocabulary):
        if len(entry.meanings) < 2:
            continue
        listed = {
            spelling(phrase)
            for phrase in (entry.term, *(word for words in entry.synonyms.values() for word in expand_phrases(words)))
        }
        if said <= listed and meaning_of(word) in entry.meanings:
            return place
    return None


def spelling(phrase: str) -> tuple[str, ...]:
    """A phrase as its normalized words."""
    return tuple(normalize(token.text) for token in tokenize(phrase))


def word_problem(word: Word, knowledge: Knowledge) -> str | None:
    """Why a word may not be learned: its meaning is not governed, or it means something else already."""
    phrases = [phrase for said in word.words.values() for phrase in said]
    if not 0 < len(phrases) <= MOST_PHRASES:
        return f"it has no words, or more than {MOST_PHRASES} phrases"
    if any(set("(|)") & set(phrase) for phrase in phrases):
        return "a phrase is a pattern"
    for phrase in phrases:
        if not 0 < len(spelling(phrase)) <= MOST_WORDS or len(phrase) > LONGEST or not phrase.isprintable():
            return f"a phrase has more than {MOST_WORDS} words or {LONGEST} letters"
    return _meaning_problem(word, knowledge) or _taken(word, phrases, knowledge)


def _meaning_problem(word: Word, knowledge: Knowledge) -> str | None:
    if word.metric is not None:
        if word.dimension is not None or word.values:
            return "it means a metric and a dimension"
        return None if word.metric in knowledge.metrics else f"there is no metric {word.metric}"
    columns = [
        column
        for table in knowledge.tables.values()
        for column in table.table_columns
        if (column.dimension or column.name) == word.dimension
    ]
    if not columns:
        return f"there is no dimension {word.dimension}"
    if any(column.personal or column.untrusted for column in columns):
        return f"{word.dimension} is personal or untrusted"
    known = {value.value for column in columns for value in column.values}
    unknown = [value for value in word.values if value not in known]
    return f"{word.dimension} has no such value" if unknown else None


def _taken(word: Word, phrases: Iterable[str], knowledge: Knowledge) -> str | None:
    if find_ambiguous(knowledge.vocabulary, word) is not None:
        return None
    known, idle = _known_words(knowledge)
    for phrase in phrases:
        words = {token.stem for token in tokenize(phrase)} | set(spelling(phrase))
        if words & known or words <= idle:
            return f"“{phrase}” has a word that means something already"
    return None


@lru_cache(maxsize=4)
def _known_words(knowledge: Knowledge) -> tuple[frozenset[str], frozenset[str]]:
    """Every word, by form and by stem, that means something here alone or in a phrase, and those that say nothing.

    A learned phrase may hold none of the former: "not shipping" would turn the question around, and "was the resolution
    rate" redefine a metric. A knowledge never changes, so this is made once of each.
    """
    files = load_languages(knowledge.folder).values()
    idle = {normalize(word) for file in files for word in file.function_words.split()}
    formal = (phrase for file in files for phrase in _texts([file.words, file.time.model_dump()]))
    words: set[str] = set()
    for phrase in (*_known_texts(knowledge), *formal):
        for token in tokenize(phrase):
            words |= {normalize(token.text), token.stem}
    return frozenset(words - idle), frozenset(idle)


def _texts(value: object) -> Iterable[str]:
    """Every text in nested lists and mappings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, list | tuple):
        yield from (text for one in value for text in _texts(one))


def _known_texts(knowledge: Knowledge) -> Iterable[str]:
    """Every phrase that the knowledge gives a meaning, those with alternatives in pieces."""
    for name, metric in knowledge.metrics.items():
        yield from (name.replace("_", " "), *metric.label.values())
        yield from _pieces(metric.synonyms.values())
    for table in knowledge.tables.values():
        yield from _pieces(table.row_name.values())
        for column in table.table_columns:
            yield from ((column.dimension or column.name).replace("_", " "), *column.label.values())
            yield from _pieces(column.synonyms.values())
            for value in column.values:
                yield from (str(value.value).replace("_", " "), *value.label.values())
                yield from _pieces(value.synonyms.values())
    for entry in knowledge.vocabulary:
        yield entry.term
        yield from _pieces(entry.synonyms.values())
    for topic in knowledge.unanswerable:
        yield topic.topic
        yield from _pieces(topic.synonyms.values())


def _pieces(lists: Iterable[Iterable[str]]) -> Iterable[str]:
    return (piece for words in lists for phrase in words for cell in cells_of(phrase) for piece in cell)
