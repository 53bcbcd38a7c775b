"""Learn: what a finished run teaches, as candidates that nobody relies on yet.

It reads the facts of the run and nothing else, asks no model and no database, and only ever proposes: what is recorded
here is used by nobody until a person, or a setting that a person made, activates it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dash.errors import QueryFailed, QueryRejected
from dash.knowledge import Knowledge
from dash.language.reader import Reader
from dash.learnings import Candidate, Diagnosis, Evidence, Word, candidate_of, diagnose, diagnose_empty
from dash.learnings.candidates import word_candidate
from dash.learnings.mending import as_mended
from dash.learnings.names import is_harmless
from dash.learnings.vocabulary import word_problem
from dash.query_log import Attempt
from dash.records import Question, Span, Token
from dash.threads import TurnBefore


@dataclass(frozen=True)
class RunFacts:
    """What a finished run can teach: what it tried on the database, how it ended, and the turn that it follows."""

    run_id: str | None
    question: Question
    language: str
    outcome: str
    attempts: tuple[Attempt, ...] = ()
    before: TurnBefore | None = None


def learn(facts: RunFacts, reader: Reader) -> tuple[Candidate, ...]:
    """The candidates of a run: from queries that failed or found nothing, from a choice that was picked, and from a
    question that was asked again in other words."""
    found = [*_from_attempts(facts, reader.knowledge), *_from_turns(facts, reader)]
    return tuple({candidate.key: candidate for candidate in found}.values())


def _from_attempts(facts: RunFacts, knowledge: Knowledge) -> Iterator[Candidate]:
    main = [attempt for attempt in facts.attempts if attempt.role == "main"]
    for place, attempt in enumerate(main):
        diagnosis = _diagnosis(attempt, knowledge)
        if diagnosis is None:
            continue
        if attempt.provenance == "model_written":
            later = [
                other.planned.sql for other in main[place + 1 :] if other.error is None and other.result is not None
            ]
            diagnosis = as_mended(diagnosis, attempt.planned.sql, later[-1] if later else None, knowledge)
        else:
            diagnosis = replace(diagnosis, fix=None)  # reviewed SQL is mended in its file, never on the way
        candidate = candidate_of(diagnosis, _evidence(facts, diagnosis.sentence))
        if candidate is not None:
            yield candidate


def _diagnosis(attempt: Attempt, knowledge: Knowledge) -> Diagnosis | None:
    if isinstance(attempt.error, (QueryFailed, QueryRejected)):
        return diagnose(attempt.error, attempt.planned.sql, knowledge)
    if attempt.provenance == "model_written" and attempt.result is not None and is_nothing(attempt.result.rows):
        return diagnose_empty(attempt.planned.sql, knowledge)
    return None


def is_nothing(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether a result says nothing: no rows, or nothing in them but zeros and NULLs."""
    return all(cell is None or cell == 0 for row in rows for cell in row)


def _evidence(facts: RunFacts, error: str) -> Evidence:
    return Evidence(facts.run_id, facts.question.text, error)


def _from_turns(facts: RunFacts, reader: Reader) -> Iterator[Candidate]:
    """The word that was asked about, when the person has said what it means."""
    before = facts.before
    if before is None or facts.outcome != "answered" or before.outcome not in ("clarification", "declined"):
        return
    word = _chosen(facts, before) or _said_again(facts, before, reader)
    if word is None or not _may_be_kept(word) or word_problem(word, reader.knowledge) is not None:
        return
    yield word_candidate(
        word,
        Evidence(before.run_id, before.question, "The word was not understood."),
        reader.knowledge,
        author=facts.question.viewer.name,
    )


def _may_be_kept(word: Word) -> bool:
    return all(is_harmless(phrase) for said in word.words.values() for phrase in said)


def _chosen(facts: RunFacts, before: TurnBefore) -> Word | None:
    """A choice of the turn before was picked or typed, and it gives one word one meaning."""
    for choice in before.record.get("teaches") or ():
        if choice["question"].strip() == facts.question.text.strip():
            teaches = choice["teaches"]
            words = {facts.language: (teaches["words"],)}
            return Word(words, teaches["dimension"], tuple(teaches["values"]), teaches["metric"])
    return None


def _said_again(facts: RunFacts, before: TurnBefore, reader: Reader) -> Word | None:
    """The same question with another word in the place of the one that nothing explained."""
    unknown = (before.record.get("grounding") or {}).get("unknown") or ()
    if not unknown:
        return None
    question = facts.question
    now, spans = reader.ground(question.text, question.now, question.zone)
    then = reader.lexicon.tokens(before.question)
    first, old_end, new_end = _difference(then, now)
    replaced = then[first:old_end]
    if not replaced or first == new_end or [token.text for token in replaced] != list(unknown):
        return None
    readings = reader.read(question.text, now, spans, question.now, question.zone).readings
    meant = [span for span in readings[0].spans if (span.start, span.end) == (first, new_end)] if readings else []
    phrase = before.question[replaced[0].start : replaced[-1].end]
    return _word_of(phrase, meant[0], facts.language) if len(meant) == 1 else None


def _difference(then: Sequence[Token], now: Sequence[Token]) -> tuple[int, int, int]:
    """Where two questions differ: the first token, and the ends of the stretch in the old and in the new one."""
    texts, others = [token.text.casefold() for token in then], [token.text.casefold() for token in now]
    shorter = min(len(texts), len(others))
    first = next((i for i in range(shorter) if texts[i] != others[i]), shorter)
    same = next((i for i in range(shorter - first) if texts[-1 - i] != others[-1 - i]), shorter - first)
    return first, len(texts) - same, len(others) - same


def _word_of(phrase: str, span: Span, language: str) -> Word | None:
    words = {language: (phrase,)}
    if span.kind == "value":
        dimension, values = span.meaning
        return Word(words, dimension=dimension, values=tuple(values))
    if span.kind == "metric":
        return Word(words, metric=span.meaning)
    return Word(words, dimension=span.meaning) if span.kind == "dimension" else None
