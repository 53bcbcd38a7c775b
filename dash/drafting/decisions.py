"""What matters most about a support database, as decisions: proposed from the profile, confirmed by a person.

`review.yaml` in the project keeps them; `reviewed` names those that a person has confirmed or changed, and only what
rests on nothing but these is no draft any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dash.drafting.concepts import concept_of, load_concepts, says_closed
from dash.drafting.references import referred
from dash.errors import UserError
from dash.introspection import ColumnProfile, Profile, TableProfile
from dash.introspection.names import singular, words_of
from dash.introspection.personal import is_secret

FILE = "review.yaml"

STAFF = ("assignee", "group")
"""Concepts of those who work on tickets."""

NOT_ONE = "none"
"""Stands for the concept of a column that a person says has none."""

_TIMES = ("opened", "resolved", "closed", "first_response", "due")


class Decisions(BaseModel):
    """Names are those of the database. `tickets` is the table of which a row (or, in a log, a thing) is a ticket; the
    times and the status are its columns. `personal` and `not_personal` are "table.column", where a person knows better.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tickets: str | None = None
    opened: str | None = None
    resolved: str | None = None
    closed: str | None = None
    first_response: str | None = None
    due: str | None = None
    status: str | None = None
    closed_values: list[str] = Field(default_factory=list)
    month_first: list[str] = Field(default_factory=list)
    personal: list[str] = Field(default_factory=list)
    not_personal: list[str] = Field(default_factory=list)
    columns: dict[str, str] = Field(default_factory=dict)
    ignored: list[str] = Field(default_factory=list)
    reviewed: list[str] = Field(default_factory=list)

    def is_reviewed(self, names: Iterable[str]) -> bool:
        """Whether a person has confirmed all of these."""
        return set(names) <= set(self.reviewed)

    def calls_personal(self, table: str, column: ColumnProfile) -> bool:
        """Whether a column is personal: a person has said so, or it looks like it and nobody has said otherwise."""
        name = f"{table}.{column.name}"
        return name in self.personal or (column.personal is not None and name not in self.not_personal)


def without_personal_values(profile: Profile, decisions: Decisions) -> Profile:
    """The profile with no value of a column that is personal, or secret, as older profiles have them."""

    def shown(table: str, column: ColumnProfile) -> ColumnProfile:
        hidden = is_secret(column.name) or decisions.calls_personal(table, column)
        return replace(column, values=(), minimum=None, maximum=None) if hidden else column

    tables = (
        replace(table, columns=tuple(shown(table.full_name, column) for column in table.columns))
        for table in profile.tables
    )
    return replace(profile, tables=tuple(tables))


def without_personal_columns(profile: Profile, decisions: Decisions) -> Decisions:
    """The decisions without moments and a status that are personal: nothing is counted by these."""
    table = next((one for one in profile.tables if one.full_name == decisions.tickets), None)
    if table is None:
        return decisions
    hidden = {column.name for column in table.columns if decisions.calls_personal(table.full_name, column)}
    changed: dict[str, Any] = {name: None for name in _TIMES if getattr(decisions, name) in hidden}
    reference = referred(profile, table, decisions.status) if decisions.status else None
    if decisions.status in hidden or (reference and decisions.calls_personal(reference[0].to, reference[1])):
        changed |= {"status": None, "closed_values": []}
    return decisions.model_copy(update=changed)


def propose(profile: Profile) -> Decisions:
    """What the profile suggests."""
    table = _tickets(profile)
    if table is None:
        return Decisions()
    times: dict[str, Any] = {name: _column(table, name, "time") for name in _TIMES}
    if times["opened"] is None:
        times["opened"] = _first_moment(table, set(times.values()))
    status = _status(table) or _referred_status(profile, table)
    closed = [value for value, _ in states_of(profile, table, status.name) if says_closed(value)] if status else []
    if times["resolved"] is None and times["closed"] is None:
        times["closed"] = _last_moment(table, set(times.values()))
    return Decisions(tickets=table.full_name, status=status.name if status else None, closed_values=closed, **times)


def load_decisions(folder: Path) -> Decisions | None:
    """Those of a project; None where nothing was decided. Raises UserError."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        return Decisions.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise UserError(f"{path} cannot be read; mend it, or remove it and answer again: dash review") from error


def save_decisions(folder: Path, decisions: Decisions) -> None:
    """Write them as git compares best."""
    text = yaml.safe_dump(
        decisions.model_dump(exclude_defaults=True), allow_unicode=True, sort_keys=False, default_flow_style=False
    )
    head = "# What people decided about this database; `dash review` asks and writes it.\n"
    (folder / FILE).write_text(head + text, encoding="utf-8")


def candidates(profile: Profile) -> list[TableProfile]:
    """Tables that could be the one of tickets, the likeliest first; where names tell nothing, logs and tables with many
    times and rows are likelier than others."""

    def likely(table: TableProfile) -> tuple[int, bool, int, int, str]:
        times = sum(column.real_kind == "time" for column in table.columns)
        return -score_of(table, profile), table.event_log is None, -times, -table.rows, table.full_name

    return sorted((table for table in profile.tables if table.rows), key=likely)


def _tickets(profile: Profile) -> TableProfile | None:
    found = candidates(profile)
    return found[0] if found and score_of(found[0], profile) >= 4 else None


def score_of(table: TableProfile, profile: Profile) -> int:
    """How much a table looks like the one of tickets."""
    if not table.rows:
        return 0
    named = load_concepts().tables
    words = list(map(singular, words_of(table.name)))
    score = 5 if set(words) & set(named.tickets) else 0
    if words and words[-1] in named.parts and table.event_log is None:
        score -= 4
    concepts = {found.concept for column in table.columns if (found := concept_of(column.name, column.real_kind))}
    score += 2 * len(concepts & {"status", "opened"}) + len(
        concepts & {"closed", "resolved", "assignee", "group", "priority", "customer", "channel", "category"}
    )
    score += min(3, sum(join.to == table.full_name for other in profile.tables for join in other.joins))
    return score - (1 if table.kind != "table" else 0)


def _column(table: TableProfile, concept: str, kind: str) -> str | None:
    """The column of a concept: the one whose name says no more than that, where there are several."""
    found = [
        column
        for column in table.columns
        if column.real_kind == kind
        and column.distinct > 1
        and (one := concept_of(column.name, column.real_kind)) is not None
        and one.concept == concept
    ]
    found = [column for column in found if table.event_log is None or column.name in table.event_log.repeating] or found
    return min(found, key=lambda column: (column.kind == "date", len(words_of(column.name)))).name if found else None


def _status(table: TableProfile) -> ColumnProfile | None:
    found = [
        column
        for column in table.columns
        if column.values and (one := concept_of(column.name, column.real_kind)) is not None and one.concept == "status"
    ]
    closing = [column for column in found if any(says_closed(value) for value, _ in column.values)]
    return (closing or found or [None])[0]  # type: ignore[list-item]


def _referred_status(profile: Profile, table: TableProfile) -> ColumnProfile | None:
    """A status that is a reference to a table of states."""
    for column in table.columns:
        concept = concept_of(column.name, column.real_kind)
        if concept is not None and concept.concept == "status" and states_of(profile, table, column.name):
            return column
    return None


def states_of(profile: Profile, table: TableProfile, status: str | None) -> tuple[tuple[str, float], ...]:
    """The states that a status may have: its values, or the names of what it refers to."""
    column = next((one for one in table.columns if one.name == status), None)
    if column is None:
        return ()
    reference = referred(profile, table, column.name)
    return reference[1].values if reference else column.values


def _moments(table: TableProfile, taken: set[str | None]) -> list[ColumnProfile]:
    moments = [column for column in table.columns if column.real_kind == "time" and not column.personal]
    return [column for column in moments if column.name not in taken]


def _first_moment(table: TableProfile, taken: set[str | None]) -> str | None:
    complete = [column for column in _moments(table, taken) if column.null_share == 0 and not column.stand_ins]
    return complete[0].name if complete else None


def _last_moment(table: TableProfile, taken: set[str | None]) -> str | None:
    """A moment that some rows lack yet, where none is named for it."""
    named = [column for column in _moments(table, taken) if set(words_of(column.name)) & {"end", "done", "finish"}]
    return named[0].name if named else None
