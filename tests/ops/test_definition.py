"""One definition: the list, the metrics, the vetted queries and answers count the same, whatever stuck.yaml says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dash.ask import Dash
from dash.database import Database
from dash.errors import KnowledgeError
from dash.knowledge import load_knowledge
from dash.knowledge.check.parameters import bound_names
from dash.knowledge.stuck import BusinessHoursFile, days_off, parse_stuck
from dash.knowledge.stuck_condition import waited_hours
from dash.ops import StuckDesk
from dash.ops.judging import judge
from dash.records import PlannedQuery, Question, Viewer
from dash.settings import REPOSITORY
from tests.conftest import NOW
from tests.ops.conftest import ANN, support

SHIPPED = (REPOSITORY / "knowledge" / "business" / "stuck.yaml").read_text(encoding="utf-8")
PLAIN = "  overrides: []\n"
OVERRIDES = """  overrides:
    - {when: {stage: Draft Created, category: [damaged_item, payment_issue, "other"]}, hours: 2000}
    - {when: {urgency: high}, hours: 8}
    - {when: {stage: [Draft Created]}, hours: 200}
  note: {en: High urgency counts after 8 hours., ru: Срочные застревают через 8 часов.}
"""
WORKING_DAYS = """business_hours:
  zone: America/New_York
  days: {mon: "08:30-18:00", tue: "09:00-17:00", wed: "09:00-17:00", thu: "00:00-24:00", sat: "10:00-10:30"}
  holidays: {country: US, part: NY, also: [2026-11-16], but_not: [2026-11-11]}
"""


@pytest.fixture(scope="module")
def changed(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StuckDesk]:
    """The shipped knowledge with other thresholds for some tickets."""
    folder = tmp_path_factory.mktemp("changed") / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", folder)
    (folder / "business" / "stuck.yaml").write_text(SHIPPED.replace(PLAIN, OVERRIDES), encoding="utf-8")
    with Dash.open(replace(database.settings, knowledge=folder), clock=lambda: NOW) as dash:
        yield StuckDesk.open(dash, ANN)


def told(desk: StuckDesk, hours: int = 24) -> set[str]:
    """The stuck tickets by the thresholds in words, from the raw rows."""
    found = set()
    rows = "SELECT thread_id, status, request_type, urgency, status_changed_at FROM support.support_threads_data"
    for ticket, status, category, urgency, changed in support(desk, rows):
        allowed = hours
        if desk.file.thresholds.overrides and hours == 24:
            if status == "Draft Created" and category in ("damaged_item", "payment_issue", "other"):
                allowed = 2000
            elif urgency == "high":
                allowed = 8
            elif status == "Draft Created":
                allowed = 200
        if status != "Sent" and NOW - changed > timedelta(hours=allowed):
            found.add(ticket)
    return found


def ask_number(desk: StuckDesk, question: str) -> int:
    answer = desk.dash.ask(question, learns=False)
    assert answer.outcome == "answered", answer.headline
    return int(answer.rows[0][-1])


@pytest.mark.parametrize("which", ["shared", "changed"])
def test_the_ask_page_counts_what_the_list_shows(which: str, request: pytest.FixtureRequest) -> None:
    desk: StuckDesk = request.getfixturevalue(which)
    judged = list(judge(desk.dash, desk.file, NOW))
    assert {one.ticket for one in judged} == told(desk)
    assert ask_number(desk, "How many tickets are stuck?") == len(judged)
    assert ask_number(desk, "Сколько тикетов застряло?") == len(judged)
    drafts = [one for one in judged if one.stage == "Draft Created"]
    assert ask_number(desk, "How many stuck tickets are at Draft Created?") == len(drafts)
    listed = desk.dash.ask("Show stuck tickets", learns=False)
    place = [column.name for column in listed.columns].index("thread_id")
    assert [row[place] for row in listed.rows] == [one.ticket for one in judged]
    by_category = desk.dash.ask("Where do tickets get stuck by category?", learns=False)
    place = [column.name for column in by_category.columns].index("stuck")
    assert sum(row[place] for row in by_category.rows) == len(judged)


def test_hours_that_somebody_asks_for_are_those_hours(changed: StuckDesk) -> None:
    assert ask_number(changed, "How many tickets are stuck for more than 100 hours?") == len(told(changed, 100))


def test_an_answer_says_that_other_hours_count_for_some(changed: StuckDesk, shared: StuckDesk) -> None:
    note = "High urgency counts after 8 hours."
    for desk, is_told in ((changed, True), (shared, False)):
        answer = desk.dash.ask("How many tickets are stuck?", learns=False)
        assert (note in [caveat.text for caveat in answer.caveats]) is is_told


def test_every_number_of_stuck_tickets_takes_the_definition(changed: StuckDesk) -> None:
    """No vetted query or metric has a condition of its own beside the one in stuck.yaml."""
    knowledge = changed.dash.knowledge
    since = changed.file.tickets.since
    for name, query in knowledge.queries.items():
        sql = " ".join(query.sql.split())
        assert f"{since} < CAST(:now AS timestamptz) - make_interval" not in sql, name
        assert f"{since} < CAST(:now AS timestamptz) - INTERVAL" not in sql, name
    for name in ("stuck_by_stage", "stuck_by_category", "workload_by_assignee"):
        query = knowledge.queries[name]
        values = {"now": NOW, "hours": 24}
        planned = PlannedQuery(query.sql, {key: values[key] for key in bound_names(query.parameters) if key in values})
        checked = changed.dash.check(replace(planned, parameters=values), Viewer(), "vetted")
        result = changed.dash.execute(checked, Question("", NOW))
        place = [column.name for column in result.columns].index("stuck")
        expected = told(changed)
        if name == "workload_by_assignee":
            rows = "SELECT thread_id FROM support.support_threads_data WHERE assigned_to IS NOT NULL"
            expected &= {ticket for (ticket,) in support(changed, rows)}
        assert sum(row[place] for row in result.rows) == len(expected), name


def test_a_threshold_is_changed_in_one_file_and_the_rest_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", folder)
    (folder / "business" / "stuck.yaml").write_text(SHIPPED.replace("hours: 24", "hours: 36"), encoding="utf-8")
    with pytest.raises(KnowledgeError) as raised:
        load_knowledge(folder)
    told_faults = [str(fault) for fault in raised.value.faults]
    assert all("tickets are stuck after 36 hours" in fault and "write default: 36" in fault for fault in told_faults)
    assert {fault.split(":")[0] for fault in told_faults} == {
        "knowledge/business/metrics_tickets.yaml", "knowledge/queries/stuck_tickets.sql",
        "knowledge/queries/stuck_at_stage.sql", "knowledge/queries/stuck_by_category.sql",
        "knowledge/queries/stuck_by_reason.sql", "knowledge/queries/stuck_by_stage.sql",
        "knowledge/queries/workload_by_assignee.sql",
    }  # fmt: skip


def working_days() -> BusinessHoursFile:
    file, document = parse_stuck(SHIPPED.replace(PLAIN, OVERRIDES) + WORKING_DAYS, "stuck.yaml")
    assert file is not None and file.business_hours is not None, document.faults
    return file.business_hours


def worked(file: BusinessHoursFile, since: datetime, until: datetime) -> float:
    """The business hours between two moments, day by day."""
    zone, days = ZoneInfo(file.zone), ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    begin, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (since, until))
    off = set(days_off(file.holidays, begin.year, end.year))
    total, day = 0.0, begin.date()
    while day <= end.date():
        hours = file.days.get(days[day.weekday()])  # type: ignore[call-overload]
        if hours and day not in off:
            opens, closes = (_at(day, text) for text in hours.split("-"))
            total += max(0.0, (min(closes, end) - max(opens, begin)).total_seconds())
        day += timedelta(days=1)
    return total / 3600


def _at(day: date, text: str) -> datetime:
    hours, minutes = map(int, text.split(":"))
    return datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes)


YEAR = datetime.now(UTC).year
MOMENTS = st.datetimes(datetime(YEAR - 1, 1, 1), datetime(YEAR, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begin=MOMENTS, length=st.integers(0, 400 * 86_400))
def test_business_hours_in_sql_are_those_of_the_calendar(database: Database, begin: datetime, length: int) -> None:
    file, _ = parse_stuck(SHIPPED.replace(PLAIN, OVERRIDES) + WORKING_DAYS, "stuck.yaml")
    assert file is not None
    end = begin + timedelta(seconds=length)
    sql = waited_hours(file, "CAST(:since AS timestamptz)").replace("%", "%%")
    sql = sql.replace(":now", "%(now)s").replace(":since", "%(since)s")
    with psycopg.connect(database.owner_dsn()) as connection:
        row = connection.execute(f"SELECT {sql}".encode(), {"now": end, "since": begin}).fetchone()
    assert row is not None
    assert float(row[0]) == pytest.approx(worked(working_days(), begin, end), abs=1e-6)


def test_with_business_hours_the_list_the_metric_and_the_calendar_agree(
    database: Database, tmp_path: Path, shared: StuckDesk
) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", folder)
    note = "  overrides: []\n  note: {en: Only opening hours count., ru: Считаются только рабочие часы.}\n"
    days = WORKING_DAYS.replace("country: US, part: NY, ", "")  # days that count in every year
    (folder / "business" / "stuck.yaml").write_text(SHIPPED.replace(PLAIN, note) + days, encoding="utf-8")
    knowledge = load_knowledge(folder)
    assert knowledge.stuck is not None and knowledge.stuck.business_hours is not None
    rows = "SELECT thread_id, status, status_changed_at FROM support.support_threads_data WHERE status <> 'Sent'"
    expected = {
        ticket
        for ticket, _, changed in support(shared, rows)
        if worked(knowledge.stuck.business_hours, changed, NOW) > 24
    }
    judged = list(judge(shared.dash, knowledge.stuck, NOW))
    assert {one.ticket for one in judged} == expected != told(shared)
    metric = knowledge.metrics["stuck_tickets"]
    planned = PlannedQuery(
        f"SELECT COUNT(*) AS stuck FROM {metric.table} WHERE {metric.filter}", {"now": NOW, "hours": 24}
    )
    checked = shared.dash.check(planned, Viewer(), "composed")
    assert shared.dash.execute(checked, Question("", NOW)).rows[0][0] == len(judged)
