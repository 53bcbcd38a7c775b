"""Doubts about what "and", "or" and "minus" join: what may be read in two ways is asked about, whichever costs less."""

from __future__ import annotations

from dash.language.contradicting import picks_by
from dash.language.fragment import DoesNotCompose
from dash.language.neighbours import Neighbours
from dash.records import Span

_LEFT_OUT = frozenset({"value", "metric", "dimension"})


_BOTH = 2


class JoiningDoubts(Neighbours):
    """Looks at what stands on both sides of a conjunction; a reason is a doubt, None is none.

    Raises DoesNotCompose where another cover says it plainly.
    """

    def _joined_to_a_value(self, position: int, span: Span) -> str | None:
        """ "Chat *and* whatsapp escalations", "email *and* chat": a word for rows that is a value like the one beside
        it as well; "cost of the pipeline *and* chat": a value joined to what is measured."""
        before, after = self._at(position - 1), self._at(position + 1)
        if span.kind != "conjunction" or before is None or after is None:
            return None
        if self._is_of_its_kind(after, before):  # "email and chat tickets" can be read as two values
            raise DoesNotCompose("whether these are rows or a value is not said", position)
        if self._is_of_its_kind(before, after):
            compared = self._at(position - 2)
            if compared is not None and (compared.kind, compared.meaning) == ("shape", "compare"):
                raise DoesNotCompose(
                    "whether these are rows or a value is not said", position
                )  # "compare chat and email"
            return "whether these are rows or a value is not said"
        measured = before.kind == "metric" and not self.model.counts_rows(before.meaning)
        thing = after.kind == "value" and after.end - after.start == 1 and after.start in self.signs.things
        if measured and thing and self._kind(position + 2) not in ("metric", "row"):
            return f"whether {after.label} is a value or what is measured as well is not said"
        return None

    def _is_of_its_kind(self, noun: Span, value: Span) -> bool:
        """Whether a word of a noun is a value of the same dimension as the value beside it."""
        if value.kind != "value" or noun.kind not in ("row", "metric"):
            return False
        return any(value.meaning[0] in self.signs.valued.get(i, ()) for i in range(noun.start, noun.end))

    def _value_of_rows(self, position: int, span: Span) -> None:
        """ "*Chat tickets* to email tickets": rows that are described, and beside them another value of their kind."""
        after = self._at(position + 1)
        if after is None or not self._counts(after) or after.start != span.end or not self._counts(span):
            return
        if any(self._is_of_its_kind(span, one) for one in self.spans if one.kind == "value"):
            raise DoesNotCompose("whether these are rows or a value is not said", position)

    def _two_counts(self, position: int, span: Span) -> str | None:
        """ "*Stuck tickets* and *urgent tickets*", "*stuck* vs *open*": one number each, or the rows that are both?"""
        before, after = self._at(position - 1), self._at(position + 1)
        joins = span.kind == "conjunction" or (span.kind, span.meaning) == ("shape", "compare")
        if not joins or before is None or after is None or before.kind != "metric" or after.kind != "value":
            return None
        if not self.model.selects(before.meaning):
            return None
        if span.kind == "shape" and self._is_of_its_kind(before, after):  # "*messages by AI* vs *people*": two values
            raise DoesNotCompose("whether these are rows or a value is not said", position)
        noun = self._at(position + 2)
        said_twice = noun is not None and noun.kind in ("row", "metric") and before.end - before.start > 1
        if span.kind == "shape" or (said_twice and noun is not None and self._same_rows(before, noun)):
            return "whether rows that are both or each of them are meant is not said"
        return None

    def _shares_noun(self, position: int, span: Span) -> str | None:
        """ "How many tickets were *created and sent* in October": one number each, or those that were both? A trend
        shows one of each."""
        if span.kind != "conjunction" or any(one.kind == "grain" for one in self.spans):
            return None
        beside = [self._at(position - 1), self._at(position + 1)]
        elliptic = any(one is not None and one.elliptic and self.model.counts_rows(one.meaning) for one in beside)
        return "whether rows that are both or each of them are meant is not said" if elliptic else None

    def _one_beside_many(self, position: int, span: Span) -> str | None:
        """ "*Opened* and answered tickets", "*answered* and sent tickets": what happened to rows, joined to the name of
        a count of them by the same column or moment: one number each, or rows that are both?"""
        before, after = self._at(position - 1), self._at(position + 1)
        if (span.kind, span.meaning) != ("conjunction", "and") or before is None or after is None:
            return None
        if after.kind != "metric" or after.end - after.start < 2 or not self.model.counts_rows(after.meaning):
            return None
        metric = self.model.metrics[after.meaning]
        if before.kind == "dimension" and self.model.is_time(before.meaning) and self._kind(position - 2) != "by":
            if self._kind(position - 2) == "now":
                raise DoesNotCompose("what happened is not so now", position)  # «сейчас *открыто* и не назначено»
            return "whether rows that are both or each of them are meant is not said"
        state = before.kind == "value" and before.end - before.start == 1
        if state and picks_by(metric, before.meaning[0], self.model):
            return "whether rows that are both or each of them are meant is not said"
        return None

    def _same_rows(self, metric: Span, noun: Span) -> bool:
        table = self.model.metrics[metric.meaning].table
        return table == (noun.meaning if noun.kind == "row" else self.model.metrics[noun.meaning].table)

    def _bounds_of_two(self, position: int, span: Span) -> str | None:
        """ "Categories with at least 50 comparisons *and* a penalty under 10": of the group as the first bound, or of
        each row?"""
        if span.kind != "conjunction" or self._kind(position + 1) != "metric":
            return None
        behind = self._kind(position + 2) == "comparator"
        before = [one.kind for one in self.spans[max(0, position - 3) : position]]
        bounded = before == ["comparator", "number", "metric"] and self._kind(0) in ("dimension", "which")
        name = self.spans[position + 1].meaning
        measured = self.model.row_value(name) is not None
        return "whether the group or each row is bounded is not said" if behind and bounded and measured else None

    def _bounds_some(self, position: int, span: Span) -> str | None:
        """ "More than 3 tickets and at least one *open*": one bound on all of them, and one on some."""
        numbered = [
            place
            for place, one in enumerate(self.spans[: position + 1])
            if one.kind == "comparator" and self._kind(place + 1) == "number"
        ]
        if span.kind != "comparator" or len(numbered) < _BOTH or numbered[-1] != position:
            return None
        some = [place for place in numbered if self._kind(place + 2) in ("value", "negation")]
        measured = any(self._kind(place - 1) in ("metric", "dimension") for place in some)
        return "of which of them the number is bounded is not said" if some and not measured else None

    def _either(self, position: int, span: Span) -> None:
        """ "From Germany *or* in Spanish", "over 50 *or* under 5": rows of either are not asked for, but for two values
        of a kind, two numbers and two periods; "5 *or more*" is one bound."""
        before, after = self._at(position - 1), self._at(position + 1)
        if (span.kind, span.meaning) != ("conjunction", "or") or before is None or after is None:
            return
        if before.kind == after.kind == "value" and before.meaning[0] == after.meaning[0]:
            return
        if before.kind == after.kind and before.kind in ("number", "time", "metric"):
            return
        if before.kind == "number" and after.kind == "comparator" and self._kind(position + 2) != "number":
            return
        raise DoesNotCompose("rows of either of the two are not counted together", position)

    def _denies_two(self, position: int, span: Span) -> str | None:
        """ "Excluding unassigned *and email*", "except Agent 04 *and unassigned*": left out as well, or wanted? Two
        values of a kind are both left out ("not from Germany and Israel")."""
        before, after = self._at(position - 1), self._at(position + 1)
        denied = [one.kind for one in self.spans[max(0, position - 3) : position - 1]]
        if span.kind != "conjunction" or before is None or after is None or "negation" not in denied:
            return None
        if before.kind not in _LEFT_OUT or after.kind not in (*_LEFT_OUT, "time", "row"):
            return None
        if before.kind == after.kind == "value" and before.meaning[0] == after.meaning[0]:
            return None
        return "whether the second is left out as well is not said"

    def _lacks_two(self, position: int, span: Span) -> str | None:
        """ "Tickets *without an agent and rating*": a metric of which the name denies something, and one more thing."""
        before, after = self._at(position - 1), self._at(position + 1)
        if span.kind != "conjunction" or before is None or after is None or before.kind != "metric":
            return None
        denied = {*range(before.start, before.end)} & self.signs.negations
        noun = after.kind == "dimension" or (after.kind == "metric" and not self.model.counts_rows(after.meaning))
        beside = denied and before.end == span.start and noun and self._at(position + 2) is None
        return "whether the second is missing as well is not said" if beside else None

    def _narrows_late(self, position: int, span: Span) -> str | None:
        """ "Tickets created yesterday *and unassigned*": some of them, or a number of its own?"""
        before, after = self._at(position - 1), self._at(position + 1)
        if span.kind != "conjunction" or before is None or before.kind != "time" or after is None:
            return None
        brief = after.kind == "metric" and after.end - after.start == 1 and self.model.selects(after.meaning)
        if after.start in self.signs.plurals | self.signs.things:
            return None  # "last week *and escalations*": a number of its own
        counted = any(one.kind in ("metric", "row") for one in self.spans[:position])
        return "whether these are some of them or counted apart is not said" if brief and counted else None

    def _this_and_last(self, position: int, span: Span) -> str | None:
        """ "This month *and last*": the month before, or the newest rows?"""
        if span.kind != "order" or span.meaning not in ("newest", "oldest") or self._at(position + 1) is not None:
            return None
        kinds = [self._kind(position - 1), self._kind(position - 2)]
        joined = kinds[0] == "time" or (kinds[0] == "conjunction" and kinds[1] == "time")
        return "whether the period before is meant is not said" if joined else None

    def _top_in_each(self, position: int, span: Span) -> str | None:
        """ "The best agent *in each* channel", "top 3 categories *per* month": the first of each, or of all?"""
        told = self._kind(position + 1) in ("dimension", "grain", "unit")
        if (span.kind, span.meaning) != ("by", "every") or not told:
            return None
        aged = ("oldest", "newest")  # a list in the order of time ranks nothing
        ranked = any(one.kind in ("order", "limit") and one.meaning not in aged for one in self.spans)
        grouped = any(one.kind in ("dimension", "grain") for one in self.spans[:position])
        return "whether the first of each or of all are wanted is not said" if ranked and grouped else None

    def _one_by_each(self, position: int, span: Span) -> str | None:
        """ "*Peak hour by channel*", "top 3 reasons by month": the first of each, or of all? "Most common reasons by
        channel" are all of them."""
        told = self._kind(position + 1) == "dimension"
        if not (span.kind == "grain" or (span.kind == "by" and told)):
            return None
        ranked = any(one.kind == "order" for one in self.spans[:position])
        if ranked and [self._kind(0), self._kind(1)] == [
            "which",
            "dimension",
        ]:  # "which agent has the worst csat by month"
            return "whether the first of each or of all are wanted is not said"
        noun, place = self._at(position - 1), position - 2
        if noun is not None and span.kind == "by" and self._counts_one(noun, self._at(place)):
            return "whether the first of each or of all are wanted is not said"
        if noun is None or noun.kind not in ("dimension", "unit"):
            return None
        so_many = self._kind(place) == "number"
        while self._kind(place) in ("number", "value"):
            place -= 1
        first = self._at(place)
        if first is None or first.kind not in ("order", "limit") or first.meaning in ("oldest", "newest"):
            return None
        so_many = so_many or self._kind(place - 1) == "number"  # "*3 worst agents* by channel"
        one = self.signs.names_one(noun, first)
        return "whether the first of each or of all are wanted is not said" if one or so_many else None

    def _most_of_a_measure(self, position: int, span: Span) -> str | None:
        """ "Chats with *the most turns*": those with many, or the commonest number of them?"""
        before = self._at(position - 1)
        if span.kind != "dimension" or before is None or not self.model.is_measure(span.meaning):
            return None
        ranked = before.kind == "order" and before.meaning in ("highest", "lowest", "longest", "shortest")
        return "whether many of them or the commonest number is wanted is not said" if ranked else None

    def _counts_one(self, noun: Span, order: Span | None) -> bool:
        """ "The *most used tool* in each channel", «*самая частая ошибка* на каждом шаге»: rows are counted, and one of
        what they are is wanted."""
        if noun.kind != "metric" or not self.model.counts_rows(noun.meaning):
            return False
        kind = self.model.metrics[noun.meaning].default_dimension
        last = noun.end - 1  # "most used *tool*"
        named = last > noun.start and last in self.signs.singulars and kind in self.signs.kinds.get(last, ())
        return named or (order is not None and order.kind == "order" and self.signs.names_one(noun, order))

    def _bounds_the_second(self, position: int, span: Span) -> str | None:
        """ "How many chats, and how many *longer than* 30 minutes": two numbers, of which only one is bounded."""
        second = self._second_count(position)
        if span.kind not in ("comparator", "more") or second is None:
            return None
        named = any(one.kind in ("metric", "row") for one in self.spans[second:position])
        return None if named else "of which rows the second number is wanted is not said"

    def _less_another(self, position: int, span: Span) -> str | None:
        """ "Prompt tokens *minus* completion tokens": two that are measured, and one is taken from the other."""
        sides = [self._at(position - 1), self._at(position + 1)]
        if span.kind != "negation":
            return None
        measured = [
            one is not None and one.kind == "metric" and not self.model.counts_rows(one.meaning) for one in sides
        ]
        return "whether one is taken from the other is not said" if all(measured) else None

    def _one_of_two_limited(self, position: int, span: Span) -> str | None:
        """ "*Email* tickets vs chats": each stands for rows of its own, and what is said of one is not said of both."""
        sides = [self._at(position + i) for i in (-2, -1, 1, 2)]
        if (span.kind, span.meaning) != ("shape", "compare") or sides[1] is None or sides[2] is None:
            return None
        limited, behind = sides[0], sides[2] if sides[2].kind != "value" else sides[3]
        tables = [self._rows_named(one) for one in (sides[1], behind)]
        if None in tables or tables[0] == tables[1]:
            return None
        says = (limited is not None and limited.kind == "value") or sides[2].kind == "value"
        return "which of the two numbers is limited is not said" if says else None

    def _with_others(self, position: int, span: Span) -> str | None:
        """ "Tickets by day *with the number of messages*", "csat by channel *with tickets*": one more number, or those
        that have some?"""
        if not self._counts(span) or not self._told_with(position) or self._kind(position + 1) == "comparator":
            return None
        named = [one for one in self.spans[:position] if one.kind in ("metric", "row")]
        if self._numbered(position):
            doubtful = any(map(self._counts, named))
        else:
            same = [one for one in named if one.kind == "metric" and not self._counts(one)]
            doubtful = self._kind(position - 1) != "time" and any(self._same_rows(one, span) for one in same)
        return f"whether the number of {span.label} is wanted as well is not said" if doubtful else None

    def _rows_named(self, span: Span | None) -> str | None:
        """The table whose rows a noun stands for."""
        if span is None or span.kind not in ("row", "metric"):
            return None
        if span.kind == "row":
            return str(span.meaning)
        counts = self.model.counts_rows(span.meaning)
        return self.model.metric_table(self.model.metrics[span.meaning]) if counts else None

    def _part_of_which(self, position: int, span: Span) -> str | None:
        """ "What *share of escalated chats came from WhatsApp*", "of English *among escalated chats*": a part of those,
        or how many of that channel's are such?"""
        shared = span.kind == "metric" and self.model.metrics[span.meaning].unit == "percent"
        shared = shared and bool(self.signs.shares & {*range(span.start, span.end)})
        share = (span.kind, span.meaning) == ("shape", "share")
        behind = self.spans[position + 1 :]
        if not (shared or share) or not any(i > span.start for i in self.signs.among):
            return None
        chosen = any(one.kind == "metric" and self.model.selects(one.meaning) for one in behind)
        if share and not chosen and not any(one.kind == "negation" for one in behind):
            return None
        valued = any(one.kind == "value" for one in behind)
        return "what is a part of what is not said" if valued else None

    def _and_not_another(self, position: int, span: Span) -> str | None:
        """ "Chats that used *discount but not retention*": a word that may be a value of the same kind is one."""
        before, denied = self._at(position - 2), self._at(position - 1)
        if span.kind != "value" or before is None or before.kind != "value" or denied is None:
            return None
        known = before.meaning[0] in self.signs.valued.get(span.start, ())
        if denied.kind == "negation" and known and before.meaning[0] != span.meaning[0]:
            raise DoesNotCompose(f"whether {span.label} is another kind of thing is not said", position)
        return None

    def _slowest_of_two(self, position: int, span: Span) -> str | None:
        """ "*Slowest agent*": people or AI agents, and at what?"""
        before = self._at(position - 1)
        if span.kind != "dimension" or before is None or before.meaning not in ("slowest", "fastest"):
            return None
        kinds = self.signs.kinds.get(span.end - 1, frozenset())
        told = any(one.kind in ("metric", "row", "value") for one in self.spans)
        return "at what it is the slowest is not said" if len(kinds) > 1 and not told else None

    def _first_per_thing(self, position: int, span: Span) -> str | None:
        """A turn that begins «на тикет»: for each of them, and not their number."""
        begins = position == 0 and span.start - 1 in self.signs.per and self._rows_named(span) is not None
        return f"whether for each of {span.label} is not said" if begins else None

    def _rows_alone(self, position: int, span: Span) -> str | None:
        """Rows of which nothing is said: a number of messages, and then "*in chats*"; "how many *tickets had* them"."""
        if self._rows_named(span) is None:
            return None
        if len(self.spans) == 1 and span.start - 1 in self.signs.within:
            return f"what of {span.label} is wanted is not said"
        before = self._at(position - 1)
        counted = before is not None and (before.kind, before.meaning) == ("shape", "count")
        behind = [one.kind for one in self.spans[position + 1 :]]
        lacking = counted and {*behind} == {"refer"} and span.end in self.signs.holding
        return f"what {span.label} have is not said" if lacking else None
