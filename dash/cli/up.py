"""`dash up`, which is what ./scripts/run runs: everything from an empty state folder to a page that answers.

It prepares in the foreground, so that every problem is one sentence on the terminal, then keeps two things for as long
as it lives: its own hold on the embedded database and the page's process. However it is told to stop, it ends the page
first and lets go of the database last.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dash.cli.progress import Progress, shown_progress
from dash.cli.serving import check_access, check_port, page_process, url, wait_until_it_answers
from dash.errors import DatabaseUnavailable, EnvironmentProblem
from dash.settings import Settings, require_surface

if TYPE_CHECKING:
    from dash.database import Database

NEEDED_BYTES = 400_000_000
FULL_BYTES = 50_000_000
DEMO_TICKETS = 20_000


class Stop(BaseException):
    """A signal asked us to end; not an Exception, so that nothing on the way takes it for a failure."""


@click.command("up", short_help="Start the database and the page (what ./scripts/run does).")
@click.option("--tickets", type=click.IntRange(1), default=DEMO_TICKETS, show_default=True, help="Demo tickets.")
def up_command(tickets: int) -> None:
    """Start the database, load demo data when there is none, check the knowledge, and serve the page."""
    started = time.monotonic()
    settings = Settings.from_env()
    require_surface(settings, "page")
    with signals_as_stop():
        try:
            with _only_one(settings) as mine:
                if mine:
                    _serve(settings, tickets, started)
                else:
                    click.echo(f"Dash is already running at {url(settings)}")
        except Stop:
            click.echo("Stopped.", err=True)


def _serve(settings: Settings, tickets: int, started: float) -> None:
    from dash.database import Database

    check_access(settings)
    check_disk(settings.home)
    check_port(settings)
    with shown_progress() as progress, Database.open(settings, progress) as database:
        try:
            _ensure_data(settings, database, tickets, progress)
        except DatabaseUnavailable:
            # A server that runs out of disk goes away without saying so to its clients.
            if settings.database_url is None:
                check_disk(settings.home, FULL_BYTES)
            raise
        progress("Checking the knowledge and starting the page")
        # Side by side: the page opens Dash while we check, and ends with us when there is a fault.
        with page_process(settings) as page:
            _require_usable(settings, database)
            wait_until_it_answers(settings, page)
            progress.done()
            seconds = time.monotonic() - started
            click.echo(f"Dash is ready after {seconds:.0f} s: {url(settings)}  (Ctrl-C stops it)")
            page.wait()
            raise EnvironmentProblem(f"The page ended by itself (code {page.returncode}); start again: ./scripts/run")


def _require_usable(settings: Settings, database: Database) -> None:
    """Raise KnowledgeError for faults of the files; a database that is not any more as they say is only told, because
    what does not need what has changed goes on being answered."""
    from dash.catalogue.faults import require_no_faults
    from dash.drift import compare
    from dash.knowledge import load_knowledge

    live = database.live_schema()
    found = compare(load_knowledge(settings.knowledge), live, live)
    require_no_faults(settings.knowledge, database if not found else None)
    for finding in found:
        click.echo(f"Not answered any more: {finding}. The mend: dash check --live --propose mend.diff", err=True)


def _ensure_data(settings: Settings, database: Database, tickets: int, progress: Progress) -> None:
    """Demo data when it is our own server, has none, and the knowledge is about such data."""
    from dash.demo.load import demo_present, ensure_demo

    if settings.reads_elsewhere:
        return
    if settings.database_url is None and not demo_present(database) and _is_about_demo_data(settings.knowledge):
        now = datetime.now(UTC)
        ensure_demo(database, tickets=tickets, until=now, progress=progress.counted, own_server=True)


def _is_about_demo_data(knowledge: Path) -> bool:
    from dash.demo.standing import TABLES
    from dash.knowledge import load_everything

    return not TABLES.isdisjoint(load_everything(knowledge).knowledge.allowed())


def check_disk(home: Path, needed: int = NEEDED_BYTES) -> None:
    """Raise EnvironmentProblem when the state folder's disk has less than `needed` bytes left."""
    folder = home
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise EnvironmentProblem(
            f"The database needs {NEEDED_BYTES // 1_000_000} MB of disk and {free // 1_000_000} MB are free; "
            "make room, or choose another disk with: DASH_HOME=/path/to/folder ./scripts/run"
        )


@contextlib.contextmanager
def _only_one(settings: Settings) -> Iterator[bool]:
    """False when a live Dash with this state folder serves this port already. The system drops the lock with us."""
    import fcntl

    from dash.database.folders import explained, prepare_home

    with explained(settings.home):
        prepare_home(settings.home)
        handle = open(settings.home / f"page-{settings.port}.lock", "w", encoding="utf-8")  # noqa: SIM115
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextlib.contextmanager
def signals_as_stop() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP raise Stop, once; while we end, further ones are ignored.

    Set explicitly: a shell starts background jobs with SIGINT ignored, and Python would leave it so.
    """
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: Any) -> None:
        for name in names:
            signal.signal(name, signal.SIG_IGN)
        raise Stop

    before = {name: signal.signal(name, stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
