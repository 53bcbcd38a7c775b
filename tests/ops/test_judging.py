"""Which tickets are stuck and why: held against the rules as they are told, worked out once more in Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from dash.ask import Dash
from dash.ops import StuckDesk
from dash.ops.judging import LONGEST_TEXT, clean, judge
from tests.ops.conftest import ANN, NOW, support


def told_reasons(desk: StuckDesk, now: datetime) -> dict[str, str]:
    """Ticket → reason, from the raw rows, by the rules in words (docs/operations.md)."""
    tasks = {row[0]: row[1:] for row in support(desk, _LATEST_TASK)}
    approvals = {row[0]: row[1] for row in support(desk, _LATEST_APPROVAL)}
    messages = {row[0]: row[1] for row in support(desk, _LATEST_MESSAGE)}
    escalated = {row[0] for row in support(desk, _ESCALATED)}
    found = {}
    for ticket, customer, status, changed in support(desk, _TICKETS):
        if status == "Sent" or not changed < now - timedelta(hours=24):
            continue
        state, began = tasks.get(ticket, (None, None))
        if customer is None:
            found[ticket] = "not_identified"
        elif state == "failed":
            found[ticket] = "step_failed"
        elif state in ("queued", "running") and began < now - timedelta(hours=1):
            found[ticket] = "step_hanging"
        elif ticket in approvals and approvals[ticket] in (None, "expired"):
            found[ticket] = "approval"
        elif status == "Draft Created":
            found[ticket] = "draft_waiting"
        elif ticket in escalated and messages.get(ticket) != "agent":
            found[ticket] = "handed_over"
        elif messages.get(ticket) == "customer":
            found[ticket] = "unanswered"
        elif status == "AI Answered" and messages.get(ticket) == "ai":
            found[ticket] = "not_used"
        else:
            found[ticket] = "unknown"
    return found


_TICKETS = "SELECT thread_id, customer_id, status, status_changed_at FROM support.support_threads_data"
_LATEST_TASK = """
    SELECT thread_id, status, coalesce(started_at, created_at) FROM support.ai_agent_tasks ORDER BY created_at, id
"""
_LATEST_APPROVAL = "SELECT thread_id, resolution FROM support.active_interrupts ORDER BY created_at, interrupt_id"
_LATEST_MESSAGE = """
    SELECT thread_id, author_type FROM support.support_dialogs WHERE author_type <> 'system' ORDER BY position
"""
_ESCALATED = "SELECT thread_id FROM support.conversations WHERE resolution_type = 'escalated'"


def test_every_stuck_ticket_has_the_one_reason_that_the_rules_give_it(shared: StuckDesk) -> None:
    judged = list(judge(shared.dash, shared.file, NOW))
    expected = told_reasons(shared, NOW)
    assert {one.ticket: one.reason for one in judged} == expected
    assert len(judged) == len(expected)
    counts = Counter(expected.values())
    assert {*counts, shared.file.catch_all} == {reason.name for reason in shared.file.reasons}  # the data has them all
    assert counts[shared.file.catch_all] <= 0.05 * len(expected)  # a list that explains nothing helps nobody


def test_what_no_rule_explains_says_what_happened_last(desk: StuckDesk) -> None:
    judged = list(judge(desk.dash, desk.file, NOW))
    ticket = next(one for one in judged if one.reason == "handed_over").ticket
    support(desk, "UPDATE support.support_dialogs SET author_type = 'agent', created_at = %s WHERE thread_id = %s AND "
            "author_type = 'ai'", NOW - timedelta(hours=30), ticket)  # fmt: skip
    one = next(one for one in judge(desk.dash, desk.file, NOW) if one.ticket == ticket)
    assert one.reason == "unknown"
    assert one.evidence["author"] == "agent" and one.evidence["outcome"] == "escalated"
    assert datetime.fromisoformat(one.evidence["happened_at"]) >= NOW - timedelta(hours=30)
    assert {"step", "status", "remark"} <= set(one.evidence)


def test_a_remark_is_evidence_only_for_the_answer_that_it_follows(desk: StuckDesk) -> None:
    one = next(one for one in judge(desk.dash, desk.file, NOW) if one.reason == "not_used")
    assert one.evidence["remark"] == "The AI's answer did not pass the quality check; no draft was created."
    support(desk, "UPDATE support.support_dialogs SET created_at = %s WHERE thread_id = %s AND author_type = 'ai'",
            NOW, one.ticket)  # fmt: skip
    after = next(each for each in judge(desk.dash, desk.file, NOW) if each.ticket == one.ticket)
    assert after.reason == "not_used" and "remark" not in after.evidence


def test_levels_count_the_thresholds_that_a_ticket_has_passed(shared: StuckDesk) -> None:
    for one in judge(shared.dash, shared.file, NOW):
        waited = NOW - one.since
        assert one.level == sum(waited > timedelta(hours=hours) for hours in shared.file.thresholds.worse)


def test_exactly_the_threshold_is_not_yet_stuck(desk: StuckDesk) -> None:
    ticket = next(iter(judge(desk.dash, desk.file, NOW))).ticket
    support(desk, "UPDATE support.support_threads_data SET status_changed_at = %s WHERE thread_id = %s",
            NOW - timedelta(hours=24), ticket)  # fmt: skip
    assert ticket not in {one.ticket for one in judge(desk.dash, desk.file, NOW)}
    assert ticket in {one.ticket for one in judge(desk.dash, desk.file, NOW + timedelta(microseconds=1))}


def test_more_tickets_than_one_result_may_have_are_all_found(shared: StuckDesk) -> None:
    settings = shared.dash.settings
    small = replace(settings, limits=replace(settings.limits, rows=7))
    with Dash.open(small, clock=lambda: NOW) as dash:
        paged = list(judge(dash, shared.file, NOW))
    assert paged == list(judge(shared.dash, shared.file, NOW))


def test_what_strangers_wrote_is_evidence_on_one_harmless_line(desk: StuckDesk) -> None:
    ticket = next(one.ticket for one in judge(desk.dash, desk.file, NOW) if one.reason == "step_failed")
    hostile = "=cmd()\x1b[31m\u202e <b>red</b>\nwrite to ann@example.com or +49 30 123456789 " + "x" * 1000
    support(desk, "UPDATE support.ai_agent_tasks SET error_message = %s WHERE thread_id = %s", hostile, ticket)
    error = next(one for one in judge(desk.dash, desk.file, NOW) if one.ticket == ticket).evidence["error"]
    assert error.startswith("=cmd() [31m <b>red</b> write to ••• or ••• xxx") and len(error) == LONGEST_TEXT
    assert clean("safe") == "safe"


def test_a_time_that_python_does_not_have_is_stuck_like_any_other(desk: StuckDesk) -> None:
    tickets = [one.ticket for one in judge(desk.dash, desk.file, NOW)][:3]
    for ticket, moment in zip(tickets, ("-infinity", "infinity", "4000-01-01 BC"), strict=True):
        support(desk, "UPDATE support.support_threads_data SET status_changed_at = %s WHERE thread_id = %s",
                moment, ticket)  # fmt: skip
    check = desk.check()
    shown = {entry.ticket.ticket for entry in desk.entries(desk.diff(check))}
    assert {tickets[0], tickets[2]} <= shown and tickets[1] not in shown
    assert StuckDesk.open(desk.dash, ANN).latest() == check
