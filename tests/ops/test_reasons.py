"""Why tickets are stuck, asked in words: the same reasons, in the same numbers and by the same names as on the list."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dash.ask import Dash
from dash.database import Database
from dash.knowledge import load_everything, load_knowledge
from dash.knowledge.check import check
from dash.knowledge.stuck import StuckFile, parse_stuck
from dash.knowledge.stuck_condition import condition
from dash.ops import StuckDesk
from dash.ops.judging import Judged, judge, judging_query
from dash.records import Answer, PlannedQuery, Question, Viewer
from dash.settings import REPOSITORY
from tests.conftest import NOW
from tests.ops.conftest import ANN
from tests.ops.test_definition import OVERRIDES, PLAIN, SHIPPED

AGAIN = """  - name: old_failure
    label: {en: Failed long ago, ru: Давний сбой}
    advice: {en: Start it again., ru: Запустите снова.}
    when: task.status = 'failed' AND task.finished_at < CAST(:now AS timestamptz) - INTERVAL '30 days'

  - name: not_identified
"""
"""Another reason, before all others."""


@pytest.fixture(scope="module")
def changed(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StuckDesk]:
    """The shipped knowledge with other thresholds for some tickets, and with one reason more."""
    folder = tmp_path_factory.mktemp("changed") / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", folder)
    text = SHIPPED.replace(PLAIN, OVERRIDES).replace("  - name: not_identified\n", AGAIN)
    (folder / "business" / "stuck.yaml").write_text(text, encoding="utf-8")
    with Dash.open(replace(database.settings, knowledge=folder), clock=lambda: NOW) as dash:
        yield StuckDesk.open(dash, ANN)


def asked(desk: StuckDesk, question: str) -> Answer:
    answer = desk.dash.ask(question, learns=False)
    assert answer.outcome == "answered", (question, answer.headline)
    return answer


def by_reason(desk: StuckDesk, question: str) -> dict[str, int]:
    """What an answer says: reason → tickets."""
    answer = asked(desk, question)
    names = [column.name for column in answer.columns]
    count = next(place for place, name in enumerate(names) if name in ("stuck", "stuck_tickets"))
    return {str(row[names.index("stuck_reason")]): int(row[count]) for row in answer.rows}


def counted(desk: StuckDesk, fits: Callable[[Judged], bool] = lambda one: True) -> dict[str, int]:
    """What the list says."""
    return dict(Counter(one.reason for one in judge(desk.dash, desk.file, NOW) if fits(one)))


@pytest.mark.parametrize("which", ["shared", "changed"])
@pytest.mark.parametrize(
    "question",
    [
        "stuck tickets by reason",
        "How many tickets are stuck by reason?",
        "Why are tickets stuck?",
        "What are the reasons for stuck tickets?",
        "зависшие тикеты по причинам",
        "Сколько тикетов застряло по причинам?",
        "Почему застряли тикеты?",
        "Причины застревания тикетов",
        "Из-за чего застряли тикеты?",
        "tickets atascados por motivo",
        "¿Por qué están atascados los tickets?",
        "Combien de tickets sont bloqués par raison ?",
        "Pourquoi les tickets sont-ils bloqués ?",
        "כמה פניות תקועות לפי סיבה?",
        "למה הפניות תקועות?",
    ],
)
def test_the_ask_page_counts_reasons_as_the_list_does(
    which: str, question: str, request: pytest.FixtureRequest
) -> None:
    desk: StuckDesk = request.getfixturevalue(which)
    expected = counted(desk)
    assert ("old_failure" in expected) is (which == "changed")
    assert by_reason(desk, question) == expected


@pytest.mark.parametrize("which", ["shared", "changed"])
def test_each_reason_is_asked_for_by_the_name_that_the_list_shows(which: str, request: pytest.FixtureRequest) -> None:
    desk: StuckDesk = request.getfixturevalue(which)
    expected = counted(desk)
    for reason in desk.file.reasons:
        for language, words in (
            ("en", "How many stuck tickets, reason"),
            ("ru", "Сколько застрявших тикетов, причина"),
        ):
            label = reason.label[language]
            answer = asked(desk, f"{words}: {label}")
            assert answer.rows[0][-1] == expected.get(reason.name, 0), (label, answer.headline)
            assert label in answer.headline


def test_an_answer_shows_reasons_as_the_list_does_in_the_language_of_the_question(shared: StuckDesk) -> None:
    most = max(counted(shared).items(), key=lambda each: each[1])[0]
    label = next(reason.label for reason in shared.file.reasons if reason.name == most)
    for question in ("Why are tickets stuck?", "stuck tickets by reason in shipping"):
        assert label["en"] in asked(shared, question).headline
    for question in ("Почему застряли тикеты?", "застрявшие тикеты по причинам, доставка"):
        assert label["ru"] in asked(shared, question).headline


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How many tickets are stuck because of an expired approval?", "approval"),
        ("stuck tickets waiting for approval, how many?", "approval"),
        ("How many stuck tickets where the AI step failed?", "step_failed"),
        ("How many tickets are stuck because of pipeline errors?", "step_failed"),
        ("How many tickets are stuck because an AI step hangs?", "step_hanging"),
        ("How many tickets are stuck because of an unidentified customer?", "not_identified"),
        ("How many tickets are stuck because the draft was not sent?", "draft_waiting"),
        ("How many tickets are stuck because nobody answered after the handover?", "handed_over"),
        ("How many tickets are stuck because the customer wrote last?", "unanswered"),
        ("How many tickets are stuck because the AI answer did not pass the quality check?", "not_used"),
        ("How many tickets are stuck for an unknown reason?", "unknown"),
        ("Сколько тикетов застряло из-за просроченного согласования?", "approval"),
        ("Сколько тикетов застряло из-за сбоя шага AI?", "step_failed"),
        ("Сколько тикетов застряло из-за ошибок пайплайна?", "step_failed"),
        ("Сколько тикетов застряло из-за зависшего шага?", "step_hanging"),
        ("Сколько тикетов застряло из-за неопознанного клиента?", "not_identified"),
        ("Сколько тикетов застряло из-за неотправленного черновика?", "draft_waiting"),
        ("Сколько тикетов застряло из-за передачи человеку?", "handed_over"),
        ("Сколько тикетов застряло из-за неотвеченных сообщений клиентов?", "unanswered"),
        ("Сколько тикетов застряло, потому что ответ AI не прошёл проверку?", "not_used"),
        ("Сколько тикетов застряло по неизвестной причине?", "unknown"),
    ],
)
def test_a_reason_in_other_words_counts_the_same_tickets(shared: StuckDesk, question: str, reason: str) -> None:
    answer = asked(shared, question)
    assert answer.rows[0][-1] == counted(shared).get(reason, 0)
    language = "ru" if "тикет" in question else "en"
    label = next(one.label[language] for one in shared.file.reasons if one.name == reason)
    assert label in answer.headline


def test_the_tickets_of_a_reason_are_those_of_the_list(shared: StuckDesk) -> None:
    answer = asked(shared, "Show tickets stuck because of a failed step")
    place = [column.name for column in answer.columns].index("thread_id")
    judged = {one.ticket for one in judge(shared.dash, shared.file, NOW) if one.reason == "step_failed"}
    assert {row[place] for row in answer.rows} == judged


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("stuck tickets by reason in shipping", {"category": "shipping_inquiry"}),
        ("Why are shipping tickets stuck?", {"category": "shipping_inquiry"}),
        ("Why are high urgency tickets stuck?", {"urgency": "high"}),
        ("Why are WhatsApp tickets stuck?", {"channel": "whatsapp"}),
        ("stuck tickets by reason, shipping, WhatsApp", {"category": "shipping_inquiry", "channel": "whatsapp"}),
        ("stuck tickets of Agent 07 by reason", {"assignee": "Agent 07"}),
        ("Почему застряли тикеты по категории доставка?", {"category": "shipping_inquiry"}),
        (
            "застрявшие тикеты по причинам, доставка, высокая срочность",
            {"category": "shipping_inquiry", "urgency": "high"},
        ),
    ],
)
def test_what_a_question_restricts_restricts_the_reasons(
    shared: StuckDesk, question: str, facts: dict[str, str]
) -> None:
    expected = counted(shared, lambda one: facts.items() <= one.facts.items())
    assert sum(expected.values()) > 0
    assert by_reason(shared, question) == expected


def test_another_number_of_hours_is_that_number(shared: StuckDesk) -> None:
    """Also less than the threshold, which the list never shows: every open ticket has a reason."""
    late = NOW - timedelta(hours=100)
    for question in (
        "Why are tickets stuck for more than 100 hours?",
        "stuck tickets by reason for more than 100 hours",
    ):
        assert by_reason(shared, question) == counted(shared, lambda one: one.since < late)
    early = shared.file.model_copy(
        update={"thresholds": shared.file.thresholds.model_copy(update={"hours": 1, "worse": []})}
    )
    few = Counter(one.reason for one in judge(shared.dash, early, NOW))
    assert by_reason(shared, "stuck tickets by reason for more than 1 hour") == few != counted(shared)


@pytest.mark.parametrize(
    "question",
    ["tickets by reason", "open tickets by stuck reason", "stuck rate by reason", "tickets: id, stuck reason",
     "Why are tickets of Agent 07 stuck?", "Why are tickets stuck since yesterday?", "Why is this ticket stuck?",
     "Почему застряли тикеты у Agent 07?", "failed tasks by reason",
     # What happened to a ticket is not what it is stuck for, and the names in the file are nobody's words.
     "How many stuck tickets were handed over?", "How many stuck tickets with an approval?"],
)  # fmt: skip
def test_what_has_no_reason_to_be_stuck_is_not_answered(shared: StuckDesk, question: str) -> None:
    assert shared.dash.ask(question, learns=False).outcome != "answered"


@pytest.mark.parametrize("question", ["Which tickets are stuck?", "What is stuck right now?", "Какие тикеты застряли?"])
def test_which_tickets_are_stuck_is_no_question_about_reasons(shared: StuckDesk, question: str) -> None:
    assert len(asked(shared, question).rows) == sum(counted(shared).values())


def test_reasons_elsewhere_are_what_they_were(shared: StuckDesk) -> None:
    for question in ("escalations by reason", "Which reasons are most common?", "Reasons"):
        answer = asked(shared, question)
        assert "escalation_reason" in [column.name for column in answer.columns], question


def test_a_turn_goes_on_by_reason(shared: StuckDesk) -> None:
    first = shared.dash.ask("How many shipping tickets are stuck?", learns=False)
    then = shared.dash.ask("by reason", thread_id=first.thread_id, learns=False)
    expected = counted(shared, lambda one: one.facts["category"] == "shipping_inquiry")
    assert {row[0]: row[-1] for row in then.rows} | expected == expected and then.outcome == "answered"


def _copy(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", folder)
    return folder


def test_reasons_that_nobody_defined_are_a_fault_where_they_are_meant(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    (folder / "business" / "stuck.yaml").unlink()
    told = [str(fault) for fault in load_everything(folder).faults if "{stuck_reasons}" in fault.what]
    assert {fault.split(":")[0] for fault in told} == {
        "knowledge/tables/stuck_reasons.json", "knowledge/queries/stuck_by_reason.sql"
    }  # fmt: skip
    assert all("define them in business/stuck.yaml" in fault for fault in told)


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ('"values": [{"value": "approval"}]', "the reasons are those of business/stuck.yaml"),
        ('"only_metrics": ["stuck_tikets"]', "there is no metric stuck_tikets; write stuck_tickets"),
    ],
)
def test_what_the_table_of_reasons_cannot_say_is_a_fault(tmp_path: Path, new: str, says: str) -> None:
    folder = _copy(tmp_path)
    path = folder / "tables" / "stuck_reasons.json"
    old = '"only_metrics": ["stuck_tickets"]'
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    told = [str(fault) for fault in check(folder, with_evals=False)]
    assert any(says in fault and fault.startswith("knowledge/tables/stuck_reasons.json:25:") for fault in told), told


def test_words_for_a_reason_change_no_definition() -> None:
    file, _ = parse_stuck(SHIPPED, "stuck.yaml")
    bare, _ = parse_stuck(SHIPPED.replace("unsent|unread", "unsent"), "stuck.yaml")
    assert file is not None and bare is not None
    assert bare != file and bare.fingerprint() == file.fingerprint()


def _reasons_of_the_table(desk: StuckDesk, file: StuckFile) -> dict[str, str]:
    """Ticket → reason, by the derived table and the condition, as a composed query joins them."""
    table = desk.dash.knowledge.tables["stuck_reasons"]
    sql = (f"SELECT t.thread_id, r.stuck_reason FROM {file.tickets.table} AS t\n"
           f"JOIN ({table.sql}) AS r ON r.stuck_ticket = t.thread_id WHERE {condition(file)}")  # fmt: skip
    checked = desk.dash.check(PlannedQuery(sql, {"now": NOW, "hours": 24}), Viewer(), "composed")
    return dict(desk.dash.execute(checked, Question("", NOW)).rows)


def test_each_single_ticket_has_the_reason_that_the_list_gives_it(shared: StuckDesk) -> None:
    judged = {one.ticket: one.reason for one in judge(shared.dash, shared.file, NOW)}
    assert _reasons_of_the_table(shared, shared.file) == judged
    rule = load_knowledge(REPOSITORY / "knowledge").tables["stuck_reasons"].sql or ""
    case = rule[rule.index("CASE") : rule.index(" END AS") + 4]
    assert case in judging_query(shared.file, 1).sql  # the same text, and not one that happens to agree
