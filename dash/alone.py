"""The question of an old answer in words that need no conversation before them.

"And by channel?" is no question on a board, and asked again at the end of its conversation it would be about whatever
was asked last. So an old answer is asked for by words that the product reads as the very query that answered it, or by
that vetted query filled again. Nothing is offered that would be answered by another query.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dash.errors import UserError
from dash.language.say import say_query
from dash.parameters import changed
from dash.records import QueryPlan, Question, Refill, SemanticQuery, Viewer, Window
from dash.runs import RunRecord
from dash.steps.ground import ground
from dash.steps.plan import plan
from dash.stored import StoredAnswer, open_stored

if TYPE_CHECKING:
    from dash.ask import Dash


@dataclass(frozen=True)
class Period:
    """Another period than the one of an answer: its window, and words for it in the answer's language and as a vetted
    query's parameter."""

    window: Window
    words: str
    given: str


def question_alone(
    dash: Dash, run: RunRecord, viewer: Viewer, period: Period | None = None
) -> tuple[str, Refill | None] | None:
    """(what to ask, the vetted query to fill) for the same as an answered run, over another period where one is given;
    None where no words mean just that. Raises UserError for a run without numbers."""
    stored = open_stored(run)
    if stored.vetted_query is not None:
        return _vetted(dash, stored, period)
    if stored.semantic_query is None:
        return (run.question, None) if period is None else None
    query = replace(stored.semantic_query, window=period.window) if period else stored.semantic_query
    for text in _wordings(dash, stored, query, period):
        planned = _plan(dash, text, viewer)
        if planned is not None and planned.semantic_query == query and planned.language == stored.language:
            return text, None
    return None


def _wordings(dash: Dash, stored: StoredAnswer, query: SemanticQuery, period: Period | None) -> Iterator[str]:
    """The words that were asked, those that the product would use itself, and those with the period behind them."""
    model, language = dash.reader.model, dash.reader.languages[stored.language]
    if period is None:
        yield stored.run.question
    said = [say_query(query, model, language)]
    if period is not None and (bare := say_query(replace(query, window=None), model, language)):
        said.append(f"{bare.removesuffix('?')} {period.words}{'?' if bare.endswith('?') else ''}")
    yield from (text for text in said if text)


def _vetted(dash: Dash, stored: StoredAnswer, period: Period | None) -> tuple[str, Refill | None] | None:
    """The query filled as it was, with the period in the place of its only one."""
    places = [name for name, value in stored.vetted_filled.items() if isinstance(value, Window)]
    if period is not None and len(places) != 1:
        return None
    given = {places[0]: period.given} if period else {}
    try:
        return changed(stored.run, given, dash.knowledge, dash.reader, dash.clock())
    except UserError:  # the query is not there any more, or takes other values
        return None


def _plan(dash: Dash, text: str, viewer: Viewer) -> QueryPlan | None:
    question = Question(text, dash.clock(), dash.settings.zone, viewer)
    try:
        planned = plan(question, ground(question, dash.reader), dash.reader)
    except UserError:
        return None
    return planned if isinstance(planned, QueryPlan) else None
