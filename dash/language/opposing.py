"""Two sides that a question sets against each other: "with an agent *and without*", "WhatsApp *against the rest*",
"escalated *vs non-escalated* chats", "weekends *vs weekdays*".

The words of both sides leave the cover and become one group with two values; what is measured, when, and by what else
it is told is read from the others as if the sides were not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dash.language.contradicting import never_both, possible_values
from dash.language.fragment import DoesNotCompose, Doubtful
from dash.language.signs import Signs
from dash.records import ComparedSide, Filter, Span
from dash.semantics.fragments import read_conditions
from dash.semantics.model import SemanticModel

_ASKED_AGAIN = frozenset({("shape", "count"), ("which", "any"), ("refer", "back"), ("aggregation", "mean")})
_ENDS_A_SIDE = frozenset({"by", "time", "grain", "only", "shape"})
_DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class _Named:
    """A side as the words before the sign name it: the spans [start, end), its condition, and whether the words deny
    it. `rows` is the table whose rows it names, `noun` the span that does so; without one it is named by the condition
    itself ("*tickets with an agent*"). `bare` is a word of which only the other side can tell that it is a condition
    ("*assigned* vs unassigned")."""

    start: int
    end: int
    side: ComparedSide
    denied: bool = False
    rows: str | None = None
    noun: Span | None = None
    bare: bool = False


@dataclass(frozen=True)
class _Other:
    """The side behind the sign: where its words end, and what of all rows is known with it ("*other countries*" are
    countries)."""

    end: int
    side: ComparedSide
    known: tuple[Filter, ...] = ()


Found = tuple[list[Span], tuple[ComparedSide, ...], tuple[Filter, ...]]


def without_sides(spans: Sequence[Span], model: SemanticModel, signs: Signs) -> Found:
    """The spans without those of two sides, the sides, and what is said of all rows beside; all spans and nothing else
    where there are no two sides."""
    return _Opposing(spans, model, signs).find() or (list(spans), (), ())


class _Opposing:
    """Looks for the sides of one cover."""

    def __init__(self, spans: Sequence[Span], model: SemanticModel, signs: Signs) -> None:
        self.spans, self.model, self.signs = spans, model, signs
        self._apart = signs.commas | signs.colons

    def find(self) -> Found | None:
        if any(span.inner for span in self.spans):
            return None  # "open *urgent* tickets vs the rest": what parts a phrase is no side of its own
        for place, span in enumerate(self.spans):
            plain = span.kind == "conjunction" and span.meaning == "and"
            against = span.kind == "than" or (span.kind, span.meaning) == ("shape", "compare") or self._ranks(place)
            if not (plain or against):
                continue
            if plain and span.start - 1 in self.signs.holding:
                return self._with_and_without(place)
            # "Do urgent tickets have a *lower* csat than the rest": the side stands before what it is compared by.
            ranked = [i for i in range(place) if span.kind == "than" and self._ranks(i)]
            for first in [one for end in (place, *ranked) for one in self._named_before(end)]:
                second = self._against(place + 1, first, plain=plain)
                if second is not None and not self._is_third(first.start - 1) and not self._is_third(second.end):
                    return self._told(first, place, second)
        return None

    def _told(self, first: _Named, place: int, second: _Other) -> Found:
        noun, end = first.noun, second.end
        if noun is None and first.rows is not None:
            noun = replace(self.spans[first.start], kind="row", meaning=first.rows)
        again = self._at(end)
        if noun is not None and again is not None and self._table_of(again) == first.rows:
            end += 1  # "escalated chats vs non-escalated *chats*"
        kept = [*self.spans[: first.start], *([noun] if noun is not None else []), *self.spans[first.end : place]]
        kept += self.spans[end:]
        return self._without_comparing(kept, end), (first.side, second.side), second.known

    def _is_third(self, place: int) -> bool:
        """Whether a sign stands there behind or before one more side: "resolved vs escalated *vs* abandoned"."""
        span = self._at(place)
        sets_apart = span is not None and (span.kind, span.meaning) == ("shape", "compare")
        return sets_apart and place > 0 and place + 1 < len(self.spans)

    # the side before the sign

    def _named_before(self, place: int) -> list[_Named]:
        """What may be the side before a sign: its nearest condition, past the noun of the rows."""
        last = place - 1
        noun = self._at(last)
        table = self._table_of(noun) if noun is not None else None
        if table is not None and last > 0:
            found = self._condition_ending(last)
            return [replace(one, end=place, rows=table, noun=noun) for one in found if one.rows in (None, table)]
        return self._condition_ending(place)

    def _condition_ending(self, end: int) -> list[_Named]:
        """The condition whose words end before position `end`."""
        span = self._at(end - 1)
        if span is None:
            return []
        found: list[_Named] = []
        denied = self._denies(end - 2)
        start = end - 2 if denied else end - 1
        if span.kind == "value":
            dimension, values = span.meaning
            while not denied and self._joins(start - 1) and self._is_value_of(start - 2, dimension):
                values = (*self.spans[start - 2].meaning[1], *values)  # "*email and chat* vs the rest"
                start -= 2
            found.append(_Named(start, end, ComparedSide(Filter(dimension, "in", tuple(values))), denied))
        elif span.kind == "metric" and self.model.selects(span.meaning):
            side, turned = self._of_metric(span.meaning)
            rows = self.model.metric_table(self.model.metrics[span.meaning])
            if not any(self._table_of(one) not in (None, rows) for one in self.spans[:start]):  # "chats with errors"
                found.append(_Named(start, end, side, denied != turned, rows))
        elif span.kind in ("dimension", "metric"):
            dimension = self._there(span)
            held = denied or self._holds(start, span)
            split = start > 0 and self.spans[start - 1].kind == "by"
            if dimension is not None and not split and (held or span.kind == "dimension"):
                found.append(_Named(start, end, ComparedSide(Filter(dimension, "not_null")), denied, bare=not held))
        return found

    def _of_metric(self, name: str) -> tuple[ComparedSide, bool]:
        """The rows that a count metric counts as a side, and whether it is the opposite of them: unassigned tickets
        are those that are not assigned. Where it counts the rows of one value, that is the side."""
        absent, present = self.model.absent_dimension(name), self.model.kept_dimension(name)
        if absent is not None or present is not None:
            return ComparedSide(Filter(absent or present or "", "not_null")), absent is not None
        metric = self.model.metrics[name]
        said = possible_values(metric.filter)
        if len(read_conditions(metric.filter)) == len(said) == 1:
            ((column, values),) = said.items()
            if len(values) == 1:
                dimension = self.model.column_dimension(self.model.metric_table(metric), column)
                return ComparedSide(Filter(dimension, "in", (values.pop().strip("'"),))), False
        return ComparedSide(within=name), False

    def _there(self, span: Span) -> str | None:
        """The dimension that a row has or has not, by these words."""
        if span.kind == "metric":
            return self.model.measured_dimension(span.meaning)
        home = self.model.home(span.meaning)
        if self.model.is_time(span.meaning) or (home is not None and self.model.key(home) == span.meaning):
            return None  # "tickets with a comparison": each ticket has its number
        return str(span.meaning)

    def _holds(self, start: int, span: Span) -> bool:
        """Whether a word such as "with" stands before: "tickets *with* a penalty"."""
        before = self.spans[start - 1].end if start > 0 else 0
        return bool(self.signs.holding & {*range(before, span.start)})

    # the side behind the sign

    def _against(self, place: int, first: _Named, *, plain: bool) -> _Other | None:
        """The second side; None where there is none."""
        while (span := self._at(place)) is not None and (span.kind, span.meaning) in _ASKED_AGAIN:
            place += 1
        if span is None:
            return None
        if span.kind == "rest":
            return self._rest(place, first)
        if span.kind == "negation":
            end = self._end_of_denied(place + 1, first)
            bare = end == place + 1 and span.start in self.signs.lacking
            held = first.side.filter is not None and first.side.filter.operator == "not_null"
            # "Are tickets with an agent more often urgent than those *without*": without what they have.
            return None if end is None or first.denied or (bare and not held) else _Other(end, ComparedSide())
        named = self._condition_beginning(place)
        if named is None:
            return None
        end, side, denied = named
        if span.kind == "value" and span.start in self.signs.rest:
            several = span.end - span.start > 1  # "shipping vs *other categories*": not the one that is called so
            raise (DoesNotCompose if several else Doubtful)(f"whether {span.label} or all others is meant is not said")
        if side == first.side and denied != first.denied:
            return _Other(end, ComparedSide())  # "non-urgent vs urgent", "assigned vs unassigned"
        if first.denied or denied:
            return None
        if first.side.within is not None and side.within is not None:
            apart = self.model.same_rows(first.side.within, side.within) and (
                self.model.excludes(first.side.within, side.within)
                or never_both(first.side.within, side.within, self.model)
            )
            return _Other(end, side) if apart and not plain else None
        if first.side.filter is None or side.filter is None:
            return None
        return self._other_values(first.side.filter, side.filter, end, plain=plain)

    def _rest(self, place: int, first: _Named) -> _Other | None:
        """ "The rest", "the other *channels*", "all other *tickets*"."""
        noun = self._at(place + 1)
        own = first.side.filter
        if first.denied or first.bare or self._is_narrow(first.side):
            return None
        if noun is not None and noun.kind == "dimension":
            if own is None or own.operator != "in" or noun.meaning != own.dimension:
                return None
            there = () if self.model.is_never_null(own.dimension) else (Filter(own.dimension, "not_null"),)
            return _Other(place + 2, ComparedSide(), there)  # none is no *other country*
        if self._is_of_two(first):
            return None
        acts = own is not None and self.model.acts(own.dimension)  # nobody is none of the *other* agents
        somebody = (Filter(own.dimension, "not_null"),) if own is not None and acts else ()
        said = noun is not None and self._table_of(noun) is not None and first.rows == self._table_of(noun)
        return _Other(place + 1 + said, ComparedSide(), somebody)

    def _is_narrow(self, side: ComparedSide) -> bool:
        """Whether what such a side leaves may be all rows or some: stuck tickets are open ones, failed tool calls are
        calls. A row that has several values may be on both of two sides."""
        if side.within is not None:
            return len(read_conditions(self.model.metrics[side.within].filter)) > 1
        condition = side.filter
        return condition is not None and len(condition.values) > 1 and self.model.is_array(condition.dimension)

    def _is_of_two(self, first: _Named) -> bool:
        """ "Urgent *email* tickets vs the rest": of all others, or of the urgent ones? Behind a sign it is said."""
        place = first.start - 1
        while (span := self._at(place)) is not None and self.spans[place + 1].start not in self._apart:
            place -= 1
            if span.kind == "value" or (span.kind == "metric" and self.model.selects(span.meaning)):
                return True
        return False

    def _end_of_denied(self, place: int, first: _Named) -> int | None:
        """Where "non-escalated [chats]", "without [an agent]" ends behind its negation, if it denies the first side."""
        span = self._at(place)
        behind = self._at(place + 1)
        if span is not None and span.kind == "by" and behind is not None and behind.kind == "value":
            return None  # "escalated and not *by customer request*"
        if span is None or span.kind in _ENDS_A_SIDE or span.start in self.signs.commas:
            return place
        named = self._condition_beginning(place)
        if named is not None and named[1] == first.side and not named[2]:
            return named[0]
        dimension = self._there(span) if span.kind in ("dimension", "metric") else None
        own = first.side.filter
        if own is not None and own.operator == "not_null" and own.dimension == dimension:
            return place + 1
        return None

    def _condition_beginning(self, place: int) -> tuple[int, ComparedSide, bool] | None:
        """Where a condition ends that begins here, what it says, and whether it is the opposite of that."""
        span = self._at(place)
        if span is None:
            return None
        if span.kind == "value":
            dimension, values = span.meaning
            return place + 1, ComparedSide(Filter(dimension, "in", tuple(values))), False
        if span.kind == "metric" and self.model.selects(span.meaning):
            side, turned = self._of_metric(span.meaning)
            return place + 1, side, turned
        dimension = self._there(span) if span.kind in ("dimension", "metric") else None
        if dimension is not None and self._holds(place, span):
            return place + 1, ComparedSide(Filter(dimension, "not_null")), False
        return None

    def _other_values(self, one: Filter, other: Filter, end: int, *, plain: bool) -> _Other | None:
        """Two sets of values of which one has several: weekends and weekdays. Of two single ones each is told."""
        apart = one.dimension == other.dimension and not {*one.values} & {*other.values}
        if one.operator != "in" or other.operator != "in" or not apart or self.model.is_array(one.dimension):
            return None
        several = len(one.values) > 1 or len(other.values) > 1
        all_days = one.dimension == "weekday" and len(one.values) + len(other.values) == _DAYS_OF_WEEK
        return _Other(end, ComparedSide(other)) if several and (all_days or not plain) else None

    # "with and without"

    def _with_and_without(self, place: int) -> Found | None:
        end = place + 2 if self._denies(place + 1) else place + 1
        named = self._at(end)
        if named is None:
            return None
        dimension = None
        if self._denies(place + 1) and named.kind in ("dimension", "metric"):
            dimension = self._there(named)
        elif named.kind == "metric":
            dimension = self.model.absent_dimension(named.meaning)  # «con y *sin agente*»
        if dimension is None:
            return None
        sides = (ComparedSide(Filter(dimension, "not_null")), ComparedSide())
        return self._without_comparing([*self.spans[:place], *self.spans[end + 1 :]], end + 1), sides, ()

    def _without_comparing(self, spans: Sequence[Span], end: int) -> list[Span]:
        """The spans without "compare" and without "*lower* csat *than*", which say no more than that both are told.
        "Longer" says besides that it is a length, "more often" that it is a rate."""
        before = self.spans[end - 1].start
        ranked = [i for i in range(end) if self._ranks(i)]
        said = {place for i in ranked for place in range(self.spans[i].start, self.spans[i].end)}
        meant = [name for name, words in (("duration", self.signs.longer), ("often", self.signs.often)) if words & said]
        kept = [
            one
            for one in spans
            if (one.kind, one.meaning) != ("shape", "compare")
            and not (one.start < before and any(one is self.spans[i] for i in ranked))
        ]
        return [*kept, *(replace(self.spans[ranked[0]], kind="shape", meaning=name) for name in meant)]

    # neighbours

    def _ranks(self, place: int) -> bool:
        """Whether a word compares two: "csat is *higher* … than", without a number that it would be a bound with."""
        span, following = self._at(place), self._at(place + 1)
        if span is None or span.kind not in ("comparator", "more") or span.meaning not in ("gt", "lt"):
            return False
        return following is None or following.kind not in ("number", "unit", "aggregation", "repeat")

    def _at(self, place: int) -> Span | None:
        return self.spans[place] if 0 <= place < len(self.spans) else None

    def _denies(self, place: int) -> bool:
        span = self._at(place)
        return span is not None and span.kind == "negation"

    def _joins(self, place: int) -> bool:
        span = self._at(place)
        return span is not None and (span.kind, span.meaning) == ("conjunction", "and")

    def _is_value_of(self, place: int, dimension: str) -> bool:
        span = self._at(place)
        return span is not None and span.kind == "value" and span.meaning[0] == dimension

    def _table_of(self, span: Span) -> str | None:
        """The table whose rows a noun names, without any condition on them."""
        if span.kind == "row":
            return str(span.meaning)
        plain = span.kind == "metric" and self.model.counts_rows(span.meaning) and not self.model.selects(span.meaning)
        return self.model.metric_table(self.model.metrics[span.meaning]) if plain else None
