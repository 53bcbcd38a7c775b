"""Whether words mean something to a reader already, as a question with them would find out."""

from __future__ import annotations

from datetime import UTC, datetime

from dash.language.reader import Reader

_TERMS = frozenset({"metric", "row", "dimension", "value", "unanswerable", "time", "number"})
_NEARLY_EXACT = 0.1
"""What a span may cost whose words are meant as they are written, or in another form of theirs."""


def already_means(phrase: str, reader: Reader) -> str | None:
    """What a phrase means as a whole, to the letter or inflected; None when it means nothing or is only misspelled."""
    tokens, spans = reader.ground(phrase, datetime(2026, 6, 17, 12, tzinfo=UTC), "UTC")
    for span in spans:
        whole = (span.start, span.end) == (0, len(tokens)) and span.cost < _NEARLY_EXACT
        if whole and (span.kind in _TERMS or span.kind.startswith("time_")):
            return span.label
    return None
