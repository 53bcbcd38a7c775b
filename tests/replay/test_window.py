"""What the page has loaded of a conversation: it grows at both ends, forgets the far one, and its sums stay right."""

from __future__ import annotations

import pytest

from dash.replay import Replay
from dash.replay.timeline import read_page, read_totals
from dash.ui.replay import window as windows
from dash.ui.replay.window import Window, load_more, open_window


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "PAGE", 2)
    monkeypatch.setattr(windows, "LONGEST", 5)


def require_whole(replay: Replay, window: Window) -> None:
    """The loaded events are a stretch of the conversation, and what came before them is counted."""
    whole = [event.ref for event in read_page(replay, "1").events]
    refs = [event.ref for event in window.events]
    at = whole.index(refs[0])
    assert refs == whole[at : at + len(refs)]
    assert len(refs) <= 5
    assert window.before == read_totals(replay, "1", window.events[0].place)
    assert window.page.more_before == (at > 0)
    assert window.page.more_after == (at + len(refs) < len(whole))


@pytest.mark.usefixtures("small_pages")
def test_a_window_grows_to_the_end_and_back_to_the_beginning(shop: Replay) -> None:
    window = open_window(shop, "1", None)
    require_whole(shop, window)
    for side, more in (("after", "more_after"), ("before", "more_before")):
        for _ in range(10):
            if not getattr(window.page, more):
                break
            window = load_more(shop, "1", window, side, None)
            require_whole(shop, window)
        assert not getattr(window.page, more)


@pytest.mark.usefixtures("small_pages")
def test_a_link_opens_around_its_event_and_the_next_error_far_away_is_found(shop: Replay) -> None:
    linked = open_window(shop, "1", "steps.3")
    assert linked.find("steps.3")
    assert linked.seek == "steps.3"
    require_whole(shop, linked)
    failing = load_more(shop, "1", open_window(shop, "1", "notes.a"), "error", "notes.a")
    assert failing.seek == "steps.2"
    require_whole(shop, failing)
    none = load_more(shop, "1", linked, "error", "steps.3")
    assert none.missed == "error"
    assert none.events == linked.events


@pytest.mark.usefixtures("small_pages")
def test_a_link_to_nothing_opens_the_beginning_and_says_so(shop: Replay) -> None:
    window = open_window(shop, "1", "steps.99")
    assert window.lost
    assert window.seek is None
    assert open_window(shop, "77", None).events == ()
