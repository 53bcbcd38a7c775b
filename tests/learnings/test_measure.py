"""The measure: whoever makes the same 12 mistakes on every question has each of them fail once, and never again."""

from __future__ import annotations

from dataclasses import replace

from dash.ask import Dash
from dash.errors import QueryFailed, QueryRejected
from dash.learnings import apply_fix, apply_fixes, diagnose, diagnose_empty, usable
from dash.learnings.quarantine import keep
from dash.query_log import QueryLog
from dash.records import PlannedQuery, Question, Viewer
from dash.steps.learn import RunFacts, is_nothing, learn

from .conftest import NOW
from .test_diagnosis import MISTAKES

QUESTIONS = 4
VIEWER = Viewer("ann")


class Stubborn:
    """Writes the same SQL for the same question forever, and mends it only when it is told what is wrong: what a model
    without a memory does. Each query goes the way of model-written SQL: fixes, guard, database, diagnosis."""

    def __init__(self, dash: Dash, *, activates: bool) -> None:
        self.dash = dash
        self.activates = activates
        self.failed: list[str] = []

    def answer(self, sql: str) -> None:
        log = QueryLog(self.dash.knowledge)
        active = usable(self.dash.learnings.active(), self.dash.knowledge, VIEWER.name)
        text, applied = apply_fixes(sql, active, self.dash.knowledge.allowed())
        assert all(each.source.startswith("learnings/") for each in applied)
        for _ in range(2):
            mended = self._attempt(text, log)
            if mended is None:
                break
            self.failed.append(sql)
            text = mended
        facts = RunFacts(None, Question("the same question", NOW, viewer=VIEWER), "en", "answered", tuple(log.attempts))
        for candidate in learn(facts, self.dash.reader):
            kept = keep(candidate, self.dash.learnings, self.dash.knowledge, activates=self.activates)
            if self.activates and kept.status == "candidate":  # what may change a number is for a person
                self.dash.learnings.activate(kept.id, by="ann", note="looked at")

    def _attempt(self, text: str, log: QueryLog) -> str | None:
        """The mended text of a query that fails or finds nothing; None for one that is well."""
        planned = PlannedQuery(text)
        knowledge = self.dash.knowledge
        try:
            with log.attempt("main", planned, "model_written") as attempt:
                checked = self.dash.check(planned, VIEWER, "model_written")
                attempt.result = self.dash.execute(checked, Question("", NOW, viewer=VIEWER))
            found = diagnose_empty(text, knowledge) if is_nothing(attempt.result.rows) else None
        except (QueryRejected, QueryFailed) as error:
            found = diagnose(error, text, knowledge)
        return (
            apply_fix(text, found.fix, knowledge.allowed())[0] if found is not None and found.fix is not None else None
        )


def test_each_of_twelve_mistakes_fails_once_and_never_again(shared: Dash) -> None:
    assert len(MISTAKES) == 12
    forgetful, learning = Stubborn(shared, activates=False), Stubborn(shared, activates=True)
    for _ in range(2):
        for _, sql, _ in MISTAKES:
            forgetful.answer(sql)
    assert len(forgetful.failed) == 2 * len(MISTAKES)  # candidates are used by nobody
    for learned in shared.learnings.all():
        assert (learned.status, learned.seen) == ("candidate", 2)
    for _ in range(QUESTIONS):
        for _, sql, _ in MISTAKES:
            learning.answer(sql)
    assert sorted(learning.failed) == sorted(sql for _, sql, _ in MISTAKES)
    assert {each.reviewed_by for each in shared.learnings.active()} == {"dash", "ann"}


def test_a_learned_mistake_is_mended_under_other_names_and_in_another_question(shared: Dash) -> None:
    learning = Stubborn(shared, activates=True)
    for _, sql, _ in MISTAKES:
        learning.answer(sql)
    learning.failed.clear()
    others = [
        "SELECT x.channel, COUNT(*) FROM support.tickets AS x WHERE x.category = 'shipping' AND x.status = 'sent'",
        "SELECT AVG(c.penalty_score) AS score FROM support.ai_human_comparison AS c WHERE c.penalty_score > 5",
        "WITH sent AS (SELECT category, COUNT(*) AS n FROM support_threads_data WHERE ticket_status = 'sent' "
        "GROUP BY category) SELECT SUM(n) FROM sent",
    ]
    for sql in others:
        learning.answer(sql)
    assert learning.failed == []


def test_a_mended_query_says_what_was_really_meant(shared: Dash) -> None:
    """The nearest name is a guess; the query that worked knows better."""
    log = QueryLog(shared.knowledge)
    failed = "SELECT COUNT(t.answer_quality) FROM support.ai_human_comparison t"
    worked = "SELECT COUNT(t.penalty_score) FROM support.ai_human_comparison t"
    for sql in (failed, worked):
        try:
            with log.attempt("main", PlannedQuery(sql), "model_written") as attempt:
                checked = shared.check(PlannedQuery(sql), VIEWER, "model_written")
                attempt.result = shared.execute(checked, Question("", NOW))
        except QueryRejected:
            continue
    facts = RunFacts(None, Question("q", NOW, viewer=VIEWER), "en", "answered", tuple(log.attempts))
    (candidate,) = learn(facts, shared.reader)
    assert (candidate.wrong, candidate.right) == (
        "support.ai_human_comparison.answer_quality",
        "support.ai_human_comparison.penalty_score",
    )


def test_reviewed_sql_that_fails_is_noted_and_never_mended_on_the_way(shared: Dash) -> None:
    log = QueryLog(shared.knowledge)
    sql = next(sql for kind, sql, _ in MISTAKES if kind == "division")
    try:
        with log.attempt("main", PlannedQuery(sql), "vetted"):
            shared.execute(shared.check(PlannedQuery(sql), VIEWER, "vetted"), Question("", NOW))
    except QueryFailed:
        pass
    facts = RunFacts(None, Question("q", NOW, viewer=VIEWER), "en", "error", tuple(log.attempts))
    (candidate,) = learn(facts, shared.reader)
    assert (candidate.kind, candidate.fix) == ("data_quality", None)
    assert learn(replace(facts, attempts=()), shared.reader) == ()
