"""A turn leans on the one before: periods, splits, filters, rows, other metrics, in both languages."""

from __future__ import annotations

import json

import pytest

from dash.ask import Dash, answer_json
from dash.records import Viewer

from .conftest import NOW


def ask_all(dash: Dash, *turns: str):  # type: ignore[no-untyped-def]
    answers, thread = [], None
    for turn in turns:
        answers.append(dash.ask(turn, thread_id=thread))
        thread = answers[-1].thread_id
    return answers


def test_the_period_can_be_changed(dash: Dash) -> None:
    first, second = ask_all(dash, "Какой resolution rate по retention кейсам за январь?", "а за февраль?")
    whole = dash.ask("Какой resolution rate по retention кейсам за февраль?")
    assert first.outcome == second.outcome == "answered"
    assert second.rows == whole.rows
    assert second.rows != first.rows


def test_a_split_a_filter_and_the_rows_behind_it(dash: Dash) -> None:
    total, split, urgent, rows = ask_all(
        dash, "How many tickets last month?", "split that by channel", "only high urgency", "show me those tickets"
    )
    assert sum(row[1] for row in split.rows) == total.rows[0][0]
    assert 0 < sum(row[1] for row in urgent.rows) < total.rows[0][0]
    assert len(rows.rows) == sum(row[1] for row in urgent.rows)
    assert "thread_id" in [column.name for column in rows.columns]


def test_another_metric_keeps_the_period(dash: Dash) -> None:
    _, csat = ask_all(dash, "resolution rate last month", "what about CSAT?")
    assert csat.rows == dash.ask("CSAT last month").rows


def test_a_metric_of_some_of_the_rows_is_placed_in_time_as_they_were(dash: Dash) -> None:
    sent, hours = ask_all(dash, "How many tickets were sent in October?", "and how many hours did that save?")
    assert sent.rows[0][0] > 0
    october = "t.sent_at >= TIMESTAMPTZ '2026-10-01"
    assert october in (sent.sql or "")
    assert october in (hours.sql or "")


def test_the_other_meaning_of_a_word_keeps_the_period(dash: Dash) -> None:
    _, pipeline = ask_all(dash, "cost of chats last month", "and the pipeline?")
    assert pipeline.rows == dash.ask("pipeline cost last month").rows


def test_a_period_alone_is_set_against_the_one_before(dash: Dash) -> None:
    _, compared = ask_all(dash, "How many tickets in October?", "compared with September 2026")
    assert compared.rows == dash.ask("tickets in October vs September 2026").rows


@pytest.mark.parametrize(
    ("turns", "whole"),
    [
        (("csat by channel", "with the number of tickets"), "csat and number of tickets by channel"),
        (("tickets last month by channel", "add csat"), "tickets and csat last month by channel"),
        (("csat par canal", "ajoute le nombre de tickets"), "csat and number of tickets by channel"),
        (("csat by channel last month", "with the median time to send"),
         "csat and median time to send by channel last month"),
        (("csat by agent", "only those with at least 50 ratings"),
         "csat by agent, only those with at least 50 rated tickets"),
        (("resolution rate by category", "show only those under 90%"), "categories with a resolution rate under 90%"),
        (("tickets by month this year", "add the change to the previous month"),
         "change in tickets by month this year"),
        (("resolution rate за прошлую неделю", "а неделей раньше сколько было"),
         "resolution rate за позапрошлую неделю"),
        (("interrupts by decision last month", "and what percentage of those expired?"),
         "what percentage of interrupts last month expired?"),
        (("first response time last month", "only for high urgency tickets, by category"),
         "first response time last month by category, high urgency"),
    ],
)  # fmt: skip
def test_a_turn_that_adds_or_bounds_keeps_what_was_told(dash: Dash, turns: tuple[str, ...], whole: str) -> None:
    last, alone = ask_all(dash, *turns)[-1], dash.ask(whole)
    assert (last.outcome, alone.outcome) == ("answered", "answered")
    assert sorted(map(str, last.rows)) == sorted(map(str, alone.rows))


@pytest.mark.parametrize("question", ["when was T-015000 sent", "who is T-015000 assigned to", "status of T-015000"])
def test_what_is_asked_of_one_ticket_goes_on_from_nothing(dash: Dash, question: str) -> None:
    _, looked_up = ask_all(dash, "csat by channel", question)
    alone = dash.ask(question)
    assert (looked_up.headline, looked_up.rows) == (alone.headline, alone.rows)


@pytest.mark.parametrize(
    "turns",
    [
        ("tickets last week by channel", "and the month before that?"),  # a month before a week
        ("show stuck tickets", "add csat"),
        ("тикеты по каналам", "добавь отправленные"),  # one more number, or a condition
        ("tickets by channel", "what about the ones that do have someone?"),
    ],
)
def test_a_turn_that_would_lose_something_is_not_answered(dash: Dash, turns: tuple[str, ...]) -> None:
    assert ask_all(dash, *turns)[-1].outcome != "answered"


def test_what_a_question_without_an_answer_began_is_not_gone_on_from(dash: Dash) -> None:
    _, declined, after = ask_all(dash, "csat last month", "how many quokkas?", "and by channel?")
    assert (declined.outcome, after.outcome) == ("declined", "clarification")


def test_the_first_question_of_a_thread_that_was_begun_for_it_follows_nothing(dash: Dash) -> None:
    begun = dash.threads.start(Viewer("local").name)
    first = dash.ask("and last month?", thread_id=begun, viewer=Viewer("local"))
    assert first.headline == dash.ask("and last month?").headline
    second = dash.ask("and last month?", thread_id=begun, viewer=Viewer("local"))
    assert first.outcome == second.outcome == "clarification" and first.headline != second.headline


def test_a_new_topic_is_not_coloured_by_the_old_one(dash: Dash) -> None:
    _, fresh = ask_all(dash, "How many shipping tickets from Germany last month?", "How many conversations yesterday?")
    assert fresh.rows == dash.ask("How many conversations yesterday?").rows


def test_a_vetted_answer_can_be_asked_again_for_another_category(dash: Dash) -> None:
    first, second, third = ask_all(
        dash, "Сравни качество ответов AI и human агентов по категории shipping", "а за октябрь?", "а payment"
    )
    assert [a.provenance for a in (first, second, third)] == ["vetted"] * 3
    assert third.rows != second.rows != first.rows


def test_words_that_point_back_need_something_to_point_at(dash: Dash) -> None:
    assert dash.ask("show me those tickets").outcome == "clarification"


def test_a_follow_up_after_a_question_back_does_not_jump_to_an_older_answer(dash: Dash) -> None:
    first, asked, third = ask_all(dash, "resolution rate last week", "how much does it cost", "and in August?")
    assert (first.outcome, asked.outcome, third.outcome) == ("answered", "clarification", "clarification")


def test_the_rows_behind_a_number_are_shown_and_not_all_that_there_are(dash: Dash) -> None:
    for number, rows in (
        ("AI-handled tickets yesterday", "show me the tickets"),
        ("Stuck tickets by channel", "show the tickets"),
    ):
        counted, listed = ask_all(dash, number, rows)
        assert listed.outcome in ("answered", "clarification")
        if listed.outcome == "answered":
            assert len(listed.rows) == sum(row[-1] for row in counted.rows if isinstance(row[-1], int))


def test_only_keeps_what_is_counted(dash: Dash) -> None:
    by_channel, chat = ask_all(dash, "AI-handled tickets by channel last month", "only chat")
    assert dict(by_channel.rows)["chat"] == chat.rows[0][-1]


def test_a_new_metric_leaves_the_old_ranking_behind(dash: Dash) -> None:
    _, worst, csat = ask_all(dash, "penalty score by category", "worst 3", "what about AI win rate")
    assert len(worst.rows) == 3
    assert len(csat.rows) == len(dash.ask("AI win rate by category").rows)


@pytest.mark.parametrize("word", ["thanks", "спасибо", "ok"])
def test_a_kind_word_is_no_question(dash: Dash, word: str) -> None:
    assert ask_all(dash, "how many tickets last week", word)[1].outcome == "clarification"


@pytest.mark.parametrize(
    ("turns", "columns", "rows"),
    [
        (("csat of urgent tickets vs the rest", "last month"), ["side", "csat", "sample_size"], 2),
        (("csat of urgent tickets vs the rest", "by channel"), ["channel", "side", "csat", "sample_size"], None),
        (("csat of urgent tickets vs the rest", "and the median time to send?"),
         ["side", "median_time_to_send", "sample_size"], 2),
        (("tickets last month", "urgent vs the rest"), ["side", "tickets"], 2),
        (("csat by channel", "with an agent vs without"), ["channel", "side", "csat", "sample_size"], None),
        (("тикеты за прошлый месяц", "срочные против остальных"), ["side", "tickets"], 2),
        (("urgent tickets vs the rest", "csat"), ["side", "csat", "sample_size"], 2),
        (("csat urgent vs the rest", "how many tickets"), ["side", "tickets"], 2),
        # two values that were set beside each other stay, too
        (("csat email vs whatsapp", "by month"), ["month", "channel", "csat", "sample_size"], None),
        (("failed vs done tasks", "by model"), ["model", "task_status", "pipeline_tasks"], None),
    ],
)  # fmt: skip
def test_two_sides_stay_and_come_in_a_follow_up(
    dash: Dash, turns: tuple[str, ...], columns: list[str], rows: int | None
) -> None:
    answer = ask_all(dash, *turns)[-1]
    assert answer.outcome == "answered", answer.headline
    assert [column.name for column in answer.columns] == columns
    assert rows is None or len(answer.rows) == rows


@pytest.mark.parametrize(
    ("turns", "metrics", "rows"),
    [
        # "show" beside a rate is no list, and the rate is another one
        (("ai win rate by model this month", "show the at-least-as-good share instead"),
         ["ai_at_least_as_good_rate"], None),
        (("csat by channel last month", "show the median time to send instead"), ["median_time_to_send"], 5),
        (("csat last month", "show escalation rate too"), ["csat", "escalation_rate"], 1),
        (("time to send by channel last month", "the median, in minutes"), ["median_time_to_send"], 5),
        (("сколько тикетов на смену адреса за прошлый месяц", "теперь то же для смены частоты"), ["tickets"], 1),
        (("top 3 assignees by sent tickets last month", "flip it, lowest 3"), ["sent_tickets"], 3),
    ],
)  # fmt: skip
def test_another_number_is_told_of_what_was_asked(
    dash: Dash, turns: tuple[str, ...], metrics: list[str], rows: int | None
) -> None:
    answer = ask_all(dash, *turns)[-1]
    assert [column.name for column in answer.columns if column.role == "metric"] == metrics
    assert rows is None or len(answer.rows) == rows


@pytest.mark.parametrize(
    ("turns", "whole"),
    [
        # the same period said again is the same; alone it is the one before
        (("tickets last week by channel", "only urgent last week"), "urgent tickets last week by channel"),
        (("escalation rate last week", "by channel last week"), "escalation rate by channel last week"),
        (("доля эскалаций за прошлую неделю", "по языкам за прошлую неделю"),
         "доля эскалаций по языкам за прошлую неделю"),
        (("csat last quarter", "and the previous quarter"), "csat in Q2 2026"),
        # a name alone is of the rows that were asked about
        (("English tickets last month", "CSAT"), "csat of english tickets last month"),
        (("email tickets last week", "average time to send"), "time to send of email tickets last week"),
        # what is set against what was asked
        (("AI win rate for shipping last month", "vs damage"), "AI win rate last month shipping vs damage"),
        (("resolution rate for email last month", "compared to whatsapp"),
         "resolution rate last month email vs whatsapp"),
        (("retention csat last month", "vs shipping"), "csat last month retention vs shipping"),
        # two periods stay beside each other
        (("tickets this week vs last week", "only email"), "email tickets this week vs last week"),
        (("resolution rate this month vs last month", "by category"),
         "resolution rate this month vs last month by category"),
        # a share, and then another one
        (("abandonment rate by language in october", "and escalated"), "escalation rate by language in october"),
    ],
)  # fmt: skip
def test_turns_are_answered_as_one_question_would_be(dash: Dash, turns: tuple[str, ...], whole: str) -> None:
    said, asked = ask_all(dash, *turns)[-1], dash.ask(whole)
    assert (said.outcome, asked.outcome) == ("answered", "answered"), (said.headline, asked.headline)
    assert sorted(map(repr, said.rows)) == sorted(map(repr, asked.rows))


@pytest.mark.parametrize(
    ("before", "turn"),
    [
        ("стоимость пайплайна за октябрь", "на тикет"),
        ("share of unidentified tickets by channel last month", "and unassigned"),
    ],
)
def test_a_turn_that_would_lose_what_was_told_is_asked_back(dash: Dash, before: str, turn: str) -> None:
    asked, answer = ask_all(dash, before, turn)
    assert (asked.outcome, answer.outcome) == ("answered", "clarification")


def test_a_split_alone_goes_on_from_nothing_that_was_not_answered(dash: Dash) -> None:
    """Also where an example of a vetted query is just these words."""
    assert ask_all(dash, "what is the revenue", "by language")[-1].outcome == "clarification"


@pytest.mark.parametrize(
    ("asked", "reply", "columns", "rows"),
    [
        ("whatsapp vs all other channels", "csat", ["side", "csat", "sample_size"], 2),
        ("by channel last month", "median time to send", ["channel", "median_time_to_send", "sample_size"], 5),
        ("whatsapp против всех остальных каналов", "csat", ["side", "csat", "sample_size"], 2),
        ("weekends vs weekdays", "how many tickets", ["side", "tickets"], 2),
    ],
)
def test_a_reply_says_what_the_question_before_left_open(
    dash: Dash, asked: str, reply: str, columns: list[str], rows: int
) -> None:
    """ "What should I count or measure for that?" is answered by a name alone."""
    first, answer = ask_all(dash, asked, reply)
    assert (first.outcome, answer.outcome) == ("clarification", "answered")
    assert [column.name for column in answer.columns] == columns
    assert len(answer.rows) == rows
    turns = dash.threads.turns(first.thread_id or "")
    assert [turn.question for turn in turns] == [asked, reply]


@pytest.mark.parametrize("before", ["what is the revenue", "how much does it cost", "whatsapp vs fax"])
def test_a_name_after_what_was_not_understood_stands_alone(dash: Dash, before: str) -> None:
    answer = ask_all(dash, before, "tickets last month")[-1]
    assert answer.rows == dash.ask("tickets last month").rows


@pytest.mark.parametrize(
    ("before", "turn"),
    [
        ("csat by channel last month", "show me the tickets"),  # those behind which number
        ("chat errors last month", "by category"),  # the ticket's or the error's
        ("csat by channel last month", "in minutes"),
    ],
)
def test_what_may_be_another_thing_is_asked_back(dash: Dash, before: str, turn: str) -> None:
    asked, answer = ask_all(dash, before, turn)
    assert (asked.outcome, answer.outcome) == ("answered", "clarification")


@pytest.mark.parametrize(
    ("before", "turn"),
    [
        ("csat of urgent tickets vs the rest", "show those tickets"),
        ("csat of urgent tickets vs the rest", "how many tickets is that"),
        ("csat of urgent tickets vs the rest", "top 3"),
        ("escalated vs non-escalated chats", "by reason"),
        ("tickets this month vs last month", "urgent vs the rest"),
    ],
)
def test_what_cannot_be_asked_of_two_sides_is_asked_back(dash: Dash, before: str, turn: str) -> None:
    asked, answer = ask_all(dash, before, turn)
    assert (asked.outcome, answer.outcome) == ("answered", "clarification")


def test_how_many_that_is_speaks_of_the_turn_before(dash: Dash) -> None:
    """Not of all tickets that there are."""
    assert dash.ask("how many tickets is that").outcome == "clarification"
    assert ask_all(dash, "tickets by channel", "how many tickets is that")[-1].outcome == "clarification"


def test_turns_are_kept_with_their_answers(dash: Dash) -> None:
    answers = ask_all(dash, "How many tickets last week?", "by channel")
    turns = dash.threads.turns(answers[0].thread_id)
    assert [turn.question for turn in turns] == ["How many tickets last week?", "by channel"]
    assert [turn.answer["headline"] for turn in turns if turn.answer] == [answer.headline for answer in answers]


@pytest.mark.parametrize(
    "question", ["How many tickets last week?", "how much does it cost", "what is the revenue", ""]
)
def test_the_json_has_every_documented_key_and_survives_json(dash: Dash, question: str) -> None:
    shown = answer_json(dash.ask(question))
    documented = {
        "outcome", "provenance", "question", "language", "headline", "sql", "parameters", "columns", "rows",
        "truncated", "chart", "caveats", "definitions", "understood", "choices", "follow_ups", "timings_ms",
        "thread_id", "run_id",
    }  # fmt: skip
    assert documented <= set(shown)
    assert json.loads(json.dumps(shown)) == shown


def test_the_run_can_be_opened_with_everything_that_was_decided(dash: Dash) -> None:
    answer = dash.ask("How many shipping tickets last week?")
    run = dash.runs.get(answer.run_id or "")
    assert run.question == "How many shipping tickets last week?"
    assert run.now == NOW
    assert run.record is not None
    assert run.record["semantic_query"]["metrics"][0]["name"] == "tickets"
    assert run.record["grounding"]["tokens"][:2] == ["How", "many"]


@pytest.mark.parametrize("reply", ["2", "2.", "the second one", "second"])
def test_a_choice_can_be_picked_by_its_number(dash: Dash, reply: str) -> None:
    asked, picked = ask_all(dash, "how much does it cost", reply)
    assert len(asked.choices) >= 2
    assert picked.outcome == "answered"
    assert picked.question == asked.choices[1]
    assert [turn.question for turn in dash.threads.turns(asked.thread_id)] == ["how much does it cost", reply]


def test_a_number_picks_nothing_where_nothing_was_offered(dash: Dash) -> None:
    assert ask_all(dash, "how many tickets last week", "2")[1].outcome == "clarification"


def test_nobody_leans_on_or_writes_into_somebody_elses_thread(dash: Dash) -> None:
    mine = dash.ask("How many tickets last week?", viewer=Viewer("first lead"))
    theirs = dash.ask("by channel", thread_id=mine.thread_id, viewer=Viewer("second lead"))
    assert theirs.outcome == "error"
    assert "does not exist" in theirs.headline
    turns = dash.threads.turns(mine.thread_id or "")
    assert [turn.question for turn in turns] == ["How many tickets last week?"]


@pytest.mark.parametrize("question", ["show customer emails", "What is the email of customer C-00042?"])
def test_what_is_not_shown_is_declined_by_its_name(dash: Dash, question: str) -> None:
    answer = dash.ask(question)
    assert answer.outcome == "declined"
    assert "email" in answer.headline
    assert not answer.rows
