"""The repeated-mistake rate: `scripts/bench llm`. Somebody makes the same twelve mistakes on every question, on demo
data of its own, without what is learned and with it. Ends with 1 when a mistake comes back.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dash.ask import Dash
from dash.cli.figures import plain_table, wide_console
from dash.database import Database
from dash.demo.load import ensure_demo
from dash.knowledge import load_knowledge
from dash.settings import Settings
from tests.conftest import NOW

from .test_diagnosis import MISTAKES
from .test_measure import QUESTIONS, Stubborn


def main() -> int:
    """Measure, print, and say whether everything holds."""
    with TemporaryDirectory(prefix="dash-mistakes-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the server's account has to enter it
        settings = replace(Settings(home=folder / "home"), learnings=folder / "learnings")
        with Database.open(settings) as database:
            database.grant_reader(load_knowledge(settings.knowledge).allowed())
            ensure_demo(database, tickets=2_000, until=NOW)
            with Dash.open(settings, clock=lambda: NOW) as dash:
                rounds = [_round(dash, activates=False), *(_round(dash, activates=True) for _ in range(QUESTIONS))]
    table = plain_table("Twelve mistakes, made on every question", "made", "reached the database or the guard", "rate")
    names = [
        "nothing learned",
        "learned and activated, first question",
        *(f"question {n}" for n in range(2, QUESTIONS + 1)),
    ]
    for what, failed in zip(names, rounds, strict=True):
        table.add_row(what, str(len(MISTAKES)), str(failed), f"{100 * failed / len(MISTAKES):.0f} %")
    wide_console().print(table)
    return 0 if not any(rounds[2:]) else 1


def _round(dash: Dash, *, activates: bool) -> int:
    """How many of the mistakes of one question failed."""
    author = Stubborn(dash, activates=activates)
    for _, sql, _ in MISTAKES:
        author.answer(sql)
    return len(author.failed)


if __name__ == "__main__":
    sys.exit(main())
