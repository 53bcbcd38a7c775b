"""Running a checked query: what holds even if the guard had let everything through."""

from __future__ import annotations

import signal
import threading
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from dash.database import Database
from dash.errors import DatabaseUnavailable, QueryFailed
from dash.records import Viewer
from dash.settings import Limits, Settings
from tests.database.harness import Program, checked, eventually, owner, run, running, server_process

ON_EVERY_VERSION = True
ENDLESS = "SELECT count(*) FROM generate_series(1, 100000000) a, generate_series(1, 1000) b"


def test_values_come_back_as_python_has_them(server: Database) -> None:
    result = run(
        server,
        """SELECT 1, 2.50, 'text', true, NULL, DATE '2026-11-20', TIMESTAMPTZ '2026-11-20 12:00+00', ARRAY['a', NULL],
                  '{"a": [1]}'::jsonb, INTERVAL '90 minutes', 1.5::float8""",
        zone="Europe/Berlin",
    )
    moment = datetime(2026, 11, 20, 13, tzinfo=ZoneInfo("Europe/Berlin"))
    assert result.rows == (
        (1, Decimal("2.50"), "text", True, None, date(2026, 11, 20), moment, ["a", None], {"a": [1]},
         timedelta(minutes=90), 1.5),
    )  # fmt: skip
    assert [column.type for column in result.columns[:2]] == ["int4", "numeric"]
    assert result.truncated is None


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("'infinity'::timestamptz", "infinity"),
        ("'0044-03-15 BC'::date", "0044-03-15 BC"),
        ("'10000-01-01'::date", "10000-01-01"),
        ("ROW(1, 'x')", "(1,x)"),
        ("int4range(1, 5)", "[1,5)"),
        ("'10.0.0.1'::inet", "10.0.0.1"),
        ("'\\xdead'::bytea", "\\xdead"),
        ("gen_random_uuid() IS NOT NULL", True),
        ("'NaN'::numeric::text", "NaN"),
        ("to_json((repeat('9', 5000))::numeric)", "9" * 5000),
        ("(repeat('[', 1500) || repeat(']', 1500))::json", "[" * 1500 + "]" * 1500),
    ],
)
def test_what_python_cannot_hold_comes_back_as_text(server: Database, expression: str, text: object) -> None:
    assert run(server, f"SELECT {expression}").rows == ((text,),)


def test_types_of_the_database_itself_have_their_names(fresh_database: Database) -> None:
    with owner(fresh_database) as connection:
        connection.execute("CREATE TYPE public.mood AS ENUM ('calm')")
    result = run(fresh_database, "SELECT 'calm'::public.mood AS mood, ARRAY[1::int8] AS list")
    assert [column.type for column in result.columns] == ["mood", "int8[]"]
    assert result.rows == (("calm", [1]),)


def test_how_many_rows_fit_does_not_tell_how_long_masked_values_are(server: Database) -> None:
    sql = "SELECT g, repeat('x', {}) AS e FROM generate_series(1, 1000) AS g"
    limits = Limits(result_bytes=8_000)
    # A piece of 20 rows and a portion behind it stay below what may arrive, however the server's bytes come in.
    short, long = (run(server, sql.format(length), personal=("e",), limits=limits) for length in (1, 1_000))
    assert long.rows[0] == (1, "•••")
    assert len(long.rows) > 100
    assert (long.rows, long.truncated) == (short.rows[: len(long.rows)], "bytes")
    assert len(short.rows) == len(long.rows)


def test_values_are_bound_and_never_part_of_the_text(server: Database) -> None:
    hostile = "'; DROP TABLE x; -- $1 %s :name"
    now = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("UTC"))
    sql = "SELECT $1::text, CAST($2 AS timestamptz) = $2, '$1 %s %(a)s :x', $3::int, $4::text[]"
    assert run(server, sql, hostile, now, 7, ["a", "b"]).rows == ((hostile, True, "$1 %s %(a)s :x", 7, ["a", "b"]),)


@pytest.mark.parametrize(
    ("sql", "sqlstate"),
    [
        ("SELECT 1; SELECT 2", "42601"),
        ("COMMIT; DROP TABLE support.support_dialogs", "42601"),
        ("SELECT 1; COMMIT", "42601"),
        ("INSERT INTO support.sessions SELECT * FROM support.sessions", "25006"),
        ("WITH gone AS (DELETE FROM support.sessions RETURNING 1) SELECT * FROM gone", "25006"),
        ("UPDATE support.support_threads_data SET subject = ''", "25006"),
        ("TRUNCATE support.support_dialogs", "25006"),
        ("CREATE TEMP TABLE mine (a int)", "25006"),
        ("CREATE TABLE public.mine (a int)", "25006"),
        ("CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "25006"),
        ("SELECT * FROM dash.runs", "42501"),
        ("SELECT * FROM pg_authid", "42501"),
        ("SELECT pg_sleep(10)", "42501"),
        ("SELECT pg_read_file('PG_VERSION')", "42501"),
        ("SELECT lo_create(0)", "42501"),
        ("SELECT lo_from_bytea(0, 'x')", "42501"),
        ("SELECT pg_advisory_lock(1)", "42501"),
        ("SELECT set_config('transaction_read_only', 'off', false)", "42501"),
        ("SELECT query_to_xml('SELECT 1', true, true, '')", "42501"),
        ("SELECT pg_notify('a', 'b')", "42501"),
        ("SELECT pg_terminate_backend(1)", "42501"),
        ("COPY support.sessions TO PROGRAM 'cat'", "42501"),
        ("COPY support.sessions TO '/tmp/stolen'", "42501"),
        ("ALTER ROLE dash_reader SET statement_timeout = 0", "25006"),
        ("SET ROLE dash", "42501"),
        ("SET SESSION AUTHORIZATION dash", "42501"),
        ("LOCK TABLE support.sessions", "42501"),
        ("SELECT * FROM support.sessions FOR UPDATE", "25006"),
        ("VACUUM", "25001"),
        ("CHECKPOINT", "42501"),
        ("CREATE EXTENSION vector", "25006"),
    ],
)
def test_what_is_no_harmless_query_is_refused_by_the_server_alone(database: Database, sql: str, sqlstate: str) -> None:
    with pytest.raises(QueryFailed) as failure:
        run(database, sql)
    assert failure.value.sqlstate == sqlstate
    assert run(database, "SELECT 1").rows == ((1,),)


def test_settings_of_the_session_are_back_for_the_next_query(database: Database) -> None:
    show = """SELECT current_setting('statement_timeout'), current_setting('transaction_read_only'),
              current_setting('default_transaction_read_only'), current_setting('work_mem'), current_user::text"""
    before = run(database, show).rows
    for sql in (
        "SET statement_timeout = 0",
        "SET default_transaction_read_only = off",
        "SET TRANSACTION READ WRITE",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "RESET ALL",
        "LISTEN news",
        "DECLARE held CURSOR WITH HOLD FOR SELECT 1",
        "PREPARE kept AS SELECT 1",
        "ROLLBACK",
        "COMMIT",
    ):
        try:
            run(database, sql)
        except QueryFailed as failure:
            assert failure.sqlstate is not None, sql
        assert run(database, show).rows == before, sql
        left = """SELECT name FROM pg_cursors WHERE name <> ''
                  UNION ALL SELECT name FROM pg_prepared_statements WHERE name = 'kept'"""
        assert run(database, left).rows == (), sql
    assert before[0][:3] == ("30s", "on", "on")


def test_a_session_that_goes_from_hand_to_hand_after_each_transaction_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pooler in transaction mode: what is said outside of a transaction reaches another session."""
    execute = psycopg.Connection.execute

    def elsewhere(self: Any, query: Any, *args: Any, **more: Any) -> Any:
        return execute(self, "SELECT 1" if query == "DISCARD ALL" else query, *args, **more)

    monkeypatch.setattr(psycopg.Connection, "execute", elsewhere)
    assert [run(database, f"SELECT {number}").rows for number in (1, 2)] == [((1,),), ((2,),)]
    with pytest.raises(QueryFailed):
        run(database, "SELECT 1 / (count(*) - count(*)) FROM pg_class")  # of this one the statement stays behind
    assert run(database, "SELECT 3").rows == ((3,),)
    left = run(database, "SELECT count(*) FROM pg_prepared_statements").rows[0][0]
    assert left <= 2, "this one, and the one that failed"


def test_a_result_is_cut_at_the_row_cap_and_says_so(server: Database) -> None:
    cut = run(server, "SELECT generate_series(1, 1000000000)", limits=Limits(rows=50))
    assert (len(cut.rows), cut.truncated) == (50, "rows")
    whole = run(server, "SELECT generate_series(1, 50)", limits=Limits(rows=50))
    assert (len(whole.rows), whole.truncated) == (50, None)


def test_a_result_is_cut_at_the_byte_cap_and_says_so(server: Database) -> None:
    cut = run(server, "SELECT repeat('x', 1000) FROM generate_series(1, 100)", limits=Limits(result_bytes=10_500))
    assert (len(cut.rows), cut.truncated) == (10, "bytes")


def test_a_row_of_half_a_gigabyte_never_lies_in_our_memory(home: Path) -> None:
    program = """
import resource, sys
from pathlib import Path
from dash.database import Database
from dash.errors import DatabaseUnavailable, QueryFailed
from dash.settings import Settings
from tests.database.harness import run
with Database.open(Settings(home=Path(sys.argv[1]))) as database:
    run(database, "SELECT 1")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        run(database, "SELECT 1, repeat('x', 500000000)")
    except QueryFailed as failure:
        print(failure)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print("next", run(database, "SELECT 1").rows, flush=True)
    print("grown", round(grown), flush=True)
"""
    large = Program(home, program=program)
    said = large.says("grown")
    large.process.wait(timeout=60)
    assert int(said.split()[1]) < 60


def test_a_query_that_takes_too_long_is_stopped_on_the_server(server: Database) -> None:
    with pytest.raises(QueryFailed, match="took longer than it may") as failure:
        run(server, ENDLESS, limits=Limits(statement_timeout_seconds=0.3))
    assert failure.value.sqlstate == "57014"
    assert eventually(lambda: running(server) == 0)


def test_a_query_of_nobody_knows_whom_is_not_even_started_when_it_costs_too_much(database: Database) -> None:
    with pytest.raises(QueryFailed, match="was not started") as failure:
        run(database, ENDLESS, reviewed=False)
    assert "estimated cost" in failure.value.detail
    assert run(database, "SELECT count(*) FROM support.support_threads_data", reviewed=False).rows == ((3000,),)


def test_ctrl_c_stops_the_query_on_the_server(home: Path) -> None:
    program = f"""
import signal
import sys
from pathlib import Path
from dash.database import Database
from dash.settings import Settings
from tests.database.harness import eventually, run, running
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs with it ignored
with Database.open(Settings(home=Path(sys.argv[1]))) as database:
    print("open", flush=True)
    try:
        run(database, {ENDLESS!r})
    except KeyboardInterrupt:
        stopped = eventually(lambda: running(database) == 0)
        print("interrupted", stopped, run(database, "SELECT 1").rows, flush=True)
"""
    interrupted = Program(home, program=program)
    interrupted.says("open")
    with Database.open(Settings(home=home)) as database:
        assert eventually(lambda: running(database) == 1)
        interrupted.process.send_signal(signal.SIGINT)
        assert interrupted.says("interrupted").split() == ["interrupted", "True", "((1,),)"]
    interrupted.process.wait(timeout=30)


def test_a_server_that_dies_in_the_middle_of_a_query_is_said_and_started_again(home: Path) -> None:
    with Database.open(Settings(home=home)) as database:
        server = server_process(home)
        assert server is not None

        def kill() -> None:
            assert eventually(lambda: running(database) == 1)
            for process in (server, *server.children()):
                process.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        with pytest.raises(DatabaseUnavailable, match="lost while the query ran; ask again"):
            run(database, ENDLESS)
        killer.join()
        assert run(database, "SELECT 1").rows == ((1,),)


def test_an_error_says_what_is_wrong_without_the_data_in_it(database: Database) -> None:
    with pytest.raises(QueryFailed) as failure:
        run(database, "SELECT customer_email::int FROM support.support_threads_data")
    assert "@" not in str(failure.value)
    assert "@" in failure.value.detail
    assert failure.value.sqlstate == "22P02"


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT 1 / 0", "divides by zero"),
        ("SELEC 1", "syntax"),
        ("SELECT * FROM support.nothing", "table that does not exist"),
        ("SELECT nothing FROM support.sessions", "column that does not exist"),
        ("SELECT 'a' + 1", "type"),
        ("SELECT '2026-13-45'::date", "date"),
        ("SELECT (SELECT generate_series(1, 2))", "one row"),
        ("SELECT 1\x00", "NUL"),
    ],
)
def test_errors_are_put_in_words(database: Database, sql: str, words: str) -> None:
    with pytest.raises(QueryFailed, match=words):
        run(database, sql)


def test_personal_columns_are_masked_unless_the_viewer_may_see_them(server: Database) -> None:
    sql = "SELECT 'ann@example.com' AS email, 1 AS n UNION ALL SELECT NULL, 2 ORDER BY n"
    masked = run(server, sql, personal=("email",))
    assert masked.rows == (("•••", 1), (None, 2))
    assert masked.masked == ("email",)
    seen = run(server, sql, personal=("email",), viewer=Viewer(sees_personal=True))
    assert seen.rows[0] == ("ann@example.com", 1)
    assert seen.masked == ()


def test_many_threads_ask_at_once(database: Database) -> None:
    answers: list[Any] = []

    def ask(number: int) -> None:
        answers.append(run(database, "SELECT $1::int, count(*) FROM support.support_dialogs", number).rows[0][0])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == list(range(30))


def test_explain_tells_the_cost_without_running(database: Database) -> None:
    assert database.explain(checked(ENDLESS), limits=Limits(), zone="UTC") > 1_000_000_000
    with pytest.raises(QueryFailed, match="column that does not exist"):
        database.explain(checked("SELECT nothing FROM support.sessions"), limits=Limits(), zone="UTC")
