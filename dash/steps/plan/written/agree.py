"""The same question, read by the composed planner once the model has explained its unknown words: do both say the same?

Where the words that nobody knew are put back as names of the knowledge (or left out, when they say nothing), the
question may be whole for the planner that needs no model. Then there are two answers to one question, found
independently, and what a model proposed holds only when its numbers are those of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from dash.language.reader import Reader
from dash.language.readings import Reading
from dash.language.say import dimension_words, metric_words
from dash.language.tokens import normalize
from dash.records import Column, Question, Result
from dash.steps.plan.written.answers import NOTHING, Word
from dash.steps.plan.written.facts import Facts
from dash.steps.plan.written.shelf import Shelf

_ROLES = ("metric", "dimension", "time")


def read_again(
    question: Question, facts: Facts, words: Sequence[Word], shelf: Shelf, language: str, reader: Reader
) -> Reading | None:
    """The one reading of the question with its unknown words explained; None when it has none or several."""
    text = question.text
    cover = facts.read.best_cover
    unknown = cover.unknown if cover is not None else ()
    if len(unknown) != len(facts.unknown):
        return None  # a word that was only guessed is no word to put others in place of
    for place in sorted(unknown, reverse=True):
        token = facts.read.tokens[place]
        said = _said(token.text, words, shelf, language, reader)
        if said is None:
            return None
        text = text[: token.start] + said + text[token.end :]
    plain = reader.read_text(text, question.now, question.zone).plain
    return None if plain is None or any(span.kind.endswith("?") for span in plain.spans) else plain


def _said(word: str, words: Iterable[Word], shelf: Shelf, language: str, reader: Reader) -> str | None:
    """What stands for an unknown word: the label of the name that explains it, nothing, or None for free words."""
    meaning = next((one.meaning for one in words if normalize(word) in normalize(one.words).split()), None)
    if meaning is None:
        return None
    if meaning == NOTHING:
        return ""
    if meaning in reader.model.metrics:
        return metric_words(meaning, reader.model, language)
    if meaning in reader.model.dimensions:
        return dimension_words(meaning, reader.model, language)
    if meaning in shelf.conditions:
        dimension, value = shelf.conditions[meaning]
        return reader.model.value_label(dimension, value, language)
    return None


def agrees(result: Result, other: Result, columns: Sequence[Column]) -> bool:
    """Whether a result has the rows of the other one: the same number of them, and in each the other's groups and
    metrics, whatever else it shows. Rounding is no disagreement."""
    described = {column.name: column for column in columns}
    places = [i for i, c in enumerate(other.columns) if c.name in described and described[c.name].role in _ROLES]
    if len(result.rows) != len(other.rows) or not places:
        return False
    left = [list(row) for row in result.rows]
    for row in other.rows:
        wanted = [row[place] for place in places]
        match = next((found for found in left if all(any(_same(c, w) for c in found) for w in wanted)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _same(cell: Any, wanted: Any) -> bool:
    numbers = (int, float, Decimal)
    if isinstance(cell, bool) or isinstance(wanted, bool) or not isinstance(cell, numbers):
        return bool(cell == wanted) or str(cell) == str(wanted)
    if not isinstance(wanted, numbers):
        return False
    shown, exact = Decimal(str(cell)), Decimal(str(wanted))
    exponent = shown.as_tuple().exponent
    decimals = min(max(-exponent, 0), 9) if isinstance(exponent, int) else 0
    return shown == exact or (decimals > 0 and abs(shown - exact) <= Decimal(1).scaleb(-decimals) / 2)
