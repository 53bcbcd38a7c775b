"""The things of the knowledge that a question's words are near, best first: what is worth showing to a language model.

It searches what reading already has: the phrases of the lexicon, with their stems, and the descriptions that people
wrote. A rare word weighs more than a frequent one, and a phrase that the reader recognised more than any word. So the
same few names come out of nine tables and of five hundred, without a store of vectors and without a network.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from dash.knowledge import Knowledge
from dash.language.entries import Entry
from dash.language.lexicon import Lexicon
from dash.language.tokens import normalize, tokenize
from dash.records import Span, Token
from dash.semantics.dimensions import dimension_name
from dash.semantics.model import SemanticModel

Kind = Literal["metric", "dimension", "table", "query"]
Thing = tuple[Kind, str]

_RECOGNISED = 12.0
"""What a phrase that the reader recognised weighs; a single rare word weighs about four."""
_POSSIBLE = 4.0
_IN_DESCRIPTION = 0.4
_NEIGHBOUR = 0.35
"""What a name gets of the weight of another that it belongs to: a table's of its metrics, a metric's of its table."""


class Search:
    """An index over one knowledge. Built once; a lookup costs the words of the question."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon, model: SemanticModel) -> None:
        self._knowledge = knowledge
        self._lexicon = lexicon
        self._model = model
        self._postings: dict[str, dict[Thing, float]] = defaultdict(dict)
        for thing, stems, weight in self._texts():
            for stem in stems:
                known = self._postings[stem]
                known[thing] = max(known.get(thing, 0.0), weight)
        self._count = len(knowledge.metrics) + len(model.dimensions) + len(knowledge.tables) + len(knowledge.queries)

    def rank(
        self, tokens: Sequence[Token], chosen: Sequence[Span], possible: Sequence[Span] = ()
    ) -> Mapping[Kind, tuple[str, ...]]:
        """Names of each kind, best first; those that nothing speaks for come last, in the order of the files.

        `chosen` are spans of the best reading, `possible` all that there are."""
        weights: dict[Thing, float] = defaultdict(float)
        for token in tokens:
            if self._lexicon.is_function_word(normalize(token.text)):
                continue
            for stem in {token.stem, *self._lexicon.stems(token)}:
                for thing, weight in self._near(stem):
                    weights[thing] += weight
        for spans, weight in ((chosen, _RECOGNISED), (possible, _POSSIBLE)):
            for span in spans:
                for thing in self._meant(span):
                    weights[thing] += weight / (1 + span.cost)
        self._spread(weights)
        return {
            "metric": _sorted("metric", self._knowledge.metrics, weights),
            "dimension": _sorted("dimension", self._model.dimensions, weights),
            "table": _sorted("table", self._knowledge.tables, weights),
            "query": _sorted("query", self._knowledge.queries, weights),
        }

    def _near(self, stem: str) -> Iterator[tuple[Thing, float]]:
        found = self._postings.get(stem, {})
        for thing, weight in found.items():
            yield thing, weight * math.log(1 + self._count / len(found))

    def _meant(self, span: Span) -> Iterator[Thing]:
        """What a recognised phrase names."""
        kind = span.kind.rstrip("?")
        if kind == "metric":
            yield "metric", span.meaning
        elif kind == "dimension":
            yield "dimension", span.meaning
        elif kind == "value":
            yield "dimension", span.meaning[0]
            yield from self._rows_of(self._model.main_table(span.meaning[0]))
        elif kind in ("row", "context"):
            yield from self._rows_of(span.meaning)

    def _rows_of(self, table: str | None) -> Iterator[Thing]:
        if table is None or table not in self._knowledge.tables:
            return
        yield "table", table
        count = self._model.count_metric(table)
        if count is not None:
            yield "metric", count.name

    def _spread(self, weights: dict[Thing, float]) -> None:
        """A metric speaks for its table and the table for it; a dimension for the tables that have it."""
        found = dict(weights)
        for name, metric in self._knowledge.metrics.items():
            if metric.table is None:
                continue
            own: Thing = ("metric", name)
            table: Thing = ("table", metric.table)
            weights[table] += _NEIGHBOUR * found.get(own, 0.0)
            if found.get(own) or (metric.table in self._knowledge.tables and self._counts(name, metric.table)):
                weights[own] += _NEIGHBOUR * found.get(table, 0.0)
        for name, columns in self._model.dimensions.items():
            for table_name, _ in columns:
                weights["table", table_name] += _NEIGHBOUR * found.get(("dimension", name), 0.0) / len(columns)

    def _counts(self, metric: str, table: str) -> bool:
        return self._knowledge.tables[table].count_metric == metric

    def _named(self, entry: Entry) -> Thing | None:
        """What the phrases of the lexicon speak for."""
        if entry.kind in ("metric", "dimension"):
            return entry.kind, entry.meaning  # type: ignore[return-value]
        if entry.kind == "value":
            return "dimension", entry.meaning[0]
        return ("table", entry.meaning) if entry.kind == "row" and entry.meaning in self._knowledge.tables else None

    def _texts(self) -> Iterator[tuple[Thing, Iterable[str], float]]:
        """Each thing with the stems that speak for it, and how much."""
        for phrasing in self._lexicon.phrasings:
            thing = self._named(phrasing.entry)
            if thing is not None:
                for word, length in phrasing.lengths():
                    yield thing, word.keys, 1 / length
        for name, metric in self._knowledge.metrics.items():
            yield ("metric", name), _stems(name, *metric.definition.values()), _IN_DESCRIPTION
        for name, table in self._knowledge.tables.items():
            texts = [name, table.table_description, table.grain, *table.use_cases]
            for column in table.table_columns:
                if column.personal or column.untrusted:
                    continue
                texts.append(column.name)
                yield ("dimension", dimension_name(column)), _stems(column.name, column.description), _IN_DESCRIPTION
            yield ("table", name), _stems(*texts), _IN_DESCRIPTION
        for name, query in self._knowledge.queries.items():
            yield ("query", name), _stems(query.description, *query.questions), 1.0


def _stems(*texts: str) -> set[str]:
    return {token.stem for text in texts for token in tokenize(text.replace("_", " ")) if token.kind == "word"}


def _sorted(kind: Kind, names: Iterable[str], weights: Mapping[Thing, float]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: -weights.get((kind, name), 0.0)))
