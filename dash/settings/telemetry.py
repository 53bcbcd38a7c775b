"""What may be seen of a running product from outside: where its spans go, and how its logs are written.

Both say how long a question took and how it ended, and neither says what was asked or found (docs/observing.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from dash.errors import SettingsError
from dash.settings.values import http_host, number

LogFormat = Literal["console", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True)
class TraceSettings:
    """Where spans go: the address of an OTLP receiver (HTTP, protobuf), headers of each request, and which share of
    questions is traced."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)
    share: float = 1.0

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> TraceSettings | None:
        """None when nothing is traced. Raises SettingsError."""
        url = env.get("DASH_TRACES_URL", "").strip()
        if not url:
            return None
        if not http_host(url):
            raise SettingsError("DASH_TRACES_URL must look like http://127.0.0.1:4318/v1/traces.")
        return cls(
            url,
            _headers(env.get("DASH_TRACES_HEADERS", "")),
            number(env, "DASH_TRACES_SHARE", 1.0, lowest=0, highest=1),
        )


@dataclass(frozen=True)
class LogSettings:
    """How a serving process writes its log, on standard error. Without a level, people see what went wrong and programs
    see every question."""

    format: LogFormat = "console"
    level: LogLevel | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> LogSettings:
        """Raises SettingsError."""
        written, level = (env.get(name, "").strip().lower() for name in ("DASH_LOGS", "DASH_LOG_LEVEL"))
        if written and written not in get_args(LogFormat):
            raise SettingsError(f"DASH_LOGS={written!r} must be one of {', '.join(get_args(LogFormat))}.")
        if level and level not in get_args(LogLevel):
            raise SettingsError(f"DASH_LOG_LEVEL={level!r} must be one of {', '.join(get_args(LogLevel))}.")
        return cls(cast(LogFormat, written or "console"), cast(LogLevel, level) if level else None)

    @property
    def lowest(self) -> LogLevel:
        """The lowest level that is written."""
        return self.level or ("info" if self.format == "json" else "warning")


def _headers(text: str) -> dict[str, str]:
    """`Authorization=Basic abc,x-tenant=1` as a mapping. The error does not repeat it: it is a secret."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if not all(name and value and name.isascii() and value.isascii() and value.isprintable()
               for name, value in headers.items()):  # fmt: skip
        raise SettingsError("DASH_TRACES_HEADERS must look like Authorization=Basic abc,x-tenant=1.")
    return headers
