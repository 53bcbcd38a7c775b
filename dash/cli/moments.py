"""Moments that a person writes on the command line: read in one way by every command.

A time without an offset is in the reporting zone, as every time that is shown.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click

SINCE = "From then on: 2026-11-20, 2026-11-20T12:00, or 30m, 24h, 7d."
"""The help of an option that `since_moment` reads."""

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str, zone: str, option: str) -> datetime:
    """An ISO 8601 date or time, as an aware moment in UTC. Raises click.BadParameter that names the option."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(
            f"{text!r} is not a time; write it like 2026-01-31T09:30 or 2026-01-31T09:30+03:00.", param_hint=option
        ) from error


def since_moment(text: str | None, zone: str) -> datetime | None:
    """The value of --since: a moment, or how long ago, like "7d". Raises click.BadParameter."""
    if text is None:
        return None
    ago = re.fullmatch(r"(\d{1,5})([mhdw])", text)  # 7d
    if ago:
        return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    return moment(text, zone, "--since")


def moment_ahead(text: str, zone: str, option: str) -> datetime:
    """A moment, or how long from now, like "2d". Raises click.BadParameter."""
    ahead = re.fullmatch(r"(\d{1,5})([mhdw])", text)  # 2d
    if ahead:
        return datetime.now(UTC) + timedelta(**{_UNITS[ahead[2]]: int(ahead[1])})
    return moment(text, zone, option)
