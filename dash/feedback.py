"""What a person says of an answer: right, wrong, and what was meant or would be right.

It is written down first, whatever becomes of it, and never changed: a later verdict of the same person counts instead
of the earlier one. What objects to an answer becomes a candidate learning of that person alone, in quarantine like
any other; what confirms one that a model wrote makes it proposable (`dash propose`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from dash.database import Database, statement
from dash.errors import NotFoundError, UserError
from dash.language.say import say_query
from dash.learnings import Candidate
from dash.learnings.candidates import rejection_candidate, remark_candidate
from dash.learnings.quarantine import keep
from dash.runs import RunRecord, Runs, storable
from dash.semantics.json import to_json

if TYPE_CHECKING:
    from dash.ask import Dash

Verdict = Literal["good", "bad", "withdrawn"]
Correction = Literal["meant", "right", "other"]

LONGEST_WORDS = 2_000
_MOST_READINGS = 3


@dataclass(frozen=True)
class Feedback:
    """One thing that a person said of an answer. `said` is the question that was meant, the right number, or words."""

    run_id: str
    given_by: str
    verdict: Verdict
    correction: Correction | None = None
    said: str = ""
    note: str = ""
    learning_id: str | None = None
    given_at: datetime | None = None


class FeedbackStore:
    """What was said of answers in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, given: Feedback) -> None:
        """Write it down. Raises NotFoundError for an answer of somebody else, DatabaseUnavailable."""
        facts = {
            "run_id": storable(given.run_id),
            "given_by": storable(given.given_by),
            "verdict": given.verdict,
            "correction": given.correction,
            "said": storable(given.said),
            "note": storable(given.note),
            "learning_id": given.learning_id,
        }
        with self._database.state() as connection:
            if connection.execute(statement("give_feedback"), facts).fetchone() is None:
                raise NotFoundError("There is no answer of that id; it may belong to somebody else.")

    def latest(self, run_ids: Iterable[str], *, by: str) -> Mapping[str, Feedback]:
        """What this person last said of each run. Raises DatabaseUnavailable."""
        facts = {"run_ids": [storable(run_id) for run_id in run_ids], "given_by": storable(by)}
        with self._database.state() as connection:
            found = connection.execute(statement("latest_feedback"), facts).fetchall()
        return {row[0]: Feedback(*row) for row in found}

    def of_run(self, run_id: str) -> tuple[Feedback, ...]:
        """Everything that was said of a run, in order. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            found = connection.execute(statement("feedback_of_run"), {"run_id": storable(run_id)}).fetchall()
        return tuple(Feedback(*row) for row in found)


def give(dash: Dash, given: Feedback) -> Feedback:
    """Write down what was said; returns it with the candidate learning that it became, if it became one.

    Raises UserError for a correction without words, NotFoundError for an answer of somebody else, DatabaseUnavailable.
    """
    run = Runs(dash.database).get(given.run_id, owner=given.given_by)
    given = replace(given, said=" ".join(given.said.split()), note=" ".join(given.note.split()))
    if given.correction is not None and not given.said:
        raise UserError("Say what was meant, what is right, or what is wrong with the answer.")
    if len(given.said) + len(given.note) > LONGEST_WORDS:
        raise UserError(f"A correction has at most {LONGEST_WORDS} characters.")
    store = FeedbackStore(dash.database)
    if given.verdict != "bad":
        store.add(given)
        return given
    try:
        candidate = _candidate(run, given)
        learning = keep(candidate, dash.learnings, dash.knowledge, activates=False)
        given = replace(given, learning_id=learning.id)
    finally:  # what was said is kept also when nothing can be learned from it
        store.add(given)
    return given


def other_readings(dash: Dash, run: RunRecord) -> tuple[str, ...]:
    """Questions that this one may have meant instead, each of which can be answered; best first."""
    reader = dash.reader
    answer: Mapping[str, Any] = run.answer or {}
    language = reader.languages.get(answer.get("language") or "", reader.languages[reader.default_language])
    read = reader.read_text(run.question, run.now, run.zone)
    own = (run.record or {}).get("semantic_query")
    others = [reading.query for reading in read.readings if to_json(reading.query) != own]
    found = [say_query(query, reader.model, language) for query in others]
    meant = reader.patterns.meanings_of(run.question)
    near = [(len(meant & reader.patterns.meanings_of(text)), text) for text in
            reader.patterns.plain_questions(language.language)]  # fmt: skip
    found += [text for common, text in sorted(near, key=lambda each: (-each[0], len(each[1]))) if common]
    vetted = str((run.record or {}).get("vetted_query"))
    known = reader.patterns.plain_question(vetted, language.language) if vetted in dash.knowledge.queries else None
    asked = {(known or "").casefold(), run.question.casefold(), str(answer.get("question") or "").casefold()}
    distinct = dict.fromkeys(text for text in found if text and text.casefold() not in asked)
    return tuple(distinct)[:_MOST_READINGS]


def _candidate(run: RunRecord, given: Feedback) -> Candidate:
    """What an objection teaches: the person's own words where there are any, else which answer was rejected."""
    about = _about(run)
    if given.correction is None:
        return rejection_candidate(run.run_id, about, by=given.given_by)
    remark = {
        "meant": f"“{run.question}” meant: {given.said}",
        "right": f"The right answer to “{run.question}” is {given.said}.",
        "other": given.said,
    }[given.correction]
    if given.note:
        remark = f"{remark} {given.note}"
    candidate = remark_candidate(run.run_id, remark, by=given.given_by, wrong=True)
    return replace(candidate, applies_to=about)


def _about(run: RunRecord) -> tuple[str, ...]:
    """What the answer was made of, in governed names: its vetted query, else its definitions."""
    record, answer = run.record or {}, run.answer or {}
    if record.get("vetted_query"):
        return (str(record["vetted_query"]),)
    with suppress(KeyError, TypeError):
        return tuple(dict.fromkeys(str(each["name"]) for each in answer["definitions"]))
    return ()


def confirmed(database: Database, run_id: str) -> bool:
    """Whether the latest that anybody said of a run is that it is right. Raises DatabaseUnavailable."""
    said = FeedbackStore(database).of_run(run_id)
    return bool(said) and said[-1].verdict == "good"
