"""Finding conversations: filters combined, newest first, keyset pages.

A filter over another table is a semi-join, which is right when many conversations match: the newest are looked at until
the page is full. A filter marked `first` (free text) is the other way round when its matches are few: they are looked
up by their index and then put in order. PostgreSQL chooses between the two by estimates that are wrong for words by a
factor of a thousand, so a count decides here, bounded in number and time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dash.errors import NotFoundError, QueryFailed
from dash.knowledge.placeholders import placeholders
from dash.records import PlannedQuery
from dash.replay.description import Description, FilterFile
from dash.replay.reading import Replay
from dash.replay.records import Conversation, Found, Moment

PAGE = 25
MOST_ON_A_PAGE = 500
FEW = 50_000
"""Up to so many matches of a `first` filter are looked up before anything else."""
COUNTING_SECONDS = 0.3

_FACT = "fact_"
_LONGEST = 200
_SPECIAL = re.compile(r"([\\%_])")  # 100% → 100\%


@dataclass(frozen=True)
class Search:
    """What is looked for: an id, a period [since, until), values by filter name; within one filter any value does."""

    id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)


def find_conversations(
    replay: Replay, search: Search, *, after: tuple[Moment, str] | None = None, limit: int = PAGE
) -> Found:
    """The newest conversations that match everything, from `after` (the `next` of the page before) on.

    Raises NotFoundError for a filter that the file does not have, QueryFailed, DatabaseUnavailable.
    """
    limit = max(1, min(limit, MOST_ON_A_PAGE))
    first = next((name for name in search.filters if _filter(replay, name).first), None)
    if first is not None:
        matches = _count(replay, first, search.filters[first])
        if matches == 0:
            return Found(())
        first = first if matches is not None and matches <= FEW else None
    try:
        found = replay.read(search_query(replay.description, search, after, limit + 1, first=first))
    except QueryFailed as error:
        if error.sqlstate in ("22P02", "22003"):
            return Found(())  # the id that was typed is no value of the column's type
        raise
    conversations = tuple(_conversation(replay.description, row) for row in found.rows)
    if not found.cut and len(conversations) <= limit:
        return Found(conversations)
    kept = conversations[:limit]
    return Found(kept, (kept[-1].moment, kept[-1].id))


def _count(replay: Replay, name: str, chosen: Sequence[str]) -> int | None:
    """How many rows match, up to one more than few; None when counting takes too long, which few ones never do."""
    try:
        found = replay.read(count_query(replay.description, name, chosen), seconds=COUNTING_SECONDS)
    except QueryFailed as error:
        if error.sqlstate == "57014":
            return None
        raise
    return int(found.rows[0]["matches"])


def get_conversation(replay: Replay, conversation: str) -> Conversation:
    """The head of one conversation. Raises NotFoundError when there is none that this viewer may see."""
    found = find_conversations(replay, Search(id=conversation), limit=1).conversations
    if not found:
        raise NotFoundError(f"There is no conversation {conversation[:_LONGEST]}.")
    return found[0]


def search_query(
    description: Description, search: Search, after: tuple[Moment, str] | None, limit: int, *, first: str | None = None
) -> PlannedQuery:
    """The composed search; `first` names the filter whose matches are looked up before anything else."""
    head = description.conversation
    identity, moment = _own(head.id), f"CAST({_own(head.moment)} AS timestamptz)"
    outputs = [f"CAST({identity} AS text) AS id", f"{moment} AS moment"]
    outputs += [f"{_own(head.title)} AS title"] if head.title else []
    outputs += [f"{_own(fact.sql)} AS {_FACT}{name}" for name, fact in head.facts.items()]
    values: dict[str, Any] = {"page_limit": limit}
    conditions: list[str] = []
    if search.id is not None:
        conditions.append(f"{identity} = :conversation")
        values["conversation"] = search.id
    for name, bound, sign in (("since", search.since, ">="), ("until", search.until, "<")):
        if bound is not None:
            conditions.append(f"{moment} {sign} CAST(:{name} AS timestamptz)")
            values[name] = bound
    for name, chosen in search.filters.items():
        narrowing = description.filters[name]
        condition, bound_values = _narrow(name, narrowing, chosen)
        values |= bound_values
        if name == first:
            conditions.append(f"{identity} IN (SELECT id FROM first_matches)")
        else:
            conditions.append(_among(narrowing, condition, identity))
    if after is not None:
        conditions.append(_behind(identity, moment, after, values))
    where = "\nWHERE " + "\nAND ".join(conditions) if conditions else ""
    start = _first_matches(description, search, first) if first is not None else ""
    sql = (
        f"{start}SELECT {', '.join(outputs)}\nFROM {head.table} AS conversation{where}\n"
        f"ORDER BY {moment} DESC, {identity} DESC\nLIMIT :page_limit"
    )
    return PlannedQuery(sql, values)


def _behind(identity: str, moment: str, after: tuple[Moment, str], values: dict[str, Any]) -> str:
    """DESC puts conversations without a time first, so behind one of those come the rest and all others."""
    values["after_id"] = after[1]
    if after[0] is None:
        return f"({moment} IS NOT NULL OR {identity} < :after_id)"
    values["after_moment"] = after[0]
    return f"({moment}, {identity}) < (CAST(:after_moment AS timestamptz), :after_id)"


def _first_matches(description: Description, search: Search, first: str) -> str:
    narrowing = description.filters[first]
    condition, _ = _narrow(first, narrowing, search.filters[first])
    matches = f"SELECT DISTINCT {_key(narrowing)} AS id\n{_source(narrowing, condition)}"
    return f"WITH first_matches AS MATERIALIZED (\n{matches}\n)\n"


def count_query(description: Description, name: str, chosen: Sequence[str]) -> PlannedQuery:
    """How many rows match the filter `name`, counted up to one more than few."""
    narrowing = description.filters[name]
    condition, values = _narrow(name, narrowing, chosen)
    # Materialised, so that it is planned for all matches and not for the first ones, which would read the table.
    matching = f"WITH matching AS MATERIALIZED (\nSELECT {_key(narrowing)} AS id {_source(narrowing, condition)}\n)\n"
    found = f"SELECT COUNT(*) AS matches FROM (SELECT id FROM matching LIMIT {FEW + 1}) AS found"
    return PlannedQuery(matching + found, values)


def _among(narrowing: FilterFile, condition: str, identity: str) -> str:
    if narrowing.table is None:
        return condition
    # IN and not EXISTS: inside of a sub-query the conversation's id could mean a column of the other table.
    return f"{identity} IN (SELECT {_key(narrowing)} {_source(narrowing, condition)})"


def _source(narrowing: FilterFile, condition: str) -> str:
    where = f" AND {_own(narrowing.where)}" if narrowing.where else ""
    return f"FROM {narrowing.table} AS related WHERE {condition}{where}"


def _key(narrowing: FilterFile) -> str:
    return f"related.{narrowing.key}"


def _narrow(name: str, narrowing: FilterFile, chosen: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """The condition of one filter with parameters of its own name."""
    values = [value[:_LONGEST] for value in chosen]
    if narrowing.column is not None:
        parameter = f"{name}_values"
        column = _own(narrowing.column)
        if narrowing.several:
            return f"({column} && :{parameter})", {parameter: values}
        return f"(CAST({column} AS text) = ANY(:{parameter}))", {parameter: values}
    text = " ".join(values)
    pattern = "%" + _SPECIAL.sub(r"\\\1", text) + "%"
    given: dict[str, Any] = {"value": text, "values": values, "pattern": pattern}
    condition, bound = _renamed(narrowing.condition or "", name, given)
    return _own(condition), bound


def _renamed(condition: str, name: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """:value of a filter becomes :NAME_value, so that two filters never share a parameter."""
    pieces, done, bound = [], 0, {}
    for placeholder in placeholders(condition):
        pieces += [condition[done : placeholder.start], f":{name}_{placeholder.name}"]
        bound[f"{name}_{placeholder.name}"] = given.get(placeholder.name)
        done = placeholder.end
    return "".join([*pieces, condition[done:]]), bound


def _filter(replay: Replay, name: str) -> FilterFile:
    if name not in replay.description.filters:
        raise NotFoundError(f"Conversations cannot be searched by {name}.")
    return replay.description.filters[name]


def _conversation(description: Description, row: Mapping[str, Any]) -> Conversation:
    title = row.get("title")
    facts = {name: row[_FACT + name] for name in description.conversation.facts}
    return Conversation(str(row["id"]), row["moment"], None if title is None else str(title), facts)


def _own(sql: str) -> str:
    return f"({sql}\n)"
