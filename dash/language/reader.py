"""One question read: tokens, spans, covers, and the whole queries that its covers compose into, cheapest first."""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from dash.knowledge import Knowledge
from dash.knowledge.language import LanguageFile, load_languages
from dash.language.accounting import require_all_said
from dash.language.asides import asides
from dash.language.asking_when import KIND as OWN_TIME
from dash.language.compose import read_fragment
from dash.language.entries import TERMS
from dash.language.finish import Incomplete, finish
from dash.language.fragment import DoesNotCompose, Doubtful, Fragment
from dash.language.lexicon import Lexicon
from dash.language.patterns import Examples, PatternIndex
from dash.language.readings import AMBIGUITY, Cover, Reading, covers
from dash.language.sameness import merged
from dash.language.search import Search
from dash.language.signs import SignReader, Signs
from dash.language.skipping import never_left_out
from dash.language.spans import SpanFinder
from dash.language.stored import stored
from dash.records import SemanticQuery, Span, Token
from dash.semantics.model import SemanticModel

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
    def plain(self) -> Reading | None:
        """The reading that costs less than all others, if one does."""
        return self.readings[0] if _is_plain(self.readings) else None

    @property
    def cheapest(self) -> tuple[float, Fragment, tuple[Span, ...]] | None:
        """The fragment that costs least, with its cost and spans."""
        return min(self.fragments, key=lambda found: found[0], default=None)

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
        self.signs = SignReader(self.lexicon, self.languages, self.model)
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
        other.signs = SignReader(self.lexicon, self.languages, other.model)
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
        return tokens, (*spans, *asides(tokens, spans, skippable, self.signs.breaks(text, tokens)))

    def cover(self, tokens: Sequence[Token], spans: Sequence[Span]) -> list[Cover]:
        """The cheapest covers of a question. "This" and "last" of a period are never left out («esta semana»), nor is
        "of them"."""
        skippable = self.finder.skippable(tokens)
        periods = {i for span in spans if span.kind == "time" for i in range(span.start, span.end)}
        for span in spans:
            if span.kind in _PERIOD_WORDS and span.start in periods:
                skippable[span.start] = False
        named = {span.start for span in spans if span.kind in ("metric", "dimension")}
        for span in spans:
            own = (span.kind, span.meaning) == ("refer", "own") and span.end in named  # «а *их* csat»
            if own or span.kind == OWN_TIME:
                skippable[span.start] = False
        for i in never_left_out(spans):
            skippable[i] = False
        for span in spans:
            if span.kind == "refer" and span.end - span.start > 1:
                skippable[span.end - 1] = False
        return covers(tokens, spans, skippable)

    def read_text(self, text: str, now: datetime, zone: str) -> Read:
        """What `read` finds out, for a text that nobody has grounded."""
        tokens, spans = self.ground(text, now, zone)
        return self.read(text, tokens, spans, now, zone)

    def read(self, text: str, tokens: tuple[Token, ...], spans: Sequence[Span], now: datetime, zone: str) -> Read:
        """Compose every cover without unknown words; keep what composes, what is incomplete and what fails. Only what
        cannot be read otherwise is read with phrases that something parts."""
        whole = [span for span in spans if not span.inner]
        signs = self.signs.read(text, tokens, spans, self.finder.skippable(tokens))
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
                require_all_said(said, query, self.model)
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

    def named(self, text: str, choices: Sequence[str]) -> int | None:
        """Which choice a few words of it pick, counted from 1: those that it alone has ("chat", of the cost of chats
        and of the pipeline); None for anything else."""

        def content(said: str) -> set[str]:
            tokens = self.lexicon.tokens(said)
            skipped = self.finder.skippable(tokens)
            return {stem for i, one in enumerate(tokens) if not skipped[i] for stem in self.lexicon.stems(one)}

        words, offered = content(text), [content(choice) for choice in choices]
        every = set.intersection(*offered) if offered else set()
        picked = [place for place, said in enumerate(offered, start=1) if words & (said - every) and words <= said]
        return picked[0] if len(picked) == 1 else None

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


def _means_better(reading: Reading, hidden: Span) -> bool:
    """Whether a reading takes the words of a hidden column, all of them, for something that they say no worse."""
    others = [s for s in reading.spans if (s.kind, s.meaning) != (hidden.kind, hidden.meaning)]
    return any(s.start <= hidden.start and s.end >= hidden.end and s.cost <= hidden.cost for s in others)
