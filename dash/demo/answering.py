"""From the customer's first message to the AI's answer: the part of a course that e-mails and live conversations
share.
"""

from __future__ import annotations

from dash.demo.case import Case, Identity, Stop
from dash.demo.categories import EMAIL_AGENT
from dash.demo.course import Course
from dash.demo.moments import HOUR, MINUTE, SECOND
from dash.demo.phrasebook import load_notes
from dash.demo.pipeline import attempt, fail_once, fail_step, hang_step, retry_lately, run_step
from dash.demo.scene import Role
from dash.demo.tools import call_tool


def opening(case: Case) -> str:
    """The customer's first message."""
    draw = case.rng.random
    parts = [case.fill(case.subject.opening)]
    if case.channel == "email":
        parts.insert(0, case.say("hello"))
    if case.angry:
        parts.insert(1, case.say("angry"))
    if draw() < 0.45:
        parts.append(case.say("order"))
    if draw() < 0.18:
        parts.append(case.say("email"))
    if case.trap:
        parts.append(case.trap)
    if case.channel == "email":
        parts.append(case.say("bye"))
        return "\n".join(parts)
    return " ".join(parts)


def ai_answer(case: Case) -> str:
    """The AI's answer; in an e-mail with a greeting and an offer to go on."""
    answer = case.fill(case.subject.ai)
    if case.angry:
        answer = f"{case.say('sorry')} {answer}"
    if case.channel == "email":
        return f"{case.say('ai_hello')}\n{answer}\n{case.say('ai_bye')}"
    return answer


def agent_answer(case: Case, answer: str | None = None) -> str:
    """A person's answer, or `answer` with a person's greeting."""
    answer = answer or case.fill(case.subject.agent)
    if case.channel == "email":
        return f"{case.say('agent_hello')}\n{answer}\n{case.say('agent_bye')}"
    return f"{case.say('agent_hello')} {answer}"


def answer(course: Course) -> int | None:
    """Run the course up to the AI's answer; gives back its moment, or None if the ticket stays at 'Data collected'."""
    case = course.case
    at = course.customer_writes(case.created, opening(case))
    at += 400
    if case.role is Role.FAILS_NOW:
        at = fail_once(course, "classify", at)
    hangs_at = (
        ("classify", "collect_data", "draft_answer")[case.number % 3] if case.stop is Stop.COLLECTED_HUNG else None
    )
    if hangs_at == "classify":
        hang_step(course, "classify", at)
        return None
    at = run_step(course, "classify", at)
    known = _identify(course, at)
    if known is None:
        return None
    if hangs_at == "collect_data":
        hang_step(course, "collect_data", known)
        return None
    at = course.collected = run_step(course, "collect_data", known)
    if hangs_at == "draft_answer":
        hang_step(course, "draft_answer", at)
        return None
    if case.stop is Stop.COLLECTED_DRAFT_FAILED:
        at = fail_step(course, "draft_answer", at)
        course.note(at + SECOND, load_notes()["draft_failed"])
        retry_lately(course, "draft_answer")
        return None
    if course.live:
        at = call_tool(course, at)
    at = course.answered = run_step(course, "draft_answer", at)
    course.ai_answer = ai_answer(case)
    return course.ai_writes(at, speaker(case), course.ai_answer)


def speaker(case: Case) -> str:
    """The AI agent that answers."""
    return EMAIL_AGENT if case.channel == "email" else case.category.agents[0]


def _identify(course: Course, at: int) -> int | None:
    """Find out who the customer is; gives back when the pipeline goes on, None if it waits for ever."""
    case = course.case
    if case.identity is Identity.AT_ONCE:
        course.identified = run_step(course, "identify_customer", at)
        return course.identified
    if course.chance(0.4):
        at = attempt(course, "identify_customer", at, error="no customer matches the sender")
    else:
        at = attempt(course, "identify_customer", at)
    if case.identity is Identity.LATER or case.stop is Stop.COLLECTED_UNIDENTIFIED:
        course.note(at + 200, load_notes()["unidentified"])
        at = course.ai_writes(at + course.later(4 * SECOND, 40 * SECOND), speaker(case), case.say("ask_identity"))
    if case.stop is Stop.COLLECTED_UNIDENTIFIED:
        return None
    if case.identity is Identity.LATER:
        wait = course.later(25 * SECOND, 5 * MINUTE) if course.live else course.later(HOUR, 40 * HOUR)
        at = course.customer_writes(at + wait, case.say("give_identity"))
        at = course.identified = run_step(course, "identify_customer", at + 400)
        course.note(at + 100, load_notes()["identified"])
    return at + 300
