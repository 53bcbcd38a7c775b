"""Ground: what the words of a question refer to, each with the file that says so."""

from __future__ import annotations

from dash.errors import QuestionError
from dash.language.reader import Reader
from dash.language.tokens import normalize
from dash.records import Grounding, Question

MAXIMUM_LENGTH = 2_000
"""Characters of a question. Longer texts are pasted tickets or SQL, and reading them word by word helps nobody."""


def ground(question: Question, reader: Reader) -> Grounding:
    """Tokens, candidate spans, the vetted queries that fit, and the words that nothing explains.

    Raises QuestionError for a question that is empty or too long.
    """
    if len(question.text) > MAXIMUM_LENGTH:
        raise QuestionError("too_long")
    if not question.text.strip():
        raise QuestionError("empty")
    tokens, spans = reader.ground(question.text, question.now, question.zone)
    language = reader.detect_language(tokens)
    explained = {i for span in spans for i in range(span.start, span.end)}
    unknown = tuple(
        token.text
        for i, token in enumerate(tokens)
        if i not in explained and not reader.lexicon.is_function_word(normalize(token.text))
    )
    return Grounding(
        language=language or _fallback(question, reader),
        tokens=tokens,
        spans=spans,
        vetted=tuple(fit.example.query for fit in reader.patterns.find(tokens, spans)),
        unknown=unknown,
        readable=language is not None or not any(token.kind == "word" for token in tokens),
    )


def _fallback(question: Question, reader: Reader) -> str:
    """The language to answer in when the question has none: that of the turn before, else the first."""
    if question.previous is not None and question.previous.language in reader.languages:
        return question.previous.language
    return reader.default_language
