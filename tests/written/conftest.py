"""A model that a test writes: each answer is what the next request gets, and every request is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from dash.ask import Dash
from dash.database import Database
from dash.errors import ModelFailed
from dash.llm.asking import ModelCall, ModelRequest
from dash.records import Viewer

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

Answer = dict[str, Any] | Exception | Callable[[ModelRequest], dict[str, Any]]

NO_QUERY: dict[str, Any] = {
    "say": "query", "metrics": [], "list_rows": False, "split_by": [], "only": [], "without": [], "period": None,
    "compare_before": False, "step": None, "share": False, "aggregation": None, "order": None, "limit": None,
    "words": [],
}  # fmt: skip
SAYS_SQL = NO_QUERY | {"say": "sql"}


def query(**fields: Any) -> dict[str, Any]:
    """A query of governed names as a model answers it; words as {words: meaning}."""
    words = [{"words": said, "meaning": meaning} for said, meaning in fields.pop("words", {}).items()]
    return NO_QUERY | {"words": words} | fields


def sql(text: str, **words: str) -> dict[str, Any]:
    """SQL as a model answers it."""
    return {"possible": True, "sql": text, "words": [{"words": w, "meaning": m} for w, m in words.items()]}


class ScriptedModel:
    """Answers in their order; the last one is given again and again. At most `most` calls for one question."""

    def __init__(self, *answers: Answer, most: int = 4) -> None:
        self.answers: Sequence[Answer] = answers
        self.most = most
        self.requests: list[ModelRequest] = []

    def session(self, *, viewer: Viewer, run_id: str | None, cancelled: Callable[[], bool]) -> ScriptedSession:
        return ScriptedSession(self, cancelled)


class ScriptedSession:
    def __init__(self, model: ScriptedModel, cancelled: Callable[[], bool]) -> None:
        self._model = model
        self._cancelled = cancelled
        self._made: list[ModelCall] = []

    @property
    def calls(self) -> tuple[ModelCall, ...]:
        return tuple(self._made)

    def ask(self, request: ModelRequest) -> BaseModel:
        model = self._model
        if len(self._made) >= model.most:
            raise ModelFailed("Enough calls.", kind="calls")
        if self._cancelled():
            raise ModelFailed("Cancelled.", kind="cancelled")
        answer = model.answers[min(len(self._made), len(model.answers) - 1)]
        model.requests.append(request)
        outcome, reply = "ok", ""
        try:
            if isinstance(answer, Exception):
                raise answer
            content = answer(request) if callable(answer) else answer
            fields = request.answer.model_fields
            content = {name: value for name, value in content.items() if name in fields or name not in NO_QUERY}
            if "bounds" in fields:
                content.setdefault("bounds", [])
            said = request.answer.model_validate(content)
            reply = said.model_dump_json()
            return said
        except ModelFailed as failure:
            outcome = failure.kind
            raise
        except ValidationError as error:
            outcome = "invalid"
            raise ModelFailed(str(error), kind="invalid") from error
        finally:
            self._made.append(
                ModelCall(request.purpose, "scripted", request.system, request.user, reply, 1, 1, None, 0.0, outcome)
            )


@pytest.fixture(scope="session")
def shared(database: Database) -> Iterator[Dash]:
    """Dash over the shared demo data; a test sets its own model."""
    with Dash.open(database.settings, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def ask(shared: Dash) -> Iterator[Callable[..., Any]]:
    """`ask(question, answer, answer, …)`: the answer of the product with a model that answers so, and the model."""

    def asked(question: str, *answers: Answer, **options: Any) -> tuple[Any, ScriptedModel]:
        model = ScriptedModel(*answers)
        shared.model = model
        return shared.ask(question, **options), model

    yield asked
    shared.model = None
