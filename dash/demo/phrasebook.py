"""The sentences of the demo world, one file per language in `texts/`, so that words are mended without touching code.

A text may hold {name}, {order}, {email}, {agent}, {address}, {days} and {percent}. Every language has the same keys
(a test says so).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Detail:
    """Something that a customer may ask further, and what is replied to it."""

    question: str
    reply: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is said about one subcategory: lists of interchangeable texts for each turn of a conversation."""

    name: str
    subject: tuple[str, ...]
    opening: tuple[str, ...]
    details: tuple[Detail, ...]
    ai: tuple[str, ...]
    agent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """One language: first names, sentences that fit every ticket, and the subcategories of each category."""

    language: str
    general: Mapping[str, tuple[str, ...]]
    subjects: Mapping[str, tuple[Subject, ...]]


@cache
def load_phrasebook(language: str) -> Phrasebook:
    """Read `texts/<language>.json`. Raises FileNotFoundError for a language without texts."""
    raw = _read(f"{language}.json")
    subjects = {
        category: tuple(_subject(name, turns) for name, turns in variants.items())
        for category, variants in raw["categories"].items()
    }
    general = {key: tuple(texts) for key, texts in raw.items() if key != "categories"}
    return Phrasebook(language, general, subjects)


def _subject(name: str, turns: Mapping[str, Any]) -> Subject:
    details = tuple(Detail(**detail) for detail in turns["details"])
    return Subject(
        name, details=details, **{turn: tuple(turns[turn]) for turn in ("subject", "opening", "ai", "agent")}
    )


@cache
def load_traps() -> tuple[str, ...]:
    """Messages that try to give orders to an AI; about one ticket in 500 carries one."""
    return tuple(_read("traps.json")["messages"])


@cache
def load_errors() -> Mapping[str, Sequence[str]]:
    """Plausible error messages by kind of pipeline step, and `incident` for the bad day."""
    return {kind: tuple(messages) for kind, messages in _read("errors.json").items()}


@cache
def load_notes() -> Mapping[str, str]:
    """Notes that the system writes into a ticket."""
    return {key: str(text) for key, text in _read("notes.json").items()}


@cache
def load_instruction_texts() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Per category the sentences of its five instructions; a later version has more of them."""
    texts: Mapping[str, Mapping[str, Sequence[str]]] = _read("instructions.json")
    return texts


def _read(name: str) -> Any:
    return json.loads((TEXTS / name).read_text(encoding="utf-8"))
