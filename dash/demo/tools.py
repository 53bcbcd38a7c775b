"""Tool calls of a live conversation, with their arguments, results and errors."""

from __future__ import annotations

import json

from dash.demo.course import Course, Event
from dash.demo.moments import SECOND

_ERROR_CATEGORIES = ("timeout", "upstream", "validation", "auth")


def call_tool(course: Course, at: int, tool: str | None = None, agent: str | None = None) -> int:
    """Call the category's tool (or `tool`), again if it fails; gives back when the conversation goes on."""
    category = course.case.category
    tool = tool or category.tool
    if tool is None:
        return at
    agent = agent or category.agents[0]
    for _ in range(2):
        at += course.later(2 * SECOND, 9 * SECOND)
        if _call(course, at, tool, agent):
            break
        at += SECOND
    return at + SECOND


def _call(course: Course, at: int, tool: str, agent: str) -> bool:
    case = course.case
    scene = case.scene
    draw = case.rng.random
    works = draw() < (0.35 if scene.in_incident(at) else 0.90 + 0.07 * scene.progress(at))
    duration = 120 + int(draw() * draw() * 4_000)
    tokens = 60 + int(draw() * 180)
    details: dict[str, object] = {"arguments": {"order": case.words["order"]}}
    if draw() < 0.2:
        details["arguments"] = {"order": case.words["order"], "customer_note": course.messages[-1].body[:120]}
    details["result"] = {"done": True} if works else None
    text = json.dumps(details, ensure_ascii=False)
    course.events.append(Event(at, "tool_call", agent, tool, works, tokens, tokens * 4, duration, None, text))
    if not works:
        kind = _ERROR_CATEGORIES[int(draw() * draw() * 4)]
        message = json.dumps({"message": f"{tool}: {kind}"})
        course.events.append(Event(at + 50, "error", agent, tool, None, 0, 0, None, kind, message))
    return works
