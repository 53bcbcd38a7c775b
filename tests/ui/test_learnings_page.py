"""The Learnings page: the queue, the evidence, a trial in the background, and decisions that stay in the history."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dash.database import Database
from dash.knowledge import Knowledge
from dash.learnings import Learnings
from dash.learnings.candidates import remark_candidate, word_candidate
from dash.learnings.records import Evidence, Word
from dash.settings import REPOSITORY, Settings
from tests.learnings.test_trial import CASES

PAGE = "dash/ui/pages/learnings.py"
OpenLearnings = Callable[..., AppTest]


@pytest.fixture
def store(fresh_database: Database) -> Learnings:
    return Learnings(fresh_database)


@pytest.fixture
def open_learnings(
    fresh_database: Database,
    in_environment: Callable[[Settings], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[OpenLearnings]:
    monkeypatch.setattr(Knowledge, "evals", CASES)
    in_environment(replace(fresh_database.settings, learnings=tmp_path / "learnings"))

    def tab(locale: str = "en-US", **address: str) -> AppTest:
        test = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120)
        test.context["locale"] = locale
        test.run()
        for name, value in address.items():
            test.query_params[name] = value
        test.switch_page(PAGE).run()
        assert not test.exception
        return test

    yield tab


def learn(store: Learnings, knowledge: Knowledge, phrase: str) -> str:
    word = Word({"en": (phrase,)}, dimension="category", values=("shipping_inquiry",))
    evidence = Evidence(error="The word was not understood.")
    return store.record(word_candidate(word, evidence, knowledge, author="ann")).id


def said(test: AppTest) -> str:
    return "\n".join(element.value for element in (*test.text, *test.success, *test.error, *test.warning, *test.info))


def try_it(test: AppTest, key: str = "trial-begin") -> AppTest:
    test.button(key=key).click().run()
    deadline = time.monotonic() + 300
    while any(button.key == "trial-stop" for button in test.button) and time.monotonic() < deadline:
        time.sleep(0.3)
        test.run()
    assert not test.exception
    return test


def test_an_empty_queue_says_what_will_be_in_it(open_learnings: OpenLearnings) -> None:
    assert "Nothing to review" in said(open_learnings())
    assert "Разбирать нечего" in said(open_learnings("ru-RU"))


def test_a_candidate_is_tried_activated_and_retired_with_who_and_why(
    open_learnings: OpenLearnings, store: Learnings, knowledge: Knowledge
) -> None:
    name = learn(store, knowledge, "wombat")
    test = open_learnings()
    test.button(key=f"learning-{name}").click().run()
    assert test.button(key="decide-activate").disabled, "nobody relies on what was not tried"
    try_it(test, "trial-all")
    assert "Tried on 3 golden questions; nothing changes." in said(test)
    again = open_learnings(learning=name)
    assert "Tried on 3 golden questions; nothing changes." in said(again), "a reload finds the trial"
    again.text_input(key="decide-note").set_value("said often")
    again.button(key="decide-activate").click().run()
    assert store.get(name).status == "active"
    assert "activated by ui-test · said often (tried on 3, 0 changed)" in said(again)
    again.button(key="decide-retire").click().run()
    assert store.get(name).status == "retired"
    assert "retired by ui-test" in said(again)


def test_what_makes_a_golden_question_wrong_cannot_be_activated(
    open_learnings: OpenLearnings, store: Learnings, knowledge: Knowledge
) -> None:
    name = learn(store, knowledge, "quokka")
    test = try_it(open_learnings(learning=name))
    assert "cannot be activated" in said(test)
    assert "Worse: How many quokka tickets last month?" in said(test)
    assert test.button(key="decide-activate").disabled
    test.button(key="decide-retire").click().run()
    assert "rejected by ui-test" in said(test)
    assert store.get(name).status == "retired"


def test_strangers_words_are_shown_as_they_are_and_what_may_be_personal_is_not(
    open_learnings: OpenLearnings, store: Learnings
) -> None:
    words = "<b>**no**</b> :red[x] ask ann@example.com"
    name = store.record(remark_candidate(None, words, by="ann", wrong=True)).id  # type: ignore[arg-type]
    test = open_learnings()
    row = test.button(key=f"learning-{name}").label
    assert "**no**" not in row and "\\*\\*no\\*\\*" in row
    test.button(key=f"learning-{name}").click().run()
    assert "<b>**no**</b> :red[x] ask •••" in said(test)
    assert "ann@example.com" not in said(test)


def test_a_link_to_nothing_and_a_remark_on_nothing_say_so(open_learnings: OpenLearnings) -> None:
    assert "no such learning" in said(open_learnings(learning="nope"))
    test = open_learnings()
    test.button(key="remark-send").click().run()
    assert "Write the run" in said(test)
    test.text_input(key="remark-run").set_value("nope")
    test.text_area(key="remark-text").set_value("wrong").run()
    test.button(key="remark-send").click().run()
    assert "There is no run" in said(test)
