"""Moments that a person writes on the command line: read in one way by every command.

A time without an offset is in the reporting zone, as every time that is shown.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click


def moment(text: str, zone: str, option: str) -> datetime:
    """An ISO 8601 date or time, as an aware moment in UTC. Raises click.BadParameter that names the option."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(
            f"{text!r} is not a time; write it like 2026-01-31T09:30 or 2026-01-31T09:30+03:00.", param_hint=option
        ) from error
