"""Numbers of a question: how many rows are wanted, and what a comparator bounds by how much."""

from __future__ import annotations

from dataclasses import replace

from dash.language.fragment import Bound, DoesNotCompose, Doubtful
from dash.language.targeting import Targeting
from dash.records import Filter, Span
from dash.semantics.dimensions import DERIVED_TIME_DIMENSIONS

_OPPOSITE = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}
_LARGEST_LIMIT = 10_000


class Bounding(Targeting):
    """Reads the numbers of one cover into its fragment."""

    def _set_limit(self, position: int, span: Span) -> None:
        if not isinstance(span.meaning, int) or not 1 <= span.meaning <= _LARGEST_LIMIT:
            raise DoesNotCompose("a limit is a whole number", position)
        if span.start in self.signs.ordinals:
            raise Doubtful("one at a certain place alone is not told", position)  # "the *2nd* most common"
        if self.out.limit not in (None, span.meaning) and self.counted_out:
            raise DoesNotCompose("two numbers of rows", position)
        self.counted_out = True
        self.out.limit = span.meaning
        self.taken.add(position)

    def _predicated(self, position: int) -> bool:
        """Whether this says what is said of the rows ("tickets that *are stuck*"), when a share is asked for."""
        if self.out.of_them:
            return True
        said = self.spans[position - 1] if self._kind(position - 1) == "negation" else self.spans[position]
        return "share" in self.out.shapes and bool({said.start, self.spans[position].start} & self.signs.copulas)

    def _read_number(self, position: int, span: Span) -> None:
        after, before = self._kind(position + 1), self._before(position)
        named = self._named(position)
        ranks = "order" in (after, self._kind(position - 1)) or (
            named in ("dimension", "row", "metric") and self._ranks_later(position)
        )
        trailing = self._trailing_comparator(position)
        following = self._at(position + 1)
        if following is not None and following.kind == "value" and following.meaning[0] in DERIVED_TIME_DIMENSIONS:
            raise DoesNotCompose(f"{span.label} of {following.label} is no period that is known", position)
        if self._named_between(position):  # "only those with 5 ratings *or more*"
            self.taken.update((position, position + 2))
            bound = Bound(self.spans[position + 2].meaning, float(span.meaning), position)
            self._add_bound(bound, position, position + 1)
        elif trailing is not None:
            self._bound(position, self.spans[trailing].meaning, position, without=trailing)
        elif ranks or (named in ("row", "dimension", "metric") and self._asks_for_some(position)):
            self._set_limit(position, span)
        elif self._has_so_many(position):
            self._bound(position, "eq", position)
        elif before and before[1].kind == "dimension" and self._is_measure(before[1].meaning):
            self._value_of(before[1].meaning, position, span)
            self.out.settled.add(before[1].meaning)
        elif before and before[1].kind == "metric" and (scaled := self._scale_counted(before[1], span)) is not None:
            self._value_of(scaled, position, span)  # "how many ratings of 5"
        elif before and before[1].kind == "metric" and before[1].meaning in self.bounded:
            self.out.bounds.append(Bound("eq", float(span.meaning), position, metric=before[1].meaning))
        elif before and before[1].kind == "conjunction" and self.out.valued == before[0] - 1:  # "rated 1 or 2"
            last = self.out.filters[-1]
            self.out.filters[-1] = replace(last, values=(*last.values, span.meaning))
            self.out.valued = position
        elif following is not None and following.kind == "dimension" and self._counts_scale(following.meaning):
            self._value_of(following.meaning, position, span)  # "5 stars"
            self.out.settled.add(following.meaning)
            self.taken.add(position + 1)
            if not (self.out.metrics or self.out.rows):
                self.out.metrics.append(self._counts_scale(following.meaning) or "")
        else:
            raise DoesNotCompose(f"what {span.label} stands for is not said", position)

    def _value_of(self, dimension: str, position: int, span: Span) -> None:
        """A number that is a value of what stands before it: "rated 5"."""
        known = self.out.part if self._predicated(position) else self.out.filters
        known.append(Filter(dimension, "in", (span.meaning,)))
        self.out.valued = position

    def _has_so_many(self, position: int) -> bool:
        """ "Customers *with 3 tickets*", "chats that had 5 turns": just as many, and not how many are wanted."""
        noun = self._at(position + 1)
        if noun is None or self.spans[position].start - 1 not in self.signs.holding:
            return False
        return noun.kind in ("row", "metric") or (noun.kind == "dimension" and self._is_measure(noun.meaning))

    def _scale_counted(self, counted: Span, number: Span) -> str | None:
        """The scale of which a metric counts the rows that have a value: the number behind it is that value."""
        longer = self.signs.measured.get(counted.end, -1) > counted.start  # "tickets with a rating" 5: of tickets
        if longer or not isinstance(number.meaning, int):
            return None
        return self.model.present_dimension(counted.meaning)

    def _counts_scale(self, dimension: str) -> str | None:
        """The metric that counts the rows with a value of this scale."""
        found = [name for name in self.model.metrics if self.model.present_dimension(name) == dimension]
        return found[0] if len(found) == 1 else None

    def _named(self, position: int) -> str | None:
        """What so many of are wanted: the noun behind the number and its adjectives ("the 5 whatsapp tickets")."""
        place = position + 1
        while self._kind(place) == "value":
            place += 1
        noun = self._at(place)
        if noun is None or noun.start in self.signs.colons:  # "tickets rated 1: ticket id, category"
            return None
        if noun.kind == "metric" and not self.model.counts_rows(noun.meaning):
            return None
        return noun.kind

    def _asks_for_some(self, position: int) -> bool:
        return "list" in self.out.shapes or bool(self.out.which) or self._kind(position - 1) == "which"

    def _trailing_comparator(self, position: int) -> int | None:
        """ "10 or more", "5 times or more", "3 hours and more": the comparator behind its number."""
        place = position + 1
        while self._kind(place) in ("percent", "unit", "occurrence"):
            place += 1
        exact = self._at(place)
        if exact is not None and exact.meaning == "eq":
            return None  # "5 tickets exactly"
        behind = self._kind(place) == "comparator" and self._kind(place + 1) not in ("number", "aggregation", "repeat")
        return place if behind else None

    def _named_between(self, position: int) -> bool:
        """ "5 ratings or more": a comparator behind the number and its noun."""
        kinds = [self._kind(position + i) for i in (1, 2)]
        behind = self._at(position + 2)
        number = self.spans[position].meaning
        if kinds not in (["metric", "comparator"], ["row", "comparator"]) or behind is None or behind.meaning == "eq":
            return False
        return isinstance(number, int | float) and self._kind(position + 3) not in ("number", "aggregation", "repeat")

    def _read_comparator(self, position: int, span: Span) -> None:
        if self._thrown_out(position):  # «категории, где меньше 10 сравнений, выкинь»
            self.inverted.add(position)
        if position in self.inverted:  # "ignore categories with fewer than 300"
            if span.meaning not in _OPPOSITE:
                raise DoesNotCompose(f"{span.label} is not denied", position)
            span = replace(span, meaning=_OPPOSITE[span.meaning])
        number = self._at(position + 1)
        if number is not None and number.kind == "aggregation" and number.meaning == "mean":
            self.taken.add(position + 1)
            self._add_bound(Bound(span.meaning, None, position), position, self._after_average(position))
        elif number is not None and number.kind == "number":
            self._bound(position + 1, span.meaning, position)
        elif number is not None and number.kind == "unit":  # "more than a week"
            bound = Bound(span.meaning, 1.0, position, unit=str(number.meaning))
            self.taken.add(position + 1)
            self._add_bound(bound, position, position + 2)
        elif (
            span.meaning in _OPPOSITE
            and number is not None
            and number.kind == "value"
            and number.meaning[0] in {f.dimension for f in self.out.filters}
        ):
            self.out.shapes.add("compare")  # "do telegram customers score us *higher than* email ones"
            if self.signs.longer & {*range(span.start, span.end)}:
                self.out.shapes.add("duration")  # "do rejected ones take *longer than* approved ones"
        elif number is not None and number.kind == "repeat":
            self.taken.add(position + 1)
            self.out.bounds.append(Bound(span.meaning, float(number.meaning), position, times=True))
        else:
            raise DoesNotCompose(f"{span.label}: than what?", position)

    def _after_average(self, position: int) -> int:
        """The place behind an average, and behind of what it is one: "CSAT below the average *of all tickets*"."""
        place = position + 2
        noun = self._at(place)
        if noun is None or not self._measured_just_before(position):
            return place
        rows = noun.kind == "row" or (noun.kind == "metric" and self.model.counts_rows(noun.meaning))
        if not rows:
            return place
        if noun.kind == "metric" and self.model.selects(noun.meaning):  # "above the average of *stuck* tickets"
            raise Doubtful(f"whether {noun.label} alone have that average is not said", place)
        self.taken.add(place)
        return len(self.spans)  # nothing else is bounded

    def _thrown_out(self, position: int) -> bool:
        """Whether a bound is denied by the last word of all, behind its noun."""
        noun, last = self._kind(position + 2), len(self.spans) - 1
        if self._kind(position + 1) != "number" or noun not in ("metric", "row") or self._kind(last) != "negation":
            return False
        if last != position + 3:
            return False
        self.taken.add(last)
        return True

    def _read_more(self, position: int, span: Span) -> None:
        """ "More tickets *than* 100", "fewer chats than average": a comparator with its noun in the middle."""
        if self._sets_periods(position):
            return
        noun, limit = self._at(position + 1), self._at(position + 3)
        than = self._kind(position + 2) == "than"
        if noun is None or noun.kind != "metric" or not than or limit is None:
            raise DoesNotCompose(f"{span.label}: than what?", position)
        bound = Bound(span.meaning, None, position, metric=noun.meaning)
        if limit.kind == "number":
            bound.value = float(limit.meaning)
        elif limit.kind != "aggregation" or limit.meaning != "mean":
            raise DoesNotCompose(f"{span.label}: than what?", position)
        self.taken.update((position + 1, position + 2, position + 3))
        self.out.metrics.append(noun.meaning)
        self.out.bounds.append(bound)

    def _sets_periods(self, position: int) -> bool:
        """ "More tickets in October than in September?", "more by chat than by mail?": what "than" reads."""
        kinds = [self._kind(position + i) for i in (1, 2, 3, 4)]
        if kinds[:3] in (["time", "than", "time"], ["time", "than", "earlier"]):
            return self._kind(position - 1) == "metric"  # "did it cost *more* last week than the week before"
        return kinds in (["metric", "time", "than", "time"], ["metric", "value", "than", "value"])
