"""How values come back: as Python's numbers, texts, dates, lists and dicts, and as text when nothing is better.

A value that the database can hold and Python cannot ('infinity', a year before 1, json a thousand levels deep) comes
back as text too, so that no single cell can make an answer impossible.
"""

from __future__ import annotations

from typing import Any

from psycopg import DataError, postgres
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.types.datetime import DateLoader, IntervalLoader, TimestampLoader, TimestamptzLoader
from psycopg.types.json import JsonbLoader, JsonLoader
from psycopg.types.string import TextLoader

from dash.database.connections import Connection

_AS_TEXT = ("bytea", "cidr", "inet", "record", "time", "timetz", "uuid")


def reading_adapters(adapters: AdaptersMap) -> None:
    """Register on a connection's adapters what comes back as text."""
    for name in _AS_TEXT:
        adapters.register_loader(name, TextLoader)
    for info in postgres.types:
        if info.name.endswith(("range", "multirange")):
            adapters.register_loader(info.oid, TextLoader)


def type_names(adapters: AdaptersMap, oids: list[int]) -> dict[int, str | None]:
    """PostgreSQL's names of well-known types (`int8`, `timestamptz`, `text[]`); None for types of this database."""
    names: dict[int, str | None] = {}
    for oid in oids:
        info = adapters.types.get(oid)
        names[oid] = None if info is None else info.name + ("[]" if info.array_oid == oid else "")
    return names


class Lenient:
    """A context for psycopg's transformer in which what Python cannot hold is text. Slower: only when needed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.adapters = AdaptersMap(connection.adapters)
        for name, loader in (
            ("date", _Date),
            ("timestamp", _Timestamp),
            ("timestamptz", _Timestamptz),
            ("interval", _Interval),
            ("json", _Json),
            ("jsonb", _Jsonb),
        ):
            self.adapters.register_loader(name, loader)


class _OrText(Loader):
    """Loads with `_loader`, or as text when that cannot hold the value."""

    _loader: type[Loader]

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        super().__init__(oid, context)
        self._inner = self._loader(oid, context)

    def load(self, data: Buffer) -> Any:
        try:
            return self._inner.load(data)
        except (DataError, OverflowError, ValueError, RecursionError):
            return bytes(data).decode("utf-8", "replace")


class _Date(_OrText):
    _loader = DateLoader


class _Timestamp(_OrText):
    _loader = TimestampLoader


class _Timestamptz(_OrText):
    _loader = TimestamptzLoader


class _Interval(_OrText):
    _loader = IntervalLoader


class _Json(_OrText):
    _loader = JsonLoader


class _Jsonb(_OrText):
    _loader = JsonbLoader
