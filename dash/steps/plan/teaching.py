"""What picking a choice would teach: one word that was asked about, and the one governed meaning that it then has."""

from __future__ import annotations

from dash.language.reader import Read
from dash.language.readings import Reading
from dash.records import Span, Teaching


def taught(words: str, span: Span) -> Teaching | None:
    """What a span says of its words, where that is something governed that a word can be learned for."""
    kind = span.kind.rstrip("?")
    if kind == "value":
        dimension, values = span.meaning
        return Teaching(words, dimension=dimension, values=tuple(values))
    if kind == "metric":
        return Teaching(words, metric=span.meaning)
    return Teaching(words, dimension=span.meaning) if kind == "dimension" else None


def taught_by_reading(words: str, asked: Span, reading: Reading) -> Teaching | None:
    """What one of several readings takes the words for that were asked about."""
    same = [span for span in reading.spans if (span.start, span.end) == (asked.start, asked.end)]
    return taught(words, same[0]) if len(same) == 1 else None


def taught_by_correction(read: Read, correction: str, text: str, again: Read) -> Teaching | None:
    """What the one unknown word means if it is `correction` misspelled, as `text` has it and `again` reads it: the
    phrase around it, as it was written."""
    unknown = read.best_cover.unknown if read.best_cover else ()
    if len(unknown) != 1 or not again.readings:
        return None
    token = read.tokens[unknown[0]]
    start, end = token.start, token.start + len(correction)
    for span in again.readings[0].spans:
        first, last = again.tokens[span.start].start, again.tokens[span.end - 1].end
        if first <= start and end <= last:
            return taught(text[first:start] + token.text + text[end:last], span)
    return None
