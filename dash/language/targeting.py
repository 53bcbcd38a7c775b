"""What a number with a comparator bounds: the noun behind it, else the nearest measure before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.language.fragment import Bound, DoesNotCompose, Doubtful, Fragment
from dash.language.neighbours import Neighbours
from dash.language.signs import Signs
from dash.records import Span
from dash.semantics.fragments import read_conditions
from dash.semantics.model import SemanticModel

_DAYS = 31
"""A range up to here may be of hours or of days of a month."""


class Targeting(Neighbours):
    """Finds for the bounds of one cover what they are on; `taken` are the spans that a number has used up."""

    def __init__(self, spans: Sequence[Span], model: SemanticModel, signs: Signs) -> None:
        super().__init__(spans, model, signs)
        self.out = Fragment()
        self.taken: set[int] = set()
        self.counted_out = False
        self.bounded: list[str] = []
        self.inverted: set[int] = set()

    def _bound(self, number: int, operator: str, position: int, *, without: int | None = None) -> None:
        """The bound of a number with what says of what it is a number; `without` is a comparator behind it."""
        if without is None and self._bounds_scale(number, operator, position):
            return
        bound = Bound(operator, float(self.spans[number].meaning), position)
        self.taken.add(number)
        place = number + 1
        if self._kind(place) == "percent" or (
            self._kind(place) == "shape" and self.spans[place].meaning == "share" and place != without
        ):
            bound.percent = True
            self.taken.add(place)
            place += 1
        if self._kind(place) in ("unit", "fine_unit"):
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
        upper = self.spans[number].upper
        if upper is None:
            return
        if operator != "ge" or without is not None:
            raise DoesNotCompose(f"what is said of {self.spans[number].label} to {upper:g} is not clear", position)
        named = bound.unit or bound.percent or bound.times or self._kind(place) in ("metric", "row", "dimension")
        measured = self._measured_just_before(position)
        before = self._at(position - 1)
        beside = before is not None and before.end == self.spans[position].start
        glued = beside and self._kind(position - 1) in ("dimension", "grain", "unit")
        if named and (measured or glued) and bound.unit is None and not bound.percent:  # "CSAT *4-5* tickets"
            raise Doubtful("which of the two is bounded is not said", position)
        if not named and upper <= _DAYS and not measured:
            raise Doubtful("whether hours or days are meant is not said", position)  # "tickets between 9 and 12"
        self.out.bounds.append(replace(bound, operator="le", value=upper))

    def _bounds_scale(self, number: int, operator: str, position: int) -> bool:
        """ "Ratings *from 1 to 5*": a range of the scale of which a metric counts the rows that have a value."""
        before, said = self._at(position - 1), self.spans[number]
        following = self._kind(number + 1)
        if before is None or before.kind != "metric" or said.upper is None or operator != "ge":
            return False
        scale = self.model.present_dimension(before.meaning)
        ends_of_it = self.model.range_of(scale) if scale is not None else None
        if scale is None or ends_of_it is None or not ends_of_it[0] <= said.meaning <= said.upper <= ends_of_it[1]:
            return False
        if following in ("unit", "percent", "metric", "row", "occurrence"):
            return False
        ends = (("ge", float(said.meaning)), ("le", said.upper))
        self.out.bounds += [Bound(sign, end, position, dimension=scale) for sign, end in ends]
        self.taken.add(number)
        return True

    def _measured_just_before(self, position: int) -> bool:
        """Whether what stands before a bound is measured, and no number of rows: "a penalty *between 5 and 9*"."""
        before = self._at(position - 1)
        if before is None:
            return False
        if before.kind == "dimension":
            return self._is_measure(before.meaning)
        return before.kind == "metric" and not self.model.counts_rows(before.meaning)

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
        told = done is not None and done[1].kind == "dimension" and self._is_measure(done[1].meaning)
        if bound.times and done is not None and told:  # «инцидентов переназначали больше двух раз»
            bound.times, bound.dimension = False, done[1].meaning
            self.out.bounds.append(bound)
            return
        if not bound.times:
            self._target(bound, position, after)
        self.out.bounds.append(bound)

    def _target(self, bound: Bound, position: int, after: int) -> None:
        """What is bounded: the noun after the number, else the nearest metric or measure before the comparator."""
        following = self._at(after)
        parted = self.signs.colons | (self.signs.commas if bound.unit is not None else frozenset())
        if following and parted & {*range(self.spans[after - 1].end, following.start + 1)}:
            following = None  # "stuck for over 72 hours: ticket id", "older than 3 days, not sent"
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
                told = self.spans[position]
                if (
                    bound.unit is None
                    and self.model.counts_rows(span.meaning)
                    and self.signs.longer & {*range(told.start, told.end)}
                ):
                    raise Doubtful("in what the length is told is not said", position)  # "tool calls longer than 10"
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
