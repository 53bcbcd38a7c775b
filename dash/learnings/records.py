"""What a learning is: a structured record that a person can read, try, activate and take back.

A learning is made of names, not of prose, wherever that is possible: its wrong and right form are patterns over the
syntax tree (`Fix`), or words with a governed meaning (`Word`). What is prose (a definition, a note about the data) is
shown to people and reaches nothing else until a person has reviewed it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal

from dash.records.semantic_query import Scalar

Kind = Literal["query_fix", "vocabulary", "data_quality", "join_path", "definition"]
Status = Literal["candidate", "active", "retired"]
CastType = Literal["numeric", "timestamptz"]


@dataclass(frozen=True)
class RenameRelation:
    """The table is called `right`; there is no `wrong`."""

    wrong: str
    right: str


@dataclass(frozen=True)
class RenameColumn:
    """The column of `relation` is called `right`; it has no `wrong`."""

    relation: str
    wrong: str
    right: str


@dataclass(frozen=True)
class QualifyColumn:
    """Several tables of the query have `column`; where rows are tied by it, that of `relation` is meant."""

    relation: str
    column: str


@dataclass(frozen=True)
class CastColumn:
    """The text column is read as `type` where it is compared or computed with one; '' is read as NULL."""

    relation: str
    column: str
    type: CastType


@dataclass(frozen=True)
class EmptyAsNull:
    """'' in the text column is NULL where the column is cast to something that '' is not."""

    relation: str
    column: str


@dataclass(frozen=True)
class NullDivisor:
    """A division by this expression gives NULL where it is zero. `divisor` is its text as `spans.spelled` spells it."""

    divisor: str


@dataclass(frozen=True)
class GroupColumn:
    """The column is grouped by where it stands beside aggregates."""

    relation: str
    column: str


@dataclass(frozen=True)
class SpellValue:
    """The value of the column is written `right`; no row has `wrong`."""

    relation: str
    column: str
    wrong: str
    right: str


Fix = RenameRelation | RenameColumn | QualifyColumn | CastColumn | EmptyAsNull | NullDivisor | GroupColumn | SpellValue
"""Wrong and right form as a pattern over the syntax tree. Each one leaves what runs and finds something as it was."""

HARMLESS = (EmptyAsNull, NullDivisor)
"""Fixes that only turn what would stop a query into NULL: one that runs gives the same with them."""

FIXES: Mapping[str, type[Fix]] = {
    "rename_relation": RenameRelation,
    "rename_column": RenameColumn,
    "qualify_column": QualifyColumn,
    "cast_column": CastColumn,
    "empty_as_null": EmptyAsNull,
    "null_divisor": NullDivisor,
    "group_column": GroupColumn,
    "spell_value": SpellValue,
}
"""What files and the store call each fix, in the order in which they are applied."""


def name_of(fix: Fix) -> str:
    """What files call this kind of fix."""
    return next(name for name, kind in FIXES.items() if isinstance(fix, kind))


@dataclass(frozen=True)
class Word:
    """Words that mean something governed: values of a dimension, a dimension, or a metric. `words` by language;
    "" is any."""

    words: Mapping[str, tuple[str, ...]]
    dimension: str | None = None
    values: tuple[Scalar, ...] = ()
    metric: str | None = None


@dataclass(frozen=True)
class Evidence:
    """Where it was seen: the run, what was asked, and what went wrong in words without data values."""

    run: str | None = None
    question: str = ""
    error: str = ""


@dataclass(frozen=True)
class Candidate:
    """What one run taught, not yet relied on by anybody.

    `learned` is a sentence for people; `wrong` and `right` are the two forms as people read them. `scope` None belongs
    to everyone, a name to that user alone. `check` is SQL whose one cell must stay true.
    """

    kind: Kind
    learned: str
    applies_to: tuple[str, ...] = ()
    wrong: str = ""
    right: str = ""
    fix: Fix | None = None
    word: Word | None = None
    evidence: Evidence = Evidence()
    author: str = "dash"
    scope: str | None = None
    check: str = ""

    @property
    def key(self) -> str:
        """Equal for the same mistake, whoever made it and however often: its forms, not its sentence or evidence."""
        forms = (asdict(self.fix) if self.fix else None, asdict(self.word) if self.word else None)
        said = "" if any(forms) else self.learned
        facts = [self.kind, self.scope, sorted(self.applies_to), self.wrong, self.right, *forms, said]
        text = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=list)
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class Learning:
    """A candidate with its history: how often it was seen, who decided what. `flag` says what its check found."""

    id: str
    kind: Kind
    learned: str
    status: Status = "candidate"
    applies_to: tuple[str, ...] = ()
    wrong: str = ""
    right: str = ""
    fix: Fix | None = None
    word: Word | None = None
    evidence: tuple[Evidence, ...] = ()
    author: str = "dash"
    scope: str | None = None
    check: str = ""
    seen: int = 0
    reviewed_by: str | None = None
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    flag: str = ""
    in_file: str | None = None

    @property
    def source(self) -> str:
        """How "how this was answered" names it."""
        return f"learnings/{self.id}"

    def reaches(self, viewer: str) -> bool:
        """Whether it may be used for this user."""
        return self.scope is None or self.scope == viewer


@dataclass(frozen=True)
class AppliedFix:
    """A learning that changed a query before it ran, for "how this was answered"."""

    learning: str
    what: str
    source: str
    places: int = 1


@dataclass(frozen=True)
class Diagnosis:
    """What went wrong with a query, in a sentence for a model or a person, without any value out of the data.

    `nearest` are names that may have been meant, all of them allow-listed. `fix` mends it mechanically, where that is
    certain enough to be tried; `kind` is one of the kinds of `dash.learnings.diagnosis`.
    """

    kind: str
    sentence: str
    nearest: tuple[str, ...] = ()
    fix: Fix | None = None
    applies_to: tuple[str, ...] = field(default=())
    lasting: bool = True
    """Whether it would happen again: a lock or a full disk teaches nothing."""
