"""Vetted queries found by their example questions.

A question fits an example when its content words are the example's, whatever their order, inflection or synonyms, and
whatever else it holds fills a typed slot: {period} takes a time expression, a number parameter a number, a text
parameter a known value of its column. One word more or less and it does not fit. Both sides become a bag of elements:
a known term by its meaning, a slot by its type, any other word by its stem; equal bags fit. So a lookup costs the same
for ten queries and for ten thousand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations, pairwise
from typing import Any

from dash.knowledge import Knowledge
from dash.knowledge.formats import ParameterFile, QueryFile
from dash.knowledge.language import LanguageFile
from dash.language.lexicon import Lexicon
from dash.language.readings import AMBIGUITY
from dash.language.spans import INFLECTED, UNANSWERABLE, SpanFinder
from dash.language.tokens import normalize, script_of, tokenize
from dash.records import Span, Token
from dash.semantics.dimensions import dimension_name

Element = tuple[str, str]
Key = tuple[Element, ...]

SLOT = re.compile(r"\{(\w+)\}")  # {hours}
_NEUTRAL = frozenset({"aside", "only", "follow_up", "by", "conjunction", "which"})
EXAMPLE_MOMENT = datetime(2026, 6, 17, 12, tzinfo=UTC)
"""As of when an example is read: whichever, for its periods stand for any."""
_MAXIMUM_VARIANTS = 24


@dataclass(frozen=True)
class Example:
    """One example question: its query and the parameters behind its slots, by slot type in order of the text."""

    query: str
    question: str
    slots: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Fit:
    """A question that fits an example: slot parameters with what fills them, and which tokens say it."""

    example: Example
    filled: Mapping[str, Any]
    spans: tuple[Span, ...]


@dataclass
class _Variant:
    elements: list[Element] = field(default_factory=list)
    slots: dict[str, list[Span]] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """The bag; a dimension's name beside a value of it ("category shipping") says nothing new."""
        said = {kind.removeprefix("value:") for element, kind in self.elements if element == "slot"}
        return tuple(sorted(e for e in self.elements if not (e[0] == "dimension" and e[1].strip("'") in said)))


@dataclass
class Examples:
    """The example questions by their bags, and the types of slots that there are in them."""

    index: dict[Key, list[Example]] = field(default_factory=dict)
    slot_kinds: set[str] = field(default_factory=set)


class PatternIndex:
    """All example questions of all vetted queries, by their bag of elements."""

    def __init__(
        self,
        knowledge: Knowledge,
        languages: Mapping[str, LanguageFile],
        lexicon: Lexicon,
        finder: SpanFinder,
        examples: Examples | None = None,
    ) -> None:
        """`examples` are those of the same knowledge, where they have been read before."""
        self._knowledge = knowledge
        self._known_languages = languages
        self._lexicon = lexicon
        self._finder = finder
        self.examples = Examples()
        self._only_of = {
            dimension_name(column): frozenset(column.only_metrics)
            for table in knowledge.tables.values()
            for column in table.table_columns
            if column.only_metrics
        }
        self._meanings: dict[str, frozenset[str]] = {}
        self._languages: dict[str, str] = {}
        if examples is not None:
            self.examples = examples
        else:
            self._read_examples()

    def knowing(self, knowledge: Knowledge, names: Collection[str]) -> PatternIndex:
        """This index with the queries of these names as `knowledge` has them, and all others as they are."""
        index = {}
        for key, examples in self.examples.index.items():
            kept = [example for example in examples if example.query not in names]
            if kept:
                index[key] = kept
        known = Examples(index, set(self.examples.slot_kinds))
        other = PatternIndex(knowledge, self._known_languages, self._lexicon, self._finder, known)
        for name in names:
            other._read_query(knowledge.queries[name])
        return other

    def _read_examples(self) -> None:
        for query in self._knowledge.queries.values():
            self._read_query(query)

    def _read_query(self, query: QueryFile) -> None:
        for question in query.questions:
            for key, example in self._examples(query, question):
                if all(element == "slot" for element, _ in key):
                    continue  # nothing is left that tells it from any other question
                known = self.examples.index.setdefault(key, [])
                if all(other.query != example.query for other in known):
                    known.append(example)

    def find(self, tokens: Sequence[Token], spans: Sequence[Span]) -> list[Fit]:
        """The vetted queries that the question fits best: those with the fewest words taken as mere slots."""
        fits: dict[str, Fit] = {}
        optional = [
            span
            for span in spans
            if _slot_of(span) in self.examples.slot_kinds and not (span.kind == "time" and _is_ambiguous(span, spans))
        ]
        for variant in self._variants(tokens, spans, _widest(optional)):
            for example in self.examples.index.get(variant.key, ()):
                filled = {
                    name: span
                    for kind, names in example.slots.items()
                    for name, span in zip(names, variant.slots.get(kind, ()), strict=True)
                }
                known = fits.get(example.query)
                if known is None or len(filled) < len(known.filled):
                    fits[example.query] = Fit(example, filled, tuple(variant.spans))
        fewest = min((len(fit.filled) for fit in fits.values()), default=0)
        return [fit for fit in fits.values() if len(fit.filled) == fewest]

    def plain_questions(self, language: str) -> tuple[str, ...]:
        """Example questions without slots, one per vetted query, in a language."""
        found = (self.plain_question(name, language) for name in self._knowledge.queries)
        return tuple(question for question in found if question)

    def plain_question(self, query: str, language: str) -> str | None:
        """An example question of a query that has no slots, in a language (by its script)."""
        for question in self._knowledge.queries[query].questions:
            if "{" not in question and self._is_in(question, language):
                return question
        return None

    def questions(self, query: str, language: str) -> tuple[str, ...]:
        """The example questions of a query in a language, with their slots as they are written."""
        return tuple(each for each in self._knowledge.queries[query].questions if self._is_in(each, language))

    def _is_in(self, question: str, language: str) -> bool:
        """Whether an example begins in the script of a language, and is not in another language."""
        script = self._known_languages[language].script
        if not any(script_of(word) == script for word in question.split()[:1]):
            return False
        if question not in self._languages:
            self._languages[question] = self._lexicon.detector.detect(tokenize(question)) or ""
        return self._languages[question] in ("", language)

    def meanings_of(self, question: str) -> frozenset[str]:
        """What the words of an example question stand for; remembered, because choices are ranked by it."""
        if question not in self._meanings:
            tokens = self._lexicon.tokens(question)
            spans = self._finder.find(tokens, EXAMPLE_MOMENT, "UTC")
            kinds = ("metric", "row", "dimension", "value")
            self._meanings[question] = frozenset(repr(span.meaning) for span in spans if span.kind in kinds)
        return self._meanings[question]

    # examples

    def _examples(self, query: QueryFile, question: str) -> Iterator[tuple[Key, Example]]:
        slots: dict[str, list[str]] = {}
        marks: dict[str, str] = {}
        for number, name in enumerate(SLOT.findall(question)):
            kind = self._slot_kind(query.parameters.get(name))
            slots.setdefault(kind, []).append(name)
            marks[f"slot{number}mark"] = kind
        numbered = iter(marks)
        tokens = self._lexicon.tokens(SLOT.sub(lambda _: f" {next(numbered)} ", question))
        spans = self._unmarked(tokens, marks)
        chosen = self._literal_period(query, slots, spans)
        example = Example(query.name, question, {kind: tuple(names) for kind, names in slots.items()})
        self.examples.slot_kinds.update(example.slots)
        yield self._variant(tokens, spans, self._finder.skippable(tokens), chosen, marks).key, example
        if "time" in slots and all("default" in query.parameters[name].model_fields_set for name in slots["time"]):
            # A period that has a default may be left out; the answer says which one was taken.
            taken = {i for span in chosen for i in range(span.start, span.end)}
            kept = tuple(
                token for i, token in enumerate(tokens) if i not in taken and marks.get(normalize(token.text)) != "time"
            )
            without = {kind: tuple(names) for kind, names in slots.items() if kind != "time"}
            shorter = Example(query.name, question, without)
            skippable = self._finder.skippable(kept)
            yield self._variant(kept, self._unmarked(kept, marks), skippable, (), marks).key, shorter

    def _unmarked(self, tokens: Sequence[Token], marks: Mapping[str, str]) -> tuple[Span, ...]:
        """Spans of an example's own words, its slots left alone."""
        return tuple(
            span
            for span in self._finder.find(tokens, EXAMPLE_MOMENT, "UTC", corrects=False)
            if not any(normalize(token.text) in marks for token in tokens[span.start : span.end])
        )

    @staticmethod
    def _literal_period(query: QueryFile, slots: dict[str, list[str]], spans: Sequence[Span]) -> tuple[Span, ...]:
        """A period written out in an example ("in the last hour") stands for the query's period parameter."""
        periods = [name for name, parameter in query.parameters.items() if parameter.type == "period"]
        times = _widest([span for span in spans if span.kind == "time"])
        if len(periods) != 1 or len(times) != 1 or "time" in slots:
            return ()
        slots["time"] = periods
        return tuple(times)

    def _slot_kind(self, parameter: ParameterFile | None) -> str:
        if parameter is None:
            return "word"
        if parameter.type == "period":
            return "time"
        if parameter.type in ("integer", "number"):
            return "number"
        if isinstance(parameter.values, str):
            return f"value:{self.dimension_of(parameter.values)}"
        return "word"

    def dimension_of(self, column: str) -> str:
        """The dimension name of "table.column" as a parameter's `values` names it."""
        found = self._knowledge.find_column(column)
        return dimension_name(found) if found is not None else column.rpartition(".")[2]

    # bags

    def _variants(self, tokens: Sequence[Token], spans: Sequence[Span], optional: Sequence[Span]) -> Iterator[_Variant]:
        """The bags that a question may stand for: each time expression and value either as a slot or as itself."""
        emitted = 0
        skippable = self._finder.skippable(tokens)
        for size in range(len(optional), -1, -1):
            for chosen in combinations(optional, size):
                if _overlap(chosen):
                    continue
                yield self._variant(tokens, spans, skippable, chosen, {})
                emitted += 1
                if emitted >= _MAXIMUM_VARIANTS:
                    return

    def _variant(
        self,
        tokens: Sequence[Token],
        spans: Sequence[Span],
        skippable: Sequence[bool],
        chosen: Sequence[Span],
        marks: Mapping[str, str],
    ) -> _Variant:
        variant = _Variant()
        slot_at = {span.start: span for span in chosen}
        plain = [s for s in spans if s.kind not in ("time", "number") and not (s.kind.endswith("?") or s.inner)]
        # "Why are tickets stuck" has an answer; "why is this ticket stuck" is the topic that has none, to the letter.
        plain = [s for s in plain if s.kind != "unanswerable" or s.cost < UNANSWERABLE + INFLECTED]
        named = {span.meaning for span in plain if span.kind == "metric"}
        plain = [s for s in plain if self._is_told(s, named)]
        covering = self._terms(tokens, plain, chosen)
        denied = {span.start for span in plain if span.kind == "negation"}
        position = 0
        while position < len(tokens):
            token = tokens[position]
            if position in slot_at:
                span = slot_at[position]
                self._fill(variant, _slot_of(span), span)
                position = span.end
                continue
            if normalize(token.text) in marks:
                variant.elements.append(("slot", marks[normalize(token.text)]))
            elif token.kind == "number":
                variant.elements.append(("number", token.stem))
            elif position in covering:
                span = covering[position]
                who = (span.kind, span.meaning) == ("which", "person")
                if span.kind not in _NEUTRAL or position in denied or who:
                    variant.elements.append((span.kind, repr(span.meaning)))
                if span.kind not in _NEUTRAL - {"aside"} or position in denied:
                    variant.spans.append(span)
                position = span.end
                continue
            elif not skippable[position]:
                variant.elements.append(("word", token.stem))
            position += 1
        return variant

    def _is_told(self, span: Span, metrics: Collection[str]) -> bool:
        """Whether a dimension, or a value of it, is one of what is asked: "reason" alone is none of stuck tickets."""
        named = span.meaning if span.kind == "dimension" else span.meaning[0] if span.kind == "value" else None
        only = self._only_of.get(named) if named is not None else None
        return only is None or not only.isdisjoint(metrics)

    @staticmethod
    def _fill(variant: _Variant, kind: str, span: Span) -> None:
        variant.elements.append(("slot", kind))
        variant.slots.setdefault(kind, []).append(span)
        variant.spans.append(span)

    @staticmethod
    def _terms(tokens: Sequence[Token], spans: Sequence[Span], chosen: Sequence[Span]) -> dict[int, Span]:
        """One term per stretch of words, the longest first, the cheapest among equals; always the same choice."""
        taken = {i for span in chosen for i in range(span.start, span.end)}
        picked: dict[int, Span] = {}
        ranked = sorted(spans, key=lambda s: (s.start - s.end, s.cost, s.kind, repr(s.meaning)))
        for span in ranked:
            stretch = range(span.start, span.end)
            if span.kind.startswith("time_") or any(i in taken for i in stretch):
                continue
            if _is_ambiguous(span, spans):  # then the words themselves have to be the example's
                taken.update(stretch)
                continue
            picked[span.start] = span
            taken.update(stretch)
        return picked


def _is_ambiguous(span: Span, spans: Sequence[Span]) -> bool:
    """Whether the same words have another meaning of the same kind at the same cost."""
    return any(
        other.kind == span.kind
        and (other.start, other.end) == (span.start, span.end)
        and other.meaning != span.meaning
        and abs(other.cost - span.cost) < AMBIGUITY
        for other in spans
    )


def _slot_of(span: Span) -> str:
    """The kind of slot that a span may fill; empty for none."""
    if span.kind == "value":
        return f"value:{span.meaning[0]}"
    return span.kind if span.kind in ("time", "number") else ""


def _widest(spans: Sequence[Span]) -> list[Span]:
    """Time expressions and single values that may fill a slot: those that no other of their kind contains."""
    kept: list[Span] = []
    for span in spans:
        contained = any(
            other.kind == span.kind
            and other.start <= span.start
            and other.end >= span.end
            and other.end - other.start > span.end - span.start
            for other in spans
        )
        repeated = any((k.start, k.end, k.meaning) == (span.start, span.end, span.meaning) for k in kept)
        if contained or repeated or (span.kind == "value" and len(span.meaning[1]) != 1):
            continue
        kept.append(span)
    return kept[:6]


def _overlap(chosen: Sequence[Span]) -> bool:
    ordered = sorted(chosen, key=lambda s: s.start)
    return any(a.end > b.start for a, b in pairwise(ordered))
