"""Phrases with something in their middle: "resolution *last month* rate", "penalty *for shipping* score".

A period or a value may part a metric's words, because it would be understood anywhere else in the sentence as well.
The span that comes out covers all of it and holds what parts it (`Span.inner`), so that nothing is said twice or
dropped. So may each of those who do it ("how many tickets did *each agent* send"). A value may also stand for the
word of its kind: "how often is *get_order* called" says of one tool how often *tools* are called. Only what cannot be
read otherwise is read that way. Negations, conjunctions and "by" part no phrase, so that none is ever stepped over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dash.language.entries import Entry
from dash.language.lexicon import Lexicon
from dash.language.trie import Node, child_nodes
from dash.records import Span, Token
from dash.semantics.model import SemanticModel

PARTED = 0.3
"""What it costs that a phrase is parted, on top of its span and of those inside."""

_LONGEST = 6
"""Words of a phrase before what parts it; longer ones are sentences of their own."""
_DOER = "doer"
_MOST = 2
"""Things that part one phrase: a value and a period."""


@dataclass(frozen=True)
class _Found:
    end: int
    entry: Entry
    cost: float
    inner: tuple[Span, ...]


class Parting:
    """Finds parted phrases in one question. `forms`, `stems`, `skippable` and `active` are those of its words."""

    def __init__(
        self,
        lexicon: Lexicon,
        model: SemanticModel,
        tokens: Sequence[Token],
        forms: Sequence[str],
        stems: Sequence[tuple[str, ...]],
        skippable: Sequence[bool],
        active: frozenset[str],
        names: Mapping[str, frozenset[str]],
    ) -> None:
        """`names` are the words for each dimension, as the lexicon spells them."""
        self._names = names
        self._lexicon, self._model = lexicon, model
        self._tokens, self._forms, self._stems = tokens, forms, stems
        self._skippable, self._active = skippable, active

    def find(self, spans: Sequence[Span]) -> Iterator[Span]:
        """Every metric that is parted by periods and values, which are among the spans."""
        gaps: dict[int, list[Span]] = {}
        moments = {span.end for span in spans if span.kind == "dimension" and self._model.is_time(span.meaning)}
        for span in spans:
            if span.kind == "time" and span.start in moments:
                continue  # "share of tickets *sent last month* that were rated": the period is of the sending
            if span.kind in ("time", "value"):
                gaps.setdefault(span.start, []).append(span)
        doers = self._doers(spans)
        for each, doer in doers.values():
            gaps.setdefault(each.start, []).append(replace(each, end=doer.end, kind=_DOER))
        if not gaps:
            return
        values = {gap.meaning[0] for gap in spans if gap.kind == "value"}
        kinds = {key for dimension in values for key in self._names.get(dimension, ())}
        root = self._lexicon.phrases(kinds.union(*self._stems))
        starts = {i for gap in gaps for i in range(max(0, gap - _LONGEST), gap + 1)}
        for start in sorted(starts):
            if self._skippable[start] and start not in gaps:
                continue
            best: dict[tuple[int, str], _Found] = {}
            for found in self._walk(start, root, gaps, (), ()):
                key = (found.end, found.entry.meaning)
                if key not in best or found.cost < best[key].cost:
                    best[key] = found
            for found in best.values():
                entry = found.entry
                cost = PARTED + found.cost
                inner = tuple(
                    part for gap in found.inner for part in (doers[gap.start, gap.end] if gap.kind == _DOER else (gap,))
                )
                yield Span(start, found.end, entry.kind, entry.meaning, cost, entry.label, entry.source, inner=inner)

    def _doers(self, spans: Sequence[Span]) -> dict[tuple[int, int], tuple[Span, Span]]:
        """ "How many tickets did *each agent* send": by whom it is told, in the middle of what they did."""
        acting = {one.start: one for one in spans if one.kind == "dimension" and self._model.acts(one.meaning)}
        every = [one for one in spans if one.kind == "by" and one.meaning == "every" and one.end in acting]
        return {(one.start, acting[one.end].end): (one, acting[one.end]) for one in every}

    def _walk(
        self,
        i: int,
        node: Node,
        gaps: Mapping[int, list[Span]],
        seen: tuple[str, ...],
        inner: tuple[Span, ...],
        named: int = 0,
        closed: bool = False,
    ) -> Iterator[_Found]:
        """Metrics reached from `node`, with at least one gap behind us; a word has to stand before and after each.
        `named` gaps stand for the word of their kind, which is then seen; `closed` is one just behind us."""
        if inner and len(seen) > named and not (inner[-1].end == i and not closed):
            for entry in node.entries:
                if self._fits(entry, seen, inner):
                    yield _Found(i, entry, 0.0 if entry.forms == seen else 0.02, inner)
        if i >= len(self._tokens):
            return
        for child in child_nodes(node, self._forms[i], self._stems[i]):
            yield from self._walk(i + 1, child, gaps, (*seen, self._forms[i]), inner, named)
        for gap in gaps.get(i, ()) if len(inner) < _MOST else ():
            for key in self._names.get(gap.meaning[0], ()) if gap.kind == "value" else ():
                child_of_kind = node.children.get(key)
                if child_of_kind is not None:
                    yield from self._walk(
                        gap.end, child_of_kind, gaps, (*seen, ""), (*inner, gap), named + 1, closed=True
                    )
            if seen:
                yield from self._walk(gap.end, node, gaps, seen, (*inner, gap), named)
        if self._skippable[i] and seen:
            yield from self._walk(i + 1, node, gaps, seen, inner, named, closed)

    def _fits(self, entry: Entry, seen: tuple[str, ...], inner: tuple[Span, ...]) -> bool:
        if entry.kind != "metric" or entry.apart or entry.language not in self._active:
            return False
        metric = self._model.metrics[entry.meaning]
        timed = any(gap.kind == "time" for gap in inner)
        # "Tickets of last week sent": they came in then, or were sent then.
        if timed and metric.time_dimension is not None:
            own = self._model.time_dimension(metric)
            if own != self._model.table_time(self._model.metric_table(metric)):
                return False
        said = tuple(form or written for form, written in zip(seen, entry.forms, strict=True))
        return self._lexicon.is_inflection(entry, said, self._active)
