"""Whether a learning may be used, and whether the data still supports it: its check run again, like any query that
nobody reviewed."""

from __future__ import annotations

from datetime import datetime

from dash.ask import Dash
from dash.errors import QueryFailed, QueryRejected, UserError
from dash.evals.golden import VIEWER
from dash.knowledge.placeholders import names
from dash.language.meaning import already_means
from dash.learnings import Learning, Word, problem
from dash.learnings.vocabulary import find_ambiguous
from dash.records import PlannedQuery, Question


def require_usable(dash: Dash, learning: Learning) -> None:
    """Raise UserError for what may not be activated: what the knowledge speaks against, a word that has a meaning."""
    wrong = problem(learning, dash.written)
    if wrong is None and learning.word is not None and learning.status != "active":
        wrong = _taken(learning.word, dash)
    if wrong is not None:
        raise UserError(f"{learning.id} cannot be activated: {wrong}.")


def _taken(word: Word, dash: Dash) -> str | None:
    """What the reader takes one of the words for as it is; a word that the files call ambiguous may be narrowed."""
    if find_ambiguous(dash.written.vocabulary, word) is not None:
        return None
    for phrase in (phrase for said in word.words.values() for phrase in said):
        meaning = already_means(phrase, dash.reader)
        if meaning is not None:
            return f"“{phrase}” means {meaning} already"
    return None


def unsupported(dash: Dash, learning: Learning, now: datetime) -> str:
    """Why the learning does not hold any more, or "". A check's first cell must be true. Raises DatabaseUnavailable."""
    wrong = problem(learning, dash.written)
    if wrong is not None:
        return f"The knowledge speaks against it: {wrong}."
    if not learning.check:
        return ""
    try:
        parameters = {"now": now} if "now" in names(learning.check) else {}
        checked = dash.check(PlannedQuery(learning.check, parameters), VIEWER, "model_written")
        rows = dash.execute(checked, Question("", now, dash.settings.zone, VIEWER)).rows
    except (QueryRejected, QueryFailed) as error:
        return f"Its check does not run: {error.message}"
    holds = len(rows) == 1 and len(rows[0]) == 1 and rows[0][0] is True
    return "" if holds else "Its check is not true any more."
