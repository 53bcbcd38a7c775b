"""The course of a live conversation: AI agents hand over to each other, call tools, ask for approval, and end in one
of three ways.
"""

from __future__ import annotations

import json

from dash.demo.answering import agent_answer, answer, speaker
from dash.demo.case import Stop
from dash.demo.course import APPROVAL_LASTS, Course, Event, Interrupt
from dash.demo.email import assign, person_sends_at, rate, stays_draft
from dash.demo.moments import HOUR, MINUTE, SECOND
from dash.demo.phrasebook import load_notes
from dash.demo.pipeline import compare, run_step
from dash.demo.scene import Role
from dash.demo.tools import call_tool

_REASONS = ("customer_request", "low_confidence", "policy", "tool_failure")


def run_chat(course: Course) -> None:
    """Write down everything that happens to a ticket whose channel is not e-mail."""
    case = course.case
    _switch(course, case.created + 350, "router", speaker(case))
    answered = answer(course)
    if answered is None:
        _end(course, _last(course), "abandoned")
        return
    compare(course, answered)
    at = _talk(course, answered)
    if case.role is Role.APPROVAL_WAITS:
        _ask_again(course)
        return
    at, approved = _approval(course, at)
    if case.stop is Stop.ANSWERED_CUSTOMER_LAST:
        at = course.customer_writes(at + course.later(MINUTE, 20 * MINUTE), case.say("push"))
        _end(course, at, "abandoned")
    elif case.stop in (Stop.ANSWERED_NOT_GOOD_ENOUGH, Stop.ANSWERED_APPROVAL):
        _escalate(course, at)
        _end(course, _last(course), "escalated")
    elif case.stop is not Stop.NOWHERE or approved is False or course.chance(_escalation_share(course)):
        _hand_to_person(course, at)
    else:
        _finish_alone(course, at)


def _talk(course: Course, at: int) -> int:
    """Further questions of the customer and their answers; now and then the customer is not content."""
    case = course.case
    exchanges = [*case.details(), (case.say("push"), case.say("again"))]
    for (question, reply), share in zip(exchanges, (0.75, 0.50, 0.35), strict=False):
        if not course.chance(share):
            break
        at = course.customer_writes(at + course.later(15 * SECOND, 4 * MINUTE), question)
        at = course.ai_writes(at + course.later(4 * SECOND, 30 * SECOND), speaker(case), reply)
    return at


def _approval(course: Course, at: int) -> tuple[int, bool | None]:
    """Perhaps an action that a person must approve; gives back whether it was, None if nothing was asked."""
    case = course.case
    action = case.category.action
    if action is None or not (case.stop is Stop.ANSWERED_APPROVAL or course.chance(0.38)):
        return at, None
    actor = case.category.agents[-1]
    if actor != speaker(case):
        _switch(course, at + 2 * SECOND, speaker(case), actor)
    lot = case.rng.random()
    resolution = "approved" if lot < 0.70 else "rejected" if lot < 0.82 else "expired"
    if case.stop is Stop.ANSWERED_APPROVAL:
        resolution = "expired"
    asked = _ask_approval(course, at + course.later(5 * SECOND, 30 * SECOND), action, actor, resolution)
    if resolution == "approved":
        asked = call_tool(course, asked, action, actor)
    at = course.ai_writes(asked + 4 * SECOND, actor, case.say(resolution))
    if resolution == "expired":
        at = course.note(at + SECOND, load_notes()["expired"])
    return at, resolution == "approved"


def _ask_approval(course: Course, at: int, action: str, actor: str, resolution: str) -> int:
    """Write the request down; gives back when it is resolved."""
    course.ai_writes(at, actor, course.case.say("approval"))
    created = at + SECOND
    wait = course.later(40 * SECOND, 27 * MINUTE) if resolution != "expired" else APPROVAL_LASTS
    words = course.case.words
    params: dict[str, object] = {"order": words["order"]}
    if action == "apply_discount":
        params["percent"] = int(words["percent"])
    if action == "pause_subscription":
        params["months"] = 1 + course.case.number % 3
    course.interrupts.append(Interrupt(action, json.dumps(params), created, created + wait, resolution))
    details = json.dumps({"action": action})
    course.events.append(Event(created, "interrupt", actor, None, None, 0, 0, None, None, details))
    return created + wait


def _ask_again(course: Course) -> None:
    """The customer of a stuck ticket came back just now, and an approval is waiting at the end of the data."""
    case = course.case
    actor = case.category.agents[-1]
    at = case.scene.until - 2 * MINUTE - course.later(0, 22 * MINUTE)
    course.customer_writes(at - 50 * SECOND, case.say("push"))
    resolved = _ask_approval(course, at, case.category.action or "", actor, "expired")
    _end(course, resolved + SECOND, "escalated")
    course.escalation_reason = "policy"


def _escalation_share(course: Course) -> float:
    scene, case = course.case.scene, course.case
    share = 0.06 + 0.9 * scene.between(case.category.unresolved, case.created)
    return share + (0.4 if scene.in_incident(case.created) else 0.0) + (0.15 if case.angry else 0.0)


def _escalate(course: Course, at: int) -> int:
    """The AI hands over to a person; gives back when."""
    case = course.case
    lot = case.rng.random()
    failed = any(event.kind == "error" for event in course.events)
    reason = "tool_failure" if failed and lot < 0.7 else _REASONS[int(lot * 3)]
    if reason == "customer_request":
        at = course.customer_writes(at + course.later(15 * SECOND, 3 * MINUTE), case.say("ask_person"))
    at = course.ai_writes(at + course.later(3 * SECOND, 12 * SECOND), speaker(case), case.say("handover"))
    course.escalation_reason = reason
    details = json.dumps({"reason": reason})
    course.events.append(Event(at + 300, "escalation", speaker(case), None, None, 0, 0, None, None, details))
    return course.note(at + 600, load_notes()["escalated"].format(reason=reason))


def _hand_to_person(course: Course, at: int) -> None:
    """Escalated: a draft waits for a human agent, who usually answers in the same channel."""
    case = course.case
    at = _escalate(course, at)
    course.drafted = at + course.later(20 * SECOND, 8 * MINUTE)
    if case.stop is not Stop.DRAFT_WAITS_FOR_PERSON or course.chance(0.5):
        assign(course, course.drafted)
    if stays_draft(course, course.drafted):
        _end(course, _last(course), "escalated")
        return
    course.sent = run_step(course, "send", person_sends_at(course, course.assigned or course.drafted))
    at = course.agent_writes(course.sent, agent_answer(case))
    if course.chance(0.4):
        at = course.customer_writes(at + course.later(MINUTE, 3 * HOUR), case.say("thanks"))
    rate(course, course.sent)
    _end(course, at, "escalated")


def _finish_alone(course: Course, at: int) -> None:
    """The AI ends it without a person: resolved, or the customer simply stops writing."""
    case = course.case
    gone = course.chance(0.13 + 0.5 * case.scene.between(case.category.unresolved, case.created))
    if not gone and course.chance(0.75):
        at = course.customer_writes(at + course.later(10 * SECOND, 4 * MINUTE), case.say("thanks"))
    course.drafted = at + course.later(SECOND, 40 * SECOND)
    if not gone and case.by_hand and course.chance(0.25):
        assign(course, course.drafted)
    course.sent = run_step(course, "send", max(course.drafted, course.assigned or 0) + course.later(SECOND, 3 * MINUTE))
    rate(course, course.sent)
    _end(course, max(_last(course), course.sent), "abandoned" if gone else "resolved")


def _end(course: Course, at: int, how: str) -> None:
    course.ending = how
    quiet = how == "resolved"
    course.ended = at + (course.later(20 * SECOND, 4 * MINUTE) if quiet else course.later(40 * MINUTE, 12 * HOUR))


def _last(course: Course) -> int:
    moments = [message.at for message in course.messages] + [event.at for event in course.events]
    return max(moments + [interrupt.resolved for interrupt in course.interrupts])


def _switch(course: Course, at: int, before: str, after: str) -> None:
    details = json.dumps({"to": after})
    course.events.append(Event(at, "agent_switch", before, None, None, 0, 0, None, None, details))
