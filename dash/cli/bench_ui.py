"""`dash bench ui`: how the pages feel, measured in the system's Chromium on the data that is loaded.

An answer's wait is counted from the moment when its last SQL had returned (what the run's record says) to the moment
when its headline is in the browser. A page counts as there when its script is through. Figures only: a machine that is
busy with other things shows in them, so the load is printed beside them.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash.cli.bench import REPEATS_OF_COMMANDS, Samples, print_samples
from dash.cli.progress import Progress, shown_progress
from dash.cli.serving import free_port, page_process, url, wait_until_it_answers
from dash.errors import EnvironmentProblem
from dash.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from dash.ask import Dash

AIMS = {
    "first paint": 1500.0,
    "until the question box is there": 1500.0,
    "answer visible after its SQL": 300.0,
}
_SWITCH = 500.0
_BOARD = 2000.0
_QUIET = "document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"
_BOX = "[data-testid=stChatInputTextArea]"


def bench_ui() -> None:
    """Start the page on a free port, look at it, end it; then read boards without a browser."""
    from dash.ask import Dash

    settings = replace(Settings.from_env().without_model(), host="127.0.0.1")
    settings = replace(settings, port=free_port(settings.host, settings.port + 20))
    samples, aims = Samples(), dict(AIMS)
    with shown_progress() as progress, Dash.open(settings, progress=progress) as dash:
        with page_process(settings) as process:
            progress("Starting the page")
            wait_until_it_answers(settings, process)
            with _browser() as open_tab:
                _measure(dash, settings, samples, aims, open_tab, progress)
        _measure_board(dash, samples, aims, progress)
        rows = sum(_rows(dash))
    print_samples(samples, {name: (aim, None) for name, aim in aims.items()})
    print(f"\n{rows:,} rows in the described tables; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


@contextmanager
def _browser() -> Iterator[Any]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise EnvironmentProblem("There is no Chromium on this machine to measure with; install the package chromium.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-quic"])
        yield lambda: chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
        chromium.close()


def _measure(
    dash: Dash, settings: Settings, samples: Samples, aims: dict[str, float], open_tab: Any, progress: Progress
) -> None:
    address = url(settings)
    _settle(open_tab(), address)  # what the first visitor of a process waits for is measured by `dash bench`
    for number in range(REPEATS_OF_COMMANDS):
        progress(f"Opening the page, {number + 1} of {REPEATS_OF_COMMANDS}")
        page = open_tab()
        started = time.perf_counter()
        page.goto(address)
        page.locator(_BOX).first.wait_for()
        samples.add("until the question box is there", (time.perf_counter() - started) * 1000)
        painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
        samples.add("first paint", painted)
        page.context.close()
    progress("Asking")
    _measure_answers(dash, samples, open_tab(), address)
    progress("Switching pages")
    _measure_switches(samples, aims, open_tab(), address)


def _settle(page: Page, address: str) -> None:
    page.goto(address, timeout=120_000)
    page.locator(_BOX).first.wait_for(timeout=120_000)
    page.wait_for_function(_QUIET)
    page.context.close()


def _measure_answers(dash: Dash, samples: Samples, page: Page, address: str) -> None:
    questions = [one for starter in dash.knowledge.starters if (one := starter.question.get("en"))]
    page.goto(address)
    for number, question in enumerate(questions, start=1):
        page.locator(_BOX).first.fill(question)
        page.locator(_BOX).first.press("Enter")
        seen = page.wait_for_function(
            "n => document.querySelectorAll('[class*=st-key-headline-]').length >= n"
            " ? performance.timeOrigin + performance.now() : 0",
            arg=number,
            timeout=60_000,
            polling="raf",
        ).json_value()
        page.wait_for_function(_QUIET)
        newest = dash.runs.audit(asked_by=dash.settings.user, limit=1)[0]
        answer = dash.runs.get(newest.run_id).answer or {}
        if newest.finished_at is not None and newest.question == question:
            returned = newest.finished_at.timestamp() * 1000 - answer["timings_ms"].get("interpret", 0.0)
            samples.add("answer visible after its SQL", max(0.0, seen - returned))
    page.context.close()


def _measure_switches(samples: Samples, aims: dict[str, float], page: Page, address: str) -> None:
    page.goto(address)
    page.locator(_BOX).first.wait_for()
    links = page.locator("[data-testid=stSidebarNavLink]")
    for _ in range(REPEATS_OF_COMMANDS):
        for place in range(links.count() - 1, -1, -1):
            link = links.nth(place)
            path = (link.get_attribute("href") or "/").rstrip("/").rpartition("/")[2] or "ask"
            name = f"switching to {path if ':' not in path else 'ask'}"
            aims[name] = _SWITCH
            page.wait_for_function(_QUIET)
            started = time.perf_counter()
            link.click()
            page.wait_for_timeout(20)
            page.wait_for_function(_QUIET, polling="raf", timeout=60_000)
            samples.add(name, (time.perf_counter() - started) * 1000)
    page.context.close()


def _measure_board(dash: Dash, samples: Samples, aims: dict[str, float], progress: Progress) -> None:
    """Every card of the board read anew, without a browser, for each of its periods."""
    from dash.board import Bar, Board
    from dash.knowledge.board import load_board
    from dash.records import Viewer

    file = load_board(dash.settings.knowledge)
    if file is None:
        return
    board, viewer = Board(dash, file), Viewer(dash.settings.user)
    for period in file.periods:
        progress(f"Reading the board of {period.window}")
        name = f"board read anew, {period.window}"
        aims[name] = _BOARD
        for _ in range(REPEATS_OF_COMMANDS):
            started = time.perf_counter()
            board.open(Bar(period.name), viewer, "en", anew=True).wait()
            samples.add(name, (time.perf_counter() - started) * 1000)
    board.close()


def _rows(dash: Dash) -> list[int]:
    """How many rows each described table has, counted the way of every question."""
    from dash.records import PlannedQuery, Question, Viewer

    viewer = Viewer(dash.settings.user)
    question = Question("", dash.clock(), viewer=viewer)
    found = []
    for table in dash.knowledge.allowed():
        checked = dash.check(PlannedQuery(f"SELECT COUNT(*) AS n FROM {table}"), viewer, "vetted")
        found.append(int(dash.execute(checked, question).rows[0][0]))
    return found
