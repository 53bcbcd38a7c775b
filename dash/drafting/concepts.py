"""The general words of support that a draft is made with, from concepts.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from dash.introspection.names import singular, words_of

Words = dict[str, list[str]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnConcept(_Strict):
    """What a column is, when all words of one of `names` stand in its name and it holds one of `kinds`."""

    concept: str
    role: Literal["entity", "dimension", "time", "measure"]
    names: list[list[str]]
    kinds: list[str]
    label: dict[str, str]
    words: Words = Field(default_factory=dict)


class TableConcepts(_Strict):
    """Words for tables: of tickets, of what belongs to one, of logs; and what people call a ticket."""

    tickets: list[str]
    parts: list[str]
    events: list[str]
    rows: Words


class MetricConcept(_Strict):
    """A metric that support teams ask for, with {slots} for what it is made of."""

    label: dict[str, str]
    definition: dict[str, str]
    words: Words
    taking: Words = Field(default_factory=dict)


class StarterConcept(_Strict):
    """A question to begin with, where the draft has what it needs."""

    needs: list[str]
    question: dict[str, str]


class Concepts(_Strict):
    """concepts.yaml."""

    columns: list[ColumnConcept]
    tables: TableConcepts
    closed: list[str]
    grades: dict[str, list[str]]
    metrics: dict[str, MetricConcept]
    starters: list[StarterConcept]


@cache
def load_concepts() -> Concepts:
    """The file that comes with the product."""
    text = (Path(__file__).parent / "concepts.yaml").read_text(encoding="utf-8")
    return Concepts.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


def concept_of(column: str, kind: str) -> ColumnConcept | None:
    """What a column of a name and kind of values usually is."""
    words = {*words_of(column), *map(singular, words_of(column))}
    for concept in load_concepts().columns:
        if kind in concept.kinds and any(words.issuperset(names) for names in concept.names):
            return concept
    return None


def says_closed(value: str) -> bool:
    """Whether a status says that nothing is left to do."""
    words = words_of(value)
    return not {"not", "un", "не", "re", "partially"} & set(words) and bool(set(words) & set(load_concepts().closed))
