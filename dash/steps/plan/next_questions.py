"""What one may ask next: the same number split, changed, over time, or as rows. Each is read back before it is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dash.language.reader import Reader
from dash.language.readings import AMBIGUITY
from dash.language.say import say_query
from dash.records import Comparison, Moment, Question, SemanticQuery, Window
from dash.semantics.fragments import read_aggregate
from dash.semantics.model import SemanticModel

MAXIMUM = 3
_MONTHS = 6


def next_questions(query: SemanticQuery, question: Question, reader: Reader, language: str) -> tuple[str, ...]:
    """Up to three questions in a language; one that would not be read back as what it says is not offered."""
    found: list[str] = []
    for candidate in _candidates(query, reader.model):
        text = say_query(candidate, reader.model, reader.languages[language])
        if text is not None and text not in found and _reads_back(text, candidate, question, reader):
            found.append(text)
        if len(found) == MAXIMUM:
            break
    return tuple(found)


def _candidates(query: SemanticQuery, model: SemanticModel) -> Iterator[SemanticQuery]:
    name = query.metrics[0].name if query.metrics else query.rows_of
    metric = model.metrics.get(name or "")
    if metric is None:
        return
    base = replace(
        query, shape="aggregate", metrics=query.metrics[:1], rows_of=None, columns=(), comparison=None, having=(),
        share=False, numerator=(), numerator_metric=None, numerator_each=(), order=None, limit=None,
    )  # fmt: skip
    if not base.metrics:
        return
    if query.limit is not None and query.dimensions:
        yield replace(base, dimensions=query.dimensions, grain=query.grain)
    split = metric.default_dimension
    held = {f.dimension for f in query.filters if len(f.values) == 1}
    if split and not query.dimensions and not query.grain and split not in held and model.allows(metric, split):
        yield replace(base, dimensions=(split,))
    if query.grain is None and not metric.present_state and model.time_dimension(metric) is not None:
        months = _last_months()
        if not query.dimensions and query.window is not None and query.window.previous_start is not None:
            yield replace(base, comparison=Comparison("previous"))
        yield replace(base, dimensions=(), grain="month", window=months)
    aggregate = read_aggregate(metric.calculation or "") if metric.numerator is None else None
    if query.shape == "aggregate" and not query.dimensions and aggregate is not None and aggregate.argument == "*":
        yield replace(base, shape="list", rows_of=name, metrics=(), grain=None)
    if query.window is None and not metric.present_state and model.time_dimension(metric) is not None:
        last_month = Moment(truncate="month", shift=-1, unit="month")
        before = Moment(truncate="month", shift=-2, unit="month")
        yield replace(
            base, window=Window(last_month, Moment(truncate="month"), "last_month", False, before, last_month)
        )


def _last_months() -> Window:
    now, start = Moment(truncate="month"), Moment(truncate="month", shift=-_MONTHS, unit="month")
    before = Moment(truncate="month", shift=-2 * _MONTHS, unit="month")
    return Window(start, now, f"last_n_months:{_MONTHS}", False, before, start)


def _reads_back(text: str, wanted: SemanticQuery, question: Question, reader: Reader) -> bool:
    tokens, spans = reader.ground(text, question.now, question.zone)
    if reader.patterns.find(tokens, spans):
        return True
    readings = reader.read(text, tokens, spans, question.now, question.zone).readings
    return (
        bool(readings)
        and readings[0].query == wanted
        and not any(other.cost - readings[0].cost < AMBIGUITY for other in readings[1:])
    )
