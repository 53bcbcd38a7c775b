"""Which words of a question may be left out: those that say nothing of the data, but where they say something all the
same ("in *May*", "7 *d*", "*at* least 5").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dash.language.lexicon import Lexicon
from dash.language.tokens import normalize, script_of
from dash.records import Span, Token

YEAR = re.compile(r"(19|20)\d\d")
_TOGETHER = frozenset({"refer", "unanswerable", "negation", "conjunction"})


class Skipping:
    """Tells function words from words that mean something. One per lexicon; keeps nothing between questions."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def skippable(self, tokens: Sequence[Token], spoken: frozenset[str] | None = None) -> list[bool]:
        """Which tokens say nothing about the data, in the languages of the question (`spoken`, if known already)."""
        if spoken is None:
            spoken = self._lexicon.detector.spoken(tokens)
        forms = [normalize(token.text) for token in tokens]
        skippable = [self._lexicon.is_function_word(form, spoken) for form in forms]
        shouted = all(not token.text.isalpha() or token.text.isupper() for token in tokens)
        for i, token in enumerate(tokens):
            if skippable[i] and i and _is_unit(tokens[i - 1], token):
                skippable[i] = False
            if skippable[i] and not shouted and self._lexicon.is_code(token.text):
                skippable[i] = False
            if skippable[i] and self._is_wish(forms, i, spoken) and not all(skippable[:i]):
                skippable[i] = False
            if skippable[i] and i and self._is_month(token, forms[i - 1], forms[i], spoken, shouted=shouted):
                skippable[i] = False
        first = next((i for i, form in enumerate(forms) if not skippable[i] or self._asks(form, spoken)), None)
        joined = [i for i in range(1, len(forms)) if self._lexicon.is_listed("joins", forms[i - 1], spoken)]
        for i in joined if first is None else [first, *joined]:  # "which status and *when* did it come in?"
            if self._asks(forms[i], spoken):
                skippable[i] = False
        return skippable

    def _is_month(self, token: Token, before: str, form: str, spoken: frozenset[str], *, shouted: bool) -> bool:
        """Whether a word is a month and not what else it may be: "in May", "April and may"."""
        named = (token.text.istitle() and not shouted) or self._lexicon.is_listed("dates", before, spoken)
        return named and self._lexicon.is_listed("months", form, spoken)

    def _is_wish(self, forms: Sequence[str], i: int, spoken: frozenset[str]) -> bool:
        """ "Tickets that *should* be sent": what is not so yet. "Could *you*", "*I* need" are only polite."""
        if not self._lexicon.is_listed("modals", forms[i], spoken):
            return False
        beside = (*forms[max(0, i - 1) : i], *forms[i + 1 : i + 2])
        return not any(self._lexicon.is_listed("polite", form, spoken) for form in beside)

    def _asks(self, form: str, spoken: frozenset[str]) -> bool:
        return self._lexicon.is_listed("asks", form, spoken)


def _is_unit(number: Token, token: Token) -> bool:
    """Whether a letter is written onto a number, or a Latin one behind it: "10s", "7 d" are lengths of time."""
    if number.kind != "number" or len(token.text) != 1 or YEAR.fullmatch(number.text):
        return False
    return token.start == number.end or (script_of(token.text) == "latin" and token.text.lower() in "sdhwmk")


def never_left_out(spans: Iterable[Span]) -> set[int]:
    """Places of little words that say something together: "about to be", "at least 5", "as well as". A phrase that is
    cut by a longer name says nothing: «на смену» is "per shift", but not in «тикеты на *смену адреса*»."""
    spans = list(spans)
    numbers = {span.start for span in spans if span.kind in ("number", "unit", "repeat")}
    bounds = [span for span in spans if span.kind == "comparator" and span.end in numbers]
    shortest = {span.end: max(one.start for one in bounds if one.end == span.end) for span in bounds}
    said = [
        (span.start, span.end)
        for span in spans
        if (span.kind in _TOGETHER and span.end - span.start > 1 and not _is_cut(span, spans)) or span.kind == "beyond"
    ]
    return {i for start, end in (*said, *((start, end) for end, start in shortest.items())) for i in range(start, end)}


def _is_cut(span: Span, spans: Iterable[Span]) -> bool:
    """Whether the last word of a topic that cannot be answered begins a longer name of a value."""
    return span.kind == "unanswerable" and any(
        other.kind == "value" and span.start < other.start < span.end < other.end for other in spans
    )
