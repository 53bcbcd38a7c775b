"""One answer, drawn: every outcome, and hostile text in every place that a stranger can reach."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dash.records import Caveat, Chart, Column, Definition, Understood
from tests.ui.answers import HOSTILE, answer


def draw(content: dict[str, Any], language: str = "en", latest: bool = True) -> AppTest:
    """The answer on a page of its own; clicked questions are listed in the session's `asked`."""

    def page(content, language, latest):  # type: ignore[no-untyped-def]  # runs alone, without this file's imports
        import streamlit

        from dash.ui.answer import View, show_answer
        from tests.ui.answers import cells

        asked = streamlit.session_state.setdefault("asked", [])
        view = View(language, cells, asked.append)
        show_answer(content, view, key="run", latest=latest)

    test = AppTest.from_function(page, args=(content, language, latest), default_timeout=30).run()
    assert not test.exception
    return test


def texts(test: AppTest) -> list[str]:
    return [element.value for element in test.text]


def test_an_answer_shows_its_sentences_chart_table_and_where_it_comes_from() -> None:
    test = draw(answer())
    assert texts(test)[:4] == [
        "Shipping has the lowest resolution rate: 40.2%.",
        "It rests on 1,800 tickets.",
        "Resolution rate by category",
        "This covers all the data.",
    ]
    assert len(test.get("plotly_chart")) == 1
    assert [expander.label for expander in test.expander] == ["Table (2)", "How this was answered"]
    evidence = test.expander[1]
    assert evidence.get("code")[0].value.startswith("SELECT category")
    assert any("Composed" in element.value for element in evidence.markdown)
    assert "Resolution rate: Drafted ÷ answered." in texts(test)
    assert "Run 0123456789abcdef" in texts(test)


def test_a_single_number_is_shown_large_and_without_a_chart() -> None:
    column = Column("tickets", "AI-handled tickets", "count", "metric")
    test = draw(answer(columns=(column,), rows=((1234,),), chart=Chart("number", None, ("tickets",))))
    assert [(metric.label, metric.value) for metric in test.metric] == [(r"AI\-handled tickets", "1,234")]
    assert len(test.get("plotly_chart")) == 0
    assert [expander.label for expander in test.expander] == ["How this was answered"]


def test_a_list_is_an_open_table() -> None:
    test = draw(answer(chart=Chart("table")))
    assert len(test.dataframe) >= 1
    assert [expander.label for expander in test.expander] == ["How this was answered"]


def test_an_answer_without_rows_is_only_its_sentences() -> None:
    test = draw(answer(rows=(), chart=None, headline="No tickets match."))
    assert texts(test)[0] == "No tickets match."
    assert len(test.get("plotly_chart")) == 0
    assert len(test.get("download_button")) == 0


def test_steps_are_listed_in_their_order_whatever_order_the_store_gives() -> None:
    timings = {"total": 9.0, "new": 1.0, "execute": 3.0, "ground": 2.0}
    listed = [words for words in texts(draw(answer(timings_ms=timings))) if "total:" in words]
    assert listed == ["Looking up what the words mean: 2 ms\nReading the data: 3 ms\nnew: 1 ms\ntotal: 9 ms"]


def test_follow_ups_are_asked_by_a_click() -> None:
    test = draw(answer())
    test.button(key="follow-up-run-1").click().run()
    assert test.session_state["asked"] == ["Only high urgency"]


def test_an_old_answer_offers_nothing_to_click() -> None:
    assert [button.key for button in draw(answer(), latest=False).button] == ["png-run"]


@pytest.mark.parametrize(
    ("outcome", "heading"),
    [
        ("clarification", "A question back"),
        ("declined", "Cannot be answered from this data"),
        ("error", "Something went wrong"),
    ],
)
def test_another_outcome_is_a_sentence_in_a_box(outcome: str, heading: str) -> None:
    content = answer(outcome=outcome, headline="A sentence.", rows=(), columns=(), chart=None, provenance=None)
    test = draw(content)
    assert any(heading in element.value for element in test.markdown)
    assert "A sentence." in texts(test)


def test_a_clarifications_choice_is_asked_as_it_is_written() -> None:
    choices = ("What was the pipeline cost (USD)?", "What was the chat cost?")
    test = draw(answer(outcome="clarification", choices=choices, rows=(), columns=(), chart=None, provenance=None))
    test.button(key="choice-run-0").click().run()
    assert test.session_state["asked"] == ["What was the pipeline cost (USD)?"]


def test_an_error_can_be_asked_again() -> None:
    test = draw(answer(outcome="error", rows=(), columns=(), chart=None, provenance=None, follow_ups=()))
    test.button(key="again-run").click().run()
    assert test.session_state["asked"] == ["Which category has the lowest resolution rate?"]


def test_the_page_speaks_russian_around_an_english_answer() -> None:
    test = draw(answer(), language="ru")
    assert [expander.label for expander in test.expander] == ["Таблица (2)", "Как получен ответ"]
    assert texts(test)[0].startswith("Shipping")


def test_strangers_words_are_never_markup() -> None:
    hostile = answer(
        headline=HOSTILE,
        context=(HOSTILE,),
        columns=(Column("category", HOSTILE, "text", "dimension"), Column("rate", HOSTILE, "percent", "metric")),
        rows=((HOSTILE, 1.0), ("b", 2.0)),
        caveats=(Caveat("note", HOSTILE),),
        definitions=(Definition("rate", HOSTILE, HOSTILE, HOSTILE),),
        understood=(Understood(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        follow_ups=(HOSTILE,),
        files=(HOSTILE,),
        parameters={HOSTILE: HOSTILE},
        chart=Chart("bar", "category", ("rate",), None, HOSTILE),
    )
    for test in (
        draw(hostile),
        draw({**hostile, "outcome": "error", "choices": [HOSTILE]}),
        draw({**hostile, "chart": {**hostile["chart"], "kind": "number"}, "rows": [[HOSTILE, 1.0]]}),
    ):
        marked_up = [element.value for element in (*test.markdown, *test.caption)]
        labels = [element.label for element in (*test.button, *test.expander, *test.metric)]
        for words in (*marked_up, *labels):
            assert not re.search(r"(?<!\\)<", words)
            assert "[link](" not in words
            assert "**stars**" not in words
            assert ":material/bolt:" not in words
        assert not test.get("html")
        assert HOSTILE in texts(test)
