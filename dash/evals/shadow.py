"""The shadow run of a learning: what it would change, found out before anyone relies on it.

A word is tried on the golden questions, asked once without and once with it; a mechanical fix on the SQL that people
reviewed. Every answer that changes is shown, and a learning that makes one worse cannot be activated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dash.ask import Dash
from dash.errors import QueryFailed, QueryRejected
from dash.evals.compare import same_results
from dash.evals.golden import run_golden
from dash.evals.runner import CaseOutcome, run_evals
from dash.knowledge.formats import EvalFile
from dash.language.tokens import normalize
from dash.learnings import Learning, usable, with_vocabulary
from dash.learnings.records import HARMLESS, Fix, Word
from dash.learnings.shadow import changed_texts
from dash.learnings.vocabulary import find_ambiguous, spelling

_ALIKE = 75.0
"""How alike (0–100) a word of a question must be to a learned one for the question to be asked."""

_ANY_TIME = datetime(2026, 6, 17, 12, tzinfo=UTC)

VETTED = "knowledge/queries: "


@dataclass(frozen=True)
class Change:
    """One answer, or one reviewed query, that is another one with the learning. `worse` forbids to activate it."""

    name: str
    question: str
    before: str
    after: str
    worse: bool


@dataclass(frozen=True)
class ShadowRun:
    """What was tried and what changed. `tried` counts golden questions or reviewed queries."""

    learning: Learning
    tried: int
    changes: tuple[Change, ...] = ()
    note: str = ""

    @property
    def worse(self) -> tuple[Change, ...]:
        """The changes for which it is refused."""
        return tuple(change for change in self.changes if change.worse)


def try_learning(
    dash: Dash,
    learning: Learning,
    *,
    now: datetime,
    everything: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ShadowRun:
    """Try a learning at `now`: on the golden questions that hold its words or a word like them, or on `everything`.

    Nothing is activated and nothing is recorded but the runs of the golden questions. Raises KnowledgeError for broken
    cases, DatabaseUnavailable.
    """
    if learning.fix is not None:
        return _try_fix(dash, learning, learning.fix, now)
    if learning.word is not None:
        return _try_word(dash, learning, learning.word, now, everything, progress)
    return ShadowRun(learning, 0, note="It is prose: only a model would read it, so no golden question can show more.")


def _try_fix(dash: Dash, learning: Learning, fix: Fix, now: datetime) -> ShadowRun:
    """What the fix would do to reviewed SQL, were it applied there (it never is: only a model's SQL is mended)."""
    tried = len(dash.knowledge.queries) + sum(1 for case in dash.knowledge.evals if case.sql)
    changes = []
    for name, before, after in changed_texts(fix, dash.knowledge):
        # A vetted query has anybody's parameters; of the fixes only NULLIF is known to leave every result as it was.
        vetted = name.startswith(VETTED)
        worse = not isinstance(fix, HARMLESS) if vetted else not _same(dash, before, after, now)
        changes.append(Change(name, "", before, after, worse))
    return ShadowRun(learning, tried, tuple(changes))


def _same(dash: Dash, before: str, after: str, now: datetime) -> bool:
    try:
        expected = run_golden(dash, before, now, ordered=False)
        found = run_golden(dash, after, now, ordered=False)
    except (QueryRejected, QueryFailed):
        return False
    return same_results(expected.rows, found.rows, ordered=False, zone=dash.settings.zone)


def _try_word(
    dash: Dash,
    learning: Learning,
    word: Word,
    now: datetime,
    everything: bool,
    progress: Callable[[int, int], None],
) -> ShadowRun:
    cases = [case for case in dash.knowledge.evals if everything or _concerns(case, word, dash)]
    if not cases:
        return ShadowRun(learning, 0, note="No golden question has its words; --all asks every one.")
    others = [each for each in dash.learnings.active() if each.id != learning.id]
    without = _reading(dash, others)
    with_it = _reading(dash, [*others, replace(learning, status="active", scope=None)])
    half = len(cases)
    before = run_evals(without, cases, now=now, progress=lambda done, total: progress(done, 2 * half))
    after = run_evals(with_it, cases, now=now, progress=lambda done, total: progress(half + done, 2 * half))
    pairs = zip(before.outcomes, after.outcomes, strict=True)
    return ShadowRun(learning, half, tuple(_change(old, new) for old, new in pairs if _differs(old, new)))


def _reading(dash: Dash, active: Sequence[Learning]) -> Dash:
    """The same product with these learnings. It keeps nothing between runs, so that nothing of the trial stays."""
    written = dash.written
    knowledge = with_vocabulary(written, usable(active, written, dash.settings.user))
    if knowledge.fingerprint == dash.knowledge.fingerprint:
        return dash
    return Dash(replace(dash.settings, home=dash.settings.home / "nowhere"), dash.database, knowledge, dash.clock)


def _concerns(case: EvalFile, word: Word, dash: Dash) -> bool:
    """Whether a question has a word of the learning, or one that could be taken for it misspelled."""
    from rapidfuzz import fuzz

    turns = case.turns or [case.question or ""]
    place = find_ambiguous(dash.written.vocabulary, word)
    if place is not None:  # the whole entry is narrowed, whichever of its words is used
        source = str(dash.written.sources["vocabulary", dash.written.vocabulary[place].term])
        grounded = (dash.reader.ground(turn, _ANY_TIME, "UTC")[1] for turn in turns)
        return any(span.source == source for spans in grounded for span in spans)
    learned = {one for said in word.words.values() for phrase in said for one in spelling(phrase)}
    asked = {normalize(token.text) for turn in turns for token in dash.reader.lexicon.tokens(turn)}
    return any(fuzz.ratio(one, other) >= _ALIKE for one in asked for other in learned)


def _differs(old: CaseOutcome, new: CaseOutcome) -> bool:
    return (old.score, old.answer.outcome, old.answer.headline, old.answer.rows) != (
        new.score,
        new.answer.outcome,
        new.answer.headline,
        new.answer.rows,
    )


def _change(old: CaseOutcome, new: CaseOutcome) -> Change:
    worse = new.score in ("wrong", "error") or (old.score == "correct" and new.score != "correct")
    question = " → ".join(old.case.turns or [old.case.question or ""])
    return Change(old.case.id, question, _said(old), _said(new), worse and old.score != new.score)


def _said(outcome: CaseOutcome) -> str:
    return f"{outcome.score}: {outcome.answer.headline}"
