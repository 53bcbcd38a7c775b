"""What is going to be run, or why not: a QueryPlan, a Clarification or a Decline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dash.records.answer import Column, Definition, Understood
from dash.records.semantic_query import Scalar, SemanticQuery, Window

Provenance = Literal["vetted", "composed", "model_read", "model_written", "model_unconfirmed"]
"""Who is behind the SQL: people (vetted); our compiler, from a reading of ours or of a model's (composed, model_read);
a model (model_written, and model_unconfirmed where not all could be proven that can be proven of it)."""

BY_MODEL = frozenset({"model_written", "model_unconfirmed"})
"""SQL that nobody reviewed, nor its parts."""


@dataclass(frozen=True)
class PlannedQuery:
    """SQL text with `:name` placeholders and the values bound to them. Nothing is proven about it yet.

    `own_limit` is a LIMIT that stands in the text without having been asked for: a result of that many rows may be cut.
    """

    sql: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    own_limit: int | None = None


@dataclass(frozen=True)
class Unconfirmed:
    """What could not be proven of what a model proposed: `kind` is definition, period, value, unasked (a condition
    that the question does not have), join, limit, dimension, split (groups that the question does not have), negation,
    bound or word, `about` the name or the words that it concerns; sql, which is said of all SQL that a model wrote, or
    reading, of a meaning that nothing but the model has found."""

    kind: Literal[
        "definition",
        "period",
        "value",
        "unasked",
        "join",
        "limit",
        "dimension",
        "split",
        "negation",
        "bound",
        "word",
        "sql",
        "reading",
    ]
    about: str = ""


@dataclass(frozen=True)
class QueryPlan:
    """A question understood.

    `main` answers it. `companions` are small extra queries that put the number into context, by role:
    "previous" (same shape as main, over the comparable period before), "driver:<dimension>" (metric by that dimension,
    now and before), "coverage" (newest row, counts). An answer is complete without them; a companion that fails or is
    rejected is left out. `follow_ups` are questions that the product reads and can answer next.
    `left_out` are words that were taken to say nothing about the data, `unconfirmed` what is not proven of the SQL that
    a model wrote.
    """

    provenance: Provenance
    language: str
    main: PlannedQuery
    understood: tuple[Understood, ...]
    definitions: tuple[Definition, ...] = ()
    semantic_query: SemanticQuery | None = None
    alike: SemanticQuery | None = None
    vetted_query: str | None = None
    vetted_filled: Mapping[str, Window | Scalar] = field(default_factory=dict)
    companions: Mapping[str, PlannedQuery] = field(default_factory=dict)
    follow_ups: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    unconfirmed: tuple[Unconfirmed, ...] = ()


@dataclass(frozen=True)
class Refill:
    """A vetted query to be run with slots that somebody chose, whatever else the question's words would mean."""

    query: str
    filled: Mapping[str, Window | Scalar]


@dataclass(frozen=True)
class Teaching:
    """What picking a choice says: these words of the question mean this, in governed terms."""

    words: str
    dimension: str | None = None
    values: tuple[Scalar, ...] = ()
    metric: str | None = None


@dataclass(frozen=True)
class Choice:
    """One way on: a full question that can be answered, in the language of the person. `teaches` is set where one word
    was asked about and the choice gives it one meaning."""

    question: str
    meaning: str = ""
    teaches: Teaching | None = None


@dataclass(frozen=True)
class Clarification:
    """The question has several readings or a word that nothing explains; at most three choices, best first.
    `alternatives` says that the choices are what the question may mean, and not others that are near it; `for_model`
    that a language model may understand it, where there is one. `idle` is the reply to a turn that asks nothing
    ("thanks"), after which the turn before it is still the one to lean on."""

    language: str
    message: str
    choices: tuple[Choice, ...] = ()
    unknown: tuple[str, ...] = ()
    understood: tuple[Understood, ...] = ()
    for_model: bool = False
    alternatives: bool = False
    idle: bool = False


@dataclass(frozen=True)
class Decline:
    """The question cannot be answered here: why, and the nearest questions that can. `for_model` as above."""

    language: str
    message: str
    choices: tuple[Choice, ...] = ()
    understood: tuple[Understood, ...] = ()
    for_model: bool = False


Plan = QueryPlan | Clarification | Decline
