"""How much of a result lies in our memory: libpq reads a whole row before it gives any of it, however large it is.

On systems that can, libpq's socket is replaced by one end of a pair while a result arrives, and bytes are handed over
from the real socket in small measured amounts. So a row of half a gigabyte is noticed when the first few megabytes are
there, and the rest is never read. Works below TLS too, because only encrypted bytes pass through.
"""

from __future__ import annotations

import os
import select
import socket
from types import TracebackType

from psycopg.pq.abc import PGconn

PORTION_BYTES = 65_536


class Meter:
    """`with Meter(pgconn) as meter:` then `wait` and `pgconn.consume_input()` in turns. `received` counts bytes."""

    def __init__(self, pgconn: PGconn) -> None:
        self._pgconn = pgconn
        self._number = pgconn.socket
        self._server: socket.socket | None = None
        self._ours: socket.socket | None = None
        # Where nothing can be measured, everything counts as large, and is counted row by row.
        self.received = 0 if os.name != "nt" else 1 << 62

    def __enter__(self) -> Meter:
        if os.name != "nt":
            self._server = socket.socket(fileno=os.dup(self._number))
            self._server.setblocking(False)
            self._ours, theirs = socket.socketpair()
            self._ours.setblocking(False)
            theirs.setblocking(False)
            with theirs:
                os.dup2(theirs.fileno(), self._number, inheritable=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is None or self._ours is None:
            return
        os.dup2(self._server.fileno(), self._number, inheritable=False)
        self._server.close()
        self._ours.close()

    def wait(self, seconds: float) -> bool:
        """Wait for the server; hand over one portion of what it sent. False when nothing came in time."""
        if self._server is None or self._ours is None:
            return bool(select.select([self._number], [], [], seconds)[0])
        if _readable(self._number, 0):
            # libpq stops reading when it has a result to give, and goes on when it is asked again.
            return True
        self._pass_on_answers()
        if not _readable(self._server.fileno(), seconds):
            return False
        try:
            portion = self._server.recv(PORTION_BYTES)
        except (BlockingIOError, InterruptedError):
            return False
        except ConnectionError:
            portion = b""
        if portion:
            self.received += len(portion)
            self._hand_over(portion)
        else:
            self._ours.shutdown(socket.SHUT_WR)
        return True

    def _hand_over(self, portion: bytes) -> None:
        assert self._ours is not None
        rest = memoryview(portion)
        while rest:
            try:
                rest = rest[self._ours.send(rest) :]
            except BlockingIOError:
                # The pair's buffer is smaller than a portion: let libpq empty it.
                self._pgconn.consume_input()

    def _pass_on_answers(self) -> None:
        """TLS speaks back now and then while it reads."""
        assert self._ours is not None and self._server is not None
        try:
            answer = self._ours.recv(PORTION_BYTES)
        except (BlockingIOError, ConnectionError):
            return
        if answer:
            self._server.setblocking(True)
            self._server.sendall(answer)
            self._server.setblocking(False)


def _readable(number: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(number, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def wait_writable(number: int) -> None:
    """Wait up to half a second until more of a request can be sent."""
    if os.name == "nt":
        select.select([], [number], [], 0.5)
    else:
        poll = select.poll()
        poll.register(number, select.POLLOUT)
        poll.poll(500)
