"""The measure: whoever makes the same 12 mistakes on every question has each of them fail once, and never again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from dash.ask import Dash
from dash.errors import QueryFailed, QueryRejected
from dash.llm import open_model
from dash.llm.scripted import Received, Reply, ScriptedModel, says
from dash.query_log import QueryLog
from dash.records import Answer, PlannedQuery, Question, Viewer
from dash.settings import LlmSettings
from dash.steps.learn import RunFacts, learn

from .conftest import NOW
from .test_diagnosis import MISTAKES

QUESTIONS = 3
QUESTION = "How many grumpy ones are there?"
VIEWER = Viewer("ann")
GUARDED = ("unknown_table", "unqualified_table", "unknown_column")
"""The guard's rules that the mistakes break."""


class Stubborn:
    """A model behind a real server that writes the same SQL whatever it is told: what one without a memory does. Every
    question goes the whole way: fixes, guard, proofs, database, diagnosis, candidates; a person activates those."""

    def __init__(self, dash: Dash, *, activates: bool) -> None:
        self.dash = dash
        self.activates = activates
        self.failed: list[str] = []

    def answer(self, sql: str) -> Answer:
        """Ask with a model that writes this; it failed whenever it reached the guard or the database as it is."""
        with ScriptedModel(partial(_reply, sql)) as server:
            llm = LlmSettings(api_key="any", base_url=server.url, model="scripted", deadline_seconds=60.0)
            self.dash.model = open_model(replace(self.dash.settings, llm=llm), self.dash.database)
            try:
                answer = self.dash.ask(QUESTION, viewer=VIEWER)
            finally:
                self.dash.model = None
        queries = next(entry.queries for entry in self.dash.runs.audit(limit=5) if entry.run_id == answer.run_id)
        self.failed += [sql for query in queries if query["sql"].strip() == sql and _is_wrong(query)]
        for learning in self.dash.learnings.all() if self.activates else ():
            if learning.status == "candidate" and any(seen.run == answer.run_id for seen in learning.evidence):
                self.dash.learnings.activate(learning.id, by="ann", note="looked at")
        return answer


def _reply(sql: str, received: Received) -> Reply:
    wanted = received.schema.get("properties", {})
    if "say" in wanted:
        empty: dict[str, Any] = {"array": [], "boolean": False}
        said = {name: empty.get(kind.get("type", "")) for name, kind in wanted.items()}
        return says(said | {"say": "sql"})
    words = {"words": [{"words": "grumpy", "meaning": "what the query counts"}]} if "words" in wanted else {}
    return says({"possible": True, "sql": sql, **words})


def _is_wrong(query: Mapping[str, Any]) -> bool:
    """Whether an attempt was refused by the guard or the database, or found a value that there is not; what the proofs
    say of words and definitions is no mistake of SQL."""
    if query["verdict"] == "rejected":
        return query["reason"] in GUARDED
    return query["verdict"] == "failed" or (query["verdict"] == "ran" and "= 's" in query["sql"])


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
    assert {each.reviewed_by for each in shared.learnings.active()} == {"ann"}


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
