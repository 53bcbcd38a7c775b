"""The player: a small piece of the browser that gets events as data and plays them by itself.

Playing costs the server nothing: only a stop, a jump beyond what is loaded and a wish for more come back. What
strangers wrote travels as JSON and becomes text nodes there, never markup; the HTML, CSS and script are ours and hold
no data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import blake2s
from pathlib import Path
from typing import Any

import streamlit as st

from dash.records import MASK
from dash.replay import KINDS, Event
from dash.ui.replay.window import Window
from dash.ui.replay.wording import Wording

_HERE = Path(__file__).parent
_LONGEST_TEXT = 20_000

_mount = st.components.v2.component(
    "dash_replay_player",
    html='<div class="replay" tabindex="0"></div>',
    css=(_HERE / "player.css").read_text(encoding="utf-8"),
    js=(_HERE / "player.js").read_text(encoding="utf-8"),
)


def show_player(
    conversation: str,
    window: Window,
    wording: Wording,
    *,
    on_move: Callable[[str | None], None],
    on_load: Callable[[str, str | None], None],
) -> None:
    """Mount the player. `on_move` hears where the person stopped; `on_load` what to load and where they stand."""
    key = f"player-{conversation}"

    def moved() -> None:
        on_move(_text(_state(key).get("at")))

    def load() -> None:
        wish = _state(key).get("load")
        if isinstance(wish, Mapping) and wish.get("what") in ("before", "after", "error", "approval"):
            on_load(str(wish["what"]), _text(wish.get("at")))

    _mount(key=key, data=payload(conversation, window, wording), on_at_change=moved, on_load_change=load)


def payload(conversation: str, window: Window, wording: Wording) -> dict[str, Any]:
    """What the browser gets: JSON without a value that it would have to format by itself, but numbers that it adds."""
    events = [_event(event, wording) for event in window.events]
    names = "\0".join([*(event.ref for event in window.events), wording.language])
    return {
        "conversation": conversation,
        "version": blake2s(names.encode("utf-8", "replace"), digest_size=8).hexdigest(),
        "language": wording.language,
        "words": wording.player_words(),
        "events": events,
        "seek": window.seek,
        "missed": window.missed,
        "asked": window.asked,
        "before": {
            "events": window.before.events, "tokens": window.before.tokens, "cost": window.before.cost_usd
        },
        "totals": {
            "events": window.totals.events, "tokens": window.totals.tokens, "cost": window.totals.cost_usd
        },
        "kinds": {kind: window.totals.kinds[kind] for kind in KINDS if kind in window.totals.kinds},
        "first_at": _milliseconds(window.totals.first),
        "last_at": _milliseconds(window.totals.last),
        "more_before": window.page.more_before,
        "more_after": window.page.more_after,
    }  # fmt: skip


def _event(event: Event, wording: Wording) -> dict[str, Any]:
    waited = event.role if event.kind == "message" and event.role else event.kind
    return {
        "ref": event.ref,
        "kind": event.kind,
        "role": event.role,
        "icon": wording.icon(event),
        "who": wording.who(event),
        "title": wording.title(event),
        "status": wording.status(event),
        "failed": event.failed,
        "body": _cut(event.body) if event.body != MASK else MASK,
        "at": _milliseconds(event.moment),
        "time": wording.time(event.moment),
        "day": wording.day(event.moment),
        "waited": waited,
        "duration": event.duration_ms,
        "tokens": event.tokens,
        "cost": event.cost_usd,
        "window": wording.approval(event),
        "details": [[name, _cut(text)] for name, text in wording.details(event)],
    }


def _cut(text: str | None) -> str | None:
    """One text of a megabyte would stop the browser; the export has all of it."""
    return text if text is None or len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def _milliseconds(moment: Any) -> float | None:
    return moment.timestamp() * 1000 if isinstance(moment, datetime) else None


def _state(key: str) -> Mapping[str, Any]:
    state = st.session_state.get(key)
    return state if isinstance(state, Mapping) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
