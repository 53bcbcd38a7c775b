"""A morning on which there is something of everything: two checks, and what support did between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dash.ask import Dash
from dash.ops import Diff, StuckDesk
from dash.ops.judging import judge
from dash.records import Viewer
from tests.ops.conftest import support

HOUR = timedelta(hours=1)


def desk_after_two_checks(dash: Dash, viewer: Viewer) -> StuckDesk:
    """Two tickets were sent, three got stuck and one passed a threshold since the check before."""
    desk = StuckDesk.open(dash, viewer)
    now = dash.clock()
    _settle(desk, now)
    query = "SELECT thread_id FROM support.support_threads_data WHERE status = 'Sent' ORDER BY thread_id DESC LIMIT 4"
    late, *new = [row[0] for row in support(desk, query)]
    move(desk, [late], "AI Answered", now - 48.5 * HOUR)
    desk.check(now - HOUR)
    move(desk, [entry.ticket.ticket for entry in desk.entries(diff_of(desk))[:2]], "Sent", now)
    move(desk, new, "AI Answered", now - 30 * HOUR)
    desk.check(now)
    return desk


def _settle(desk: StuckDesk, now: datetime) -> None:
    """Tickets of the demo that get stuck in this very hour by themselves are sent before it."""
    earlier, later = ({one.ticket for one in judge(desk.dash, desk.file, at)} for at in (now - HOUR, now))
    move(desk, sorted(later - earlier), "Sent", now - 2 * HOUR)


def move(desk: StuckDesk, tickets: Sequence[str], stage: str, since: datetime) -> None:
    """What support does: tickets come to a stage."""
    update = "UPDATE support.support_threads_data SET status = %s, status_changed_at = %s WHERE thread_id = ANY(%s)"
    support(desk, update, stage, since, list(tickets))


def diff_of(desk: StuckDesk) -> Diff:
    """What changed up to the last check."""
    check = desk.latest()
    assert check is not None
    return desk.diff(check)
