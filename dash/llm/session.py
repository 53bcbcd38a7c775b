"""The model during one question: which one is asked, how often, for how long and for how much.

A failure that may pass is tried once more, then the next model is asked; everything together ends by the deadline,
within the calls and the budgets that the settings allow. Whatever was sent is counted, also what came to nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import ceil

from pydantic import BaseModel

from dash.database import Database
from dash.errors import ModelFailed, ModelFailure
from dash.llm.asking import ModelCall, ModelRequest
from dash.llm.calling import Outcome, call, in_words
from dash.llm.prices import Prices
from dash.llm.schemas import response_format
from dash.llm.usage import Usage, Used
from dash.llm.waiting import Left, pause, wait_for
from dash.records.question import Viewer
from dash.settings import PURPOSES, LlmSettings

KEPT_REPLY = 8_000
"""Characters of a reply that go into the record."""

BYTES_PER_TOKEN = 4
"""For servers that do not count; a letter of Cyrillic has two bytes and is about half a token."""

WAITS: Mapping[ModelFailure, float] = {"rate_limited": 1.0, "unavailable": 0.5, "cut": 0.0}
"""What may pass, and seconds to wait when the server does not say how long."""

PATIENCE_SECONDS = 5.0
"""Longer than this is waited for only when there is no other model."""

SENTENCES: Mapping[ModelFailure, str] = {
    "unauthorized": "The language model's server does not accept the key; check OPENAI_API_KEY and OPENAI_BASE_URL.",
    "rate_limited": "The language model's server takes no more requests for now; ask again in a minute.",
    "unavailable": "The language model's server does not answer; check that it runs and OPENAI_BASE_URL, or ask again.",
    "timeout": "The language model did not answer in time; ask again, or allow more time with DASH_MODEL_DEADLINE.",
    "cut": "The language model's answer broke off in the middle; ask again.",
    "invalid": "The language model gave an answer that cannot be used; ask in other words, or try another DASH_MODEL.",
    "refused": "The language model's server does not take this request; check that it has the model of DASH_MODEL.",
    "budget": "The budget for the language model is used up; dash usage shows what it went to.",
    "calls": "This question has asked the language model as often as DASH_MODEL_CALLS allows; ask in simpler words.",
    "cancelled": "Stopped before the language model had answered.",
}


def failure(kind: ModelFailure) -> ModelFailed:
    """The error of a kind, with its sentence."""
    return ModelFailed(SENTENCES[kind], kind=kind)


class ConfiguredModel:
    """The models of the settings, on their server. Thread-safe."""

    def __init__(self, settings: LlmSettings, database: Database, zone: str) -> None:
        self._settings = settings
        self._prices = Prices.load(settings.prices)
        self._usage = Usage(database, zone)
        self._without_schema: set[str] = set()
        if any(budget.usd is not None for budget in (settings.question, settings.user, settings.day)):
            self._prices.require({*map(settings.model_for, PURPOSES), *settings.fallbacks})

    @property
    def writes_prose(self) -> bool:
        """Whether answers are put into words as well."""
        return self._settings.writes_prose

    def session(self, *, viewer: Viewer, run_id: str | None, cancelled: Callable[[], bool]) -> Session:
        """The model for one question; its deadline runs from now."""
        return Session(self._settings, self._prices, self._usage, self._without_schema, viewer, run_id, cancelled)


@dataclass(frozen=True)
class _Attempt:
    """One request to one model. `others` may be asked after it, `failed` is what failed before it."""

    model: str
    request: ModelRequest
    with_schema: bool
    others: int
    failed: ModelFailure | None

    @property
    def sent(self) -> tuple[str, ModelRequest, bool]:
        """What `call` takes."""
        return self.model, self.request, self.with_schema


class Session:
    """One question's use of the models. For one thread."""

    def __init__(
        self,
        settings: LlmSettings,
        prices: Prices,
        usage: Usage,
        without_schema: set[str],
        viewer: Viewer,
        run_id: str | None,
        cancelled: Callable[[], bool],
    ) -> None:
        self._settings = settings
        self._prices = prices
        self._usage = usage
        self._without_schema = without_schema
        self._viewer = viewer
        self._run_id = run_id
        self._cancelled = cancelled
        self._until = time.monotonic() + settings.deadline_seconds
        self._calls: list[ModelCall] = []

    @property
    def calls(self) -> tuple[ModelCall, ...]:
        """Every call so far, also those that failed, in order."""
        return tuple(self._calls)

    @property
    def seconds_left(self) -> float:
        """Until the deadline: what a query of the model's may still take. Raises ModelFailed when that is over, or when
        the question was cancelled."""
        if self._cancelled():
            raise failure("cancelled")
        left = self._until - time.monotonic()
        if left <= 0:
            raise failure("timeout")
        return left

    def ask(self, request: ModelRequest) -> BaseModel:
        """An instance of `request.answer`, from the first model that gives one.

        Raises ModelFailed with what kept the first model from it, or with the bound that was reached; and
        DatabaseUnavailable, because what cannot be counted is not asked.
        """
        models = list(dict.fromkeys([self._settings.model_for(request.purpose), *self._settings.fallbacks]))
        failed: ModelFailure | None = None
        for position, model in enumerate(models):
            with_schema = model not in self._without_schema
            asked = request if with_schema else in_words(request)
            outcome = self._try(_Attempt(model, asked, with_schema, len(models) - position - 1, failed))
            if outcome.answer is not None:
                return outcome.answer
            failed = failed or outcome.kind
        raise failure(failed or "invalid")

    def _try(self, attempt: _Attempt) -> Outcome:
        """Ask one model, and once more after a failure that may pass, or when its server does not take a schema."""
        outcome = self._send(attempt)
        if outcome.kind is None or len(self._calls) >= self._settings.calls:
            return outcome
        again = replace(attempt, failed=attempt.failed or outcome.kind)
        if outcome.form and attempt.with_schema:
            outcome = self._send(replace(again, request=in_words(attempt.request), with_schema=False))
            if not outcome.form:
                self._without_schema.add(attempt.model)
            return outcome
        wait = self._wait(outcome, attempt.others)
        if wait is None:
            return outcome
        try:
            pause(wait, self._cancelled)
        except Left:
            raise failure("cancelled") from None
        return self._send(again)

    def _wait(self, outcome: Outcome, others: int) -> float | None:
        """Seconds after which the same model is worth another request; None when it is not."""
        if outcome.kind is None or outcome.kind not in WAITS:
            return None
        wait = WAITS[outcome.kind] if outcome.retry_after is None else outcome.retry_after
        left = self._until - time.monotonic()
        return wait if wait < (min(PATIENCE_SECONDS, left) if others else left) else None

    def _send(self, attempt: _Attempt) -> Outcome:
        """Send the request once and write down what came of it."""
        asked = _size(attempt.request.system, attempt.request.user)
        if attempt.with_schema:
            asked += _size(json.dumps(response_format(attempt.request.answer)))
        self._require_leave(attempt, asked)
        # Who hangs must leave time for the others.
        seconds = (self._until - time.monotonic()) / (attempt.others + 1)
        began = time.perf_counter()
        try:
            outcome = wait_for(partial(call, self._settings, *attempt.sent), seconds, self._cancelled)
        except TimeoutError:
            outcome = Outcome("timeout")
        except Left:
            outcome = Outcome("cancelled")
        except BaseException:
            self._keep(attempt, asked, Outcome("cancelled"), began)
            raise
        self._keep(attempt, asked, outcome, began)
        if outcome.kind == "cancelled":
            raise failure("cancelled")
        return outcome

    def _require_leave(self, attempt: _Attempt, asked: int) -> None:
        """Raise ModelFailed when nothing may be sent any more; what failed before says more than that it was enough."""
        if self._cancelled():
            raise failure("cancelled")
        if time.monotonic() >= self._until:
            raise failure(attempt.failed or "timeout")
        if len(self._calls) >= self._settings.calls:
            raise failure(attempt.failed or "calls")
        coming = Used(asked, self._prices.cost_usd(attempt.model, asked, 0) or 0.0)
        used = Used(
            sum(call.input_tokens + call.output_tokens for call in self._calls),
            sum(call.cost_usd or 0.0 for call in self._calls),
        )
        if used.plus(coming).exceeds(self._settings.question):
            raise failure("budget")
        if self._settings.user.is_bound or self._settings.day.is_bound:
            viewer, everybody = self._usage.today(self._viewer.name)
            if viewer.plus(coming).exceeds(self._settings.user) or everybody.plus(coming).exceeds(self._settings.day):
                raise failure("budget")

    def _keep(self, attempt: _Attempt, asked: int, outcome: Outcome, began: float) -> None:
        """Write the call down. What the server did not count is estimated, unless it never came to thinking."""
        counted = outcome.input_tokens is not None and outcome.output_tokens is not None
        given = (outcome.input_tokens or 0, outcome.output_tokens or 0)
        tokens = given if counted or not outcome.thought else (asked, _size(outcome.reply))
        kept = ModelCall(
            purpose=attempt.request.purpose,
            model=attempt.model,
            system=attempt.request.system,
            user=attempt.request.user,
            reply=outcome.reply[:KEPT_REPLY],
            input_tokens=tokens[0],
            output_tokens=tokens[1],
            cost_usd=self._prices.cost_usd(attempt.model, *tokens),
            duration_ms=round((time.perf_counter() - began) * 1000, 2),
            outcome=outcome.kind or "ok",
            estimated=outcome.thought and not counted,
        )
        self._calls.append(kept)
        self._usage.record(kept, run_id=self._run_id, viewer=self._viewer.name)


def _size(*texts: str) -> int:
    """Tokens in texts, about."""
    return ceil(sum(len(text.encode("utf-8", "replace")) for text in texts) / BYTES_PER_TOKEN)
