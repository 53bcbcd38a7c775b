"""The record of what was asked: every SQL text with its verdict, unchangeable, without personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database
from dash.errors import QueryFailed, QueryRejected
from dash.query_log import KnownWords, QueryLog
from dash.records import MASK, PlannedQuery, Result, ResultColumn, Viewer

from .conftest import NOW

TWO_ROWS = Result((ResultColumn("a", "int4"),), ((1,), (2,)), "rows")


@pytest.fixture
def own(fresh_database: Database) -> Iterator[Dash]:
    """Dash over a database of one's own."""
    with Dash.open(fresh_database.settings, clock=lambda: NOW) as opened:
        yield opened


def owner(database: Database) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(database.owner_dsn(), autocommit=True)


def test_an_answer_leaves_the_sql_that_ran(own: Dash) -> None:
    answer = own.ask("how many tickets last week by channel", viewer=Viewer("ann"))
    (entry,) = own.runs.audit()
    main = entry.queries[0]
    assert (entry.run_id, entry.asked_by, entry.outcome) == (answer.run_id, "ann", "answered")
    assert entry.question == "how many tickets last week by channel"
    assert entry.finished_at and entry.finished_at >= entry.asked_at
    assert main["sql"] == answer.sql
    assert (main["role"], main["provenance"], main["verdict"]) == ("main", answer.provenance, "ran")
    assert main["rows"] == len(answer.rows)
    assert main["duration_ms"] > 0
    assert "coverage" in [query["role"] for query in entry.queries[1:]]


def test_a_question_that_led_to_no_sql_is_there_too(own: Dash) -> None:
    own.ask("delete all sent tickets")
    own.ask("")
    assert [(entry.outcome, entry.queries) for entry in own.runs.audit()] == [("error", []), ("declined", [])]


def test_what_the_guard_rejects_is_on_record(own: Dash, monkeypatch: pytest.MonkeyPatch) -> None:
    def reject(*_: Any) -> None:
        raise QueryRejected("pg_sleep", "ask for data.", rule="function")

    monkeypatch.setattr(own, "check", reject)
    assert own.ask("how many tickets last week").outcome == "error"
    (entry,) = own.runs.audit(outcome="rejected")
    assert (entry.outcome, entry.queries[0]["verdict"], entry.queries[0]["reason"]) == ("error", "rejected", "function")
    assert "pg_sleep is not allowed" in entry.queries[0]["message"]
    assert own.runs.audit(outcome="failed") == ()


def test_what_the_database_refuses_is_on_record_without_the_data_in_its_words(own: Dash) -> None:
    with owner(own.database) as connection:
        connection.execute("ALTER TABLE support.support_threads_data RENAME TO away")
    own.ask("how many tickets last week")
    (entry,) = own.runs.audit(outcome="failed")
    assert entry.queries[0]["reason"] in ("42P01", "42501", "42P18")  # 42P18: the table was found changed before it ran
    assert "detail" not in entry.queries[0]


def test_an_interrupted_question_is_on_record(own: Dash, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(own, "execute", stop)
    with pytest.raises(KeyboardInterrupt):
        own.ask("how many tickets last week")
    (entry,) = own.runs.audit(outcome="interrupted")
    assert (entry.question, entry.finished_at) == ("how many tickets last week", None)


def test_filters_and_order(own: Dash) -> None:
    for viewer, question in (("ann", "how many tickets"), ("bob", "how many tickets today"), ("ann", "quokkas")):
        own.ask(question, viewer=Viewer(viewer))
    newest = own.runs.audit()
    assert [entry.asked_by for entry in newest] == ["ann", "bob", "ann"]
    assert own.runs.audit(limit=1) == newest[:1]
    assert [entry.question for entry in own.runs.audit(asked_by="bob")] == ["how many tickets today"]
    assert own.runs.audit(asked_by="bob' OR true --") == ()
    assert own.runs.audit(since=newest[1].asked_at) == newest[:2]
    assert own.runs.audit(since=newest[0].asked_at + timedelta(seconds=1)) == ()
    assert len(own.runs.audit(outcome="answered")) == 2


def test_the_record_cannot_be_changed(own: Dash) -> None:
    own.ask("how many tickets last week")
    before = own.runs.audit()
    changes = ("UPDATE dash.{} SET run_id = run_id", "DELETE FROM dash.{}", "TRUNCATE dash.{} CASCADE")
    with owner(own.database) as connection:
        for table in ("runs", "run_outcomes", "query_log"):
            for change in changes:
                with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                    connection.execute(change.format(table).encode())
    assert own.runs.audit() == before


def test_the_second_outcome_of_a_run_adds_no_queries(own: Dash) -> None:
    answer = own.ask("how many tickets last week")
    before = own.runs.audit()
    assert answer.run_id
    own.runs.finish(answer.run_id, answer, {}, before[0].queries)
    assert own.runs.audit() == before


def test_values_that_may_be_personal_are_not_written_down(dash: Dash) -> None:
    words = KnownWords.of(dash.knowledge)
    parameters = {
        "channel": "email", "now": NOW, "minimum": 3, "share": Decimal("0.5"), "customer_email": "ann@example.com",
        "customer_email_2": "listed nowhere", "author_name": "chat", "ticket_id": "T-000001", "empty": None,
        "channels": ["email", "chat"], "names": ["email", "Ann Other"],
    }  # fmt: skip
    hidden = {"customer_email", "customer_email_2", "author_name", "ticket_id", "names"}
    assert words.harmless(parameters) == {name: MASK if name in hidden else value for name, value in parameters.items()}


@pytest.mark.parametrize(
    ("work", "verdict", "reason"),
    [
        (lambda attempt: setattr(attempt, "result", TWO_ROWS), "ran", None),
        (lambda attempt: _raise(QueryFailed("Slow.", sqlstate="57014", detail="ann@example.com")), "failed", "57014"),
        (lambda attempt: _raise(QueryRejected("x", "y.", rule="shape")), "rejected", "shape"),
        (lambda attempt: _raise(RuntimeError("ann@example.com")), "failed", None),
    ],
)  # fmt: skip
def test_an_attempt_is_logged_whatever_becomes_of_it(
    dash: Dash, work: Callable[[Any], None], verdict: str, reason: str | None
) -> None:
    log = QueryLog(dash.knowledge)
    try:
        with log.attempt("main", PlannedQuery("SELECT 1"), "vetted") as attempt:
            work(attempt)
    except (QueryFailed, QueryRejected, RuntimeError):
        assert verdict != "ran"
    (entry,) = log.entries
    assert (entry["verdict"], entry.get("reason")) == (verdict, reason)
    assert "ann@example.com" not in str(entry)
    assert (entry.get("rows"), entry.get("truncated")) == ((2, "rows") if verdict == "ran" else (None, None))


def test_nothing_and_nothing_that_one_may_see_are_different_answers(own: Dash) -> None:
    question = "how many tickets last week"
    assert "allowed to see" not in _caveats(own, question, "ann")
    with owner(own.database) as connection:
        connection.execute(
            """ALTER TABLE support.support_threads_data ENABLE ROW LEVEL SECURITY;
               CREATE POLICY own ON support.support_threads_data
                   USING (current_setting('dash.viewer', true) IN ('boss', assigned_to))"""
        )
    own.database.grant_reader(own.knowledge.allowed())
    assert "there may be rows that you are not allowed to see" in _caveats(own, question, "eve").lower()
    assert "only rows that you are allowed to see are counted" in _caveats(own, question, "boss").lower()
    assert own.ask(question, viewer=Viewer("eve")).rows == ((0,),)
    assert own.ask(question, viewer=Viewer("boss")).rows[0][0] > 0


def _caveats(dash: Dash, question: str, viewer: str) -> str:
    return " ".join(caveat.text for caveat in dash.ask(question, viewer=Viewer(viewer)).caveats)


def _raise(error: Exception) -> None:
    raise error
