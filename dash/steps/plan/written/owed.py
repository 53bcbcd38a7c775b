"""Each part of a query that a model proposes is owed to words of the question; each word of the question is in it.

A condition, period, bound, order, limit or aggregation that no words ask for is never run quietly: it goes back to the
model, and then there is no answer. What only divides an answer, or shows less of it, stands beside it as unconfirmed.
The words of the question tell the direction too: more or less, highest or lowest, with or without.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from dash.language.reader import Reader
from dash.records import Filter, SemanticQuery, Unconfirmed
from dash.semantics.dimensions import DERIVED_TIME_DIMENSIONS
from dash.semantics.metrics import DURATIONS
from dash.steps.plan.written.amounts import amounts
from dash.steps.plan.written.answers import FIELDS, NOTHING
from dash.steps.plan.written.findings import Finding
from dash.steps.plan.written.marks import UNKNOWN, Condition, Mark, Marks
from dash.steps.plan.written.ranks import ranks

_COMPARING = ("compare", "change")
_FREQUENT = ("commonest", "rarest")


def unowed(query: SemanticQuery, marks: Marks, reader: Reader) -> Iterator[Finding]:
    """What of a query is not owed to the question, and what of the question is not in the query."""
    owed = Owed(query, marks, reader)
    yield from owed.metrics()
    yield from owed.conditions()
    yield from owed.period()
    yield from amounts(query, marks, reader)
    yield from ranks(query, marks, reader)
    yield from owed.groups()
    yield from owed.form()
    yield from owed.disguised()


@dataclass(frozen=True)
class Owed:
    """One query beside the marks of its question."""

    query: SemanticQuery
    marks: Marks
    reader: Reader

    # what is counted or measured

    def metrics(self) -> Iterator[Finding]:
        """Metrics that nobody named, and another one in the place of the one that was named."""
        uses = [use.name for use in self.query.metrics] or [self.query.rows_of or ""]
        named, things = self._named_metrics(), self._counted()
        for name in uses:
            if name not in named and name not in things:
                yield Finding(
                    "metric", f"The question does not speak of the metric {name}; take the one that it names."
                )
        measured = self._measured()
        if measured and uses[0] not in measured and not self.marks.says("shape", "count"):
            yield Finding("metric", f"The question is about {sorted(measured)[0]} and not about {uses[0]}.")
        for bound in self.query.bounds:
            if bound.metric not in named | things:
                yield Finding("bound", f"The question bounds no {bound.metric}.")

    def _measured(self) -> set[str]:
        """Metrics that are named as such, and neither as the rows that something is of nor as what bounds them."""
        bounds = {bound.metric for bound in self.query.bounds}
        named = {
            name
            for mark in self.marks.of("metric", UNKNOWN)
            if not mark.meanings("row")
            for name in (*mark.meanings("metric"), mark.explained)
            if name in self.reader.model.metrics
        }
        return {name for name in named if name is not None} - bounds

    def _named_metrics(self) -> set[str]:
        """Metrics that words mean, or that the model explains a word by; with a word for a share also their rates."""
        model, previous = self.reader.model, self.marks.previous
        found = {name for mark in self.marks.all for kind in ("metric", "taking") for name in mark.meanings(kind)}
        found |= {mark.explained for mark in self.marks.all if mark.explained in model.metrics}
        if self.marks.says("shape", "share") or self.marks.of("percent"):
            found |= {rate for name in found if (rate := model.rate_of(name)) is not None}
        if previous is not None:
            found |= {use.name for use in previous.metrics} | ({previous.rows_of} if previous.rows_of else set())
        return found

    def _counted(self) -> set[str]:
        """Metrics that count what the question names: its rows, or how many different ones of something there are.
        Where it names no thing at all, "how many" and "most often" count rows of any table, "how long" is a duration.
        """
        model = self.reader.model
        rows = {table for mark in self.marks.all for table in mark.meanings("row")}
        found = {count.name for table in rows if (count := model.count_metric(table)) is not None}
        for mark in self.marks.all:
            for dimension in mark.meanings("dimension"):
                counting = model.distinct_metric(dimension)
                measuring = model.measured_by(dimension)
                found |= {one for one in (counting.name if counting else None, measuring) if one}
        if found or self._named_metrics():
            return found
        if self.marks.says("shape", "duration"):
            return {name for name, metric in model.metrics.items() if metric.unit in DURATIONS}
        if self.marks.says("shape", "count", "list") or self.marks.says("order", *_FREQUENT):
            tables = self.marks.tables or model.tables
            return {c.name for table in tables if (c := model.count_metric(table)) is not None}
        return found

    # conditions

    def conditions(self) -> Iterator[Finding]:
        """Values that nobody asked for, that were asked for and are not there, and those that are turned round."""
        there = {part for filter_ in self.query.filters for part in _parts(filter_)}
        asked: set[tuple[Condition, bool]] = set()
        for mark in self.marks.all:
            keeps = mark not in self.marks.denied
            for alternative in mark.conditions:
                asked |= {_settled(condition, keeps) for condition in alternative}
        if self.marks.previous is not None:
            asked |= {part for filter_ in self.marks.previous.filters for part in _parts(filter_)}
        for condition, keeps in sorted(there - asked, key=repr):
            shown = "{}={}".format(*condition)
            reason = f"The question does not ask for {shown} in {'only' if keeps else 'without'}; leave it out."
            yield Finding("unasked", reason)
        for mark in self.marks.of("value", UNKNOWN):
            yield from self._absent(mark, there)
        for mark in (*self.marks.idle, *(m for m in self.marks.denied if m.kind == "metric")):
            yield Finding("negation", f"What {mark.words!r} denies cannot be said in these fields; say sql.")
        for mark in self.marks.denied:
            if mark.kind == UNKNOWN and mark.condition is None:
                yield Finding("negation", f"{mark.words!r} is denied; explain it by a value that is in without.")

    def _absent(self, mark: Mark, there: set[tuple[Condition, bool]]) -> Iterator[Finding]:
        """Values of a mark that the query does not have, or has the other way round."""
        keeps = mark not in self.marks.denied
        ways = mark.conditions
        if not ways or any(all(_settled(c, keeps) in there for c in way) for way in ways):
            return
        others = {*mark.meanings("metric"), *mark.meanings("dimension")}
        if keeps and others & used_names(self.query):
            return
        shown = " and ".join("{}={}".format(*condition) for condition in ways[0])
        yield Finding("value", f"{mark.words!r}: {shown} has to be in {'only' if keeps else 'without'}.")

    # periods

    def period(self) -> Iterator[Finding]:
        """A period that nobody named."""
        window, previous = self.query.window, self.marks.previous
        if window is None or self.marks.explains("period"):
            return
        named = [named for mark in self.marks.all for named in mark.meanings("time")]
        if window not in named and (previous is None or named or window != previous.window):
            yield Finding("period", f"The question names no period {window.phrase}; leave it out.")

    # how it is divided

    def groups(self) -> Iterator[Finding]:
        """Groups and steps that nobody asked for, and those that were asked for and are not there."""
        allowed = self._groups_asked()
        for name in self.query.dimensions:
            if name not in allowed:
                label = self.reader.model.label(name, "en")
                reason = f"The question does not ask to divide by {name}; leave it out of split_by."
                yield Finding("split", reason, Unconfirmed("split", label))
        grain, previous = self.query.grain, self.marks.previous
        said = self.marks.says("grain", grain or "") or self.marks.says("shape", "trend", "change", "running")
        kept = previous is not None and previous.grain == grain
        if grain is not None and not (said or kept or self.marks.explains("step")):
            yield Finding("split", f"The question does not ask for steps of a {grain}.", Unconfirmed("split", grain))
        yield from self._groups_missing()

    def _groups_asked(self) -> set[str]:
        model, previous = self.reader.model, self.marks.previous
        used = used_names(self.query) - set(self.query.dimensions)
        things = self.marks.of("metric", "row", "taking")
        spent = [mark for mark in things if mark.meanings("row") or used & set(mark.meanings("metric"))]
        found = {name for mark in self.marks.all if mark not in spent for name in mark.meanings("dimension")}
        found |= {str(name) for mark in self.marks.all for name in mark.meanings("grain")}
        found |= {mark.explained for mark in self.marks.all if mark.explained in model.dimensions}
        found |= {use for name in used_names(self.query) if (use := _always_by(name, self.reader)) is not None}
        values = [
            (mark.start, part[0]) for mark in self.marks.of("value", UNKNOWN) for way in mark.conditions for part in way
        ]
        found |= {one for start, one in values if any(other == one and place != start for place, other in values)}
        return found | (set(previous.dimensions) if previous is not None else set())

    def _groups_missing(self) -> Iterator[Finding]:
        """ "By channel", "which channel": a group, wherever else the dimension may stand."""
        everything = self.marks.all
        for mark, named in pairwise(everything):
            names = [name for name in named.meanings("dimension") if not self._is_time(name)]
            if mark.kind not in ("by", "which") or named.kind != "dimension" or not names:
                continue
            if not set(names) & {*self.query.dimensions, *self.query.columns} and self.query.shape != "list":
                yield Finding("dimension", f"{mark.words} {named.words}: {names[0]} has to be in split_by.")

    def _is_time(self, dimension: str) -> bool:
        columns = self.reader.model.dimensions.get(dimension, ())
        return dimension in DERIVED_TIME_DIMENSIONS or any(column.role == "time" for _, column in columns)

    # forms

    def form(self) -> Iterator[Finding]:
        """Shares, comparisons and lists: asked for and not there, or there and not asked for."""
        query, marks, previous = self.query, self.marks, self.marks.previous
        wants_share = marks.says("shape", "share") or bool(marks.of("percent"))
        if query.share and not (wants_share or marks.explains("share") or (previous is not None and previous.share)):
            yield Finding("share", "The question asks for no share; set share to false.")
        rates = [name for name in used_names(query) & self.reader.model.metrics.keys() if self._is_rate(name)]
        if wants_share and not query.share and not rates:
            yield Finding("share", "The question asks for a share: set share, or say sql.")
        divided = query.comparison or query.grain or query.dimensions
        if any(marks.says("shape", form) for form in _COMPARING) and not divided:
            yield Finding("comparison", "The question compares: set compare_before or split_by, or say sql.")
        if query.shape == "list" and marks.says("shape", "count") and not marks.says("shape", "list"):
            yield Finding("form", "The question asks how many; set list_rows to false.")

    def _is_rate(self, name: str) -> bool:
        return self.reader.model.metrics[name].unit == "percent"

    def disguised(self) -> Iterator[Finding]:
        """Words that are explained by what other words say already: they are left out under another name."""
        for mark in self.marks.of(UNKNOWN):
            meaning = mark.explained
            if meaning is None or meaning == NOTHING or not self._says_already(mark, meaning):
                continue
            reason = f"{mark.words!r} is explained by {meaning}, which other words say already; what does it add?"
            yield Finding("word", reason, Unconfirmed("word", mark.words))

    def _says_already(self, mark: Mark, meaning: str) -> bool:
        known = [other for other in self.marks.all if other.kind != UNKNOWN]
        if mark.condition is not None:
            return any(mark.condition in way for other in known for way in other.conditions)
        if meaning in FIELDS:
            return any(other.kind in _FIELD_KINDS.get(meaning, ()) for other in known)
        tables = [table for other in known for table in other.meanings("row")]
        counts = [count.name for table in tables if (count := self.reader.model.count_metric(table)) is not None]
        return meaning in counts or any(
            meaning in other.meanings(kind) for other in known for kind in ("metric", "dimension")
        )


_FIELD_KINDS = {
    "period": ("time",), "order": ("order", "limit", "more"), "limit": ("limit",), "bound": ("comparator",),
    "step": ("grain",), "aggregation": ("aggregation",), "share": ("percent",),
}  # fmt: skip


def used_names(query: SemanticQuery) -> set[str]:
    """The metrics and dimensions that a query uses."""
    names = {use.name for use in query.metrics}
    names |= {f.dimension for f in query.conditions} | {b.metric for b in query.bounds}
    names |= {query.time_dimension} if query.time_dimension else set()
    return names | set(query.dimensions) | set(query.within) | ({query.rows_of} if query.rows_of else set())


def _always_by(name: str, reader: Reader) -> str | None:
    metric = reader.model.metrics.get(name)
    return metric.always_by if metric is not None else None


def _parts(filter_: Filter) -> list[tuple[Condition, bool]]:
    """The values of a filter, each with whether it keeps them."""
    if filter_.operator not in ("in", "not_in"):
        return []
    return [_settled((filter_.dimension, value), filter_.operator == "in") for value in filter_.values]


def _settled(condition: Condition, keeps: bool) -> tuple[Condition, bool]:
    """Without "not true" and "not false"."""
    dimension, value = condition
    return ((dimension, value == keeps), True) if isinstance(value, bool) else (condition, keeps)
