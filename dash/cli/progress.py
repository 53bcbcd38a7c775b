"""What a long step is doing, on one line: redrawn on a terminal, one line per new step elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator


class Progress:
    """Call it with what is being done now; numbers inside the text may count up."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._line = ""
        self._written_at = 0.0

    def __call__(self, text: str) -> None:
        if self._quiet:
            return
        if self._terminal:
            sys.stderr.write(f"\r\033[K{text}")
        elif self._is_worth_a_line(text):
            sys.stderr.write(f"{text}\n")
            self._written_at = time.monotonic()
        self._line = text
        sys.stderr.flush()

    def counted(self, done: int, total: int, what: str) -> None:
        """The form in which loading demo data reports: how many of what are done."""
        share = 100 * done // total if total else 100
        self(f"Loading demo data: {what}, {done:,} of {total:,} ({share} %)")

    def done(self) -> None:
        """End the line, so that what comes next stands on its own."""
        if self._terminal and self._line:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
        self._line = ""

    def _is_worth_a_line(self, text: str) -> bool:
        """A log file wants each step once, and a counter only now and then."""
        same_step = _without_numbers(text) == _without_numbers(self._line)
        return not same_step or time.monotonic() - self._written_at > 10.0


def _without_numbers(text: str) -> str:
    return "".join(letter for letter in text if not letter.isdigit())


@contextlib.contextmanager
def shown_progress(*, quiet: bool = False) -> Iterator[Progress]:
    """A progress line that is gone when the block ends, also when it ends in an error."""
    progress = Progress(quiet=quiet)
    try:
        yield progress
    finally:
        progress.done()
