"""The log of a serving process: a line for a person or a JSON object for a program, each with its run.

Modules write with `logging` and know nothing of this; a process that serves calls `configure_logs` once. Texts of
exceptions quote data (a database's message holds the value that it choked on), so a trace names types and places and no
messages; DASH_DEBUG=1 shows them, for the machine at which somebody looks for a fault.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from dash.settings import LogSettings

RUN: ContextVar[str | None] = ContextVar("dash_run", default=None)
"""The run that the current thread works for."""

# Their lines hold addresses, arguments and texts of whoever calls.
_QUIET = ("agno", "httpx", "httpx2", "mcp", "openai", "uvicorn.access")


@contextmanager
def logged_as(run_id: str | None) -> Iterator[None]:
    """Lines that are written inside belong to this run."""
    token = RUN.set(run_id)
    try:
        yield
    finally:
        RUN.reset(token)


def configure_logs(settings: LogSettings, *, traces: bool = False) -> None:
    """Write what is logged in this process to standard error, instead of whatever wrote it before. `traces` shows the
    messages of exceptions."""
    import structlog

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _with_run,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    shown: list[Any] = [] if traces else [_without_messages]
    if settings.format == "json":
        shown += [structlog.processors.format_exc_info] if traces else []
        shown += [structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        shown += [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("dash").setLevel(settings.lowest.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _with_run(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    run_id = RUN.get()
    if run_id is not None:
        event.setdefault("run_id", run_id)
    return event


def _without_messages(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The types and places of an exception and of what caused it."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    chain: list[str] = []
    while isinstance(error, BaseException) and len(chain) < 10:
        frames = traceback.extract_tb(error.__traceback__)
        places = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames[-6:]))
        chain.append(f"{type(error).__name__} in {places}" if places else type(error).__name__)
        error = error.__cause__ or error.__context__
    if chain:
        event["trace"] = chain
    return event
