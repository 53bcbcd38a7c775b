"""A learning as a file says it (learnings/*.yaml) and as the store keeps it: one shape, read through pydantic.

The wrong and right form of a query fix stand in `fix`, whose `do` names the pattern; words that were learned stand in
`word`. Everything else is for people.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dash.learnings.records import FIXES, Candidate, Evidence, Fix, Kind, Learning, Status, Word, name_of
from dash.records.semantic_query import Scalar


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FixFile(_Strict):
    """`do` says what is done; the other keys are those of that fix and no more."""

    do: Literal[
        "rename_relation",
        "rename_column",
        "qualify_column",
        "cast_column",
        "empty_as_null",
        "null_divisor",
        "group_column",
        "spell_value",
    ]
    relation: str | None = None
    column: str | None = None
    wrong: str | None = None
    right: str | None = None
    type: Literal["numeric", "timestamptz"] | None = None
    divisor: str | None = None

    @model_validator(mode="after")
    def _has_its_keys(self) -> FixFile:
        wanted = {field.name for field in fields(FIXES[self.do])}
        given = {name for name, value in self if name != "do" and value is not None}
        if wanted != given:
            raise ValueError(f"{self.do} has the keys {', '.join(sorted(wanted))}")
        return self

    def fix(self) -> Fix:
        """The record."""
        kind = FIXES[self.do]
        return kind(**{field.name: getattr(self, field.name) for field in fields(kind)})


class WordFile(_Strict):
    """Words and the one governed thing that they mean."""

    words: dict[str, list[str]]
    dimension: str | None = None
    values: list[Scalar] = Field(default_factory=list)
    metric: str | None = None

    def word(self) -> Word:
        """The record."""
        words = {language: tuple(said) for language, said in self.words.items()}
        return Word(words, self.dimension, tuple(self.values), self.metric)


class EvidenceFile(_Strict):
    """Where it was seen."""

    run: str | None = None
    question: str = ""
    error: str = ""


class LearningFile(_Strict):
    """learnings/*.yaml: what was learned, from what, who reviewed it, and what must stay true."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{2,79}$")
    learned: str = Field(min_length=1)
    kind: Kind
    applies_to: list[str] = Field(default_factory=list)
    wrong: str = ""
    right: str = ""
    fix: FixFile | None = None
    word: WordFile | None = None
    evidence: list[EvidenceFile] = Field(default_factory=list)
    author: str = "dash"
    status: Status = "candidate"
    reviewed_by: str | None = None
    check: str = ""

    @model_validator(mode="after")
    def _is_one_thing(self) -> LearningFile:
        if (self.kind == "query_fix") != (self.fix is not None):
            raise ValueError("a query_fix has the key fix, and no other kind has it")
        if (self.kind == "vocabulary") != (self.word is not None):
            raise ValueError("a vocabulary learning has the key word, and no other kind has it")
        if self.status == "active" and not self.reviewed_by:
            raise ValueError("an active learning names who reviewed it (reviewed_by)")
        return self

    def learning(self, path: str | None = None) -> Learning:
        """The record; `path` is the file that it was read from."""
        return Learning(
            id=self.id,
            kind=self.kind,
            learned=self.learned,
            status=self.status,
            applies_to=tuple(self.applies_to),
            wrong=self.wrong,
            right=self.right,
            fix=self.fix.fix() if self.fix else None,
            word=self.word.word() if self.word else None,
            evidence=tuple(Evidence(one.run, one.question, one.error) for one in self.evidence),
            author=self.author,
            check=self.check,
            seen=len(self.evidence),
            reviewed_by=self.reviewed_by,
            in_file=path,
        )


def document_of(learning: Learning) -> dict[str, Any]:
    """The learning as its file says it, empty keys left out."""
    content = content_of(learning)
    evidence = [{name: value for name, value in asdict(one).items() if value} for one in learning.evidence]
    document = {
        "id": learning.id,
        **content,
        "evidence": [one for one in evidence if one],
        "author": learning.author,
        "status": learning.status,
        "reviewed_by": learning.reviewed_by,
        "check": learning.check,
    }
    return {name: value for name, value in document.items() if value not in (None, "", [], {})}


def content_of(learning: Learning | Candidate) -> dict[str, Any]:
    """What never changes of a learning, as plain data."""
    content: dict[str, Any] = {"learned": learning.learned, "kind": learning.kind}
    content["applies_to"] = list(learning.applies_to)
    content |= {"wrong": learning.wrong, "right": learning.right}
    if learning.fix is not None:
        content["fix"] = {"do": name_of(learning.fix), **asdict(learning.fix)}
    if learning.word is not None:
        word = learning.word
        content["word"] = {"words": {language: list(said) for language, said in word.words.items()}}
        content["word"] |= {"dimension": word.dimension} if word.dimension else {}
        content["word"] |= {"values": list(word.values)} if word.values else {}
        content["word"] |= {"metric": word.metric} if word.metric else {}
    return content
