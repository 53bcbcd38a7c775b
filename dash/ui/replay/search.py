"""Finding a conversation: filters that combine, and what was found as a list, newest first.

The filters are those of replay.yaml in their order: a list to choose from where the knowledge knows the values, a box
to type in where it does not. They live in the address as `text=…`, `category=a&category=b`, `since=2026-11-01`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dash.errors import QueryFailed
from dash.records import MASK
from dash.replay import Replay
from dash.replay.description import FilterFile
from dash.replay.records import Conversation, Found
from dash.replay.searching import Search, find_conversations
from dash.shown.labels import text_of
from dash.ui.inert import label
from dash.ui.replay.wording import Wording
from dash.ui.session import show_conversation_here

_SHOWN_AT_ONCE = 2
_MOST_PAGES = 20
_LONGEST_SUBJECT = 160
_PAGES = "replay-pages"
_DAYS = ("since", "until")


def show_search(replay: Replay, wording: Wording) -> None:
    """Draw the search and what it finds."""
    st.title(wording.say("replay_title"), anchor=False)
    _show_filters(replay, wording)
    search = read_search(replay, wording.zone)
    asked = repr(search)
    pages = st.session_state.get(_PAGES)
    if pages is None or pages[0] != asked:
        pages = (asked, 1)
    found: list[Conversation] = []
    after = None
    try:
        for _ in range(min(pages[1], _MOST_PAGES)):
            page: Found = find_conversations(replay, search, after=after)
            found += page.conversations
            after = page.next
            if after is None:
                break
    except QueryFailed as error:
        if error.sqlstate != "57014":
            raise
        st.warning(wording.say("replay_too_slow"), icon=":material/hourglass_disabled:")
        return
    _show_found(found, wording, narrowed=search != Search())
    if after is not None and pages[1] < _MOST_PAGES:
        st.button(
            wording.say("replay_older"), key="replay-older", icon=":material/expand_more:", width="stretch",
            on_click=lambda: st.session_state.update({_PAGES: (asked, pages[1] + 1)}),
        )  # fmt: skip


def read_search(replay: Replay, zone: str) -> Search:
    """What the address asks for; what it cannot mean is left out."""
    filters = {name: tuple(values) for name in replay.description.filters if (values := _chosen(name))}
    days = {name: _day(name) for name in _DAYS}
    since, until = days["since"], days["until"]
    return Search(
        id=next(iter(_chosen("id")), None),
        since=_midnight(since, zone) if since else None,
        until=_midnight(until + timedelta(days=1), zone) if until else None,
        filters=filters,
    )


def _chosen(name: str) -> list[str]:
    return [value.strip() for value in st.query_params.get_all(name) if value.strip()]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


# the filters


def _show_filters(replay: Replay, wording: Wording) -> None:
    filters = list(replay.description.filters.items())
    rest = [*(name for name, _ in filters[_SHOWN_AT_ONCE:]), "id", *_DAYS]
    with st.container(horizontal=True, key="replay-filters", vertical_alignment="bottom"):
        for name, narrowing in filters[:_SHOWN_AT_ONCE]:
            _show_filter(name, narrowing, wording)
        used = sum(bool(_chosen(name)) for name in rest)
        words = wording.say("replay_filters") + (f" · {used}" if used else "")
        more = st.popover(words, icon=":material/tune:", key="replay-more", type="primary" if used else "secondary")
        with more.container(horizontal=True, key="replay-more-filters", vertical_alignment="bottom", width=500):
            for name, narrowing in filters[_SHOWN_AT_ONCE:]:
                _show_filter(name, narrowing, wording)
            _show_box("id", wording.say("replay_id"), None)
            for name in _DAYS:
                _show_day(name, wording.say(f"replay_{name}"))
        every = [*replay.description.filters, "id", *_DAYS]
        if any(_chosen(name) for name in every):
            st.button(
                wording.say("replay_clear"), key="replay-clear", type="tertiary", icon=":material/filter_alt_off:",
                on_click=_clear, args=(every,),
            )  # fmt: skip


def _show_filter(name: str, narrowing: FilterFile, wording: Wording) -> None:
    labels = wording.cells.labels
    dimension = narrowing.dimension
    heading = text_of(narrowing.label, wording.language) or (labels.dimension_label(dimension) if dimension else name)
    help_text = text_of(narrowing.help, wording.language) or None
    known = _values(dimension, wording)
    if not known:
        _show_box(name, heading, help_text)
        return
    key = _key(name)
    if key not in st.session_state:
        st.session_state[key] = [value for value in _chosen(name) if value in known]
    st.multiselect(
        label(heading), known, key=key, help=help_text, placeholder=wording.say("replay_any"),
        format_func=lambda value: wording.value(value, dimension), on_change=_changed, args=(name,), width=240,
    )  # fmt: skip


def _values(dimension: str | None, wording: Wording) -> list[str]:
    columns = wording.cells.labels.columns_of(dimension) if dimension else ()
    return list(dict.fromkeys(str(value.value) for column in columns for value in column.values))


def _show_box(name: str, heading: str, help_text: str | None) -> None:
    key = _key(name)
    if key not in st.session_state:
        st.session_state[key] = " ".join(_chosen(name))
    st.text_input(label(heading), key=key, help=help_text, max_chars=200, on_change=_changed, args=(name,), width=240)


def _show_day(name: str, heading: str) -> None:
    key = _key(name)
    if key not in st.session_state:
        st.session_state[key] = _day(name)
    st.date_input(heading, key=key, format="YYYY-MM-DD", on_change=_changed, args=(name,), width=160)


def _key(name: str) -> str:
    return f"replay-filter-{name}"


def _changed(name: str) -> None:
    """Write a filter into the address."""
    value: Any = st.session_state.get(_key(name))
    values: Sequence[str] = value if isinstance(value, list) else [str(value).strip()] if value else []
    if any(values):
        st.query_params[name] = list(values)
    elif name in st.query_params:
        del st.query_params[name]


def _clear(names: Sequence[str]) -> None:
    for name in names:
        st.session_state.pop(_key(name), None)
        if name in st.query_params:
            del st.query_params[name]


# what was found


def _show_found(found: Sequence[Conversation], wording: Wording, *, narrowed: bool) -> None:
    if not found:
        with st.container(key="replay-none"):
            st.text(wording.say("replay_found_none" if narrowed else "replay_no_data"))
        return
    st.caption(wording.say("replay_newest"))
    with st.container(key="replay-found", gap=None):
        for conversation in found:
            # One element a row: twenty-five rows of several take a browser a second.
            st.button(
                _line(conversation, wording), key=f"open-{conversation.id}", type="tertiary", width="stretch",
                wrap=True, on_click=show_conversation_here, args=(conversation.id,),
            )  # fmt: skip


def _line(conversation: Conversation, wording: Wording) -> str:
    """Number, subject and what is known, as marked-up text; what strangers wrote is made harmless and isolated, so that
    a right-to-left subject moves nothing around it."""
    subject = _isolated(label((conversation.title or "–")[:_LONGEST_SUBJECT]))
    known = label(" · ".join([wording.moment(conversation.moment), *facts(conversation, wording)]))
    return f"**{label(conversation.id)}** {subject} :small[:gray[{known}]]"


def _isolated(words: str) -> str:
    return f"\u2068{words}\u2069"


def facts(conversation: Conversation, wording: Wording) -> list[str]:
    """What is known at a glance, in words, without what is unknown or masked."""
    described = wording.description.conversation.facts
    return [
        wording.value(value, described[name].dimension)
        for name, value in conversation.facts.items()
        if value is not None and value != MASK
    ]
