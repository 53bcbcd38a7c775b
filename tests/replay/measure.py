"""How long replay takes on a crowd (crowd.sql): searches over a million tickets, and a conversation of 100,000 events.

Beside each figure stands the bare SQL: the same texts with the same values over an idle connection, without the guard,
our limits and our records. Run it by scripts/bench-replay; the crowd is made once and kept in DASH_HOME.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from dash.ask import Dash
from dash.database import Database
from dash.records import PlannedQuery, Viewer
from dash.replay import Replay
from dash.replay.gaps import read_gaps
from dash.replay.reading import Rows
from dash.replay.records import Place
from dash.replay.searching import Search, find_conversations, get_conversation
from dash.replay.timeline import find_event, find_next, read_around, read_page, read_totals
from dash.settings import Settings
from tests.crowd import make_crowd, run_bare

LONG = "T-0000002"
REPEATS = 5
SEARCH_MS, PAGE_MS = 1_000, 300
SEARCHES: dict[str, Search] = {
    "the newest": Search(),
    "one id": Search(id="T-0500000"),
    "a customer": Search(filters={"customer": ("C-77",)}),
    "category and channel": Search(filters={"category": ("payment_issue",), "channel": ("email",)}),
    "category and channel, none": Search(filters={"category": ("other",), "channel": ("chat",)}),
    "outcome and AI agent": Search(filters={"outcome": ("escalated",), "agent": ("discount",)}),
    "an AI agent that nobody saw": Search(filters={"agent": ("nobody",)}),
    "a rare tool": Search(filters={"tool": ("generate_cancel_link",)}),
    "a rare error": Search(filters={"error": ("auth",)}),
    "a tool and an error": Search(filters={"tool": ("get_order",), "error": ("timeout",)}),
    "a word in 78 % of messages": Search(filters={"text": ("word0",)}),
    "a word in 2 % of messages": Search(filters={"text": ("word50",)}),
    "a word in 0.3 % of messages": Search(filters={"text": ("word500",)}),
    "a word in 0.06 % of messages": Search(filters={"text": ("word4900",)}),
    "an order's number": Search(filters={"text": ("ORD-777777",)}),
    "three common words": Search(filters={"text": ("word0 word1 word2",)}),
    "no such word": Search(filters={"text": ("nonsense",)}),
    "word, tool and outcome": Search(
        filters={"text": ("word500",), "tool": ("apply_discount",), "outcome": ("escalated",)}
    ),
    "common word, tool and outcome": Search(
        filters={"text": ("word1",), "tool": ("apply_discount",), "outcome": ("escalated",)}
    ),
}


def main() -> None:
    settings = Settings.from_env().without_model()
    with Database.open(settings) as database:
        make_crowd(database, Path(__file__).with_name("crowd.sql"))
    with Dash.open(settings) as dash, psycopg.connect(dash.database.owner_dsn(), autocommit=True) as bare:
        bare.execute("SET work_mem = '64MB'")
        replay = Replay.open(dash, Viewer())
        print(f"{'ms, median of ' + str(REPEATS):<44}{'first':>9}{'then':>9}{'bare SQL':>10}   aim")
        for name, search in SEARCHES.items():
            _measure(f"search: {name}", replay, bare, lambda on, s=search: find_conversations(on, s), SEARCH_MS)  # type: ignore[misc]
        deep = find_conversations(replay, Search(until=replay.dash.clock().replace(year=2025, month=9))).next
        _measure(
            "search: a page far behind",
            replay,
            bare,
            lambda on: find_conversations(on, Search(), after=deep),
            SEARCH_MS,
        )
        _measure_conversation(replay, bare)


def _measure_conversation(replay: Replay, bare: psycopg.Connection[Any]) -> None:
    def opened(on: Replay) -> None:
        get_conversation(on, LONG)
        read_page(on, LONG)
        read_totals(on, LONG)

    def linked(on: Replay) -> None:
        event = find_event(on, LONG, "messages.3020000")
        assert event is not None
        read_around(on, LONG, event)
        read_totals(on, LONG, event.place)

    end = Place(None, 99, "")
    _measure("100,000 events: head, first page, totals", replay, bare, opened, PAGE_MS)
    _measure("100,000 events: the first page alone", replay, bare, lambda on: read_page(on, LONG), PAGE_MS)
    _measure("100,000 events: the last page", replay, bare, lambda on: read_page(on, LONG, before=end), PAGE_MS)
    _measure("100,000 events: a link into the middle", replay, bare, linked, PAGE_MS)
    _measure("100,000 events: the next error", replay, bare, lambda on: find_next(on, LONG, None, {"error"}), PAGE_MS)
    _measure("100,000 events: where time went", replay, bare, lambda on: read_gaps(on, LONG), None)


def _measure(
    name: str, replay: Replay, bare: psycopg.Connection[Any], work: Callable[[Replay], object], aim: int | None
) -> None:
    texts: list[PlannedQuery] = []

    class Listening(Replay):
        def read(self, planned: PlannedQuery, *, seconds: float = 10.0) -> Rows:
            texts.append(planned)
            return super().read(planned, seconds=seconds)

    first = _timed(lambda: work(Listening(replay.dash, replay.description, replay.viewer)))
    then = statistics.median(_timed(lambda: work(replay)) for _ in range(REPEATS))
    alone = statistics.median(_timed(lambda: [run_bare(bare, query) for query in texts]) for _ in range(REPEATS))
    verdict = "" if aim is None else f"≤ {aim:,} {'kept' if then <= aim else 'MISSED'}"
    print(f"{name:<44}{first:>9.1f}{then:>9.1f}{alone:>10.1f}   {verdict}", flush=True)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
