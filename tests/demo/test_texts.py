"""Every language can say everything that the others can, and every text can be filled in."""

from __future__ import annotations

import pytest

from dash.demo.categories import CATEGORIES, LANGUAGES
from dash.demo.phrasebook import (
    load_errors,
    load_instruction_texts,
    load_notes,
    load_phrasebook,
    load_traps,
)

WORDS = dict.fromkeys(("name", "order", "email", "agent", "address", "days", "percent"), "x")
ENGLISH = load_phrasebook("en")


@pytest.mark.parametrize("language", [language for language, _, _ in LANGUAGES])
def test_a_language_has_every_sentence_and_every_subcategory(language: str) -> None:
    book = load_phrasebook(language)
    assert book.general.keys() == ENGLISH.general.keys()
    assert list(book.subjects) == list(ENGLISH.subjects)
    for category, subjects in book.subjects.items():
        assert [subject.name for subject in subjects] == [subject.name for subject in ENGLISH.subjects[category]]


@pytest.mark.parametrize("language", [language for language, _, _ in LANGUAGES])
def test_every_text_of_a_language_can_be_filled_in(language: str) -> None:
    book = load_phrasebook(language)
    texts = [text for group in book.general.values() for text in group]
    for subjects in book.subjects.values():
        for subject in subjects:
            turns = (subject.subject, subject.opening, subject.ai, subject.agent)
            assert all(turns)
            assert subject.details
            texts += [text for turn in turns for text in turn]
            texts += [text for detail in subject.details for text in (detail.question, detail.reply)]
    assert all(text.format_map(WORDS).strip() for text in texts)


def test_every_category_has_texts_and_instructions() -> None:
    names = {category.name for category in CATEGORIES}
    assert set(ENGLISH.subjects) == names
    assert set(load_instruction_texts()) == names
    for parts in load_instruction_texts().values():
        assert list(parts) == ["persona", "red_lines", "logic", "format", "examples"]
        assert all(parts.values())


def test_every_trap_carries_a_canary_of_its_own() -> None:
    canaries = [word for trap in load_traps() for word in trap.replace(".", " ").split() if word.count("-") == 1]
    found = {word for word in canaries if word.split("-")[0].isupper() and word.split("-")[1].isdigit()}
    assert len(found) == len(load_traps())


def test_notes_and_errors_are_there() -> None:
    assert all(load_errors().values())
    assert all(note.strip() for note in load_notes().values())
