"""What people say of answers is kept, teaches in quarantine, and makes what a model wrote proposable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database
from dash.errors import NotFoundError, UserError
from dash.feedback import Feedback, FeedbackStore, confirmed, give, other_readings
from dash.learnings.proposing import propose
from dash.records import Answer, Question
from dash.runs import RunRecord, Runs
from dash.saved import SavedAnswers
from dash.threads import Threads

from .conftest import NOW

ME = "local"


@pytest.fixture
def dash(fresh_database: Database) -> Iterator[Dash]:
    settings = replace(fresh_database.settings, user=ME)
    with Dash.open(settings, clock=lambda: NOW) as opened:
        yield opened


def asked(dash: Dash, question: str = "How many tickets are there?") -> str:
    run_id = dash.ask(question).run_id
    assert run_id is not None
    return run_id


def written(dash: Dash, provenance: str) -> RunRecord:
    """An answer as if a model had written its SQL."""
    runs, sql = Runs(dash.database), "SELECT COUNT(*) AS tickets FROM support.support_threads_data"
    thread = Threads(dash.database).start(ME)
    run_id = runs.begin(Question("How many rows has the pile?", NOW), thread)
    answer = Answer("answered", "How many rows has the pile?", "en", "3,000.", provenance, sql=sql)
    runs.finish(run_id, answer, {"parameters": {}})
    return runs.get(run_id)


def test_a_thumb_is_kept_and_the_latest_counts(dash: Dash) -> None:
    run_id, store = asked(dash), FeedbackStore(dash.database)
    for verdict in ("good", "bad", "good"):
        give(dash, Feedback(run_id, ME, verdict))
    assert store.latest([run_id], by=ME)[run_id].verdict == "good"
    give(dash, Feedback(run_id, ME, "withdrawn"))
    assert store.latest([run_id], by=ME) == {}
    assert [each.verdict for each in store.of_run(run_id)] == ["good", "bad", "good", "withdrawn"]


def test_a_rejected_answer_is_one_candidate_however_often_it_is_rejected(dash: Dash) -> None:
    first = give(dash, Feedback(asked(dash), ME, "bad"))
    second = give(dash, Feedback(asked(dash), ME, "bad"))
    assert first.learning_id is not None
    assert first.learning_id == second.learning_id
    learning = dash.learnings.get(first.learning_id)
    assert (learning.status, learning.scope, learning.seen) == ("candidate", ME, 2)
    assert learning.applies_to
    assert "rejected" in learning.learned


@pytest.mark.parametrize(
    ("correction", "said", "part"),
    [
        ("meant", "How many chats are there?", "How many chats are there?"),
        ("right", "412", "is 412."),
        ("other", "It counts test tickets.", "It counts test tickets."),
    ],
)
def test_a_correction_is_a_candidate_in_the_persons_own_words_and_theirs_alone(
    dash: Dash, correction: str, said: str, part: str
) -> None:
    run_id = asked(dash)
    given = give(dash, Feedback(run_id, ME, "bad", correction, said, "From the monthly report."))  # type: ignore[arg-type]
    assert given.learning_id is not None
    learning = dash.learnings.get(given.learning_id)
    assert part in learning.learned
    assert learning.learned.endswith("From the monthly report.")
    assert (learning.status, learning.kind, learning.scope) == ("candidate", "definition", ME)
    assert learning.evidence[0].run == run_id
    kept = FeedbackStore(dash.database).latest([run_id], by=ME)[run_id]
    assert (kept.correction, kept.said, kept.learning_id) == (correction, said, given.learning_id)


def test_a_correction_without_words_is_asked_for_them(dash: Dash) -> None:
    with pytest.raises(UserError):
        give(dash, Feedback(asked(dash), ME, "bad", "right", "  "))
    with pytest.raises(UserError):
        give(dash, Feedback(asked(dash), ME, "bad", "other", "x" * 10_000))


def test_an_answer_of_somebody_else_is_as_none(dash: Dash) -> None:
    run_id = asked(dash)
    with pytest.raises(NotFoundError):
        give(dash, Feedback(run_id, "eve", "bad"))
    with pytest.raises(NotFoundError):
        FeedbackStore(dash.database).add(Feedback(run_id, "eve", "good"))
    with pytest.raises(NotFoundError):
        SavedAnswers(dash.database).save(run_id, "mine", owner="eve")
    assert FeedbackStore(dash.database).latest([run_id], by="eve") == {}


def test_the_nearest_other_readings_can_be_answered(dash: Dash) -> None:
    found = other_readings(dash, dash.runs.get(asked(dash, "Show stuck tickets")))
    assert 0 < len(found) <= 3
    assert "Show stuck tickets" not in found
    assert all(dash.ask(question).outcome == "answered" for question in found)


def test_what_a_model_wrote_and_could_not_be_proven_is_proposed_once_somebody_calls_it_right(dash: Dash) -> None:
    run = written(dash, "model_unconfirmed")
    with pytest.raises(UserError, match="--good"):
        propose(run, dash.knowledge, confirmed=confirmed(dash.database, run.run_id))
    give(dash, Feedback(run.run_id, ME, "good"))
    proposal = propose(run, dash.knowledge, confirmed=confirmed(dash.database, run.run_id))
    assert "COUNT(*)" in proposal.text
    give(dash, Feedback(run.run_id, ME, "bad"))
    assert not confirmed(dash.database, run.run_id)


def test_the_list_of_what_to_propose_names_the_run_that_was_called_right(dash: Dash) -> None:
    run = written(dash, "model_written")
    written(dash, "model_written")
    give(dash, Feedback(run.run_id, ME, "good"))
    found = [each for each in dash.runs.asked_without_vetted() if each.question == run.question]
    assert [(each.times, each.confirmed, each.run_id) for each in found] == [(2, 1, run.run_id)]


def test_feedback_and_saved_answers_are_append_only(dash: Dash) -> None:
    give(dash, Feedback(asked(dash), ME, "good"))
    with psycopg.connect(dash.database.owner_dsn(), autocommit=True) as connection:
        for table in ("feedback", "saved_answers", "thread_hidings"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(f"DELETE FROM dash.{table}".encode())


def test_an_answer_is_saved_renamed_and_let_go(dash: Dash) -> None:
    run_id, saved = asked(dash), SavedAnswers(dash.database)
    saved.save(run_id, "  All   tickets ", owner=ME)
    assert [(each.name, each.run_id) for each in saved.list(ME)] == [("All tickets", run_id)]
    saved.save(run_id, "Tickets", owner=ME)
    assert [each.name for each in saved.list(ME)] == ["Tickets"]
    assert saved.list("eve") == ()
    for wrong in ("", "   ", "x" * 200):
        with pytest.raises(UserError):
            saved.save(run_id, wrong, owner=ME)
    saved.let_go(run_id, owner=ME)
    assert saved.list(ME) == ()


def test_a_hidden_thread_is_found_by_a_search_and_comes_back_with_a_question(dash: Dash) -> None:
    answer = dash.ask("How many tickets are there?")
    assert answer.thread_id is not None
    threads, thread = dash.threads, answer.thread_id
    threads.rename(thread, "Все тикеты", owner=ME)
    threads.hide(thread, owner=ME)
    assert threads.list(ME) == ()
    assert [each.id for each in threads.list(ME, search="ТИКЕТЫ")] == [thread]
    assert [each.id for each in threads.list(ME, search="how many")] == [thread]
    assert threads.list(ME, search="100%") == ()
    threads.bring_back(thread, owner=ME)
    assert [each.id for each in threads.list(ME)] == [thread]
    threads.hide(thread, owner=ME)
    dash.ask("split that by channel", thread_id=thread)
    assert [each.id for each in threads.list(ME)] == [thread]
    with pytest.raises(NotFoundError):
        threads.hide(thread, owner="eve")
