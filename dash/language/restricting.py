"""Conditions of a question: values that are wanted or not, columns that are empty, stages that were reached."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dash.language.bounding import Bounding
from dash.language.fragment import DoesNotCompose, Doubtful
from dash.records import Filter, Span


class Restricting(Bounding):
    """Reads what restricts the rows of one cover into its fragment."""

    def _predicates_inside(self, span: Span) -> bool:
        """Whether a phrase says what is said of the rows, and names them itself."""
        inside = any(i in self.signs.copulas for i in range(span.start + 1, span.end))
        some = bool(self.out.filters) and not self.out.bundled  # "open" says by itself what others say by a metric
        return "share" in self.out.shapes and inside and some

    def _asks_for_a_share(self, position: int) -> bool:
        """Whether a rate stands before that is called by a word for a share."""
        rates = (s for s in self.spans[:position] if s.kind == "metric" and s.start in self.signs.shares)
        return any(self.model.metrics[rate.meaning].unit == "percent" for rate in rates)

    def _read_value(self, position: int, span: Span) -> None:
        dimension, values = span.meaning
        if self._names_its_metric(dimension, values):
            return  # "in which category does *AI* lose to people most often": it is in the name of the metric
        self.out.topical = self.out.topical or span.topical
        self.out.said[dimension] = self.out.said.get(dimension, 0) + 1
        if len(values) > 1:
            self.out.bundled.add(dimension)
        negated = self._negated(position)
        done = self._is_done(position)
        self.out.acted = self.out.acted or done
        staged = bool(self.model.stages_from(dimension, values[0]))
        if (
            staged
            and not done
            and self._kind(position + 1) == "order"
            and [self._kind(position - 2), self._kind(position - 1)]
            == [
                "which",
                "dimension",
            ]
        ):  # "which countries *sent* the most tickets"
            doer = self.spans[position - 1]
            meant = any(
                self.model.acts(one) for one in self.signs.kinds.get(doer.start, ())
            )  # an "agent" may be either
            raise (DoesNotCompose if meant and not self.model.acts(doer.meaning) else Doubtful)(
                f"whether {span.label} is what they did or what the rows are is not said", position
            )
        if self._kind(position - 1) == "negation" and self._kind(position + 1) == "comparator":
            raise Doubtful("what is denied is not said", position)  # "who *never sent* more than 10"
        now = any(one.kind == "metric" and self.model.metrics[one.meaning].present_state for one in self.spans)
        if negated and not now and len(values) == 1 and len(self.model.stages_from(dimension, values[0])) > 1:
            raise Doubtful(f"whether {span.label} was never reached or is not now is not said", position)
        if span.start in self.signs.copulas and self._asks_for_a_share(position):
            # "Share of tickets sent that were urgent"
            raise Doubtful("of what the share is taken is not said", position)
        if self._counts_again(position):
            if any(known.dimension == dimension for known in self.out.filters):
                self.out.groups.append(dimension)  # "how many from email *and how many* from chat"
            elif self.out.filters or self._names_again(position):
                raise Doubtful("of which rows the second number is wanted is not said", position)
            else:
                self.out.of_them = True  # "how many came in *and how many* were urgent"
                # a part beside the whole is what there is to compare, also where "compare" is said
                self.out.shapes = (self.out.shapes - {"compare"}) | {"share"}
        if self._predicated(position):
            self.out.part.append(Filter(dimension, "not_in" if negated else "in", tuple(values)))
            return
        other = self._before(position)
        former = self._at(other[0] - 1) if other and other[1].meaning == "or" else None
        if former is not None and former.kind == "value" and former.meaning[0] != dimension:  # "urgent or open"
            of_one = former.meaning[0] in self._may_be(span) or dimension in self._may_be(former)
            # "Shipping or pause subscription", which is an action too: two categories, and another cover says that.
            failure = DoesNotCompose if of_one else Doubtful
            raise failure("whether one of two different conditions is enough is not said", position)
        twice = [self._kind(position - 1), self._kind(position + 1), self._kind(position + 2)]
        if twice == ["conjunction"] * 2 + ["value"] and self._kind(position - 2) not in ("value", "dimension"):
            self.out.both = True  # «и на email, и в whatsapp»
        versus = self._kind(position - 1) == "shape" or self._kind(position + 1) == "shape"
        for index, known in enumerate(self.out.filters):
            if known.dimension == dimension:
                if negated != (known.operator == "not_in") and (negated or not self._conjoined(position)):
                    raise DoesNotCompose(f"one value of {dimension} is wanted and another is not", position)
                both_not = negated and known.operator == "not_in"
                if not (both_not or self._conjoined(position) or versus or "compare" in self.out.shapes):
                    if set(values) & set(known.values) and not negated:
                        smaller = tuple(v for v in known.values if v in values)
                        self.out.filters[index] = Filter(dimension, known.operator, smaller)
                        return
                    raise DoesNotCompose(f"two values of {dimension} with nothing between them", position)
                if not negated and not (other and other[1].meaning == "or"):
                    self.out.listed.add(dimension)
                    if self.model.is_array(dimension):
                        self.out.several.add(dimension)
                merged = tuple(dict.fromkeys((*known.values, *values)))
                self.out.filters[index] = Filter(dimension, known.operator, merged)
                return
        self.out.filters.append(Filter(dimension, "not_in" if negated else "in", tuple(values)))

    def _counts_again(self, position: int) -> bool:
        """Whether a second number is asked for, behind a conjunction or a comma, of the same rows as the first."""
        second = self._second_count(position)
        named = [i for i in range(position) if self.spans[i].kind in ("metric", "row")]
        if second is None or not named or named[0] > second:
            return False
        if self._kind(second - 1) != "conjunction" and self.spans[second].start not in self.signs.commas:
            return False
        values = [i for i in range(second) if self.spans[i].kind == "value"]
        same = {self.spans[i].meaning for i in named if i > second} <= {self.spans[i].meaning for i in named[:1]}
        if not same and values:  # "how many tickets by email and how many chats were urgent"
            raise Doubtful("which of the two numbers is limited is not said", position)
        return same and not any(self._kind(i) == "refer" for i in range(second, position))

    def _names_again(self, position: int) -> bool:
        """ "How many tickets … and how many *tickets* are urgent": of all, or of those before?"""
        second = self._second_count(position)
        return second is not None and any(one.kind in ("metric", "row") for one in self.spans[second:])

    def _may_be(self, span: Span) -> frozenset[str]:
        """The dimensions that the words of a span are a value of."""
        return self.signs.named.get((span.start, span.end), frozenset())

    def _is_done(self, position: int) -> bool:
        """ "Which agents *sent* more than 10 tickets": what somebody did, and not how the rows are now."""
        doer = self._at(position - 1)
        if doer is not None and doer.kind == "which" and self._kind(position - 2) == "dimension":
            doer = self._at(position - 2)  # "agents *who* sent more than 10 tickets"
        acts = (
            doer is not None
            and doer.kind == "dimension"
            and self._kind(position + 1) in ("comparator", "number", "order")
        )
        return doer is not None and acts and self.model.acts(doer.meaning)

    def _names_its_metric(self, dimension: str, values: Sequence[object]) -> bool:
        """Whether a value is a word of the metric's own name, and nothing that the metric could be limited to."""
        metrics = [self.model.metrics[one.meaning] for one in self.spans if one.kind == "metric"]
        said = [
            {word for text in metric.label.values() for word in re.findall(r"\w+", text.lower())} for metric in metrics
        ]
        return bool(metrics) and len(values) == 1 and all(
            str(values[0]).lower() in words and self.model.place(dimension, self.model.metric_table(metric)) is None
            for metric, words in zip(metrics, said, strict=True)
        )  # fmt: skip

    def _read_negation(self, position: int, span: Span) -> None:
        if position == 0 and span.end in self.signs.commas:
            raise DoesNotCompose("no is not without", position)  # «*не, я* про damaged»
        following = position + 1
        while self._kind(following) in ("dimension", "by"):
            following += 1
        if self._kind(following) in ("value", "reach") or (
            self._at(position + 1) is None and self._kind(position - 1) == "value"
        ):
            return
        named, before = self._at(position + 1), self._at(position - 1)
        if named is None and before is not None and before.kind == "dimension" and before.meaning in self.out.mentioned:
            self.out.mentioned.remove(before.meaning)
            self.out.dropped.append(before.meaning)  # «по дням, *каналы не нужны*»
            return
        if named is not None and named.kind == "dimension" and self._kind(position + 2) == "comparator":
            self.inverted.add(position + 2)
            self.taken.add(position + 1)
            if named.meaning not in self.out.groups:
                self.out.mentioned.append(named.meaning)
            return
        kinds = [self._kind(position + i) for i in (1, 2, 3)]
        if kinds == ["dimension", "metric", "comparator"]:  # "don't count tools called fewer than 30 times"
            self.inverted.add(position + 3)
            self.taken.add(position + 1)
            if named is not None and named.meaning not in (*self.out.groups, *self.out.mentioned):
                self.out.mentioned.append(named.meaning)
            return
        if kinds[:2] == ["metric", "comparator"] and self._bounds_times(position + 2):
            self.inverted.add(position + 2)  # "don't count *tools called* fewer than 30 times"
            return
        if named is not None and named.kind == "comparator":  # "skip the ones with under 20 ratings"
            self.inverted.add(position + 1)
            return
        twice = self._at(position + 2)
        if named is not None and named.kind == "negation" and twice is not None and twice.kind == "dimension":
            self.out.filters.append(Filter(twice.meaning, "not_null"))  # "skip those without a country"
            self.taken.update((position + 1, position + 2))
            return
        missing = self.model.absent_dimension(named.meaning) if named is not None and named.kind == "metric" else None
        things = any(map(self._counts_different, self.spans[:position]))  # "customers without unassigned tickets"
        asks = self.out.which and self.out.order is None  # "which agents have no …", not "… has most, except …"
        if missing is not None and not (asks or things or span.start - 1 in self.signs.holding):
            self.out.filters.append(Filter(missing, "not_null"))  # "by assignee, *without the unassigned*"
            self.taken.add(position + 1)
            return
        empty = None
        if named is not None and named.kind == "dimension" and self._kind(position + 2) != "dimension":
            empty = named.meaning
        elif named is not None and named.kind == "metric":  # "without a penalty score"
            empty = self.model.measured_dimension(named.meaning)
        if empty is None:
            raise DoesNotCompose(f"{span.label}: what is excluded?", position)
        self.out.filters.append(Filter(empty, "is_null"))
        self.taken.add(position + 1)

    def _read_absent(self, position: int, span: Span) -> None:
        """ "The country is missing", "empty country": nothing stands there."""
        for place in (position - 1, position + 1):
            named = self._at(place)
            if named is not None and named.kind == "dimension":
                if place < position and named.meaning in self.out.mentioned:
                    self.out.mentioned.remove(named.meaning)
                elif place < position:
                    continue
                else:
                    self.taken.add(place)
                thrown_out = self._negated(position) or self._denied_last(max(position, place))
                operator = "not_null" if (span.meaning == "present") != thrown_out else "is_null"
                self.out.filters.append(Filter(named.meaning, operator))  # type: ignore[arg-type]
                return
        raise DoesNotCompose(f"{span.label}: what is empty?", position)

    def _denied_last(self, position: int) -> bool:
        """«Пустую страну *не считай*»: the last word of all throws it out."""
        last = self._kind(position + 1) == "negation" and self._at(position + 2) is None
        if last:
            self.taken.add(position + 1)
        return last

    def _read_reach(self, position: int, span: Span) -> None:
        """ "Reached Draft Created": that stage or a later one."""
        former = self._at(position - 1)
        if span.meaning == "onward":  # "in Draft Created *or further*"
            self._reach_onward(position, span, former)
            return
        place = position + 1
        while self._kind(place) in ("dimension", "by", "which"):
            place += 1
        stage = self._at(place)
        named = self._at(place - 1)
        if named is not None and named.kind == "dimension" and (stage is None or stage.kind != "value"):
            if not self.model.stages(named.meaning) or self._negated(position):
                raise DoesNotCompose(f"{named.label} has no stages", position)
            self.out.funnel = True  # "how many made it to each stage"
            self.taken.update(range(position + 1, place))
            return
        if stage is None or stage.kind != "value" or len(stage.meaning[1]) != 1:
            raise DoesNotCompose(f"{span.label}: which stage?", position)
        dimension, (value,) = stage.meaning
        later = self.model.stages_from(dimension, value)
        if not later and not self.model.stages(dimension):
            return  # "chats that got as far as the fallback agent": the value says it all
        if not later:
            raise DoesNotCompose(f"{stage.label} is no stage", place)
        self.out.filters.append(Filter(dimension, "not_in" if self._negated(position) else "in", later))
        self.taken.update(range(position + 1, place + 1))

    def _reach_onward(self, position: int, span: Span, former: Span | None) -> None:
        """A stage that was named, and those after it."""
        if former is None or former.kind != "value":
            raise DoesNotCompose(f"{span.label}: from which stage?", position)
        values = tuple(former.meaning[1])
        later = self.model.stages_from(former.meaning[0], values[0])
        if len(values) > 1 or not later:
            raise DoesNotCompose(f"{span.label}: from which stage?", position)
        known = Filter(former.meaning[0], "in", values)
        if known in self.out.filters:
            self.out.filters[self.out.filters.index(known)] = replace(known, values=later)
        elif self.out.filters[-1:] != [Filter(former.meaning[0], "in", later)]:  # "made it to a draft or further"
            raise DoesNotCompose(f"{span.label}: from which stage?", position)

    def _read_context(self, position: int, span: Span) -> None:
        """ "In the pipeline" says where, and not what; it has to be where the metric looks."""
        self.out.contexts.append(span.meaning)
