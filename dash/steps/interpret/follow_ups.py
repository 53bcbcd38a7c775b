"""Two or three questions to ask next: those of a vetted query's file, then those that the planner offers.

The planner reads each of its own back before it offers it, so none leads into a clarification; nothing is made up here.
"""

from __future__ import annotations

import re

from dash.steps.interpret.briefing import Briefing

_MOST = 3


def suggest(briefing: Briefing) -> tuple[str, ...]:
    """Up to three questions in the language of the question, none of which repeats the one that was asked."""
    query = briefing.knowledge.queries.get(briefing.plan.vetted_query or "")
    written = query.follow_ups.get(briefing.labels.language, []) if query else []
    seen, chosen = {_bare(briefing.question.text)}, list[str]()
    for question in (*written, *briefing.plan.follow_ups):
        if _bare(question) not in seen and "{" not in question:  # a {slot} is for the file's example questions
            seen.add(_bare(question))
            chosen.append(question)
    return tuple(chosen[:_MOST])


def _bare(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.lower()))
