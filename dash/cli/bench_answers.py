"""What a whole answer takes around a language model that answers at once: the question, the model's query of governed
names or its SQL, the guard, the proofs, the database, the sentences and the record.

On demo data of its own, so that no question of people's is counted. What is left without the guard and the query is
ours: it contains the scripted server and HTTP on loopback, whose processor time is this process's own too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from dash.ask import Dash
from dash.cli.figures import percentile, plain_table, wide_console
from dash.cli.progress import Progress
from dash.database import Database
from dash.database.siblings import ensure_sibling
from dash.demo.load import load_demo
from dash.llm import open_model
from dash.llm.scripted import Received, Reply, ScriptedModel, says
from dash.settings import LlmSettings, Settings

SIBLING = ("bench", "a" * 12)
UNTIL = datetime(2026, 6, 17, 12, tzinfo=UTC)
TICKETS, ROUNDS = 2_000, 30
AIM_MILLISECONDS = 50.0
_QUESTIONS = {
    "governed names": "How many {word} tickets are there?",
    "SQL": "How many {word} ones are there?",
}


@dataclass(frozen=True)
class Whole:
    """One answer: milliseconds in all, of its guarded query, of this process's processor, and requests."""

    milliseconds: float
    database: float
    processor: float
    requests: int


def bench_answers(first: Database, progress: Progress) -> dict[str, list[Whole]]:
    """What whole answers take, by how the model answers."""
    settings = ensure_sibling(first, *SIBLING, _fill, progress)
    with Dash.open(settings, clock=lambda: UNTIL) as dash, ScriptedModel(_reply) as server:
        llm = LlmSettings(api_key="none", base_url=server.url, model="instant")
        dash.model = open_model(replace(settings, llm=llm), dash.database)
        return {name: _measure(dash, server, text, progress) for name, text in _QUESTIONS.items()}


def _fill(settings: Settings) -> None:
    with Database.open(settings) as database:
        load_demo(database, tickets=TICKETS, until=UNTIL)


def _measure(dash: Dash, server: ScriptedModel, text: str, progress: Progress) -> list[Whole]:
    found = []
    for number in range(ROUNDS + 1):
        progress(f"Answering {number} of {ROUNDS}")
        before = len(server.requests)
        word = "zorb" + "abcdefghij"[number % 10] + "klmnopqrst"[number // 10]
        began, worked = time.perf_counter(), time.process_time()
        answer = dash.ask(text.format(word=word), learns=False)
        took, work = (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000
        assert answer.outcome == "answered", answer.headline
        entry = next(entry for entry in dash.runs.audit(limit=3) if entry.run_id == answer.run_id)
        ran = sum(query["duration_ms"] for query in entry.queries if query["role"] == "main")
        found.append(Whole(took, ran, work, len(server.requests) - before))
    return found[1:]  # the first one loads Agno


def _reply(received: Received) -> Reply:
    """A model that takes unknown words for filler, and writes SQL where the question names nothing to count."""
    wanted: dict[str, Any] = received.schema.get("properties", {})
    words = {"words": [{"words": _unknown(received), "meaning": "nothing"}]} if "words" in wanted else {}
    if "sql" in wanted:
        table = received.said("user").partition("Table ")[2].partition(" ")[0]
        return says({"sql": f"SELECT COUNT(*) FROM {table} AS t", "possible": True, **words})
    blank: dict[str, Callable[[], Any]] = {"array": list, "boolean": bool}
    said = {name: blank.get(kind.get("type", ""), lambda: None)() for name, kind in wanted.items()}
    if "ones" in received.said("user").rpartition("<question>")[2]:
        return says(said | {"say": "sql"} | words)
    return says(said | {"say": "query", "metrics": ["tickets"]} | words)


def _unknown(received: Received) -> str:
    """The word that the prompt asks to explain."""
    _, _, behind = received.said("user").partition("Words to explain: ")
    words = json.loads(behind.partition("\n")[0] or "[]")
    return str(words[0]) if words else ""


def report_answers(found: dict[str, list[Whole]]) -> None:
    """Print it."""
    console = wide_console()
    table = plain_table(
        "A whole answer around an instant model, ms", "n", "requests", "p50", "p95", "of it the query p50", "CPU p50"
    )
    worst = 0.0
    for name, taken in found.items():
        times = [one.milliseconds for one in taken]
        ours = [one.milliseconds - one.database for one in taken]
        worst = max(worst, percentile(ours, 0.5))
        beside = [percentile([one.database for one in taken], 0.5), percentile([one.processor for one in taken], 0.5)]
        figures = (percentile(times, 0.5), percentile(times, 0.95), *beside)
        table.add_row(name, str(len(taken)), str(taken[0].requests), *(f"{figure:,.1f}" for figure in figures))
    console.print(table)
    kept = worst <= AIM_MILLISECONDS
    aim = f"Aim: without the query ≤ {AIM_MILLISECONDS:.0f} ms at p50"
    console.print(f"{aim}  {'[green]kept[/]' if kept else '[red]missed[/]'}\n")
