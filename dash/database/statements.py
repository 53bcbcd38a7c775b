"""SQL of our own, by name: `statement("begin_run")` is the text of sql/begin_run.sql."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> bytes:
    """The text of a file in sql/, as bytes, which psycopg takes as trusted SQL."""
    return (_FOLDER / f"{name}.sql").read_bytes()
