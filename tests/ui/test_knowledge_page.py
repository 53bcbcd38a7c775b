"""The Knowledge page on the real database: search, open, try, write with live checks, keep, and find gaps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dash.catalogue.drafts import Drafts
from dash.database import Database
from dash.knowledge import Knowledge
from dash.language.reader import Reader
from dash.settings import Settings
from dash.ui.texts import languages, text
from tests.catalogue.test_examining import PERSONAL, SOUND
from tests.conftest import NOW
from tests.ui.conftest import OpenPage

PAGE = "dash/ui/pages/knowledge.py"


@pytest.fixture(autouse=True)
def no_drafts(database: Database) -> None:
    """Nobody has begun anything: tests share a database, and a draft of another one would be found again."""
    drafts = Drafts(database)
    for draft in drafts.list("ui-test"):
        drafts.discard("ui-test", draft.id)


def open_knowledge(open_page: OpenPage, locale: str = "en-US", **address: str) -> AppTest:
    test = open_page(locale=locale)
    for name, value in address.items():
        test.query_params[name] = value
    test.switch_page(PAGE).run()
    assert not test.exception
    return test


def texts(test: AppTest) -> str:
    return "\n".join(element.value for element in test.text)


def labels(test: AppTest) -> list[str]:
    return [button.label for button in test.button]


def write(test: AppTest, words: str) -> AppTest:
    test.text_area[0].set_value(words).run()
    assert not test.exception
    return test


def test_the_catalogue_is_searched_narrowed_and_an_entry_is_opened(open_page: OpenPage) -> None:
    test = open_knowledge(open_page)
    test.text_input(key="knowledge-search").set_value("застрявшие").run()
    assert "Stuck tickets" in labels(test)
    test.button(key="open-metric:stuck_tickets").click().run()
    assert (
        test.query_params["entry"] == ["metric:stuck_tickets"] or test.query_params["entry"] == "metric:stuck_tickets"
    )
    assert "knowledge/business/metrics_tickets.yaml:" in texts(test)
    test.button(key="knowledge-back").click().run()
    assert test.text_input(key="knowledge-search").value == "застрявшие", "the search is where it was"


def test_a_search_without_a_hit_says_what_to_try(open_page: OpenPage) -> None:
    test = open_knowledge(open_page)
    test.text_input(key="knowledge-search").set_value("xyzzyqwv").run()
    assert "Nothing fits" in test.info[0].value


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("metric:csat", "Mean csat_score"),
        ("query:stuck_tickets", "support-analytics"),
        ("table:support.support_threads_data", "one row per ticket"),
        ("word:cost", "pipeline_cost"),
        ("topic:refunds", "does not hold payments"),
    ],
)
def test_a_link_opens_one_entry(open_page: OpenPage, address: str, words: str) -> None:
    assert words in texts(open_knowledge(open_page, entry=address))


def test_a_link_to_nothing_and_the_page_in_russian(open_page: OpenPage) -> None:
    test = open_knowledge(open_page, locale="ru-RU", entry="metric:nope")
    assert test.title[0].value == "Знания"
    assert "Такой записи нет" in test.info[0].value


def test_personal_and_untrusted_columns_are_marked(open_page: OpenPage) -> None:
    test = open_knowledge(open_page, entry="table:support.support_threads_data")
    columns = test.dataframe[0].value
    marks = dict(zip(columns["Column"], columns["Marks"], strict=True))
    assert marks["customer_email"] == "personal" and marks["subject"] == "untrusted text"
    values = dict(zip(columns["Column"], columns["Values"], strict=True))
    assert values["customer_email"] == ""


def test_a_vetted_query_is_tried_with_its_parameters(open_page: OpenPage) -> None:
    test = open_knowledge(open_page, entry="query:stuck_tickets")
    test.number_input[0].set_value(48)
    next(button for button in test.button if button.label == "Run").click().run()
    assert not test.exception
    assert "Stuck for more than 48" in texts(test)
    assert " rows in " in texts(test)
    assert test.dataframe


def test_a_new_query_is_written_checked_tried_and_found_again(open_page: OpenPage) -> None:
    test = open_knowledge(open_page, view="write")
    test.button(key="draft-begin").click().run()
    assert any("To mend" in element.value for element in test.markdown), "an empty form does not pass"
    write(test, SOUND.replace("support.conversations", "support.conversation"))
    assert "write support.conversations" in texts(test)
    assert "Mend the file first" in "".join(element.value for element in test.caption)
    write(test, SOUND)
    assert "Nothing to mend" in test.success[0].value
    assert "It reads support.conversations." in texts(test)
    next(button for button in test.button if button.label == "Run").click().run()
    assert "20 rows in " in texts(test)
    again = open_knowledge(open_page, view="write")
    assert again.text_area[0].value == SOUND, "a reload finds what was typed"
    again.button(key="draft-discard").click().run()
    assert not again.text_area or again.text_area[0].value != SOUND


def test_a_draft_never_shows_personal_data(open_page: OpenPage) -> None:
    test = open_knowledge(open_page, entry="query:stuck_tickets")
    test.button(key="entry-edit").click().run()
    assert "this file would take its place" in texts(test)
    write(test, PERSONAL)
    assert "Masked in the result: customer_email." in texts(test)
    next(button for button in test.button if button.label == "Run").click().run()
    assert "masked: customer_email" in texts(test)
    shown = test.dataframe[0].value.astype(str).to_string()
    assert "@" not in shown
    test.button(key="draft-discard").click().run()


def test_what_is_asked_without_a_vetted_query_begins_one(
    open_page: OpenPage, in_environment: Callable[[Settings], None], fresh_database: Database
) -> None:
    in_environment(fresh_database.settings)  # where nobody asked anything more often
    ask = open_page()
    ask.chat_input[0].set_value("How many damaged item tickets by channel last month?").run()
    test = open_knowledge(open_page, view="asked")
    assert "How many damaged item tickets by channel last month?" in texts(test)
    place = texts(test).splitlines().index("How many damaged item tickets by channel last month?")
    assert place >= 0
    next(button for button in test.button if (button.key or "").startswith("write-")).click().run()
    assert not test.exception
    assert "<query name>" in test.text_area[0].value
    test.button(key="draft-discard").click().run()


def test_every_usual_period_is_one_for_the_reader(knowledge: Knowledge) -> None:
    reader = Reader(knowledge)
    for language in languages():
        for words in text("knowledge_periods", language).split("|"):
            tokens, spans = reader.ground(words, NOW, "UTC")
            assert any(span.kind == "time" and (span.start, span.end) == (0, len(tokens)) for span in spans), words
