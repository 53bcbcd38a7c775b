"""`dash bench`: how long answers take on this machine, over golden questions and the data that is loaded.

"Overhead" is what a whole answer takes beyond its own SQL: the same text with the same values, sent once more over an
idle connection without any of our limits. Each question is asked once before it is measured, so that the numbers are
those of a product that has been running for a while.
"""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from dash.cli.figures import percentile, plain_table, timed, wide_console
from dash.cli.progress import Progress, shown_progress
from dash.cli.serving import free_port, page_process, url, wait_until_it_answers
from dash.errors import DashError, UserError
from dash.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from dash.ask import Dash
    from dash.database import Database
    from dash.knowledge import Knowledge

QUESTIONS = 200
REPEATS_OF_COMMANDS = 5


@dataclass
class Samples:
    """Milliseconds by what was measured, and what the answers were."""

    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    slowest: list[tuple[float, str]] = field(default_factory=list)

    def add(self, name: str, milliseconds: float) -> None:
        self.milliseconds.setdefault(name, []).append(milliseconds)


# What is measured, in the order of the report, with the aim in milliseconds at p50 and p95 where there is one.
AIMS: Mapping[str, tuple[float | None, float | None]] = {
    "planning (ground + plan)": (None, None),
    "guard": (None, None),
    "the SQL alone": (None, None),
    "whole answer": (None, None),
    "overhead over the SQL alone": (25.0, 60.0),
    "import dash": (None, None),
    "dash --help": (500.0, None),
    "page: from start to answering": (2000.0, None),
    "page: until the question box is painted": (2000.0, None),
}


@click.command("bench", short_help="Measure how long answers take.")
@click.argument("what", type=click.Choice(["answers", "llm", "ui"]), default="answers")
@click.option("--questions", type=click.IntRange(1), default=QUESTIONS, show_default=True, help="At least this many.")
@click.option("--answers-only", is_flag=True, help="Leave out the start of commands and of the page.")
def bench_command(what: str, questions: int, answers_only: bool) -> None:
    """Measure planning, the guard, whole answers and their overhead, and the start of commands and the page.

    llm: what asking a language model costs beside the model, and how each failure of one ends. No real model is asked.
    ui: how the pages feel in a browser, and how long a board takes.
    """
    if what == "ui":
        from dash.cli.bench_ui import bench_ui

        bench_ui()
        return
    if what == "llm":
        from dash.cli.bench_llm import bench_llm

        bench_llm(questions)
        return

    from dash.ask import Dash

    samples = Samples()
    settings = Settings.from_env().without_model()
    with shown_progress() as progress, Dash.open(settings, progress=progress) as dash:
        asked = questions_of(dash.knowledge, questions)
        _measure_answers(dash, asked, samples, progress)
        if not answers_only:
            _measure_commands(samples, progress)
            _measure_page(settings, samples, progress)
    _report(samples, len(asked))


def questions_of(knowledge: Knowledge, at_least: int) -> list[str]:
    """Golden questions first, then vetted queries' own example questions, then all of them again up to `at_least`."""
    golden = [case.question for case in knowledge.evals if case.question]
    examples = [
        question.format_map({name: parameter.default for name, parameter in query.parameters.items()})
        for query in knowledge.queries.values()
        for question in query.questions
        if all(parameter.default is not None for parameter in query.parameters.values()) or "{" not in question
    ]
    found = list(dict.fromkeys([*golden, *examples]))
    if not found:
        raise UserError("There are no golden questions in knowledge/evals/ to measure with.")
    return (found * (at_least // len(found) + 1))[: max(at_least, len(golden))]


def _measure_answers(dash: Dash, questions: list[str], samples: Samples, progress: Progress) -> None:
    for question in questions:
        dash.ask(question)
    for number, question in enumerate(questions, start=1):
        progress(f"Asking question {number} of {len(questions)}")
        answer, whole = timed(lambda question=question: dash.ask(question))  # type: ignore[misc]
        samples.outcomes[answer.outcome] = samples.outcomes.get(answer.outcome, 0) + 1
        samples.add("planning (ground + plan)", sum(answer.timings_ms.get(step, 0.0) for step in ("ground", "plan")))
        if answer.outcome != "answered":
            continue
        samples.add("whole answer", whole)
        samples.add("guard", answer.timings_ms.get("guard", 0.0))
        alone = _alone(dash.database, answer.sql or "", answer.parameters, dash.settings.zone)
        if alone is not None:
            samples.add("the SQL alone", alone)
            samples.add("overhead over the SQL alone", max(0.0, whole - alone))
            samples.slowest.append((max(0.0, whole - alone), question))


def _alone(database: Database, sql: str, parameters: Mapping[str, Any], zone: str) -> float | None:
    """Milliseconds of the SQL by itself, rows fetched; None when it could not be sent again."""
    from dash.knowledge.placeholders import bind

    try:
        text, values = bind(sql, parameters)
        # "$1" becomes "%(v1)s", the form of the connection that keeps our state; it sends "$1" again.
        text = re.sub(r"\$(\d+)", r"%(v\1)s", text.replace("%", "%%"))
        named = {f"v{number}": value for number, value in enumerate(values, start=1)}
        with database.state() as connection:
            connection.execute(f"SET LOCAL timezone = '{zone}'".encode())
            _, milliseconds = timed(lambda: connection.execute(text.encode(), named).fetchall())
    except DashError:
        return None
    return milliseconds


def _measure_commands(samples: Samples, progress: Progress) -> None:
    python = [sys.executable, "-I", "-X", "utf8"]
    commands = {"import dash": [*python, "-c", "import dash"], "dash --help": [*python, "-m", "dash", "--help"]}
    for name, command in commands.items():
        progress(f"Starting: {name}")
        for _ in range(REPEATS_OF_COMMANDS):
            samples.add(name, timed(lambda command=command: subprocess.run(command, capture_output=True))[1])  # type: ignore[misc]


def _measure_page(settings: Settings, samples: Samples, progress: Progress) -> None:
    progress("Starting the page")
    settings = dataclasses.replace(settings, host="127.0.0.1", port=free_port("127.0.0.1", 18501))
    started = time.perf_counter()
    with page_process(settings) as page:
        wait_until_it_answers(settings, page)
        samples.add("page: from start to answering", (time.perf_counter() - started) * 1000)
        for milliseconds in _paints(url(settings)):
            samples.add("page: until the question box is painted", milliseconds)


def _paints(address: str) -> list[float]:
    """Milliseconds from opening the page to its question box, in a browser; none on a machine without one."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        return []
    from playwright.sync_api import Error, sync_playwright

    found = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for _ in range(REPEATS_OF_COMMANDS):
            page = chromium.new_page()
            started = time.perf_counter()
            try:
                page.goto(address)
                page.locator("[data-testid=stChatInput]").first.wait_for(timeout=30_000)
            except Error:
                break
            found.append((time.perf_counter() - started) * 1000)
        chromium.close()
    return found


def _report(samples: Samples, asked: int) -> None:
    console = print_samples(samples, AIMS)
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(samples.outcomes.items()))
    console.print(f"\n{asked} questions: {outcomes}", markup=False)
    console.print("Most overhead:", style="dim")
    for overhead, question in sorted(samples.slowest, reverse=True)[:5]:
        console.print(f"  {overhead:7.1f} ms  {question}", markup=False, style="dim")


def print_samples(samples: Samples, aims: Mapping[str, tuple[float | None, float | None]]) -> Console:
    """Print what was measured, in the order of `aims`; returns where it was printed."""
    console = wide_console()
    table = plain_table("Milliseconds", "n", "p50", "p95", "most", "aim p50 / p95")
    for name, (aim_p50, aim_p95) in aims.items():
        values = samples.milliseconds.get(name)
        if values:
            p50, p95 = percentile(values, 0.5), percentile(values, 0.95)
            figures = [f"{figure:,.1f}" for figure in (p50, p95, max(values))]
            table.add_row(name, str(len(values)), *figures, _verdict((p50, aim_p50), (p95, aim_p95)))
    console.print(table)
    return console


def _verdict(*measured: tuple[float, float | None]) -> str:
    aims = [aim for _, aim in measured if aim is not None]
    if not aims:
        return ""
    kept = all(value <= aim for value, aim in measured if aim is not None)
    words = " / ".join("–" if aim is None else f"≤ {aim:,.0f}" for _, aim in measured)
    return f"{words}  [green]kept[/]" if kept else f"{words}  [red]missed[/]"
