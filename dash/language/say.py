"""A query said as a question, in words that the reader reads back to the same query.

Choices of a clarification and follow-up questions are made here, so what the product offers is what it can answer.
"""

from __future__ import annotations

from dash.knowledge.alternatives import expand_phrase
from dash.knowledge.formats import WordLists
from dash.knowledge.language import LanguageFile
from dash.records import SemanticQuery, Window
from dash.semantics.dimensions import inside_a_sentence
from dash.semantics.model import SemanticModel


def say_query(query: SemanticQuery, model: SemanticModel, language: LanguageFile) -> str | None:
    """The question, or None for a query that these templates cannot say."""
    if query.numerator_metric or query.within or query.having or query.time_dimension or query.numerator or query.share:
        return None
    if query.comparison and query.comparison.kind != "previous":
        return None
    names = [use.name for use in query.metrics] or ([query.rows_of] if query.rows_of else [])
    if not names or any(use.aggregation or use.parameters for use in query.metrics):
        return None
    code = language.language
    metric = f" {language.say.and_} ".join(metric_words(name, model, code) for name in names if name)
    counted = all(model.metrics[name].unit == "count" for name in names if name in model.metrics)
    text = (language.say.count if counted else language.say.metric).format(metric=metric)
    if query.comparison:
        text = language.say.change.format(metric=metric)
    elif query.order and query.dimensions:
        text = metric
    if query.shape == "list":
        text = language.say.rows.format(rows=metric)
    if query.window:
        words = say_window(query.window, language)
        if words is None:
            return None
        text = language.say.window.format(query=text, window=words)
    if query.order and query.dimensions and query.order.by == names[0]:
        template = language.say.highest if query.order.descending else language.say.lowest
        text = template.format(query=text, dimension=dimension_words(query.dimensions[0], model, code))
    else:
        for dimension in query.dimensions:
            text = language.say.by.format(query=text, dimension=dimension_words(dimension, model, code))
    if query.grain:
        text = language.say.grain.format(query=text, grain=language.say.grains[query.grain])
    for part in query.filters:
        if part.operator not in ("in", "not_in"):
            return None
        together = not counted and part.operator == "in" and part.dimension not in query.dimensions
        # One rate of two categories is that of what is in either; "of this and that" would be two rates.
        joint = next(iter(language.words["conjunction"]["or"])) if together else language.say.and_
        values = f" {joint} ".join(model.value_label(part.dimension, value, code) for value in part.values)
        template = language.say.filter if part.operator == "in" else language.say.not_filter
        dimension = dimension_words(part.dimension, model, code)
        if dimension.lower() in values.lower().split():  # "high urgency" says which dimension it is of
            dimension = ""
        text = " ".join(template.format(query=text, dimension=dimension, value=values).split())
    text = text[:1].upper() + text[1:]
    return text if query.shape == "list" else f"{language.say.opening}{text}?"


def say_window(window: Window, language: LanguageFile) -> str | None:
    """A period in words that read back to it, or None."""
    name, _, detail = window.phrase.partition(":")
    if name in ("day", "year", "month", "quarter") and detail:
        return _say_calendar(name, detail, language)
    template = language.say.windows.get(name)
    return template.format(n=detail) if template else None


def _say_calendar(name: str, detail: str, language: LanguageFile) -> str | None:
    template = language.say.windows.get(name)
    if template is None:
        return None
    if name == "month":
        year, month = detail.split("-")
        return template.format(month=language.time.months[int(month)][0], year=year)
    if name == "quarter":
        year, quarter = detail.split("-")
        return template.format(quarter=quarter, year=year)
    return template.format(n=detail)


def metric_words(name: str, model: SemanticModel, language: str) -> str:
    """How people call a metric inside a sentence: its label, without the capital that only a beginning has."""
    return inside_a_sentence(model.metric_label(name, language))


def dimension_words(name: str, model: SemanticModel, language: str) -> str:
    """How people call a dimension."""
    for _, column in model.dimensions.get(name, ()):
        words = _first(column.synonyms, language)
        if words:
            return words
    return model.label(name, language).lower()


def _first(words: WordLists, language: str) -> str | None:
    listed = words.get(language) or words.get("") or []
    return expand_phrase(listed[0])[0] if listed else None
