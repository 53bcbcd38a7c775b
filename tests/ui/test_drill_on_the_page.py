"""What stands behind a number, on the page: opened by a button or an address, designed where there is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dash.ask import Dash
from dash.database import Database
from dash.records import Viewer
from dash.ui.session import conversation_link
from tests.conftest import NOW
from tests.ui.conftest import OpenPage


@pytest.fixture(scope="module")
def dash(database: Database) -> Iterator[Dash]:
    """What the questions are asked of before the page is opened."""
    with Dash.open(database.settings, clock=lambda: NOW) as opened:
        yield opened


def _asked(dash: Dash, question: str) -> dict[str, Any]:
    answer = dash.ask(question, viewer=Viewer("ui-test"))
    assert answer.outcome == "answered"
    return {"thread": answer.thread_id, "run": answer.run_id}


def _texts(page: AppTest) -> str:
    elements = [*page.text, *page.caption, *page.info, *page.warning, *page.success, *page.markdown]
    return "\n".join(str(element.value) for element in elements)


def _listed(page: AppTest) -> Any:
    """The table of what stands behind a number: the one with links to replays."""
    tables = [table.value for table in page.dataframe]
    return next(table for table in tables if str(table.iloc[0, 0]).startswith("replay?conversation=T-"))


@pytest.fixture
def asked(dash: Dash) -> dict[str, Any]:
    return _asked(dash, "How many sent tickets by channel?")


def test_an_address_opens_the_tickets_behind_a_cell_with_links_to_their_replay(
    open_page: OpenPage, asked: dict[str, Any]
) -> None:
    page = open_page(thread=asked["thread"], behind=f"{asked['run']}~0.sent_tickets")
    assert not page.exception
    assert len(_listed(page)) == 500
    assert "The first 500 of" in _texts(page)


def test_the_button_below_a_number_opens_what_it_counts(open_page: OpenPage, dash: Dash) -> None:
    asked = _asked(dash, "How many tickets came in on 5 November 2026?")
    page = open_page(thread=asked["thread"])
    (button,) = [button for button in page.button if button.label == "See what is counted"]
    page = button.click().run()
    assert not page.exception
    assert page.query_params["behind"] == f"{asked['run']}~0.tickets"
    count = int(page.metric[0].value.replace(",", ""))
    assert len(_listed(page)) == count


def test_a_rate_is_opened_in_russian_with_those_that_did_those_that_did_not_and_all(
    open_page: OpenPage, dash: Dash
) -> None:
    asked = _asked(dash, "Какой resolution rate по retention кейсам за январь?")
    page = open_page(locale="ru-RU", thread=asked["thread"], behind=f"{asked['run']}~0.resolution_rate~denominator")
    assert not page.exception
    (sides,) = [group for group in page.get("button_group") if str(group.key or "").startswith("side-behind")]
    assert [option.split(":")[0] for option in sides.options] == [
        "Дошли до Draft Created",
        "Остальные",
        "Дошли до AI Answered",
    ]
    assert "на текущий момент" in _texts(page)


def test_a_column_that_cannot_be_taken_apart_says_so(open_page: OpenPage, dash: Dash) -> None:
    asked = _asked(dash, "Weekly report")
    page = open_page(thread=asked["thread"], behind=f"{asked['run']}~0.tickets")
    assert not page.exception
    assert "single rows cannot be told" in _texts(page)


def test_a_row_of_a_list_leads_to_its_replay(open_page: OpenPage, dash: Dash) -> None:
    asked = _asked(dash, "Which tickets are stuck?")
    page = open_page(thread=asked["thread"], behind=f"{asked['run']}~0.urgency")
    assert not page.exception
    (link,) = page.get("link_button")
    assert link.proto.url.startswith("replay?conversation=T-")


def test_an_address_of_no_cell_is_a_sentence_and_no_trace(open_page: OpenPage, asked: dict[str, Any]) -> None:
    page = open_page(thread=asked["thread"])
    for cell in ("99.sent_tickets", "0.nothing", "nonsense", "0.sent_tickets~neither"):
        page.query_params["behind"] = f"{asked['run']}~{cell}"
        page = page.run()
        assert not page.exception
        assert not page.error
        assert any(button.label == "Try again" for button in page.button)


def test_the_button_why_did_this_change_says_that_nothing_has(open_page: OpenPage, asked: dict[str, Any]) -> None:
    page = open_page(thread=asked["thread"])
    (button,) = [button for button in page.button if button.label == "Why did this change?"]
    page = button.click().run()
    assert not page.exception
    assert "Nothing has changed" in _texts(page)
    assert page.query_params["changed"] == asked["run"]


def test_a_conversation_link_carries_any_id() -> None:
    assert conversation_link("T-000001") == "replay?conversation=T-000001"
    assert conversation_link("a&b=c/d") == "replay?conversation=a%26b%3Dc%2Fd"
