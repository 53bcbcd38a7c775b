"""`dash doctor`, `dash grant` and `dash audit` as people type them."""

from __future__ import annotations

import json

import psycopg
import pytest

from dash.cli.audit import discreet
from dash.database import Database
from tests.cli.conftest import Run


@pytest.fixture
def dash_on_fresh(dash: Run, fresh_database: Database) -> Run:
    """`dash` on demo data of one's own."""
    url = fresh_database.settings.database_url
    assert url
    return lambda *arguments, stdin=None, **settings: dash(
        *arguments, stdin=stdin, **{"DASH_DATABASE_URL": url, **settings}
    )


def test_doctor_is_content_with_what_dash_sets_up(dash_on_fresh: Run) -> None:
    result = dash_on_fresh("doctor")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("Nothing to mend: on PostgreSQL ")
    data = json.loads(dash_on_fresh("doctor", "--json").stdout)
    assert (data["reader"], data["findings"]) == ("dash_reader", [])


def test_doctor_prints_each_finding_with_the_sql_that_mends_it(dash_on_fresh: Run, fresh_database: Database) -> None:
    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as owner:
        owner.execute("CREATE TABLE support.pay (a int); GRANT SELECT ON support.pay TO dash_reader")
        result = dash_on_fresh("doctor")
        assert result.returncode == 1
        assert "1. The reader sees a of support.pay, which the knowledge does not list." in result.stdout
        data = dash_on_fresh("doctor", "--json")
        assert data.returncode == 1
        (finding,) = json.loads(data.stdout)["findings"]
        assert finding["mend"] in result.stdout
        owner.execute(finding["mend"])
    assert dash_on_fresh("doctor").returncode == 0


def test_doctor_looks_also_at_a_reader_that_dash_would_not_start_with(
    dash_on_fresh: Run, fresh_database: Database
) -> None:
    url = fresh_database.settings.database_url
    assert url
    result = dash_on_fresh("doctor", DASH_READER_URL=url)
    assert result.returncode == 1
    assert "is a superuser" in result.stdout and "NOSUPERUSER" in result.stdout
    refused = dash_on_fresh("ask", "how many tickets", DASH_READER_URL=url)
    assert refused.returncode == 1 and "is a superuser" in refused.stderr


def test_doctor_of_a_server_that_is_not_there_is_one_sentence(dash: Run) -> None:
    result = dash("doctor", DASH_DATABASE_URL="postgresql://a:secret@127.0.0.1:9/b")
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert "secret" not in result.stderr


def test_grant_prints_sql_that_sets_up_a_reader(dash_on_fresh: Run, fresh_database: Database) -> None:
    printed = dash_on_fresh("grant", "--role", "printed_reader")
    assert printed.returncode == 0
    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as owner:
        try:
            owner.execute(printed.stdout.encode())
            rights = """SELECT has_column_privilege('printed_reader', 'support.sessions', 'thread_id', 'SELECT'),
                               has_table_privilege('printed_reader', 'support.sessions', 'SELECT, INSERT')"""
            assert owner.execute(rights).fetchone() == (True, False)
        finally:
            owner.execute("DROP OWNED BY printed_reader; DROP ROLE printed_reader")


def test_grant_runs_it_when_told_and_says_what_is_not_there(dash_on_fresh: Run, fresh_database: Database) -> None:
    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as owner:
        owner.execute("DROP TABLE support.sessions")
    result = dash_on_fresh("grant", "--run")
    assert result.returncode == 0
    assert "support.sessions is not in this database" in result.stderr
    assert dash_on_fresh("doctor").returncode == 0


def test_grant_needs_no_database_to_print_and_one_to_run(dash: Run) -> None:
    assert "GRANT SELECT" in dash("grant").stdout
    refused = dash("grant", "--run")
    assert refused.returncode == 1 and "DASH_DATABASE_URL" in refused.stderr
    assert dash("grant", "--role", "x; DROP TABLE y").returncode == 1


def test_audit_shows_who_asked_what_and_the_sql(dash_on_fresh: Run) -> None:
    dash_on_fresh("ask", "how many tickets", DASH_USER="ann")
    dash_on_fresh("ask", "delete all sent tickets of eve@example.com +49 170 1234567", DASH_USER="bob")
    shown = dash_on_fresh("audit")
    assert shown.returncode == 0
    first, second = shown.stdout.index("bob  declined"), shown.stdout.index("ann  answered")
    assert first < second
    assert "main: composed, 1 row," in shown.stdout and "COUNT(*)" in shown.stdout
    assert "eve@" not in shown.stdout and "1234567" not in shown.stdout

    entries = json.loads(dash_on_fresh("audit", "--json", "--user", "ann", "--since", "1h").stdout)
    assert [(entry["asked_by"], entry["outcome"], entry["queries"][0]["verdict"]) for entry in entries] == [
        ("ann", "answered", "ran")
    ]
    assert json.loads(dash_on_fresh("audit", "--json", "--outcome", "rejected").stdout) == []
    assert "Nobody asked" in dash_on_fresh("audit", "--since", "2099-01-01").stdout
    assert len(json.loads(dash_on_fresh("audit", "--json", "--limit", "1").stdout)) == 1
    assert dash_on_fresh("audit", "--since", "yesterday-ish").returncode == 2
    assert dash_on_fresh("audit", "--outcome", "fine").returncode == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("tickets of ann@example.com?", "tickets of •••?"),
        ("WHERE email = 'a.b+c@x.co'", "WHERE email = '•••'"),
        ("call +49 (30) 1234567 now", "call ••• now"),
        ("0301234567", "•••"),
        ("2026-11-20 and T-000001 and 12,345 of 2026", "2026-11-20 and T-000001 and 12,345 of 2026"),
        ("between 2026-11-20 12:00 and 13:00", "between 2026-11-20 12:00 and 13:00"),
        ("id = 12345678", "id = 12345678"),
    ],
)
def test_addresses_and_telephone_numbers_are_hidden(text: str, shown: str) -> None:
    assert discreet(text) == shown
