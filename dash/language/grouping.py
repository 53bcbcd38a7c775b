"""What a question is about and by what it is told: its rows, and its dimensions as groups, as columns or as the
subject of a ranking."""

from __future__ import annotations

from collections.abc import Sequence

from dash.language.fragment import DoesNotCompose, Doubtful
from dash.language.measuring import Measuring
from dash.records import Filter, Span


class Grouping(Measuring):
    """Reads the rows and dimensions of one cover into its fragment."""

    def _read_row(self, position: int, span: Span) -> None:
        before = self._before(position)
        counted = bool(before and before[1].kind == "conjunction" and self._kind(before[0] - 1) == "metric")
        counted = counted or self._counted_beside(position)
        count = self.model.count_metric(span.meaning)
        if self._numbered(position) and any(not self.model.counts_rows(name) for name in self.out.metrics):
            if not (counted or self._told_with(position)):
                raise Doubtful(f"whether the number of {span.label} is wanted as well is not said", position)
            counted = True  # "cost per day *with the number of tasks*"
            self.out.shapes.discard("count")
        key, named = self.model.key(span.meaning), (self._at(position - 1), self._at(position + 1))
        if key is not None and any(one is not None and one.kind == "value" and one.meaning[0] == key for one in named):
            return  # "ticket T-000123"
        place = before[1].kind if before else None
        if self._is_column(position, place) and self.model.key(span.meaning) and place != "which":
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
            asked = self._at(position - 1)
            counted = asked is not None and (asked.kind, asked.meaning) == ("shape", "count")
            if span.end - 1 not in self.signs.plurals or has or counted:
                self.out.owning_rows.add(span.meaning)

    def _read_dimension(self, position: int, span: Span) -> None:
        if span.end - span.start == 1:
            self.out.brief.add(span.meaning)
        self.out.each_said = self.out.each_said or self._says_each(span)
        after = self._at(position + 1)
        before = self._before(position)
        apart = after is not None and after.start in self.signs.commas
        if (self._describes(span, after) and not apart) or (before and self._describes(span, before[1])):
            if before and before[1].kind == "by" and after and self._are_named(span, after):
                self._group(span.meaning)
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
        if place == "by" and self._done_by(position, span):
            raise Doubtful(f"whether {span.label} did it or it is told by each is not said", position)
        if place == "by" and self._is_time(span.meaning) and any(one.kind == "time" for one in self.spans):
            self.out.time_dimension = span.meaning  # "last week against the week before, by date of sending"
            return
        if place == "by" or (joined and not self._is_time(span.meaning)):
            self._group(span.meaning)
        elif place == "order" and before and before[1].meaning in ("oldest", "newest") and self._is_time(span.meaning):
            self.out.aged_by = span.meaning  # "the oldest *status change* first"
        elif self._is_column(position, place):
            if span.meaning in self.out.columns and not self._bounded_before(position):
                raise DoesNotCompose(f"{span.label} is said twice", position)
            self.out.columns += [span.meaning] if span.meaning not in self.out.columns else []
        elif self._counts_each(position):  # «застрявшие тикеты: на каком статусе сколько?»
            self._group(span.meaning)
            self.out.shapes.add("breakdown")
            self.taken.update(range(position + 1, len(self.spans)))
        elif (which := self._which_before(position)) is not None:
            if self._is_measure(span.meaning):  # "what was the csat of escalated chats"
                raise DoesNotCompose(f"{span.label} is measured, and nobody asks which", position)
            if self._is_time(span.meaning) and which == "person" and self.out.done_at is None:
                self.out.done_at, self.out.who = span.meaning, True  # "who *resolved* the most incidents"
                return
            self._group(span.meaning)
            self.out.which = True
            self.out.singular = self._is_singular(which, span)
        elif place == "order" and before and not self._is_time(span.meaning):
            if self._is_measure(span.meaning) and self.out.metrics:
                raise DoesNotCompose(
                    f"{span.label} is measured, and no group", position
                )  # "which chats cost most tokens"
            self._group(span.meaning)  # "the most common reason"
            self.out.singular = self.signs.names_one(span, before[1])
        elif self._is_time(span.meaning) and (
            self._kind(position + 1) == "time" or place in ("time", "grain") or self.out.grain is not None
        ):
            if place == "conjunction" and self._happened(position - 2):  # "created *and sent* in May"
                raise Doubtful("whether both happened in that time is not said", position)
            self.out.time_dimension = span.meaning
        else:
            if self._is_time(span.meaning) and after is not None and after.kind == "value" and place is None:
                raise DoesNotCompose(f"{span.label} says nothing of what follows", position)  # "*open* urgent tickets"
            self.out.mentioned.append(span.meaning)
            if position == 0 and span.end - 1 in self.signs.singulars and self._kind(position + 1) == "order":
                self.out.singular = True  # "*tool* with the worst success rate"

    def _are_named(self, span: Span, after: Span) -> bool:
        """ "By channel: email", "per channel (email, chat)": the groups that are wanted, each by its name."""
        values = [one for one in self.spans if one.kind == "value" and one.meaning[0] == span.meaning]
        return after in values and (len(values) > 1 or after.start in self.signs.colons)

    def _is_column(self, position: int, place: str | None) -> bool:
        """ "Which approvals wait, and *for what action*", "open tickets: *id*, *channel*": one more thing to be told of
        each row that is listed."""
        if self._counts_each(position):
            return False
        subject = next((one for one in self.spans[:position] if one.kind in ("metric", "row")), None)
        if subject is None and self.out.refers and "list" in self.out.shapes:
            return place != "by"  # "show them: number and channel"
        if subject is None or place == "by" or self._is_measured(subject) or "count" in self.out.shapes:
            return False
        start = self.spans[position].start
        if any(place <= start and place > subject.start for place in self.signs.colons):
            grouped = any(one.kind == "by" for one in self.spans[:position])  # "by channel: email, chat"
            return not grouped and not self._joined_group(position)
        if self.out.groups or "breakdown" in self.out.shapes or place in ("order", "limit", "number"):
            return False
        first = self.out.order in ("oldest", "newest") and self.counted_out  # "10 oldest tickets *and when created*"
        return "list" in self.out.shapes or first or (self.out.which_rows and place in ("which", "conjunction"))

    def _bounded_before(self, position: int) -> bool:
        """ "Tickets with *csat* 1 or 2: id, *csat*": a condition on it before, and then a column."""
        known = [i for i, one in enumerate(self.spans[:position]) if one.meaning == self.spans[position].meaning]
        return bool(known) and self._kind(known[-1] + 1) in ("number", "comparator")

    def _counts_each(self, position: int) -> bool:
        """ "Which stage how many": a number for each of them."""
        place = position + 1 + (self._kind(position + 1) == "conjunction")  # "on which steps, *and how many*"
        after = self._at(place)
        counts = after is not None and (after.kind, after.meaning) == ("shape", "count")
        return counts and self._kind(position - 1) == "which" and self._at(place + 1) is None

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
        if self._names_columns():
            self.out.columns += self.out.mentioned
            self.out.mentioned = []
        looks_up = any(self.model.identifies(f.dimension) and f.operator == "in" for f in self.out.filters)
        for dimension in self.out.mentioned:
            measuring = self.model.measured_by(dimension) if self.out.aggregation else None
            if measuring is not None:  # "the average number of turns"
                if measuring in self.out.metrics:
                    raise DoesNotCompose(f"{dimension} is said twice")
                self.out.metrics.append(measuring)
                self.out.shapes.discard("count")
                continue
            if dimension in self.out.groups:  # "channel by channel"
                continue
            if self._says_when(dimension):
                continue
            if self._is_time(dimension) and self.out.order in ("highest", "lowest"):
                asks = self.out.which or self.out.who or self.out.limit is not None
                if asks and self.out.done_at is None:
                    self.out.done_at = dimension  # "which callers *raised* the most incidents"
                    continue
            if "count" in self.out.shapes and dimension in self._counted_keys():
                continue  # "how many *categories* are ready for auto-send"
            own = {*self.out.rows, *(self.model.metric_table(self.model.metrics[name]) for name in things)}
            if any(bound.metric for bound in self.out.bounds) and dimension in map(self.model.key, own):
                continue  # "tickets with more than 8 messages in the *thread*"
            if self.model.identifies(dimension) and self.out.which and self.out.groups:
                raise DoesNotCompose(
                    f"whether {dimension} is a group, too, is not said"
                )  # "customers of which country"
            if dimension in self.out.settled or any(b.dimension == dimension for b in self.out.bounds):
                continue
            if looks_up and not ranked and not self.out.metrics:
                if dimension in self.out.columns:
                    raise DoesNotCompose(f"{dimension} is said twice")
                self.out.columns.append(dimension)
                continue
            if not ranked and "share" not in self.out.shapes and not self.out.which:
                raise DoesNotCompose(f"what to do with {dimension} is not said")
            if (
                self._is_measure(dimension)
                and self.out.metrics
                and self.out.order
                and "breakdown" not in self.out.shapes
            ):
                raise DoesNotCompose(f"{dimension} is measured, and no group")  # "which chats cost the most tokens"
            if self.out.groups and "breakdown" in self.out.shapes and not (self.out.order or self.out.limit):
                told = all(self.model.allows(self.model.metrics[name], dimension) for name in self.out.metrics)
                reason = f"whether {dimension} is a group, too, is not said"  # "breakdown of *tool* errors by type"
                raise (Doubtful if told and self.out.metrics else DoesNotCompose)(reason)
            self._group(dimension)
        self.out.mentioned = []
        if self.out.groups and "count" not in self.out.shapes and self._tells_one(things):
            raise DoesNotCompose("of one row its own values are told, and no groups")  # "what state has incident INC07"
        if self.out.bounds and any(map(self._is_measure, self.out.groups)):  # "which chats cost more than 1 dollar"
            raise DoesNotCompose("what is bounded is a number of each row, and no group")

    def _tell_of_the_whole(self, position: int) -> None:
        """ "What share of them came *through each* channel": of all of them, where it is no rate that is defined."""
        if "share" in self.out.shapes:
            self.out.shapes.add("breakdown")
        elif any(one.kind == "metric" and one.start in self.signs.shares for one in self.spans):
            raise Doubtful("whether of each group or of the whole is not said", position)

    def _tell_of_people(self, span: Span) -> None:
        """ "Open tickets *for each agent*": nobody is none of them, but where the others are added or what is told is a
        share of all."""
        whole = any((one.kind, one.meaning) == ("shape", "share") for one in self.spans)
        added = self.signs.too | self.signs.including | self.signs.totals
        metrics = [one.meaning for one in self.spans if one.kind == "metric"]
        if any(self.model.absent_dimension(name) == span.meaning for name in metrics):
            raise Doubtful("whether nobody is one of them is not said")  # "for each agent and unassigned tickets"
        if self.model.acts(span.meaning) and not whole and not added:
            self.out.filters.append(Filter(span.meaning, "not_null"))

    def _ask_for_people(self, span: Span) -> None:
        """ "*Which agents* have open tickets": nobody is none of them either."""
        counted = any(one.kind == "metric" and self.model.counts_rows(one.meaning) for one in self.spans)
        keyed = any(one.kind == "value" and self.model.identifies(one.meaning[0]) for one in self.spans)
        ranked = any(one.kind in ("order", "limit", "comparator", "more") for one in self.spans)  # nobody comes first
        if counted and not keyed and not ranked:
            self._tell_of_people(span)

    def _tell_of_each_part(self, position: int, span: Span) -> None:
        """ "What % of open tickets *is each category*": they make up what was named, as is "the share of each category
        *in open tickets*"; in "the share of open tickets *in each category*" it is a part of each."""
        shares = [one.start for one in self.spans[:position] if one.says_share]
        if span.end - 1 not in self.signs.every:
            return  # "by channel"
        makes = span.start - 1 in self.signs.making
        if makes and self._asks_for_a_share(position):
            raise Doubtful("whether of each group or of the whole is not said", position)
        if not shares:
            return
        if any(self._narrows(one) for one in self.spans[:position] if one.start > shares[-1]):
            placed = {span.start - 1, span.start} & self.signs.placing
            if makes:
                self.out.shapes.add("breakdown")
            elif not placed and span.start not in self.signs.commas:
                raise Doubtful("whether of each group or of the whole is not said", position)
        whole = self._at(position + 2)
        if whole is not None and self._narrows(whole):
            between = {*range(self.spans[position + 1].end, whole.start)}
            if between & (self.signs.among | self.signs.within):
                self.out.shapes.add("breakdown")
            elif between & self.signs.placing:
                raise Doubtful("whether of each group or of the whole is not said", position)

    def _narrows(self, span: Span) -> bool:
        """Whether only some rows are meant: "open tickets", "urgent"."""
        return span.kind == "value" or (span.kind == "metric" and self.model.selects(span.meaning))

    def _names_columns(self) -> bool:
        """ "Give me id, category and assignee", "show the subjects", "add the country": of rows told before."""
        if self.out.metrics or self.out.rows or self.out.groups or self.out.grain or self.out.which:
            return False
        if self.out.filters or self.out.bounds or self.out.limit is not None or not self.out.mentioned:
            return False
        if self.out.adds:
            return not (self.out.shapes or self.out.order)
        several = len(self.out.mentioned) > 1 and any(map(self.model.identifies, self.out.mentioned))
        return self.out.shapes == {"list"} and (several or any(map(self.model.is_hidden, self.out.mentioned)))

    def _tells_one(self, counts: Sequence[str]) -> bool:
        """Whether the question names one of the rows that are counted, by their key."""
        keys = {self.model.key(self.model.metric_table(self.model.metrics[name])) for name in counts}
        return any(one.operator == "in" and one.dimension in keys for one in self.out.filters)

    def _happened(self, position: int) -> bool:
        """Whether a span says what happened to rows and when: "tickets *were created*", "created"."""
        span = self._at(position)
        if span is None or span.kind != "dimension":
            return span is not None and span.kind == "metric" and span.end - span.start > 1
        return self._is_time(span.meaning)

    def _done_by(self, position: int, span: Span) -> bool:
        """ "How many tickets were opened *by agents*": those who did it, of whom this metric knows nothing."""
        metric = self._at(position - 2)
        if metric is None or metric.kind != "metric" or "count" not in self.out.shapes:
            return False
        if not {*range(metric.start, metric.end)} & self.signs.copulas:
            return False
        return self.model.acts(span.meaning) and self.model.metrics[metric.meaning].actor != span.meaning

    def _counted_keys(self) -> set[str | None]:
        """What tells apart the rows that the one metric counts."""
        if len(self.out.metrics) != 1 or not self.model.counts_rows(self.out.metrics[0]):
            return set()
        return {self.model.row_dimension(self.model.metric_table(self.model.metrics[self.out.metrics[0]]))}

    def _says_when(self, dimension: str) -> bool:
        """ "Customers who opened more than 5 tickets this year": a verb that only says what the period is of."""
        things = [self.model.metrics[name] for name in self.out.metrics]
        own = {self.model.time_dimension(metric) for metric in things}
        return bool(self.out.windows) and own == {dimension} and "compare" not in self.out.shapes
