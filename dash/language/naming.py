"""Doubts about names: words that are the name of one thing as a whole and of others in their parts, and words that
many things are called by.
"""

from __future__ import annotations

from collections.abc import Collection

from dash.language.fragment import DoesNotCompose
from dash.language.joining import JoiningDoubts
from dash.records import Span

_A_FEW = 2


class NamingDoubts(JoiningDoubts):
    """Looks at what the words of a name may mean besides; a reason is a doubt, None is none.

    Raises DoesNotCompose where another cover says it plainly.
    """

    def _name_in_two(self, position: int, span: Span) -> str | None:
        """ "*Chat cost* per ticket": a name of a metric of which one word is taken for a value and the rest for another
        metric's; "*tool calls* took longer than 2 seconds": none of the tools' averages."""
        before = self._at(position - 1)
        if span.kind != "metric" or before is None or before.end != span.start:
            return None
        bounded = before.kind == "dimension" and self._kind(position + 1) == "comparator"
        if before.kind not in ("value", "context") and not bounded:
            return None
        table = self.model.metrics[span.meaning].table
        for name in self.signs.names:
            parted = name.start == before.start and before.end < name.end < span.end
            other = self.model.metrics[name.meaning]
            if parted and name.meaning != span.meaning and (before.kind != "value" or other.table != table):
                return f"whether {name.label} is meant is not said"
        return None

    def _name_in_parts(self, position: int, span: Span) -> str | None:
        """ "*Escalation rate* above 20" as escalations that somebody rated: the name of a metric, to the letter,
        is read as two other things."""
        for name in self.signs.names:
            if name.start != span.start or name.end <= span.end or self.model.counts_rows(name.meaning):
                continue
            parts = [one for one in self.spans[position:] if one.end <= name.end]
            whole = any(one.end == name.end for one in parts)
            measured = any(one.kind == "metric" and one.meaning != name.meaning for one in parts)
            predicated = any(one.kind == "metric" and one.start in self.signs.things for one in parts)
            bounded = self._kinds("comparator") or self._kinds("number")
            if span.says_share and bounded and not predicated:
                continue  # "*share of sent tickets* that took more than a day"; of "tickets sent" all may be the whole
            rows = any(one.kind == "row" or self._counts_all(one) for one in parts)  # "which *chats* cost more than 1"
            if whole and measured and not rows and all(one.meaning != name.meaning for one in parts):
                return f"whether {name.label} is meant is not said"
        return None

    def _counts_all(self, span: Span) -> bool:
        return span.kind == "metric" and self.model.counts_rows(span.meaning) and not self.model.selects(span.meaning)

    def _kinds_or_times(self, position: int, span: Span) -> str | None:
        """ "How many *tools* failed": different ones, or how many times?"""
        asked = self._at(position - 1)
        if span.kind != "metric" or asked is None or (asked.kind, asked.meaning) != ("shape", "count"):
            return None
        if span.end - span.start < 2 or span.start not in self.signs.plurals:
            return None
        own = {self.model.key(self.model.metric_table(self.model.metrics[span.meaning]))}
        own.add(self.model.counted_dimension(span.meaning))
        told = {one for one in self.signs.kinds.get(span.start, ()) if not self.model.identifies(one)} - own
        noun = span.start in self.signs.things
        return f"whether different ones of {span.label} are meant is not said" if told and not noun else None

    def _who_or_what(self, position: int, span: Span) -> str | None:
        """ "*Customers* yesterday": they themselves, or the messages that they wrote?"""
        if span.kind != "value" or any(one.kind != "time" for one in self.spans if one is not span):
            return None
        if span.start in self.signs.things and span.end - span.start > 1:
            return None  # «*тикеты по доставке*»: the rows are named
        named = self.signs.kinds.get(span.start, frozenset())
        people = any(self.model.identifies(one) or self.model.acts(one) for one in named)
        return "whether they or their rows are meant is not said" if people else None

    def _of_what(self, position: int, span: Span) -> str | None:
        """ "Tool failures by *reason*": a word that other rows have as well, and these have none of it."""
        if span.kind != "dimension" or span.end - span.start > 1 or span.start not in self.signs.broad:
            return None
        counted = {self.model.metrics[one.meaning].table for one in self.spans if one.kind == "metric"}
        if not counted or self._has_home(span.meaning, counted):
            return None
        if any(self._has_home(other, counted) for other in self.signs.kinds.get(span.start, ())):
            raise DoesNotCompose(f"{span.label} is not of what is counted", position)
        return f"of what {span.label} is wanted is not said"

    def _has_home(self, dimension: str, tables: Collection[str | None]) -> bool:
        keys = {self.model.key(table) for table in tables if table is not None}
        return any(table in tables or self.model.key(table) in keys for table, _ in self.model.dimensions[dimension])

    def _told_beside(self, position: int, span: Span) -> None:
        """ "CSAT and the *response rate*": of two rates of one name the one that always stands beside the other
        number. Raises DoesNotCompose for the other one."""
        if span.kind != "metric":
            return
        named = {one.meaning for one in self.signs.names if (one.start, one.end) == (span.start, span.end)}
        beside = {
            other for one in self.spans if one.kind == "metric" for other in self.model.metrics[one.meaning].beside
        }
        if span.meaning not in beside and named & {*self.model.siblings(span.meaning)} & beside:
            raise DoesNotCompose(f"{span.label} does not stand beside the other number", position)

    def _written_or_split(self, position: int, span: Span) -> str | None:
        """ "Messages *by agent*", "top category *by agent*": written by one, or told of each of them? "Messages by
        agents" are plain, where it is said what is counted."""
        last, by = span.end - 1, span.end - 2
        if span.kind not in ("metric", "value") or by not in self.signs.splits:
            return None
        if span.kind == "metric" and not self.model.counts_rows(span.meaning):
            return None  # "cost per ticket"
        if span.kind == "value" and (span.end - span.start > 1 or self._kind(position - 1) != "by"):
            return None
        if span.kind == "value" and not any(self.model.place(span.meaning[0], table) for table in self._told_of()):
            return None  # tickets are not written by anybody
        kinds = self.signs.kinds.get(last, frozenset())
        if any(kinds & self.signs.kinds.get(i, frozenset()) for i in range(by)):
            if span.kind == "value":
                raise DoesNotCompose(f"{span.label} is said already", position)
            return None  # "*agent* replies by agent": told of each
        people = any(self.model.identifies(one) or self.model.acts(one) for one in kinds)
        counted = self._kinds("metric") or self._kinds("row")
        doubtful = people and (last not in self.signs.plurals or not counted)
        return f"whether {span.label} did it or it is told by each is not said" if doubtful else None

    def _says_alone(self, position: int, span: Span) -> str | None:
        """ "How many tickets yesterday? *Urgent*": which tickets, or how soon? A sentence that is but a word."""
        if span.kind != "value" or len(self.spans) < _A_FEW or self.model.identifies(span.meaning[0]):
            return None
        before, after = self._at(position - 1), self._at(position + 1)
        opens = before is None or self.signs.ends & {*range(before.end, span.start + 1)}
        closes = after is None or self.signs.ends & {*range(span.end, after.start + 1)}
        alone = opens and closes and (before is not None or self.signs.ends & {*range(span.end, span.end + 1)})
        return "whether it is a condition is not said" if alone else None

    def _verb_or_value(self, position: int, span: Span) -> str | None:
        """ "Failed *compare* tasks": a verb, or the step of that name?"""
        named = self.signs.valued.get(span.start, frozenset()) if span.kind == "shape" and position else frozenset()
        beside = self._kind(position - 1) in ("value", "conjunction") and self._kind(position + 1) in ("metric", "row")
        return f"whether {span.label} is a verb or a name is not said" if named and beside else None

    def _whole_beside_part(self, position: int, span: Span) -> str | None:
        """ "Urgent tickets *and all tickets*": two numbers, of which one is a part of the other."""
        joined = self._at(position - 1)
        if span.kind != "metric" or joined is None or joined.kind != "conjunction":
            return None
        again = any((one.kind, one.meaning) == (span.kind, span.meaning) for one in self.spans[: position - 1])
        parted = any(one.kind == "value" for one in self.spans[: position - 1])
        return "whether the whole beside the part is wanted is not said" if again and parted else None

    def _two_of_two(self, position: int, span: Span) -> str | None:
        """ "Email *in October* vs chat *in September*": two periods and two values, and what is set against what?"""
        times = [one for one in self.spans if one.kind == "time"]
        values = [one.meaning[0] for one in self.spans if one.kind == "value"]
        if (span.kind, span.meaning) != ("shape", "compare") or len({one.meaning for one in times}) < _A_FEW:
            return None
        signs = [i for i, one in enumerate(self.spans) if (one.kind, one.meaning) == ("shape", "compare")]
        beside = [{self._kind(i - 1), self._kind(i + 1)} for i in signs]
        twice = {"time"} in beside and any(kinds <= {"value", "metric", "row"} for kinds in beside)
        several = twice or any(values.count(one) > 1 for one in values)
        return "what is set against what is not said" if several else None

    def _part_of_two(self, position: int, span: Span) -> str | None:
        """ "What share of tickets *is urgent and unassigned*": both of all, or the one of the other?"""
        before, after = self._at(position - 1), self._at(position + 1)
        if span.kind != "conjunction" or before is None or after is None:
            return None
        if not any((one.kind, one.meaning) == ("shape", "share") for one in self.spans):
            return None
        states = all(one.kind in ("value", "metric") for one in (before, after))
        said = before.start in self.signs.copulas
        return "of which of the two the share is wanted is not said" if states and said else None

    def _told_of(self) -> set[str]:
        """The tables of what is counted, measured or listed; every table where nothing is."""
        metrics = {
            self.model.metric_table(self.model.metrics[one.meaning]) for one in self.spans if one.kind == "metric"
        }
        return metrics | {one.meaning for one in self.spans if one.kind == "row"} or {*self.model.tables}

    def _altered(self, position: int, span: Span) -> str | None:
        """ "Instructions *changed* last month": those that were, or how their number did? "How *have they* changed"
        is plain."""
        before = self._at(position - 1)
        if (span.kind, span.meaning) != ("shape", "change") or span.start not in self.signs.altered or before is None:
            return None
        known = sum(one.end - one.start for one in self.spans[:position])
        bare = before.kind in ("row", "metric") and known == span.start
        return "whether they changed or their number did is not said" if bare else None
