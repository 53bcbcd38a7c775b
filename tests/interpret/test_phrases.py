"""Sentences are data: what a phrases file may hold, and what is said about a broken one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from dash.errors import KnowledgeError
from dash.knowledge.language import load_languages
from dash.knowledge.phrases import get_phrases, load_phrases
from dash.settings import REPOSITORY

SHIPPED = REPOSITORY / "knowledge"
ONE_METRIC = 'one_metric: "{metric} {period}: {value}"'
TOKENS = '{one: "{number} token", other: "{number} tokens"}'


def folder_with(tmp_path: Path, old: str, new: str, *, file: str = "en.yaml") -> Path:
    """A knowledge folder with the shipped phrases, one text in one file replaced."""
    folder = tmp_path / "knowledge"
    shutil.copytree(SHIPPED / "phrases", folder / "phrases")
    path = folder / "phrases" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as raised:
        load_phrases(folder)
    return [str(fault) for fault in raised.value.faults]


def test_every_language_that_is_read_is_shipped() -> None:
    assert set(load_phrases(SHIPPED)) == set(load_languages(SHIPPED)) == {"en", "es", "fr", "he", "ru"}


def test_a_language_without_a_file_is_told_in_english() -> None:
    assert get_phrases(SHIPPED, "ja").language == "en"


def test_a_folder_without_phrases_uses_the_shipped_ones(tmp_path: Path) -> None:
    assert get_phrases(tmp_path, "ru").language == "ru"


def test_a_new_language_is_a_new_file(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "language: en", "language: en")
    text = (folder / "phrases" / "en.yaml").read_text(encoding="utf-8")
    (folder / "phrases" / "de.yaml").write_text(text.replace("language: en", "language: de"), encoding="utf-8")
    assert get_phrases(folder, "de").language == "de"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (ONE_METRIC, 'one_metric: "{metric}: 42"', "holds a digit"),
        (ONE_METRIC, 'one_metric: "{metrik}"', "it has {metric}, {period}, {value}"),
        (ONE_METRIC, 'one_metric: "{metric"', "expected '}'"),
        ('  one_metric: "{metric} {period}: {value}"\n', "", "headline.one_metric: Field required"),
        ("  one_metric:", "  one_metrik:", "headline.one_metrik: Extra inputs are not permitted"),
        (TOKENS, '{one: "{number} token"}', "tokens needs the form `other`"),
        (TOKENS, '{some: "x", other: "x"}', "tokens needs the form `other`"),
        ('locale: en', 'locale: [en', "is not YAML"),
    ],
)  # fmt: skip
def test_a_broken_phrase_is_a_fault_at_its_place(tmp_path: Path, old: str, new: str, found: str) -> None:
    folder = folder_with(tmp_path, old, new)
    messages = faults(folder)
    assert any(found in message for message in messages), messages
    assert all(message.startswith("knowledge/phrases/en.yaml:") for message in messages)


def test_a_fault_names_the_line_of_the_phrase(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "  one_metric:", "  one_metrik:")
    lines = (folder / "phrases" / "en.yaml").read_text(encoding="utf-8").splitlines()
    number = next(index for index, line in enumerate(lines, 1) if "one_metrik" in line)
    assert any(f"en.yaml:{number}:" in message for message in faults(folder))


def test_every_fault_of_every_file_is_said_at_once(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "  one_metric:", "  one_metrik:")
    russian = folder / "phrases" / "ru.yaml"
    russian.write_text(russian.read_text(encoding="utf-8").replace("  nothing:", "  nothink:"), encoding="utf-8")
    assert {message.partition(":")[0] for message in faults(folder)} == {
        "knowledge/phrases/en.yaml",
        "knowledge/phrases/ru.yaml",
    }


def test_both_languages_fill_the_same_slots() -> None:
    """A slot that one language leaves out is a fact that its readers do not get."""
    texts = {
        language: yaml.safe_load((SHIPPED / "phrases" / f"{language}.yaml").read_text(encoding="utf-8"))
        for language in ("en", "ru")
    }
    for name in ("headline", "context", "caveats", "filters"):
        for key, phrase in texts["en"][name].items():
            assert slots(phrase) == slots(texts["ru"][name][key]), key


def slots(phrase: Any) -> set[str]:
    from string import Formatter

    text = phrase if isinstance(phrase, str) else phrase["other"]
    return {slot for _, slot, _, _ in Formatter().parse(text) if slot}
