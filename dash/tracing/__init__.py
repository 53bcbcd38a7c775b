"""Spans of the steps of a question, for whoever runs the product; off unless DASH_TRACES_URL says where they go.

The steps know nothing of OpenTelemetry: they run inside of a trace, and without a receiver that is the one below, which
does nothing and imports nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from dash.llm.asking import ModelSession
from dash.records import Answer
from dash.settings import TraceSettings

T = TypeVar("T")

__all__ = ["SILENT", "Silent", "Trace", "Tracing", "open_tracing"]


class Trace(Protocol):
    """One question. For one thread."""

    def step(self, name: str, work: Callable[[], T]) -> T:
        """What `work` returns; whatever it raises goes through."""
        ...

    def watch(self, session: ModelSession) -> None:
        """Tell of each call to a language model that this session makes from now on."""
        ...

    def end(self, answer: Answer, queries: Sequence[Mapping[str, Any]]) -> None:
        """Say how the question ended; `queries` are the rows of its query log."""
        ...


class Tracing(Protocol):
    """The traces of a product. Thread-safe."""

    def begin(self) -> Trace:
        """The trace of a question that is asked now."""
        ...

    def close(self) -> None:
        """Send what has not been sent, for a few seconds at most."""
        ...


class Silent:
    """Nobody listens: a trace and the source of traces in one."""

    def begin(self) -> Silent:
        return self

    def step(self, name: str, work: Callable[[], T]) -> T:
        return work()

    def watch(self, session: ModelSession) -> None:
        """Nothing to tell."""

    def end(self, answer: Answer, queries: Sequence[Mapping[str, Any]]) -> None:
        """Nothing to tell."""

    def close(self) -> None:
        """Nothing to send."""


SILENT = Silent()


def open_tracing(settings: TraceSettings | None) -> Tracing:
    """What the settings say; SILENT when they say nothing."""
    if settings is None:
        return SILENT
    from dash.tracing.spans import SpanTracing

    return SpanTracing(settings)
