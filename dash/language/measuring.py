"""What a question measures: its metrics, and how several of them stand to each other."""

from __future__ import annotations

from dataclasses import replace

from dash.language.fragment import EXTREMES, NATURAL, Bound, DoesNotCompose, Doubtful
from dash.language.ranking import Ranking
from dash.records import Span


class Measuring(Ranking):
    """Reads the metrics of one cover into its fragment."""

    def _read_metric(self, position: int, span: Span) -> None:
        if self.model.selects(span.meaning) and self.out.part_metric is None:
            if self._predicated(position):
                self.out.part_metric = span.meaning
                return
            whole = self.model.count_metric(self.model.metric_table(self.model.metrics[span.meaning]))
            if self._predicates_inside(span) and not self.out.metrics and whole is not None:
                self.out.part_metric = span.meaning  # "what share of payment *tickets is handled by AI*"
                self.out.metrics.append(whole.name)
                return
        rate = self._rate_beside(position)
        if rate is not None:
            span = replace(span, meaning=rate)
        if span.holds is not None:
            self._read_aggregation(position, replace(span, meaning=span.holds))
        if span.holds is None and not self.out.metrics and self._listed_beside(position, ("aggregation", "order")):
            self.out.more_aggregations.append(NATURAL)  # "min, max and average time to send": its name says the last
        self.out.numbered = self.out.numbered or span.start in self.signs.counts  # "*number of* tickets with …"
        self.out.unit_said = self.out.unit_said or any(i in self.signs.units for i in range(span.start, span.end))
        before = self._before(position)
        bare = span.end - span.start == 1 and before is not None and before[1].kind == "conjunction"
        if bare and before and self._shares_head(before[0], self.model.metrics[span.meaning]):
            raise Doubtful("whether it is a number of both or one of each is not said", position)
        if before and before[1].meaning == "or" and self._kind(before[0] - 1) in ("metric", "value"):
            raise DoesNotCompose("either of two is no number", position)
        if before and before[1].kind == "negation" and position + 1 not in self.inverted:
            raise DoesNotCompose("a metric cannot be negated", position)
        said = {*range(span.start - 1, span.end + 1)} & self.signs.past
        self.out.was = self.out.was or bool(said and self.model.metrics[span.meaning].present_state)
        whose = [(one.kind, one.meaning) for one in self.spans[max(0, position - 2) : position]]
        if position > 2 and [kind for kind, _ in whose] == ["dimension", "which"] and whose[1][1] == "person":
            raise Doubtful("whose rows are counted is not said", position)  # "tickets of customers *who chatted*"
        bounds = self._kind(position + 1) == "comparator" or self._is_told(position)
        often = self.model.repeated_dimension(span.meaning) is not None and self._bounds_times(position + 1)
        measured = self.signs.measured.get(span.end, -1) > span.start
        if bounds and measured and not often and self.model.counts_rows(span.meaning):
            raise DoesNotCompose("whether the rows or what is measured of them is bounded is not said", position)
        if bounds and self.out.metrics and self._bounds_times(position + 1) and self.model.counts_rows(span.meaning):
            self.bounded.append(span.meaning)  # "tools *called* fewer than 30 times"
            return
        measured = self.model.row_value(span.meaning) is not None
        listed = self.model.metrics[span.meaning].table in self.out.rows
        if bounds and measured and (self.out.metrics or listed) and span.meaning not in self.out.metrics:
            self.bounded.append(span.meaning)  # "tickets with a CSAT below 3"
            return
        if before and before[1].meaning == "every" and not self._has_begun():
            raise DoesNotCompose(f"what of each of {span.label} is not said", position)  # "how many dollars per chat"
        joined = [self._kind(position + i) for i in (1, 2)] == ["conjunction", "dimension"]
        if before and before[1].kind == "by" and joined:
            raise Doubtful("whether each of them is a group is not said", position)  # "by ticket and channel"
        if before and before[1].kind == "by" and self._has_begun():
            following = self._at(position + 1)
            if following is not None and following.kind == "dimension" and not self._is_time(following.meaning):
                raise DoesNotCompose(f"by {span.label} or by what follows is not said", position)  # "by error category"
            if before[1].meaning == "every":
                raise DoesNotCompose(f"for each of {span.label} is not told", position)  # "tokens *per task*"
            self.out.order_by = span.meaning
        elif self.out.metrics and span.meaning not in self.out.metrics and self._both_or_each(position):
            raise Doubtful("whether rows that are both or each of them are meant is not said", position)
        elif self.out.metrics and span.meaning not in self.out.metrics and self._apposed(position):
            raise Doubtful("whether both are meant or one narrows the other is not said", position)
        elif self._owns_some(position):
            self.out.bounds.append(Bound("ge", 1.0, position, metric=span.meaning))
            return
        elif self.out.metrics and span.meaning not in self.out.metrics and not self._enumerated(position):
            self._narrow(position, span.meaning)
            return
        elsewhere = [name for name in self.out.metrics if not self.model.same_rows(name, span.meaning)]
        bare = not self.signs.things & {*range(span.start, span.end)}
        if elsewhere and bare and self.signs.negations & {*range(span.start, span.end)}:
            raise Doubtful(f"of what {span.label} is said is not clear", position)  # «чаты за ноябрь, *не закрытые*»
        if span.end - span.start == 1 and span.start not in self.signs.plurals and self.model.rate_of(span.meaning):
            self.out.headless.add(span.meaning)  # "*escalation* and abandonment rates"
        if not self.signs.things & {*range(span.start, span.end)}:
            self.out.unnamed.add(span.meaning)  # "the *unassigned*"
        if span.meaning not in self.out.metrics:
            self.out.metrics.append(span.meaning)

    def _read_aggregation(self, position: int, span: Span) -> None:
        if self.out.order in EXTREMES and not self.out.ends and self._listed_beside(position, ("order",)):
            self.out.more_aggregations.append(EXTREMES[self.out.order])  # "max and median"
            self.out.order = None
        measured = self._at(position + 1)
        joined = self._kind(position - 1) == "conjunction" and measured is not None and measured.kind == "metric"
        if joined and measured is not None and self.out.metrics and measured.meaning not in self.out.metrics:
            self.out.own_aggregations[measured.meaning] = span.meaning  # "csat and *median* time to send"
            return
        if self.out.aggregation not in (None, span.meaning):
            if not self._listed_beside(position, ("aggregation", "order")):
                raise DoesNotCompose("two aggregations", position)
            self.out.more_aggregations.append(span.meaning)
            return
        self.out.aggregation = span.meaning

    def _owns_some(self, position: int) -> bool:
        """ "Tickets *with failed tasks*", "customers that had escalations": those that have at least one."""
        span, known = self.spans[position], self.out.metrics[-1:]
        said = (self.signs.holding | self.signs.relative) & {*range(self.spans[position - 1].end, span.start)}
        if position == 0 or not known or not said or len(self.out.metrics) > 1 or self.model.selects(known[0]):
            return False
        thing = self.model.distinct_dimension(known[0])
        if thing is None and self.model.counts_rows(known[0]):
            thing = self.model.key(self.model.metric_table(self.model.metrics[known[0]]))
        other = not self.model.same_rows(known[0], span.meaning) and self.model.counts_rows(span.meaning)
        return thing is not None and other and self.model.allows(self.model.metrics[span.meaning], thing)

    def _rate_beside(self, position: int) -> str | None:
        """ "The share of escalations *and of abandoned chats*": what is told of the first by a word for a share is told
        of the second, too."""
        before = self._before(position)
        if before is None or before[1].kind != "conjunction":
            return None
        first, rate = self._at(before[0] - 1), self.model.rate_of(self.spans[position].meaning)
        if rate is None or first is None or first.kind != "metric" or first.start not in self.signs.shares:
            return None
        told, other = self.model.metrics[first.meaning], self.model.metrics[rate]
        return rate if told.unit == "percent" and told.table == other.table else None

    def _is_told(self, position: int) -> bool:
        """ "Comparisons with a penalty *of 100*": the number behind a score is what it is, and not how many of what."""
        score = self.model.metrics[self.spans[position].meaning].unit == "score"
        of_them = self._named(position + 1) in ("row", "metric", "dimension")
        return score and self._kind(position + 1) == "number" and not of_them

    def _has_begun(self) -> bool:
        """Whether something stands before that can be ordered or split "by" what follows."""
        return bool(self.out.metrics or self.out.groups or self.out.mentioned or self.out.rows)

    def _narrow(self, position: int, name: str) -> None:
        """Two metrics side by side: one that only says which rows ("open") narrows the other ("unassigned", "CSAT")."""
        known = self.out.metrics[-1]
        start = self.spans[position].start
        if self.model.is_of(known, name) and start not in self.signs.commas | self.signs.colons:
            return  # "loses more than 10 % *of the comparisons*", «процент эскалаций *чатов*»
        one, other = self.model.metrics[known], self.model.metrics[name]
        limited = (one.dimensions is not None and other.present_state) or (
            other.dimensions is not None and one.present_state
        )
        if limited and self.model.same_rows(known, name):  # "average *stuck* tickets per day"
            raise Doubtful("whether how it was then or how it is now is meant is not said", position)
        if self._is_share(known, position):
            raise Doubtful("what is a part of what is not said", position)
        if self.model.selects(name) and self.model.same_rows(name, known):
            plain = self.model.counts_rows(known) and not self.model.selects(known) and not self.signs.shares
            if plain and self.model.metrics[name].parameters:
                self.out.metrics[-1] = name  # "tickets that hang for 3 days" are stuck tickets, and for so long
            else:
                self.out.within.append(name)
        elif self.model.selects(known) and self.model.same_rows(name, known):
            whole = self.model.counts_rows(name) and not self.model.selects(name)
            if whole and one.parameters and not self.signs.shares:
                return  # «зависших заявок»
            self.out.within.append(known)
            self.out.metrics[-1] = name
        else:
            raise DoesNotCompose("two metrics with nothing between them", position)

    def _is_share(self, name: str, position: int) -> bool:
        """Whether a metric was named by a word for a share: «доля отправленных тикетов» is a rate, and it may be a
        share of the sent tickets as well."""
        return any(
            span.kind == "metric" and span.meaning == name and span.start in self.signs.shares
            for span in self.spans[:position]
        )

    def _apposed(self, position: int) -> bool:
        """ "Tickets, assigned to nobody": only a comma before a metric that could as well narrow the one before it."""
        name = self.spans[position].meaning
        listed = any(span.kind == "conjunction" for span in self.spans)
        if self._kind(position + 1) == "comparator":
            return False  # «тикетов, созданных в мае, *отправили* быстрее чем за час»
        narrows = self.model.selects(name) and self.model.same_rows(name, self.out.metrics[-1])
        return narrows and self.spans[position].start in self.signs.commas and not listed
