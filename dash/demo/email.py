"""The course of an e-mail ticket after the AI's answer: draft, perhaps a person, sending, and what the customer
writes afterwards.
"""

from __future__ import annotations

from dash.demo.answering import agent_answer, answer
from dash.demo.case import Stop
from dash.demo.categories import EMAIL_AGENT
from dash.demo.course import Course
from dash.demo.moments import DAY, HOUR, MINUTE, in_working_hours
from dash.demo.phrasebook import load_notes
from dash.demo.pipeline import compare, fail_step, run_step


def run_email(course: Course) -> None:
    """Write down everything that happens to an e-mail ticket."""
    answered = answer(course)
    if answered is None:
        return
    compare(course, answered)
    if stays_answered(course, answered):
        return
    course.drafted = answered + _until_draft(course)
    if course.case.by_hand or course.case.stop is Stop.DRAFT_CUSTOMER_LAST:
        assign(course, course.drafted)
    if not stays_draft(course, course.drafted):
        _send(course, answered, course.drafted)


def stays_answered(course: Course, answered: int) -> bool:
    """Whether the ticket stays at 'AI Answered', with what is seen of the reason."""
    case = course.case
    if case.stop is Stop.ANSWERED_CUSTOMER_LAST:
        course.customer_writes(answered + course.later(2 * HOUR, 40 * HOUR), case.say("push"))
        return True
    if case.stop in (Stop.ANSWERED_NOT_GOOD_ENOUGH, Stop.ANSWERED_APPROVAL):
        course.note(answered + course.later(5_000, 90_000), load_notes()["rejected_draft"])
        return True
    return False


def stays_draft(course: Course, drafted: int) -> bool:
    """Whether the ticket stays at 'Draft Created', with what is seen of the reason."""
    case = course.case
    if case.stop is Stop.DRAFT_WAITS_FOR_PERSON:
        return True
    if case.stop is Stop.DRAFT_CUSTOMER_LAST:
        course.customer_writes((course.assigned or drafted) + course.later(HOUR, 30 * HOUR), case.say("push"))
        return True
    if case.stop is Stop.DRAFT_SEND_FAILED:
        failed = fail_step(course, "send", drafted + course.later(MINUTE, 20 * MINUTE))
        course.note(failed + 500, load_notes()["send_failed"])
        return True
    return False


def assign(course: Course, at: int) -> int:
    """Give the ticket to its human agent in working hours; gives back when."""
    course.assigned = in_working_hours(at + course.later(MINUTE, 90 * MINUTE))
    return course.note(course.assigned, load_notes()["assigned"].format(agent=course.case.agent))


def person_sends_at(course: Course, at: int) -> int:
    """When the person gets round to it: mostly within hours, sometimes days, faster over the months."""
    case = course.case
    pace = 1.5 - 0.8 * case.scene.progress(case.created)
    hours = min(200.0, case.rng.lognormvariate(1.1, 1.15) * pace)
    if course.chance(0.07):
        hours += 24 + 80 * case.rng.random()
    return in_working_hours(at + 4 * MINUTE + int(hours * HOUR))


def rate(course: Course, sent: int) -> None:
    """Perhaps a rating: three in ten customers give one, better ones for better answers."""
    case = course.case
    if not course.chance(0.30):
        return
    course.rated = sent + course.later(5 * MINUTE, 2 * DAY)
    happy = 0.55 + 0.22 * case.scene.progress(sent) - 0.6 * case.scene.between(case.category.unresolved, sent)
    if sent - case.created > 2 * DAY or case.angry:
        happy -= 0.25
    lot = case.rng.random()
    highest_lots = ((5, happy * 0.7), (4, happy), (3, happy + 0.13), (2, happy + 0.22))
    course.score = next((score for score, highest in highest_lots if lot < highest), 1)


def _until_draft(course: Course) -> int:
    lot = course.case.rng.random()
    if lot < 0.80:
        return course.later(MINUTE, 25 * MINUTE)
    return course.later(30 * MINUTE, 9 * HOUR) if lot < 0.965 else course.later(12 * HOUR, 90 * HOUR)


def _send(course: Course, answered: int, drafted: int) -> None:
    case = course.case
    if course.assigned is not None:
        at = person_sends_at(course, course.assigned)
        if at - answered > 14 * HOUR and course.chance(0.35):
            course.customer_writes(answered + course.later(9 * HOUR, at - answered), case.say("push"))
        course.sent = run_step(course, "send", at)
        course.agent_writes(course.sent, agent_answer(case))
    else:
        course.sent = run_step(course, "send", drafted + course.later(4 * MINUTE, 110 * MINUTE))
    _write_afterwards(course, course.sent)
    rate(course, course.sent)


def _write_afterwards(course: Course, sent: int) -> None:
    """Some customers say thank you, some have one more question, which is answered."""
    case = course.case
    if course.chance(0.42):
        course.customer_writes(sent + course.later(6 * MINUTE, 20 * HOUR), case.say("thanks"))
    elif course.chance(0.35):
        question, reply = next(case.details())
        asked = course.customer_writes(sent + course.later(10 * MINUTE, 20 * HOUR), question)
        replied = in_working_hours(asked + course.later(5 * MINUTE, 9 * HOUR))
        if course.assigned is None:
            course.ai_writes(replied, EMAIL_AGENT, reply)
        else:
            course.agent_writes(replied, agent_answer(case, reply))
