"""A description's fragments composed to the queries of a timeline: pages by keyset, totals, gaps, single events.

Fragments are used to the letter, each in brackets of its own with a line end before they close, so that a comment at a
fragment's end swallows nothing. The order is (moment, rank of the source, id): total, and each page goes on behind the
last event of the one before without counting rows, so a page costs the same wherever it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from dash.records import PlannedQuery
from dash.replay.description import FIELDS, SourceFile
from dash.replay.records import Place

DETAIL = "detail_"


@dataclass(frozen=True)
class Wanted:
    """Which events of a conversation are wanted: of some kinds (None: all), also failed ones of other kinds."""

    conversation: str
    kinds: frozenset[str] | None = None
    failed_too: bool = False


def page_query(
    rank: int, source: SourceFile, wanted: Wanted, place: Place | None, *, forward: bool, dated: bool, limit: int
) -> PlannedQuery | None:
    """Up to `limit` events of one source behind (or before) a place, nearest first; None when there can be none.

    `dated` asks for those with a time, otherwise for those without, which stand behind all others.
    """
    bounds = _beyond(rank, source, place, forward=forward, dated=dated)
    kinds = _of_kinds(rank, source, wanted)
    if bounds is None or kinds is None:
        return None
    direction = "" if forward else " DESC"
    keys = [_moment(source), _own(source.id)] if dated else [_own(source.id)]
    conditions, values = _together(_rows(source, wanted.conversation), bounds, kinds)
    sql = (
        f"SELECT {_outputs(source)}\nFROM {source.table} AS event\nWHERE {conditions}\n"
        f"ORDER BY {', '.join(key + direction for key in keys)}\nLIMIT :page_limit"
    )
    return PlannedQuery(sql, {**values, "page_limit": limit})


def one_query(source: SourceFile, conversation: str, identity: str) -> PlannedQuery:
    """The event of one id, as text: ids in links are texts."""
    conditions, values = _together(
        _rows(source, conversation), (f"CAST({_own(source.id)} AS text) = :event_id", {"event_id": identity})
    )
    return PlannedQuery(f"SELECT {_outputs(source)}\nFROM {source.table} AS event\nWHERE {conditions}\nLIMIT 1", values)


def totals_query(
    sources: Collection[tuple[int, str, SourceFile]], conversation: str, place: Place | None
) -> PlannedQuery:
    """One row per source and kind of the events before a place, or of all."""
    parts, values = [], {"conversation": conversation}
    for rank, _, source in sources:
        known = _beyond(rank, source, place, forward=False, dated=True) if place is not None else ("", {})
        undated = _beyond(rank, source, place, forward=False, dated=False) if place is not None else None
        reached = [part for part in (known, undated) if part is not None]
        if not reached:
            continue
        either = " OR ".join(f"({sql})" for sql, _ in reached if sql)
        conditions, found = _together(
            _rows(source, conversation),
            (f"({either})" if either else "", {}),
            _of_kinds(rank, source, Wanted(conversation)),
        )
        values |= found | {name: value for _, bound in reached for name, value in bound.items()}
        parts.append(_totals_of(rank, source, conditions))
    return PlannedQuery("\nUNION ALL\n".join(parts), values)


def undated_query(sources: Collection[tuple[int, str, SourceFile]], conversation: str) -> PlannedQuery:
    """The ranks of sources that have events without a time."""
    parts, values = [], {"conversation": conversation}
    for rank, _, source in sources:
        conditions, found = _together(
            _rows(source, conversation),
            (f"{_moment(source)} IS NULL", {}),
            _of_kinds(rank, source, Wanted(conversation)),
        )
        values |= found
        exists = f"EXISTS (SELECT 1 AS one FROM {source.table} AS event WHERE {conditions})"
        parts.append(f"SELECT {rank} AS source WHERE {exists}")
    return PlannedQuery("\nUNION ALL\n".join(parts), values)


_GAPS = """WITH moments AS (
{moments}
), steps AS (
SELECT source, id, kind, role, moment, LAG(moment) OVER (ORDER BY moment, source, id) AS began
FROM moments
WHERE isfinite(moment)
)"""
_SECONDS = "CAST(EXTRACT(EPOCH FROM moment - began) AS double precision)"


def gaps_query(sources: Collection[tuple[int, str, SourceFile]], conversation: str, limit: int) -> PlannedQuery:
    """The longest stretches without an event, each with the event that ended it."""
    moments, values = _moments(sources, conversation)
    sql = (
        f"{_GAPS.format(moments=moments)}\nSELECT source, id, kind, role, began, {_SECONDS} AS seconds FROM steps\n"
        "WHERE began < moment ORDER BY moment - began DESC, moment LIMIT :page_limit"
    )
    return PlannedQuery(sql, {**values, "page_limit": limit})


def waits_query(sources: Collection[tuple[int, str, SourceFile]], conversation: str) -> PlannedQuery:
    """All time between events, added up by the kind and role of what ended each wait."""
    moments, values = _moments(sources, conversation)
    sql = (
        f"{_GAPS.format(moments=moments)}\nSELECT source, kind, role, SUM({_SECONDS}) AS seconds FROM steps\n"
        "WHERE began < moment GROUP BY source, kind, role ORDER BY source, kind, role"
    )
    return PlannedQuery(sql, values)


def _moments(sources: Collection[tuple[int, str, SourceFile]], conversation: str) -> tuple[str, dict[str, Any]]:
    parts, values = [], {"conversation": conversation}
    for rank, _, source in sources:
        conditions, found = _together(_rows(source, conversation), _of_kinds(rank, source, Wanted(conversation)))
        values |= found
        role = f"CAST({_own(source.role)} AS text)" if source.role else "CAST(NULL AS text)"
        parts.append(
            f"SELECT {rank} AS source, CAST({_own(source.id)} AS text) AS id, {_kind(source)} AS kind, {role} AS role, "
            f"{_moment(source)} AS moment\nFROM {source.table} AS event\nWHERE {conditions}"
        )
    return "\nUNION ALL\n".join(parts), values


def _totals_of(rank: int, source: SourceFile, conditions: str) -> str:
    def sum_of(sql: str | None) -> str:
        return f"SUM(CAST({_own(sql)} AS numeric))" if sql else "CAST(NULL AS numeric)"

    kind = f"\nGROUP BY {_kind(source)}" if source.kind.column else ""
    return (
        f"SELECT {rank} AS source, {_kind(source)} AS kind, COUNT(*) AS events, {sum_of(source.tokens)} AS tokens, "
        f"{sum_of(source.cost_usd)} AS cost_usd, "
        f"MIN({_moment(source)}) AS first_at, MAX({_moment(source)}) AS last_at\n"
        f"FROM {source.table} AS event\nWHERE {conditions}{kind}"
    )


def _outputs(source: SourceFile) -> str:
    """Every output has its own name, so that the guard can mask exactly the personal ones."""
    expressions = source.expressions()
    columns = [f"{_moment(source)} AS moment", f"{_own(source.id)} AS id", f"{_kind(source)} AS kind"]
    columns += [f"{_own(expressions[name])} AS {name}" for name in FIELDS if name in expressions]
    columns += [f"{_own(detail.sql)} AS {DETAIL}{name}" for name, detail in source.details.items()]
    return ", ".join(columns)


Condition = tuple[str, Mapping[str, Any]]


def _rows(source: SourceFile, conversation: str) -> Condition:
    sql = f"{_own(source.key)} = :conversation" + (f" AND {_own(source.where)}" if source.where else "")
    return sql, {"conversation": conversation}


def _of_kinds(rank: int, source: SourceFile, wanted: Wanted) -> Condition | None:
    """Rows of the kinds that are wanted; None when the source has none of them."""
    kind = source.kind
    failed = f"({_own(source.failed)})" if wanted.failed_too and source.failed else None
    if kind.column is None:
        if wanted.kinds is None or kind.always in wanted.kinds:
            return "", {}
        return (failed, {}) if failed else None
    # A constant of the file, but a parameter for the text: whatever a person writes there stays a value.
    name = f"kinds_{rank}"
    values = [value for value, meant in kind.values.items() if wanted.kinds is None or meant in wanted.kinds]
    known = f"{_kind(source)} = ANY(:{name})"
    if not failed:
        return (known, {name: values}) if values else None
    everything = list(kind.values)
    return f"({known} OR ({failed} AND {_kind(source)} = ANY(:{name}_all)))", {name: values, f"{name}_all": everything}


def _beyond(rank: int, source: SourceFile, place: Place | None, *, forward: bool, dated: bool) -> Condition | None:
    """The condition for events of a source behind (before) a place; None when there are none, "" when all are.

    `dated` is about the events that are asked for; the place itself may have a time or not.
    """
    moment, own = _moment(source), _own(source.id)
    known = f"{moment} IS NOT NULL" if dated else f"{moment} IS NULL"
    if place is None:
        return known, {}
    sign, here = (">", rank > place.source) if forward else ("<", rank < place.source)
    same = rank == place.source
    values: dict[str, Any] = {"place_id": place.id} if same else {}
    if dated != (place.moment is not None):
        # Dated events all stand before undated ones.
        return (known, {}) if dated != forward else None
    if not dated:
        if same:
            return f"{known} AND {own} {sign} :place_id", values
        return (known, {}) if here else None
    values["place_moment"] = place.moment
    at = "CAST(:place_moment AS timestamptz)"
    if same:
        return f"({moment}, {own}) {sign} ({at}, :place_id)", values
    return f"{moment} {sign}{'=' if here else ''} {at}", values


def _together(*conditions: Condition | None) -> tuple[str, dict[str, Any]]:
    found = [condition for condition in conditions if condition is not None and condition[0]]
    values = {name: value for _, bound in found for name, value in bound.items()}
    return "\nAND ".join(sql for sql, _ in found), values


def _moment(source: SourceFile) -> str:
    """A moment with its zone. The cast of what is a timestamptz already costs nothing and keeps its index."""
    return f"CAST({_own(source.moment)} AS timestamptz)"


def _kind(source: SourceFile) -> str:
    kind = source.kind
    return f"CAST({_own(kind.column)} AS text)" if kind.column else f"CAST('{kind.always}' AS text)"


def _own(sql: str) -> str:
    return f"({sql}\n)"
