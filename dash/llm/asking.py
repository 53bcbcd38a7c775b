"""What the product asks of a language model, and what it hears back: the words between it and whoever answers.

A caller states what the answer must be and gets exactly that or a ModelFailed with a kind: nothing half-done, and
nothing about servers, keys, retries or prices. A model that a test writes itself fits as well as a real one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from dash.records.question import Viewer

if TYPE_CHECKING:
    from pydantic import BaseModel

Purpose = Literal["plan", "sql", "prose"]
"""A question as a SemanticQuery, a question as SQL, a result in words. Each may have a model of its own."""


@dataclass(frozen=True)
class ModelRequest:
    """One thing that is asked of the model. `answer` is what its answer has to be, down to the last field."""

    purpose: Purpose
    system: str
    user: str
    answer: type[BaseModel]


@dataclass(frozen=True)
class ModelCall:
    """One request as it was sent to one model, for the run record and for `dash usage`.

    `reply` is the model's text, cut when it was long; "" when there was none. `cost_usd` is None when the prices file
    does not know the model. `estimated` says that the server did not count the tokens. `outcome` is "ok" or the kind
    of failure (`dash.errors.ModelFailed.kind`).
    """

    purpose: Purpose
    model: str
    system: str
    user: str
    reply: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    duration_ms: float
    outcome: str
    estimated: bool = False


class ModelSession(Protocol):
    """The model during one question: a deadline, at most so many calls, budgets, cancelling, what was used."""

    @property
    def calls(self) -> tuple[ModelCall, ...]:
        """Every call so far, also those that failed, in order."""
        ...

    @property
    def seconds_left(self) -> float:
        """Until the deadline of the question. Raises ModelFailed when that is over, or when it was cancelled."""
        ...

    def ask(self, request: ModelRequest) -> BaseModel:
        """An instance of `request.answer`. Raises ModelFailed."""
        ...


class LanguageModel(Protocol):
    """A model that can be asked."""

    @property
    def writes_prose(self) -> bool:
        """Whether answers are put into words as well."""
        ...

    def session(self, *, viewer: Viewer, run_id: str | None, cancelled: Callable[[], bool]) -> ModelSession:
        """A session for one question; its deadline runs from now. `cancelled` is looked at while the model thinks."""
        ...
