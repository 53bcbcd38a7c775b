"""The Ask page on the real database: ask, choose, follow up, reload, fail, in English and Russian."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dash.access import Access, local_viewer
from dash.database import Database
from dash.knowledge import Knowledge
from dash.records import Question
from dash.runs import Runs
from dash.settings import Settings
from dash.threads import Threads
from dash.ui.opening import open_service
from tests.conftest import DEMO, NOW
from tests.ui.conftest import OpenPage

ALL_TICKETS = f"{DEMO['tickets']:,}"


def texts(test: AppTest) -> list[str]:
    return [element.value for element in test.text]


def ask(test: AppTest, question: str) -> AppTest:
    test.chat_input[0].set_value(question).run()
    assert not test.exception
    return test


def keys(test: AppTest, beginning: str) -> list[str]:
    return [button.key for button in test.button if (button.key or "").startswith(beginning)]


def test_an_empty_page_invites_with_questions_from_the_knowledge(open_page: OpenPage, knowledge: Knowledge) -> None:
    test = open_page()
    assert test.title[0].value == "What would you like to know?"
    assert len(keys(test, "starter-")) == len(knowledge.starters) > 2


def test_a_question_gets_its_number_and_shows_where_it_comes_from(open_page: OpenPage) -> None:
    test = ask(open_page(), "How many tickets are there?")
    assert any(ALL_TICKETS in words for words in texts(test))
    assert any(expander.label == "How this was answered" for expander in test.expander)
    assert test.get("code")[0].value


def test_a_click_on_a_starter_asks_it(open_page: OpenPage) -> None:
    test = open_page()
    test.button(key="starter-0").click().run()
    assert not test.exception
    assert len(test.chat_message) == 2
    assert test.query_params["thread"]


def test_a_question_that_a_link_brings_is_asked_by_a_click_and_not_by_the_link(open_page: OpenPage) -> None:
    question = "How many tickets are there?"
    test = open_page(ask=f" {question}\n")
    assert question in texts(test) and not test.chat_message and "thread" not in test.query_params
    test.button(key="proposed-ask").click().run()
    assert not test.exception
    assert len(test.chat_message) == 2 and test.query_params["thread"] and "ask" not in test.query_params
    assert not keys(test, "proposed-")


def test_a_ranking_comes_with_a_chart(open_page: OpenPage) -> None:
    test = ask(open_page(), "How many tickets by channel?")
    assert len(test.get("plotly_chart")) == 1


def test_a_clarifications_choice_is_the_next_turn_of_the_same_conversation(open_page: OpenPage) -> None:
    test = ask(open_page(), "What was the cost?")
    thread = test.query_params["thread"]
    choices = keys(test, "choice-")
    assert len(choices) >= 2
    test.button(key=choices[0]).click().run()
    assert not test.exception
    assert test.query_params["thread"] == thread
    assert len(test.chat_message) == 4
    assert any(re.search(r"\$\d", words) for words in texts(test))
    assert not set(choices) & {button.key for button in test.button}


def test_a_follow_up_leans_on_the_question_before_it(open_page: OpenPage) -> None:
    test = ask(open_page(), "How many tickets are there?")
    ask(test, "split that by channel")
    assert len(test.get("plotly_chart")) == 1
    offered = keys(test, "follow-up-")
    assert offered
    test.button(key=offered[0]).click().run()
    assert not test.exception
    assert len(test.chat_message) == 6


def test_a_reload_and_a_second_tab_show_the_same_conversation(open_page: OpenPage) -> None:
    first = ask(open_page(), "How many tickets are there?")
    thread = first.query_params["thread"]
    again = open_page(thread=thread)
    assert not again.exception
    assert texts(again) == texts(first)
    assert len(again.chat_message) == 2


def test_conversations_are_listed_and_opened_by_a_click(open_page: OpenPage) -> None:
    first = ask(open_page(), "How many tickets are there?")
    thread = first.query_params["thread"]
    first.button(key="new-thread").click().run()
    assert "thread" not in first.query_params
    assert first.title
    assert "How many tickets are there?" in [button.label for button in first.sidebar.button]
    first.button(key=f"thread-{thread}").click().run()
    assert first.query_params["thread"] == thread
    assert len(first.chat_message) == 2


def test_a_thread_that_does_not_exist_is_said_and_a_question_starts_a_new_one(open_page: OpenPage) -> None:
    test = open_page(thread="nothing")
    assert "does not exist" in test.info[0].value
    ask(test, "How many tickets are there?")
    assert test.query_params["thread"] != "nothing"
    assert any(ALL_TICKETS in words for words in texts(test))


def test_an_interrupted_question_is_shown_and_can_be_asked_again(open_page: OpenPage, database: Database) -> None:
    thread = Threads(database).start("ui-test")
    run = Runs(database).begin(Question("How many tickets are there?", NOW), thread)
    test = open_page(thread=thread)
    assert any("interrupted" in words for words in texts(test))
    test.button(key=f"again-{run}").click().run()
    assert any(ALL_TICKETS in words for words in texts(test))


def test_a_question_outlives_the_page_that_asked_it_and_a_later_page_shows_its_answer(
    open_page: OpenPage, database: Database
) -> None:
    open_page()
    service = open_service("en", local_viewer("ui-test", Access()))
    assert service is not None
    thread = service.dash.threads.start("ui-test")
    with psycopg.connect(database.owner_dsn()) as connection:
        connection.execute("LOCK TABLE support.support_threads_data IN ACCESS EXCLUSIVE MODE")
        job = service.desk.start(thread, "How many tickets are there?")
        assert not job.wait(0.2)
        threading.Timer(0.5, connection.rollback).start()
        test = open_page(thread=thread)
    assert not test.exception
    assert job.wait(30)
    test.run()  # a page that still waited, on a busy machine, looks again as a browser's does
    assert not test.exception
    assert any(ALL_TICKETS in words for words in texts(test))
    assert not any("interrupted" in words for words in texts(test))
    assert service.desk.jobs(thread) == ()


def test_a_question_that_cannot_be_read_gets_a_sentence_and_the_conversation_goes_on(open_page: OpenPage) -> None:
    test = ask(open_page(), "x" * 10_000)
    assert not test.exception
    assert len(texts(test)) >= 2
    ask(test, "How many tickets are there?")
    assert any(ALL_TICKETS in words for words in texts(test))


def test_hostile_words_in_a_question_stay_words(open_page: OpenPage) -> None:
    question = "**tickets** <script>alert(1)</script> [x](javascript:alert(1)) :red[y]"
    test = ask(open_page(), question)
    assert question in texts(test)
    assert not any("<script>alert(1)" in element.value for element in (*test.markdown, *test.caption))


def test_a_russian_browser_gets_a_russian_page_and_a_russian_answer(open_page: OpenPage) -> None:
    test = open_page(locale="ru-RU")
    assert test.title[0].value == "Что хотите узнать?"
    ask(test, "Сколько всего тикетов?")
    assert any(ALL_TICKETS.replace(",", "\u00a0") in words for words in texts(test))
    assert any(expander.label == "Как получен ответ" for expander in test.expander)


def test_the_language_can_be_switched_and_stays_in_the_address(open_page: OpenPage) -> None:
    test = open_page()
    test.segmented_control(key="language_switch").set_value("ru").run()
    assert test.query_params["lang"] == "ru"
    assert test.title[0].value == "Что хотите узнать?"
    assert open_page(lang="ru").title[0].value == "Что хотите узнать?"


def test_a_database_that_is_down_at_start_is_said_and_retried(
    database: Database, in_environment: Callable[[Settings], None], open_page: OpenPage
) -> None:
    in_environment(replace(database.settings, database_url="postgresql://nobody:x@127.0.0.1:9/none"))
    test = open_page()
    assert test.subheader[0].value == "The database cannot be reached"
    in_environment(database.settings)
    test.button(key="retry").click().run()
    assert test.title[0].value == "What would you like to know?"


def test_a_question_that_the_store_cannot_take_is_kept_on_the_page(
    fresh_database: Database, database: Database, in_environment: Callable[[Settings], None], open_page: OpenPage
) -> None:
    in_environment(fresh_database.settings)
    test = open_page()
    name = psycopg.conninfo.conninfo_to_dict(fresh_database.owner_dsn())["dbname"]
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        rename = psycopg.sql.SQL("ALTER DATABASE {} RENAME TO {}")
        away, here = psycopg.sql.Identifier(f"{name}_away"), psycopg.sql.Identifier(str(name))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        connection.execute(rename.format(here, away))
        try:
            test.chat_input[0].set_value("How many tickets are there?").run()
            assert not test.exception
            assert "How many tickets are there?" in texts(test)
        finally:
            connection.execute(rename.format(away, here))
    test.button(key="again-unsent").click().run()
    assert any(ALL_TICKETS in words for words in texts(test))


def test_a_question_that_finds_no_place_is_kept_on_the_page(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = open_page()
    monkeypatch.setattr("dash.desk.turns.MOST_WAITING_OF_ONE", 0)
    test.chat_input[0].set_value("How many tickets are there?").run()
    assert not test.exception
    assert any("your own questions" in words for words in texts(test))
