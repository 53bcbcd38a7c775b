"""`dash bench llm`: what asking a language model costs beside the model, and how each failure of one ends.

The model is a scripted one that answers at once, so what is measured is ours: Agno, HTTP on loopback, checking the
answer, counting it in the database. The calls are counted in a database of their own, not among those of people.
"""

from __future__ import annotations

import json
import time
import urllib.request
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import click
from pydantic import BaseModel, ConfigDict

from dash.cli.bench_prompts import bench_prompts, report_prompts
from dash.cli.figures import percentile, plain_table, wide_console
from dash.cli.progress import Progress, shown_progress
from dash.errors import ModelFailed
from dash.llm import ModelRequest, ModelSession, open_model
from dash.llm.scripted import Received, Reply, ScriptedModel, says
from dash.records.question import Viewer
from dash.settings import LlmSettings, Settings

if TYPE_CHECKING:
    from dash.database import Database

AIM_MILLISECONDS = 50.0
DEADLINE_SECONDS = 4.0
SIBLING = ("bench", "0" * 12)


class _Asked(BaseModel):
    """About as much as a plan."""

    model_config = ConfigDict(extra="forbid")

    metric: Literal["tickets", "cost"]
    limit: int | None


ANSWER = says(_Asked(metric="tickets", limit=5))
REQUEST = ModelRequest("plan", "You plan a query. " * 400, "How many tickets are there?", _Asked)


def bench_llm(times: int) -> None:
    """Measure and print."""
    from dash.cli.bench_answers import bench_answers, report_answers
    from dash.database import Database
    from dash.database.siblings import ensure_sibling

    settings = replace(Settings.from_env(), llm=None)
    with shown_progress() as progress, Database.open(settings, progress) as first:
        beside = ensure_sibling(first, *SIBLING, lambda settings: Database.open(settings).close(), progress)
        with Database.open(beside) as database:
            overhead = _measure_overhead(database, times, progress)
            endings = _measure_failures(database, progress)
        answers = bench_answers(first, progress)
        prompts = bench_prompts(settings, progress)
    report_prompts(prompts)
    report_answers(answers)
    _report(overhead, endings)


def _session(database: Database, url: str, **settings: object) -> ModelSession:
    llm = LlmSettings(api_key="none", base_url=url, model="first", **settings)  # type: ignore[arg-type]
    model = open_model(replace(database.settings, llm=llm), database)
    assert model is not None
    return model.session(viewer=Viewer("bench"), run_id=None, cancelled=lambda: False)


def _measure_overhead(database: Database, times: int, progress: Progress) -> dict[str, list[float]]:
    """Milliseconds by what was measured."""
    found: dict[str, list[float]] = {"ask": [], "plain": [], "overhead": []}
    with ScriptedModel(ANSWER) as server:
        began = time.perf_counter()
        _session(database, server.url).ask(REQUEST)
        found["first"] = [(time.perf_counter() - began) * 1000]
        body = json.dumps(server.requests[0].body).encode()
        for number in range(1, times + 1):
            progress(f"Asking {number} of {times}")
            plain = _plain(server.url, body)
            session = _session(database, server.url)
            began = time.perf_counter()
            session.ask(REQUEST)
            ask = (time.perf_counter() - began) * 1000
            found["plain"].append(plain)
            found["ask"].append(ask)
            found["overhead"].append(max(0.0, ask - plain))
    return found


def _plain(url: str, body: bytes) -> float:
    """Milliseconds of the same request without any of our code."""
    request = urllib.request.Request(f"{url}/chat/completions", body, {"Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    began = time.perf_counter()
    with opener.open(request) as response:
        response.read()
    return (time.perf_counter() - began) * 1000


def _measure_failures(database: Database, progress: Progress) -> list[tuple[str, str, float, str, float]]:
    """For each failure: how it ends and after how many milliseconds, alone and with another model to ask."""
    from dash.llm.scripted_failures import FAILURES

    found = []
    for name, (reply, _) in FAILURES.items():
        progress(f"Failing: {name}")
        alone = _ending(database, reply)
        with_another = _ending(database, reply, fallbacks=("second",))
        found.append((name, *alone, *with_another))
    return found


def _ending(database: Database, reply: Reply, **settings: object) -> tuple[str, float]:
    def by_model(request: Received) -> Reply:
        return ANSWER if request.model == "second" else reply

    with ScriptedModel(by_model) as server:
        session = _session(database, server.url, deadline_seconds=DEADLINE_SECONDS, **settings)
        began = time.perf_counter()
        try:
            session.ask(REQUEST)
            ending = "answered"
        except ModelFailed as error:
            ending = error.kind
        return ending, (time.perf_counter() - began) * 1000


def _report(overhead: dict[str, list[float]], endings: list[tuple[str, str, float, str, float]]) -> None:
    console = wide_console()
    table = plain_table("Milliseconds", "n", "p50", "p95", "most")
    names = {
        "first": "the first request, which loads Agno",
        "ask": "a request",
        "plain": "the same request by plain HTTP",
        "overhead": "overhead of a request",
    }
    for key, name in names.items():
        values = overhead[key]
        figures = [f"{figure:,.1f}" for figure in (percentile(values, 0.5), percentile(values, 0.95), max(values))]
        table.add_row(name, str(len(values)), *figures)
    console.print(table)
    kept = percentile(overhead["overhead"], 0.5) <= AIM_MILLISECONDS
    console.print(
        f"Aim: overhead ≤ {AIM_MILLISECONDS:.0f} ms at p50  {'[green]kept[/]' if kept else '[red]missed[/]'}\n"
    )
    failure = f"Failure (deadline {DEADLINE_SECONDS:.0f} s)"
    table = plain_table(failure, "ends as", "ms", "with another model", "ms ", text=(0, 1, 3))
    for name, alone, after, with_another, after_both in endings:
        table.add_row(name, alone, f"{after:,.0f}", with_another, f"{after_both:,.0f}")
    console.print(table)
    click.echo(
        f"{len(endings)} failures; {sum(ending[3] == 'answered' for ending in endings)} answered by another model"
    )
