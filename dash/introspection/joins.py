"""Which column refers to which table, also where nobody declared it: its name says so, and its values are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dash.introspection.names import listed, singular, words_of
from dash.introspection.profile import ColumnProfile, TableProfile

_OF_EVENTS = frozenset({"log", "event", "history", "audit", "journal", "change", "журнал", "история"})
_PEOPLE = listed("person people user staff employee member account пользователь сотрудник")
_PERSONS = listed(
    "assignee agent owner operator handler resolver requester customer caller client submitter reporter author "
    "actor sender creator manager исполнитель оператор автор заявитель клиент"
)
VALUES = 200
MATCHED = 0.98
MOST_TRIED = 400
_ID = frozenset({"id", "key", "number", "no", "uuid", "code", "ref", "fk", "номер", "код"})


def possible_joins(tables: Sequence[TableProfile]) -> Iterator[tuple[TableProfile, ColumnProfile, TableProfile, str]]:
    """Pairs of a column and a table's key whose names say that the one may refer to the other."""
    keyed = [(table, key) for table in tables if (key := single_key(table)) is not None]
    for table in tables:
        for column in table.columns:
            if column.constant or column.personal or column.text_kept or column.kind not in ("text", "number"):
                continue
            for target, key in keyed:
                if target is not table and _says(column.name, target, key) and _alike(column, target.column(key)):
                    yield table, column, target, key


def single_key(table: TableProfile) -> str | None:
    """The one column that tells a table's rows apart, or the things whose events its rows are."""
    if table.event_log is not None:
        return table.event_log.key
    if len(table.primary_key) == 1:
        return table.primary_key[0]
    unique = [column.name for column in table.columns if column.unique]
    named = [name for name in unique if set(words_of(name)) & _ID]
    return (named or [None])[0]  # type: ignore[list-item]


def _alike(column: ColumnProfile, key: ColumnProfile) -> bool:
    return column.kind == key.kind and (column.type == key.type or column.kind == "number" or not column.foreign_type)


def _says(column: str, target: TableProfile, key: str) -> bool:
    """`group_id` → groups.id; `ticket_number` → tickets.ticket_number; `priority_code` → priority_codes.code;
    `assignee_id` → people.id, where there is one table of people."""
    words, key_words = tuple(map(singular, words_of(column))), tuple(map(singular, words_of(key)))
    if len(key_words) > 1 and words == key_words:
        return True
    if not set(words) & _ID:
        return False
    stem = tuple(word for word in words if word not in _ID)
    name = tuple(word for word in map(singular, words_of(target.name)) if word not in _OF_EVENTS)
    if words == name and words[-1:] == key_words[-1:]:
        return True
    if len(name) == 1 and name[0] in _PEOPLE and stem and stem[-1] in _PERSONS:
        return bool(set(key_words) & _ID)
    return bool(stem) and (stem == name[-len(stem) :] or stem == name) and bool(set(key_words) & _ID)


def without_borrowed_log(table: TableProfile, known: Mapping[str, TableProfile]) -> TableProfile:
    """A table whose rows belong to the rows of another is no log of these, though it may repeat what is said of them:
    the comments of a ticket are counted as comments."""
    log = table.event_log
    owners = [join.to for join in table.joins if log is not None and join.column == log.key]
    return replace(table, event_log=None) if any(known[name].event_log is None for name in owners) else table


def cardinality_of(column: ColumnProfile) -> str:
    """How many rows of a table belong to one of the other."""
    return "one_to_one" if column.unique else "many_to_one"


def by_name(tables: Sequence[TableProfile]) -> Mapping[str, TableProfile]:
    """Tables by their full names."""
    return {table.full_name: table for table in tables}
