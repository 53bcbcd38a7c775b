"""Golden cases: a question, and SQL by hand unless a refusal is expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from dash.knowledge.check.findings import Findings
from dash.knowledge.check.names import name_problems
from dash.knowledge.check.sql import placeholder_problems, read_query
from dash.knowledge.documents import Path
from dash.knowledge.formats import EvalFile


def check_evals(findings: Findings, evals: Iterable[EvalFile]) -> None:
    """Add the faults of every case."""
    for case in evals:
        if (case.question is None) == (not case.turns):
            what = "a case has either a question or turns"
            findings.add("eval", case.id, ("question",), what, "keep one of them" if case.turns else "add a question")
        if case.kind == "answerable" and case.sql is None:
            findings.add("eval", case.id, (), "an answerable case needs SQL", "add sql, or name another kind")
        if case.kind != "answerable" and case.sql is not None:
            findings.add("eval", case.id, ("sql",), f"an {case.kind} case has no SQL", "remove sql")
        if case.now is not None:
            _check_now(findings, case.id, case.now)
        for path, sql in statements(case):
            read = read_query(sql)
            problems = [*read.problems, *placeholder_problems(read.placeholders, ("now",))]
            if read.tree is not None:
                problems += name_problems(read.tree, findings.described)
            for what, mend, _ in problems:
                findings.add("eval", case.id, path, what, mend)


def statements(case: EvalFile) -> Iterator[tuple[Path, str]]:
    """Each SQL of a case with its key."""
    if case.sql is not None:
        yield ("sql",), case.sql
    for index, sql in enumerate(case.also_accept):
        yield ("also_accept", index), sql


def _check_now(findings: Findings, name: str, now: str) -> None:
    try:
        aware = datetime.fromisoformat(now).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        what = f"now is {now!r}, which is no time with a zone"
        findings.add("eval", name, ("now",), what, "write a time such as 2026-11-20T12:00:00+00:00")
