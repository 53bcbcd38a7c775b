"""Periods, grains and units of time of a question, and what its rows are split by."""

from __future__ import annotations

from dash.language.fragment import DoesNotCompose, Doubtful
from dash.language.neighbours import TOLD_IN
from dash.language.restricting import Restricting
from dash.records import Span, Window

_SAYS_IN_WHAT = frozenset({"unit", "aggregation", "follow_up", "filler"})
"""Kinds of words of a turn that says no more than how a number is to be told."""


def _unit_of(window: Window) -> str:
    """The unit that a rolling period is told in: "last_n_months" by months."""
    return window.phrase.partition(":")[0].removeprefix("last_n_").removesuffix("s")


class Timed(Restricting):
    """Reads the times of one cover into its fragment."""

    def _group(self, dimension: str) -> None:
        if self._is_time(dimension):
            raise DoesNotCompose(f"{dimension} is a moment, and nobody groups by moments")
        if dimension not in self.out.groups:
            self.out.groups.append(dimension)

    def _read_time(self, position: int, span: Span) -> None:
        before = self._before(position)
        beside = self._at(position - 1)
        day = span.meaning.phrase.startswith("day:") and span.start in self.signs.numbers - self.signs.commas
        if day and beside is not None and self._is_scored(beside, int(span.meaning.phrase[-2:])):
            raise Doubtful("whether the number is a day or a score is not said", position)  # "csat 5 October"
        if self.out.windows and before and before[1].kind == "conjunction" and self._kind(before[0] - 1) == "time":
            self.out.paired = True
        each = before is not None and before[1].meaning == "every" and span.meaning.phrase.startswith("last_n_")
        if each:  # "for each of the last 4 months"
            self._tell_by(_unit_of(span.meaning), position)
        said = {span.start - 1, span.start} & self.signs.lasting
        self.out.held = bool(said) or span.start in self.signs.numbers
        lasting = said and {span.start, span.start + 1} & self.signs.numbers
        if lasting and span.meaning.phrase.startswith("last_n_"):
            self.out.lasted = True  # "unassigned *for 2 days*"
        against = beside is not None and (beside.kind in ("conjunction", "than") or beside.meaning == "compare")
        rolling = against and span.meaning.phrase.startswith("last_n_")  # "against *the previous 30 days*"
        if (
            span.meaning in self.out.windows and not rolling
        ):  # "how many of *yesterday's* tickets were sent *yesterday*"
            raise Doubtful("whether both happened in that time is not said", position)
        self.out.windows.append(span.meaning)
        if beside is not None and beside.kind == "metric":
            self.out.moments.add(beside.meaning)
        done = self._at(position - 3)
        if done is not None and self._did_most(position - 4):
            self.out.moments.add(done.meaning)
        event = beside is not None and beside.kind == "value" and beside.end - beside.start == 1
        if beside is not None and event and self._kind(position - 2) != "dimension":  # "status Sent": a state
            self.out.time_dimension = self.model.moment_of(*beside.meaning)

    def _did_most(self, position: int) -> bool:
        """«Какой агент *отправил больше всего тикетов*»: who did something, what, and of what the most."""
        doer, done, noun = self._at(position), self._at(position + 1), self._kind(position + 3)
        if doer is None or done is None or done.kind != "metric" or self._kind(position + 2) != "order":
            return False
        acts = doer.kind == "dimension" and self.model.metrics[done.meaning].actor == doer.meaning
        return acts and noun in ("metric", "row")

    def _says_each(self, span: Span) -> bool:
        """«*Каждого агента*», «для *каждого месяца*»: "each" within a longer phrase."""
        return bool(self.signs.every & {*range(span.start, span.end)})

    def _read_grain(self, position: int, span: Span) -> None:
        self.out.each_said = self.out.each_said or self._says_each(span)
        before = self._before(position)
        if before and before[1].kind == "which":
            self.out.which, self.out.singular = True, self._is_singular(before[1].meaning, span)
        if span.meaning in ("weekday", "hour_of_day"):
            if before and (before[1].kind == "negation" or before[1].meaning == "compare"):
                raise DoesNotCompose(f"{span.label} is no value", position)
            self._group(span.meaning)
            if before and before[1].kind == "order":  # "the quietest weekday"
                self.out.singular = self.signs.names_one(span, before[1])
        else:
            self._tell_by(span.meaning, position)

    def _tell_by(self, unit: str, position: int) -> None:
        if unit == "minute":
            raise DoesNotCompose("nothing is told by the minute", position)
        if self.out.grain not in (None, unit):
            raise DoesNotCompose("two grains of time", position)
        self.out.grain = unit

    def _read_unit(self, position: int, span: Span) -> None:
        before = self._before(position)
        listed = self._at(position + 1 if self._kind(position + 1) != "conjunction" else position + 2)
        if (
            listed is not None
            and listed.kind in ("order", "aggregation")
            and (listed.start in self.signs.commas or self._kind(position + 1) == "conjunction")
        ):
            raise DoesNotCompose(f"{span.label} is not what is told beside an order", position)  # "min and max"
        alone = (
            span.meaning in TOLD_IN and {one.kind for one in self.spans} <= _SAYS_IN_WHAT
        )  # "the median, *in minutes*"
        if (alone or self._converts(span.meaning)) and not (before and before[1].kind in ("by", "which", "order")):
            self.out.unit = span.meaning
            return
        if span.meaning == "minute":
            raise DoesNotCompose("nothing is told by the minute", position)
        joined = before is not None and before[1].kind == "conjunction" and self._joins_groups(before[0])
        if (before and before[1].kind in ("which", "by")) or joined or "trend" in self.out.shapes:
            if span.meaning == "hour" and "trend" not in self.out.shapes:
                self._group("hour_of_day")
            else:
                self.out.grain = span.meaning
            if before and before[1].kind == "which":
                self.out.which = True
                self.out.singular = self._is_singular(before[1].meaning, span)
        elif before and before[1].kind == "order" and self.out.order in ("highest", "lowest", "best", "worst"):
            self.out.grain, self.out.which = span.meaning, True  # "the busiest day"
            self.out.singular = self.signs.names_one(span, before[1])
        elif before is None and any(one.kind in ("comparator", "more") for one in self.spans[position:]):
            self.out.grain, self.out.which = span.meaning, True  # "days when more than 65 tickets came in"
        else:
            raise DoesNotCompose(f"{span.label} is not part of a period", position)

    def _joins_groups(self, conjunction: int) -> bool:
        """ "By channel *and* month"."""
        first = self._at(conjunction - 1)
        return first is not None and first.kind == "dimension" and first.meaning in self.out.groups

    def _read_fine_unit(self, position: int, span: Span) -> None:
        if not self._converts(span.meaning):
            raise DoesNotCompose(f"nothing is told in {span.meaning}s", position)
        self.out.unit = span.meaning
