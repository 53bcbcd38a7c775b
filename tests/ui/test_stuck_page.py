"""The page Stuck tickets as it is drawn: what changed, filters in the address, and working through ticked rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dash.ask import Dash
from dash.database import Database
from dash.ops import STANDINGS, Narrowing, StuckDesk, Wording
from dash.records import Viewer
from dash.settings import REPOSITORY, Settings
from dash.ui.stuck.acting import MORNING, ends_of_snooze
from dash.ui.stuck.address import COMPARISONS, Wanted
from dash.ui.stuck.files import csv_of, xlsx_of
from dash.ui.stuck.rows import columns_of, rows_of
from dash.ui.stuck.sight import Sight
from tests.conftest import cloned
from tests.shown.test_workbook import sheets
from tests.ui.mornings import desk_after_two_checks, diff_of

PAGE = "dash/ui/pages/stuck.py"
HOUR = timedelta(hours=1)
BOB = Viewer("bob", roles=frozenset({"ops"}))
PATIENCE = 120
OpenStuck = Callable[..., AppTest]


@pytest.fixture(scope="module")
def morning(server: Database, settings: Settings, template: str) -> Iterator[StuckDesk]:
    """Bob's desk after two checks."""
    with cloned(server, settings, template) as database, Dash.open(database.settings) as dash:
        yield desk_after_two_checks(dash, BOB)


@pytest.fixture
def open_stuck(in_environment: Callable[[Settings], None]) -> OpenStuck:
    def tab(settings: Settings, locale: str = "en-US", **address: str | list[str]) -> AppTest:
        in_environment(settings)
        test = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=PATIENCE)
        test.context["locale"] = locale
        test.run()
        for name, value in address.items():
            test.query_params[name] = value
        test.switch_page(PAGE).run()
        assert not test.exception
        return test

    return tab


def tickets_of(test: AppTest) -> list[str]:
    return list(test.dataframe[0].value["ticket"]) if test.dataframe else []


def tile(test: AppTest, name: str) -> int:
    return int("".join(filter(str.isdigit, test.button(key=f"stuck-tile-{name}").label)))


def tick(test: AppTest, *tickets: str) -> AppTest:
    rows = [tickets_of(test).index(ticket) for ticket in tickets]
    key = test.dataframe[0].key
    assert key is not None
    test.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return test.run()


def is_disabled(test: AppTest) -> bool:
    return bool(test.button(key="stuck-acknowledge").disabled)


def test_the_first_morning_asks_for_a_check_and_shows_what_it_found(
    fresh_database: Database, open_stuck: OpenStuck
) -> None:
    test = open_stuck(fresh_database.settings)
    assert not test.dataframe and "No check has run yet" in [each.value for each in test.subheader]
    test.button(key="stuck-check").click().run()
    deadline = time.monotonic() + PATIENCE
    while not test.dataframe and time.monotonic() < deadline:
        time.sleep(0.2)
        test.run()
    assert tile(test, "all") == len(tickets_of(test)) > 50
    assert "change" not in test.dataframe[0].value and len(test.metric) == 0
    assert not [button for button in test.button if button.key == "stuck-tile-new"], "nothing to compare it with"


def test_a_tile_counts_the_list_that_it_opens(morning: StuckDesk, open_stuck: OpenStuck) -> None:
    diff = diff_of(morning)
    assert len(diff.new) == 3 and len(diff.worse) >= 1 and len(diff.cleared) == 2
    test = open_stuck(morning.dash.settings)
    for name in ("new", "worse", "still", "cleared"):
        test.button(key=f"stuck-tile-{name}").click().run()
        assert test.query_params["change"] in (name, [name])
        wanted = {one.ticket for one in getattr(diff, name)}
        assert tile(test, name) == len(wanted) and set(tickets_of(test)) == wanted
    assert all(words.startswith("done") for words in test.dataframe[0].value["outcome"]), "they were sent"
    test.button(key="stuck-tile-cleared").click().run()
    assert "change" not in test.query_params
    assert tickets_of(test) == [entry.ticket.ticket for entry in morning.entries(diff)], "the longest wait first"


def test_a_check_today_takes_no_news_away(fresh_database: Database) -> None:
    with Dash.open(fresh_database.settings) as dash:
        desk, now = StuckDesk.open(dash, BOB), datetime(2026, 11, 20, 12, tzinfo=UTC)
        yesterday, *_, before, latest = (desk.check(now - hours * HOUR) for hours in (26, 2, 1, 0))
        found = {name: Wanted(compared=name).diff(desk, latest, now).before for name in COMPARISONS}
    assert Wanted().compared == "workday" and found == {"workday": yesterday, "previous": before, "week": yesterday}


def test_a_link_opens_the_same_list(morning: StuckDesk, open_stuck: OpenStuck) -> None:
    diff = diff_of(morning)
    reasons, categories = ["unanswered", "step_failed"], ["shipping_inquiry"]
    wanted = morning.entries(diff, Narrowing(reasons, {"category": categories}))
    assert wanted
    test = open_stuck(morning.dash.settings, "ru-RU", reason=reasons, category=categories)
    assert tickets_of(test) == [entry.ticket.ticket for entry in wanted]
    assert test.multiselect(key="stuck-filter-reason").value == reasons
    advice = Wording.of(morning.file, morning.dash.knowledge, "ru", "UTC").advice("unanswered")
    assert any(advice in each.value for each in test.text), "a reason says what to do about it"
    test.multiselect(key="stuck-filter-category").set_value([]).run()
    assert "category" not in test.query_params
    assert len(tickets_of(test)) == len(morning.entries(diff, Narrowing(reasons)))


def test_a_value_that_no_ticket_has_finds_nothing_and_can_be_cleared(morning: StuckDesk, open_stuck: OpenStuck) -> None:
    test = open_stuck(morning.dash.settings, category="no_such_thing", change="new", page="99999999999")
    assert not test.dataframe and test.info
    test.button(key="stuck-clear-all").click().run()
    assert set(test.query_params) <= {"page", "lang"}
    assert len(tickets_of(test)) == len(morning.entries(diff_of(morning)))


def test_what_is_ticked_is_acknowledged_assigned_noted_snoozed_and_brought_back(
    morning: StuckDesk, open_stuck: OpenStuck
) -> None:
    test = open_stuck(morning.dash.settings)
    one, two, three, *_ = tickets_of(test)
    assert is_disabled(test)
    tick(test, one, three)
    test.button(key="stuck-acknowledge").click().run()
    assert [toast.value for toast in test.toast] == ["Acknowledged: 2"]
    table = test.dataframe[0].value.set_index("ticket")
    assert table.loc[one, "state"] == table.loc[three, "state"] == "acknowledged · ui-test"
    assert table["state"].isna()[two]

    tick(test, three)
    test.button(key="stuck-assign-me").click().run()
    test.toggle(key="stuck-filter-mine").set_value(True).run()
    assert tickets_of(test) == [three] and "mine" in test.query_params
    test.toggle(key="stuck-filter-mine").set_value(False).run()

    tick(test, two)
    note = next(area for area in test.text_area if "words-note" in str(area.key))
    note.set_value('=cmd **bold** <img src="x">').run()
    test.button(key="stuck-note-save").click().run()
    tick(test, two)
    history = [each.value for each in test.text if "bold" in each.value]
    assert history and '**bold** <img src="x">' in history[0], "what people wrote is shown as they wrote it"

    tick(test, one, two)
    test.button(key="stuck-snooze-stage").click().run()
    assert not {one, two} & set(tickets_of(test))
    assert is_disabled(test), "a tick does not slip to the tickets that come after"
    test.toggle(key="stuck-filter-away").set_value(True).run()
    states = test.dataframe[0].value.set_index("ticket")["state"]
    assert states[two] == "snoozed until its stage changes · ui-test"
    tick(test, one, two)
    test.button(key="stuck-reopen").click().run()
    states = test.dataframe[0].value.set_index("ticket")["state"]
    assert states[one] == "acknowledged · ui-test" and states.isna()[two]
    assert {deed.deed for deed in morning.actions(one)} == {"acknowledge", "snooze", "unsnooze"}


def test_a_stale_page_undoes_nothing_that_a_colleague_decided(
    server: Database, settings: Settings, template: str, open_stuck: OpenStuck
) -> None:
    with cloned(server, settings, template) as database, Dash.open(database.settings) as dash:
        desk = desk_after_two_checks(dash, BOB)
        test = open_stuck(database.settings)
        one, two, three, *_ = tickets_of(test)
        tick(test, one, two)
        desk.act("snooze", [one])
        test.button(key="stuck-close-save").click().run()
        assert any("a colleague has decided" in each.value and "bob" in each.value for each in test.warning)
        tick(test, two, three)
        desk.act("snooze", [two])
        test.button(key="stuck-acknowledge").click().run()
        assert any("Stay put away: 1 snoozed until" in each.value for each in test.warning)
        assert not {one, two} & set(tickets_of(test)), "both are snoozed, as bob said"
        states = {entry.ticket.ticket: entry.state.standing for entry in desk.entries(diff_of(desk))}
        assert states[three] == "acknowledged" and is_disabled(test), "what was ticked is not ticked any more"
        desk.act("snooze", [three], until=dash.clock() + timedelta(seconds=1))
        time.sleep(1.1)
        desk.check()
        back = open_stuck(database.settings, change="back")
        assert tickets_of(back) == [three] and tile(back, "back") == 1


def test_much_at_once_is_asked_about_first(
    morning: StuckDesk, open_stuck: OpenStuck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dash.ui.stuck.acting.MOST_UNASKED", 2)
    test = open_stuck(morning.dash.settings)
    three = [each for each in tickets_of(test) if not morning.actions(each)][:3]
    tick(test, *three)
    for answer, written in (("no", False), ("yes", True)):
        test.button(key="stuck-acknowledge").click().run()
        assert not any(morning.actions(each) for each in three)
        assert any(each.value == "Acknowledge: 3 tickets?" for each in test.text)
        test.button(key=f"stuck-sure-{answer}").click().run()
        assert all(bool(morning.actions(each)) is written for each in three)
    assert is_disabled(test)


def test_a_tick_on_a_later_page_is_of_the_ticket_in_that_row(
    morning: StuckDesk, open_stuck: OpenStuck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dash.ui.stuck.listing.AT_ONCE", 40)
    whole = [entry.ticket.ticket for entry in morning.entries(diff_of(morning))]
    test = open_stuck(morning.dash.settings)
    test.button(key="stuck-page1").click().run()
    assert tickets_of(test) == whole[40:80]
    tick(test, whole[47])
    test.button(key="stuck-acknowledge").click().run()
    assert [deed.deed for deed in morning.actions(whole[47])] == ["acknowledge"]
    assert tickets_of(test) == whole[40:80], "the page stays where it is"


def test_a_note_without_words_is_asked_for_and_nothing_is_written(morning: StuckDesk, open_stuck: OpenStuck) -> None:
    test = open_stuck(morning.dash.settings)
    ticket = tickets_of(test)[-1]
    tick(test, ticket)
    test.button(key="stuck-note-save").click().run()
    assert [each.value for each in test.warning] == ["Write the note first\\."]
    assert morning.actions(ticket) == ()


def test_a_lead_looks_and_does_nothing(morning: StuckDesk, open_stuck: OpenStuck, tmp_path: Path) -> None:
    access = tmp_path / "access.yaml"
    access.write_text("local: lead\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASH_ACCESS", str(access))
        test = open_stuck(morning.dash.settings)
    assert tickets_of(test)
    assert not [button.key for button in test.button if button.key in ("stuck-acknowledge", "stuck-snooze-own")]
    assert any("role ops" in each.value for each in test.caption)


def test_files_hold_what_is_listed_and_start_no_formula(morning: StuckDesk) -> None:
    diff = diff_of(morning)
    ticket = diff.new[0].ticket
    morning.act("note", [ticket], text="=1+1")
    wording = Wording.of(morning.file, morning.dash.knowledge, "en", "UTC")
    sight = Sight(None, morning, wording, diff, morning.dash.clock())  # type: ignore[arg-type]
    entries = morning.entries(diff, Narrowing(changes=["new"], standings=STANDINGS))
    lines = csv_of(columns_of(sight), list(rows_of(sight, entries))).splitlines()
    assert len(lines) == 1 + len(entries)
    line = next(line for line in lines if line.startswith(ticket))
    assert ",'=1+1," in line and "● new" in line
    wanted = Wanted(facts={"assignee": ("~",)}, change="new")
    data, about = sheets(xlsx_of(sight, wanted, columns_of(sight), list(rows_of(sight, entries))))
    assert len(data) == len(lines) and ("s", "=1+1") in [cell for row in data for cell in row]
    assert [("s", "Assignee"), ("s", "none")] in about and [("s", "Change"), ("s", "New")] in about


def test_without_a_definition_the_page_says_what_to_write(
    database: Database, open_stuck: OpenStuck, tmp_path: Path
) -> None:
    bare = tmp_path / "knowledge"
    bare.mkdir()
    test = open_stuck(replace(database.settings, knowledge=bare))
    assert any("knowledge/business/stuck.yaml" in each.value for each in test.text)


@given(st.integers(0, 3 * 365 * 24), st.sampled_from(["UTC", "Europe/Berlin", "Asia/Tokyo", "America/New_York"]))
def test_a_snooze_ends_on_a_morning_to_come_and_no_two_offers_are_the_same(hours: int, zone: str) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC) + hours * HOUR
    ends = dict(ends_of_snooze(now, zone))
    assert ends.pop("stage") is None
    assert all(end is not None and end > now and end.time() == MORNING for end in ends.values())
    assert len(set(ends.values())) == len(ends)
    if ends.get("monday"):
        assert ends["monday"].astimezone(ZoneInfo(zone)).weekday() == 0


def test_the_link_of_a_digest_compares_with_what_the_digest_compared_with(
    server: Database, settings: Settings, template: str, open_stuck: OpenStuck
) -> None:
    with cloned(server, settings, template) as database, Dash.open(database.settings) as dash:
        desk = desk_after_two_checks(dash, BOB)
        first, latest = desk.history()[::-1]
        desk.check()
        moment = latest.checked_at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        assert tile(open_stuck(database.settings), "new") == 3  # since the first one, a day being too short for more
        for compared in (f"check-{latest.check_id}", moment):
            test = open_stuck(database.settings, compare=compared)
            assert tile(test, "new") == 0 and test.segmented_control(key="stuck-compared").value is None
        assert tile(open_stuck(database.settings, compare=f"check-{first.check_id}"), "new") == 3
        assert first != latest
        assert tile(open_stuck(database.settings, compare="99-nonsense"), "new") == 3


def test_a_link_to_no_earlier_check_says_so_and_compares_as_usual(morning: StuckDesk, open_stuck: OpenStuck) -> None:
    usual, latest = len(diff_of(morning).new), diff_of(morning).check.check_id
    for number in (latest, latest + 7):
        test = open_stuck(morning.dash.settings, compare=f"check-{number}")
        assert [each.value for each in test.info] == [
            f"There is no check {number} before this one, so it is compared as usual."
        ]
        assert tile(test, "new") == usual > 0
        assert test.segmented_control(key="stuck-compared").value == COMPARISONS[0]
    russian = open_stuck(morning.dash.settings, locale="ru-RU", compare=f"check-{latest}")
    assert "сравнение обычное" in russian.info[0].value


def test_the_filters_follow_the_address_when_the_browser_goes_back(morning: StuckDesk, open_stuck: OpenStuck) -> None:
    test = open_stuck(morning.dash.settings, reason="unanswered", compare="week")
    test.button(key="stuck-clear").click().run()
    assert test.multiselect(key="stuck-filter-reason").value == []
    test.query_params["reason"] = "handed_over"
    test.run()
    assert test.multiselect(key="stuck-filter-reason").value == ["handed_over"]
    assert len(tickets_of(test)) == len(morning.entries(diff_of(morning), Narrowing(["handed_over"])))
