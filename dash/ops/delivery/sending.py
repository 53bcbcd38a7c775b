"""Sends one message to many targets: each in a program of its own that is ended when it takes too long.

What surely did not arrive is tried again, a little later each time and as the receiver asks; what may have arrived is
not. All targets are served at once, so one that hangs keeps nobody waiting, and the whole has an end.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dash.errors import DashError
from dash.ops.delivery.journal import Verdict, judge, read_journal
from dash.ops.delivery.ledger import Ledger
from dash.ops.delivery.messages import Message
from dash.ops.delivery.targets import Target

_PROGRAM = Path(__file__).with_name("wire.py")
AT_ONCE = 8


@dataclass(frozen=True)
class Patience:
    """How long and how often one message is tried. Times in seconds.

    `pauses` lie between tries; `longest_pause` is how long a receiver may ask to wait before it is left for the next
    run; `one_try` ends a program that hangs, `whole` all tries of one target.
    """

    pauses: tuple[float, ...] = (2.0, 8.0, 20.0)
    longest_pause: float = 30.0
    one_try: float = 40.0
    whole: float = 150.0


@dataclass(frozen=True)
class Delivered:
    """What became of a message at one target. `before` says that it had been sent earlier, and nothing was done."""

    target: str
    outcome: str
    reason: str | None = None
    before: bool = False
    tries: int = 0

    @property
    def arrived(self) -> bool:
        """Whether it is there, as far as anybody knows."""
        return self.outcome == "sent"


Writer = Callable[[Target], Message | None]
"""What a target is to be told; None: nothing."""
Outcomes = tuple[Delivered, ...]


@dataclass
class Post:
    """Sends messages and keeps the ledger. `stopped` ends the waiting between tries; messages are written one at a
    time, each while nobody else tells its target anything of its kind."""

    ledger: Ledger
    patience: Patience = Patience()
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    stopped: threading.Event = field(default_factory=threading.Event)
    _writing: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def deliver(self, kind: str, written: Writer, targets: Sequence[Target], *, again: bool = False) -> Outcomes:
        """Send what `written` says for each target, each once; `again` sends what was sent before once more. `written`
        is asked while nobody else can tell the target anything of this kind, so what it was told stays true.

        Raises nothing for a target that cannot be reached; DatabaseUnavailable when nothing can be written down.
        """
        if not targets:
            return ()
        with ThreadPoolExecutor(min(AT_ONCE, len(targets)), thread_name_prefix="post") as pool:
            pending = [pool.submit(self._deliver, kind, written, target, again) for target in targets]
            done = [future.result() for future in pending]
        return tuple(each for each in done if each is not None)

    def _deliver(self, kind: str, written: Writer, target: Target, again: bool) -> Delivered | None:
        with self.ledger.turn(kind, target.digest) as mine:
            if not mine:
                return Delivered(target.name, "busy", "somebody else is sending it right now", before=True)
            with self._writing:
                message = written(target)
            if message is None:
                return None
            self.ledger.close_dead(message.key, target.digest)
            return self._try_until_done(message, target, again)

    def _try_until_done(self, message: Message, target: Target, again: bool) -> Delivered:
        until = time.monotonic() + self.patience.whole
        tries, verdict = 0, Verdict("failed")
        for pause in (*self.patience.pauses, None):
            verdict_or_before = self._try(message, target, again and tries == 0, until)
            if isinstance(verdict_or_before, Delivered):
                return verdict_or_before
            tries, verdict = tries + 1, verdict_or_before
            if verdict.outcome != "failed" or pause is None:
                break
            asked = max(pause, verdict.wait_seconds or 0.0)
            if asked > self.patience.longest_pause or time.monotonic() + asked >= until:
                break
            if self.stopped.wait(asked):
                break
        return Delivered(target.name, verdict.outcome, verdict.reason, tries=tries)

    def _try(self, message: Message, target: Target, again: bool, until: float) -> Verdict | Delivered:
        """One try, written down before and after; what was sent before when it must not be sent again."""
        delivery_id = self.ledger.begin(message.key, target.name, target.digest, again=again)
        if delivery_id is None:
            last = self.ledger.last(message.key, target.digest)
            return Delivered(target.name, last.outcome if last else "busy", last.reason if last else None, before=True)
        seconds = max(1.0, min(self.patience.one_try, until - time.monotonic()))
        verdict = send_once(message, target.url, seconds, self.clock)
        self.ledger.end(delivery_id, verdict.outcome, verdict.reason)
        return verdict


def send_once(message: Message, url: str, seconds: float, clock: Callable[[], datetime]) -> Verdict:
    """Run the sending program once and judge what it did; it is ended after `seconds`."""
    order = {
        "url": url,
        "title": message.title,
        "text": message.text,
        "html": message.html,
        "severity": message.severity,
        "image": base64.b64encode(message.image).decode() if message.image else None,
    }
    command = [sys.executable, "-I", "-X", "utf8", str(_PROGRAM)]
    program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        journal, _ = program.communicate(json.dumps(order).encode(), timeout=seconds)
        ended = True
    except subprocess.TimeoutExpired:
        program.kill()
        journal, _ = program.communicate()
        ended = False
    except BaseException:
        program.kill()
        program.wait()
        raise
    return judge(read_journal(journal), clock(), ended=ended)


def failures(delivered: Sequence[Delivered]) -> tuple[Delivered, ...]:
    """Those that did not arrive for certain; what somebody else is sending right now may still fail there."""
    return tuple(each for each in delivered if not each.arrived)


class NotDelivered(DashError):
    """A message did not reach every target; a later run tries those again that surely have not got it."""

    def __init__(self, delivered: Sequence[Delivered]) -> None:
        lines = "; ".join(f"{each.target}: {each.reason or each.outcome}" for each in delivered)
        super().__init__(f"Not delivered to every target: {lines}.")
        self.delivered = tuple(delivered)
