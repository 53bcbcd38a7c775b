"""Orders and aggregations of a query beside the words that say them: highest or lowest, mean or median."""

from __future__ import annotations

from collections.abc import Iterator

from dash.language.aggregating import use_of
from dash.language.fragment import DoesNotCompose, Fragment
from dash.language.reader import Reader
from dash.records import SemanticQuery
from dash.semantics.metrics import DURATIONS
from dash.steps.plan.written.findings import Finding
from dash.steps.plan.written.marks import Mark, Marks

_HIGH = frozenset({"highest", "commonest", "dearest", "longest", "slowest"})
_LOW = frozenset({"lowest", "rarest", "cheapest", "shortest", "fastest"})
_LASTING = frozenset({"slowest", "fastest"})
_AGES = frozenset({"oldest", "newest", "waiting"})
_ENDS = {"max": True, "min": False}


def ranks(query: SemanticQuery, marks: Marks, reader: Reader) -> Iterator[Finding]:
    """What is ordered or aggregated in another way than the question says."""
    wanted = _directions(query, marks, reader)
    yield from _order(query, marks, wanted)
    yield from _aggregation(query, marks, wanted, reader)


def _directions(query: SemanticQuery, marks: Marks, reader: Reader) -> set[bool]:
    """Whether the question wants what is high: True, False, both ("from worst to best") or nothing of the kind."""
    said = marks.of("order") or marks.of("limit", "more")
    return {down for mark in said for down in _direction(mark, query, reader)}


def _direction(mark: Mark, query: SemanticQuery, reader: Reader) -> Iterator[bool]:
    name = query.order.by if query.order is not None else query.metrics[0].name if query.metrics else ""
    metric = reader.model.metrics.get(name)
    for meaning in (*mark.meanings("order"), *mark.meanings("limit"), *mark.meanings("more")):
        if meaning in _LASTING and metric is not None and metric.unit not in DURATIONS:
            continue
        if meaning in _HIGH or meaning in ("top", "gt"):
            yield True
        elif meaning in _LOW or meaning in ("bottom", "lt"):
            yield False
        elif meaning in ("best", "worst") and metric is not None and metric.better is not None:
            yield (metric.better == "higher") == (meaning == "best")


def _order(query: SemanticQuery, marks: Marks, wanted: set[bool]) -> Iterator[Finding]:
    said = [mark for mark in marks.of("order", "limit", "more") if not _AGES & set(mark.meanings("order"))]
    said = [mark for mark in said if mark.kind != "more" or mark.meanings("order")]
    ends = {_ENDS[use.aggregation] for use in query.metrics if use.aggregation in _ENDS}
    if query.order is None:
        if said and query.shape != "list" and not ends & wanted:
            yield Finding("order", f"{said[0].words!r} asks for an order: set order, or say sql.")
        if said and query.shape == "list":
            yield Finding("order", f"{said[0].words!r} asks for an order, which lists have not; say sql.")
    elif (said or wanted) and query.order.descending not in wanted:
        shown = "lowest" if query.order.descending else "highest"
        yield Finding("order", f"The question asks for the other end; is it {shown}?")


def _aggregation(query: SemanticQuery, marks: Marks, wanted: set[bool], reader: Reader) -> Iterator[Finding]:
    if not query.metrics:
        return
    use, before = query.metrics[0], marks.previous
    said = [meaning for mark in marks.all for meaning in mark.meanings("aggregation")]
    said += [span.holds for mark in marks.all for span in mark.spans if span.holds is not None]
    if not said:
        kept = before is not None and use.aggregation in {one.aggregation for one in before.metrics}
        owed = use.aggregation is None or kept or marks.explains("aggregation")
        ends = query.order is None and _ENDS.get(use.aggregation or "") in wanted  # the longest of all
        if not owed and not ends:
            yield Finding("aggregation", f"The question asks for no {use.aggregation}; set aggregation to null.")
        return
    fitting, reason = set(), f"{use.name} cannot be aggregated by {said[0]}; take another metric, or say sql."
    for aggregation in said:
        try:
            fitting.add(use_of(use.name, Fragment(aggregation=aggregation), reader.model).aggregation)
        except DoesNotCompose:
            continue
    # What is average by nature has no aggregation, and may be given its own.
    own = {meaning for meaning in said if None in fitting and meaning in ("mean", "sum")}
    if not fitting:
        yield Finding("aggregation", reason)
    elif use.aggregation not in fitting | own:
        yield Finding(
            "aggregation", f"The question says {said[0]}; the query has {use.aggregation or 'no aggregation'}."
        )
