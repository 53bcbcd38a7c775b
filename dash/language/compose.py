"""A cover of spans → the slots of a query. Each word takes its place from its neighbours' kinds, never from a pattern
of a whole sentence; a word that finds no place makes the cover fail, so nothing that was said is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.language.added import without_added
from dash.language.asking_when import without_when
from dash.language.denied import without_denied
from dash.language.doubting import Doubts
from dash.language.first_of_each import without_each
from dash.language.fragment import VAGUE, DoesNotCompose, Doubtful, Fragment
from dash.language.grouping import Grouping
from dash.language.nameless import without_nameless
from dash.language.opposing import without_sides
from dash.language.predicates import without_joints
from dash.language.ranges import ends_of
from dash.language.signs import NO_SIGNS, Signs
from dash.records import Span
from dash.semantics.model import SemanticModel

_MANY = 3
_SAID_BRIEFLY = 2
"""Words of a metric behind which "only" narrows it ("open tickets only") and says nothing of who did it."""


def read_fragment(spans: Sequence[Span], model: SemanticModel, signs: Signs = NO_SIGNS) -> Fragment:
    """The slots that these spans fill. Raises DoesNotCompose, of which Doubtful is one."""
    spans, left_out = without_nameless(without_added(spans, model, signs), model, signs)
    spans, corrects = without_denied(spans)
    spans, asks_when = without_when(spans)
    spans = [_joining(spans, place) for place in range(len(spans))]
    spans, within = without_each(spans, signs)
    spans, sides, known = without_sides(without_joints(spans, model, signs), model, signs)
    spans = [part for place in range(len(spans)) if not _is_theirs(spans, place) for part in ends_of(spans[place])]
    Doubts(spans, model, signs).raise_first()
    fragment = _Reader(spans, model, signs).read()
    fragment.follow_up, fragment.replaces = fragment.follow_up or corrects, fragment.replaces or corrects
    fragment.sides, fragment.of_each, fragment.own_time = sides, within, asks_when
    fragment.filters += [one for one in (*left_out, *known) if one not in fragment.filters]
    return fragment


def _is_theirs(spans: Sequence[Span], position: int) -> bool:
    """ "Top 3 countries by tickets and *their* CSAT": of what the question has named, so it says nothing new."""
    if (spans[position].kind, spans[position].meaning) != ("refer", "own") or position + 1 >= len(spans):
        return False
    return spans[position + 1].kind in ("metric", "dimension") and names_before(spans, position)


def _joining(spans: Sequence[Span], position: int) -> Span:
    """«Сколько в очереди, *а* сколько в работе?»: in the middle of a question it joins two of a kind."""
    span = spans[position]
    following = spans[position + 1] if position + 1 < len(spans) else None
    counts = following is not None and (following.kind, following.meaning) == ("shape", "count")
    joins = span.kind == "follow_up" and counts and any(one.kind == "shape" for one in spans[:position])
    joins = joins or (
        _is_theirs(spans, position) and spans[position - 1].kind == "metric"
    )  # "by tickets, *their* CSAT"
    return replace(span, kind="conjunction", meaning="and") if joins else span


def names_before(spans: Sequence[Span], position: int) -> bool:
    """Whether what "them" stands for is named in the same question: "tickets with nobody assigned to them". "How many
    tickets *is that*" speaks of what was told before, "how many are open, and what share *is that*" does not."""
    if spans[position].meaning in ("told", "counted"):
        shares = [i for i, one in enumerate(spans[:position]) if one.says_share]
        joints = [i for i, one in enumerate(spans[: shares[-1]]) if one.kind == "conjunction"] if shares else []
        position = joints[-1] if joints else 0
    return any(span.kind in ("metric", "row", "value") for span in spans[:position])


class _Reader(Grouping):
    apart = False

    def read(self) -> Fragment:
        for position, span in enumerate(self.spans):
            if position not in self.taken:
                handler = getattr(self, f"_read_{span.kind.rstrip('?')}", None)
                if handler is None:
                    raise DoesNotCompose(f"{span.label} has no place", position)
                handler(position, span)
        self.out.adds = self.out.adds or any(
            one.kind in ("metric", "dimension") and one.end in self.signs.too for one in self.spans
        )
        people = any(span.kind == "which" and span.meaning == "person" for span in self.spans)
        if people and self.out.order and self.out.limit is None and not self.out.sorted:
            self.out.singular = True  # "who has the most"
        if any(all(bound.metric != name for bound in self.out.bounds) for name in self.bounded):
            raise DoesNotCompose("a metric without a place")
        self.out.implied = self.implied and self.out.order is not None
        self._settle_mentions()
        self._require_frequent()
        self._tell_each()
        return self.out

    def _require_frequent(self) -> None:
        """ "CSAT of the *busiest* channel": the most frequent by what is counted, and not by what is measured."""
        counted = any(map(self.model.counts_rows, self.out.metrics))
        if self.out.frequent_group and self.out.metrics and not counted:
            raise Doubtful("by what it is the most frequent is not said")

    def _tell_each(self) -> None:
        """ "How many were approved, rejected *and* expired": of three and more, each is asked and not their sum; so it
        is of two that are wanted "separately"."""
        places = [i for i, one in enumerate(self.spans) if one.kind == "value"]
        named = [self.spans[i].meaning[0] for i in places]
        if self.apart:
            several = [one for one in dict.fromkeys(named) if named.count(one) > 1]
            for dimension in several:
                self._group(dimension)
            if not (several or self.out.groups or self.out.grain or len(self.out.metrics) > 1):
                raise DoesNotCompose("what is told apart is not said")
        elif "count" in self.out.shapes and not (self.out.groups or self.out.columns or self.out.grain):
            last = self._at(places[-1] - 1) if places else None
            joined = last is not None and (last.kind, last.meaning) == ("conjunction", "and")
            denied = any(one.kind == "negation" for one in self.spans)
            if joined and not denied and len(set(named)) == 1 and len(places) >= _MANY:
                self._group(named[0])

    def _read_apart(self, position: int, span: Span) -> None:
        """ "On email and whatsapp *separately*"."""
        self.apart = True

    def _read_which(self, position: int, span: Span) -> None:
        following = self._at(position + 1)
        if span.meaning == "person" and following is not None and following.kind == "which":
            raise DoesNotCompose("in what role is not said", position)  # "the thread, *who wrote what*"
        role = position + 1
        while self._kind(role) == "value":
            role += 1
        if span.meaning == "person" and following is None and self._kind(position - 1) in ("by", "conjunction"):
            raise Doubtful("what they did is not said", position)  # "when was it opened, and *by whom*"
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
        if (
            self._kind(position - 1) == "conjunction"
            and not counted
            and any(map(self.model.counts_rows, self.out.metrics))
        ):
            both = "count" in self.out.shapes and following is not None and following.kind == "dimension"
            if both:  # "how many came, and *which channel* had most"
                raise Doubtful("whether a number and a list of them are wanted is not said", position)
            if following is None or not following.says_share:
                self.out.shapes.discard("count")  # "how many tool calls, and *what* was the failure rate"
        if following is not None and following.kind == "dimension":
            self._ask_for_people(following)
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
        if span.meaning == "share" and self._tells_change(position):
            return
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
        elif (
            span.meaning == "count"
            and "count" in self.out.shapes
            and self._kind(position - 1) == "conjunction"
            and self._kind(position + 1) != "refer"
        ):
            self.out.shapes.add("compare")  # "how many by email and how many by chat"
        elif span.meaning == "change" and "count" in self.out.shapes and self._kind(position - 1) in ("row", "metric"):
            raise Doubtful(
                "whether they changed or their number is not said", position
            )  # "how many instructions changed"
        else:
            counted = [(one.kind, one.meaning) for one in self.spans[max(0, position - 2) : position]]
            listed = counted == [("shape", "count"), ("conjunction", "and")]  # "by reason, with *count and share*"
            told = self.out.groups or (listed and self.out.mentioned)
            if span.meaning == "share" and told and (listed or self._at(position + 1) is None):
                self.out.shapes.add("breakdown")  # "payment tickets by channel, *as shares*": of each other
            self.out.shapes.add(span.meaning)

    def _tells_change(self, position: int) -> bool:
        """ "The change *in percent*", "last week vs the week before *in percent*": a change is told in both."""
        before = self._at(position - 1)
        if before is not None and (before.kind, before.meaning) == ("shape", "change"):
            return True
        set_beside = before is not None and before.kind in ("earlier", "time") and "compare" in self.out.shapes
        grouped = self._kinds("value") or self._kinds("dimension")
        if "change" in self.out.shapes and self._kinds("grain"):  # "change by month this year *in percent*"
            return self._at(position + 1) is None and not grouped
        return set_beside and self._at(position + 1) is None and not grouped

    def _read_by(self, position: int, span: Span) -> None:
        if self._at(position + 1) is None and "share" in self.out.shapes and self.out.mentioned:
            return  # "reasons, share of each"
        if self._at(position + 1) is None and span.meaning == "every" and self.out.which and self.out.groups:
            return  # "which agents have more than 20 tickets *each*"
        if self._at(position + 1) is None and span.meaning == "every" and "compare" in self.out.shapes:
            return  # "gpt-5.1 vs gpt-5.2: win rate and penalty *of each*"
        changed = self._at(position + 1)
        if changed is not None and (changed.kind, changed.meaning) == ("shape", "change") and self.implied:
            self._rank_by_change(position + 1)
            return
        if span.meaning == "whole":
            self._tell_of_the_whole(position)
        self.out.splits = self.out.splits or span.meaning == "split"
        self.out.each_said = self.out.each_said or span.meaning == "every" or self._says_each(span)
        if self._kind(position + 1) == "dimension":
            self._tell_of_each_part(position, span)
            one_by_one = bool(self.signs.every & {*range(span.start, span.end)})
            self.out.every = self.out.every or one_by_one or span.meaning == "every"
            if one_by_one:
                self._tell_of_people(self.spans[position + 1])
        allowed = ("dimension", "value", "metric", "row", "unit", "grain", "time", "negation", "id", "order", "which")
        if span.meaning == "every" and self._kind(position + 1) == "value":
            raise DoesNotCompose(f"{span.label}: for each of one is not told", position)
        described = self._at(position + 2)
        named = described is not None and (described.kind == "row" or self._names_rows(described))
        if self._kind(position + 1) == "value" and named:
            raise DoesNotCompose(f"{span.label}: for each of some of them is not told", position)  # "per open ticket"
        if (
            self._kind(position + 1) == "row"
            and (self.out.order or self.out.limit)
            and any(one.kind == "metric" for one in self.spans[position:])
        ):
            raise DoesNotCompose(f"{span.label}: how many of them is meant", position)  # "top 3 *by tickets* with CSAT"
        if self._kind(position + 1) == "row" and self.spans[position + 1].end - 1 in self.signs.singulars:
            raise DoesNotCompose(f"{span.label}: for each of them is not told", position)
        ranked = [self._kind(position + i) for i in (1, 2)] == ["aggregation", "metric"]  # "by *median* time to send"
        if self._kind(position + 1) not in allowed and not ranked:
            raise DoesNotCompose(f"{span.label}: by what?", position)

    def _names_rows(self, span: Span) -> bool:
        """Whether a count has a word for its rows: «по shipping *не двигаются*» says what they do."""
        words = self.signs.things | {one for one in self.signs.plurals if one < span.end}
        return (
            span.kind == "metric"
            and self.model.counts_rows(span.meaning)
            and bool(words & {*range(span.start, span.end)})
        )

    def _read_conjunction(self, position: int, span: Span) -> None:
        if span.start - 1 in self.signs.holding and self._kind(position + 1) in ("negation", "metric"):
            raise Doubtful(f"{span.label}: what is joined is not said", position)  # "with and without an agent"
        named, other = self._at(position - 1), self._at(position + 1)
        chosen = named is not None and named.kind == "metric" and self.model.selects(named.meaning)
        if span.meaning == "or" and chosen and other is not None and other.kind in ("value", "metric", "comparator"):
            raise Doubtful("whether one of two conditions is enough is not said", position)  # "stuck or urgent"
        if not self.out.metrics and [self._kind(position - 1), self._kind(position + 1)] == ["context", "value"]:
            raise DoesNotCompose(f"{span.label}: what is joined is not said", position)  # "pipeline *and* chat cost"
        lost = named is not None and other is not None and named.end < span.start and other.kind == "value"
        if lost and named is not None and named.kind in ("metric", "row"):
            raise Doubtful(f"{span.label}: what is joined is not said", position)  # "tickets from *us and canada*"
        if position == 0:
            self.out.follow_up = True

    def _read_than(self, position: int, span: Span) -> None:
        """ "More in October *than* in September", "in chat *than* by mail": two of a kind set against each other."""
        other = self._at(position + 1)
        if other is not None and other.kind == "value" and other.meaning[0] in {f.dimension for f in self.out.filters}:
            self.out.shapes.add("compare")
            return
        if not self.out.windows or self._kind(position + 1) not in ("time", "earlier"):
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
        following = self._at(position + 1 + (self._kind(position + 1) == "by"))
        if following is None:
            named = self._at(position - 1)
            long = named is not None and named.kind == "metric" and named.end - named.start > _SAID_BRIEFLY
            if named is not None and long and self.model.selects(named.meaning):
                # "tickets handled by humans *only*"
                raise Doubtful("that they are nothing else is not known", position)
            return
        inside = self._kind(position - 1) in ("metric", "row") and following.kind == "metric"
        several = following.kind == "value" and self.model.is_array(following.meaning[0])
        things = following.kind == "time" and any(map(self._counts_different, self.spans))
        acting = following.kind == "value" and self._names_its_metric(*following.meaning)
        if inside or several or things or acting:
            # "tickets *only* handled by AI", "handled *only* by the router", "customers who wrote *only* in October"
            raise Doubtful("that they are nothing else is not known", position)

    def _read_both(self, position: int, span: Span) -> None:
        """ "Both email and chat tickets": rows are of either; of what has several rows it may be each of them."""
        self.out.both = True

    def _read_earlier(self, position: int, span: Span) -> None:
        if self._kind(position + 1) in ("time", "unit", "grain"):
            raise DoesNotCompose(f"{span.label}: which one is not said", position)
        self.out.earlier = True
        self.out.earlier_unit = next(
            (self.signs.units[i] for i in range(span.start, span.end) if i in self.signs.units), None
        )

    def _read_now(self, position: int, span: Span) -> None:
        self.out.now = True

    def _read_vague(self, position: int, span: Span) -> None:
        raise Doubtful(VAGUE, position)

    def _read_refer(self, position: int, span: Span) -> None:
        before = [one.meaning for one in self.spans[max(0, position - 2) : position]]
        counted = before == ["and", "count"] or (before[-1:] == ["and"] and "count" in self.out.shapes)
        if counted and names_before(self.spans, position):
            self.out.of_them = True  # "how many tickets came in, and how many *of them* were sent"
            self.out.shapes.add("share")
            return
        self.out.refers = self.out.refers or not names_before(self.spans, position)
        if span.meaning == "counted":  # «сколько это клиентов»
            self.out.refers = True
            self.out.shapes.add("count")

    def _read_step(self, position: int, span: Span) -> None:
        """ "Year over year": a change, and from when."""
        self.out.shapes.add("change")
        self.out.step = span.meaning

    def _read_beyond(self, position: int, span: Span) -> None:
        """ "Are *all* of them …", "*started with*": what rows and numbers do not say."""
        raise Doubtful(f"what {span.label} asks is not what is counted", position)

    def _read_percent(self, position: int, span: Span) -> None:
        of_each = span.meaning == "of_each"
        if of_each and not (self.out.groups or self.out.mentioned):
            raise DoesNotCompose(f"{span.label}: of each what?", position)
        if of_each or (self.out.groups and self._at(position + 1) is None):
            self.out.shapes.add("breakdown")
        self.out.shapes.add("share")

    def _read_adding(self, position: int, span: Span) -> None:
        """ "*Add* the response rate", "by tool *and with* the median": beside what the turn before asked for."""
        if self._at(position + 1) is None or (position and self.out.metrics):
            raise DoesNotCompose(f"{span.label} has no place", position)
        self.out.follow_up = self.out.adds = True

    def _read_elided(self, position: int, span: Span) -> None:
        """ "And in this one?", "over the same period": a period told by that of the turn before."""
        if self.out.elided is not None or (position and span.meaning != "same"):
            raise DoesNotCompose(f"{span.label} has no place", position)
        self.out.follow_up = True
        self.out.elided = span.meaning

    def _read_follow_up(self, position: int, span: Span) -> None:
        behind = position == len(self.spans) - 1  # "median instead"
        if position > 0 and not behind and self.spans[position - 1].kind not in ("follow_up", "conjunction", "only"):
            raise DoesNotCompose(f"{span.label} has no place", position)
        if position > 1 and not behind and self.spans[position - 1].kind == "conjunction":
            raise Doubtful("what came after what is not said", position)  # "failed *and then* succeeded"
        self.out.follow_up = True
        self.out.corrects = self.out.corrects or span.meaning == "correction"
