"""How long a check of stuck tickets takes on a crowd (crowd.sql): a million tickets, 5,000 of them stuck.

Beside each figure stands the bare SQL: the same text over an idle connection, without the guard, our limits and our
records. Run it by scripts/bench-stuck; the crowd is made once and kept in DASH_HOME.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from dash.ask import Dash
from dash.database import Database
from dash.knowledge.stuck import StuckFile, parse_stuck
from dash.ops import StuckDesk
from dash.ops.judging import PAGE, judge, judging_query
from dash.records import PlannedQuery, Viewer
from dash.settings import Settings
from tests.crowd import make_crowd, run_bare
from tests.ops.test_definition import OVERRIDES, PLAIN, SHIPPED, WORKING_DAYS

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
REPEATS = 5
CHECK_MS = 2_000


def main() -> None:
    settings = Settings.from_env().without_model()
    with Database.open(settings) as database:
        make_crowd(database, Path(__file__).with_name("crowd.sql"))
    moments = iter(NOW + timedelta(minutes=minutes) for minutes in range(1_000))
    with Dash.open(settings) as dash, psycopg.connect(dash.database.owner_dsn(), autocommit=True) as bare:
        bare.execute("SET work_mem = '64MB'")
        desk = StuckDesk.open(dash, Viewer("bench", roles=frozenset({"ops"})))
        stuck = len(list(judge(dash, desk.file, NOW)))
        print(f"{stuck:,} of 1,000,000 tickets are stuck")
        print(f"{'ms, median of ' + str(REPEATS):<44}{'first':>9}{'then':>9}{'bare SQL':>10}   aim")
        for name, file in _definitions(desk.file).items():
            query = _bound(judging_query(file, PAGE))
            _measure(f"judging: {name}", lambda f=file: list(judge(dash, f, NOW)), CHECK_MS,  # type: ignore[misc]
                     lambda q=query: run_bare(bare, q))  # type: ignore[misc]  # fmt: skip
        _measure("a check: judged, compared, kept", lambda: desk.check(next(moments)), CHECK_MS)
        check = desk.latest()
        assert check is not None
        diff = desk.diff(check)
        _measure("what changed, read", lambda: desk.diff(check), None)
        _measure("the list with its states, read", lambda: desk.entries(diff), None)


def _definitions(shipped: StuckFile) -> dict[str, StuckFile]:
    found = {"as shipped": shipped}
    texts = {"other hours for some": SHIPPED.replace(PLAIN, OVERRIDES)}
    texts["business hours"] = texts["other hours for some"] + WORKING_DAYS
    for name, text in texts.items():
        file, document = parse_stuck(text, "stuck.yaml")
        assert file is not None, document.faults
        found[name] = file
    return found


def _bound(query: PlannedQuery) -> PlannedQuery:
    return PlannedQuery(query.sql, {**query.parameters, "now": NOW})


def _measure(name: str, work: Callable[[], object], aim: int | None, alone: Callable[[], object] | None = None) -> None:
    first = _timed(work)
    then = statistics.median(_timed(work) for _ in range(REPEATS))
    bare = f"{statistics.median(_timed(alone) for _ in range(REPEATS)):>10.1f}" if alone else " " * 10
    verdict = "" if aim is None else f"≤ {aim:,} {'kept' if then <= aim else 'MISSED'}"
    print(f"{name:<44}{first:>9.1f}{then:>9.1f}{bare}   {verdict}", flush=True)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
