"""What a question takes of a language model: requests, tokens of prompts, and our own work around them.

The questions are golden ones with a made-up word in them, so that a model has to be asked. Measured with the shipped
tables and with hundreds more, made up as well: what a prompt takes must not grow with the company.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel

from dash.cli.figures import percentile, plain_table, wide_console
from dash.cli.progress import Progress
from dash.knowledge import Knowledge, load_knowledge
from dash.language.reader import Reader
from dash.llm import ModelRequest
from dash.llm.tokens import count_tokens
from dash.records import QueryPlan, Question
from dash.settings import Settings
from dash.steps.ground import ground
from dash.steps.plan import plan
from dash.steps.plan.written import Author, GaveUp
from dash.steps.plan.written.prompts import schema_tokens

QUESTIONS = 40
MORE_TABLES = 500
AIM_TOKENS = 4_000
AIM_MILLISECONDS = 50.0
_MADE_UP = "zorbish"
_NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Taken:
    """What one question took: prompt tokens of a query of governed names and of SQL behind it; our own CPU time."""

    query: int
    sql: int
    milliseconds: float


class _Instant:
    """A session whose model answers at once that only SQL can say it, and then that SQL cannot either."""

    calls = ()
    seconds_left = 60.0

    def __init__(self) -> None:
        self.requests: list[ModelRequest] = []

    def ask(self, request: ModelRequest) -> BaseModel:
        self.requests.append(request)
        fields = request.answer.model_json_schema()["properties"]
        said: dict[str, Any] = {name: _nothing(kind) for name, kind in fields.items()}
        said |= {"say": "sql"} if "say" in fields else {"possible": False, "sql": ""}
        return request.answer.model_validate(said)


def _nothing(kind: dict[str, Any]) -> Any:
    return {"array": [], "boolean": False}.get(kind.get("type", ""))


def bench_prompts(settings: Settings, progress: Progress) -> dict[str, list[Taken]]:
    """What questions take, by how many tables there are."""
    found = {}
    knowledge = load_knowledge(settings.knowledge)
    found[f"{len(knowledge.tables)} tables"] = _measure(Reader(knowledge, settings.home), progress)
    with TemporaryDirectory() as folder:
        progress(f"Making {MORE_TABLES} tables")
        wide = _widened(settings.knowledge, Path(folder) / "knowledge")
        found[f"{len(wide.tables)} tables"] = _measure(Reader(wide), progress)
    return found


def _measure(reader: Reader, progress: Progress) -> list[Taken]:
    found: list[Taken] = []
    golden = dict.fromkeys(case.question for case in reader.knowledge.evals if case.question)
    reader.search  # noqa: B018 - built when first used, which is no question's own work
    for text in golden:
        if len(found) >= QUESTIONS:
            break
        progress(f"Asking question {len(found) + 1} of {QUESTIONS}")
        found += _take(Question(_with_a_made_up_word(text), _NOW), reader)
    return found


def _take(question: Question, reader: Reader) -> Iterator[Taken]:
    grounding = ground(question, reader)
    planned = plan(question, grounding, reader)
    if isinstance(planned, QueryPlan) or not planned.for_model:
        return
    session = _Instant()

    def propose() -> None:
        with suppress(GaveUp):
            Author(question, grounding, reader, session).propose()

    began = time.process_time()
    propose()
    milliseconds = (time.process_time() - began) * 1000
    tokens = [count_tokens(r.system) + count_tokens(r.user) + schema_tokens(r.answer) for r in session.requests]
    if len(tokens) == 2:
        yield Taken(tokens[0], tokens[1], milliseconds)


def _with_a_made_up_word(text: str) -> str:
    """Before the last word, where it is most often an adjective."""
    words = text.rstrip("?!. ").split()
    return " ".join([*words[:-1], _MADE_UP, *words[-1:]])


def _widened(folder: Path, into: Path) -> Knowledge:
    """The knowledge of a folder with made-up tables beside its own, each with columns, values and a metric."""
    shutil.copytree(folder, into)
    metrics = []
    for number in range(MORE_TABLES):
        name = f"warehouse.table_{number:03d}"
        columns: list[dict[str, Any]] = [
            {"name": "id", "type": "bigint", "role": "entity", "dimension": f"row_{number}"},
            {"name": "moved_at", "type": "timestamptz", "role": "time", "dimension": f"time_{number}"},
            {"name": "kind", "type": "text", "role": "dimension", "dimension": f"kind_{number}",
             "values": [{"value": f"k{number}_{i}"} for i in range(5)]},
            *({"name": f"measure_{i}", "type": "numeric", "role": "measure", "dimension": f"measure_{number}_{i}"}
              for i in range(8)),
        ]  # fmt: skip
        table = {"table_name": name, "table_description": f"Movements of store {number}", "grain": "one row",
                 "time_dimension": "moved_at", "table_columns": columns}  # fmt: skip
        (into / "tables" / f"table_{number:03d}.json").write_text(json.dumps(table), encoding="utf-8")
        metrics.append(
            f"  - {{name: movements_{number}, definition: Movements of store {number}, table: {name}, "
            f"calculation: COUNT(*), synonyms: [movements of store {number}]}}"
        )
    (into / "business" / "wide.yaml").write_text("metrics:\n" + "\n".join(metrics), encoding="utf-8")
    return load_knowledge(into)


def report_prompts(found: dict[str, Sequence[Taken]] | dict[str, list[Taken]]) -> None:
    """Print it."""
    console = wide_console()
    table = plain_table(
        "A question (no repair; each repair is one request more)", "n", "requests", "prompt tokens p50", "most",
        "our work, ms of CPU p50", "p95",
    )  # fmt: skip
    worst = 0
    for name, taken in found.items():
        for what, requests, tokens in (
            ("governed names", "1", [one.query for one in taken]),
            ("SQL", "2", [one.query + one.sql for one in taken]),
        ):
            worst = max(worst, *tokens)
            ours = [one.milliseconds for one in taken]
            times = [f"{percentile(ours, share):,.1f}" for share in (0.5, 0.95)] if requests == "2" else ["", ""]
            figures = [f"{percentile(tokens, 0.5):,.0f}", f"{max(tokens):,}"]
            table.add_row(f"{name}, answered by {what}", str(len(taken)), requests, *figures, *times)
    console.print(table)
    slow = max(percentile([one.milliseconds for one in taken], 0.5) for taken in found.values())
    for aim, kept in (
        (f"prompts of both requests ≤ {AIM_TOKENS:,} tokens", worst <= AIM_TOKENS),
        (f"our work ≤ {AIM_MILLISECONDS:.0f} ms at p50", slow <= AIM_MILLISECONDS),
    ):
        console.print(f"Aim: {aim}  {'[green]kept[/]' if kept else '[red]missed[/]'}")
    console.print()
