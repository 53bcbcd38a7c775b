"""One conversation: its head, the player, where its time went, and its files.

The player stands in a fragment, so that moving in it never draws the rest of the page again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dash.errors import DashError
from dash.records import MASK
from dash.replay import Replay
from dash.replay.gaps import read_gaps
from dash.replay.records import Conversation
from dash.replay.transcript import conversation_json, transcript
from dash.ui.replay.player import show_player
from dash.ui.replay.search import facts
from dash.ui.replay.window import Window, load_more, open_window
from dash.ui.replay.wording import Wording
from dash.ui.session import leave_conversation, move_to_moment

logger = logging.getLogger(__name__)

_WINDOW = "replay-window"
_TROUBLE = "replay-trouble"
_HEIGHT = 720


def show_conversation(replay: Replay, head: Conversation, at: str | None, wording: Wording) -> None:
    """Draw a conversation that exists."""
    _show_head(replay, head, wording)
    window = _window(replay, head.id, at)
    if window.lost:
        st.info(wording.say("replay_moment_missing"), icon=":material/link_off:")
    if not window.events:
        st.text(wording.say("replay_empty"))
        return
    with st.container(height=_HEIGHT, key="replay-player", border=True):
        _show_player(replay, head.id, wording)
    _show_gaps(replay, head.id, wording)


def _window(replay: Replay, conversation: str, at: str | None) -> Window:
    """What this tab has loaded of the conversation; loaded anew when the address names another or an unknown moment."""
    kept = st.session_state.get(_WINDOW)
    if kept is not None and kept[0] == conversation and (at is None or at == kept[2] or kept[1].find(at)):
        window: Window = kept[1]
        return window
    window = open_window(replay, conversation, at)
    st.session_state[_WINDOW] = (conversation, window, at)
    return window


def _show_head(replay: Replay, head: Conversation, wording: Wording) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="replay-bar"):
        st.button(wording.say("replay_back"), icon=":material/arrow_back:", key="replay-back", on_click=_leave)
        _show_files(replay, head.id, wording)
    with st.container(key="replay-head", gap=None):
        with st.container(key="replay-subject"):
            st.text(f"{head.id} · {head.title}" if head.title else head.id)
        with st.container(key="small-replay-facts"):
            notes = [wording.say("replay_zone", zone=wording.zone)]
            notes += [wording.say("replay_masked")] if MASK in head.facts.values() else []
            known = " · ".join([wording.moment(head.moment), *facts(head, wording)])
            st.text(f"{known}\n{' '.join(notes)}")


def _leave() -> None:
    st.session_state.pop(_WINDOW, None)
    leave_conversation()


def _show_files(replay: Replay, conversation: str, wording: Wording) -> None:
    name = re.sub(r"[^\w.-]+", "_", conversation)[:80]

    def as_text() -> str:
        return transcript(
            replay,
            conversation,
            who=lambda event: " · ".join(
                filter(None, (wording.who(event), wording.title(event), wording.status(event)))
            ),
            moment=wording.moment,
        )

    def guarded(make: Callable[[], str]) -> Callable[[], str]:
        def made() -> str:
            try:
                return make()
            except DashError:
                return wording.say("replay_export_failed")

        return made

    st.download_button(
        wording.say("replay_transcript"), data=guarded(as_text), file_name=f"{name}.txt", mime="text/plain",
        icon=":material/description:", on_click="ignore", key="replay-transcript",
    )  # fmt: skip
    st.download_button(
        wording.say("replay_json"), data=guarded(lambda: conversation_json(replay, conversation)),
        file_name=f"{name}.json", mime="application/json", icon=":material/data_object:", on_click="ignore",
        key="replay-json",
    )  # fmt: skip


@st.fragment
def _show_player(replay: Replay, conversation: str, wording: Wording) -> None:
    window: Window = st.session_state[_WINDOW][1]

    def load(what: str, at: str | None) -> None:
        try:
            grown = load_more(replay, conversation, st.session_state[_WINDOW][1], what, at)
        except DashError:
            logger.exception("More of a conversation could not be loaded.")
            st.session_state[_TROUBLE] = True
            return
        st.session_state[_WINDOW] = (conversation, grown, grown.seek)
        move_to_moment(grown.seek)

    if st.session_state.pop(_TROUBLE, False):
        st.warning(wording.say("replay_failed"), icon=":material/sync_problem:")
    show_player(conversation, window, wording, on_move=move_to_moment, on_load=load)


def _show_gaps(replay: Replay, conversation: str, wording: Wording) -> None:
    """Where the time went; asked for only when it is opened, because it reads the whole conversation."""
    opened = st.toggle(wording.say("replay_gaps"), key=f"replay-gaps-{conversation}")
    if not opened:
        return
    gaps = read_gaps(replay, conversation)
    if not gaps.longest:
        st.text(wording.say("replay_gaps_none"))
        return
    whole = sum(gaps.seconds.values())
    with st.container(key="replay-gaps", gap="small"):
        for waited_for, seconds in gaps.seconds.items():
            words = wording.say(f"replay_waited_{waited_for}")
            st.progress(min(1.0, seconds / whole), text=f"{wording.span(seconds)} · {words}")
        st.caption(wording.say("replay_gaps_longest"))
        for gap in gaps.longest:
            words = wording.say(
                "replay_gap", span=wording.span(gap.seconds), began=wording.moment(gap.began),
                waited=wording.say(f"replay_waited_{gap.waited_for}"),
            )  # fmt: skip
            st.button(
                words, key=f"gap-{gap.ref}", type="tertiary", icon=":material/hourglass:",
                on_click=_go_to, args=(conversation, gap.ref),
            )  # fmt: skip


def _go_to(conversation: str, ref: str) -> None:
    """Stand at an event: the next run loads what is around it."""
    if (kept := st.session_state.get(_WINDOW)) is not None and kept[1].find(ref):
        st.session_state[_WINDOW] = (conversation, replace(kept[1], seek=ref, asked=kept[1].asked + 1), ref)
    else:
        st.session_state.pop(_WINDOW, None)
    move_to_moment(ref)
