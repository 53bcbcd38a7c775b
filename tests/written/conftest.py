"""Dash with a language model behind a real HTTP server whose answers a test writes, on the real database.

`ask(question, answer, …)` asks with a server that gives these answers in turn and the last one for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from dash.ask import Dash
from dash.database import Database
from dash.llm import open_model
from dash.llm.scripted import Received, Reply, ScriptedModel, says
from dash.records import Answer
from dash.settings import LlmSettings

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

NO_QUERY: dict[str, Any] = {
    "say": "query", "metrics": [], "list_rows": False, "split_by": [], "only": [], "without": [], "bounds": [],
    "period": None, "compare_before": False, "step": None, "share": False, "aggregation": None, "order": None,
    "limit": None, "words": [],
}  # fmt: skip

Said = Reply | Callable[[Received], Reply]


def query(**fields: Any) -> Said:
    """A query of governed names as a model answers it; `words` as {words: meaning}."""
    words = [{"words": said, "meaning": meaning} for said, meaning in fields.pop("words", {}).items()]
    answer = NO_QUERY | {"words": words} | fields

    def reply(received: Received) -> Reply:
        wanted = received.schema.get("properties", {})
        return says({name: value for name, value in answer.items() if name in wanted or name in fields})

    return reply


def sql(text: str, words: Mapping[str, str] | None = None) -> Said:
    """SQL as a model answers it, with `words` where there are words to explain."""
    listed = [{"words": said, "meaning": meaning} for said, meaning in (words or {}).items()]

    def reply(received: Received) -> Reply:
        explained = {"words": listed} if listed or "words" in received.schema.get("properties", {}) else {}
        return says({"possible": True, "sql": text, **explained})

    return reply


SAYS_SQL = query(say="sql")
SAYS_NO = query(say="no")


@dataclass(frozen=True)
class Asked:
    """What became of a question, and what the server heard."""

    answer: Answer
    requests: list[Received]
    record: Mapping[str, Any]
    queries: list[dict[str, Any]]

    @property
    def verdicts(self) -> list[tuple[str, str | None]]:
        """Of each attempt at the main query: the verdict, and the rule or the code behind it."""
        return [(q["verdict"], q["reason"]) for q in self.queries if q["role"] == "main"]


@pytest.fixture(scope="session")
def shared(database: Database) -> Iterator[Dash]:
    """Dash over the shared demo data, without a model."""
    with Dash.open(database.settings, clock=lambda: NOW) as opened:
        yield opened


Ask = Callable[..., Asked]


@pytest.fixture
def ask(shared: Dash) -> Iterator[Ask]:
    """Ask with a model; see the module. `calls` bounds the requests, other options go to `Dash.ask`."""
    yield lambda question, *answers, **options: ask_with(shared, question, *answers, **options)


def ask_with(dash: Dash, question: str, *answers: Said, calls: int = 4, **options: Any) -> Asked:
    """One question with a server of its own; `dash` has no model before and after it."""
    with ScriptedModel(*answers) as server:
        llm = LlmSettings(api_key="any", base_url=server.url, model="scripted", calls=calls, deadline_seconds=20.0)
        dash.model = open_model(replace(dash.settings, llm=llm), dash.database)
        try:
            answer = dash.ask(question, **options)
        finally:
            dash.model = None
    assert answer.run_id is not None
    entries = dash.runs.audit(limit=500)
    queries = next(entry.queries for entry in entries if entry.run_id == answer.run_id)
    return Asked(answer, server.requests, dash.runs.get(answer.run_id).record or {}, queries)
