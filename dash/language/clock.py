"""Times of the day in a question: "between 22:00 and 06:00", "after 6 pm" → the hours of the day that are meant.

Only whole hours that are written as times ("9:00", "9 am") are read; a bare "between 9 and 18" may be anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dash.records import Span, Token

_DAY, _NOON = 24, 12
HOUR = "hour_of_day"


def clock_spans(tokens: Sequence[Token], spans: Sequence[Span]) -> Iterator[Span]:
    """Every stretch of the day that is named, as a value of the hour of the day. `spans` hold the words of time."""
    parts: dict[int, list[Span]] = {}
    for span in spans:
        parts.setdefault(span.start, []).append(span)
    for start in range(len(tokens)):
        named = [start, *_ends(start, parts, "time_day_parts")]  # "at night, from 22:00 to 6:00"
        for first, last, end in (found for begin in named for found in _stretches(begin, tokens, parts)):
            length = (last - first) % _DAY
            hours = tuple(sorted((first + step) % _DAY for step in range(length)))
            if hours:
                yield Span(start, end, "value", (HOUR, hours), 0.0, f"{first}–{last}", "")
    opened = {span.end for span in spans if span.kind in ("time_between", "time_opening")}
    for start in {*range(len(tokens))} - opened:
        for first, last, end in _pairs(start, tokens, parts):  # "at 9:00 *and* 12:00": the two hours
            hours = tuple(sorted({first % _DAY, last % _DAY}))
            yield Span(start, end, "value", (HOUR, hours), 0.0, f"{first}, {last}", "")


def _stretches(i: int, tokens: Sequence[Token], parts: dict[int, list[Span]]) -> Iterator[tuple[int, int, int]]:
    """From the first hour until before the last, and where the words end."""
    for after in _ends(i, parts, "time_between", "time_opening", "time_since"):
        for middle, first in _hour(after, tokens, parts):
            for then in _ends(middle, parts, "time_range_and"):
                for end, last in _hour(then, tokens, parts):
                    yield first, last, end
    for middle, first in _hour(i, tokens, parts):
        for then in [] if _ends(middle, parts, "conjunction") else _ends(middle, parts, "time_range_and"):
            for end, last in _hour(then, tokens, parts):
                yield first, last, end
    for after in _ends(i, parts, "time_since", "time_after"):
        for end, first in _hour(after, tokens, parts):
            yield first, _DAY, end
    for after in _ends(i, parts, "time_before", "time_until"):
        for end, last in _hour(after, tokens, parts):
            yield 0, last, end


def _pairs(i: int, tokens: Sequence[Token], parts: dict[int, list[Span]]) -> Iterator[tuple[int, int, int]]:
    """Two hours with "and" between them, and where the words end."""
    for middle, first in _hour(i, tokens, parts):
        for then in _ends(middle, parts, "conjunction"):
            for end, last in _hour(then, tokens, parts):
                yield first, last, end


def _ends(i: int, parts: dict[int, list[Span]], *kinds: str) -> list[int]:
    return [span.end for span in parts.get(i, ()) if span.kind in kinds]


def _hour(i: int, tokens: Sequence[Token], parts: dict[int, list[Span]]) -> Iterator[tuple[int, int]]:
    """A whole hour at a place, and where it ends."""
    if i >= len(tokens):
        return
    token = tokens[i]
    if token.kind == "time":
        hour, minute = (int(part) for part in token.text.split(":"))
        if minute == 0 and hour <= _DAY:
            yield i + 1, hour
    elif token.kind == "number" and token.stem.isdigit() and 1 <= int(token.stem) <= _NOON:
        for span in parts.get(i + 1, ()):
            if span.kind == "time_half":
                yield span.end, int(token.stem) % _NOON + (_NOON if span.meaning == "pm" else 0)
