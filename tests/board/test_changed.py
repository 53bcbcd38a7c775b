"""Cards and pins over a database that is changed: the reason in place of the number, and what is noticed beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import psycopg

from dash.board import Bar, Board
from dash.board.pins import Pins
from dash.records import Viewer

ANN = Viewer("ann")
OCTOBER = Bar(first=date(2026, 10, 1), last=date(2026, 10, 31))
TABLE = "support.support_threads_data"


def _change(board: Board, *statements: str) -> None:
    with psycopg.connect(board.dash.database.owner_dsn(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_what_a_card_or_a_pin_rests_on_is_gone_and_it_says_so_in_place_of_its_number(fresh: Board) -> None:
    dash, pins = fresh.dash, Pins(fresh.dash.database)
    for question in ("Tickets by channel in October 2026", "Средний CSAT за октябрь 2026", "How many tickets in May?"):
        answer = dash.ask(question, viewer=ANN)
        assert answer.outcome == "answered", answer.headline
        pins.pin(answer.run_id or "", "ann")
    before = fresh.open(OCTOBER, ANN, "ru")
    numbers = {shown.card.name: (shown.value, shown.answer.rows) for shown in before.wait() if shown.answer}
    assert len(numbers) == len(fresh.file.cards)
    *_, whole = fresh.pinned(before, pins.list("ann"))
    _change(
        fresh,
        f"ALTER TABLE {TABLE} RENAME COLUMN channel TO ticket_channel",
        f"ALTER TABLE {TABLE} DROP COLUMN csat_score",
        "ALTER TABLE support.ai_agent_tasks ALTER COLUMN status TYPE integer USING length(status)",
        "DROP TABLE support.analytics_events CASCADE",
    )
    after = fresh.open(OCTOBER, ANN, "ru", anew=True)
    failed = {shown.card.name: shown.failure for shown in after.wait() if shown.failure is not None}
    assert failed.keys() == {"channels", "csat", "error_steps", "pipeline_failures", "tools", "tool_success"}
    assert "нужен столбец channel таблицы support.support_threads_data" in (failed["channels"] or "")
    assert "Возможно, теперь это ticket_channel" in (failed["channels"] or "")
    assert "Его тип был text, а стал int4" in (failed["pipeline_failures"] or "")
    assert "нужна таблица support.analytics_events" in (failed["tools"] or "")
    left = {shown.card.name: (shown.value, shown.answer.rows) for shown in after.wait() if shown.answer}
    assert left == {name: number for name, number in numbers.items() if name not in failed}
    channels, csat, may = fresh.pinned(after, pins.list("ann"))
    assert (channels.answer, csat.answer) == (None, None)
    assert "This needs the column channel of" in (channels.failure or "")
    assert "нужен столбец csat_score" in (csat.failure or "")
    assert may.answer is not None and whole.answer is not None
    assert may.answer.rows == whole.answer.rows
    assert {shown.failure for shown in fresh.open(OCTOBER, ANN, "en", anew=True).wait()} == {
        None,
        *(dash.ask(question).headline for question in ("Tickets by channel", "CSAT", "Pipeline failure rate")),
        *(dash.ask(question).headline for question in ("Tool calls by tool", "Tool success rate")),
    }


def test_what_a_look_at_the_data_found_stands_beside_the_numbers_that_it_concerns(fresh: Board) -> None:
    pins = Pins(fresh.dash.database)
    answer = fresh.dash.ask("How many tickets are open?", viewer=ANN)
    pins.pin(answer.run_id or "", "ann")
    stopped = datetime(2026, 11, 20, 12, tzinfo=UTC) - timedelta(days=25)
    _change(
        fresh,
        f"ALTER TABLE {TABLE} DISABLE TRIGGER USER",
        f"UPDATE {TABLE} SET status = 'Withdrawn' WHERE id % 50 = 0",
        f"UPDATE {TABLE} SET csat_score = NULL WHERE created_at > '{stopped}'",
    )
    fresh.dash.look_for_drift()
    standing = fresh.open(OCTOBER, ANN, "en")
    told = {
        shown.card.name: [caveat.text for caveat in shown.answer.caveats if caveat.kind == "drift"]
        for shown in standing.wait()
        if shown.answer
    }
    assert "Withdrawn" in " ".join(told["open"])
    assert "longer than usual" in " ".join(told["csat"])
    assert told["conversations"] == []
    (pinned,) = fresh.pinned(standing, pins.list("ann"))
    assert pinned.answer is not None
    assert "Withdrawn" in pinned.answer.caveats[0].text
