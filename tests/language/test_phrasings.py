"""Phrases with alternatives are written out when a question has their words, and no later or earlier question tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dash.knowledge import Knowledge
from dash.knowledge.alternatives import cells_of, expand_phrase
from dash.language.entries import Entry
from dash.language.phrasings import Way, Word, phrasing_of
from dash.language.reader import Reader
from dash.language.tokens import phrase_of

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)
_PIECE = st.text("abé ,'-", max_size=6)
_GROUP = st.lists(_PIECE, min_size=1, max_size=3).map(lambda pieces: f"({'|'.join(pieces)})")
_PATTERN = st.lists(_GROUP | _PIECE, max_size=5).map("".join)


def _way(text: str, language: str) -> Way:
    phrase = phrase_of(text)
    words = zip(phrase.forms, phrase.stems, strict=True)
    return Way(phrase, tuple(Word(form, stem, (stem,), form in ("a", "ab")) for form, stem in words))


@settings(deadline=None)
@given(_PATTERN)
def test_one_choice_of_each_cell_is_one_of_the_phrases(pattern: str) -> None:
    said = {""}
    for cell in cells_of(pattern):
        said = {" ".join(f"{before} {way}".split()) for before in said for way in cell}
    assert said == set(expand_phrase(pattern))


@settings(deadline=None)
@given(_PATTERN)
def test_all_that_is_written_out_is_what_the_phrases_are(pattern: str) -> None:
    phrasing = phrasing_of(pattern, Entry("metric", "m", (), (), "", ""), _way)
    expected = {(phrase.forms, phrase.written, phrase.apart) for phrase in map(phrase_of, expand_phrase(pattern))}
    if phrasing is None:
        assert expected == {((), (), frozenset())}
        return
    found = {(entry.forms, entry.written, entry.apart) for entry in phrasing.written_out(phrasing.keys)}
    assert found == expected


@settings(deadline=None)
@given(_PATTERN, st.sets(st.text("abé", min_size=1, max_size=2)))
def test_a_phrase_that_a_question_has_the_words_of_is_written_out(pattern: str, keys: set[str]) -> None:
    phrasing = phrasing_of(pattern, Entry("metric", "m", (), (), "", ""), _way)
    wanted = [
        phrase for phrase in map(phrase_of, expand_phrase(pattern)) if phrase.forms and keys.issuperset(phrase.stems)
    ]
    if phrasing is None or not wanted:
        return
    assert phrasing.fits(keys)
    assert {key for word in phrasing.anchors(dict.fromkeys(phrasing.keys, 1)) for key in word.keys} & keys
    assert {phrase.forms for phrase in wanted} <= {entry.forms for entry in phrasing.written_out(keys)}


@pytest.mark.parametrize("order", [1, -1])
def test_what_was_asked_before_changes_nothing(reader: Reader, knowledge: Knowledge, order: int) -> None:
    questions = [question for query in knowledge.queries.values() for question in query.questions][:: 40 * order]
    fresh = Reader(knowledge)
    for question in questions:
        assert _spans(fresh, question) == _spans(reader, question), question


def _spans(reader: Reader, question: str) -> Sequence[object]:
    return reader.ground(question, NOW, "UTC")[1]
