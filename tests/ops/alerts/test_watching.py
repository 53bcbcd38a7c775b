"""Alerts over the real database, told over real connections: fired once, cleared once, and silent between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.ask import Dash
from dash.database import Database
from dash.ops.alerts.episodes import Change, Episode, Episodes
from dash.ops.alerts.file import RuleFile, load_alerts
from dash.ops.alerts.judging import Reading, find, judge
from dash.ops.alerts.reading import read_number
from dash.ops.alerts.telling import tell
from dash.ops.alerts.watching import Watch
from dash.ops.delivery.ledger import Ledger, digest_of
from dash.ops.delivery.sending import Patience, Post
from dash.ops.delivery.targets import Target
from dash.records import Viewer
from tests.ops.delivery.servers import Receiver, answers

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OK = answers("200 OK")


def rule(**changes: Any) -> RuleFile:
    usual = {
        "name": "escalations", "label": {"en": "Many escalations", "ru": "Много эскалаций"},
        "metric": "escalation_rate", "window": "last 24 hours", "above": 20, "clears_at": 15,
    }  # fmt: skip
    return RuleFile(**(usual | changes))


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Scene:
    """A product, a receiver, and numbers that a test says; `look(25)` is one look ten minutes later."""

    dash: Dash
    clock: Clock
    receiver: Receiver
    rule: RuleFile = field(default_factory=rule)
    language: str = "en"

    def look(self, value: float | None, volume: float | None = None, *, minutes: float = 10) -> Any:
        self.clock.now += timedelta(minutes=minutes)
        url = f"json://127.0.0.1:{self.receiver.port}/?rto=15"
        target = Target("ops", url, digest_of(url), self.language, frozenset({"alerts"}))
        post = Post(Ledger(self.dash.database), Patience(pauses=()))
        watch = Watch(self.dash, [self.rule], Viewer(), [target], post, lambda *_: Reading(value, volume))
        seen = watch.look()
        assert seen is not None
        return seen[0]

    @property
    def titles(self) -> list[str]:
        return [json.loads(body)["title"].replace("\xa0", " ") for body in self.receiver.received]


@pytest.fixture
def dash(fresh_database: Database) -> Iterator[Dash]:
    with Dash.open(fresh_database.settings, clock=Clock()) as opened:
        yield opened


@pytest.fixture
def scene(dash: Dash) -> Iterator[Scene]:
    clock = dash.clock
    assert isinstance(clock, Clock)
    with Receiver(OK) as receiver:
        yield Scene(dash, clock, receiver)


def test_an_alert_fires_once_and_its_end_is_told_once(scene: Scene) -> None:
    for value in (10, 20, 21, 25, 18, 22, 15, 14, 10):  # 18 is between the bounds: still the same episode
        scene.look(value)
    assert scene.titles == ["Many escalations: 21%", "Back to normal: Many escalations"]
    body = json.loads(scene.receiver.received[0])["message"].replace("\xa0", " ")
    assert "Escalation rate in the last 24 hours: 21%; the alert is set above 20%." in body
    assert "It clears at 15%." in body
    history = [change.state for change in Episodes(scene.dash.database).history(10)]
    assert history == ["cleared", "announced", "firing"]


def test_no_number_and_too_few_cases_change_nothing(scene: Scene) -> None:
    scene.rule = rule(minimum={"metric": "closed_conversations", "at_least": 30})
    assert scene.look(50, 29).finding == "too_few"
    assert scene.look(None, 100).finding == "no_data"
    assert scene.titles == []
    scene.look(50, 30)
    assert scene.look(1, 29).standing == scene.look(None, 50).standing == "firing"
    scene.look(1, 30)
    assert scene.titles == ["Many escalations: 50%", "Back to normal: Many escalations"]


def test_in_the_cool_down_nobody_is_told_and_after_it_what_still_fires_is(scene: Scene) -> None:
    scene.rule = rule(cool_down_hours=2)
    scene.look(30)
    scene.look(10)
    assert scene.look(31).held_until is not None
    scene.look(9)  # an end of what nobody heard of
    scene.look(32)
    assert len(scene.titles) == 2
    scene.look(33, minutes=120)
    assert scene.titles == ["Many escalations: 30%", "Back to normal: Many escalations", "Many escalations: 33%"]


def test_what_did_not_arrive_is_told_at_the_next_look(scene: Scene) -> None:
    scene.receiver.acts = [answers("503 Busy"), OK]
    seen = scene.look(30)
    assert [each.outcome for each in seen.told] == ["failed"]
    scene.look(31)
    scene.look(32)
    assert scene.titles == ["Many escalations: 31%"]


def test_an_alert_in_russian(scene: Scene) -> None:
    scene.language = "ru"
    scene.look(30)
    body = json.loads(scene.receiver.received[0])
    text = body["message"].replace("\xa0", " ")
    assert body["title"].replace("\xa0", " ") == "Много эскалаций: 30 %"
    assert "за последние 24 часа: 30 %. Порог — выше 20 %." in text


def test_an_alert_leads_to_the_question_whose_answer_is_its_number(dash: Dash) -> None:
    shipped = load_alerts(dash.settings.knowledge)[0]
    paged = replace(dash.settings, page_url="https://dash.example.com")
    fired = Change(shipped.name, "one", "firing", 30.0, NOW)
    for language in ("en", "ru"):
        to = Target("ops", "", "", language, frozenset({"alerts"}))
        episode = Episode("one", fired)
        with Dash.open(paged, clock=Clock()) as opened:
            message = tell(opened, shipped, Reading(30.0, 50.0), episode, fired, to)
        address = message.text.splitlines()[-1]
        wanted = parse_qs(urlsplit(address).query)
        assert address.startswith("https://dash.example.com/?")
        assert wanted == {"ask": [shipped.question[language]], "lang": [language]}
        assert escape(address, quote=True) in message.html


def test_a_look_that_finds_another_at_work_leaves(scene: Scene) -> None:
    measured = lambda *_: Reading(30)  # noqa: E731
    post = Post(Ledger(scene.dash.database))
    with scene.dash.database.exclusive("alerts"):
        assert Watch(scene.dash, [scene.rule], Viewer(), (), post, measured).look() is None
        seen = Watch(scene.dash, [scene.rule], Viewer(), measure=measured).look()  # tells nobody, so it may look
        assert seen is not None and seen[0].standing == "firing"


def test_a_rule_that_fires_for_targets_that_are_not_here_says_that_nobody_was_told(scene: Scene) -> None:
    scene.rule = rule(targets=["opps"])
    assert [scene.look(value).unheard for value in (10, 30, 31, 10)] == [False, True, True, False]
    scene.rule = rule(targets=["OPS"])
    assert not scene.look(30).unheard
    assert scene.titles == ["Many escalations: 30%"]


def test_the_numbers_are_those_of_the_answers(dash: Dash) -> None:
    for each in load_alerts(dash.settings.knowledge):
        answer = dash.ask(each.question["en"])
        assert answer.outcome == "answered", answer.headline
        value = next(
            cell for column, cell in zip(answer.columns, answer.rows[0], strict=True) if column.role == "metric"
        )
        measured = read_number(dash, each, Viewer(), dash.clock()).value
        assert measured == (None if value is None else float(value)), each.name


def test_no_tickets_for_two_hours_is_a_zero_and_fires(scene: Scene) -> None:
    silent = next(each for each in load_alerts(scene.dash.settings.knowledge) if each.name == "no_tickets")
    with psycopg.connect(scene.dash.database.owner_dsn(), autocommit=True) as connection:
        newest = connection.execute("SELECT max(created_at) FROM support.support_threads_data").fetchone()
    assert newest is not None
    quiet, busy = newest[0] + timedelta(hours=2, seconds=1), newest[0] + timedelta(minutes=1)
    assert find(silent, read_number(scene.dash, silent, Viewer(), quiet)) == "beyond"
    assert find(silent, read_number(scene.dash, silent, Viewer(), busy)) == "back"


def test_a_rate_over_nothing_is_no_number(dash: Dash) -> None:
    assert read_number(dash, rule(), Viewer(), NOW + timedelta(days=900)).value is None


def test_a_rule_that_cannot_be_measured_says_so_and_changes_nothing(dash: Dash) -> None:
    with psycopg.connect(dash.database.owner_dsn(), autocommit=True) as connection:
        connection.execute("ALTER TABLE support.conversations RENAME TO elsewhere")
    seen = Watch(dash, [rule()], Viewer(), (), Post(Ledger(dash.database))).look()
    assert seen is not None and seen[0].error is not None and seen[0].standing == "quiet"
    assert Episodes(dash.database).latest() == {}


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=30),
    st.floats(0, 100),
    st.floats(0, 100),
    st.booleans(),
)
def test_between_two_announcements_the_number_went_back(
    values: list[float | None], first: float, second: float, above: bool
) -> None:
    high, low = max(first, second), min(first, second)
    watched = rule(above=high, clears_at=low) if above else rule(above=None, below=low, clears_at=high)
    standing, back = "quiet", True
    for value in values:
        after = judge(watched, standing, Reading(value))  # type: ignore[arg-type]
        if value is not None and (value <= low if above else value >= high):
            back = True
        if after == "firing" and standing == "quiet":
            assert back and value is not None and (value > high if above else value < low)
            back = False
        if value is None:
            assert after == standing
        standing = after
