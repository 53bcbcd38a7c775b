"""What a person asked, when, and what it may lean on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from dash.records.semantic_query import Scalar, SemanticQuery, Window

Role = Literal["viewer", "lead", "ops", "engineer", "admin"]


@dataclass(frozen=True)
class Viewer:
    """On whose behalf a question runs. `sees_personal` False masks personal columns.

    `name` never changes and belongs to one person: what they own and what row-level security lets them see hangs on it.
    `display` is what people call them. Without roles a viewer may do nothing that `dash.access` knows; `only` are the
    permissions that a key was narrowed to, None where there is no such bound.
    """

    name: str = "local"
    sees_personal: bool = False
    roles: frozenset[Role] = frozenset()
    display: str = ""
    only: frozenset[str] | None = None


@dataclass(frozen=True)
class Turn:
    """The turn before this one in the same thread, as far as a follow-up may lean on it.

    `vetted_filled` are the slots that the question filled in a vetted query, before they became bound values. `told`
    are the queries before it that differ from it in one thing alone, oldest first: what "both" and "compare them" mean.
    `first` are the groups that a ranking told, where it told a few.
    """

    question: str
    language: str
    semantic_query: SemanticQuery | None
    vetted_query: str | None = None
    vetted_filled: Mapping[str, Window | Scalar] = field(default_factory=dict)
    told: tuple[SemanticQuery, ...] = ()
    first: tuple[Scalar, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question. `now` is taken once from the injected clock (aware, UTC) and used everywhere in the run; `follows`
    says that the thread has a turn before it, be it answered or not."""

    text: str
    now: datetime
    zone: str = "UTC"
    viewer: Viewer = Viewer()
    thread_id: str | None = None
    previous: Turn | None = None
    follows: bool = False
