"""The page's own words."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from dash.settings import REPOSITORY
from dash.ui.texts import _entries, languages, preferred, step_text, text


def test_every_text_exists_in_every_language_with_the_same_places() -> None:
    for name, entry in _entries().items():
        if name == "languages":
            continue
        assert set(entry) == set(languages()), name
        places = [{place for _, place, _, _ in Formatter().parse(words) if place} for words in entry.values()]
        assert all(found == places[0] for found in places), name


def test_every_text_that_the_page_asks_for_is_in_the_file() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in (REPOSITORY / "dash" / "ui").rglob("*.py"))
    asked = set(re.findall(r'(?:text|say|_heading)\(\s*"(\w+)"', code))
    assert len(asked) > 30
    assert asked <= set(_entries())


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ru-RU", "ru"), ("ru", "ru"), ("RU_ru", "ru"), ("en-GB", "en"), ("fr-FR", "en"), ("", "en"), (None, "en")],
)
def test_the_browsers_language_chooses_the_pages_language(locale: str | None, language: str) -> None:
    assert preferred(locale) == language


def test_a_text_fills_its_places() -> None:
    assert text("table", "en", count="12") == "Table (12)"


def test_a_step_without_words_is_shown_by_its_name() -> None:
    assert step_text("execute", "en") == "Reading the data"
    assert step_text("diagnose", "en") == "diagnose"
