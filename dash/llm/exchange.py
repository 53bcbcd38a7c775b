"""One HTTP exchange with a model's server, watched: what it said before its body, and how much of a body it sends.

The libraries above read whatever comes and report most failures with the same words. Here a body that is too long ends
after a megabyte, a second request is not sent, and the status stays known, so that each failure has its own name.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from ipaddress import ip_address
from math import isfinite
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2

from dash.errors import DashError

MAXIMUM_BYTES = 1_000_000
"""Of one answer. What is asked for has some thousand."""


class _Stopped(DashError):
    """The exchange was ended from this side; the Exchange says why."""


@dataclass
class Exchange:
    """What is known of an exchange, also after it broke. `status` None: no answer began; `whole`: `body` is all."""

    status: int | None = None
    retry_after: float | None = None
    requests: int = 0
    packed: bool = False
    whole: bool = False
    body: bytearray = field(default_factory=bytearray)

    def client(self, url: str, now: datetime) -> httpx2.AsyncClient:
        """A client whose one exchange this is. It follows no redirects: the key is for one server."""

        async def sending(_: httpx2.Request) -> None:
            self.requests += 1
            if self.requests > 1:
                raise _Stopped("One request at a time.")

        async def answering(response: httpx2.Response) -> None:
            self.status = response.status_code
            self.retry_after = seconds_to_wait(response.headers, now)
            # Nothing packed was asked for, and a packed megabyte may be a gigabyte.
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                self.packed = True
                raise _Stopped("A packed answer.")
            response.stream = _Bounded(cast(httpx2.AsyncByteStream, response.stream), self)

        return httpx2.AsyncClient(
            verify=_certificates(),
            timeout=None,  # whoever waits has a deadline for the whole
            trust_env=not is_loopback(url),
            headers={"Accept-Encoding": "identity"},
            event_hooks={"request": [sending], "response": [answering]},
        )


class _Bounded(httpx2.AsyncByteStream):
    """A body that is kept as it comes, as far as it may be long."""

    def __init__(self, stream: httpx2.AsyncByteStream, exchange: Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for block in self._stream:
            if len(self._exchange.body) + len(block) > MAXIMUM_BYTES:
                raise _Stopped("An answer without an end.")
            self._exchange.body += block
            yield block
        self._exchange.whole = True

    async def aclose(self) -> None:
        await self._stream.aclose()


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Reading the certificates of the machine takes 50 ms."""
    return httpx2.create_ssl_context()


def is_loopback(url: str) -> bool:
    """A server on this machine, which no proxy reaches."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def seconds_to_wait(headers: Mapping[str, Any], now: datetime) -> float | None:
    """What `Retry-After` (seconds, or a date) or OpenAI's `retry-after-ms` asks for; None when neither can be read."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        text = str(headers.get(name, "")).strip()
        try:
            seconds = float(text) / unit
        except ValueError:
            continue
        if isfinite(seconds):
            return max(0.0, seconds)
    try:
        until = parsedate_to_datetime(str(headers.get("retry-after", "")))
        return max(0.0, (until - now).total_seconds()) if until.tzinfo else None
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
