"""The AI pipeline on one ticket: steps that are tried up to three times, fail for reasons, and cost what their tokens
cost.
"""

from __future__ import annotations

from dash.demo.course import Comparison, Course, Task
from dash.demo.moments import DAY, HOUR, MINUTE, SECOND
from dash.demo.phrasebook import load_errors
from dash.demo.scene import is_lately

_DURATIONS = {
    "classify": (800, 3_000),
    "identify_customer": (300, 2_000),
    "collect_data": (900, 8_000),
    "draft_answer": (4_000, 24_000),
    "compare": (5_000, 20_000),
    "send": (400, 3_000),
}
_TOKENS = {"classify": (420, 40), "draft_answer": (2_600, 420), "compare": (1_900, 160)}
_PRICES = {"gpt-5.1": (1.25, 10.0), "gpt-5.2": (1.75, 14.0), "claude-sonnet-4-5": (3.0, 15.0)}
"""Dollars for a million prompt and completion tokens."""


def run_step(course: Course, kind: str, at: int) -> int:
    """Try a step until it is done, at most twice in vain; gives back when it was done."""
    scene = course.case.scene
    for _ in range(2):
        if not course.chance(scene.failure_share(at)):
            break
        at = attempt(course, kind, at, error=_error(course, kind, at))
        at += course.later(25 * MINUTE, 4 * HOUR) if scene.in_incident(at) else course.later(30 * SECOND, 12 * MINUTE)
    return attempt(course, kind, at)


def fail_step(course: Course, kind: str, at: int) -> int:
    """Three attempts in vain; gives back when the last one failed."""
    for _ in range(3):
        at = attempt(course, kind, at, error=_error(course, kind, at)) + course.later(MINUTE, 15 * MINUTE)
    return course.tasks[-1].finished or at


def hang_step(course: Course, kind: str, at: int) -> None:
    """An attempt that is never picked up, or never comes back."""
    started = None if course.chance(0.5) else at + course.later(SECOND, 20 * SECOND)
    course.tasks.append(Task(kind, at, started, None, None, _model(course, kind, at), 0, 0, 0))


def attempt(course: Course, kind: str, at: int, error: str | None = None) -> int:
    """One attempt, created at `at`; gives back when it finished."""
    draw = course.case.rng.random
    shortest, longest = _DURATIONS[kind]
    started = at + 150 + int(draw() ** 3 * 20_000)
    finished = started + shortest + int(draw() * (longest - shortest))
    if error and "timeout after 60 s" in error:
        finished = started + 60 * SECOND
    model = _model(course, kind, at)
    prompt = completion = cost = 0
    if model:
        usual_prompt, usual_completion = _TOKENS[kind]
        prompt = int(usual_prompt * (0.6 + draw()))
        completion = 0 if error else int(usual_completion * (0.5 + draw()))
        prompt_price, completion_price = _PRICES[model]
        cost = int(prompt * prompt_price + completion * completion_price)
    course.tasks.append(Task(kind, at, started, finished, error, model, prompt, completion, cost))
    return finished


def retry_lately(course: Course, kind: str) -> None:
    """One more attempt in vain within the hour before the end, as somebody presses the button again."""
    scene = course.case.scene
    if is_lately(scene, course.case.created):
        at = scene.until - 3 * MINUTE - course.later(0, 50 * MINUTE)
        attempt(course, kind, at, error=_error(course, kind, at))


def compare(course: Course, at: int) -> None:
    """Perhaps a comparison of the AI's answer with a person's, some time after `at`."""
    case = course.case
    category, scene = case.category, case.scene
    share = category.compared if scene.until - at < 120 * DAY else category.compared * 0.4
    if not course.chance(share):
        return
    done = run_step(course, "compare", at + course.later(10 * MINUTE, 5 * HOUR))
    draw = case.rng.random
    worse = scene.between(category.human_better, at)
    lot = draw()
    if lot < worse:
        penalty, verdict = 35 + int(draw() * 66), "human_better"
    elif lot < worse + 0.12 + 0.20 * scene.progress(at):
        penalty, verdict = int(draw() * category.penalty * 0.3), "ai_better"
    else:
        penalty, verdict = int(draw() * (category.penalty + 1)), "equal"
    scored = draw()
    text = None if scored < 0.03 else "" if scored < 0.06 else str(penalty)
    course.comparison = Comparison(
        done, course.tasks[-1].model or "gpt-5.2", case.fill(case.subject.agent), text, verdict
    )


def fail_once(course: Course, kind: str, at: int) -> int:
    """One failed attempt; gives back when the next one may begin."""
    return attempt(course, kind, at, error=_error(course, kind, at)) + course.later(30 * SECOND, 3 * MINUTE)


def _error(course: Course, kind: str, at: int) -> str:
    incident = course.case.scene.in_incident(at) and kind in _TOKENS
    errors = load_errors()["incident" if incident else kind]
    return errors[int(course.case.rng.random() * len(errors))]


def _model(course: Course, kind: str, at: int) -> str | None:
    if kind not in _TOKENS:
        return None
    if course.chance(0.18):
        return "claude-sonnet-4-5"
    return "gpt-5.1" if course.case.scene.until - at > 250 * DAY else "gpt-5.2"
