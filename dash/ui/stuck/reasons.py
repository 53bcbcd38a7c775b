"""Why tickets are stuck: every reason with its count, its change, its trend over the last checks and what to do.

The numbers are of the whole check, whatever the list is narrowed to, because a trend of a part would be another trend.
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import streamlit as st

from dash.board.showing import Point
from dash.ops import Check
from dash.records import Column
from dash.ui.board.drawing import line_html
from dash.ui.inert import escaped, label
from dash.ui.stuck.address import REASON, Wanted
from dash.ui.stuck.filters import choose
from dash.ui.stuck.sight import Sight

CHECKS = 30


def show_reasons(sight: Sight, wanted: Wanted, listed: int) -> None:
    """Draw a line for each reason of the file, and of those that are gone from it but not from the check; the one that
    explains nothing last. Where fewer are `listed`, it says what else is counted here."""
    history = sight.desk.history(limit=CHECKS)[::-1]
    st.subheader(sight.say("stuck_why"), anchor=False)
    if rest := sight.check.tickets - listed:
        words = "stuck_why_narrowed" if wanted.narrows_reasons else "stuck_why_all"
        st.caption(label(sight.say(words, count=sight.count(sight.check.tickets), away=sight.count(rest))))
    counts = sight.check.counts
    names = [one.name for one in sight.desk.file.reasons]
    names += [name for name in counts if name not in names]
    largest = max(counts.values(), default=0) or 1
    with st.container(key="stuck-reasons", gap=None):
        catch_all = sight.desk.file.catch_all
        for name in sorted(names, key=lambda name: (name == catch_all, -counts.get(name, 0))):
            here = wanted.reasons == (name,)
            with st.container(
                key=f"stuck-reason-{name}{'-here' if here else ''}", horizontal=True, wrap=False, gap=None
            ):
                st.button(
                    label(sight.wording.reason(name)),
                    key=f"stuck-pick-{name}",
                    wrap=True,
                    type="primary" if here else "tertiary",
                    help=label(sight.wording.advice(name)) or None,
                    on_click=choose,
                    args=(REASON, [] if here else [name]),
                )
                st.html(_line(sight, name, counts.get(name, 0), largest, history), width=230)
    for name in wanted.reasons:
        if advice := sight.wording.advice(name):
            with st.container(key=f"stuck-advice-{name}"):
                st.text(f"{sight.wording.reason(name)}: {advice}", width="stretch")


def _line(sight: Sight, name: str, count: int, largest: int, history: Sequence[Check]) -> str:
    """The number behind a bar, how it moved, and a line."""
    before = sight.diff.before
    moved = count - before.counts.get(name, 0) if before is not None else 0
    arrow = "▲" if moved > 0 else "▼" if moved < 0 else ""
    kind = "board-worse" if moved > 0 else "board-better"
    column = Column("count", sight.say("stuck_tickets"), "count", "metric")
    zone = ZoneInfo(sight.wording.zone)
    points = [Point(check.checked_at.astimezone(zone), check.counts.get(name, 0), True) for check in history]
    change = f'<b class="{kind}">{arrow}&nbsp;{escaped(sight.count(abs(moved)))}</b>' if moved else ""
    share = f"--share:{100 * count / largest:.1f}%"
    return (
        f'<div class="stuck-line"><div class="stuck-count" style="{share}">{escaped(sight.count(count))}</div>'
        f'<div class="stuck-moved">{change}</div>{line_html(points, column, "hour", sight.wording.cells)}</div>'
    )
