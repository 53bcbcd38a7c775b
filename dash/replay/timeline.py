"""One conversation as one line of events, a page at a time, in either direction from any event.

Each source is asked for as many events as the page holds, and the pages of the sources are merged. Where the database
cut a source's page short by size, the merged page ends there too, so that nothing behind the cut is shown too early.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from dash.errors import QueryFailed
from dash.replay.compose import DETAIL, Wanted, one_query, page_query, totals_query, undated_query
from dash.replay.description import ROLES, SourceFile
from dash.replay.reading import Replay
from dash.replay.records import Event, Moment, Page, Place, Totals

PAGE = 200
MOST_ON_A_PAGE = 2_000
_UNREADABLE = {"22P02", "22003", "22007", "22008"}
"""What the database says of an id that is no value of the column's type: then there is no such row."""


@dataclass(frozen=True)
class _Stretch:
    """What one source gave: events nearest first, and whether it has more than that."""

    events: tuple[Event, ...]
    more: bool
    masked: frozenset[str]


def read_page(
    replay: Replay,
    conversation: str,
    *,
    after: Place | None = None,
    before: Place | None = None,
    kinds: Collection[str] | None = None,
    failed_too: bool = False,
    limit: int = PAGE,
) -> Page:
    """Events behind `after`, or the last ones before `before`, or the first ones; in the order in which they happened.

    `kinds` leaves out the others, except failed ones with `failed_too`. Raises QueryFailed, DatabaseUnavailable.
    """
    limit = max(1, min(limit, MOST_ON_A_PAGE))
    forward = before is None
    wanted = Wanted(conversation, None if kinds is None else frozenset(kinds), failed_too)
    place = after if forward else before
    events: list[Event] = []
    masked: frozenset[str] = frozenset()
    more = False
    # Events without a time stand behind the others, so the way back begins with them.
    for dated in (True, False) if forward else (False, True):
        if more:
            break
        if not dated and not _has_undated(replay, conversation):
            continue
        if len(events) >= limit:
            more = True
            break
        found = _merge(replay, wanted, place, forward=forward, dated=dated, limit=limit - len(events))
        events += found.events
        masked |= found.masked
        more = found.more
    return _page(events, place, masked, forward=forward, more=more)


def _page(events: list[Event], place: Place | None, masked: frozenset[str], *, forward: bool, more: bool) -> Page:
    ordered = tuple(events if forward else reversed(events))
    behind = place is not None
    return Page(ordered, behind if forward else more, more if forward else behind, masked)


def _has_undated(replay: Replay, conversation: str) -> bool:
    return bool(_rows(replay, undated_query(replay.description.sources(), conversation)))


def _merge(replay: Replay, wanted: Wanted, place: Place | None, *, forward: bool, dated: bool, limit: int) -> _Stretch:
    """The nearest events of all sources together."""
    stretches = list(_stretches(replay, wanted, place, forward=forward, dated=dated, limit=limit))
    events = [event for stretch in stretches for event in stretch.events]
    events.sort(key=_order, reverse=not forward)
    # A source that has more than it gave says nothing about what stands behind its last event.
    ends = [stretch.events[-1] for stretch in stretches if stretch.more]
    horizon = (min if forward else max)(ends, key=_order, default=None)
    if horizon is not None:
        events = events[: events.index(horizon) + 1]
    masked = frozenset[str]().union(*(stretch.masked for stretch in stretches))
    return _Stretch(tuple(events[:limit]), horizon is not None or len(events) > limit, masked)


def _stretches(
    replay: Replay, wanted: Wanted, place: Place | None, *, forward: bool, dated: bool, limit: int
) -> Iterator[_Stretch]:
    for rank, name, source in replay.description.sources():
        query = page_query(rank, source, wanted, place, forward=forward, dated=dated, limit=limit + 1)
        if query is None:
            continue
        try:
            found = replay.read(query)
        except QueryFailed as error:
            if error.sqlstate in _UNREADABLE:
                continue
            raise
        events = tuple(_event(rank, name, source, row) for row in found.rows)
        more = found.cut or len(events) > limit
        yield _Stretch(events[:limit] if len(events) > limit else events, more, found.masked)


def _order(event: Event) -> tuple[int, datetime, str, int]:
    """Time and rank; within one source the database has put events in order, and sorting keeps it."""
    return event.place.before_ids()


def find_event(replay: Replay, conversation: str, ref: str) -> Event | None:
    """The event that a link names (messages.17), or the first one at or after a moment (2026-11-20T10:00Z)."""
    name, _, identity = ref.partition(".")
    for rank, known, source in replay.description.sources():
        if known == name and identity:
            rows = _rows(replay, one_query(source, conversation, identity))
            events = [event for row in rows if (event := _event(rank, name, source, row)).kind in _kinds(source)]
            return events[0] if events else None
    try:
        moment = datetime.fromisoformat(ref)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=replay.dash.clock().tzinfo)
    page = read_page(replay, conversation, after=Place(moment, -1, ""), limit=1)
    return page.events[0] if page.events else None


def find_next(
    replay: Replay, conversation: str, place: Place | None, kinds: Collection[str], *, forward: bool = True
) -> Event | None:
    """The next event of these kinds, or the one before; looking for errors finds whatever failed."""
    failed = "error" in kinds
    side = {"after": place} if forward else {"before": place}
    page = read_page(replay, conversation, kinds=kinds, failed_too=failed, limit=1, **side)
    return page.events[0] if page.events else None


def read_around(replay: Replay, conversation: str, event: Event, *, limit: int = PAGE) -> Page:
    """A page with the event in it, a third of it before."""
    earlier = read_page(replay, conversation, before=event.place, limit=max(1, limit // 3))
    later = read_page(replay, conversation, after=event.place, limit=limit - len(earlier.events))
    events = (*earlier.events, event, *later.events)
    return Page(events, earlier.more_before, later.more_after, earlier.masked | later.masked)


def read_totals(replay: Replay, conversation: str, before: Place | None = None) -> Totals:
    """What the conversation adds up to, or what came before a place."""
    query = totals_query(replay.description.sources(), conversation, before)
    sources = {rank: source for rank, _, source in replay.description.sources()}
    kinds: dict[str, int] = {}
    tokens, cost = Decimal(0), Decimal(0)
    moments: list[Moment] = []
    for row in _rows(replay, query) if query.sql else ():
        if not row["events"]:
            continue
        kind = kind_of(sources[row["source"]], row["kind"])
        kinds[kind] = kinds.get(kind, 0) + row["events"]
        tokens += row["tokens"] or 0
        cost += row["cost_usd"] or 0
        moments += [row["first_at"], row["last_at"]]
    known = sorted(moment for moment in moments if isinstance(moment, datetime))
    first, last = (known[0], known[-1]) if known else (None, None)
    return Totals(sum(kinds.values()), kinds, int(tokens), float(cost), first, last)


def _rows(replay: Replay, query: Any) -> list[Any]:
    """Rows; none where an id is no value of its column at all."""
    try:
        return list(replay.read(query).rows)
    except QueryFailed as error:
        if error.sqlstate in _UNREADABLE:
            return []
        raise


def _event(rank: int, name: str, source: SourceFile, row: Any) -> Event:
    role = _text(row.get("role"))
    return Event(
        source=name,
        place=Place(row["moment"], rank, row["id"] if isinstance(row["id"], int) else str(row["id"])),
        kind=kind_of(source, row["kind"]),
        role=role if role in ROLES else None,
        actor=_text(row.get("actor")),
        title=_text(row.get("title")),
        body=_text(row.get("body")),
        status=_text(row.get("status")),
        failed=row.get("failed") is True,
        duration_ms=_number(row.get("duration_ms")),
        tokens=None if (tokens := _number(row.get("tokens"))) is None else int(tokens),
        cost_usd=_number(row.get("cost_usd")),
        expires_at=row.get("expires_at"),
        resolved_at=row.get("resolved_at"),
        details={key: row[DETAIL + key] for key in source.details if row[DETAIL + key] is not None},
    )


def kind_of(source: SourceFile, written: str | None) -> str:
    """The kind of a row whose kind column, if the source has one, holds `written`."""
    return source.kind.always or source.kind.values.get(str(written), "other")


def _kinds(source: SourceFile) -> set[str]:
    return {source.kind.always} if source.kind.always else set(source.kind.values.values())


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _number(value: Any) -> float | None:
    """A number that can be shown; NaN, infinity and a mask are none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = float(value)
    return number if number == number and abs(number) != float("inf") else None
