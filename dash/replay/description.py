"""`knowledge/replay.yaml`: where conversations are found and what their timeline is made of (docs/replay.md).

What a person writes are SQL expressions over one table each. Everything that must not go wrong (the order, the pages,
the bounds) is composed around them, so an author cannot break it, and a mistake has the line of its expression.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from dash.errors import Fault, KnowledgeError, NotFoundError
from dash.knowledge.documents import Document
from dash.knowledge.formats import Texts
from dash.knowledge.one_model import read_one_model
from dash.knowledge.placeholders import names as placeholders

FILE = "replay.yaml"

Kind = Literal[
    "message", "turn", "switch", "tool", "approval", "error", "escalation", "resolution", "task", "other"
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "message", "turn", "switch", "tool", "approval", "error", "escalation", "resolution", "task", "other",
)  # fmt: skip
ROLES = ("customer", "ai", "agent", "system")

FIELDS = (
    "role", "actor", "title", "body", "status", "failed", "duration_ms", "tokens", "cost_usd", "expires_at",
    "resolved_at",
)  # fmt: skip
"""The expressions of a source that an event may have beside its kind, moment and details."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Relation = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$")]
Sql = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def _constant(value: Any) -> Any:
    """`kind: tool` is a kind for every row."""
    return {"always": value} if isinstance(value, str) else value


def _sql_alone(value: Any) -> Any:
    """`model: model` is short for `model: {sql: model}`."""
    return {"sql": value} if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    """One name is a list of one."""
    return [value] if isinstance(value, str) else value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KindFile(_Strict):
    """What a source's rows are: `always` one kind, or the kind that `values` gives to the value of `column`; rows with
    other values are left out."""

    always: Kind | None = None
    column: Sql | None = None
    values: dict[str, Kind] = Field(default_factory=dict)


class FactFile(_Strict):
    """One thing to know of a conversation at a glance, or of an event beside its fields: an expression, what people
    call it, and the dimension whose words its values have. SQL alone is enough."""

    sql: Sql
    label: Texts = Field(default_factory=dict)
    dimension: str | None = None


class SourceFile(_Strict):
    """One source of the timeline: a table, how its rows belong to a conversation and to a moment, and what they say.

    Every expression is over the table's columns; inside of a sub-query the row is called `event`. `id` is unique among
    the source's rows of one conversation. `labels` names the dimensions whose words the values of a field have,
    tried in turn.
    """

    table: Relation
    key: Sql
    id: Sql
    moment: Sql
    where: Sql | None = None
    kind: Annotated[KindFile, BeforeValidator(_constant)]
    role: Sql | None = None
    actor: Sql | None = None
    title: Sql | None = None
    body: Sql | None = None
    status: Sql | None = None
    failed: Sql | None = None
    duration_ms: Sql | None = None
    tokens: Sql | None = None
    cost_usd: Sql | None = None
    expires_at: Sql | None = None
    resolved_at: Sql | None = None
    details: dict[Name, Annotated[FactFile, BeforeValidator(_sql_alone)]] = Field(default_factory=dict)
    labels: dict[Literal["actor", "title", "status"], Annotated[list[str], BeforeValidator(_listed)]] = Field(
        default_factory=dict
    )

    def expressions(self) -> dict[str, str]:
        """The fields that this source has: name → SQL."""
        return {name: sql for name in FIELDS if (sql := getattr(self, name)) is not None}


class FilterFile(_Strict):
    """One way to narrow a search: by the values of `column`, or by a `condition` with :value, :pattern or :values.

    A `table` other than that of the conversations is looked into by its `key`; its row is called `related`, that of
    the conversation `conversation`. `several` says that the column is an array. `dimension` names the values that the
    page offers; without known values a person types one. `first`: few matches are looked up before anything else.
    """

    label: Texts = Field(default_factory=dict)
    help: Texts = Field(default_factory=dict)
    table: Relation | None = None
    key: Name | None = None
    column: Sql | None = None
    condition: Sql | None = None
    several: bool = False
    first: bool = False
    dimension: str | None = None
    where: Sql | None = None


class ConversationFile(_Strict):
    """The table with one row a conversation: how it is found and what stands at its head."""

    table: Relation
    id: Sql
    moment: Sql
    title: Sql | None = None
    facts: dict[Name, Annotated[FactFile, BeforeValidator(_sql_alone)]] = Field(default_factory=dict)


class ReplayFile(_Strict):
    """The whole file. Sources that stand first come first where moments are equal. `draft` says why the file was
    proposed and that nobody has reviewed it."""

    conversation: ConversationFile
    filters: dict[Name, FilterFile] = Field(default_factory=dict)
    timeline: dict[Name, SourceFile] = Field(min_length=1)
    draft: str | None = None


@dataclass(frozen=True)
class Description:
    """What the file says, and its text's lines for faults."""

    conversation: ConversationFile
    filters: Mapping[str, FilterFile]
    timeline: Mapping[str, SourceFile]
    document: Document
    draft: str | None = None

    def sources(self) -> tuple[tuple[int, str, SourceFile], ...]:
        """(rank, name, source): the rank decides among events of the same moment."""
        return tuple((rank, name, source) for rank, (name, source) in enumerate(self.timeline.items()))


def find_description(folder: Path) -> tuple[Description | None, tuple[Fault, ...]]:
    """The description of a knowledge folder and the faults of reading it; (None, ()) when there is no such file."""
    model, document = read_one_model(folder, FILE, ReplayFile)
    if model is not None:
        _check_kinds(document, model)
    if model is None or document.faults:
        return None, tuple(document.faults)
    return Description(model.conversation, model.filters, model.timeline, document, model.draft), ()


def load_description(folder: Path) -> Description:
    """The description of a knowledge folder. Raises KnowledgeError with every fault, NotFoundError without a file."""
    description, faults = find_description(folder)
    if faults:
        raise KnowledgeError(faults)
    if description is None:
        raise NotFoundError(f"Nothing says where conversations are: write {folder.name}/{FILE} (docs/replay.md).")
    return description


def _check_kinds(document: Document, model: ReplayFile) -> None:
    """What the shape alone cannot say: a kind is fixed or read from a column, a filter has one way to narrow."""
    for name, source in model.timeline.items():
        kind = source.kind
        if (kind.always is None) == (kind.column is None) or (kind.column is None) == bool(kind.values):
            what = "a kind is one word, or a column with values"
            document.fault(("timeline", name, "kind"), what, "write kind: tool, or kind: {column: …, values: {…}}")
    for name, narrowing in model.filters.items():
        place = ("filters", name)
        if (narrowing.column is None) == (narrowing.condition is None):
            document.fault(place, "a filter has either a column or a condition", "write one of them")
        if (narrowing.table is None) != (narrowing.key is None):
            document.fault(place, "table and key of a filter belong together", "write both or neither")
        if narrowing.table is None and (narrowing.first or narrowing.where):
            document.fault(place, "first and where are for filters with a table of their own", "remove them")
        unknown = set(placeholders(narrowing.condition or "")) - {"value", "values", "pattern"}
        if unknown:
            what = f"the placeholder :{min(unknown)} is not known here"
            document.fault((*place, "condition"), what, "write :value, :values or :pattern")
