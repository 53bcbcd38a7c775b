"""What a reference stands for: the column of the table that it refers to which names its rows."""

from __future__ import annotations

from dash.introspection import ColumnProfile, JoinProfile, Profile, TableProfile
from dash.introspection.names import words_of

_LABELS = frozenset({"name", "title", "label", "caption", "value", "имя", "название"})
_IDS = frozenset({"id", "key", "code", "ref", "fk", "number", "no"})


def label_of_rows(table: TableProfile) -> ColumnProfile | None:
    """The column that names a table's rows; None where none does."""
    named = [one for one in table.columns if one.kind == "text" and _LABELS & set(words_of(one.name))]
    return named[0] if named and not named[0].free_text else None


def stem_of(column: str) -> str:
    """What a reference's name says without the words for identifiers: assignee_id → assignee."""
    return " ".join(word for word in words_of(column) if word not in _IDS)


def referred(profile: Profile, table: TableProfile, column: str) -> tuple[JoinProfile, ColumnProfile] | None:
    """The join of a column, and the column that names the rows it refers to."""
    join = next((one for one in table.joins if one.column == column), None)
    target = next((one for one in profile.tables if join and one.full_name == join.to), None)
    label = label_of_rows(target) if target is not None and target is not table else None
    return (join, label) if join is not None and label is not None else None
