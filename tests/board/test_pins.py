"""Pinned answers: kept, arranged, owned by one person, and run again over the board's range where that is possible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest

from dash.alone import question_alone
from dash.ask import Dash
from dash.board import Bar, Board
from dash.board.asking import question_of_pin
from dash.board.pins import Pins
from dash.database import Database
from dash.errors import NotFoundError
from dash.knowledge.board import BoardFile
from dash.records import Viewer

from .conftest import NOW

ANN, BOB = Viewer("ann"), Viewer("bob")


@pytest.fixture
def product(fresh_database: Database) -> Iterator[Dash]:
    """A product whose pins are this test's alone."""
    with Dash.open(fresh_database.settings, clock=lambda: NOW) as dash:
        yield dash


@pytest.fixture
def pins(product: Dash) -> Pins:
    return Pins(product.database)


@pytest.fixture
def own_board(product: Dash, file: BoardFile) -> Iterator[Board]:
    board = Board(product, file)
    yield board
    board.close()


def run_of(dash: Dash, question: str, viewer: Viewer = ANN) -> str:
    answer = dash.ask(question, viewer=viewer, learns=False)
    assert answer.run_id is not None
    return answer.run_id


def test_a_pin_survives_a_restart(product: Dash, pins: Pins, fresh_database: Database) -> None:
    pin = pins.pin(run_of(product, "How many tickets last month?"), "ann", "  October  ")
    product.close()
    with Dash.open(fresh_database.settings, clock=lambda: NOW) as again:
        (kept,) = Pins(again.database).list("ann")
    assert (kept.pin_id, kept.title, kept.question) == (pin, "October", "How many tickets last month?")


def test_pinning_twice_is_pinning_once_and_a_pin_taken_down_can_hang_again(product: Dash, pins: Pins) -> None:
    run = run_of(product, "How many tickets last month?")
    first = pins.pin(run, "ann")
    assert pins.pin(run, "ann") == first
    assert len(pins.list("ann")) == 1
    pins.unpin(first, "ann")
    pins.unpin(first, "ann")
    assert pins.list("ann") == ()
    assert pins.find(run, "ann") is None
    assert pins.pin(run, "ann") != first
    assert pins.find(run, "ann") is not None


def test_pins_are_arranged_and_new_ones_come_last(product: Dash, pins: Pins) -> None:
    a, b, c = (pins.pin(run_of(product, q), "ann") for q in ("How many tickets?", "CSAT last month", "Stuck tickets"))
    pins.arrange("ann", [c, a])
    assert [pin.pin_id for pin in pins.list("ann")] == [c, a, b]
    pins.move(b, "ann", -1)
    assert [pin.pin_id for pin in pins.list("ann")] == [c, b, a]
    pins.move(c, "ann", -5)
    d = pins.pin(run_of(product, "How many conversations last month?"), "ann")
    assert [pin.pin_id for pin in pins.list("ann")] == [c, b, a, d]


def test_nobody_pins_moves_or_removes_what_belongs_to_somebody_else(product: Dash, pins: Pins) -> None:
    run = run_of(product, "How many tickets?")
    pin = pins.pin(run, "ann")
    for attempt in (
        lambda: pins.pin(run, "bob"),
        lambda: pins.unpin(pin, "bob"),
        lambda: pins.move(pin, "bob", 1),
        lambda: pins.pin("no such run", "ann"),
    ):
        with pytest.raises(NotFoundError):
            attempt()
    assert pins.list("bob") == ()
    assert [one.pin_id for one in pins.list("ann")] == [pin]


def test_only_an_answer_can_be_pinned(product: Dash, pins: Pins) -> None:
    with pytest.raises(NotFoundError):
        pins.pin(run_of(product, "What will the weather be?"), "ann")


def test_what_was_pinned_and_taken_down_is_never_lost(product: Dash, pins: Pins, fresh_database: Database) -> None:
    pin = pins.pin(run_of(product, "How many tickets?"), "ann")
    pins.unpin(pin, "ann")
    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as connection:
        for table in ("pins", "pin_removals"):
            assert connection.execute(f"SELECT count(*) FROM dash.{table}").fetchone() == (1,)  # type: ignore[arg-type]
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(f"DELETE FROM dash.{table}")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "over_the_range"),
    [
        ("How many tickets in the last 7 days?", "How many tickets from 2026-09-01 to 2026-09-30?"),
        ("Tickets by channel last month", "Tickets by channel from 2026-09-01 to 2026-09-30"),
        ("Сколько тикетов за прошлую неделю?", "Сколько тикетов с 2026-09-01 по 2026-09-30?"),
        ("Which AI agents are used most this month?", "Which AI agents are used most from 2026-09-01 to 2026-09-30?"),
    ],
)
def test_a_moving_period_gives_way_to_the_boards_range(
    product: Dash, pins: Pins, own_board: Board, question: str, over_the_range: str
) -> None:
    pins.pin(run_of(product, question), "ann")
    standing = own_board.open(Bar(first=date(2026, 9, 1), last=date(2026, 9, 30)), ANN, "en")
    (pinned,) = own_board.pinned(standing, pins.list("ann"))
    assert pinned.answer is not None, pinned.failure
    assert not pinned.own_period
    assert pinned.answer.rows == product.ask(over_the_range, viewer=ANN, learns=False).rows
    asked = question_of_pin(
        product, product.runs.get(pinned.pin.run_id), standing.bar, own_board.file, NOW, ANN, own_period=False
    )
    assert asked is not None
    opened = product.ask(asked[0], refill=asked[1], viewer=ANN, learns=False)
    assert opened.rows == pinned.answer.rows, asked[0]


def test_a_question_that_leans_on_another_is_asked_again_by_words_that_say_it_in_full(product: Dash) -> None:
    before = product.ask("Resolution rate of shipping tickets last month", viewer=ANN, learns=False)
    for words in ("and by channel?", "а за этот месяц?", "only email"):
        leaning = product.ask(words, thread_id=before.thread_id, viewer=ANN, learns=False)
        assert leaning.outcome == "answered", leaning.headline
        asked = question_alone(product, product.runs.get(leaning.run_id or ""), ANN)
        assert asked is not None, words
        assert asked[0] != words
        assert product.ask(asked[0], refill=asked[1], viewer=ANN, learns=False).rows == leaning.rows, asked[0]


@pytest.mark.parametrize(
    "question", ["How many tickets in October 2026?", "How many tickets?", "How many open tickets?"]
)
def test_a_fixed_period_and_none_stay_and_the_pin_says_so(
    product: Dash, pins: Pins, own_board: Board, question: str
) -> None:
    answer = product.ask(question, viewer=ANN, learns=False)
    pins.pin(answer.run_id or "", "ann")
    (pinned,) = own_board.pinned(own_board.open(Bar("today"), ANN, "en"), pins.list("ann"))
    assert pinned.answer is not None, pinned.failure
    assert pinned.own_period
    assert pinned.answer.rows == answer.rows


def test_a_pin_that_cannot_run_any_more_says_so_and_the_others_stand(
    product: Dash, pins: Pins, own_board: Board, fresh_database: Database
) -> None:
    for question in ("Penalty score last month", "How many tickets last month?"):
        pins.pin(run_of(product, question), "ann")
    with psycopg.connect(fresh_database.owner_dsn()) as connection:
        connection.execute("DROP TABLE support.ai_human_comparison CASCADE")
    broken, sound = own_board.pinned(own_board.open(Bar("today"), ANN, "en"), pins.list("ann"))
    assert broken.answer is None
    assert broken.failure
    assert sound.answer is not None
