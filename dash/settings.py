"""The only reader of the environment: every setting, its default and its meaning in one place.

`Settings.from_env()` is called once by a surface and handed down; nothing below reads `os.environ`, so a test builds
`Settings(...)` and knows all there is to know.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dash.errors import SettingsError

REPOSITORY = Path(__file__).resolve().parent.parent


def default_home() -> Path:
    """The state folder by the platform's convention; for root the system's, because PostgreSQL must reach it."""
    import platformdirs

    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/dash")
    return Path(platformdirs.user_data_dir("dash", appauthor=False))


@dataclass(frozen=True)
class Limits:
    """Bounds of one query. Times in seconds, sizes in bytes."""

    rows: int = 10_000
    result_bytes: int = 20_000_000
    statement_timeout_seconds: float = 30.0
    lock_timeout_seconds: float = 2.0
    work_mem_megabytes: int = 64
    maximum_cost: float = 50_000_000.0


@dataclass(frozen=True)
class Settings:
    """Everything that can be configured. Paths are absolute; `database_url` None means the embedded server."""

    home: Path
    # They hold passwords, so no log, trace or cache key that shows settings shows them.
    database_url: str | None = field(default=None, repr=False)
    reader_url: str | None = field(default=None, repr=False)
    knowledge: Path = REPOSITORY / "knowledge"
    learnings: Path = REPOSITORY / "learnings"
    zone: str = "UTC"
    host: str = "127.0.0.1"
    port: int = 8501
    user: str = "local"
    activate_fixes: bool = False
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read `DASH_*` variables.

        DASH_HOME state folder · DASH_DATABASE_URL use this PostgreSQL as owner of our state instead of the embedded
        one · DASH_READER_URL the SELECT-only login on that server (default: role dash_reader, made by us) ·
        DASH_KNOWLEDGE, DASH_LEARNINGS folders · DASH_TIMEZONE reporting zone · DASH_HOST, DASH_PORT of the page ·
        DASH_USER name written into runs · DASH_ACTIVATE_FIXES=1 mechanical fixes that pass the shadow run activate
        themselves (default: a person does) · DASH_STATEMENT_TIMEOUT seconds · DASH_ROW_LIMIT rows of one result.

        Raises SettingsError with the variable's name and what it should look like.
        """
        env = os.environ if environment is None else environment
        limits = Limits()
        return cls(
            home=Path(env.get("DASH_HOME") or default_home()).expanduser().absolute(),
            database_url=_postgres_url(env, "DASH_DATABASE_URL"),
            reader_url=_postgres_url(env, "DASH_READER_URL"),
            knowledge=Path(env.get("DASH_KNOWLEDGE") or REPOSITORY / "knowledge").expanduser().absolute(),
            learnings=Path(env.get("DASH_LEARNINGS") or REPOSITORY / "learnings").expanduser().absolute(),
            zone=checked_zone(env.get("DASH_TIMEZONE") or "UTC", "DASH_TIMEZONE"),
            host=env.get("DASH_HOST") or "127.0.0.1",
            port=int(_number(env, "DASH_PORT", 8501, lowest=1, highest=65535)),
            user=env.get("DASH_USER") or "local",
            activate_fixes=env.get("DASH_ACTIVATE_FIXES", "") not in ("", "0"),
            limits=Limits(
                rows=int(_number(env, "DASH_ROW_LIMIT", limits.rows, lowest=1, highest=1_000_000)),
                statement_timeout_seconds=_number(
                    env, "DASH_STATEMENT_TIMEOUT", limits.statement_timeout_seconds, lowest=0.1, highest=3600
                ),
            ),
        )


def _postgres_url(env: Mapping[str, str], name: str) -> str | None:
    url = env.get(name)
    if not url:
        return None
    if not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        raise SettingsError(f"{name} must look like postgresql://user:password@host:5432/database.")
    return url


def _number(env: Mapping[str, str], name: str, default: float, *, lowest: float, highest: float) -> float:
    text = env.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not lowest <= value <= highest:
        raise SettingsError(f"{name}={text!r} must be a number from {lowest:g} to {highest:g}.")
    return value


def checked_zone(name: str, origin: str) -> str:
    """`name` when it is a time zone, else SettingsError; `origin` is the variable or option that it came from."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(f"{origin}={name!r} is not a time zone; use a name such as Europe/Berlin.") from error
    return name


def wants_traces(environment: Mapping[str, str] | None = None) -> bool:
    """DASH_DEBUG=1: a surface shows the stack trace of an error beside its sentence."""
    env = os.environ if environment is None else environment
    return env.get("DASH_DEBUG", "") not in ("", "0")
