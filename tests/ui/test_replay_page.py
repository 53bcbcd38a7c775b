"""The Replay page: the search, one conversation, its links, in two languages, and what strangers wrote in it."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dash.database import Database
from dash.records import MASK
from dash.settings import REPOSITORY
from dash.ui.session import conversation_address, conversation_link
from tests.replay.shop import HOSTILE
from tests.ui.conftest import OpenPage

PAGE = str(REPOSITORY / "dash" / "ui" / "pages" / "replay.py")


def open_replay(open_page: OpenPage, locale: str = "en-US", **address: Any) -> AppTest:
    test = open_page(locale)
    test.switch_page(PAGE)
    for name, value in address.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    return test


def played(test: AppTest) -> dict[str, Any]:
    """What the player in the browser got."""
    player = test.get("bidi_component")
    assert len(player) == 1
    data: dict[str, Any] = json.loads(player[0].proto.json)  # type: ignore[attr-defined]
    return data


def found(test: AppTest) -> list[str]:
    return [button.key.removeprefix("open-") for button in test.button if (button.key or "").startswith("open-")]


@pytest.fixture(scope="module")
def chat(database: Database) -> str:
    with psycopg.connect(database.owner_dsn()) as connection:
        row = connection.execute("SELECT thread_id FROM support.active_interrupts ORDER BY 1 LIMIT 1").fetchone()
    assert row
    return str(row[0])


def test_the_search_shows_the_newest_and_a_click_opens_one(open_page: OpenPage) -> None:
    test = open_replay(open_page)
    ids = found(test)
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 25
    test.button(key=f"open-{ids[3]}").click().run()
    assert test.query_params["conversation"] == ids[3]
    assert played(test)["conversation"] == ids[3]
    test.button(key="replay-back").click().run()
    assert found(test) == ids


def test_filters_live_in_the_address_and_more_pages_go_on(open_page: OpenPage) -> None:
    test = open_replay(open_page, category="damaged_item", channel="email")
    assert test.multiselect(key="replay-filter-category").value == ["damaged_item"]
    first = found(test)
    test.button(key="replay-older").click().run()
    assert found(test)[:25] == first
    assert len(found(test)) > 25
    test.multiselect(key="replay-filter-channel").set_value(["chat", "email"]).run()
    assert test.query_params["channel"] == ["chat", "email"]
    test.text_input(key="replay-filter-text").set_value("nonsenseword").run()
    assert found(test) == []
    test.button(key="replay-clear").click().run()
    assert "text" not in test.query_params
    assert len(found(test)) == 25


def test_a_link_to_a_moment_stands_there_and_one_to_nothing_says_so(open_page: OpenPage, chat: str) -> None:
    whole = played(open_replay(open_page, conversation=chat))
    ref = whole["events"][5]["ref"]
    assert played(open_replay(open_page, **conversation_address(chat, ref)))["seek"] == ref
    lost = open_replay(open_page, conversation=chat, at="messages.0")
    assert played(lost)["seek"] is None
    assert "is not in this conversation" in lost.info[0].value
    missing = open_replay(open_page, conversation="T-999999")
    assert "no such conversation" in missing.warning[0].value
    assert found(missing)


def test_a_link_can_hold_any_id() -> None:
    assert conversation_link("T-000001") == "replay?conversation=T-000001"
    assert conversation_link("a b&c=ü", "messages.1") == "replay?conversation=a+b%26c%3D%C3%BC&at=messages.1"


def test_the_player_gets_words_in_the_readers_language(open_page: OpenPage, chat: str) -> None:
    data = played(open_replay(open_page, "ru-RU", conversation=chat))
    assert data["words"]["play"] == "Воспроизвести"
    assert {"Клиент", "AI"} <= {event["who"] for event in data["events"] if event["kind"] == "message"}
    asked = next(event for event in data["events"] if event["window"])
    assert "30 мин" in asked["window"]["words"]
    assert sum(data["kinds"].values()) == data["totals"]["events"] == len(data["events"])


def test_nothing_personal_reaches_the_browser_of_who_may_not_see_it(
    open_page: OpenPage, database: Database, chat: str
) -> None:
    with psycopg.connect(database.owner_dsn()) as connection:
        name = connection.execute(
            "SELECT author_name FROM support.support_dialogs WHERE thread_id = %s AND author_type = 'customer'", (chat,)
        ).fetchone()
    assert name
    test = open_replay(open_page, conversation=chat)
    shown = json.dumps(played(test)["events"], ensure_ascii=False) + " ".join(element.value for element in test.text)
    assert name[0] not in shown
    assert MASK not in json.dumps([event["who"] for event in played(test)["events"]], ensure_ascii=False)


def test_what_strangers_wrote_reaches_the_browser_as_data_only(
    open_page: OpenPage, database: Database, chat: str
) -> None:
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        before = connection.execute(
            "SELECT subject FROM support.support_threads_data WHERE thread_id = %s", (chat,)
        ).fetchone()
        assert before
        connection.execute("UPDATE support.support_threads_data SET subject = %s WHERE thread_id = %s", (HOSTILE, chat))
        try:
            test = open_replay(open_page, conversation=chat)
            listed = open_replay(open_page, id=chat)
        finally:
            connection.execute(
                "UPDATE support.support_threads_data SET subject = %s WHERE thread_id = %s", (before[0], chat)
            )
    assert any(HOSTILE in element.value for element in test.text)
    words = listed.button(key=f"open-{chat}").label
    assert "\\<script\\>" in words
    assert ":red[" not in words.replace(":\u2060red", "")


def test_where_the_time_went_is_shown_and_leads_there(open_page: OpenPage, chat: str) -> None:
    test = open_replay(open_page, conversation=chat)
    assert not [button for button in test.button if (button.key or "").startswith("gap-")]
    test.toggle[0].set_value(True).run()
    gaps = [button for button in test.button if (button.key or "").startswith("gap-")]
    assert gaps
    ref = gaps[0].key.removeprefix("gap-")
    gaps[0].click().run()
    assert not test.exception
    assert test.query_params["at"] == ref
    assert played(test)["seek"] == ref
