"""Every candidate "these words mean this" of a question, each with its cost.

A phrase matches its words in their order; function words may stand between them ("tickets *did the* AI handle"). A word
that nothing explains may be a typing error of a word that something does: it is then offered at a price, marked, and a
value that was only guessed that way is asked about, never assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

from dash.language.asking_when import asked_when
from dash.language.calendar import QUARTER_LETTERS
from dash.language.clock import clock_spans
from dash.language.coordinated import Coordination
from dash.language.entries import Entry
from dash.language.lexicon import Lexicon, is_code
from dash.language.parted import Parting
from dash.language.ranges import range_spans
from dash.language.skipping import YEAR, Skipping, never_left_out
from dash.language.times import TimeGrammar
from dash.language.tokens import normalize, same_but_number, script_of, stem_word
from dash.language.trie import Node, child_nodes
from dash.language.words import Words
from dash.records import Span, Token
from dash.semantics.dimensions import DERIVED_TIME_DIMENSIONS
from dash.semantics.model import SemanticModel

INFLECTED, TYPO = 0.02, 0.8
"""What a match costs on top of its span: another form of the words, a corrected word. To the letter is free."""

_SHADOWED = 0.5
_LONG_WORD = 7
_CORRECTED = frozenset(
    {"metric", "row", "dimension", "value", "unanswerable", "shape", "aggregation", "unit", "grain", "time_month"}
    | {"time_yesterday", "time_today", "time_weekday"}
)
"""Kinds of words that a misspelled word may be. The little words of periods and bounds are too close to others, and of
those of periods only the long ones are corrected."""
_FORM_KINDS = frozenset({"aggregation", "order", "which", "shape", "by", "limit", "comparator", "conjunction", "unit"})
_ROOMY = frozenset({"latin", "cyrillic"})
"""Scripts that write their vowels. In others one letter changed makes a word of its own («הנחות», «הנחיות»)."""
_SHARED = 0.0
_WHOLE = frozenset({"smallint", "integer", "bigint"})
_NAMES = frozenset({"metric", "row", "dimension", "value"})
_DASHES = frozenset({"-", "–", "—"})
UNANSWERABLE = 0.035
_KIND_COST = {"metric": 0.0, "row": 0.01, "dimension": 0.02, "value": 0.03, "unanswerable": UNANSWERABLE, "vague": 1.5}


class SpanFinder:
    """Finds spans in questions. One per lexicon; keeps nothing between questions."""

    def __init__(self, lexicon: Lexicon, model: SemanticModel) -> None:
        self._lexicon = lexicon
        self._model = model
        self.skippable = Skipping(lexicon).skippable
        self._patterns = _value_patterns(model)
        self._names = lexicon.dimension_names
        self._beside_name = {
            name: {stem_word(word) for _, column in columns for word in column.words_beside_name}
            for name, columns in model.dimensions.items()
            if any(column.words_beside_name for _, column in columns)
        }

    def find(
        self, tokens: Sequence[Token], now: datetime, zone: str, *, corrects: bool = True, text: str = ""
    ) -> tuple[Span, ...]:
        """All spans, those of time expressions included. `corrects` False takes every word as it is written; `text` is
        what the tokens stand in."""
        spoken = self._lexicon.detector.spoken(tokens)
        words = Words(self._lexicon, tokens, spoken, self.skippable(tokens, spoken), corrects)
        spans = self._found(words)
        kept = never_left_out(spans)
        if any(words.skippable[i] for i in kept):
            words.skippable = [skipped and i not in kept for i, skipped in enumerate(words.skippable)]
            spans = self._found(words)
        spans = self._named(_prefer_form_words(_ruled_out(spans)), tokens, words.skippable)
        spans += list(asked_when(spans, words, self._lexicon, self._model))
        spans += list(Coordination(self._lexicon, self._model, words).find(spans))
        spans = self._with_times(spans, words, now, zone, text)
        if not text:
            return tuple(spans)
        parting = Parting(
            self._lexicon, self._model, tokens, words.forms, words.stems, words.skippable, words.active, self._names
        )
        return (*spans, *parting.find(spans))

    def _found(self, words: Words) -> list[Span]:
        phrases = list(self._phrases(words))
        return [*phrases, *self._literals(words.tokens, phrases)]

    def _with_times(self, spans: list[Span], words: Words, now: datetime, zone: str, text: str) -> list[Span]:
        """The spans with those of every period that is named."""
        tokens = words.tokens
        if not any(span.kind.startswith("time_") or span.kind in ("unit", "number") for span in spans) and not any(
            token.kind in ("date", "daymonth", "time") or token.stem[:1] in QUARTER_LETTERS for token in tokens
        ):
            return spans
        spans += clock_spans(tokens, spans)
        several, about, parting, articles = (
            frozenset(i for i, form in enumerate(words.forms) if self._lexicon.is_listed(use, form, words.spoken))
            for use in ("several", "about", "parts", "articles")
        )
        several -= {
            i for i in several if self._lexicon.is_listed("one", "".join(words.forms[i + 1 : i + 2]), words.spoken)
        }
        dashed = frozenset(
            i for i in range(1, len(tokens)) if text and text[tokens[i - 1].end : tokens[i].start].strip() in _DASHES
        )
        grammar = TimeGrammar(tokens, spans, words.skippable, now, zone, several, about, parting, dashed, articles)
        for time in grammar.find():
            spans.append(Span(time.start, time.end, "time", time.window, 0.0, time.window.phrase, ""))
        return [*spans, *range_spans(spans, dashed)]

    def _named(self, spans: list[Span], tokens: Sequence[Token], skippable: Sequence[bool]) -> list[Span]:
        """Without the values whose words mean them only beside the dimension's name, where it does not stand there:
        those that a file lists, and those that are function words of the question's language ("es", "he")."""

        def stands_alone(span: Span) -> bool:
            if span.kind != "value" or span.end - span.start != 1:
                return False
            dimension = span.meaning[0]
            listed = tokens[span.start].stem in self._beside_name.get(dimension, ())
            if not listed and not skippable[span.start]:
                return False
            names = [s for s in spans if s.kind == "dimension" and s.meaning == dimension]
            # "Other and general questions": beside another value of its own kind it is one too.
            others = [s for s in spans if s.kind == "value" and s.meaning[0] == dimension and s.meaning != span.meaning]
            return not any(span.start in (n.start - 1, n.start - 2, n.end, n.end + 1) for n in (*names, *others))

        named = {(span.end, span.start) for span in spans if span.kind == "row" and span.end - span.start == 1}

        def names_rows(span: Span) -> bool:
            """ "Errors in chats": a value is said in its own form ("chat"); in another one its word names the rows."""
            inflected = span.kind == "value" and span.cost >= _KIND_COST["value"] + INFLECTED
            alone = all(skippable[i] for i in range(span.start, span.end - 1))
            return inflected and alone and (span.end, span.end - 1) in named

        return [span for span in spans if not stands_alone(span) and not names_rows(span)]

    def _phrases(self, words: Words) -> Iterator[Span]:
        for start, token in enumerate(words.tokens):
            matches = _Matches()
            walks = (self._walk(words, start, root, 0.0) for root in (self._lexicon.root, words.phrases))
            for end, entry, cost, held in chain.from_iterable(walks):
                if entry.language not in (words.spoken if entry.formal else words.active):
                    continue
                if entry.kind == "greeting":
                    if start:
                        continue  # "tickets on Monday *morning*"
                    entry = replace(entry, kind="filler")
                if entry.kind == "which" and start and not words.skippable[start - 1] and _lost_accent(entry, token):
                    continue  # «los tickets que …» does not ask «qué»
                if entry.kind == "value" and _is_code(entry) and token.text != entry.meaning[1][0]:
                    continue
                span = self._span(start, end, entry, cost, dense=script_of(token.text) not in _ROOMY)
                if held is not None:
                    span = replace(span, holds=held)
                if self._is_infinitive(words, start, entry):
                    continue
                if entry.kind == "value" and _as_stored(words.tokens[start:end], entry):
                    span = replace(span, cost=cost)
                said = span.kind in _NAMES and entry.language in words.spoken
                plural = _is_plural(entry, words.forms[start:end])
                matches.add(span, cost, said=said, selects=self._selects(span), plural=plural)
            yield from matches.kept()

    def _is_infinitive(self, words: Words, start: int, entry: Entry) -> bool:
        """Whether a word is a verb that says what is to be done, and the phrase what was ("to assign", "assigned")."""
        if start == 0 or entry.kind not in _NAMES or not entry.forms:
            return False
        verb = self._lexicon.is_listed("before_verbs", words.forms[start - 1], words.spoken)
        return verb and not same_but_number(entry.forms[0], words.forms[start])

    def _selects(self, span: Span) -> bool:
        return span.kind == "metric" and self._model.selects(span.meaning)

    def _walk(
        self,
        words: Words,
        i: int,
        node: Node,
        cost: float,
        seen: tuple[str, ...] = (),
        crossed: frozenset[int] = frozenset(),
        skipped: bool = False,
        held: str | None = None,
    ) -> Iterator[tuple[int, Entry, float, str | None]]:
        """Entries reached from `node` by the words from `i` on; a skipped function word never ends a phrase.

        `seen` are the forms of the words on the way: an entry that has them to the letter is the cheaper one. `crossed`
        are the places of words behind a comma: only an entry that has a comma there goes on behind it. `held` is an
        aggregation that was stepped over, which only the name of a metric may hold.
        """
        if not skipped:
            for entry in node.entries:
                if not crossed <= entry.apart:
                    continue
                if cost < TYPO and not self._lexicon.is_inflection(entry, seen, words.active):
                    continue
                if cost >= TYPO and not (entry.kind in _CORRECTED or _is_long(entry)):
                    continue
                if held is not None and entry.kind != "metric":
                    continue
                yield i, entry, cost + (0.0 if entry.forms == seen else INFLECTED), held
        if i >= len(words.tokens):
            return
        if seen and i in words.apart:
            crossed = crossed | {len(seen)}
        following = (*seen, words.forms[i])
        for child in child_nodes(node, words.forms[i], words.stems[i]):
            yield from self._walk(words, i + 1, child, cost, following, crossed, held=held)
        for corrected, meant_form in words.corrections.get(i, {}).items():
            meant = node.children.get(corrected)
            if meant is not None:
                yield from self._walk(words, i + 1, meant, cost + TYPO, (*seen, meant_form), crossed, held=held)
        if not seen:
            return
        if held is None and words.aggregations[i] is not None:
            found = words.aggregations[i]
            yield from self._walk(words, i + 1, node, cost + INFLECTED, seen, crossed, skipped=True, held=found)
        if words.skippable[i] and not (words.holds[i] or words.limits[i]):
            yield from self._walk(words, i + 1, node, cost, seen, crossed, skipped=True, held=held)

    @staticmethod
    def _span(start: int, end: int, entry: Entry, cost: float, *, dense: bool) -> Span:
        total = cost + (_SHARED if entry.shared else _KIND_COST.get(entry.kind, 0.0))
        guessed = cost >= TYPO and (dense or entry.kind in ("value", "unanswerable"))
        kind = f"{entry.kind}?" if guessed else entry.kind
        return Span(start, end, kind, entry.meaning, total, entry.label, entry.source, entry.topical)

    def _literals(self, tokens: Sequence[Token], phrases: Sequence[Span]) -> Iterator[Span]:
        rows = {(span.end, span.meaning) for span in phrases if span.kind == "row"}
        for i, token in enumerate(tokens):
            if (key := self._key(i, token, rows)) is not None:
                yield key
            elif token.kind == "number":
                value = float(token.stem)
                yield Span(i, i + 1, "number", int(value) if value.is_integer() else value, 0.0, token.text, "")
            if token.kind in ("id", "quoted", "word"):
                for pattern, dimension, source in self._patterns:
                    written = token.text.strip('"“”«»„')
                    if pattern.fullmatch(written.upper()):
                        yield Span(i, i + 1, "value", (dimension, (written.upper(),)), 0.0, written.upper(), source)

    def _key(self, i: int, token: Token, rows: set[tuple[int, Any]]) -> Span | None:
        """A number that names a row right behind the rows' name ("request 71601"); a year is none."""
        if token.kind != "number" or YEAR.fullmatch(token.text):
            return None
        for pattern, dimension, source in self._patterns:
            for table, column in self._model.dimensions[dimension]:
                keyed = self._model.knowledge.tables[table].primary_key == [column.name]
                if keyed and (i, table) in rows and column.type in _WHOLE and pattern.fullmatch(token.text):
                    return Span(i, i + 1, "value", (dimension, (int(token.text),)), 0.0, token.text, source)
        return None


class _Matches:
    """What the words from one place on may mean, each meaning at its lowest cost."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, str, str], Span] = {}
        self._literal: set[int] = set()
        """Where something narrow ends that is said to the letter."""
        self._broad: set[int] = set()
        self._formed: set[tuple[int, str, str]] = set()
        """What is said by another form of its words only."""

    def add(self, span: Span, cost: float, *, said: bool, selects: bool, plural: bool) -> None:
        """`cost` is that of the match alone; `said` that it is a name in a language of the question, `selects` that it
        is a count of some of the rows, `plural` that no more than the number of its words differs."""
        key = (span.end, span.kind, repr(span.meaning))
        literal = cost in (0.0, TYPO)
        if span.kind == "vague" and cost == 0.0:
            self._literal.add(span.end)  # «почти» is no form of «почта»
        if said and literal:
            (self._literal if selects or span.kind == "value" else self._broad).add(span.end)
            self._formed.discard(key)
        elif said and cost in (INFLECTED, TYPO + INFLECTED) and key not in self._found and not (plural or selects):
            self._formed.add(key)
        if key not in self._found or span.cost < self._found[key].cost:
            self._found[key] = span

    def kept(self) -> Iterator[Span]:
        """ "Open tickets" are that, and not "opened tickets", where both are said."""
        hidden = self._literal - self._broad
        return (span for key, span in self._found.items() if not (key in self._formed and key[0] in hidden))


def _as_stored(tokens: Sequence[Token], entry: Entry) -> bool:
    """Whether a value of several words is written as the data has it, capitals and all: "Draft Created"."""
    written = " ".join(token.text for token in tokens)
    return len(tokens) > 1 and not written.islower() and written == entry.meaning[1][0]


def _is_long(entry: Entry) -> bool:
    """Whether a word of time is so long that a slip makes no other of it: «послдние»."""
    return entry.kind.startswith("time_") and len(entry.forms) == 1 and len(entry.forms[0]) >= _LONG_WORD


def _lost_accent(entry: Entry, token: Token) -> bool:
    """Whether a word is written with an accent in its file and without one in the question."""
    accented = any(not word.isascii() for word in entry.written[:1])
    return accented and len(entry.forms) == 1 and token.text.isascii()


def _is_code(entry: Entry) -> bool:
    value = entry.meaning[1][0]
    return len(entry.forms) == 1 and is_code(value) and entry.forms[0] == normalize(value)


def _is_plural(entry: Entry, said: Sequence[str]) -> bool:
    """Whether an entry is said in the other number: "escalation", "escalations"."""
    return all(same_but_number(form, word) for form, word in zip(entry.forms, said, strict=False))


def _ruled_out(spans: Sequence[Span]) -> list[Span]:
    """The spans without those that a longer or plainer one beside them rules out: the last Monday where all Mondays are
    meant, an aside that goes on from the turn before ("*i mean* …"), who closed something ("closed *by month*")."""
    every = {span.start for span in spans if span.kind == "value" and span.meaning[0] in DERIVED_TIME_DIMENSIONS}
    resumes = {(span.start, span.end) for span in spans if span.kind == "follow_up" and span.start == 0}
    grains = {span.start for span in spans if span.kind == "grain"}
    return [
        span
        for span in spans
        if not (span.kind == "time_weekday" and span.start in every)
        and not (span.kind == "filler" and (span.start, span.end) in resumes)
        and not (span.kind == "beyond" and span.end - 1 in grains)
    ]


def _prefer_form_words(spans: list[Span]) -> list[Span]:
    """A word that is also one of form ("by", «средний») is a value only where the form does not fit."""
    formal = {(s.start, s.end) for s in spans if s.kind in _FORM_KINDS}
    return [
        replace(s, cost=s.cost + _SHADOWED)
        if s.kind in ("value", "dimension", "metric") and (s.start, s.end) in formal
        else s
        for s in spans
    ]


def _value_patterns(model: SemanticModel) -> list[tuple[re.Pattern[str], str, str]]:
    """Dimensions whose values are recognised by their form, such as ticket numbers."""
    found: dict[str, tuple[re.Pattern[str], str, str]] = {}
    for dimension, columns in model.dimensions.items():
        for table, column in columns:
            if column.value_pattern and dimension not in found:
                place = model.knowledge.sources.get(("column", f"{table}.{column.name}"))
                source = f"{place.path}:{place.line}" if place else ""
                found[dimension] = (re.compile(column.value_pattern), dimension, source)
    return list(found.values())
