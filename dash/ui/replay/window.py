"""The stretch of a conversation that the page has loaded: what the player plays without asking anybody.

It grows by pages in both directions and forgets its far end when it becomes long, so a conversation of any length
costs the browser and the session the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dash.replay import Event, Page, Replay, Totals
from dash.replay.timeline import find_event, find_next, read_around, read_page, read_totals

PAGE = 200
LONGEST = 1_000


@dataclass(frozen=True)
class Window:
    """The loaded events, what came before them, and the whole; `seek` is the event to stand at, `lost` says that the
    one that was asked for does not exist, `missed` the kind of which there is no further one.
    `asked` counts how often the page, and not the player, said where to stand."""

    page: Page
    before: Totals
    totals: Totals
    seek: str | None = None
    lost: bool = False
    missed: str | None = None
    asked: int = 0

    @property
    def events(self) -> tuple[Event, ...]:
        """The loaded events in order."""
        return self.page.events

    def find(self, ref: str | None) -> Event | None:
        """A loaded event by its name in links."""
        return next((event for event in self.events if event.ref == ref), None)


def open_window(replay: Replay, conversation: str, at: str | None) -> Window:
    """The first page, or the one around the event or moment `at`."""
    totals = read_totals(replay, conversation)
    event = find_event(replay, conversation, at) if at else None
    if event is None:
        page = read_page(replay, conversation, limit=PAGE)
        return Window(page, Totals(), totals, lost=bool(at))
    return _around(replay, conversation, totals, event)


def load_more(replay: Replay, conversation: str, window: Window, what: str, at: str | None) -> Window:
    """The window after `before`, `after`, or around the next event of the kind `what` behind `at`."""
    if not window.events:
        return window
    if what == "after":
        added = read_page(replay, conversation, after=window.events[-1].place, limit=PAGE)
        return _cut(replay, conversation, window, _joined(window.page, added), seek=at, keep_end=True)
    if what == "before":
        added = read_page(replay, conversation, before=window.events[0].place, limit=PAGE)
        return _cut(replay, conversation, window, _joined(added, window.page), seek=at, keep_end=False)
    here = window.find(at)
    # What is loaded has been looked through already.
    found = find_next(replay, conversation, window.events[-1].place if here or at is None else None, {what})
    if found is None:
        return replace(window, seek=at, missed=what)
    return _around(replay, conversation, window.totals, found)


def _around(replay: Replay, conversation: str, totals: Totals, event: Event) -> Window:
    page = read_around(replay, conversation, event, limit=PAGE)
    before = read_totals(replay, conversation, page.events[0].place) if page.more_before else Totals()
    return Window(page, before, totals, seek=event.ref)


def _joined(first: Page, second: Page) -> Page:
    return Page((*first.events, *second.events), first.more_before, second.more_after, first.masked | second.masked)


def _cut(replay: Replay, conversation: str, window: Window, page: Page, *, seek: str | None, keep_end: bool) -> Window:
    """Keep at most LONGEST events, those at the end that just grew."""
    begins = page.events[0].ref if page.events else None
    if len(page.events) > LONGEST:
        kept = page.events[-LONGEST:] if keep_end else page.events[:LONGEST]
        page = replace(
            page, events=kept, more_before=page.more_before or keep_end, more_after=page.more_after or not keep_end
        )
    same_start = page.events[0].ref == window.events[0].ref and begins == window.events[0].ref
    before = window.before
    if not same_start:
        before = read_totals(replay, conversation, page.events[0].place) if page.more_before else Totals()
    return Window(page, before, window.totals, seek=seek)
