"""A first stuck.yaml and replay.yaml for a draft, where the profile shows what they need.

Both read real tables and not derived ones, so only a table of tickets whose rows are tickets, with a plain name and a
key of one column, gets them: a log has no row that stands for its ticket. What nobody has reviewed is marked `draft`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash.drafting.columns import DraftColumn
from dash.drafting.decisions import Decisions
from dash.drafting.tables import DraftTable
from dash.drafting.words import in_languages
from dash.introspection.names import words_of
from dash.semantics.fragments import identifier

HOURS = 72
_WORSE = [168, 336]
_FACTS = ("category", "priority", "urgency", "channel", "group")
_ROLES = {
    "customer": {"customer", "client", "user", "enduser", "requester", "visitor", "contact", "клиент", "заявитель"},
    "agent": {"agent", "admin", "staff", "operator", "support", "employee", "оператор", "агент", "сотрудник"},
    "ai": {"ai", "bot", "assistant", "бот"},
    "system": {"system", "auto", "система"},
}
_AUTHORED = frozenset({"author", "sender", "from", "role", "type", "kind", "direction", "side", "автор"})
_SAID = {
    "open_too_long": {
        "label": {"en": "Open too long", "ru": "Открыто слишком долго"},
        "advice": {
            "en": "Look at the ticket, and give it to somebody who can move it on.",
            "ru": "Посмотрите обращение и передайте тому, кто сможет его продвинуть.",
        },
    },
    "nobody_assigned": {
        "label": {"en": "Nobody assigned", "ru": "Никто не назначен"},
        "advice": {"en": "Give the ticket to somebody.", "ru": "Назначьте исполнителя."},
    },
}


def draft_stuck(main: DraftTable, decisions: Decisions, languages: Sequence[str]) -> dict[str, Any] | None:
    """Open tickets whose last change is long ago; None where no state says which are open."""
    key, status = _key(main), main.column(decisions.status)
    since = _last_change(main) or main.column(decisions.opened)
    if key is None or status is None or since is None or not decisions.closed_values or status.personal:
        return None
    stage = status.sql.replace("= r.", "= ticket.") if status.referred else status.sql
    closed = ", ".join("'" + value.replace("'", "''") + "'" for value in decisions.closed_values)
    assignee = main.column_of("assignee")
    reasons = [{"name": "open_too_long"}]
    if assignee is not None and not assignee.personal and assignee.profile.null_share > 0 and assignee.clean:
        reasons.insert(0, {"name": "nobody_assigned", "when": f"ticket.{identifier(assignee.name)} IS NULL"})
    confirmed = decisions.is_reviewed(["tickets", "status", "closed_values"])
    evidence = (
        f"Proposed: {status.profile.name} says which are open, {since.profile.name} when one last changed; "
        f"that {HOURS} hours are too long is a guess."
    )
    return {
        **({} if confirmed else {"draft": evidence}),
        "tickets": {
            "table": main.profile.full_name,
            "key": _as_text(key),
            "stage": _cell(stage, status, main),
            "since": since.sql,
            "open": f"COALESCE({stage} NOT IN ({closed}), TRUE)",
            "facts": _facts(main),
        },
        "thresholds": {"hours": HOURS, "worse": _WORSE},
        "reasons": [reason | _said(reason["name"], languages) for reason in reasons],
    }


def draft_replay(
    main: DraftTable, tables: Sequence[DraftTable], decisions: Decisions, languages: Sequence[str]
) -> dict[str, Any] | None:
    """Conversations from the table of tickets and the messages that refer to it; None where there are none."""
    key, opened = _key(main), main.column(decisions.opened)
    found = next((one for table in tables if (one := _messages(table, main)) is not None), None)
    if key is None or opened is None or found is None:
        return None
    title = next((one for one in main.columns if one.profile.free_text and _is_plain(one)), None)
    return {
        "draft": f"Proposed: {found['table']} refers to {main.profile.full_name} and has a text and a time.",
        "conversation": {
            "table": main.profile.full_name,
            "id": _as_text(key),
            "moment": opened.sql,
            **({"title": title.sql} if title else {}),
            "facts": {name: {key: one for key, one in fact.items() if key != "label"}
                      for name, fact in _facts(main).items()},
        },
        "timeline": {"messages": found},
    }  # fmt: skip


def _messages(table: DraftTable, main: DraftTable) -> dict[str, Any] | None:
    """A table as a source of the timeline: it refers to tickets, and its rows have a text and a moment."""
    join = next((one for one in table.profile.joins if one.to == main.profile.full_name), None)
    key = table.column(join.column) if join is not None else None
    id_ = _key(table)
    texts = [one for one in table.columns if one.profile.free_text]
    times = [one for one in table.columns if one.role == "time" and not one.personal]
    moments = [one for one in times if one.concept is not None and one.concept.concept == "opened"] or times
    if table is main or key is None or id_ is None or not texts or not moments:
        return None
    if join is not None and join.their_column != _real_key(main):
        return None
    body = max(texts, key=lambda one: one.profile.length)
    moment = max(moments, key=lambda one: (-len(words_of(one.name)), one.profile.required))
    role = _role(table)
    return {
        "table": table.profile.full_name,
        "key": _as_text(key),
        "id": _as_text(id_),
        "moment": moment.sql,
        "kind": "message",
        **({"role": role} if role else {}),
        "body": body.sql,
    }


def _role(table: DraftTable) -> str | None:
    """Who wrote a message, where a column's values say it in usual words."""
    for column in table.columns:
        if column.personal or not column.profile.values or not set(words_of(column.name)) & _AUTHORED:
            continue
        parts = []
        for role, words in _ROLES.items():
            values = [value for value, _ in column.profile.values if words & {*words_of(value), _together(value)}]
            listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
            parts += [f"WHEN {column.sql} IN ({listed}) THEN '{role}'"] if values else []
        if len(parts) > 1:
            return f"CASE {' '.join(parts)} END"
    return None


def _together(value: str) -> str:
    """`end-user` → enduser."""
    return "".join(words_of(value))


def _real_key(table: DraftTable) -> str | None:
    key = table.profile.primary_key
    return key[0] if len(key) == 1 else next((one.name for one in table.profile.columns if one.unique), None)


def _key(table: DraftTable) -> DraftColumn | None:
    """The column that names a row of a real table with a plain name."""
    names = (table.profile.schema, table.profile.name)
    plain = all(identifier(name) == name and name.isascii() for name in names)
    return table.column(_real_key(table)) if plain and table.profile.event_log is None else None


def _last_change(main: DraftTable) -> DraftColumn | None:
    """When a ticket's state changed last; what changes for any reason is only next best."""
    times = [one for one in main.columns if one.role == "time" and not one.personal]
    stated = [one for one in times if {"status", "state", "stage", "статус"} & set(words_of(one.name))]
    updated = [one for one in times if one.concept is not None and one.concept.concept == "updated"]
    return (stated or updated or [None])[0]  # type: ignore[list-item]


def _facts(main: DraftTable) -> dict[str, Any]:
    """What stands beside a ticket: columns that are read as they stand."""
    found = {}
    for name in _FACTS:
        column = main.of_concept(name)
        if column is not None and column.role == "dimension" and _is_plain(column) and column.profile.kind == "text":
            found[name] = _cell(column.sql, column, main)
    return found


def _cell(sql: str, column: DraftColumn, main: DraftTable) -> dict[str, Any]:
    dimension = main.dimensions.get(column.profile.name)
    return {"sql": sql, **({"dimension": dimension} if dimension else {})}


def _is_plain(column: DraftColumn) -> bool:
    return not column.personal and not column.referred


def _as_text(column: DraftColumn) -> str:
    return column.sql if column.type == "text" else f"CAST({column.sql} AS text)"


def _said(name: str, languages: Sequence[str]) -> dict[str, Any]:
    return {part: in_languages(words, [*languages, "en"]) for part, words in _SAID[name].items()}
