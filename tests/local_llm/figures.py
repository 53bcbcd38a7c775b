"""What became of each question, and the two ways side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import mean
from typing import Any

from rich.console import Console
from rich.table import Table

from dash.llm.asking import ModelCall

ROWS_SHOWN = 3


@dataclass(frozen=True)
class Asked:
    """One question asked in one way. `provenance` says who answered it, "plain" is the model without grounding."""

    id: str
    question: str
    score: str
    provenance: str | None
    sql: str | None
    note: str
    rows: Sequence[Sequence[Any]]
    calls: Sequence[ModelCall]
    seconds: float

    @property
    def outcome(self) -> str:
        """right, wrong, either of them unconfirmed, or no answer."""
        if self.score not in ("correct", "wrong"):
            return "error" if self.score == "error" else "no answer"
        outcome = "right" if self.score == "correct" else "wrong"
        return f"{outcome}, unconfirmed" if self.provenance == "model_unconfirmed" else outcome

    def as_json(self) -> dict[str, Any]:
        """Everything, for whoever looks closer."""
        return {**asdict(self), "outcome": self.outcome, "rows": [list(row) for row in self.rows[:50]]}


def show(console: Console, ways: Mapping[str, Sequence[Asked]]) -> None:
    """Every answer that is wrong, the outcome of each question, then the figures."""
    for way, asked in ways.items():
        for one in asked:
            if one.outcome.startswith("wrong"):
                console.print(f"\n{one.outcome} {way}: {one.id}: {one.question}", style="bold")
                console.print(f"  {[list(row) for row in one.rows[:ROWS_SHOWN]]}", markup=False)
                console.print(f"  {' '.join((one.sql or '').split())}", style="dim", markup=False)
    _show_questions(console, ways)
    _show_figures(console, ways)


def _show_questions(console: Console, ways: Mapping[str, Sequence[Asked]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", title="\n", title_justify="left")
    for heading in ("question", *ways):
        table.add_column(heading, overflow="fold")
    questions = dict.fromkeys((one.id, one.question) for asked in ways.values() for one in asked)
    for name, question in questions:
        outcomes = [next((one for one in asked if one.id == name), None) for asked in ways.values()]
        table.add_row(question, *(_said(one) for one in outcomes))
    console.print(table)


def _said(one: Asked | None) -> str:
    if one is None:
        return "not asked"
    why = f" ({one.note})" if one.outcome in ("no answer", "error") and one.note else ""
    return f"{one.outcome}{why}"[:70]


def _show_figures(console: Console, ways: Mapping[str, Sequence[Asked]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", title="\n", title_justify="left")
    table.add_column("")
    for way in ways:
        table.add_column(way, justify="right")
    for name, value in FIGURES.items():
        table.add_row(name, *(value(asked) if asked else "–" for asked in ways.values()))
    console.print(table)


def _count(outcome: str) -> Callable[[Sequence[Asked]], str]:
    return lambda asked: str(sum(one.outcome == outcome for one in asked))


def _each(value: Callable[[Asked], float], form: str) -> Callable[[Sequence[Asked]], str]:
    return lambda asked: format(mean(value(one) for one in asked), form)


FIGURES: Mapping[str, Callable[[Sequence[Asked]], str]] = {
    "questions": lambda asked: str(len(asked)),
    "right": _count("right"),
    "right, unconfirmed": _count("right, unconfirmed"),
    "asked back or declined": _count("no answer"),
    "wrong, unconfirmed": _count("wrong, unconfirmed"),
    "wrong, shown as an answer": _count("wrong"),
    "errors": _count("error"),
    "calls per question": _each(lambda one: len(one.calls), ".1f"),
    "prompt tokens per question": _each(lambda one: sum(call.input_tokens for call in one.calls), ",.0f"),
    "answer tokens per question": _each(lambda one: sum(call.output_tokens for call in one.calls), ",.0f"),
    "calls that failed": lambda asked: str(sum(call.outcome != "ok" for one in asked for call in one.calls)),
    "seconds per question": _each(lambda one: one.seconds, ".1f"),
}
