"""A vetted query, or a draft, run with chosen parameters: guarded, masked, in the audit trail, and no use of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import psycopg
import pytest

from dash.ask import Dash
from dash.catalogue.drafts import Drafts
from dash.catalogue.examining import examine
from dash.catalogue.trying import try_query
from dash.errors import Cancelled, NotFoundError, UserError
from dash.parameters import Given
from dash.records import MASK, Viewer

from .test_examining import PERSONAL, SOUND

VIEWER = Viewer("ann")


def test_a_vetted_query_gives_what_its_question_gives(dash: Dash) -> None:
    trial = try_query(dash, "stuck_tickets", {"hours": 48}, VIEWER, "en")
    asked = dash.ask("Which tickets have been stuck for more than 48 hours?")
    assert (trial.answer.headline, trial.answer.rows) == (asked.headline, asked.rows)
    assert trial.rows == len(asked.rows) > 0


def test_the_answer_is_in_the_language_of_the_page(dash: Dash) -> None:
    assert "Без смены статуса" in try_query(dash, "stuck_tickets", {}, VIEWER, "ru").answer.headline


@pytest.mark.parametrize("words", ["last 30 days", "последние 30 дней"])
def test_a_period_is_what_the_reader_takes_its_words_for(dash: Dash, words: str) -> None:
    trial = try_query(dash, "csat_by_channel", {"period": words}, VIEWER, "en")
    assert trial.answer.parameters["period_start"].startswith("2026-10-2")


@pytest.mark.parametrize(
    ("query", "given", "words"),
    [
        ("stuck_tickets", {"hours": 0}, "hours is a whole number from 1"),
        ("stuck_tickets", {"hours": 1.5}, "whole number"),
        ("stuck_tickets", {"hours": True}, "whole number"),
        ("stuck_tickets", {"hours": "x"}, "whole number"),
        ("stuck_tickets", {"hours": float("nan")}, "whole number"),
        ("stuck_tickets", {"request_type": "nope"}, "it is one of"),
        ("stuck_tickets", {"nope": 1}, "has no parameter 'nope'"),
        ("csat_by_channel", {"period": "whenever it rains"}, "period is a period"),
        ("csat_by_channel", {"period": "x" * 300}, "period is a period"),
    ],
)
def test_what_the_file_does_not_allow_is_said_and_not_run(
    dash: Dash, query: str, given: Mapping[str, Given], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        try_query(dash, query, given, VIEWER, "en")


def test_a_try_is_in_the_audit_trail_and_in_nobodys_conversations_and_counts_as_no_use(dash: Dash) -> None:
    before = dash.runs.vetted_use()
    try_query(dash, "stuck_by_stage", {}, Viewer("bob"), "en")
    (entry,) = dash.runs.audit(asked_by="bob")
    assert [query["verdict"] for query in entry.queries] == ["ran"]
    assert dash.threads.list("bob") == ()
    assert dash.runs.vetted_use() == before
    assert all("stuck_by_stage" not in each.question for each in dash.runs.asked_without_vetted())


def test_a_draft_runs_as_it_would_when_it_is_merged_and_is_not_called_vetted(dash: Dash) -> None:
    examined = examine(dash, PERSONAL, VIEWER)
    assert examined.is_sound
    trial = try_query(dash, "longest_chats", {"days": 90}, VIEWER, "en", reader=examined.reader)
    assert trial.answer.outcome == "answered" and trial.answer.provenance is None
    assert trial.masked == ("customer_email",)
    shown = {row[1] for row in trial.answer.rows}
    assert MASK in shown <= {MASK, None}
    assert trial.rows == 20
    seen = try_query(dash, "longest_chats", {}, Viewer("eve", sees_personal=True), "en", reader=examined.reader)
    assert seen.masked == ()


def test_a_query_that_fails_is_an_answer_that_says_so_without_data(dash: Dash) -> None:
    text = SOUND.replace("turn_count, resolution_type", "turn_count, CAST(thread_id AS integer) AS number")
    examined = examine(dash, text, VIEWER)
    trial = try_query(dash, "longest_chats", {}, VIEWER, "en", reader=examined.reader)
    assert trial.answer.outcome == "error" and trial.answer.headline
    assert "T-0" not in trial.answer.headline


def test_what_nobody_waits_for_is_not_begun_and_what_is_at_work_is_stopped(dash: Dash) -> None:
    with pytest.raises(Cancelled):
        try_query(dash, "stuck_tickets", {}, Viewer("dora"), "en", cancelled=lambda: True)
    assert dash.runs.audit(asked_by="dora") == ()
    looks = iter([False])
    with psycopg.connect(dash.database.owner_dsn()) as holder:
        holder.execute("LOCK TABLE support.support_threads_data IN ACCESS EXCLUSIVE MODE")
        trial = try_query(dash, "stuck_tickets", {}, Viewer("dora"), "en", cancelled=lambda: next(looks, True))
    assert trial.answer.outcome == "cancelled"
    assert [entry.outcome for entry in dash.runs.audit(asked_by="dora")] == ["cancelled"]


def test_use_is_counted_from_the_questions_of_people(dash: Dash) -> None:
    for question in ("Which tickets are stuck?", "Show stuck tickets"):
        assert dash.ask(question, viewer=Viewer("carl")).outcome == "answered"
    dash.ask("Which tickets are stuck?", viewer=Viewer("robot"))
    use = dash.runs.vetted_use(not_people=["robot", "local"])["stuck_tickets"]
    assert (use.times, use.people) == (2, 1)
    assert use.last_asked_at.date() >= date(2026, 1, 1)


def test_drafts_are_kept_for_their_author_alone_until_they_are_discarded(dash: Dash) -> None:
    drafts = Drafts(dash.database)
    first = drafts.begin("ann", "one")
    second = drafts.begin("ann", "two")
    drafts.save("ann", first, "one, longer \x00")
    assert [(draft.id, draft.text) for draft in drafts.list("ann")] == [(first, "one, longer ␀"), (second, "two")]
    assert drafts.list("bob") == ()
    with pytest.raises(NotFoundError):
        drafts.save("bob", first, "mine")
    drafts.discard("ann", first)
    assert [draft.id for draft in drafts.list("ann")] == [second]
