"""`dash eval`: the golden questions, asked for real and compared with SQL that people wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import click

from dash.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from dash.evals import CaseOutcome, Report
    from dash.knowledge.formats import EvalFile

Score = Literal["correct", "asked", "wrong", "error"]
SCORES: tuple[Score, ...] = ("correct", "asked", "wrong", "error")
MOST_ROWS_SHOWN = 5


@click.command("eval", short_help="Ask the golden questions and score the answers.")
@click.option("--match", default="", metavar="TEXT", help="Only cases with TEXT in their id, question or tags.")
@click.option("--language", metavar="CODE", help="Only cases in this language.")
@click.option("--verbose", "-v", is_flag=True, help="Show also the questions that were asked back.")
@click.pass_context
def eval_command(ctx: click.Context, match: str, language: str | None, verbose: bool) -> None:
    """Ask the golden questions and score the answers; exit code 1 when one is wrong.

    A question asked back is honest but not an answer; an answer that differs from the hand-written SQL is wrong.
    """
    from rich.console import Console

    from dash.ask import Dash
    from dash.cli.progress import shown_progress
    from dash.evals import run_evals

    with shown_progress() as progress, Dash.open(Settings.from_env(), progress=progress) as dash:
        cases = [case for case in dash.knowledge.evals if _is_meant(case, match, language)]
        report = run_evals(
            dash, cases, now=datetime.now(UTC), progress=lambda done, total: progress(f"Asking {done} of {total}")
        )
    console = Console(highlight=False, soft_wrap=True)
    for outcome in report.outcomes:
        if outcome.score in ("wrong", "error") or (verbose and outcome.score == "asked"):
            _show(console, outcome)
    _show_counts(console, report)
    ctx.exit(1 if report.wrong else 0)


def _is_meant(case: EvalFile, match: str, language: str | None) -> bool:
    words = " ".join([case.id, case.question or "", *case.turns, *case.tags]).lower()
    return match.lower() in words and language in (None, case.language)


def _show(console: Console, outcome: CaseOutcome) -> None:
    from rich.text import Text

    from dash.cli.show import clean

    case, answer = outcome.case, outcome.answer
    question = case.question or " → ".join(case.turns)
    console.print(Text(f"{outcome.score}: {case.id}: {question}", style="bold"))
    lines = [f"said: {answer.headline}", f"run: {answer.run_id}"]
    if outcome.golden is not None:
        lines += [f"expected: {_rows(outcome.golden)}", f"got: {_rows(answer.rows)}"]
    if outcome.note:
        lines.append(outcome.note)
    for line in lines:
        console.print(Text(f"  {clean(line)}"))


def _rows(rows: Sequence[Sequence[object]]) -> str:
    shown = "; ".join(", ".join(str(cell) for cell in row) for row in rows[:MOST_ROWS_SHOWN])
    return f"{len(rows)} rows: {shown}{' …' if len(rows) > MOST_ROWS_SHOWN else ''}"


def _show_counts(console: Console, report: Report) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in ("Kind", "Language", "Cases", *SCORES):
        table.add_column(heading, justify="left" if heading in ("Kind", "Language") else "right")
    groups = sorted({(outcome.case.kind, outcome.case.language) for outcome in report.outcomes})
    for kind, language in groups:
        counts = [report.count(score, kind=kind, language=language) for score in SCORES]
        table.add_row(kind, language, str(sum(counts)), *map(str, counts))
    counts = [report.count(score) for score in SCORES]
    table.add_row("all", "", str(sum(counts)), *map(str, counts), style="bold")
    console.print(table)
