"""The text that a new vetted query begins as: an empty form, or a question that has an answer and no vetted query.

The question may be somebody else's, so what could be personal in it, or in the SQL that answered it, is left out.
"""

from __future__ import annotations

from pathlib import Path

from dash.errors import NotFoundError
from dash.knowledge import Knowledge
from dash.learnings.proposing import Proposal, name_from, with_parameters
from dash.query_log import KnownWords
from dash.records.query import MASK
from dash.runs import RunRecord
from dash.shown.discretion import discreet

_SQL = "SELECT …\nFROM …\nORDER BY …\nLIMIT 100"
_GRAIN = "Grain: one row per …."


def empty_text() -> str:
    """A form; an ellipsis stands where its author writes, and no check lets one pass in the SQL."""
    return Proposal("new_query", "…?", f"… {_GRAIN}", _SQL).text


def text_from(run: RunRecord, knowledge: Knowledge) -> str:
    """A file for the question of a run, with the SQL that answered it as far as there was any."""
    answer = run.answer or {}
    question = discreet(str(answer.get("question") or run.question).strip())
    name = _free(name_from(question), knowledge)
    description = f"{question} {_GRAIN}"
    if not answer.get("sql"):
        return Proposal(name, question, description, _SQL).text
    given = KnownWords.of(knowledge).harmless((run.record or {}).get("parameters") or {})
    sql, parameters, _ = with_parameters(discreet(str(answer["sql"])), knowledge, given)
    for declared in parameters.values():
        if declared.get("default") == MASK:
            declared["default"] = None
    return Proposal(name, question, description, sql, parameters).text


def query_text(knowledge: Knowledge, name: str) -> str:
    """The text of the file in which a vetted query stands. Raises NotFoundError where it is not there any more."""
    source = knowledge.sources.get(("query", name))
    path = knowledge.folder / Path(*Path(source.path).parts[1:]) if source is not None else None
    try:
        return path.read_text(encoding="utf-8") if path is not None else empty_text()
    except (OSError, UnicodeDecodeError) as error:
        raise NotFoundError(
            f"The file of {name} cannot be read any more; look at the folder of the knowledge."
        ) from error


def _free(name: str, knowledge: Knowledge) -> str:
    number, free = 2, name
    while free in knowledge.queries:
        free, number = f"{name}_{number}", number + 1
    return free
