"""The question that a card opens as, proven: it is only offered when the product reads it as what the card shows.

The words of the range and of the filters are put together by the board's file. What comes out is read and planned
like anybody's question; when its SQL and its values are not exactly the card's, it is no question of that card.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING

from dash.alone import Period, question_alone
from dash.board.bar import Bar, find_period, window_of
from dash.board.planning import applying_filters, plan_card
from dash.errors import UserError
from dash.knowledge.board import PERIOD, BoardFile, CardFile
from dash.language.reader import Reader
from dash.records import QueryPlan, Question, Refill, Viewer
from dash.runs import RunRecord
from dash.semantics.dimensions import text_in
from dash.shown.labels import Labels
from dash.steps.ground import ground
from dash.steps.plan import plan

if TYPE_CHECKING:
    from dash.ask import Dash


def question_of(
    card: CardFile, bar: Bar, board: BoardFile, reader: Reader, labels: Labels, now: datetime, zone: str, viewer: Viewer
) -> str | None:
    """The question of a card in the language of `labels`, or None when no wording of it means exactly the card."""
    for text in wordings(card, bar, board, reader, labels):
        question = Question(text, now, zone, viewer)
        if means(question, card, bar, board, reader, labels.language):
            return text
    return None


def question_of_pin(
    dash: Dash, run: RunRecord, bar: Bar, board: BoardFile, now: datetime, viewer: Viewer, *, own_period: bool
) -> tuple[str, Refill | None] | None:
    """What to ask for the numbers of a pin, as `question_alone` says it; over the bar's range unless the pin keeps its
    own period. Raises UserError."""
    period = None
    if not own_period:
        language, zone = (run.answer or {}).get("language", ""), dash.settings.zone
        chosen = find_period(board, bar.period) or find_period(board, board.default_period)
        days = bar.period is None and bar.first is not None and bar.last is not None
        given = f"from {bar.first} to {bar.last}" if days or chosen is None else chosen.window
        window = window_of(bar, board, dash.reader, now, zone)
        period = Period(window, period_words(bar, board, language), given)
    return question_alone(dash, run, viewer, period)


def wordings(card: CardFile, bar: Bar, board: BoardFile, reader: Reader, labels: Labels) -> Iterator[str]:
    """The card's question with the words of the bar: values by what people call them, then as the data has them."""
    template = card.question.get(labels.language)
    if template is None:
        return
    asked = template.replace(PERIOD, period_words(bar, board, labels.language))
    body, mark = (asked[:-1], "?") if asked.endswith("?") else (asked, "")
    applying = applying_filters(card, board, reader)
    chosen = [(one, bar.chosen[one.dimension]) for one in board.filters if one.dimension in bar.chosen]
    either = next(iter(reader.languages[labels.language].words["conjunction"]["or"]))
    # "The rate of this, that" are two rates; of "this or that" it is one.
    for named, joint in product((True, False), (", ", f" {either} ")):
        parts = [body]
        for one, values in chosen:
            if one.dimension in applying:
                said = [(labels.find_value_label(one.dimension, v) if named else None) or str(v) for v in values]
                parts.append(text_in(one.words, labels.language, "{values}").format(values=joint.join(said)))
        yield ", ".join(parts) + mark
        if len(parts) == 1:
            return


def period_words(bar: Bar, board: BoardFile, language: str) -> str:
    """The words of a bar's range inside of a question."""
    if bar.first is not None and bar.last is not None and bar.period is None:
        first, last = sorted((bar.first, bar.last))
        return text_in(board.range.words, language, "").format(first=first.isoformat(), last=last.isoformat())
    period = find_period(board, bar.period) or find_period(board, board.default_period)
    return text_in(period.words, language, "") if period else ""


def means(question: Question, card: CardFile, bar: Bar, board: BoardFile, reader: Reader, language: str) -> bool:
    """Whether the product answers the question with the card's own query, in the card's language."""
    try:
        planned = plan(question, ground(question, reader), reader)
        own = plan_card(card, bar, board, replace(question), reader, language).plan
    except UserError:
        return False
    if not isinstance(planned, QueryPlan) or planned.language != language:
        return False
    return (planned.main.sql, dict(planned.main.parameters)) == (own.main.sql, dict(own.main.parameters))
