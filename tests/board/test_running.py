"""The standing picture: filters, trends, changes, one moment for all, kept for a while, and each card failing alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from dash.ask import Dash
from dash.board import Bar, Board
from dash.board.planning import Trend
from dash.board.running import COVERAGE_SECONDS, KEPT_SECONDS, shared_caveats
from dash.board.showing import Change, Shown, read_points
from dash.database import Database
from dash.knowledge.board import CardFile
from dash.records import CheckedQuery, Column, PlannedQuery, Question, Result, ResultColumn, Viewer

from .conftest import NOW, Seconds

VIEWER = Viewer("lead")
OCTOBER = Bar(first=date(2026, 10, 1), last=date(2026, 10, 31))


def count(database: Database, condition: str) -> int:
    with psycopg.connect(database.owner_dsn()) as connection:
        row = connection.execute(f"SELECT count(*) FROM support.support_threads_data WHERE {condition}").fetchone()  # type: ignore[arg-type]
    assert row is not None
    return int(row[0])


def test_a_number_is_that_of_its_range_and_the_one_before_is_that_of_the_range_before(
    board: Board, database: Database
) -> None:
    shown = board.open(OCTOBER, VIEWER, "en").card("volume")
    assert shown.value == count(database, "created_at >= '2026-10-01+00' AND created_at < '2026-11-01+00'")
    assert shown.previous == count(database, "created_at >= '2026-08-31+00' AND created_at < '2026-10-01+00'")
    assert shown.change is not None
    assert float(shown.change.amount) == pytest.approx(100 * (shown.value - shown.previous) / shown.previous)


def test_filters_narrow_every_card_that_they_apply_to_and_the_others_say_so(board: Board, database: Database) -> None:
    standing = board.open(
        Bar(first=date(2026, 10, 1), last=date(2026, 10, 31), filters=(("channel", ("email",)),)), VIEWER, "en"
    )
    condition = "created_at >= '2026-10-01+00' AND created_at < '2026-11-01+00' AND channel = 'email'"
    assert standing.card("volume").value == count(database, condition) > 0
    assert standing.card("volume").unfiltered == ()
    assert standing.card("agents").unfiltered == ("channel",)
    channels = standing.card("channels").answer
    assert channels is not None
    assert [row[0] for row in channels.rows] == ["email"]


def test_a_trend_has_every_day_and_adds_up_to_the_number(board: Board) -> None:
    shown = board.open(OCTOBER, VIEWER, "en").card("volume")
    assert [point.start.date() for point in shown.trend] == [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]
    assert sum(point.value or 0 for point in shown.trend) == shown.value
    assert all(point.whole for point in shown.trend)


def test_the_days_at_the_ends_of_a_rolling_range_are_not_whole(board: Board) -> None:
    shown = board.open(Bar("last_7_days"), VIEWER, "en").card("volume")
    assert [point.whole for point in shown.trend] == [False, *[True] * 6, False]
    assert sum(point.value or 0 for point in shown.trend) == shown.value


@pytest.mark.parametrize(("period", "grain"), [("today", "hour"), ("last_30_days", "day"), ("last_12_months", "month")])
def test_the_step_of_a_trend_follows_the_length_of_the_range(board: Board, period: str, grain: str) -> None:
    shown = board.open(Bar(period), VIEWER, "en").card("volume")
    assert shown.grain == grain
    assert 10 <= len(shown.trend) <= 31


def test_a_rate_moves_in_percentage_points_and_lower_may_be_better() -> None:
    rate = Column("rate", "Rate", "percent", "metric", "lower")
    assert Shown(CARD, column=rate, value=12.0, previous=10.0).change == Change(2, "percentage_points", False)  # type: ignore[arg-type]
    cost = Column("cost", "Cost", "usd", "metric", "lower")
    assert Shown(CARD, column=cost, value=9, previous=10.0).change == Change(-10, "percent", True)  # type: ignore[arg-type]
    assert Shown(CARD, column=cost, value=9, previous=0.0).change is None
    volume = Column("volume", "Volume", "count", "metric")
    change = Shown(CARD, column=volume, value=12, previous=10.0).change
    assert change is not None
    assert change.better is None


CARD = CardFile(name="x", title={"en": "X"}, question={"en": "x {period}"}, metric="tickets")


def test_a_score_has_its_response_rate_beside_it(board: Board) -> None:
    shown = board.open(Bar("last_90_days"), VIEWER, "en").card("csat")
    assert [column.metric for column, _ in shown.beside] == ["csat_response_rate"]


def test_a_board_stands_for_a_while_and_is_read_anew_after_it_or_when_asked_to(board: Board, seconds: Seconds) -> None:
    bar = Bar("last_7_days")
    first = board.open(bar, VIEWER, "en")
    assert first.now == NOW
    seconds.now = KEPT_SECONDS - 1
    assert board.open(bar, VIEWER, "en") is first
    seconds.now = KEPT_SECONDS + 1
    second = board.open(bar, VIEWER, "en")
    assert second is not first
    assert board.open(bar, VIEWER, "en", anew=True) is not second


def test_how_far_the_data_reaches_is_asked_once_in_a_while_and_by_each_viewer(
    board: Board, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    execute = Dash.execute

    def listening(dash: Dash, checked: CheckedQuery, question: Question, **keys: float) -> Result:
        asked.extend([checked.text] if "AS oldest" in checked.text else [])
        return execute(dash, checked, question, **keys)

    monkeypatch.setattr(Dash, "execute", listening)
    board.open(Bar("last_7_days"), VIEWER, "en").wait()
    first = len(asked)
    assert first >= len(set(asked)) >= 4
    board.open(Bar("last_month"), VIEWER, "en").wait()
    assert len(asked) == first
    board.open(Bar("last_month"), Viewer("other"), "en").wait()
    assert len(asked) > first
    again = len(asked)
    seconds.now = COVERAGE_SECONDS + 1
    board.open(Bar("last_month"), VIEWER, "en").wait()
    assert len(asked) > again


def test_nobody_sees_the_board_that_was_read_for_somebody_else(board: Board) -> None:
    bar = Bar("last_7_days")
    mine = board.open(bar, VIEWER, "en")
    assert board.open(bar, Viewer("other"), "en") is not mine
    assert board.open(bar, Viewer("lead", sees_personal=True), "en") is not mine
    assert board.open(bar, VIEWER, "ru") is not mine
    assert board.open(bar, VIEWER, "en") is mine


def test_a_card_that_fails_says_so_in_its_place_and_the_others_stand(fresh: Board, fresh_database: Database) -> None:
    with psycopg.connect(fresh_database.owner_dsn()) as connection:
        connection.execute("DROP TABLE support.ai_human_comparison CASCADE")
    cards = {shown.card.name: shown for shown in fresh.open(Bar("last_30_days"), VIEWER, "en").wait()}
    failed = {name for name, shown in cards.items() if shown.failure is not None}
    assert failed == {"at_least_as_good", "penalty", "verdicts", "ai_losses"}
    assert all(cards[name].failure for name in failed)
    assert cards["volume"].value


def test_a_database_that_is_away_is_a_sentence_on_each_card(fresh: Board, fresh_database: Database) -> None:
    fresh.dash.database.close()
    for shown in fresh.open(Bar("last_30_days"), VIEWER, "en").wait():
        assert shown.answer is None
        assert shown.failure is not None


def test_what_most_cards_are_careful_about_is_said_once(board: Board) -> None:
    cards = board.open(Bar("this_month"), VIEWER, "en").wait()
    said = shared_caveats(cards)
    assert any("not over yet" in text or "until" in text or "still" in text for text in said), said
    assert len(set(said)) == len(said)


def test_hours_that_the_database_keeps_without_a_zone_are_of_the_reporting_zone() -> None:
    start = datetime(2026, 10, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    trend = Trend(PlannedQuery("SELECT 1"), "hour", start, start + timedelta(hours=3), adds_up=True)
    columns = (ResultColumn("hour", "timestamp"), ResultColumn("tickets", "int8"))
    rows = ((datetime(2026, 10, 1, 1), 5), (None, 9))  # noqa: DTZ001
    points = read_points(trend, Result(columns, rows))
    assert [(point.start.hour, point.value) for point in points] == [(0, 0.0), (1, 5.0), (2, 0.0)]
