"""One question read: tokens, spans, covers, and the whole queries that its covers compose into, cheapest first."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from dash.knowledge import Knowledge
from dash.knowledge.language import LanguageFile, load_languages
from dash.language.asides import Breaks, asides
from dash.language.compose import read_fragment
from dash.language.entries import TERMS
from dash.language.finish import Incomplete, finish
from dash.language.fragment import DoesNotCompose, Doubtful, Fragment
from dash.language.lexicon import Lexicon
from dash.language.neighbours import Signs
from dash.language.patterns import Examples, PatternIndex
from dash.language.readings import AMBIGUITY, Cover, Reading, covers
from dash.language.sameness import merged
from dash.language.search import Search
from dash.language.spans import SpanFinder, never_left_out
from dash.language.stored import stored
from dash.language.tokens import normalize, script_of
from dash.records import SemanticQuery, Span, Token
from dash.semantics.model import SemanticModel

_ENDS, _PARTS = frozenset(".:?!…"), frozenset(",;–—")
"""Signs that end a sentence, and those between two clauses of one."""
_DASH = re.compile(r"\s[-–—]+\s")  # "tickets - id, channel"; not "high-urgency"
_PERIOD_WORDS = frozenset({"time_this", "time_last", "time_past", "time_number_past"})
FAR = 0.1
"""What each join to a dimension costs a reading."""


@dataclass(frozen=True)
class Read:
    """All that reading found out. `readings` are complete and sorted by cost; `fragments` lack a subject;
    `failures` are covers of known words that do not fit together; `best_cover` may hold unknown words."""

    tokens: tuple[Token, ...]
    readings: tuple[Reading, ...]
    fragments: tuple[tuple[float, Fragment, tuple[Span, ...]], ...]
    failures: tuple[tuple[float, str, tuple[Span, ...]], ...]
    best_cover: Cover | None
    guessed: tuple[Span, ...] = ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """Words that nothing explains in the cheapest cover."""
        return tuple(self.tokens[i].text for i in self.best_cover.unknown) if self.best_cover else ()


@dataclass(frozen=True)
class _Composed:
    """What the covers of a question came to; `doubt` is the cost of the cheapest that may mean two things."""

    readings: list[Reading]
    fragments: list[tuple[float, Fragment, tuple[Span, ...]]]
    failures: list[tuple[float, str, tuple[Span, ...]]]
    doubt: float


@dataclass(frozen=True)
class _Built:
    """What takes long: every phrase stemmed, every example question read."""

    lexicon: Lexicon
    examples: Examples


class Reader:
    """Everything that reading needs, built once per load of the knowledge. Thread-safe: nothing changes after that."""

    def __init__(self, knowledge: Knowledge, folder: Path | None = None) -> None:
        """`folder` is where what takes long to build is kept between runs."""
        self.knowledge = knowledge
        self.languages: dict[str, LanguageFile] = load_languages(knowledge.folder)
        self.model = SemanticModel(knowledge)
        built = stored(folder, knowledge.fingerprint, _Built, self._build)
        self.lexicon = built.lexicon
        self.finder = SpanFinder(self.lexicon, self.model)
        self.patterns = PatternIndex(knowledge, self.languages, self.lexicon, self.finder, built.examples)

    def _build(self) -> _Built:
        lexicon = Lexicon(self.knowledge, self.languages)
        finder = SpanFinder(lexicon, self.model)
        return _Built(lexicon, PatternIndex(self.knowledge, self.languages, lexicon, finder).examples)

    def over(self, knowledge: Knowledge) -> Reader:
        """This reader with the same words over other SQL of the derived tables."""
        if knowledge is self.knowledge:
            return self
        other = copy.copy(self)
        other.__dict__.pop("search", None)
        other.knowledge, other.model = knowledge, SemanticModel(knowledge)
        other.finder = SpanFinder(self.lexicon, other.model)
        other.patterns = PatternIndex(knowledge, self.languages, self.lexicon, other.finder, self.patterns.examples)
        return other

    def knowing(self, knowledge: Knowledge, names: Collection[str]) -> Reader:
        """This reader with the vetted queries of these names as `knowledge` has them: one that is being written."""
        other = copy.copy(self)
        other.__dict__.pop("search", None)
        other.knowledge = knowledge
        other.patterns = self.patterns.knowing(knowledge, names)
        return other

    @cached_property
    def search(self) -> Search:
        """What of the knowledge a question is near, for whoever shows it to a language model; built when first used."""
        return Search(self.knowledge, self.lexicon, self.model)

    @property
    def default_language(self) -> str:
        """The language to answer in when nothing else tells."""
        return TERMS if TERMS in self.languages else next(iter(self.languages))

    def ground(self, text: str, now: datetime, zone: str) -> tuple[tuple[Token, ...], tuple[Span, ...]]:
        """Tokens and every candidate span."""
        tokens = self.lexicon.tokens(text)
        spans = self.finder.find(tokens, now, zone, text=text)
        skippable = self.finder.skippable(tokens)
        return tokens, (*spans, *asides(tokens, spans, skippable, self._breaks(text, tokens)))

    def _breaks(self, text: str, tokens: Sequence[Token]) -> Breaks:
        forms = [normalize(token.text) for token in tokens]
        spoken = self.lexicon.detector.spoken(tokens)
        languages = [self.languages[code] for code in spoken if code in self.languages]
        gaps = {i: set(text[tokens[i - 1].end : tokens[i].start]) for i in range(1, len(tokens))}
        return Breaks(
            ends=frozenset(i for i, gap in gaps.items() if gap & _ENDS),
            commas=frozenset(i for i, gap in gaps.items() if gap & _PARTS),
            leads=_listed(forms, languages, "lead_words"),
            reasons=_listed(forms, languages, "reason_words"),
            persons=_listed(forms, languages, "person_words"),
            wishes=_listed(forms, languages, "wish_words"),
        )

    def cover(self, tokens: Sequence[Token], spans: Sequence[Span]) -> list[Cover]:
        """The cheapest covers of a question. "This" and "last" of a period are never left out («esta semana»), nor is
        "of them"."""
        skippable = self.finder.skippable(tokens)
        periods = {i for span in spans if span.kind == "time" for i in range(span.start, span.end)}
        for span in spans:
            if span.kind in _PERIOD_WORDS and span.start in periods:
                skippable[span.start] = False
        for i in never_left_out(spans):
            skippable[i] = False
        for span in spans:
            if span.kind == "refer" and span.end - span.start > 1:
                skippable[span.end - 1] = False
        return covers(tokens, spans, skippable)

    def read(self, text: str, tokens: tuple[Token, ...], spans: Sequence[Span], now: datetime, zone: str) -> Read:
        """Compose every cover without unknown words; keep what composes, what is incomplete and what fails. Only what
        cannot be read otherwise is read with phrases that something parts."""
        whole = [span for span in spans if not span.inner]
        signs = self._signs(text, tokens, spans)
        found = self.cover(tokens, whole)
        composed = self._compose(found, signs, now, zone)
        if len(whole) < len(spans) and not _is_plain(composed.readings):
            parted = [one for one in self.cover(tokens, spans) if any(span.inner for span in one.spans)]
            best = min((one.cost for one in composed.readings), default=composed.doubt)
            again = self._compose(parted, signs, now, zone, best)
            if again.readings:
                found, composed = [*found, *parted], again
        readings = self._without_evasions(self._nearest_columns(composed.readings), found)
        return Read(
            tokens=tokens,
            readings=tuple(sorted(readings, key=lambda r: r.cost)),
            fragments=tuple(composed.fragments),
            failures=tuple(composed.failures),
            best_cover=min(found, key=lambda c: c.cost, default=None),
            guessed=tuple(s for s in (readings[0].spans if readings else ()) if s.kind.endswith("?")),
        )

    def _compose(
        self, found: Sequence[Cover], signs: Signs, now: datetime, zone: str, doubt: float = float("inf")
    ) -> _Composed:
        """What the covers say. None that is dearer than a doubt is a reading."""
        readings: list[Reading] = []
        fragments = []
        failures = []
        for cover in found:
            if cover.unknown:
                continue
            try:
                said = [span for span in cover.spans if not span.says_nothing]
                fragment = read_fragment(said, self.model, signs)
                fragments.append((cover.cost, fragment, cover.spans))
                query = finish(fragment, self.model, now, zone)
            except Incomplete as failure:
                if isinstance(failure, Doubtful):
                    doubt = min(doubt, cover.cost)
                continue
            except DoesNotCompose as failure:
                failures.append((cover.cost, failure.reason, cover.spans))
                if isinstance(failure, Doubtful):
                    doubt = min(doubt, cover.cost)
                continue
            readings = merged(readings, Reading(cover.cost, query, cover.spans), self.model)
        return _Composed([one for one in readings if one.cost < doubt], fragments, failures, doubt)

    def _nearest_columns(self, readings: list[Reading]) -> list[Reading]:
        """Readings dearer by how much farther away their columns are than those of another with the same metrics."""
        hops = [self._hops(reading.query) for reading in readings]
        asked = [(reading.query.rows_of, tuple(use.name for use in reading.query.metrics)) for reading in readings]
        nearest = {
            metrics: min(h for h, other in zip(hops, asked, strict=True) if other == metrics) for metrics in asked
        }
        return [
            replace(reading, cost=reading.cost + FAR * (far - nearest[metrics]))
            for reading, far, metrics in zip(readings, hops, asked, strict=True)
        ]

    def _without_evasions(self, readings: list[Reading], found: Sequence[Cover]) -> list[Reading]:
        """Without the readings that are dearer than one that names a column which is not shown.

        "Customer emails" must not become customers in the channel email because the addresses are personal.
        """
        hidden = [
            (cover.cost, span)
            for cover in found
            if not cover.unknown
            for span in cover.spans
            if span.kind == "dimension" and self.model.is_personal(span.meaning)
        ]

        def evades(reading: Reading) -> bool:
            return any(cost <= reading.cost and not _means_better(reading, span) for cost, span in hidden)

        return [reading for reading in readings if not evades(reading)]

    def picked(self, text: str) -> int | None:
        """Which choice a bare "2" or "the second one" picks, counted from 1; None for anything else."""
        tokens, spans = self.ground(text, datetime.now(UTC), "UTC")
        content = [i for i, skipped in enumerate(self.finder.skippable(tokens)) if not skipped]
        ordinals = {s.start: s.meaning for s in spans if s.kind == "time_ordinal" and s.start in content}
        numbers = {s.start: s.meaning for s in spans if s.kind == "number" and isinstance(s.meaning, int)}
        picks = ordinals or {i: numbers[i] for i in content if i in numbers}
        rest = [i for i in content if i not in picks]
        if len(picks) != 1 or any(numbers.get(i) != 1 for i in rest):  # "the second one"
            return None
        return int(next(iter(picks.values())))

    def _signs(self, text: str, tokens: Sequence[Token], spans: Sequence[Span]) -> Signs:
        """What the spans of one cover do not show: commas, copulas, plurals, and the words inside of longer phrases."""
        forms = [normalize(token.text) for token in tokens]
        languages = [self.languages[code] for code in self.lexicon.detector.active(tokens) if code in self.languages]
        copulas = {word for language in languages for word in language.copulas}
        own = [self.languages[code] for code in (self.detect_language(tokens),) if code is not None]
        ones = {normalize(word) for language in languages for word in language.singular_words}
        # The sentence's own language, last, tells the plurals of its script; English those of the terms in it.
        endings = {file.script: tuple(file.plural_endings) for file in (*languages, *own) if file.plural_endings}
        gaps = {i: text[tokens[i - 1].end : tokens[i].start] for i in range(1, len(tokens))}
        skippable = self.finder.skippable(tokens)
        after_copula = set()
        for i in range(1, len(tokens)):
            before = i - 1
            while before > 0 and skippable[before] and forms[before] not in copulas:
                before -= 1
            if forms[before] in copulas:
                after_copula.add(i)
        return Signs(
            commas=frozenset(i for i, gap in gaps.items() if set(",;") & set(gap)),
            colons=frozenset(i for i, gap in gaps.items() if set(":?") & set(gap) or _DASH.search(gap)),
            copulas=frozenset(after_copula),
            holding=frozenset(
                i
                for i, form in enumerate(forms)
                if self.lexicon.is_listed("holds", form, self.lexicon.detector.spoken(tokens))
            ),
            numbers=frozenset(i for i, token in enumerate(tokens) if token.kind == "number"),
            singulars=frozenset(
                i
                for i, form in enumerate(forms)
                if form in ones or ((plural := endings.get(script_of(form))) is not None and not form.endswith(plural))
            ),
            plurals=frozenset(
                i
                for i, form in enumerate(forms)
                if (plural := endings.get(script_of(form))) is not None and form.endswith(plural)
            ),
            counts=frozenset(s.start for s in spans if (s.kind, s.meaning) == ("shape", "count")),
            shares=frozenset(s.start for s in spans if s.kind == "shape" and s.meaning in ("share", "often")),
            kinds=_kinds(spans),
            rising=_listed(forms, languages, "rising_words"),
            falling=_listed(forms, languages, "falling_words"),
            relative=_listed(forms, languages, "relative_words"),
            past=_listed(forms, languages, "past_words"),
            lasting=_listed(forms, languages, "lasting_words"),
            per=_listed(forms, own, "per_words"),
            valued=_valued(spans),
            things=frozenset(s.start for s in spans if s.kind == "row" and s.end - s.start == 1),
            names=tuple(s for s in spans if s.kind == "metric" and s.end - s.start > 1 and s.cost == 0.0),
            negations=frozenset(s.start for s in spans if s.kind == "negation"),
            averages=_meant(spans, "mean"),
            totals=_meant(spans, "sum"),
            each=_listed(forms, languages, "each_words"),
            within=_listed(forms, languages, "within_words"),
            judging=_listed(forms, languages, "judging_words"),
            nouns=frozenset(s.end for s in spans if s.kind == "row"),
            units={s.start: s.meaning for s in spans if s.kind == "unit"},
            measured={s.end: s.start for s in spans if self._measures(s)},
            named=_named(spans),
        )

    def _measures(self, span: Span) -> bool:
        """Whether a word means something that a single row has a number of."""
        if span.kind == "metric":
            return self.model.row_value(span.meaning) is not None
        return span.kind == "dimension" and self.model.is_measure(span.meaning)

    def _hops(self, query: SemanticQuery) -> int:
        """How many joins away the query's dimensions are: a word for a column means the nearest that it can.

        A word for a value does not: "retention conversations" are those of an agent or those about a category."""
        names = [use.name for use in query.metrics] or [query.rows_of or ""]
        metric = self.model.metrics.get(names[0])
        if metric is None:
            return 0
        table = self.model.metric_table(metric)
        wanted = [*query.dimensions, *(f.dimension for f in (*query.filters, *query.numerator) if not f.values)]
        places = [self.model.place(dimension, table) for dimension in wanted]
        return sum(len(place.hops) for place in places if place is not None)

    def detect_language(self, tokens: Sequence[Token]) -> str | None:
        """The language of the question, None if it is in none that is known."""
        return self.lexicon.detector.detect(tokens)


def _is_plain(readings: Sequence[Reading]) -> bool:
    """Whether one reading is better than all others."""
    costs = sorted(reading.cost for reading in readings)
    return len(costs) == 1 or (len(costs) > 1 and costs[1] - costs[0] >= AMBIGUITY)


def _kinds(spans: Sequence[Span]) -> dict[int, frozenset[str]]:
    """The dimensions that single words name, by their places."""
    found: dict[int, set[str]] = {}
    for span in spans:
        if span.kind == "dimension" and span.end - span.start == 1:
            found.setdefault(span.start, set()).add(span.meaning)
    return {place: frozenset(names) for place, names in found.items()}


def _named(spans: Sequence[Span]) -> dict[tuple[int, int], frozenset[str]]:
    """The dimensions of which words are a value, by where they begin and end."""
    found: dict[tuple[int, int], set[str]] = {}
    for span in spans:
        if span.kind == "value":
            found.setdefault((span.start, span.end), set()).add(span.meaning[0])
    return {place: frozenset(names) for place, names in found.items()}


def _valued(spans: Sequence[Span]) -> dict[int, frozenset[str]]:
    """The dimensions of which single words are a value, by their places."""
    found: dict[int, set[str]] = {}
    for span in spans:
        if span.kind == "value" and span.end - span.start == 1:
            found.setdefault(span.start, set()).add(span.meaning[0])
    return {place: frozenset(names) for place, names in found.items()}


def _meant(spans: Sequence[Span], aggregation: str) -> frozenset[int]:
    """Places where an aggregation is named."""
    return frozenset(span.start for span in spans if (span.kind, span.meaning) == ("aggregation", aggregation))


def _listed(forms: Sequence[str], languages: Sequence[LanguageFile], words: str) -> frozenset[int]:
    """Places of the words that one of the lists of the question's languages holds."""
    known = {normalize(word) for language in languages for word in getattr(language, words)}
    return frozenset(i for i, form in enumerate(forms) if form in known)


def _means_better(reading: Reading, hidden: Span) -> bool:
    """Whether a reading takes the words of a hidden column, all of them, for something that they say no worse."""
    others = [s for s in reading.spans if (s.kind, s.meaning) != (hidden.kind, hidden.meaning)]
    return any(s.start <= hidden.start and s.end >= hidden.end and s.cost <= hidden.cost for s in others)
