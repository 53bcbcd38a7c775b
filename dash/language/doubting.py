"""What stands side by side in a question and may mean two things there: read before any slot is filled.

Each rule looks at the kinds and meanings of neighbours and at what the text says between them. It fills nothing and
decides nothing; where it finds two meanings the product asks instead of taking the cheaper one.
"""

from __future__ import annotations

from dash.language.fragment import EXTREMES, DoesNotCompose, Doubtful
from dash.language.naming import NamingDoubts
from dash.records import Span
from dash.semantics.fragments import is_additive

_DAYS = frozenset({("unit", "day"), ("unit", "week"), ("unit", "month")})


class Doubts(NamingDoubts):
    """The doubts of one cover."""

    def raise_first(self) -> None:
        """Raises Doubtful for the first that there is, DoesNotCompose where another cover says it plainly."""
        for position, span in enumerate(self.spans):
            for doubt in (
                self._name_in_two,
                self._name_in_parts,
                self._which_has_none,
                self._joined_to_a_value,
                self._two_counts,
                self._value_of_rows,
                self._shares_noun,
                self._one_beside_many,
                self._kinds_or_times,
                self._state_then,
                self._denied_in_time,
                self._took_or_lately,
                self._over_days,
                self._who_or_what,
                self._bounds_the_second,
                self._mean_of_each,
                self._total_of_some,
                self._extreme_of_each,
                self._in_every_one,
                self._better_by_what,
                self._no_or_none,
                self._which_have_none,
                self._what_was_said,
                self._bounds_of_two,
                self._either,
                self._ranked_by_rows,
                self._denies_two,
                self._lacks_two,
                self._narrows_late,
                self._this_and_last,
                self._top_in_each,
                self._less_another,
                self._per_thing,
                self._who_else,
                self._of_what,
                self._told_beside,
                self._altered,
                self._one_of_two_limited,
                self._first_per_thing,
                self._rows_alone,
                self._part_of_which,
                self._and_not_another,
                self._slowest_of_two,
                self._with_others,
                self._period_or_days,
                self._written_then,
                self._period_or_value,
                self._bounds_some,
                self._written_or_split,
                self._one_by_each,
                self._says_alone,
                self._verb_or_value,
                self._whole_beside_part,
                self._two_of_two,
                self._part_of_two,
                self._most_of_a_measure,
            ):
                reason = doubt(position, span)
                if reason is not None:
                    raise Doubtful(reason, position)

    def _which_has_none(self, position: int, span: Span) -> str | None:
        """ "*Which channel has no open tickets*": those without any, or those with others?"""
        after = [self._kind(position + i) for i in (1, 2)]
        if span.kind != "negation" or after[0] != "value" or after[1] not in ("metric", "row"):
            return None
        grouped = [one.kind for one in self.spans[:2]] == ["which", "dimension"]
        if not grouped or span.start - 1 not in self.signs.holding:
            return None
        return "whether none of them is asked or others are is not said"

    def _state_then(self, position: int, span: Span) -> str | None:
        """ "How many *were in Draft Created* yesterday": the stage that they were in then is not known."""
        if span.kind != "value" or not self._kinds("time"):
            return None
        dimension, values = span.meaning
        was = any(i in self.signs.past for i in range(self._end_before(position), span.start))
        moved = len(values) == 1 and self.model.moment_of(dimension, values) is not None
        return "what they were then is not known" if was and self.model.stages(dimension) and not moved else None

    def _end_before(self, position: int) -> int:
        before = self._at(position - 1)
        return before.end if before is not None else 0

    def _denied_in_time(self, position: int, span: Span) -> str | None:
        """ "Tickets *not sent within 24 hours*": not in that time, or not at all?"""
        after = self._at(position + 1)
        denied = {*range(span.start, span.end)} & self.signs.negations
        if span.kind != "metric" or not denied or after is None or not self.model.metrics[span.meaning].present_state:
            return None
        if after.kind == "comparator" and after.meaning in ("le", "lt"):
            return "whether never or not in that time is meant is not said"
        rolling = after.kind == "time" and after.meaning.phrase.startswith("last_n_")
        return "whether never or not in that time is meant is not said" if rolling else None

    def _took_or_lately(self, position: int, span: Span) -> str | None:
        """ "Sent *in 5 minutes*": it took no longer, or it was in the last 5 minutes?"""
        before = self._at(position - 1)
        if span.kind != "time" or not span.meaning.phrase.startswith("last_n_") or before is None:
            return None
        within = {span.start - 1, span.start} & self.signs.within
        if not within or not {span.start, span.start + 1} & self.signs.numbers:
            return None
        moved = before.kind == "metric" and self._may_last(before.meaning)
        return "whether it took so long or was in that time is not said" if moved else None

    def _may_last(self, name: str) -> bool:
        """Whether how long it took is known of what a metric counts, or of what it is a share of."""
        metric = self.model.metrics[name]
        rate = metric.unit == "percent" and bool(self.model.durations(metric.table))
        return rate or self.model.duration_of(name) is not None

    def _over_days(self, position: int, span: Span) -> str | None:
        """ "Failures *over 2 days*": those that took longer, or those of two days?"""
        before, unit = self._at(position - 1), self._at(position + 2)
        if span.kind != "comparator" or span.start not in self.signs.within or before is None or unit is None:
            return None
        if self._kind(position + 1) != "number" or (unit.kind, unit.meaning) not in _DAYS or before.kind != "metric":
            return None
        # "stuck over 2 days", "a time to send over 2 days"
        lasts = bool(self.model.metrics[before.meaning].parameters) or not self.model.counts_rows(before.meaning)
        return None if lasts else "whether it took longer or was in that time is not said"

    def _mean_of_each(self, position: int, span: Span) -> str | None:
        """ "*Average* chat cost *per day*": the mean of what each adds up to, or of the single ones?"""
        if span.kind != "metric" or self._kind(position + 1) not in ("by", "grain"):
            return None
        each = self.spans[position + 1]
        if each.kind == "by" and each.meaning != "every":
            return None
        if each.kind == "grain" and each.start not in self.signs.each:
            return None
        averaged = self._kind(position - 1) == "aggregation" and self.spans[position - 1].meaning == "mean"
        averaged = averaged or any(i in self.signs.averages for i in range(span.start, span.end))
        if any(i in self.signs.each for i in range(span.start + 1, span.end)):
            return None  # "average *cost per conversation* for every channel": it is an average already
        longer = [one for one in self.signs.names if span.start <= one.start < span.end < one.end]
        if any(self.signs.each & {*range(span.end, one.end)} for one in longer):
            raise DoesNotCompose(f"whether {longer[0].label} is meant is not said", position)
        metric = self.model.metrics[span.meaning]
        summed = self.model.row_value(span.meaning) is not None and is_additive(metric.calculation)
        money = metric.unit in ("usd", "tokens") and metric.numerator is not None
        return "of what the average is taken is not said" if averaged and (summed or money) else None

    def _period_or_days(self, position: int, span: Span) -> None:
        """ "*During the week* vs weekend": days of the week, and no period, where others of them stand beside."""
        named = self.signs.named.get((span.start, span.end), frozenset()) if span.kind == "time" else frozenset()
        if any(one.kind == "value" and one.meaning[0] in named for one in self.spans):
            raise DoesNotCompose(f"{span.label} is no period here", position)

    def _period_or_value(self, position: int, span: Span) -> str | None:
        """ "Last month *vs email*": two periods are set against each other, or two values, but no period and value.
        "Chats last month vs email" names both values."""
        sides = {self._kind(position - 1): self._at(position - 1), self._kind(position + 1): self._at(position + 1)}
        value = sides.get("value")
        before = self._at(position - 1)
        counted = before is not None and before.end == span.start and before.kind in ("metric", "row")
        if (span.kind, span.meaning) != ("shape", "compare") or value is None or not ("time" in sides or counted):
            return None
        if counted and before is not None and value.meaning[0] in self.signs.valued.get(before.end - 1, frozenset()):
            raise DoesNotCompose(
                f"{before.label} is set against {value.label}, and is one of its kind", position
            )  # "chat vs email"
        known = any(
            value.meaning[0] in names for i, names in self.signs.valued.items() if not value.start <= i < value.end
        )
        known = known or any(
            one.kind == "value" and one is not value and one.meaning[0] == value.meaning[0] for one in self.spans
        )
        return None if known else "what is set against what is not said"

    def _written_then(self, position: int, span: Span) -> str | None:
        """ "Tickets with more than 3 messages *written last month*": the tickets or the messages of that month? Right
        behind the noun it says when the tickets are of."""
        kinds = [self._kind(position - i) for i in (3, 2, 1)]
        if span.kind != "time" or kinds[:2] != ["comparator", "number"] or kinds[2] not in ("metric", "row"):
            return None
        owners = [one for one in self.spans[: position - 3] if self._counts(one)]
        noun = self.spans[position - 1]
        written = noun.end - noun.start > 1 and noun.end - 1 not in self.signs.plurals | self.signs.things
        apart = span.start > noun.end or written  # "messages written" may be a name of them
        apart = apart and any(not self._same_rows(one, noun) for one in owners if one.kind == "metric")
        return "whether the things or what belongs to them are of that period is not said" if apart else None

    def _total_of_some(self, position: int, span: Span) -> str | None:
        """ "*Total cost* of the 5 most expensive chats": one sum, or five rows?"""
        total = any(i in self.signs.totals for i in range(span.start, span.end))
        behind = [one.kind for one in self.spans[position + 1 : position + 4]]
        if span.kind != "metric" or not total or behind[:2] not in (["number", "order"], ["limit", "number"]):
            return None
        return "whether one sum or each of them is meant is not said"

    def _extreme_of_each(self, position: int, span: Span) -> str | None:
        """ "*Max* penalty by category", "*longest* time to send *per agent*": of each the longest, or who has it?"""
        behind = [self._at(position + i) for i in (1, 2, 3)]
        if span.kind != "order" or None in behind or any(one.kind == "which" for one in self.spans[:position]):
            return None
        metric, each, group = (one for one in behind if one is not None)
        if (metric.kind, each.kind, group.kind) != ("metric", "by", "dimension") or self._kinds("limit"):
            return None
        if each.meaning != "every" and span.meaning not in EXTREMES:
            return None
        summed = is_additive(self.model.metrics[metric.meaning].calculation)
        measured = self.model.row_value(metric.meaning) is not None and not summed
        return "whether the extreme of each or an order is meant is not said" if measured else None

    def _in_every_one(self, position: int, span: Span) -> str | None:
        """ "Who has tickets *in every category*", "countries which had tickets *every day*", "*each channel's* busiest
        hour"."""
        if span.kind == "by" and span.meaning == "every" and position == 0 and self._kind(2) == "order":
            return "what is told of each is not said"
        if not any(one.kind == "which" for one in self.spans[:position]) or self._kinds("order"):
            return None
        if self._kinds("limit") or self._kinds("comparator") or self._kinds("more"):
            return None
        every = (span.kind, span.meaning) == ("by", "every") and self._kind(position + 1) == "dimension"
        people = any((one.kind, one.meaning) == ("which", "person") for one in self.spans[:position])
        daily = span.kind == "grain" and span.start in self.signs.each and self._kind(0) == "dimension"
        return "whether those that have it in each are meant is not said" if (every and people) or daily else None

    def _better_by_what(self, position: int, span: Span) -> str | None:
        """ "Human answers *better* than AI": by what, where only rows are counted?"""
        judged = any(i in self.signs.judging for i in range(span.start, span.end))
        metrics = [one.meaning for one in self.spans if one.kind == "metric"]
        if span.kind != "shape" or not judged or not metrics:
            return None
        return "what makes one better is not said" if all(map(self.model.counts_rows, metrics)) else None

    def _no_or_none(self, position: int, span: Span) -> str | None:
        """ "*No* tickets from Spain": without them, or "no, I meant …"?"""
        following = self._at(position + 1)
        if (
            position
            or span.end - span.start > 1
            or span.kind != "follow_up"
            or span.start not in self.signs.negations
            or following is None
        ):
            return None
        apart = any(i in self.signs.commas for i in range(span.end, following.start + 1))
        denies = following.kind in ("metric", "row") and not apart
        return "whether these or others are meant is not said" if denies else None

    def _which_have_none(self, position: int, span: Span) -> str | None:
        """ "For *which categories* is there *no enabled instruction*": those without any, or the others?"""
        before = [one.kind for one in self.spans[:position]]
        if span.kind != "negation" or "which" not in before or "dimension" not in before:
            return None
        if {*before} - {"which", "dimension", "value", "time", "conjunction"}:
            return None
        denied = [one for one in self.spans[position + 1 :] if one.kind != "value"][:1]
        counts = bool(denied) and (denied[0].kind == "row" or self._counts(denied[0]))
        return "whether those without any are meant is not said" if counts else None

    def _what_was_said(self, position: int, span: Span) -> str | None:
        """ "What did the customer *write* in T-000123": the text of messages, and no column of the ticket."""
        if position or not self.signs.saying or any(one.meaning == "person" for one in self.spans):
            return None
        keyed = any(one.kind == "value" and self.model.identifies(one.meaning[0]) for one in self.spans)
        tables = {
            self.model.metric_table(self.model.metrics[one.meaning]) if one.kind == "metric" else one.meaning
            for one in self.spans
            if one.kind in ("metric", "row")
        }
        texts = any(self.model.tables[table].text_columns for table in tables)
        named = [one.kind for one in self.spans] in (["which", "dimension"], ["which", "value"])
        keyed = keyed or named  # "what did *the customer* write", after a turn about a ticket
        return "whose words are wanted is not said" if keyed and not texts else None

    def _ranked_by_rows(self, position: int, span: Span) -> str | None:
        """«Топ 5 категорий *по тикетам* с их CSAT»: the first by how many there are, and not by what comes behind."""
        if span.kind != "row" or self._kind(position - 1) != "dimension" or self._kind(0) not in ("limit", "order"):
            return None
        behind = [one.kind for one in self.spans[position + 1 :]]
        if "metric" in behind and not {"by", "order"} & {*behind[: behind.index("metric")]}:
            raise DoesNotCompose(f"whether {span.label} are what is ranked by is not said", position)
        return None

    def _per_thing(self, position: int, span: Span) -> str | None:
        """«Сообщений *на клиента*», «стоимость *на чат*»: so many for each of them, and none of theirs."""
        before = self._at(position - 1)
        if before is None or span.start - 1 not in self.signs.per or before.end != span.start - 1:
            return None
        if before.kind not in ("metric", "row", "context", "value"):
            return None
        if before.kind == "metric":
            metric = self.model.metrics[before.meaning]
            if metric.unit == "percent" or (span.kind == "value" and metric.actor == span.meaning[0]):
                return None  # «approval rate на скидки», «назначено на агента»
        measured = before.kind == "metric" and not self.model.counts_rows(before.meaning)
        if measured and span.end - 1 in self.signs.plurals:
            return None  # «сколько часов сэкономили *на тикетах*»
        noun = span.start in self.signs.things or span.start in self.signs.kinds
        each = span.kind in ("row", "metric") or (span.kind == "value" and span.end - span.start == 1 and noun)
        return f"whether for each of {span.label} is not said" if each else None

    def _who_else(self, position: int, span: Span) -> str | None:
        """ "*Who* sent tickets *to customers* in France": not the customers."""
        if (span.kind, span.meaning) != ("which", "person"):
            return None
        place = next((i for i in range(position + 1, len(self.spans)) if self._kind(i) == "dimension"), None)
        if place is None or place == position + 1:
            return None
        between = [self._kind(i) for i in range(position + 1, place)]
        other = self.model.identifies(self.spans[place].meaning) and not self.model.acts(self.spans[place].meaning)
        placed = between[-1] in ("by", "which", "value", "order", "conjunction", "limit", "number")
        return "who they are is not said" if "metric" in between and other and not placed else None
