"""The Board page on the real database: cards, the bar, a way to the Ask page, pins; in English and Russian."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dash.board.pins import Pins
from dash.board.showing import Shown
from dash.database import Database
from dash.knowledge import Knowledge
from dash.knowledge.board import CardFile
from dash.records import Answer, Caveat, Column, Definition
from dash.settings import REPOSITORY, Settings
from dash.shown import cells_in
from dash.threads import Threads
from dash.ui.board.cards import Look, card_html
from tests.ui.conftest import OpenPage

BOARD = str(REPOSITORY / "dash" / "ui" / "pages" / "board.py")
ME = "ui-test"


def board(open_page: OpenPage, locale: str = "en-US", **address: str) -> AppTest:
    test = open_page(locale)
    for name, value in address.items():
        test.query_params[name] = value
    test.switch_page(BOARD).run()
    assert not test.exception
    return test


def html(test: AppTest) -> str:
    return "\n".join(element.proto.body for element in test.get("html"))


def cards(test: AppTest) -> list[str]:
    return [button.key for button in test.button if (button.key or "").startswith("board-ask-")]


def test_every_card_is_there_with_a_number_and_a_moment(open_page: OpenPage) -> None:
    test = board(open_page)
    assert test.title[0].value == "Board"
    assert len(cards(test)) == 26
    assert html(test).count('class="board-number"') >= 15
    assert html(test).count('class="board-bar"') >= 10
    assert any(text.value.startswith("as of ") and text.value.endswith(" UTC") for text in test.text)


def test_the_page_speaks_russian(open_page: OpenPage) -> None:
    test = board(open_page, "ru-RU")
    assert test.title[0].value == "Сводка"
    assert "Тикеты по каналам" in html(test)
    assert "было:" in html(test)


def test_the_address_names_the_range_and_the_filters_and_follows_them(open_page: OpenPage) -> None:
    test = board(open_page, period="last_12_months", channel="email,chat", urgency="nonsense")
    assert test.pills(key="board-period").value == "last_12_months"
    assert test.multiselect(key="board-filter-channel").value == ["email", "chat"]
    assert test.multiselect(key="board-filter-urgency").value == []
    assert "Not narrowed by: Channel" in html(test)
    test.multiselect(key="board-filter-channel").set_value(["email"]).run()
    assert not test.exception
    assert test.query_params["channel"] in ("email", ["email"])
    test.pills(key="board-period").set_value("last_month").run()
    assert test.query_params["period"] in ("last_month", ["last_month"])


def test_an_address_of_nonsense_is_the_board_that_opens(open_page: OpenPage) -> None:
    test = board(open_page, period="<script>", **{"from": "2026-13-45", "to": "x"}, category="'; DROP TABLE x")
    assert test.pills(key="board-period").value == "last_30_days"
    assert len(cards(test)) == 26


def test_a_range_of_ones_own_days_comes_with_the_address(open_page: OpenPage) -> None:
    test = board(open_page, **{"from": "2026-10-01", "to": "2026-10-31"})
    assert test.pills(key="board-period").value == "own"
    assert [day.isoformat() for day in test.date_input(key="board-days").value] == ["2026-10-01", "2026-10-31"]


def test_a_click_on_a_card_asks_its_question_in_a_new_conversation(open_page: OpenPage, database: Database) -> None:
    test = board(open_page, period="last_month")
    test.button(key="board-ask-resolution").click().run()
    assert not test.exception
    thread = Threads(database).list(ME)[0]
    assert thread.title == "Resolution rate last month"
    assert any("Resolution rate" in text.value for text in test.text)


def test_an_address_asks_nothing(open_page: OpenPage, database: Database) -> None:
    before = len(Threads(database).list(ME))
    board(open_page, q="How many tickets?", question="How many tickets?", ask="volume")
    assert len(Threads(database).list(ME)) == before


@pytest.fixture
def pinned(open_page: OpenPage, database: Database) -> Iterator[tuple[str, str]]:
    """Two pinned answers of this person; taken down at the end."""
    test = open_page()
    pins, ids = Pins(database), []
    for question in ("How many tickets by channel last month?", "CSAT by month for the last 6 months"):
        test.chat_input[0].set_value(question).run()
        run = Threads(database).turns(Threads(database).list(ME)[0].id, owner=ME)[-1].run_id
        ids.append(pins.pin(run, ME))
    yield ids[0], ids[1]
    for pin in pins.list(ME):
        pins.unpin(pin.pin_id, ME)


def test_pinned_answers_stand_below_are_arranged_and_taken_down(
    open_page: OpenPage, pinned: tuple[str, str], database: Database
) -> None:
    test = board(open_page)
    assert "How many tickets by channel last month?" in html(test)
    assert test.button(key=f"board-pin-up-{pinned[0]}").disabled
    test.button(key=f"board-pin-up-{pinned[1]}").click().run()
    assert [pin.pin_id for pin in Pins(database).list(ME)] == [pinned[1], pinned[0]]
    test.button(key=f"board-pin-unpin-{pinned[0]}").click().run()
    assert not test.exception
    assert [pin.pin_id for pin in Pins(database).list(ME)] == [pinned[1]]
    assert "How many tickets by channel last month?" not in html(test)


def test_the_pin_button_pins_and_takes_down_again(database: Database, open_page: OpenPage) -> None:
    test = open_page()
    test.chat_input[0].set_value("How many tickets last month?").run()
    run = Threads(database).turns(Threads(database).list(ME)[0].id, owner=ME)[-1].run_id

    def page(run_id: str) -> None:
        from dash.access import Access, local_viewer
        from dash.board.pins import Pins
        from dash.ui.board.pinning import show_pin_button
        from dash.ui.opening import open_service

        service = open_service("en", local_viewer("ui-test", Access()))
        assert service is not None
        pin = Pins(service.dash.database).find(run_id, service.owner)
        show_pin_button(service, run_id, pin, key="x", language="en")

    button = AppTest.from_function(page, args=(run,), default_timeout=60).run()
    assert button.button(key="pin-x").label == "Pin to board"
    button.button(key="pin-x").click().run()
    assert button.button(key="pin-x").label == "Pinned"
    kept = Pins(database).find(run, ME)
    assert kept is not None
    assert kept.title is None
    test.chat_input[0].set_value("and by channel?").run()
    leaning = Threads(database).turns(Threads(database).list(ME)[0].id, owner=ME)[-1].run_id
    AppTest.from_function(page, args=(leaning,), default_timeout=60).run().button(key="pin-x").click().run()
    kept = Pins(database).find(leaning, ME)
    assert kept is not None
    assert kept.title == "How many tickets last month by channel?", "on the board nothing stands before it"
    button.button(key="pin-x").click().run()
    assert Pins(database).find(run, ME) is None


def test_a_knowledge_folder_without_a_board_says_how_to_make_one(
    open_page: OpenPage, in_environment: Callable[[Settings], None], database: Database, tmp_path: Path
) -> None:
    import shutil

    folder = tmp_path / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", folder)
    (folder / "board.yaml").unlink()
    in_environment(replace(database.settings, knowledge=folder))
    test = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60).run()
    test.switch_page(BOARD).run()
    assert any("docs/board.md" in info.value for info in test.info)
    (folder / "board.yaml").write_text("default_period: x\n", encoding="utf-8")
    test.run()
    assert not test.exception
    assert any("board.yaml" in code.value for code in test.code)


MARKUP = "<img src=x onerror=alert(1)> **bold** \"'`"


def test_words_of_strangers_are_never_markup_on_a_card(knowledge: Knowledge) -> None:
    card = CardFile(name="x", title={"en": MARKUP}, question={"en": "x"}, metric="tickets", split="channel")
    columns = (Column("channel", MARKUP, role="dimension"), Column("tickets", MARKUP, "count", "metric"))
    answer = Answer(
        "answered", MARKUP, "en", MARKUP, columns=columns, rows=((MARKUP, 5), ("b", 3)),
        caveats=(Caveat("note", MARKUP),), definitions=(Definition("x", MARKUP, MARKUP, ""),),
    )  # fmt: skip
    shown = Shown(card, answer, columns[1], unfiltered=(MARKUP,))
    look = Look("en", cells_in("en", knowledge), (), lambda card: None)
    for drawn in (card_html(shown, look), card_html(Shown(card, failure=MARKUP), look)):
        assert "<img" not in drawn
        assert "&lt;img src=x onerror=alert(1)&gt;" in drawn


def test_a_card_that_cannot_be_counted_leaves_the_page_whole(
    open_page: OpenPage, in_environment: Callable[[Settings], None], fresh_database: Database
) -> None:
    in_environment(fresh_database.settings)
    test = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60).run()
    with psycopg.connect(fresh_database.owner_dsn()) as connection:
        connection.execute("DROP TABLE support.ai_human_comparison CASCADE")
    test.switch_page(BOARD).run()
    assert not test.exception
    assert html(test).count('class="board-failure"') == 4
    assert html(test).count('class="board-number"') >= 12
