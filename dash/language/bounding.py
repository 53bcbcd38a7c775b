"""Numbers of a question: how many rows are wanted, and what a comparator bounds by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.language.fragment import Bound, DoesNotCompose, Fragment
from dash.language.neighbours import Neighbours
from dash.language.signs import Signs
from dash.records import Filter, Span
from dash.semantics.dimensions import DERIVED_TIME_DIMENSIONS
from dash.semantics.fragments import read_conditions
from dash.semantics.model import SemanticModel

_OPPOSITE = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}
_LARGEST_LIMIT = 10_000


class Bounding(Neighbours):
    """Reads the numbers of one cover into its fragment; `taken` are the spans that a number has used up."""

    def __init__(self, spans: Sequence[Span], model: SemanticModel, signs: Signs) -> None:
        super().__init__(spans, model, signs)
        self.out = Fragment()
        self.taken: set[int] = set()
        self.counted_out = False
        self.bounded: list[str] = []
        self.inverted: set[int] = set()

    def _set_limit(self, position: int, span: Span) -> None:
        if not isinstance(span.meaning, int) or not 1 <= span.meaning <= _LARGEST_LIMIT:
            raise DoesNotCompose("a limit is a whole number", position)
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
            self._add_bound(Bound(span.meaning, None, position), position, position + 2)
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
        elif number is not None and number.kind == "repeat":
            self.taken.add(position + 1)
            self.out.bounds.append(Bound(span.meaning, float(number.meaning), position, times=True))
        else:
            raise DoesNotCompose(f"{span.label}: than what?", position)

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

    def _bound(self, number: int, operator: str, position: int, *, without: int | None = None) -> None:
        """The bound of a number with what says of what it is a number; `without` is a comparator behind it."""
        bound = Bound(operator, float(self.spans[number].meaning), position)
        self.taken.add(number)
        place = number + 1
        if self._kind(place) == "percent" or (
            self._kind(place) == "shape" and self.spans[place].meaning == "share" and place != without
        ):
            bound.percent = True
            self.taken.add(place)
            place += 1
        if self._kind(place) == "unit":
            bound.unit = str(self.spans[place].meaning)
            self.taken.add(place)
            place += 1
        if self._kind(place) == "occurrence":
            bound.times = True
            self.taken.add(place)
            place += 1
        if without is not None:
            self.taken.add(without)
            place = max(place, without + 1)
            if self._kind(place) == "occurrence":  # "five or more times"
                bound.times = True
                self.taken.add(place)
                place += 1
        self._add_bound(bound, position, place)

    def _bounds_times(self, position: int) -> bool:
        """Whether a comparator bounds a number of times."""
        kinds = [self._kind(position + i) for i in (0, 1, 2)]
        return kinds == ["comparator", "number", "occurrence"] or kinds[:2] == ["comparator", "repeat"]

    def _add_bound(self, bound: Bound, position: int, after: int) -> None:
        done = self._before(position)
        if bound.times and done is not None and done[1].kind == "metric" and done[1].meaning in self.bounded:
            bound.times, bound.metric = False, done[1].meaning
            self.out.bounds.append(bound)
            return
        if not bound.times:
            self._target(bound, position, after)
        self.out.bounds.append(bound)

    def _target(self, bound: Bound, position: int, after: int) -> None:
        """What is bounded: the noun after the number, else the nearest metric or measure before the comparator."""
        following = self._at(after)
        if following and following.start in self.signs.colons:
            following = None  # "stuck for over 72 hours: ticket id, category"
        done = self._before(position)
        if bound.percent and following and done and {following.kind, done[1].kind} == {"metric"}:
            told = done[1].meaning
            if self.model.is_of(told, following.meaning):  # "loses more than 10 % *of the comparisons*"
                bound.metric = told
                self.taken.add(after)
                return
        if following and following.kind == "taking":
            bound.metric = following.meaning
            self.taken.add(after)
            return
        if following and following.kind == "dimension" and self._is_measure(following.meaning):
            bound.dimension = following.meaning
            self.taken.add(after)
            return
        if following and following.kind == "dimension":
            if not self.model.identifies(following.meaning):
                raise DoesNotCompose(f"a number of {following.label} is not what is counted", after)
            bound.row = self.model.home(following.meaning)
            self.taken.add(after)
            return
        if following and following.kind in ("row", "metric"):
            setattr(bound, following.kind, following.meaning)
            self._take_unit(bound, following)
            if following.kind == "row" or self._counted_before(after):
                self.taken.add(after)
            return
        if following and following.kind == "value" and bound.unit is None and not bound.percent:
            counted = self._count_of_value(following)
            before = [span.meaning for span in self.spans[:position] if span.kind == "metric"]
            rate = bool(before) and self.model.metrics[before[-1]].unit == "percent"
            if rate and counted is None:  # "escalation rate by country, only those with 40+ closed ones"
                raise DoesNotCompose(f"how many of {following.label} there are is not counted", after)
            if rate:
                bound.metric = counted
                self.taken.add(after)
                return
        for index in range(position - 1, -1, -1):
            span = self.spans[index]
            if span.kind == "taking":
                bound.metric = span.meaning
                return
            if span.kind == "metric":
                if self.model.counts_rows(span.meaning) and self.signs.measured.get(span.end, -1) > span.start:
                    raise DoesNotCompose("whether the rows or what is measured of them is bounded is not said", index)
                bound.metric = span.meaning
                return
            if span.kind == "dimension" and self._is_measure(span.meaning):
                bound.dimension = span.meaning
                return
        # Nothing is bounded here: that is for the turn before to say, or for nobody.

    def _count_of_value(self, span: Span) -> str | None:
        """The one metric that counts just the rows of this value: closed conversations."""
        dimension, values = span.meaning
        found = []
        for name, metric in self.model.metrics.items():
            place = self.model.place(dimension, self.model.metric_table(metric))
            if place is None or place.hops or len(values) != 1 or not self.model.counts_rows(name):
                continue
            if read_conditions(metric.filter) == read_conditions(f"{place.column.name} = '{values[0]}'"):
                found.append(name)
        return found[0] if len(found) == 1 else None

    def _take_unit(self, bound: Bound, noun: Span) -> None:
        """ "48 hours to send": the unit stands in the name of what is bounded."""
        inside = [self.signs.units[i] for i in range(noun.start, noun.end) if i in self.signs.units]
        if bound.unit is None and len(inside) == 1:
            bound.unit = inside[0]

    def _counted_before(self, position: int) -> bool:
        """ "How many customers have more than 3 tickets": the bounded metric is not what is counted."""
        if self.out.counted is not None:
            return True
        return any(span.kind == "metric" and self.model.counts_things(span.meaning) for span in self.spans[:position])
