"""Moments on the command line: one way of reading them, in the reporting zone."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest

from dash.cli.moments import moment


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-01-31", datetime(2026, 1, 30, 22, tzinfo=UTC)),
        ("2026-01-31T09:30", datetime(2026, 1, 31, 7, 30, tzinfo=UTC)),
        ("2026-07-31T09:30", datetime(2026, 7, 31, 6, 30, tzinfo=UTC)),
        ("2026-01-31T09:30Z", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("2026-01-31T09:30+03:00", datetime(2026, 1, 31, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_in_the_reporting_zone(text: str, read: datetime) -> None:
    found = moment(text, "Europe/Kyiv", "--now")
    assert (found, found.tzinfo) == (read, UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "0001-01-01T00:00", "9999-12-31T23:59-14:00"])
def test_what_is_no_moment_is_said_with_its_option(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a time") as refused:
        moment(text, "Europe/Kyiv", "--since")
    assert refused.value.param_hint == "--since"
