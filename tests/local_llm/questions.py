"""Which questions are asked: those of a file, or a sample of the golden ones that nobody can answer without a model."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path

from dash.ask import Dash
from dash.evals.bring import read_jsonl
from dash.evals.golden import VIEWER
from dash.evals.runner import moment_of
from dash.knowledge.formats import EvalFile
from dash.records import QueryPlan, Question
from dash.steps.ground import ground
from dash.steps.plan import plan

_KEPT = {"id", "question", "kind", "language", "sql", "also_accept", "ordered", "now"}


def sampled(dash: Dash, count: int, languages: Collection[str], now: datetime) -> list[EvalFile]:
    """As many answerable golden questions that keyless reading asks back or declines, and would give to a model; the
    same ones whenever nothing changed."""
    cases = [case for case in dash.knowledge.evals if case.kind == "answerable" and case.language in languages]
    cases.sort(key=lambda case: sha256(case.id.encode()).digest())
    return list(islice(_unread(dash, cases, now), count))


def brought(path: Path) -> list[EvalFile]:
    """The questions of a file as `dash eval --jsonl` takes it, without conversations. Raises UserError."""
    cases = read_jsonl(path, detect=lambda _: "en").cases
    return [case for case in cases if case.question]


def as_jsonl(cases: Collection[EvalFile]) -> str:
    """The cases as `dash eval --jsonl` takes them."""
    return "".join(case.model_dump_json(include=_KEPT, exclude_none=True) + "\n" for case in cases)


def _unread(dash: Dash, cases: Collection[EvalFile], now: datetime) -> Iterator[EvalFile]:
    for case in cases:
        if case.question:
            at = moment_of(case, dash.settings.zone) or now
            question = Question(case.question, at, dash.settings.zone, VIEWER)
            planned = plan(question, ground(question, dash.reader), dash.reader)
            if not isinstance(planned, QueryPlan) and planned.for_model:
                yield case
