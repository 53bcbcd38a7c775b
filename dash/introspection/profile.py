"""The profile of a database: frozen records, and the file that keeps them beside the knowledge.

The file may be committed: values stand in it only of columns with few different short ones that do not look personal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from dash.errors import UserError

FILE = "profile.json"

Kind = Literal["text", "number", "time", "date", "boolean", "interval", "array", "document", "other"]


@dataclass(frozen=True)
class TextKept:
    """What a text column really holds: `form` is the format of a time as to_timestamp takes it, `pattern` what every
    value of that kind matches. `doubtful` says that day and month could be the other way round."""

    kind: Literal["number", "time", "boolean"]
    form: str = ""
    pattern: str = ""
    doubtful: bool = False
    true_values: tuple[str, ...] = ()
    false_values: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnProfile:
    """One column. Shares and counts are of the sampled rows; `values` are all that there are, with their share, where
    `complete`. `empty_share` counts what means none (`stand_ins`) as well as NULL. `personal` says why. `code_pattern`
    is what every value of a key fits, where its values have one form (INC0000877)."""

    name: str
    type: str
    kind: Kind
    foreign_type: bool = False
    domain: bool = False
    required: bool = False
    comment: str = ""
    rows: int = 0
    null_share: float = 0.0
    empty_share: float = 0.0
    distinct: int = 0
    unique: bool = False
    values: tuple[tuple[str, float], ...] = ()
    complete: bool = False
    minimum: str | None = None
    maximum: str | None = None
    length: float = 0.0
    text_kept: TextKept | None = None
    stand_ins: tuple[str, ...] = ()
    personal: str | None = None
    free_text: bool = False
    code_pattern: str = ""

    @property
    def constant(self) -> bool:
        """Whether every row that has a value has the same."""
        return self.distinct <= 1

    @property
    def real_kind(self) -> str:
        """What the column holds, whatever it is kept as."""
        return self.text_kept.kind if self.text_kept else "time" if self.kind == "date" else self.kind


@dataclass(frozen=True)
class JoinProfile:
    """A way from a table to another: column, and theirs. `matched` is the share of sampled values that are there."""

    column: str
    to: str
    their_column: str
    cardinality: Literal["many_to_one", "one_to_one"]
    declared: bool = False
    matched: float = 0.0


@dataclass(frozen=True)
class EventLog:
    """A table with a row for each event of a thing, in which the thing's final values repeat.

    `order` are the columns that tell a thing's last row. `repeating` never change within a thing."""

    key: str
    order: tuple[str, ...]
    repeating: tuple[str, ...]
    changing: tuple[str, ...]
    things: int
    rows: int


@dataclass(frozen=True)
class TableProfile:
    """One relation. `rows` is counted where that was quick, else the planner's estimate."""

    schema: str
    name: str
    kind: str
    rows: int
    counted: bool
    sampled: int
    comment: str = ""
    primary_key: tuple[str, ...] = ()
    columns: tuple[ColumnProfile, ...] = ()
    joins: tuple[JoinProfile, ...] = ()
    event_log: EventLog | None = None

    @property
    def full_name(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"

    def column(self, name: str) -> ColumnProfile:
        """The column of a name that is there."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Profile:
    """All tables that could be read, and what was left out with its reason."""

    tables: tuple[TableProfile, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    version: int = 1


def profile_text(profile: Profile) -> str:
    """The profile as its file, in an order and form that git can compare; what says nothing is left out."""
    return json.dumps(_spare(asdict(profile)), ensure_ascii=False, indent=1) + "\n"


def load_profile(folder: Path) -> Profile:
    """The profile of a project. Raises UserError with what to do."""
    try:
        return TypeAdapter(Profile).validate_json((folder / FILE).read_bytes())
    except FileNotFoundError as error:
        raise UserError(f"{folder.name} has no {FILE}; make it with: dash profile --project {folder}") from error
    except (OSError, ValidationError) as error:
        raise UserError(f"{folder.name}/{FILE} cannot be read; make it anew with: dash profile") from error


def _spare(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _spare(item) for key, item in value.items()}
        always = ("name", "schema", "kind", "type", "rows", "version", "tables", "counted", "sampled", "column", "to")
        return {key: item for key, item in kept.items() if key in always or item not in (None, "", [], {}, False)}
    if isinstance(value, (list, tuple)):
        return [_spare(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value
