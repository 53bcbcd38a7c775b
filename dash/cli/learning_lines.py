"""Learnings for a terminal: a list, one with its history, and what a trial changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dash.cli.show import clean
from dash.evals.shadow import ShadowRun
from dash.learnings import Learning
from dash.learnings.formats import document_of
from dash.learnings.store import Decision
from dash.shown.discretion import discreet

MOST_CHANGES_SHOWN = 20


def as_json_document(learning: Learning) -> dict[str, Any]:
    """A learning as its file says it, with what only the store knows."""
    document = document_of(learning)
    for one in document.get("evidence", ()):
        one["question"] = discreet(one.get("question", ""))
    more = {
        "scope": learning.scope,
        "seen": learning.seen,
        "flag": learning.flag,
        "last_seen_at": learning.last_seen_at,
    }
    return {**document, **more}


def show_list(learnings: Sequence[Learning]) -> None:
    """One line each."""
    console = _console()
    if not learnings:
        console.print("Nothing was learned yet; mistakes of queries and words that were asked about appear here.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in ("Learning", "Kind", "Status", "Seen", "What"):
        table.add_column(heading, justify="right" if heading == "Seen" else "left", no_wrap=heading != "What")
    for each in learnings:
        status = each.status + (f" for {each.scope}" if each.scope else "") + (" · flagged" if each.flag else "")
        what = Text(clean(discreet(each.learned)))
        table.add_row(each.id, each.kind, Text(clean(status)), str(each.seen), what)
    console.print(table)


def show_learning(learning: Learning, history: Sequence[Decision], zone: str) -> None:
    """Everything about one."""
    console = _console()
    console.print(Text(clean(discreet(learning.learned)), style="bold"))
    facts = {
        "id": learning.id,
        "kind": learning.kind,
        "status": learning.status + (f", of {learning.scope} alone" if learning.scope else ""),
        "seen": str(learning.seen),
        "applies to": ", ".join(learning.applies_to),
        "wrong": learning.wrong,
        "right": learning.right,
        "check": learning.check,
        "flag": learning.flag,
        "author": learning.author,
        "reviewed by": learning.reviewed_by or "",
        "file": learning.in_file or "",
    }
    for name, value in facts.items():
        if value:
            console.print(Text(f"  {name}: {clean(discreet(value))}"))
    for evidence in learning.evidence:
        console.print(Text(f"  > {clean(discreet(evidence.question))}  (run {evidence.run or '–'})"))
        console.print(Text(f"    {clean(discreet(evidence.error))}", style="dim"))
    for decision in history:
        when = decision.decided_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
        line = f"  {when}  {decision.decision} by {decision.decided_by}  {decision.note}"
        console.print(Text(clean(line.rstrip()), style="dim"))


def show_trial(trial: ShadowRun) -> None:
    """What changed, what is worse first."""
    console = _console()
    changes = sorted(trial.changes, key=lambda change: not change.worse)
    for change in changes[:MOST_CHANGES_SHOWN]:
        mark = "worse" if change.worse else "changed"
        title = f"{mark}: {change.name}" + (f": {change.question}" if change.question else "")
        console.print(Text(clean(title), style="bold red" if change.worse else "bold"))
        console.print(Text(f"  without: {clean(change.before.strip())}"))
        console.print(Text(f"  with:    {clean(change.after.strip())}"))
    if len(changes) > MOST_CHANGES_SHOWN:
        console.print(f"… and {len(changes) - MOST_CHANGES_SHOWN} more")
    if trial.note:
        console.print(trial.note)
    what = "reviewed queries" if trial.learning.fix is not None else "golden questions"
    console.print(f"{trial.tried} {what} tried, {len(trial.changes)} change, {len(trial.worse)} become worse.")


def _console() -> Console:
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = 10_000
    return console
