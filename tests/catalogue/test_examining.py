"""The text of a query while it is written: every fault at its line, what the guard says, which questions reach it."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dash.ask import Dash
from dash.catalogue.beginning import empty_text, query_text, text_from
from dash.catalogue.examining import Examined, examine
from dash.catalogue.faults import find_faults
from dash.records import Viewer

VIEWER = Viewer("local")
T = "support.support_threads_data"
SOUND = """\
-- <query name>longest_chats</query name>
-- <query description>
-- The live chats in which the customer wrote most often, longest first. Grain: one row per chat.
-- </query description>
-- <query questions>
-- - Which chats were the wordiest in the last {days} days?
-- </query questions>
-- <query parameters>
-- days: {type: integer, default: 30, minimum: 1, description: Days to look back}
-- </query parameters>
-- <query vetted>2026-11-20 by ann</query vetted>
-- <query>
SELECT thread_id, turn_count, resolution_type
FROM support.conversations
WHERE started_at >= CAST(:now AS timestamptz) - make_interval(days => :days)
ORDER BY turn_count DESC, thread_id
LIMIT 20
-- </query>
"""
PERSONAL = (
    SOUND[: SOUND.index("SELECT")]
    + f"""\
SELECT thread_id, customer_email, status
FROM {T}
WHERE created_at >= CAST(:now AS timestamptz) - make_interval(days => :days)
ORDER BY thread_id
LIMIT 20
-- </query>
"""
)


def changed(old: str, new: str) -> str:
    assert old in SOUND
    return SOUND.replace(old, new)


def tagged(tag: str, content: str) -> str:
    return changed("-- <query vetted>", f"-- <query {tag}>\n-- {content}\n-- </query {tag}>\n-- <query vetted>")


def asking(question: str) -> str:
    return changed("Which chats were the wordiest in the last {days} days?", question)


def said(examined: Examined) -> str:
    return "\n".join(f"{fault.line}: {fault.what}; {fault.mend}" for fault in examined.checked.faults)


def test_a_sound_text_has_no_fault_and_its_file_is_named_after_it(dash: Dash) -> None:
    found = examine(dash, SOUND, VIEWER)
    assert found.is_sound, said(found)
    assert found.checked.path == "knowledge/queries/longest_chats.sql"
    assert found.remarks == ()
    (verdict,) = found.verdicts
    assert verdict.reason is None and verdict.relations == ("support.conversations",)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "the file is empty"),
        ("   \n", 1, "the file is empty"),
        ("SELECT 1", 1, "this line stands outside of a query"),
        (SOUND.replace("-- </query>\n", ""), 12, "is never closed"),
        (changed("<query vetted>2026-11-20 by ann</query vetted>", "<query vettet>x</query vettet>"), 11, "vetted"),
        (changed("name>longest_chats<", "name><"), 1, "this query has no name"),
        (changed("type: integer", "type: whole"), 9, "type"),
        (changed("minimum: 1", "minimum: 1, maximum: 0"), 9, "the minimum is above the maximum"),
        (changed("default: 30", "default: many"), 9, "default"),
        (changed("default: 30", "default: 0"), 9, "the default 0 is out of bounds"),
        (changed("days => :days", "days => :dayz"), 13, "the placeholder :dayz is not declared"),
        (changed("days => :days", "days => 7"), 9, "the parameter days is declared but not used"),
        (changed("{days} days?", "{day} days?"), 6, "write days"),
        (changed("turn_count,", "turn_counts,"), 13, "turn_count"),
        (changed("support.conversations", "support.conversation"), 13, "write support.conversations"),
        (changed("SELECT thread_id", "SELEC thread_id"), 13, "cannot be parsed"),
        (changed("SELECT thread_id", "DELETE FROM support.sessions; SELECT thread_id"), 13, "statements"),
        (changed("CAST(:now AS timestamptz)", "now()"), 13, "reads the database's clock"),
        (changed("turn_count, resolution_type", "turn_count, pg_sleep(1)"), 13, "the guard rejects this SQL"),
        (changed("turn_count DESC,", "turn_count + 'x' DESC,"), 13, "the database refuses this SQL"),
        (changed("Which chats were the wordiest", "- - - - - - \u202e"), 6, "invisible character"),
        (tagged("metrics", "[csats]"), 12, "csat"),
        (tagged("headline", 'en: "{first.turns}"'), 12, "there is no output column turns"),
        (asking("Show stuck tickets"), 6, "stuck_tickets"),
    ],
)
def test_each_fault_is_told_at_its_line(dash: Dash, text: str, line: int, words: str) -> None:
    found = examine(dash, text, VIEWER)
    assert not found.is_sound
    told = [f"{fault.what}; {fault.mend}" for fault in found.checked.faults if fault.line == line]
    assert any(words in each for each in told), said(found)
    assert found.reader is None or not found.checked.faults


@pytest.mark.parametrize(
    ("text", "kind", "about"),
    [
        (changed("-- <query vetted>2026-11-20 by ann</query vetted>\n", ""), "no_owner", ""),
        (changed("LIMIT 20\n", ""), "no_limit", ""),
        (changed("ORDER BY turn_count DESC, thread_id\n", ""), "no_order", ""),
        (SOUND.replace("longest_chats", "stuck_tickets"), "replaces", "knowledge/queries/stuck_tickets.sql"),
        (re.sub(r"-- <query questions>.*?</query questions>\n", "", SOUND, flags=re.S), "no_questions", ""),
        (re.sub(r"-- <query description>.*?</query description>\n", "", SOUND, flags=re.S), "no_description", ""),
        (asking("Which kwyjibo flummoxed zorbs in the last {days} days?"), "", ""),
        (asking("How many tickets were there in the last {days} days?"), "", ""),
        # The reader takes "stuck tickets" in any order of its words for the example of another query.
        (asking("Stuck tickets, show"), "question_taken", "stuck_tickets"),
    ],
)
def test_what_is_allowed_and_worth_a_look_is_a_remark(dash: Dash, text: str, kind: str, about: str) -> None:
    found = examine(dash, text, VIEWER)
    assert found.is_sound, said(found)
    kinds = {remark.kind: remark.about for remark in found.remarks}
    if not kind:
        assert not kinds  # an example of its own is understood, whatever its words mean to others
    else:
        assert about in kinds[kind]


def test_personal_columns_are_named_as_masked_before_anything_runs(dash: Dash) -> None:
    (verdict,) = examine(dash, PERSONAL, VIEWER).verdicts
    assert verdict.masked == ("customer_email",)


def test_windows_line_ends_of_a_browser_are_no_fault(dash: Dash) -> None:
    assert examine(dash, SOUND.replace("\n", "\r\n"), VIEWER).is_sound


def test_every_shipped_file_is_as_sound_here_as_for_the_check_of_the_folder(dash: Dash) -> None:
    assert find_faults(dash.settings.knowledge, None) == ()
    for name in ("stuck_tickets", "ai_vs_human", "ticket_funnel", "instructions_in_force"):
        found = examine(dash, query_text(dash.written, name), VIEWER)
        assert found.is_sound, said(found)
        assert {remark.kind for remark in found.remarks if remark.kind.startswith("no_")} <= {"no_limit"}


def test_a_draft_changes_neither_the_knowledge_nor_the_reader(dash: Dash) -> None:
    before = dict(dash.written.queries), dash.ask("Which chats were the wordiest in the last 5 days?").outcome
    assert examine(dash, SOUND, VIEWER).is_sound
    assert (dict(dash.written.queries), dash.ask("Which chats were the wordiest in the last 5 days?").outcome) == before
    assert "longest_chats" not in dash.reader.knowledge.queries


def test_an_empty_form_tells_what_to_write_and_does_not_pass(dash: Dash) -> None:
    assert not examine(dash, empty_text(), VIEWER).is_sound


def test_a_question_becomes_a_text_with_the_sql_that_answered_it(dash: Dash) -> None:
    answer = dash.ask("How many shipping tickets by channel last month?")
    assert answer.provenance == "composed"
    run = dash.runs.get(answer.run_id or "")
    text = text_from(run, dash.written)
    assert "How many shipping tickets by channel last month?" in text
    found = examine(dash, text, VIEWER)
    assert found.is_sound, said(found)


def test_what_may_be_personal_in_somebodys_question_is_not_in_the_text(dash: Dash) -> None:
    answer = dash.ask("How many tickets has ann@example.com?")
    text = text_from(dash.runs.get(answer.run_id or ""), dash.written)
    assert "ann@example.com" not in text


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.integers(0, len(SOUND)))
def test_nothing_that_is_typed_breaks_the_editor(dash: Dash, typed: str, place: int) -> None:
    found = examine(dash, SOUND[:place] + typed + SOUND[place:], VIEWER)
    assert found.is_sound or found.checked.faults
