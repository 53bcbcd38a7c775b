"""The order of a conversation's events, its pages, its bounds: on the demo data and on a schema with other names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dash.database import Database
from dash.errors import NotFoundError
from dash.records import MASK, Viewer
from dash.replay import Event, Place, Replay
from dash.replay.gaps import read_gaps
from dash.replay.searching import Search, find_conversations, get_conversation
from dash.replay.timeline import find_event, find_next, read_around, read_page, read_totals

END = Place(None, 99, "")


def walk(replay: Replay, conversation: str, size: int) -> list[Event]:
    """All events, page after page."""
    found: list[Event] = []
    page = read_page(replay, conversation, limit=size)
    found += page.events
    while page.more_after:
        page = read_page(replay, conversation, after=found[-1].place, limit=size)
        found += page.events
    return found


def walk_back(replay: Replay, conversation: str, size: int) -> list[Event]:
    """All events, from the last page to the first."""
    found: list[Event] = []
    place = END
    while True:
        page = read_page(replay, conversation, before=place, limit=size)
        found[:0] = page.events
        if not page.more_before or not page.events:
            return found
        place = page.events[0].place


def refs(events: Iterator[Event] | list[Event] | tuple[Event, ...]) -> list[str]:
    return [event.ref for event in events]


@pytest.fixture(scope="module")
def busiest(database: Database) -> str:
    """The chat with the most approvals, errors and messages."""
    with psycopg.connect(database.owner_dsn()) as connection:
        row = connection.execute(
            "SELECT thread_id FROM support.analytics_events JOIN support.active_interrupts USING (thread_id) "
            "GROUP BY 1 ORDER BY bool_or(event_type = 'error') DESC, count(*) DESC, 1 LIMIT 1"
        ).fetchone()
    assert row
    return str(row[0])


def test_a_timeline_holds_every_row_of_every_source_once(replay: Replay, database: Database, busiest: str) -> None:
    events = walk(replay, busiest, 200)
    with psycopg.connect(database.owner_dsn()) as connection:
        row = connection.execute(
            """
            SELECT (SELECT count(*) FROM support.support_dialogs WHERE thread_id = %(id)s)
                 + (SELECT count(*) FROM support.analytics_events WHERE thread_id = %(id)s AND event_type <> 'interrupt'
                    AND (event_type <> 'message' OR tokens_used > 0))
                 + (SELECT count(*) + count(resolved_at) FROM support.active_interrupts WHERE thread_id = %(id)s)
                 + (SELECT count(*) FROM support.ai_agent_tasks WHERE thread_id = %(id)s),
                 (SELECT sum(tokens_used) FROM support.analytics_events WHERE thread_id = %(id)s)
                 + (SELECT sum(prompt_tokens + completion_tokens) FROM support.ai_agent_tasks WHERE thread_id = %(id)s)
            """,
            {"id": busiest},
        ).fetchone()
    assert row
    assert len(events) == len(set(refs(events))) == row[0]
    assert sum(event.tokens or 0 for event in events) == row[1]
    moments = [event.moment for event in events]
    assert moments == sorted(moments)  # type: ignore[type-var]
    totals = read_totals(replay, busiest)
    assert (totals.events, totals.tokens) == (row[0], row[1])
    assert (totals.first, totals.last) == (moments[0], moments[-1])


def test_messages_stand_before_what_happened_at_the_same_moment(replay: Replay, busiest: str) -> None:
    events = walk(replay, busiest, 200)
    pairs = [(one, two) for one, two in pairwise(events) if one.moment == two.moment]
    assert pairs, "the AI's answer and its turn have the same time"
    assert all(one.place.source <= two.place.source for one, two in pairs)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 40), start=st.integers(0, 30))
def test_pages_of_any_size_in_either_direction_give_the_same_whole(
    replay: Replay, busiest: str, size: int, start: int
) -> None:
    events = walk(replay, busiest, 500)
    whole = refs(events)
    assert refs(walk(replay, busiest, size)) == whole
    assert refs(walk_back(replay, busiest, size)) == whole
    event = events[start % len(whole)]
    around = refs(read_around(replay, busiest, event, limit=size).events)
    at = whole.index(around[0])
    assert event.ref in around
    assert whole[at : at + len(around)] == around


def test_what_came_before_a_place_and_what_comes_after_add_up(replay: Replay, busiest: str) -> None:
    events = walk(replay, busiest, 200)
    for index in (0, 1, len(events) // 2, len(events) - 1):
        before = read_totals(replay, busiest, events[index].place)
        assert before.events == index
        assert before.tokens == sum(event.tokens or 0 for event in events[:index])
        assert before.cost_usd == pytest.approx(sum(event.cost_usd or 0 for event in events[:index]))


def test_an_approval_has_its_countdown_and_its_outcome(replay: Replay, busiest: str) -> None:
    approvals = [event for event in walk(replay, busiest, 200) if event.kind == "approval"]
    asked = next(event for event in approvals if event.expires_at is not None)
    assert isinstance(asked.moment, datetime) and isinstance(asked.expires_at, datetime)
    assert (asked.expires_at - asked.moment).total_seconds() == 1800
    assert asked.status in ("approved", "rejected", "expired", "waiting")
    assert asked.details["parameters"]


def test_a_tool_call_has_its_arguments_and_result_and_a_task_its_attempt(replay: Replay, busiest: str) -> None:
    events = walk(replay, busiest, 200)
    tool = next(event for event in events if event.kind == "tool")
    assert {"arguments", "result"} <= set(tool.details)
    assert next(event for event in events if event.kind == "task").details["attempt"] == 1


def test_the_next_error_is_found_also_where_it_is_a_task_that_failed(replay: Replay, database: Database) -> None:
    with psycopg.connect(database.owner_dsn()) as connection:
        row = connection.execute(
            "SELECT thread_id, id FROM support.ai_agent_tasks WHERE status = 'failed' ORDER BY id LIMIT 1"
        ).fetchone()
    assert row
    found, seen, place = [], 0, None
    while (event := find_next(replay, row[0], place, {"error"})) is not None and seen < 50:
        found.append(event)
        place, seen = event.place, seen + 1
    assert f"tasks.{row[1]}" in refs(found)
    assert all(event.failed or event.kind == "error" for event in found)
    last = find_next(replay, row[0], END, {"error"}, forward=False)
    assert last is not None
    assert last.ref == found[-1].ref


def test_a_link_names_an_event_or_a_moment(replay: Replay, busiest: str) -> None:
    events = walk(replay, busiest, 200)
    for event in events:
        assert find_event(replay, busiest, event.ref) == event
    middle = events[len(events) // 2]
    assert isinstance(middle.moment, datetime)
    found = find_event(replay, busiest, middle.moment.isoformat())
    assert found is not None
    assert found.moment == middle.moment
    for nonsense in ("messages.", "messages.x", "nothing.1", "2026-13-01", "", ".", "messages.1; DROP TABLE x"):
        assert find_event(replay, busiest, nonsense) is None


def test_a_conversation_that_does_not_exist_is_said_so(replay: Replay) -> None:
    with pytest.raises(NotFoundError):
        get_conversation(replay, "T-999999")
    assert read_page(replay, "T-999999").events == ()
    assert read_totals(replay, "T-999999").events == 0


def test_a_ticket_by_mail_has_messages_and_tasks_and_no_chat(replay: Replay) -> None:
    mail = find_conversations(replay, Search(filters={"channel": ("email",)}), limit=1).conversations[0]
    kinds = {event.kind for event in walk(replay, mail.id, 50)}
    assert kinds == {"message", "task"}


def test_names_and_addresses_are_masked_for_who_may_not_see_them(replay: Replay, busiest: str) -> None:
    page = read_page(replay, busiest)
    assert {event.actor for event in page.events if event.kind == "message" and event.role != "system"} == {MASK}
    assert "actor" in page.masked
    assert get_conversation(replay, busiest).facts["email"] in (MASK, None)
    trusted = Replay(replay.dash, replay.description, Viewer("lead", sees_personal=True))
    shown = read_page(trusted, busiest)
    assert MASK not in {event.actor for event in shown.events}
    assert refs(shown.events) == refs(page.events)


def test_gaps_add_up_to_the_whole_and_say_who_was_waited_for(replay: Replay, busiest: str) -> None:
    totals = read_totals(replay, busiest)
    gaps = read_gaps(replay, busiest)
    assert isinstance(totals.first, datetime) and isinstance(totals.last, datetime)
    assert sum(gaps.seconds.values()) == pytest.approx((totals.last - totals.first).total_seconds())
    assert list(gaps.seconds.values()) == sorted(gaps.seconds.values(), reverse=True)
    longest = find_event(replay, busiest, gaps.longest[0].ref)
    assert longest is not None and isinstance(longest.moment, datetime)
    assert (longest.moment - gaps.longest[0].began).total_seconds() == pytest.approx(gaps.longest[0].seconds)


# another company's tables


def test_another_schema_is_replayed_by_its_file_alone(shop: Replay) -> None:
    events = walk(shop, "1", 50)
    assert refs(events) == [
        "notes.a", "notes.b", "steps.1", "steps.2", "notes.c", "steps.3", "notes.f", "notes.d", "notes.e", "steps.5",
    ]  # fmt: skip
    assert [event.kind for event in events[2:4]] == ["tool", "task"]
    assert events[3].failed
    assert events[2].cost_usd == pytest.approx(0.03)
    assert events[1].role == "customer"


@pytest.mark.parametrize("size", range(1, 12))
def test_equal_and_missing_times_are_neither_lost_nor_doubled_between_pages(shop: Replay, size: int) -> None:
    whole = refs(walk(shop, "1", 100))
    assert refs(walk(shop, "1", size)) == whole
    assert refs(walk_back(shop, "1", size)) == whole


def test_totals_before_undated_events_count_them_too(shop: Replay) -> None:
    events = walk(shop, "1", 100)
    assert [read_totals(shop, "1", event.place).events for event in events] == list(range(len(events)))


def test_gaps_leave_out_what_has_no_time(shop: Replay) -> None:
    gaps = read_gaps(shop, "1")
    assert sum(gaps.seconds.values()) == pytest.approx(300)
    assert [gap.waited_for for gap in gaps.longest] == ["customer"]
    assert read_gaps(shop, "3").longest == ()


def test_an_id_that_is_no_number_finds_nothing_where_ids_are_numbers(shop: Replay) -> None:
    assert find_conversations(shop, Search(id="T-1")).conversations == ()
    assert read_page(shop, "T-1").events == ()
    assert read_totals(shop, "99999999999999999999").events == 0


def test_conversations_without_a_time_or_with_the_same_are_found_on_some_page(shop: Replay) -> None:
    found: list[str] = []
    after = None
    while True:
        page = find_conversations(shop, Search(), after=after, limit=1)
        found += [conversation.id for conversation in page.conversations]
        after = page.next
        if after is None:
            break
    assert found == ["2", "5", "4", "3", "1"]


def test_another_schemas_filters_search_it(shop: Replay) -> None:
    def ids(**filters: tuple[str, ...]) -> list[str]:
        return [found.id for found in find_conversations(shop, Search(filters=filters)).conversations]

    assert ids(did=("look",)) == ["1"]
    assert ids(did=("nothing",)) == []
    assert ids(words=("ORD-7",)) == ["1"]
    assert ids(words=("100%_",)) == []
    assert ids(buyer=("Mia",)) == ["4", "3"]
    assert ids(buyer=("Mia",), did=("look",)) == []
