"""The filters of the list. They live in the address; the values to choose from are those that stuck tickets have.

A value that a link asks for and no ticket has stays chosen, so that the list is empty and not another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Literal

import streamlit as st

from dash.ui.inert import label
from dash.ui.stuck.address import AWAY, CHANGE, MINE, NONE, REASON, Wanted, narrowed_by, parameter, put
from dash.ui.stuck.sight import Sight

_IN_SIGHT = 4


def show_filters(sight: Sight, wanted: Wanted) -> None:
    """Draw them: the most used in sight, the rest behind a button, the switches beside the heading."""
    names = [REASON, *(name for name in narrowed_by(sight.desk.file) if name not in _without_values(sight))]
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="stuck-list-head"):
        st.subheader(sight.say("stuck_list"), anchor=False, width="stretch")
        if wanted.narrows:
            st.button(
                sight.say("stuck_clear"),
                key="stuck-clear",
                type="tertiary",
                icon=":material/filter_alt_off:",
                on_click=clear,
                args=([REASON, *narrowed_by(sight.desk.file)],),
            )
        _show_switch(MINE, sight.say("stuck_mine"), wanted.mine)
        _show_switch(AWAY, sight.say("stuck_away"), wanted.away)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="stuck-filters"):
        for name in names[:_IN_SIGHT]:
            _show_filter(name, sight, wanted)
        if names[_IN_SIGHT:]:
            used = sum(bool(_wanted_of(name, wanted)) for name in names[_IN_SIGHT:])
            words = sight.say("stuck_more_filters") + (f" · {used}" if used else "")
            kind: Literal["primary", "secondary"] = "primary" if used else "secondary"
            with st.popover(words, icon=":material/tune:", key="stuck-more", type=kind):
                for name in names[_IN_SIGHT:]:
                    _show_filter(name, sight, wanted)


def choose(name: str, values: Sequence[str]) -> None:
    """Let a filter have these values from now on."""
    st.session_state[_key(name)] = list(values)
    put(parameter(name) if name != REASON else REASON, values)


def clear(names: Iterable[str]) -> None:
    """Show every ticket again that nobody put away."""
    for name in names:
        choose(name, [])
    for name in (MINE, AWAY):
        st.session_state[_key(name)] = False
        put(name, [])
    put(CHANGE, [])


def _without_values(sight: Sight) -> set[str]:
    return set(sight.desk.file.tickets.facts) - set(sight.facts)


def _show_filter(name: str, sight: Sight, wanted: Wanted) -> None:
    counts = _counts(name, sight)
    asked = _wanted_of(name, wanted)
    key = _key(name)
    if st.session_state.get(key) != list(asked):  # also after the browser's way back
        st.session_state[key] = list(asked)
    options = [value for value, _ in counts.most_common()]
    options += [value for value in asked if value not in counts]
    heading = sight.say("stuck_reason") if name == REASON else sight.wording.fact_label(name)
    st.multiselect(
        label(heading),
        options,
        key=key,
        format_func=partial(_words, name, counts, sight),
        placeholder=heading,
        label_visibility="collapsed",
        on_change=_changed,
        args=(name,),
        width=220,
    )


def _wanted_of(name: str, wanted: Wanted) -> Sequence[str]:
    return wanted.reasons if name == REASON else wanted.facts.get(name, ())


def _counts(name: str, sight: Sight) -> Counter[str]:
    if name == REASON:
        return Counter(ticket.reason for ticket in sight.tickets)
    return Counter(sight.value_of(ticket, name) or NONE for ticket in sight.tickets)


def _words(name: str, counts: Counter[str], sight: Sight, value: str) -> str:
    words = sight.wording.reason(value) if name == REASON else sight.value_words(name, value)
    return f"{words} ({sight.count(counts[value])})"


def _changed(name: str) -> None:
    choose(name, st.session_state[_key(name)])


def _show_switch(name: str, words: str, asked: bool) -> None:
    key = _key(name)
    if st.session_state.get(key) != asked:
        st.session_state[key] = asked
    st.toggle(words, key=key, on_change=_switched, args=(name,))


def _switched(name: str) -> None:
    put(name, ["1"] if st.session_state[_key(name)] else [])


def _key(name: str) -> str:
    return f"stuck-filter-{name}"
