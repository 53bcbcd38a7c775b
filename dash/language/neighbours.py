"""What stands beside a word: the questions that composing asks about a span's neighbours. Nothing here fills a slot;
`compose` does, by these answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from dash.knowledge.formats import MetricFile
from dash.language.signs import Signs
from dash.records import Span
from dash.semantics.model import SemanticModel

TOLD_IN = frozenset({"millisecond", "second", "minute", "hour", "day"})
"""Units that a duration may be asked for in."""

_ASKS_AGAIN = frozenset({("shape", "count"), ("which", "any"), ("which", "singular"), ("which", "plural")})
_QUIET = frozenset({"only", "follow_up"})


class Neighbours:
    """The spans of one cover in their order, each asked by its position. Holds nothing but what it was given."""

    def __init__(self, spans: Sequence[Span], model: SemanticModel, signs: Signs) -> None:
        self.spans = spans
        self.model = model
        self.signs = signs

    def _at(self, position: int) -> Span | None:
        return self.spans[position] if 0 <= position < len(self.spans) else None

    def _kind(self, position: int) -> str | None:
        span = self._at(position)
        return span.kind.rstrip("?") if span else None

    def _kinds(self, kind: str) -> bool:
        """Whether a span of a kind is among them."""
        return any(span.kind == kind for span in self.spans)

    def _before(self, position: int) -> tuple[int, Span] | None:
        """The span before, looking past words like "only"."""
        position -= 1
        while position >= 0 and self.spans[position].kind in _QUIET:
            position -= 1
        return (position, self.spans[position]) if position >= 0 else None

    def _describes(self, span: Span, neighbour: Span | None) -> bool:
        """ "category shipping": the dimension only says what the value is a value of."""
        return neighbour is not None and neighbour.kind.rstrip("?") == "value" and neighbour.meaning[0] == span.meaning

    def _is_singular(self, which: str, span: Span) -> bool:
        """Whether one is asked for: «какая категория», "which category" (there the noun tells)."""
        if which == "any":
            return span.end - 1 in self.signs.singulars
        return which == "singular"

    def _counts_different(self, span: Span) -> bool:
        """Whether things are counted of which each may have several rows."""
        return span.kind == "metric" and self.model.distinct_dimension(span.meaning) is not None

    def _is_scored(self, span: Span, number: int) -> bool:
        """Whether what this means may be told by the number: a value of its scale, or any score."""
        if span.kind == "metric":
            return self.model.metrics[span.meaning].unit == "score"
        return span.kind == "dimension" and number in self.model.scale(span.meaning)

    def _is_time(self, dimension: str) -> bool:
        return self.model.is_time(dimension)

    def _is_measure(self, dimension: str) -> bool:
        return self.model.is_measure(dimension)

    def _negated(self, position: int) -> bool:
        before = self._before(position)
        while before and before[1].kind in ("dimension", "by"):
            before = self._before(before[0])
        last = self._kind(position + 1) == "negation" and self._at(position + 2) is None  # «английский убери»
        return last or bool(before and before[1].kind == "negation")

    def _conjoined(self, position: int) -> bool:
        before = self._before(position)
        while before and before[1].kind in ("dimension", "row", "by"):
            before = self._before(before[0])
        listed = self.spans[position].start in self.signs.commas
        return bool(before and (before[1].kind == "conjunction" or (listed and before[1].kind.startswith("value"))))

    def _converts(self, unit: str) -> bool:
        """ "In minutes" beside a duration says the unit of the answer."""
        durations = ("hours", "minutes", "seconds", "milliseconds")
        named = [self.model.metrics[span.meaning] for span in self.spans if span.kind == "metric"]
        return unit in TOLD_IN and bool(named) and all(metric.unit in durations for metric in named)

    def _ranks_later(self, position: int) -> bool:
        return any(span.kind in ("order", "limit") for span in self.spans[position + 1 :])

    def _both_or_each(self, position: int) -> bool:
        """ "Open and unassigned": rows that are both, or one number each?"""
        before, name = self._before(position), self.spans[position].meaning
        if before is None or before[1].kind != "conjunction" or self._kind(before[0] - 1) != "metric":
            return False
        other = self.spans[before[0] - 1].meaning
        return self.model.selects(name) and self.model.selects(other) and self.model.same_rows(name, other)

    def _counted_beside(self, position: int) -> bool:
        """Whether a noun is counted although a metric is named, too: "chats and escalations", "how many chats were
        there this week, and what did they cost"."""
        place = position + 1
        asked = self._at(position - 1)
        if asked is not None and asked.kind == "shape" and asked.meaning == "count":
            while self._kind(place) == "time":
                place += 1
        if self._kind(place) != "conjunction":
            return False
        place += 1
        while (between := self._at(place)) is not None and between.kind in ("shape", "which"):
            place += 1
        return self._kind(place) == "metric"

    def _shares_head(self, conjunction: int, metric: MetricFile) -> bool:
        """ "Cost of the pipeline and chats", "resolution rate of chats and tickets": what is told of the first may be
        told of the second, too."""
        first = self._at(conjunction - 1)
        if first is None or first.kind != "metric" or not self.model.counts_rows(metric.name):
            return False
        if self.model.counts_rows(first.meaning):
            return False
        if first.end in self.signs.nouns and first.end - first.start > 1:
            return True
        if self.model.metrics[first.meaning].table == metric.table:
            return False  # "resolution rate and tickets": the rate is told of these already
        return any(self.model.metrics[name].table == metric.table for name in self.model.siblings(first.meaning))

    def _second_count(self, position: int) -> int | None:
        """Where a second number is asked for before this place: "how many chats, and *how many* were sent"."""
        counts = [i for i in range(position) if (self.spans[i].kind, self.spans[i].meaning) == ("shape", "count")]
        return counts[1] if len(counts) == 2 else None

    def _listed_beside(self, position: int, kinds: Sequence[str]) -> bool:
        """Whether this is one more of a list: "average *and median*", "min, max *and average*"."""
        before = self._before(position)
        linked = self.spans[position].start in self.signs.commas
        if before and before[1].kind == "conjunction":
            linked, before = True, self._before(before[0])
        return linked and bool(before and before[1].kind in kinds)

    def _counts(self, span: Span) -> bool:
        """Whether a noun stands for rows: «по доставке AI не хуже» is a rate of what was delivered, of no rows each."""
        return span.kind == "row" or (span.kind == "metric" and self.model.counts_rows(span.meaning))

    def _told_with(self, position: int) -> bool:
        """ "Conversations by month *with* the escalation rate", "cost per day *with* the number of tasks": one more
        number of what is split already."""
        place = position - 1
        while (self._kind(place), self._counted_at(place)) == ("shape", True):
            place -= 1
        before = self._at(place)
        between = range(before.end, self.spans[position].start) if before is not None else range(0)
        numbers = [one for one in between if one in self.signs.counts]
        held = {one for one in between if not numbers or one < numbers[0]}  # not "how many *have* …"
        if before is None or not held & self.signs.holding:
            return False
        measured = before.kind == "metric" and self._numbered(position) and not self._counts(before)
        return measured or before.kind in ("grain", "dimension", "time")

    def _numbered(self, position: int) -> bool:
        """Whether the number of what a noun stands for is asked for, by itself or in a longer name of it."""
        before, span = self._at(position - 1), self.spans[position]
        said = range(before.end if before else 0, span.start + 1)
        return self._counted_at(position - 1) or bool({*said} & self.signs.counts)

    def _counted_at(self, position: int) -> bool:
        span = self._at(position)
        return span is not None and (span.kind, span.meaning) == ("shape", "count")

    def _enumerated(self, position: int) -> bool:
        """Whether something between two of a kind says that both are meant: "A, B and C", "A vs B"."""
        if self._told_with(position) and (self._numbered(position) or not self._counts(self.spans[position])):
            return True
        before = self._before(position)
        span = self.spans[position]
        linked = span.start in self.signs.commas
        passed = {"time", "row", "aggregation"}
        if before and before[1].kind == "aggregation":  # "csat and *median* time to send"
            before = self._before(before[0])
        while before and (before[1].kind, before[1].meaning) in _ASKS_AGAIN:
            before = self._before(before[0])  # "how many chats and *how many* escalations"
            passed.add("value")
        if before and (before[1].kind == "conjunction" or before[1].meaning == "compare"):
            linked = True
            before = self._before(before[0])
        while before and before[1].kind in passed:
            before = self._before(before[0])
        return linked and bool(before and before[1].kind == "metric")
