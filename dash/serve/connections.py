"""Connections that are held open and say nothing: each has so long to send a request, and one address so many.

Uvicorn takes a thousand connections and then answers 503. It ends one that is idle after an answer, and waits for ever
for the first byte of one that has just been opened, or for the rest of the headers of any. So a single machine could
hold all thousand. Here each has SECONDS_FOR_THE_HEADERS to send a whole head, and an address MOST_OF_ONE_ADDRESS.
A proxy that DASH_API_PROXIES names speaks for many, so it may hold all of them; it bounds its own clients.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from functools import lru_cache

from uvicorn.protocols.http.h11_impl import H11Protocol

from dash.access.rates import address_bucket

SECONDS_FOR_THE_HEADERS = 10.0
MOST_OF_ONE_ADDRESS = 250

_REFUSAL = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\ncontent-length: 0\r\n\r\n"


class BoundedConnection(H11Protocol):
    """One connection to the server."""

    _asker: str | None = None
    """Which address it counts for; None for a proxy's."""
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The other side has opened it."""
        super().connection_made(transport)
        host = self.client[0] if self.client else None
        if host is None or not _is_proxy(host, tuple(self.config.forwarded_allow_ips or ())):
            self._asker = address_bucket(host)
            if sum(getattr(other, "_asker", None) == self._asker for other in self.connections) > MOST_OF_ONE_ADDRESS:
                transport.write(_REFUSAL)
                transport.close()
                return
        self._watch()

    def data_received(self, data: bytes) -> None:
        """A part of a request has come."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """It was answered; another request may follow, or stand in the buffer already."""
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        super().connection_lost(exc)
        self._stop_watching()

    def _watch(self) -> None:
        """The clock runs while no request is being answered, and is not set back by single bytes."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_watching()
        elif self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(SECONDS_FOR_THE_HEADERS, self.transport.close)

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


@lru_cache(maxsize=1_024)
def _is_proxy(host: str, proxies: Sequence[str]) -> bool:
    """Whether an address is one of DASH_API_PROXIES: addresses and networks."""
    for proxy in proxies:
        try:
            if ipaddress.ip_address(host) in ipaddress.ip_network(proxy):
                return True
        except ValueError:  # a name, as uvicorn takes it
            if host == proxy or proxy == "*":
                return True
    return False
