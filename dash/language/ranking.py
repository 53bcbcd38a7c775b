"""Orders of a question: what comes first, how many of them are wanted, and what says so by more than an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.language.fragment import EXTREMES, DoesNotCompose, Doubtful
from dash.language.signs import Signs
from dash.language.timed import Timed
from dash.records import Span
from dash.semantics.model import SemanticModel

_FREQUENT = {"commonest": "highest", "rarest": "lowest"}
_PRICED = {"dearest": "highest", "cheapest": "lowest"}
"""Orders that say by what: by how often, by what it costs."""
_LONG = {"longest": "slowest", "shortest": "fastest"}
"""Orders of durations that say nothing else: the longest chats may last long or have many messages."""

_WAITING = "waiting"
"""The oldest first, by since when they wait: a stuck ticket by its last change of status."""
_LASTING = frozenset({"slowest", "fastest"})
_EXTREMES = ({"highest", "lowest"}, {"slowest", "fastest"})
_ENDS = ({"highest", "lowest"}, {"best", "worst"}, {"oldest", "newest"}, {"slowest", "fastest"})


class Ranking(Timed):
    """Reads the orders of one cover into its fragment; `implied` is an order that only "top" has said so far."""

    def __init__(self, spans: Sequence[Span], model: SemanticModel, signs: Signs) -> None:
        super().__init__(spans, model, signs)
        self.implied = False

    def _read_order(self, position: int, span: Span) -> None:
        if self._ranks_change(position, span):
            return
        if span.meaning in EXTREMES and self._listed_beside(position, ("aggregation",)):
            self.out.more_aggregations.append(EXTREMES[span.meaning])  # "median and max"
            return
        if span.meaning in _FREQUENT or span.meaning in _PRICED:
            self.out.frequent = span.meaning in _FREQUENT
            self.out.frequent_group = self.out.frequent and self._is_of_a_group(position)
            if self.out.frequent_group and any(map(self.model.selects, self.out.metrics)):
                # "stuck tickets in the busiest channel"
                raise Doubtful("whether it has most of these or of all is not said", position)
            self.out.priced = span.meaning in _PRICED
            span = replace(span, meaning=(_FREQUENT | _PRICED)[span.meaning])
        if span.meaning == _WAITING:
            self.out.waits = True
            span = replace(span, meaning="oldest")
        if span.meaning in _LONG:
            self.out.unsaid = True
            span = replace(span, meaning=_LONG[span.meaning])
        if self.out.order not in (None, span.meaning) and self.implied:
            self.out.order = None  # "top 10 oldest"
        self.implied = False
        if self.out.order not in (None, span.meaning):
            if {self.out.order, span.meaning} in _EXTREMES and self._listed_beside(position, ("order",)):
                self.out.ends = [self.out.order or "", span.meaning]  # "min and max"
                return
            if self._kind(position - 1) == "order" and {self.out.order, span.meaning} in _ENDS:
                self.out.sorted = True  # "from worst to best"
                return
            raise DoesNotCompose("two orders", position)
        self.out.order = span.meaning
        self._sort_first(position)
        noun = self._at(position + 1)
        if (
            noun is not None
            and noun.kind in ("row", "metric")
            and (span.meaning in ("oldest", "newest") or self.out.priced)
        ):
            self.out.singular = noun.end - 1 in self.signs.singulars
        before = self._before(position)
        if before and before[1].kind == "which" and self._kind(position + 1) == "dimension":
            self.out.which = True

    def _is_of_a_group(self, position: int) -> bool:
        """ "The *busiest* 3 channels", "le canal *le plus fréquent*": how often a group is there."""
        place = position + 1
        while self._kind(place) in ("number", "limit"):
            place += 1
        behind = self._kind(position - 1) == "dimension" and self._kind(position - 2) == "metric"
        return behind or self._kind(place) in ("dimension", "grain", "unit")

    def _ranks_change(self, position: int, span: Span) -> bool:
        """ "Grew *the most*", "the *biggest* drop": how much it changed is ranked, and which way is said."""
        beside = [(place, self._at(place)) for place in (position + 1, position - 1)]
        changes = [place for place, one in beside if one is not None and (one.kind, one.meaning) == ("shape", "change")]
        if not changes:
            return False
        if span.meaning not in ("highest", "commonest") or self.out.order is not None:
            raise DoesNotCompose("which change comes first is not said", position)
        self._rank_by_change(changes[0])
        return True

    def _rank_by_change(self, position: int) -> None:
        """The change at this place is what is ranked; "top 3 *by growth*" has said so far that the first are wanted."""
        span = self.spans[position]
        said = {*range(span.start, span.end)}
        ways = {way for way, places in ((True, self.signs.rising), (False, self.signs.falling)) if places & said}
        if len(ways) != 1 or self.out.by_change is not None or self.out.order not in (None, "highest"):
            raise DoesNotCompose("which change comes first is not said", position)
        self.implied, self.out.order = False, None
        self.out.by_change = ways.pop()
        self.out.shapes.add("change")
        self.taken.add(position)

    def _sort_first(self, position: int) -> None:
        """ "Worst first", "the worst one first": all of them, in that order."""
        place = position + 1
        one = self._at(place)
        if one is not None and one.kind == "dimension" and (self._is_time(one.meaning) or self.out.metrics):
            behind = place + 1  # "oldest status change *first*", "agent usage, busiest agent *first*"
            if self._kind(behind) == "limit" and self._kind(behind + 1) != "number":
                self.out.sorted = True
                self.taken.add(behind)
            return
        if one is not None and one.kind == "number" and one.meaning == 1:
            place += 1
        if self._kind(place) == "limit" and self._kind(place + 1) not in ("number", "row", "metric", "dimension"):
            self.out.sorted = True
            self.taken.update(range(position + 1, place + 1))

    def _read_sort(self, position: int, span: Span) -> None:
        self.out.sorted = True
        by = position + 1
        if self._kind(by) == "dimension" and [self._kind(by + 1), self._kind(by + 2)] == ["by", "metric"]:
            self._group(self.spans[by].meaning)  # "rank channels by csat"
            self.taken.add(by)
            return
        named = self._at(position + 2 if self._kind(position + 1) == "by" else position + 1)
        if named is not None and named.kind == "dimension" and named.meaning in (*self.out.groups, *self.out.mentioned):
            if self.out.order is None:
                self.out.order = "highest"  # "why were chats escalated? *rank the reasons*"
            return
        apart = named is not None and bool({named.start} & (self.signs.colons | self.signs.commas))
        if named is not None and named.kind == "dimension" and not apart:  # «*по порядку*: автор, текст»
            raise DoesNotCompose(f"{span.label}: {named.label} has no order of its own", position)

    def _read_taking(self, position: int, span: Span) -> None:
        """ "The slowest channel *to send*": by what it is ranked."""
        if self._kind(position + 1) == "comparator" and (self.out.metrics or self.out.rows):
            self.bounded.append(span.meaning)  # "tickets where *the first response* took more than an hour"
            return
        if self.out.order not in _LASTING or self.out.metrics or not (self.out.groups or self.out.mentioned):
            raise DoesNotCompose(f"{span.label} has no place", position)
        self.out.metrics.append(span.meaning)

    def _read_limit(self, position: int, span: Span) -> None:
        following = self._at(position + 1)
        if span.meaning == "first" and (following is None or following.kind != "number"):
            # "*first* ticket of each customer", "the first agent to send one": by time, of which nothing is known here
            counted = following is None or following.kind != "metric" or self.model.counts_rows(following.meaning)
            raise (Doubtful if counted else DoesNotCompose)(f"by what {span.label} is the first is not said", position)
        if any(one.kind == "limit" and one.meaning != "first" for one in self.spans[:position]):
            raise Doubtful("which of two lists is meant is not said", position)  # "bottom 2 by …, top 2 by …"
        if self.out.order is None:
            self.out.order = "lowest" if span.meaning == "bottom" else "highest"
            self.implied = True
            self.out.first = span.meaning == "first"
        if following and following.kind == "number":
            self._set_limit(position + 1, following)
        elif self.out.limit is None:
            self.out.limit = 10
