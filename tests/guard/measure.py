"""The guard in figures: `scripts/bench guard`. What it takes, what it stops, and that it stops nothing useful.

The corpora are those of the tests beside this file, so a case that is added there is measured here. Ends with 1 when an
attack is accepted, an honest query is rejected or a bound is broken.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from rich.console import Console
from rich.table import Table

from dash.cli.figures import percentile
from dash.errors import QueryRejected
from tests.guard.attacks import ATTACKS
from tests.guard.checking import ANYONE, TRUSTED, check
from tests.guard.ordinary import ORDINARY
from tests.guard.test_knowledge import EVALS, KNOWLEDGE, _values
from tests.guard.test_personal import MASKED, PARAMETERS, REFUSED
from tests.guard.test_text import LONG, NESTED

REPEATS = 20
P50_MILLISECONDS = 5.0
WORST_MILLISECONDS = 250.0
WORST_MEGABYTES = 100.0

Honest = Mapping[str, list[tuple[str, dict[str, Any]]]]


def main() -> int:
    """Measure, print, and say whether everything holds."""
    console = Console(highlight=False)
    console.width = max(console.width, 120)
    honest: Honest = {
        "vetted queries": [_vetted(name) for name in KNOWLEDGE.queries],
        "golden queries": [(sql, _values(sql)) for _, sql in EVALS],
        "ordinary queries": [(sql, {}) for _, sql in ORDINARY],
    }
    held = [_speed(console, honest), _bombs(console), _attacks(console), _false_rejections(console, honest)]
    return 0 if all(held) else 1


def _vetted(name: str) -> tuple[str, dict[str, Any]]:
    query = KNOWLEDGE.queries[name]
    return query.sql, _values(query.sql, {key: parameter.type for key, parameter in query.parameters.items()})


def _speed(console: Console, honest: Honest) -> bool:
    texts = [case for cases in honest.values() for case in cases]
    kilobyte = [(sql, values) for sql, values in texts if 700 <= len(sql.encode()) <= 1_400]
    table = _table(console, "Milliseconds", "n", "p50", "p95", "most")
    medians = {}
    for name, cases in (("queries of about 1 kB", kilobyte), ("all honest queries", texts)):
        measured = [_milliseconds(lambda case=case: check(*case)) for case in cases for _ in range(REPEATS)]  # type: ignore[misc]
        medians[name] = percentile(measured, 0.5)
        table.add_row(name, str(len(cases)), *(f"{percentile(measured, share):.2f}" for share in (0.5, 0.95, 1.0)))
    console.print(table)
    return medians["queries of about 1 kB"] <= P50_MILLISECONDS


def _bombs(console: Console) -> bool:
    bombs = [*LONG, *((f"{shape} {depth} deep", _nested(shape, depth)) for shape in NESTED for depth in (8, 19, 200))]
    slowest: list[tuple[float, str]] = []
    largest: list[tuple[float, str]] = []
    for name, sql in bombs:
        slowest.append((min(_milliseconds(lambda sql=sql: _tried(sql)) for _ in range(2)), name))  # type: ignore[misc]
        tracemalloc.start()
        _tried(sql)
        largest.append((tracemalloc.get_traced_memory()[1] / 1e6, name))
        tracemalloc.stop()
    table = _table(console, f"Worst of {len(bombs)} bombs of at most 20 kB", "", "case")
    table.add_row("milliseconds", f"{max(slowest)[0]:.1f}", max(slowest)[1])
    table.add_row("megabytes", f"{max(largest)[0]:.1f}", max(largest)[1])
    console.print(table)
    return max(slowest)[0] <= WORST_MILLISECONDS and max(largest)[0] <= WORST_MEGABYTES


def _nested(shape: str, depth: int) -> str:
    opening, closing = shape.split("|")
    return "SELECT " + opening * depth + "1" + closing * depth


def _attacks(console: Console) -> bool:
    table = _table(console, "Attacks, by class", "cases", "rejected", "by rule")
    passed = 0
    classes: dict[str, list[tuple[str, dict[str, Any]]]] = {
        kind: [(sql, {}) for sql in texts] for kind, texts in ATTACKS.items()
    }
    personal = {"personal columns, for who may not see them": [(sql, PARAMETERS) for _, sql in REFUSED]}
    for viewer, groups in ((TRUSTED, classes), (ANYONE, personal)):
        for kind, cases in groups.items():
            rules = [rule for rule in (_rule(sql, values, viewer) for sql, values in cases) if rule]
            passed += len(cases) - len(rules)
            common = sorted(set(rules), key=lambda rule: (-rules.count(rule), rule))
            shown = ", ".join(f"{rule} {rules.count(rule)}" for rule in common[:4])
            table.add_row(kind, str(len(cases)), str(len(rules)), shown + (" …" if len(common) > 4 else ""))
    console.print(table)
    return passed == 0


def _false_rejections(console: Console, honest: Honest) -> bool:
    table = _table(console, "Honest queries", "n", "rejected", "")
    cases = {**honest, "queries with masked columns": [(sql, dict(PARAMETERS)) for _, sql, _ in MASKED]}
    found = {kind: _rejected(queries) for kind, queries in cases.items()}
    for kind, queries in cases.items():
        table.add_row(kind, str(len(queries)), str(len(found[kind])), "; ".join(sql[:60] for sql in found[kind][:3]))
    console.print(table)
    return not any(found.values())


def _rejected(cases: Iterable[tuple[str, dict[str, Any]]]) -> list[str]:
    return [sql for sql, values in cases if _rule(sql, values, ANYONE)]


def _rule(sql: str, values: Mapping[str, Any], viewer: Any) -> str | None:
    """Why it is rejected; None when it is accepted."""
    try:
        check(sql, values, viewer)
    except QueryRejected as error:
        return error.rule
    return None


def _tried(sql: str) -> None:
    with suppress(QueryRejected):
        check(sql, {"p": 1})


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _table(console: Console, *headings: str) -> Table:
    console.print()
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in headings:
        number = heading in ("n", "p50", "p95", "most", "cases", "rejected", "") and heading != headings[-1]
        table.add_column(heading, justify="right" if number else "left", no_wrap=heading != headings[-1])
    return table


if __name__ == "__main__":
    sys.exit(main())
