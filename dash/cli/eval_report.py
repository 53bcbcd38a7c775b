"""The report of `dash eval` for people: every wrong case with both SQLs, then counts, then the figures that matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dash.cli.show import clean
from dash.evals import CaseOutcome, DataSet, Report
from dash.evals.document import groups
from dash.evals.scores import COST_OF_WRONG, SCORES

MOST_ROWS_SHOWN = 5
_WIDEST_CELL = 60
_HEADINGS = {"asked": "asked back", "error": "errors"}


def show_report(report: Report, data_sets: Sequence[DataSet], *, verbose: bool = False) -> None:
    """Print the report; `verbose` shows also what was asked back or declined instead of answered."""
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        # No terminal, no width: what is longer than 80 letters stays whole.
        console.width = 200
    for outcome in report.outcomes:
        if outcome.score in ("wrong", "error") or (verbose and outcome.score != "correct"):
            _show_case(console, outcome)
    _show_counts(console, report)
    _show_figures(console, report)
    _show_circumstances(console, report, data_sets)


def _show_case(console: Console, outcome: CaseOutcome) -> None:
    case, answer, trial = outcome.case, outcome.answer, outcome.trial
    question = case.question or " → ".join(case.turns)
    style = "bold red" if outcome.score in ("wrong", "error") else "bold"
    console.print(Text(clean(f"{outcome.score}: {case.id} ({case.kind}): {question}"), style=style))
    said = answer.provenance if answer.outcome == "answered" else answer.outcome
    lines = [f"said ({said}, {trial.data_set} data set): {answer.headline}"]
    lines += [f"could ask: {choice}" for choice in answer.choices]
    if outcome.note and outcome.note != answer.headline:
        lines += [line for line in outcome.note.splitlines() if line.strip()]
    understood = " · ".join(f"{each.words} → {each.meaning}" for each in answer.understood)
    lines += [f"understood: {understood}"] if understood else []
    for line in lines:
        console.print(Text(f"  {clean(line)}"))
    _show_side(console, "answer", answer.sql, answer.rows if answer.sql else None)
    expected = trial.shown_expected
    _show_side(console, "expected", expected.sql if expected else case.sql, expected.rows if expected else None)
    console.print()


def _show_side(console: Console, name: str, sql: str | None, rows: Sequence[Sequence[object]] | None) -> None:
    if rows is not None:
        console.print(Text(f"  {name}: {_rows(rows)}"))
    for line in (sql or "").strip().splitlines():
        console.print(Text(f"      {clean(line)}", style="dim"))


def _rows(rows: Sequence[Sequence[object]]) -> str:
    shown = "; ".join(", ".join(_cell(cell) for cell in row) for row in rows[:MOST_ROWS_SHOWN])
    noun = "row" if len(rows) == 1 else "rows"
    return f"{len(rows)} {noun}: {shown}{' …' if len(rows) > MOST_ROWS_SHOWN else ''}"


def _cell(cell: object) -> str:
    words = clean("∅" if cell is None else str(cell))
    return words if len(words) <= _WIDEST_CELL else f"{words[: _WIDEST_CELL - 1]}…"


def _show_counts(console: Console, report: Report) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in ("kind", "language", "cases", *SCORES):
        justify: Literal["left", "right"] = "left" if heading in ("kind", "language") else "right"
        table.add_column(_HEADINGS.get(heading, heading), justify=justify, no_wrap=True)
    for group in groups(report):
        table.add_row(*(str(group[name]) for name in ("kind", "language", "cases", *SCORES)))
    counts = [report.count(score) for score in SCORES]
    table.add_row("all", "", str(sum(counts)), *map(str, counts), style="bold")
    with console.capture() as painted:
        console.print(table)
    console.file.write("".join(f"{line.rstrip()}\n" for line in painted.get().splitlines()) + "\n")


def _show_figures(console: Console, report: Report) -> None:
    figures = report.summary
    answered = sum(outcome.score == "correct" for outcome in report.outcomes if outcome.kind == "answerable")
    share = f"{figures.coverage:.1f} % ({answered} of {figures.answerable} answerable questions answered rightly)"
    if figures.coverage_at_zero_wrong is None:
        console.print(Text(f"Coverage at zero wrong: none, {figures.wrong} wrong; coverage {share}", style="bold red"))
    elif figures.answerable:
        console.print(Text(f"Coverage at zero wrong: {share}", style="bold"))
    console.print(Text(f"RS({COST_OF_WRONG}): {figures.reliability_10:.1f} (one wrong costs {COST_OF_WRONG} right)"))
    console.print(
        Text(
            f"Error rate: {figures.wrong} of {figures.answers} shown answers wrong, {figures.error_rate:.2f} %; "
            f"at 95 % confidence at most {figures.error_rate_at_most:.2f} %"
        )
    )


def _show_circumstances(console: Console, report: Report, data_sets: Sequence[DataSet]) -> None:
    asked = ", ".join(f"{each.name} data set as of {each.now:%Y-%m-%d %H:%M} UTC" for each in data_sets)
    console.print(Text(f"Asked: {asked}", style="dim"))
    nothing = [outcome.case.id for outcome in report.outcomes if outcome.score == "correct" and outcome.expects_nothing]
    if nothing:
        console.print(Text(f"Expected no rows at all, so agreeing says little: {', '.join(nothing)}", style="dim"))
