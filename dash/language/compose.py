"""A cover of spans → the slots of a query. Each word takes its place from its neighbours' kinds, never from a pattern
of a whole sentence; a word that finds no place makes the cover fail, so nothing that was said is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.language.fragment import EXTREMES, NATURAL, VAGUE, Bound, DoesNotCompose, Doubtful, Fragment
from dash.language.neighbours import NO_SIGNS, Signs
from dash.language.ranking import Ranking
from dash.records import Span
from dash.semantics.model import SemanticModel


def read_fragment(spans: Sequence[Span], model: SemanticModel, signs: Signs = NO_SIGNS) -> Fragment:
    """The slots that these spans fill. Raises DoesNotCompose."""
    return _Reader(spans, model, signs).read()


def names_before(spans: Sequence[Span], position: int) -> bool:
    """Whether what "them" stands for is named in the same question: "tickets with nobody assigned to them"."""
    return any(span.kind in ("metric", "row", "value") for span in spans[:position])


class _Reader(Ranking):
    def read(self) -> Fragment:
        for position, span in enumerate(self.spans):
            if position not in self.taken:
                handler = getattr(self, f"_read_{span.kind.rstrip('?')}", None)
                if handler is None:
                    raise DoesNotCompose(f"{span.label} has no place", position)
                handler(position, span)
        people = any(span.kind == "which" and span.meaning == "person" for span in self.spans)
        if people and self.out.order and self.out.limit is None and not self.out.sorted:
            self.out.singular = True  # "who has the most"
        if any(all(bound.metric != name for bound in self.out.bounds) for name in self.bounded):
            raise DoesNotCompose("a metric without a place")
        self._settle_mentions()
        return self.out

    # things

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
        if before and before[1].kind == "negation":
            raise DoesNotCompose("a metric cannot be negated", position)
        bounds = self._kind(position + 1) == "comparator" or self._is_told(position)
        if bounds and self.model.counts_rows(span.meaning) and self.signs.measured.get(span.end, -1) > span.start:
            raise DoesNotCompose("whether the rows or what is measured of them is bounded is not said", position)
        measured = self.model.row_value(span.meaning) is not None
        listed = self.model.metrics[span.meaning].table in self.out.rows
        if bounds and measured and (self.out.metrics or listed) and span.meaning not in self.out.metrics:
            self.bounded.append(span.meaning)  # "tickets with a CSAT below 3"
            return
        joined = [self._kind(position + i) for i in (1, 2)] == ["conjunction", "dimension"]
        if before and before[1].kind == "by" and joined:
            raise Doubtful("whether each of them is a group is not said", position)  # "by ticket and channel"
        if before and before[1].kind == "by" and self._has_begun():
            if self._kind(position + 1) == "dimension":
                raise DoesNotCompose(f"by {span.label} or by what follows is not said", position)  # "by error category"
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
        if span.end - span.start == 1 and span.start not in self.signs.plurals and self.model.rate_of(span.meaning):
            self.out.headless.add(span.meaning)  # "*escalation* and abandonment rates"
        if span.meaning not in self.out.metrics:
            self.out.metrics.append(span.meaning)

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
        if self._is_share(known, position):
            raise Doubtful("what is a part of what is not said", position)
        if self.model.selects(name) and self.model.same_rows(name, known):
            plain = self.model.counts_rows(known) and not self.model.selects(known) and not self.signs.shares
            if plain and self.model.metrics[name].parameters:
                self.out.metrics[-1] = name  # "tickets that hang for 3 days" are stuck tickets, and for so long
            else:
                self.out.within.append(name)
        elif self.model.selects(known) and self.model.same_rows(name, known):
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
        narrows = self.model.selects(name) and self.model.same_rows(name, self.out.metrics[-1])
        return narrows and self.spans[position].start in self.signs.commas and not listed

    def _read_row(self, position: int, span: Span) -> None:
        before = self._before(position)
        counted = bool(before and before[1].kind == "conjunction" and self._kind(before[0] - 1) == "metric")
        counted = counted or self._counted_beside(position)
        count = self.model.count_metric(span.meaning)
        key, named = self.model.key(span.meaning), (self._at(position - 1), self._at(position + 1))
        if key is not None and any(one is not None and one.kind == "value" and one.meaning[0] == key for one in named):
            return  # "ticket T-000123"
        if self._is_column(position, before[1].kind if before else None) and self.model.key(span.meaning):
            self.out.columns.append(self.model.key(span.meaning) or "")  # "approvals: id, ticket, action"
            return
        if self.out.rows and span.meaning not in self.out.rows and not (before and before[1].kind == "conjunction"):
            raise DoesNotCompose("two kinds of rows with nothing between them", position)
        if counted and count is not None:
            if before and before[1].kind == "conjunction" and self._shares_head(before[0], count):
                raise Doubtful("whether it is a number of both or one of each is not said", position)
            self.out.metrics.append(count.name)
        elif span.meaning not in self.out.rows:
            self.out.rows.append(span.meaning)
            following = self._at(position + 1)
            has = following is not None and following.kind == "metric" and following.start > span.end
            if span.end - 1 not in self.signs.plurals or has:
                self.out.owning_rows.add(span.meaning)

    def _read_dimension(self, position: int, span: Span) -> None:
        after = self._at(position + 1)
        before = self._before(position)
        apart = after is not None and after.start in self.signs.commas
        if (self._describes(span, after) and not apart) or (before and self._describes(span, before[1])):
            return
        place = before[1].kind if before else None
        if place == "dimension" and before and before[1].meaning == span.meaning:
            return
        countable = self.out.counted is None and not self._is_measure(span.meaning)
        if place == "shape" and before and before[1].meaning == "count" and countable:
            if any(one.kind in ("comparator", "repeat") for one in self.spans[position:]):
                self.out.counted = span.meaning
                return
            if self.model.identifies(span.meaning):
                raise DoesNotCompose(f"how many of {span.meaning} is another question than which", position)
        joined = place in ("conjunction", "dimension") and self._joined_group(position)
        if place == "by" or (joined and not self._is_time(span.meaning)):
            self._group(span.meaning)
        elif self._is_column(position, place):
            self.out.columns.append(span.meaning)
        elif (which := self._which_before(position)) is not None:
            if self._is_measure(span.meaning):  # "what was the csat of escalated chats"
                raise DoesNotCompose(f"{span.label} is measured, and nobody asks which", position)
            self._group(span.meaning)
            self.out.which = True
            self.out.singular = self._is_singular(which, span)
        elif place == "order" and before and not self._is_time(span.meaning):
            self._group(span.meaning)  # "the most common reason"
            self.out.singular = span.end - 1 in self.signs.singulars or before[1].start in self.signs.singulars
        elif self._is_time(span.meaning) and (
            self._kind(position + 1) == "time" or place in ("time", "grain") or self.out.grain is not None
        ):
            self.out.time_dimension = span.meaning
        else:
            self.out.mentioned.append(span.meaning)

    def _is_column(self, position: int, place: str | None) -> bool:
        """ "Which approvals wait, and *for what action*", "open tickets: *id*, *channel*": one more thing to be told of
        each row that is listed."""
        subject = next((one for one in self.spans[:position] if one.kind in ("metric", "row")), None)
        if subject is None and self.out.refers and "list" in self.out.shapes:
            return place != "by"  # "show them: number and channel"
        if subject is None or place == "by" or self._is_measured(subject) or "count" in self.out.shapes:
            return False
        start = self.spans[position].start
        if any(place <= start and place > subject.start for place in self.signs.colons):
            return not self._joined_group(position)
        if self.out.groups or "breakdown" in self.out.shapes or place in ("order", "limit", "number"):
            return False
        return "list" in self.out.shapes or (self.out.which_rows and place in ("which", "conjunction"))

    def _is_measured(self, span: Span) -> bool:
        return span.kind == "metric" and not self.model.counts_rows(span.meaning)

    def _which_before(self, position: int) -> str | None:
        """ "Which category", "which *whatsapp* category", "which *in October*": the question word, past adjectives."""
        before = self._before(position)
        while before and before[1].kind in ("value", "time"):
            before = self._before(before[0])
        return before[1].meaning if before and before[1].kind == "which" else None

    def _joined_group(self, position: int) -> bool:
        before = self._before(position)
        if before and before[1].kind == "conjunction":
            before = self._before(before[0])
            if before and before[1].kind in ("grain", "unit"):
                return True
        return bool(before and before[1].kind == "dimension" and before[1].meaning in self.out.groups)

    def _settle_mentions(self) -> None:
        """A dimension that no neighbour placed: the subject of a ranking or breakdown, else it has no place."""
        ranked = (
            self.out.order
            or self.out.order_by
            or self.out.limit is not None
            or "breakdown" in self.out.shapes
            or self.out.bounds
            or self.out.by_change is not None
        )
        things = [name for name in self.out.metrics if self.model.counts_rows(name)]
        if "list" in self.out.shapes and things and not self.out.groups:  # "show ids and channels of stuck tickets"
            key = self.model.key(self.model.metric_table(self.model.metrics[things[0]]))
            if key in self.out.mentioned and not any(map(self._is_time, self.out.mentioned)):
                self.out.columns += self.out.mentioned
                self.out.mentioned = []
        looks_up = any(self.model.identifies(f.dimension) and f.operator == "in" for f in self.out.filters)
        for dimension in self.out.mentioned:
            measuring = self.model.measured_by(dimension) if self.out.aggregation else None
            if measuring is not None:  # "the average number of turns"
                self.out.metrics.append(measuring)
                self.out.shapes.discard("count")
                continue
            if dimension in self.out.groups:  # "channel by channel"
                continue
            if self._says_when(dimension):
                continue
            if self.model.identifies(dimension) and self.out.which and self.out.groups:
                raise DoesNotCompose(
                    f"whether {dimension} is a group, too, is not said"
                )  # "customers of which country"
            if dimension in self.out.settled or any(b.dimension == dimension for b in self.out.bounds):
                continue
            if looks_up and not ranked and not self.out.metrics:
                self.out.columns.append(dimension)
                continue
            if not ranked and "share" not in self.out.shapes and not self.out.which:
                raise DoesNotCompose(f"what to do with {dimension} is not said")
            self._group(dimension)
        self.out.mentioned = []
        if self.out.bounds and any(map(self._is_measure, self.out.groups)):  # "which chats cost more than 1 dollar"
            raise DoesNotCompose("what is bounded is a number of each row, and no group")

    def _says_when(self, dimension: str) -> bool:
        """ "Customers who opened more than 5 tickets this year": a verb that only says what the period is of."""
        things = [self.model.metrics[name] for name in self.out.metrics]
        own = {self.model.time_dimension(metric) for metric in things}
        return bool(self.out.windows) and own == {dimension}

    # words of form

    def _read_which(self, position: int, span: Span) -> None:
        following = self._at(position + 1)
        role = position + 1
        while self._kind(role) == "value":
            role += 1
        if span.meaning == "person" and self._kind(role) != "dimension" and not self._kinds("dimension"):
            self.out.who = self.out.which = True
            return
        if following is not None and following.kind == "metric" and self._ranks_later(position):
            kind = self.model.metrics[following.meaning].default_dimension
            if kind is not None and kind in self.signs.kinds.get(following.start, ()):
                self._group(kind)  # "which *tool* is called the most"
                self.out.which = True
                first = replace(following, end=following.start + 1)
                self.out.singular = self._is_singular(span.meaning, first)
                return
        counted = following is not None and following.kind == "metric" and self.model.counts_rows(following.meaning)
        self.out.which_value = following is not None and following.kind == "metric" and not counted
        placed = self._kind(position + 1) in ("dimension", "row", "order", "limit")
        self.out.which = self.out.which or (counted and span.meaning != "singular") or placed
        if following is None and self.out.metrics and self.model.counts_rows(self.out.metrics[-1]):
            self.out.which = True  # "are any of them stuck? which ones"
        rows = following is not None and following.kind == "row"
        if following is not None and (rows or counted):
            self.out.singular = self._is_singular(span.meaning, following)
        self.out.which_rows = self.out.which_rows or counted or rows

    def _read_shape(self, position: int, span: Span) -> None:
        average = self._at(position + 1)
        if span.meaning == "distribution":
            self.out.distributed = True
            self.out.shapes.add("breakdown")
        elif span.meaning in ("running", "funnel"):
            setattr(self.out, span.meaning, True)
        elif span.meaning == "compare" and average and average.kind == "aggregation" and average.meaning == "mean" and (
            self._kind(position + 2) != "metric"
        ):  # fmt: skip
            self.out.against_average = True
            self.taken.add(position + 1)
        elif span.meaning == "compare" and not self.out.windows and self._kind(position + 1) == "time":
            self.out.shapes.add("compare")
            self.out.against = True
        elif span.meaning == "count" and "count" in self.out.shapes and self._kind(position - 1) == "conjunction":
            self.out.shapes.add("compare")  # "how many by email and how many by chat"
        else:
            self.out.shapes.add(span.meaning)

    def _read_by(self, position: int, span: Span) -> None:
        if self._at(position + 1) is None and "share" in self.out.shapes and self.out.mentioned:
            return  # "reasons, share of each"
        changed = self._at(position + 1)
        if changed is not None and (changed.kind, changed.meaning) == ("shape", "change") and self.implied:
            self._rank_by_change(position + 1)
            return
        if span.meaning == "every" and position == 0 and not self.out.shapes:
            self.out.each_first = True
        allowed = ("dimension", "value", "metric", "row", "unit", "grain", "time", "negation", "id", "order", "which")
        if span.meaning == "every" and self._kind(position + 1) == "value":
            raise DoesNotCompose(f"{span.label}: for each of one is not told", position)
        described = self._at(position + 2)
        if self._kind(position + 1) == "value" and described is not None and described.kind in ("row", "metric"):
            raise DoesNotCompose(f"{span.label}: for each of some of them is not told", position)  # "per open ticket"
        if self._kind(position + 1) == "row" and self.spans[position + 1].end - 1 in self.signs.singulars:
            raise DoesNotCompose(f"{span.label}: for each of them is not told", position)
        if self._kind(position + 1) not in allowed:
            raise DoesNotCompose(f"{span.label}: by what?", position)

    def _read_aggregation(self, position: int, span: Span) -> None:
        if self.out.order in EXTREMES and not self.out.ends and self._listed_beside(position, ("order",)):
            self.out.more_aggregations.append(EXTREMES[self.out.order])  # "max and median"
            self.out.order = None
        if self.out.aggregation not in (None, span.meaning):
            if not self._listed_beside(position, ("aggregation", "order")):
                raise DoesNotCompose("two aggregations", position)
            self.out.more_aggregations.append(span.meaning)
            return
        self.out.aggregation = span.meaning

    def _read_conjunction(self, position: int, span: Span) -> None:
        if span.start - 1 in self.signs.holding and self._kind(position + 1) in ("negation", "metric"):
            raise Doubtful(f"{span.label}: what is joined is not said", position)  # "with and without an agent"
        if position == 0:
            self.out.follow_up = True

    def _read_than(self, position: int, span: Span) -> None:
        """ "More in October *than* in September", "in chat *than* by mail": two of a kind set against each other."""
        other = self._at(position + 1)
        if other is not None and other.kind == "value" and other.meaning[0] in {f.dimension for f in self.out.filters}:
            self.out.shapes.add("compare")
            return
        if not self.out.windows or self._kind(position + 1) != "time":
            raise DoesNotCompose(f"{span.label}: what is set against what?", position)
        self.out.shapes.add("compare")

    def _read_replaced(self, position: int, span: Span) -> None:
        """ "Median instead of the average": what the turn before had goes; what stands for it is named elsewhere."""
        if self._at(position + 1) is None:
            raise DoesNotCompose(f"{span.label}: of what?", position)
        by = self._kind(position + 1) == "by"  # "by language instead of by category"
        self.taken.update((position + 1, position + 2) if by else (position + 1,))
        self.out.follow_up = self.out.replaces = True

    def _read_only(self, position: int, span: Span) -> None:
        self.out.only = True

    def _read_both(self, position: int, span: Span) -> None:
        """ "Both email and chat tickets": rows are of either; of what has several rows it may be each of them."""
        self.out.both = True

    def _read_earlier(self, position: int, span: Span) -> None:
        if self._kind(position + 1) in ("time", "unit", "grain"):
            raise DoesNotCompose(f"{span.label}: which one is not said", position)
        self.out.earlier = True

    def _read_now(self, position: int, span: Span) -> None:
        self.out.now = True

    def _read_vague(self, position: int, span: Span) -> None:
        raise Doubtful(VAGUE, position)

    def _read_refer(self, position: int, span: Span) -> None:
        self.out.refers = self.out.refers or not names_before(self.spans, position)

    def _read_percent(self, position: int, span: Span) -> None:
        self.out.shapes.add("share")

    def _read_follow_up(self, position: int, span: Span) -> None:
        behind = position == len(self.spans) - 1  # "median instead"
        if position > 0 and not behind and self.spans[position - 1].kind not in ("follow_up", "conjunction", "only"):
            raise DoesNotCompose(f"{span.label} has no place", position)
        self.out.follow_up = True
