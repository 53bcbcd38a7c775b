"""sqlglot's parser for PostgreSQL with counted steps: some brackets double its work with each level, and a text that
needs more steps than an honest query of its length is given up.
"""

from __future__ import annotations

from typing import ClassVar

from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import ErrorLevel
from sqlglot.parsers.postgres import PostgresParser

_STEPS_AT_LEAST = 2_000


class TooManySteps(Exception):
    """Reading takes more steps than an honest query needs."""


class CountedParser(PostgresParser):
    """Reads one list of tokens. Raises TooManySteps besides what the parser raises; writes nothing into logs."""

    STEPS_PER_TOKEN: ClassVar[int]

    def __init__(self, tokens: int, dialect: Postgres) -> None:
        super().__init__(error_level=ErrorLevel.IMMEDIATE, dialect=dialect)
        self._steps_left = _STEPS_AT_LEAST + self.STEPS_PER_TOKEN * tokens

    def _advance(self, times: int = 1) -> None:
        self._steps_left -= 1
        if self._steps_left < 0:
            raise TooManySteps
        super()._advance(times)

    def _warn_unsupported(self) -> None:
        # It would write the text into a log and go on.
        self.raise_error("A statement of another kind")
