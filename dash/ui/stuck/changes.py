"""The diff on top: how many are new, got worse, still stuck, back from a snooze, cleared. A click shows only those."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dash.knowledge.workdays import has_workdays
from dash.ops import Cleared, Entry, count_changes
from dash.ui.inert import label
from dash.ui.stuck.address import BACK, CHANGE, COMPARED, COMPARISONS, WORKDAY, Wanted, put
from dash.ui.stuck.sight import Sight

_COMPARED = "stuck-compared"


def show_changes(sight: Sight, wanted: Wanted, entries: Sequence[Entry], cleared: Sequence[Cleared]) -> None:
    """Draw the tiles. They count what the filters leave, so a number is the length of the list that it opens."""
    counts = count_changes(entries, cleared)
    tiles = [("all", len(entries))]
    if sight.diff.before is not None:
        # Nothing came back on most mornings, and a tile for it would only stand there; one that is chosen stays.
        tiles += [(name, count) for name, count in counts.items() if name != BACK or count or wanted.change == BACK]
    with st.container(horizontal=True, gap="small", key="stuck-tiles"):
        for name, count in tiles:
            here = (wanted.change or "all") == name
            st.button(
                f"{_number(sight, count)} {label(sight.say(f'stuck_tile_{name}'))}",
                key=f"stuck-tile-{name}",
                type="primary" if here else "secondary",
                help=sight.say(f"stuck_tile_{name}_help"),
                wrap=True,
                on_click=put,
                args=(CHANGE, [] if name == "all" or here else [name]),
            )
    if sight.check.previous is not None:
        _show_compared(sight, wanted)


def _number(sight: Sight, count: int) -> str:
    """Strong, which has a colour; nothing is no reason for one."""
    mark = "**" if count else "*"
    return f"{mark}{label(sight.count(count))}{mark}"


def _show_compared(sight: Sight, wanted: Wanted) -> None:
    """Since when: the working day before, the check before, or a week; none where the address names a moment."""
    compared = wanted.compared if wanted.since is None else None
    if _COMPARED not in st.session_state or st.session_state[_COMPARED] != compared:
        st.session_state[_COMPARED] = compared
    st.segmented_control(
        sight.say("stuck_compare"),
        COMPARISONS,
        required=wanted.since is None,
        format_func=lambda name: sight.say(f"stuck_compare_{_called(sight, name)}"),
        key=_COMPARED,
        label_visibility="collapsed",
        on_change=_compare,
    )


def _called(sight: Sight, name: str) -> str:
    """Where every day is a working day, the one before is yesterday."""
    return "yesterday" if name == WORKDAY and not has_workdays(sight.desk.file) else name


def _compare() -> None:
    chosen = st.session_state[_COMPARED]
    put(COMPARED, [] if chosen in (None, WORKDAY) else [chosen])
