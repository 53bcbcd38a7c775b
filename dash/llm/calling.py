"""One request to one model through Agno, and what came of it under one of the names that ModelFailed knows.

Agno and the SDK report success for whatever they could not read, so an answer is judged by the bytes that came: it
counts when the server said that it is complete and pydantic accepts it. Both log prompts and what servers say of keys;
for the time of a call they log nothing.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agno.agent import Agent
from agno.models.message import Message
from agno.models.openai.like import OpenAILike
from agno.utils.reasoning import extract_thinking_content
from openai import AsyncOpenAI
from pydantic import BaseModel, Field, ValidationError

from dash.errors import ModelFailure
from dash.llm.asking import ModelRequest
from dash.llm.exchange import Exchange
from dash.llm.schemas import response_format
from dash.settings import LlmSettings

_PROMPTS = Path(__file__).parent / "prompts"
OPENAI = "https://api.openai.com/v1"
_FENCED = re.compile(r"```(?:json)?\s*\n(.*)\n\s*```", re.DOTALL)  # ```json ⏎ {"metric": "tickets"} ⏎ ```
_STATUS: dict[int, ModelFailure] = {401: "unauthorized", 403: "unauthorized", 408: "timeout", 429: "rate_limited"}
_ABOUT_FORM = frozenset({400, 415, 422, 501})


@dataclass(frozen=True)
class Outcome:
    """What came of one request: an answer, or the kind of failure. Tokens are None where the server did not count.

    `thought` says that the server may have worked on it, so that it may have cost something; `form` that it did not
    like how it was asked.
    """

    kind: ModelFailure | None
    answer: BaseModel | None = None
    reply: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    retry_after: float | None = None
    thought: bool = True
    form: bool = False


async def call(settings: LlmSettings, model: str, request: ModelRequest, with_schema: bool) -> Outcome:
    """Send the request to the model once. Whoever waits bounds the time; cancelling closes the connection.

    `with_schema` False is for servers that do not take a schema beside the prompt: `in_words` puts it there.
    """
    exchange = Exchange()
    # Ours and not Agno's, which lets through what servers refuse, and would read the answer in its own way.
    form = response_format(request.answer) if with_schema else {"type": "json_object"}
    url = settings.base_url or OPENAI
    with silence():
        async with exchange.client(url, datetime.now(UTC)) as http:
            client = AsyncOpenAI(
                api_key=settings.api_key or "none", base_url=url, http_client=http, max_retries=0, timeout=None
            )
            agent = _Agent(
                model=OpenAILike(
                    id=model,
                    async_client=client,
                    reasoning_effort=settings.effort_for(request.purpose),
                    request_params={"response_format": form},
                ),
                system_message=Message(role="system", content=request.system),
                resolve_in_context=False,
            )
            await agent.arun(request.user)
    return _outcome(exchange, request.answer)


def in_words(request: ModelRequest) -> ModelRequest:
    """The request with the schema of its answer in its prompt."""
    schema = json.dumps(response_format(request.answer)["json_schema"]["schema"], ensure_ascii=False)
    words = (_PROMPTS / "json_answer.md").read_text(encoding="utf-8").replace("{schema}", schema)
    return replace(request, system=f"{request.system}\n\n{words.strip()}")


class _Agent(Agent):
    """Agno's agent, of which nobody hears: AGNO_TELEMETRY in the environment would win over an argument."""

    @property
    def telemetry(self) -> bool:
        return False

    @telemetry.setter
    def telemetry(self, _: bool) -> None:
        pass


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[Any] | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    """As much of a chat completion as is looked at."""

    choices: list[_Choice] = Field(min_length=1)
    usage: Any = None


class _Usage(BaseModel):
    prompt_tokens: int = Field(ge=0, le=1_000_000_000)
    completion_tokens: int = Field(ge=0, le=1_000_000_000)


def _outcome(exchange: Exchange, answer: type[BaseModel]) -> Outcome:
    """What the exchange was worth."""
    if exchange.status is None:
        return Outcome("unavailable", thought=False)
    if exchange.status != 200:
        kind = _STATUS.get(exchange.status, "unavailable" if exchange.status >= 500 else "refused")
        thought, form = exchange.status >= 500, exchange.status in _ABOUT_FORM
        return Outcome(kind, retry_after=exchange.retry_after, thought=thought, form=form)
    if exchange.packed:
        return Outcome("invalid")
    if not exchange.whole:
        return Outcome("cut")
    try:
        completion = _Completion.model_validate_json(bytes(exchange.body))
    except ValidationError:
        return Outcome("invalid")
    return _judged(completion, answer)


def _judged(completion: _Completion, answer: type[BaseModel]) -> Outcome:
    """What a complete reply of the server is worth."""
    choice = completion.choices[0]
    # Small models think aloud between <think> and </think>.
    text = extract_thinking_content(choice.message.content or "")[1]
    said: dict[str, Any] = {"reply": text, **_counted(completion.usage)}
    if choice.message.tool_calls:
        return Outcome("invalid", **said)
    if choice.message.refusal or choice.finish_reason == "content_filter":
        return Outcome("refused", **said)
    if choice.finish_reason == "length":
        return Outcome("cut", **said)
    try:
        return Outcome(None, answer=parse_answer(text, answer), **said)
    except ValueError:
        return Outcome("invalid", **said)


def _counted(usage: Any) -> dict[str, int]:
    try:
        counted = _Usage.model_validate(usage)
    except ValidationError:
        return {}
    return {"input_tokens": counted.prompt_tokens, "output_tokens": counted.completion_tokens}


def parse_answer(text: str, answer: type[BaseModel]) -> BaseModel:
    """The answer in a model's text: JSON and nothing beside it but the fence that some models put around it.

    Raises ValueError. A key that stands twice, NaN and text for a number are no answer.
    """
    fenced = _FENCED.fullmatch(text.strip())
    plain = fenced[1] if fenced else text
    try:
        json.loads(plain, object_pairs_hook=_distinct, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("The answer is nested too deeply.") from error
    return answer.model_validate_json(plain, strict=True)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A key stands twice.")
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number.")


_is_silent: ContextVar[bool] = ContextVar("dash_llm_is_silent", default=False)


@contextmanager
def silence() -> Iterator[None]:
    """Whatever the libraries below would log of this work, nobody hears."""
    before = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(before)


class _Silence(logging.Filter):
    """Drops what is logged on behalf of our calls, and nothing of anybody else's."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not _is_silent.get()


for _name in ("agno", "openai", "openai._base_client", "httpx2", "httpcore2.connection", "httpcore2.http11"):
    logging.getLogger(_name).addFilter(_Silence())
