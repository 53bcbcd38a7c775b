"""What a person can do with an answer on the page: judge it, correct it, run it again, keep it, stop it."""

from __future__ import annotations

import threading

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dash.access import Access, local_viewer
from dash.ask import Dash
from dash.database import Database
from dash.feedback import FeedbackStore
from dash.learnings import Learnings
from dash.records import Question
from dash.runs import Runs
from dash.saved import SavedAnswers
from dash.threads import Threads
from dash.ui.opening import Service, open_service
from tests.conftest import NOW
from tests.ui.conftest import OpenPage
from tests.ui.test_ask_page import ask, keys, texts

ME = "ui-test"
QUESTION = "How many tickets are there?"


def run_of(test: AppTest, database: Database) -> str:
    """The run of the last question of the page's conversation."""
    return Threads(database).turns(test.query_params["thread"])[-1].run_id


def service() -> Service:
    found = open_service("en", local_viewer(ME, Access()))
    assert found is not None
    return found


def test_a_thumb_is_kept_at_once_and_is_there_after_a_reload(open_page: OpenPage, database: Database) -> None:
    test = ask(open_page(), QUESTION)
    run = run_of(test, database)
    test.feedback(key=f"thumbs-{run}").set_value(1).run()
    assert not test.exception
    assert FeedbackStore(database).latest([run], by=ME)[run].verdict == "good"
    again = open_page(thread=test.query_params["thread"])
    assert again.feedback(key=f"thumbs-{run}").value == 1


def test_the_right_number_becomes_a_candidate_and_is_said_below_the_answer(
    open_page: OpenPage, database: Database
) -> None:
    test = ask(open_page(), QUESTION)
    run = run_of(test, database)
    test.feedback(key=f"thumbs-{run}").set_value(0).run()
    assert FeedbackStore(database).latest([run], by=ME)[run].verdict == "bad"
    test.radio(key=f"way-{run}").set_value("right").run()
    assert test.button(key=f"send-{run}").disabled
    test.text_input(key=f"said-right-{run}").set_value("412").run()
    test.button(key=f"send-{run}").click().run()
    assert not test.exception
    assert "You called this wrong; right is: 412" in texts(test)
    kept = FeedbackStore(database).latest([run], by=ME)[run]
    assert kept.learning_id is not None
    assert "412" in Learnings(database).get(kept.learning_id).learned
    assert not keys(test, "send-")


def test_a_question_that_was_meant_is_asked_as_the_next_turn(open_page: OpenPage, database: Database) -> None:
    test = ask(open_page(), "Show stuck tickets")
    run, thread = run_of(test, database), test.query_params["thread"]
    test.feedback(key=f"thumbs-{run}").set_value(0).run()
    assert keys(test, "meant-0-")
    test.text_input(key=f"said-meant-{run}").set_value("How many chats are there?").run()
    test.button(key=f"send-{run}").click().run()
    assert not test.exception
    assert [turn.question for turn in Threads(database).turns(thread)] == [
        "Show stuck tickets",
        "How many chats are there?",
    ]


def test_a_vetted_answer_runs_again_with_other_parameters(open_page: OpenPage, database: Database) -> None:
    test = ask(open_page(), "Show stuck tickets")
    run, thread = run_of(test, database), test.query_params["thread"]
    assert test.number_input(key=f"parameter-hours-{run}").value == 24
    test.number_input(key=f"parameter-hours-{run}").set_value(72).run()
    test.selectbox(key=f"parameter-request_type-{run}").set_value("shipping_inquiry").run()
    test.button(key=f"run-refill-{run}").click().run()
    assert not test.exception
    latest = Threads(database).turns(thread)[-1]
    assert latest.answer is not None
    assert latest.answer["provenance"] == "vetted"
    assert (latest.answer["parameters"]["hours"], latest.answer["parameters"]["request_type"]) == (
        72,
        "shipping_inquiry",
    )
    assert test.number_input(key=f"parameter-hours-{latest.run_id}").value == 72


def test_an_answer_of_no_vetted_query_has_no_parameters_to_choose(open_page: OpenPage) -> None:
    assert not keys(ask(open_page(), QUESTION), "run-refill-")


def test_an_answer_is_saved_listed_opened_as_it_was_and_let_go(open_page: OpenPage, database: Database) -> None:
    test = ask(open_page(), QUESTION)
    run = run_of(test, database)
    test.text_input(key=f"name-{run}").set_value("My **pile**").run()
    test.button(key=f"save-{run}").click().run()
    assert [each.name for each in SavedAnswers(database).list(ME)] == ["My **pile**"]
    test.button(key="new-thread").click().run()
    assert test.button(key=f"saved-{run}").label == r"My \*\*pile\*\*"
    test.button(key=f"saved-{run}").click().run()
    assert not test.exception
    assert test.query_params["run"] == run
    assert any(words.startswith("“My **pile**”, the answer of ") for words in texts(test))
    test.button(key=f"let-go-{run}").click().run()
    assert SavedAnswers(database).list(ME) == ()
    assert not keys(test, "saved-")


def test_a_link_opens_one_answer_of_a_conversation_and_marks_it(open_page: OpenPage, database: Database) -> None:
    test = ask(ask(open_page(), QUESTION), "split that by channel")
    turns = Threads(database).turns(test.query_params["thread"])
    opened = open_page(run=turns[0].run_id)
    assert not opened.exception
    assert opened.query_params["thread"] == turns[0].thread_id
    assert len([words for words in texts(opened) if words.startswith("The answer of ")]) == 1
    assert len(opened.chat_message) == 4
    ask(opened, "How many chats are there?")
    assert "run" not in opened.query_params


def test_a_link_to_an_answer_of_somebody_else_is_as_one_to_nothing(open_page: OpenPage, database: Database) -> None:
    thread = Threads(database).start("somebody else")
    secret = Runs(database).begin(Question("How is Ann's ticket?", NOW), thread)
    for run in (secret, "nothing"):
        test = open_page(run=run)
        assert not test.exception
        assert "does not exist" in test.info[0].value
        assert not any("Ann" in words for words in texts(test))


def test_the_picture_that_was_chosen_is_in_the_address_and_runs_no_query(
    open_page: OpenPage, database: Database
) -> None:
    test = ask(open_page(), "How many tickets by month in the last 6 months?")
    run, thread = run_of(test, database), test.query_params["thread"]
    kinds = test.segmented_control(key=f"kind-{run}")
    assert kinds.value == "line"
    before = len(Runs(database).audit(limit=1)[0].queries)
    kinds.set_value("table").run()
    assert not test.get("plotly_chart")
    assert test.query_params["chart"] == f"{run}.table"
    again = open_page(thread=thread, chart=f"{run}.area")
    assert len(again.get("plotly_chart")) == 1
    assert len(Runs(database).audit(limit=1)[0].queries) == before
    assert len(open_page(thread=thread, chart=f"{run}.pie").get("plotly_chart")) == 1


def test_a_conversation_is_renamed_and_hidden_and_comes_back(open_page: OpenPage, database: Database) -> None:
    test = ask(open_page(), QUESTION)
    thread = test.query_params["thread"]
    next(each for each in test.text_input if (each.key or "").startswith(f"title-{thread}")).set_value("The pile")
    test.button(key=f"rename-{thread}").click().run()
    assert test.button(key=f"thread-here-{thread}").label == "The pile"
    test.button(key=f"hide-{thread}").click().run()
    assert not test.exception
    assert "thread" not in test.query_params
    assert not keys(test, f"thread-{thread}")
    test.button(key="undo-hide").click().run()
    assert test.query_params["thread"] == thread
    assert test.button(key=f"thread-here-{thread}").label == "The pile"


def test_many_conversations_can_be_searched(open_page: OpenPage, database: Database) -> None:
    threads = Threads(database)
    for number in range(10):
        thread = threads.start(ME)
        Runs(database).begin(Question(f"Question number {number} of the long list", NOW), thread)
    test = open_page()
    test.text_input(key="thread-search").set_value("NUMBER 7 of").run()
    assert not test.exception
    assert [button.label for button in test.sidebar.button if (button.key or "").startswith("thread-")] == [
        "Question number 7 of the long list"
    ]
    test.text_input(key="thread-search").set_value("no such words").run()
    assert not keys(test, "thread-")


def test_an_answer_that_is_stored_is_shown_once_while_its_question_is_still_learned_from(
    open_page: OpenPage, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned, stored = threading.Event(), threading.Event()

    def learn(*_: object) -> None:
        stored.set()
        learned.wait(60)

    monkeypatch.setattr(Dash, "_learn", learn)
    open_page()
    thread = Threads(database).start(ME)
    job = service().desk.start(thread, QUESTION)
    try:
        assert stored.wait(60)
        test = open_page(thread=thread)
        assert texts(test).count(QUESTION) == 1
        assert keys(test, "ask-now-")
        assert not keys(test, "cancel-")
        assert not test.chat_input[0].disabled
    finally:
        learned.set()
        job.wait(60)


def test_a_question_that_was_stopped_is_shown_as_stopped_and_can_be_asked_again(
    open_page: OpenPage, database: Database
) -> None:
    open_page()
    dash, desk = service().dash, service().desk
    thread = dash.threads.start(ME)
    with psycopg.connect(database.owner_dsn()) as connection:
        connection.execute("LOCK TABLE support.support_threads_data IN ACCESS EXCLUSIVE MODE")
        job = desk.start(thread, QUESTION)
        assert not job.wait(0.3)
        job.cancelled.set()
        assert job.wait(30)
        connection.rollback()
    test = open_page(thread=thread)
    assert any("Stopped" in element.value for element in test.markdown)
    run = run_of(test, database)
    test.button(key=f"again-{run}").click().run()
    assert [turn.outcome for turn in Threads(database).turns(thread)] == ["cancelled", "answered"]


def test_a_russian_page_says_all_of_it_in_russian(open_page: OpenPage, database: Database) -> None:
    test = ask(open_page(locale="ru-RU"), "Покажи stuck тикеты")
    run = run_of(test, database)
    test.feedback(key=f"thumbs-{run}").set_value(0).run()
    assert not test.exception
    assert test.button(key=f"run-refill-{run}").label == "Запустить"
    assert list(test.radio(key=f"way-{run}").options) == [
        "Вопрос был о другом",
        "Неверное число",
        "Другое",
    ]
