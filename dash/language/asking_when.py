""" "And *when were they created*", "id, channel, *time*": moments that are asked for by the word that asks and not by
the column's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dash.language.lexicon import Lexicon
from dash.language.words import Words
from dash.records import Span
from dash.semantics.model import SemanticModel

KIND = "own_time"
"""A span of the time that the counted rows go by, whichever that is."""


def asked_when(spans: Sequence[Span], words: Words, lexicon: Lexicon, model: SemanticModel) -> Iterator[Span]:
    """Spans of the words that ask when: together with what happened then, without it beside what is looked up, and
    alone where they stand among the columns of a list."""
    timed = [span for span in spans if span.kind == "dimension" and model.is_time(span.meaning)]
    each = {i for span in spans if _is_each(span) for i in range(span.start, span.end)}
    ones = {span.start for span in spans if span.kind == "number" and span.meaning == 1 and span.start - 1 in each}
    asking = {i for i, form in enumerate(words.forms) if lexicon.is_listed("moments", form, words.spoken)}
    for span in timed:
        place = span.start - 1
        while place > 0 and place not in asking and (words.skippable[place] or place in each | ones):
            place -= 1
        if place in asking:
            yield replace(span, start=place)  # "*when each one was created*"
    keyed = (span.start for span in spans if span.kind == "value" and model.identifies(span.meaning[0]))
    last = min(max(keyed, default=-1), max((span.start for span in timed), default=-1))
    for place in asking:
        if place < last:  # "*when* was INC0000045 closed"
            yield Span(place, place + 1, "filler", "filler", 0.0, words.forms[place], "")
    for place, form in enumerate(words.forms):
        named = place in asking or lexicon.is_listed("time_columns", form, words.spoken)
        if named and place and _is_item(place, words, lexicon):
            yield Span(place, place + 1, KIND, KIND, 0.0, form, "")


def _is_each(span: Span) -> bool:
    return span.kind == "refer" or (span.kind == "by" and span.meaning == "every")


def _is_item(place: int, words: Words, lexicon: Lexicon) -> bool:
    """Whether a word stands alone in an enumeration: signs or "and" on both sides, or nothing behind it."""

    def joins(i: int) -> bool:
        return lexicon.is_listed("joins", words.forms[i], words.spoken)

    following = place + 1
    ends = following == len(words.forms) or following in words.apart or joins(following)
    return ends and (place in words.apart or joins(place - 1))


def without_when(spans: Sequence[Span]) -> tuple[Sequence[Span], bool]:
    """The spans without those words and without the "and" before one, and whether there were any."""
    own = {place for place, span in enumerate(spans) if span.kind == KIND}
    joined = {place - 1 for place in own if place and spans[place - 1].kind == "conjunction"}
    return [span for place, span in enumerate(spans) if place not in own | joined], bool(own)
