"""How each word was understood, in the language of the person, with the file that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash.language.reader import Reader
from dash.records import Definition, Question, Span, Token, Understood, Window
from dash.semantics.dimensions import text_in
from dash.semantics.moments import resolve_window
from dash.shown.labels import define


def explain(
    spans: Sequence[Span], question: Question, tokens: Sequence[Token], reader: Reader, language: str
) -> tuple[Understood, ...]:
    """One entry per span, in the order of the words."""
    return tuple(
        Understood(
            words=question.text[tokens[span.start].start : tokens[span.end - 1].end],
            meaning=_meaning(span, question, reader, language),
            kind=span.kind.rstrip("?"),
            source=span.source,
        )
        for span in sorted(spans, key=lambda s: s.start)
        if span.end <= len(tokens)
    )


def _meaning(span: Span, question: Question, reader: Reader, language: str) -> str:
    kind = span.kind.rstrip("?")
    if kind == "metric":
        return reader.model.metric_label(span.meaning, language)
    if kind == "dimension":
        return reader.model.label(span.meaning, language)
    if kind == "value":
        dimension, values = span.meaning
        words = ", ".join(reader.model.value_label(dimension, value, language) for value in values)
        return f"{reader.model.label(dimension, language)}: {words}"
    if kind == "row":
        count = reader.model.count_metric(span.meaning)
        return reader.model.metric_label(count.name, language) if count else str(span.meaning)
    if kind == "time":
        return say_instants(span.meaning, question)
    return "–" if span.says_nothing else str(span.meaning)


def say_instants(window: Window, question: Question) -> str:
    """A period as its two instants in the reporting zone; an open side is three dots."""
    start, end = resolve_window(window, question.now, question.zone)
    return " – ".join(f"{edge:%Y-%m-%d %H:%M}" if edge else "…" for edge in (start, end))


def metric_definitions(
    names: Sequence[str], reader: Reader, language: str, parameters: Mapping[str, Any]
) -> tuple[Definition, ...]:
    """The governed definitions of metrics, with the values that are bound to their parameters."""
    found = []
    for name in dict.fromkeys(names):
        metric = reader.model.metrics.get(name)
        if metric is not None:
            source = reader.knowledge.sources.get(("metric", name))
            found.append(
                Definition(
                    name,
                    reader.model.metric_label(name, language),
                    define(metric, language, parameters),
                    f"{source.path}:{source.line}" if source else "",
                )
            )
    return tuple(found)


def vocabulary_definitions(spans: Sequence[Span], reader: Reader, language: str) -> tuple[Definition, ...]:
    """Definitions of the company's own words that the question used ("retention")."""
    found = []
    for word in reader.knowledge.vocabulary:
        source = reader.knowledge.sources.get(("vocabulary", word.term))
        place = f"{source.path}:{source.line}" if source else ""
        text = text_in(word.definition, language, "")
        if place and text and any(span.source == place for span in spans):
            found.append(Definition(word.term, word.term, text, place))
    return tuple(found)
