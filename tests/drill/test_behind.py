"""Looking behind cells of stored answers: what is listed, linked, cut, said and written down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dash.ask import Dash
from dash.drill import Cell, NoDrillDown, first_cell, look_behind
from dash.errors import NotFoundError, UserError
from dash.records import Answer, MetricUse, Order, SemanticQuery, Viewer
from dash.runs import RunRecord
from dash.semantics.drill import Driller
from tests.drill.conftest import Lens

VIEWER = Viewer()


def _ask(dash: Dash, question: str) -> tuple[Answer, RunRecord]:
    answer = dash.ask(question, learns=False)
    assert answer.outcome == "answered", answer.headline
    return answer, dash.runs.get(answer.run_id or "")


def test_a_count_lists_its_tickets_and_names_the_column_of_their_ids(dash: Dash) -> None:
    answer, run = _ask(dash, "How many tickets came in on 5 November 2026?")
    behind = look_behind(dash, run, first_cell(run), viewer=VIEWER)
    assert behind.agrees
    assert len(behind.rows) == behind.side.entries == answer.rows[0][0]
    assert behind.conversation == "thread_id"
    assert {row[1][:10] for row in behind.rows} == {"2026-11-05"}


@pytest.mark.parametrize(
    "question",
    [
        "How many email tickets last week?",
        "Share of high urgency tickets last month",
        "Resolution rate for email by category last month",
    ],
)
def test_the_rows_behind_a_fresh_answer_follow_the_definition_that_it_was_made_with(dash: Dash, question: str) -> None:
    _, run = _ask(dash, question)
    assert not look_behind(dash, run, first_cell(run), viewer=VIEWER).redefined


@pytest.mark.parametrize(
    ("question", "first", "drawn"),
    [
        ("how many tickets last week and how many were high urgency", "of which high urgency — ", 3),
        ("сколько тикетов на прошлой неделе и сколько из них из почты", "из них канал: почта — ", 3),
        ("share of high urgency tickets last week", "share with high urgency — ", 1),
    ],
)
def test_two_numbers_in_one_question_are_told_drawn_and_lead_to_their_rows(
    dash: Dash, question: str, first: str, drawn: int
) -> None:
    answer, run = _ask(dash, question)
    (row,) = answer.rows
    by_name = dict(zip((column.name for column in answer.columns), row, strict=True))
    assert first in answer.headline
    assert answer.chart is not None
    assert len(answer.chart.y) == drawn
    share = look_behind(dash, run, first_cell(run), viewer=VIEWER)
    assert share.column.label == f"{share.sides[0].label}, %"
    assert len({side.label for side in share.sides}) == 3, "the part, the others and all have names of their own"
    for name in ("part", "sample_size"):
        behind = look_behind(dash, run, Cell((0,), name), viewer=VIEWER)
        assert behind.agrees
        assert behind.side.entries == by_name[name]


def test_more_entries_than_are_listed_are_counted_all_the_same(dash: Dash) -> None:
    _, run = _ask(dash, "How many tickets are there?")
    behind = look_behind(dash, run, first_cell(run), limit=7, viewer=VIEWER)
    assert len(behind.rows) == 7
    assert behind.side.entries == behind.then == 3000


def test_an_average_lists_what_each_row_contributes_largest_first(dash: Dash) -> None:
    _, run = _ask(dash, "Average time to send last month")
    behind = look_behind(dash, run, first_cell(run), limit=10_000, viewer=VIEWER)
    hours = [row[1] for row in behind.rows]
    assert hours == sorted(hours, reverse=True)
    assert sum(hours) / len(hours) == pytest.approx(behind.then)


def test_a_bar_of_several_groups_lists_the_rows_of_all_of_them(dash: Dash) -> None:
    answer, run = _ask(dash, "How many tickets by category?")
    behind = look_behind(dash, run, Cell((3, 5, 6), "tickets"), limit=10_000, viewer=VIEWER)
    assert behind.agrees
    assert behind.then == sum(answer.rows[number][1] for number in (3, 5, 6)) == len(behind.rows)


def test_the_group_without_a_value_lists_its_rows(dash: Dash) -> None:
    answer, run = _ask(dash, "How many tickets by assignee?")
    number = next(number for number, row in enumerate(answer.rows) if row[0] is None)
    behind = look_behind(dash, run, Cell((number,), "tickets"), viewer=VIEWER)
    assert behind.agrees
    assert behind.side.entries == answer.rows[number][1]
    assert {row[-1] for row in behind.rows} == {None}


def test_different_values_are_listed_and_only_those_of_conversations_are_linked(dash: Dash, lens: Lens) -> None:
    for name, column, conversation in (
        ("cost_per_ticket", "thread_id", "thread_id"),
        ("tickets_per_customer", "customer_id", None),
    ):
        query = SemanticQuery(metrics=(MetricUse(name),))
        (row,) = lens.answer(query)
        drilled = Driller(query, [row], dash.reader.model, "en", 20).drill(name)
        side = next(side for side in drilled.sides if side.name == "denominator")
        assert side.kind == "values"
        assert side.listing.columns[0].name == column
        named = [c.name for c in side.listing.columns if c.name == drilled.conversation]
        assert named == ([conversation] if conversation else [])


def test_a_follow_up_leads_to_the_rows_of_its_own_number(dash: Dash) -> None:
    first = dash.ask("How many tickets in October 2026?", learns=False)
    second = dash.ask("only shipping", thread_id=first.thread_id, learns=False)
    assert second.outcome == "answered", second.headline
    run = dash.runs.get(second.run_id or "")
    behind = look_behind(dash, run, first_cell(run), viewer=VIEWER)
    assert behind.agrees
    assert behind.side.entries == second.rows[0][0] < first.rows[0][0]


def test_rows_of_a_list_are_things_themselves(dash: Dash) -> None:
    _, run = _ask(dash, "Show the last 5 tickets")
    with pytest.raises(NoDrillDown) as refusal:
        look_behind(dash, run, Cell((0,), "status"), viewer=VIEWER)
    assert refusal.value.why == "row"


@pytest.mark.parametrize("cell", [Cell((99,), "tickets"), Cell((0,), "nothing")])
def test_a_cell_that_is_not_there_is_not_found(dash: Dash, cell: Cell) -> None:
    _, run = _ask(dash, "How many tickets by channel?")
    with pytest.raises(NotFoundError):
        look_behind(dash, run, cell, viewer=VIEWER)


@pytest.mark.parametrize("text", ["", "tickets", ".tickets", "a.tickets", "1+.tickets", "-1.tickets", "1."])
def test_what_is_no_cell_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        Cell.read(text)


@pytest.mark.parametrize("text", ["0.tickets", "3+5.resolution_rate"])
def test_a_cell_is_read_as_it_is_written(text: str) -> None:
    assert str(Cell.read(text)) == text


def test_who_looks_behind_a_number_is_in_its_query_log(dash: Dash) -> None:
    _, run = _ask(dash, "Resolution rate last month")
    look_behind(dash, run, first_cell(run), side="rest", viewer=VIEWER)
    (entry,) = [one for one in dash.runs.audit(limit=500) if one.run_id == run.run_id]
    roles = [query["role"] for query in entry.queries]
    assert roles.count("drill:count") == 3, "a rate has three sides"
    assert roles.count("drill") == 1


def test_the_first_of_each_is_the_largest_of_its_group_and_leads_to_its_rows(lens: Lens) -> None:
    every = SemanticQuery(metrics=(MetricUse("tickets"),), dimensions=("channel", "category"))
    first = replace(every, order=Order("tickets"), limit=1, of_each="channel")
    largest: dict[str, int] = {}
    for row in lens.answer(every):
        largest[row["channel"]] = max(largest.get(row["channel"], 0), row["tickets"])
    rows = lens.answer(first)
    assert {row["channel"]: row["tickets"] for row in rows} == largest
    assert {row["place"] for row in rows} == {1}
    assert lens.check(first, rows[0], "tickets")
