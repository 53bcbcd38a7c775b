"""The cards of the Board page. Each is drawn when its numbers are there; one that failed says so in its own place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dash.board.showing import Shown
from dash.knowledge.board import CardFile
from dash.records import Answer, Column
from dash.semantics.dimensions import text_in
from dash.shown import Cells
from dash.shown.cells import is_number
from dash.ui.board.drawing import (
    Bars,
    bars_html,
    change_html,
    failure_html,
    head_html,
    line_html,
    notes_html,
    number_html,
    standing_beside,
)
from dash.ui.texts import text

_MOST_NOTES = 2
_MOST_NAMES = 2


@dataclass(frozen=True)
class Look:
    """How cards are drawn: the page's language, the look of cells, the sentences that stand above all cards already,
    and what a click on a card's question does."""

    language: str
    cells: Cells
    said: tuple[str, ...]
    ask: Callable[[CardFile], None]


def show_card(shown: Shown, look: Look) -> None:
    """One card with its way to the Ask page."""
    card = shown.card
    with st.container(border=True, key=f"board-card-{card.name}"):
        st.html(card_html(shown, look))
        if shown.failure is None:
            st.button(
                text("board_ask", look.language),
                key=f"board-ask-{card.name}",
                icon=":material/forum:",
                type="tertiary",
                on_click=look.ask,
                args=(card,),
            )


def card_html(shown: Shown, look: Look) -> str:
    """The inside of a card."""
    title = text_in(shown.card.title, look.language, shown.card.name)
    if shown.answer is None or shown.failure is not None:
        words = shown.failure or text("board_card_failed", look.language)
        return head_html(title, (), "") + failure_html(words)
    caveats = [caveat for caveat in shown.answer.caveats if caveat.text not in look.said]
    notes, most = [caveat.text for caveat in caveats], standing_beside(caveats, _MOST_NOTES)
    if shown.unfiltered:
        names = ", ".join(look.cells.labels.dimension_label(name) for name in shown.unfiltered)
        notes.append(text("board_unfiltered", look.language, names=names))
    about = [definition.text for definition in shown.answer.definitions]
    head = head_html(title, [*about, *notes[most:]], text("board_definition", look.language))
    return head + _body(shown, shown.answer, look) + notes_html(notes[:most])


def _body(shown: Shown, answer: Answer, look: Look) -> str:
    bars = bars_of(answer, shown.column, look.cells)
    if bars is not None:
        more = text("board_more", look.language, count=look.cells.count(bars.count - 6))
        return bars_html(bars, more, look.cells)
    if not answer.rows:
        return failure_html(answer.headline)
    parts = [number_html(shown.value, shown.column, look.cells)]
    parts.append(change_html(shown.change, _before(shown, look), look.cells))
    if shown.column is not None and shown.card.is_timed:
        parts.append(line_html(shown.trend, shown.column, shown.grain, look.cells))
    return "".join(parts)


def _before(shown: Shown, look: Look) -> str:
    """What the number was, and the numbers that must stand beside it."""
    said = [f"{column.label}: {look.cells.show(value, column, spoken=True)}" for column, value in shown.beside]
    if shown.previous is not None and shown.column is not None:
        value = look.cells.show(shown.previous, shown.column, spoken=True)
        said.insert(0, text("board_before", look.language, value=value))
    elif not shown.card.is_timed:
        said.insert(0, text("board_now", look.language))
    return " · ".join(said)


def bars_of(answer: Answer, column: Column | None, cells: Cells) -> Bars | None:
    """The rows of an answer as a ranking, when they are groups with a number each, named by their first dimensions."""
    places = [index for index, one in enumerate(answer.columns) if one.role == "dimension"][:_MOST_NAMES]
    if column is None or not places or not answer.rows:
        return None
    value = answer.columns.index(column)
    rows = [
        (
            " · ".join(cells.show(row[place], answer.columns[place]) for place in places),
            row[value] if is_number(row[value]) else None,
        )
        for row in answer.rows
    ]
    if any(number is not None for _, number in rows):
        rows.sort(key=lambda row: (row[1] is None, -(row[1] or 0)))
    return Bars(tuple(rows), len(rows), column)


def show_said(sentences: Sequence[str]) -> None:
    """What holds for most cards, once above them."""
    for number, sentence in enumerate(sentences):
        with st.container(horizontal=True, wrap=False, gap="xsmall", key=f"small-board-said-{number}"):
            st.markdown(":material/info:", width="content")
            st.text(sentence, width="stretch")
