"""A card and the question that it opens as give the same numbers, whatever the bar says."""

from __future__ import annotations

from datetime import date

import pytest

from dash.ask import Dash
from dash.board import Bar, Board
from dash.board.asking import question_of
from dash.knowledge.board import BoardFile, load_board
from dash.records import Viewer
from dash.settings import REPOSITORY
from dash.shown import cells_in

from .conftest import NOW

VIEWER = Viewer("lead")
CARDS = [card.name for card in (load_board(REPOSITORY / "knowledge") or pytest.fail("no board")).cards]
NARROW = (("category", ("shipping_inquiry", "damaged_item")), ("channel", ("chat",)), ("urgency", ("high",)))
BARS = [
    Bar("last_30_days"),
    Bar("last_month"),
    Bar("today"),
    Bar("last_12_months", filters=(("language", ("ru", "en")),)),
    Bar(first=date(2026, 9, 1), last=date(2026, 10, 15)),
    Bar("last_90_days", filters=NARROW),
    Bar("last_7_days", filters=(("category", ("cancel_subscription", "pause_subscription", "shipping_inquiry")),)),
]


def asked(dash: Dash, file: BoardFile, name: str, bar: Bar, language: str) -> str | None:
    card = next(card for card in file.cards if card.name == name)
    labels = cells_in(language, dash.knowledge).labels
    return question_of(card, bar, file, dash.reader, labels, NOW, "UTC", VIEWER)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", CARDS)
def test_a_cards_question_is_answered_with_the_cards_own_rows(
    dash: Dash, board: Board, file: BoardFile, name: str, language: str
) -> None:
    bar = Bar(file.default_period)
    question = asked(dash, file, name, bar, language)
    assert question is not None
    answer = dash.ask(question, viewer=VIEWER, learns=False)
    shown = board.open(bar, VIEWER, language).card(name)
    assert answer.outcome == "answered", answer.headline
    assert answer.language == language
    assert shown.answer is not None, shown.failure
    assert shown.answer.rows == answer.rows
    assert [column.name for column in shown.answer.columns] == [column.name for column in answer.columns]
    assert shown.answer.headline == answer.headline
    assert [caveat.text for caveat in shown.answer.caveats] == [caveat.text for caveat in answer.caveats]
    if shown.value is not None:
        assert shown.value in answer.rows[0]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("bar", BARS, ids=lambda bar: f"{bar.period or 'own'}{'+' if bar.filters else ''}")
def test_a_bars_range_and_filters_are_in_the_question_and_mean_the_same_there(
    dash: Dash, board: Board, file: BoardFile, bar: Bar, language: str
) -> None:
    standing = board.open(bar, VIEWER, language)
    for name in ("volume", "resolution", "containment", "pipeline_cost"):
        question = asked(dash, file, name, bar, language)
        assert question is not None, name
        shown = standing.card(name)
        assert shown.answer is not None, shown.failure
        assert shown.answer.rows == dash.ask(question, viewer=VIEWER, learns=False).rows, question


def test_every_card_has_a_question_for_every_period_of_the_board(dash: Dash, file: BoardFile) -> None:
    for period in file.periods:
        for language in ("en", "ru"):
            missing = [name for name in CARDS if asked(dash, file, name, Bar(period.name), language) is None]
            assert missing == [], f"{period.name} {language}"


def test_a_question_that_means_something_else_is_not_offered(dash: Dash, file: BoardFile) -> None:
    card = next(card for card in file.cards if card.name == "volume")
    labels = cells_in("en", dash.knowledge).labels
    for words in ("How many sent tickets {period}?", "Tickets by channel {period}", "How many florbs {period}?"):
        other = card.model_copy(update={"question": {"en": words}})
        assert question_of(other, Bar("last_7_days"), file, dash.reader, labels, NOW, "UTC", VIEWER) is None, words
