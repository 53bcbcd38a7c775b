"""`dash check` on stuck.yaml: every mistake at its line, with what to write instead; another company's file works."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from dash.ask import Dash
from dash.catalogue.faults import Live
from dash.database import Database
from dash.errors import Fault, NotFoundError
from dash.knowledge import Knowledge, load_everything
from dash.ops import StuckDesk
from dash.ops.checking import check_stuck
from dash.settings import REPOSITORY
from tests.ops.conftest import ANN
from tests.replay.shop import DATA, write_knowledge

SHIPPED = (REPOSITORY / "knowledge" / "business" / "stuck.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped tables, and nothing else that would have to be read."""
    copy = tmp_path_factory.mktemp("stuck") / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge" / "tables", copy / "tables")
    (copy / "business").mkdir()
    return copy


def faults(folder: Path, text: str, database: Database | None = None) -> list[Fault]:
    (folder / "business" / "stuck.yaml").write_text(text, encoding="utf-8")
    loaded = load_everything(folder)
    live = _live(loaded.knowledge, database) if database is not None else None
    found = (*loaded.faults, *check_stuck(loaded.knowledge, live))
    return sorted({fault for fault in found if fault.path.endswith("stuck.yaml")})


def _live(knowledge: Knowledge, database: Database) -> Live:
    live = Live(knowledge, database)
    live.prepare()
    return live


def line_of(text: str) -> int:
    return SHIPPED[: SHIPPED.index(text)].count("\n") + 1


def test_the_shipped_file_has_no_fault(folder: Path, database: Database) -> None:
    assert faults(folder, SHIPPED, database) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("since: status_changed_at", "since: status_change_at", "there is no column status_change_at"),
        ("open: status <> 'Sent'", "open: status <> 'Snet'", "status has no value 'Snet'"),
        ("table: support.support_threads_data", "table: support.threads", "support.threads"),
        ("category: {sql: request_type,", "category: {sql: request_typ,", "write request_type"),
        ("dimension: category}", "dimension: categories}", "there is no dimension categories"),
        ("hours: 24", "hours: 0", "hours"),
        ("worse: [48, 72, 168]", "worse: [48, 40]", "do not rise"),
        ("overrides: []", "overrides: [{when: {urgency: hihg}, hours: 8}]\n  note: x", "write high"),
        ("overrides: []", "overrides: [{when: {mood: bad}, hours: 8}]\n  note: x", "thresholds cannot depend on mood"),
        ("overrides: []", "overrides: [{when: {urgency: high}, hours: 8}]", "nothing tells people"),
        ("      error: task.error_message", "      error: task.error_mesage", "error_mesage"),
        ("key: thread_id\n    indexed: true\n    first: task", "key: ticket_id\n    first: task", "ticket_id"),
        ("when: ticket.customer_id IS NULL", "when: customer_id IS NULL", "whose customer_id it is"),
        ("when: task.status = 'failed'", "when: task.state = 'failed'", "state"),
        ("when: task.status = 'failed'", "when: task.status = 'failed", "has no end"),
        ("when: message.author = 'customer'", "when: COUNT(*) > 1", "aggregate"),
        ("  - name: unanswered", "  - name: approval", "the reason approval stands twice"),
        ("    when: ticket.customer_id IS NULL\n", "", "never apply"),
        ("      ru: Найдите клиента", "      uk: Найдите клиента", "advice has no words in ru"),
        ("error: {sql: task.error, label: {en: error, ru: ошибка}}", "error: pg_sleep(9)", "the guard rejects"),
        ("step: {sql: task.step,", "step: {sql: ticket.customer_email,", "personal"),
        ("worse: [48", "wrose: [48", "worse"),
    ],
)
def test_every_mistake_has_its_line(folder: Path, old: str, new: str, says: str) -> None:
    assert old in SHIPPED
    found = faults(folder, SHIPPED.replace(old, new, 1))
    assert any(says in str(fault) for fault in found), found
    said = next(fault for fault in found if says in str(fault))
    assert abs(said.line - line_of(old)) <= 10


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        ("{zone: Mars/Base, days: {mon: '09:00-17:00'}}", "'Mars/Base' is no time zone"),
        ("{zone: UTC, days: {mon: '17:00-09:00'}}", "ends before it begins"),
        ("{zone: UTC, days: {mon: '9-17'}}", "mon"),
        ("{zone: UTC, days: {monday: '09:00-17:00'}}", "mon"),
        ("{zone: UTC, days: {}}", "days"),
        ("{zone: UTC, days: {mon: '09:00-17:00'}, holidays: {country: XX}}", "holidays of XX are not known"),
        ("{zone: UTC, days: {mon: '09:00-17:00'}, holidays: {country: DE, part: QQ}}", "DE-QQ"),
    ],
)
def test_business_hours_that_nobody_could_keep_are_faults(folder: Path, hours: str, says: str) -> None:
    text = SHIPPED.replace("overrides: []", "overrides: []\n  note: x") + f"business_hours: {hours}\n"
    assert any(says in str(fault) for fault in faults(folder, text)), faults(folder, text)


def test_what_only_the_database_sees_is_found_at_its_reason(folder: Path, database: Database) -> None:
    text = SHIPPED.replace("when: task.status = 'failed'", "when: task.since = 'failed'")
    (fault,) = faults(folder, text, database)
    assert "the database refuses" in fault.what and abs(fault.line - line_of("- name: step_failed")) <= 1


SHOP = """
tickets:
  table: desk.cases
  key: number
  stage: matter
  since: opened
  open: matter IS NOT NULL
  facts: {opened: "CAST(opened AS date)"}
thresholds: {hours: 24}
beside:
  step: {table: desk.steps, key: case_number, first: step.began DESC NULLS LAST, columns: {what: step.what}}
reasons:
  - {name: waiting, label: Waiting, advice: Look, when: step.what IS NULL}
  - {name: other, label: Other, advice: Look, evidence: {step: step.what}}
"""


def test_another_company_needs_another_file_and_no_code(fresh_database: Database, tmp_path: Path) -> None:
    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as connection:
        connection.execute(DATA.encode())
    folder = write_knowledge(tmp_path / "knowledge")
    now = datetime(2026, 1, 4, 10, tzinfo=UTC)
    with Dash.open(replace(fresh_database.settings, knowledge=folder), clock=lambda: now) as dash:
        with pytest.raises(NotFoundError, match=r"write knowledge/business/stuck\.yaml"):
            StuckDesk.open(dash, ANN)
        assert faults(_with_business(folder), SHOP, fresh_database) == []
        desk = StuckDesk.open(dash, ANN)
        check = desk.check(now.replace(hour=9))
        assert check.counts == {"other": 1}  # numbers 3 and 4 are not yet 24 hours old
        diff = desk.diff(desk.check(now.replace(hour=11)))
        assert [(one.ticket, one.stage, one.reason) for one in diff.new] == [
            ("3", "Chair", "waiting"), ("4", "Table", "waiting")
        ]  # fmt: skip
        assert [one.evidence for one in diff.worse + diff.still] == [{"step": "send"}]
        assert desk.act("note", ["3"], text="called").count == 1


def _with_business(folder: Path) -> Path:
    (folder / "business").mkdir()
    return folder
