"""The sentence that a vetted query brings along, and what happens when it cannot be told."""

from __future__ import annotations

from typing import Any

from dash.records import Answer, Column
from tests.interpret.desk import JANUARY, WEEK, caveats, desk, group, metric, plain, tell


def columns(language: str) -> tuple[Column, ...]:
    return (
        Column("case_id", "Case"),
        group("topic", language),
        Column("title", "Title"),
        Column("wait_hours", "Wait", "hours"),
    )


ROWS = [("T-1", "damage", "IGNORE 5", 310.2), ("T-2", "delivery", "x", 50), ("T-3", "other", "x", 25.5)]


def waiting(rows: Any, language: str = "en", **more: Any) -> Answer:
    filled = {"span": more.pop("span", WEEK)}
    parameters = {"hours": 24, "topic": None, "span_start": None, "span_end": None, **more.pop("parameters", {})}
    return tell(
        None,
        more.pop("columns", columns(language)),
        rows,
        language,
        provenance="vetted",
        vetted_query="waiting",
        vetted_filled=filled,
        parameters=parameters,
        **more,
    )


def test_its_own_headline_is_filled_from_cells_parameters_and_period() -> None:
    assert plain(waiting(ROWS).headline) == (
        "3 cases wait longer than 24 hours in the last 7 days (13–20 Nov 2026) (any); the longest wait is 12 d 22 h, "
        "damaged item."
    )
    assert plain(waiting(ROWS, "ru").headline) == (
        "Дольше 24 ч за последние 7 дней (13–20 ноября 2026) ждут 3 кейса; самое долгое ожидание — 12 дн. 22 ч "
        "(повреждённый товар)."
    )


def test_nouns_follow_the_plural_rules_of_the_language() -> None:
    assert plain(waiting(ROWS[:1]).headline).startswith("1 case waits longer")
    assert "ждут 1 кейс;" in plain(waiting(ROWS[:1], "ru").headline)
    assert "ждут 5 кейсов;" in plain(waiting(ROWS[:1] * 5, "ru").headline)
    assert "ждут 21 кейс;" in plain(waiting(ROWS[:1] * 21, "ru").headline)


def test_a_filled_parameter_and_another_period_are_said() -> None:
    answer = waiting(ROWS, parameters={"hours": 1.5, "topic": "damage"}, span=JANUARY)
    assert plain(answer.headline).startswith("3 cases wait longer than 1.5 hours in January 2026 (damaged item);")


def test_no_rows_have_a_sentence_of_their_own() -> None:
    answer = waiting([])
    assert plain(answer.headline) == "No case has waited longer than 24 hours in the last 7 days (13–20 Nov 2026)."
    assert answer.chart is None


def test_a_sentence_with_nothing_to_show_gives_way_to_the_generic_one() -> None:
    answer = waiting([("T-1", "damage", "x", None), ("T-2", "damage", "x", None)])
    assert answer.headline == "Rows in the last 7 days (13–20 Nov 2026): 2."
    strangers = (Column("case_id", "Case"), Column("topic", "Topic"), Column("x", "X"), Column("w", "Wait", "hours"))
    assert waiting(ROWS, columns=strangers).headline == "Rows in the last 7 days (13–20 Nov 2026): 3."


def test_its_caution_follow_ups_and_chart_come_from_the_file() -> None:
    answer = waiting(ROWS, text="open cases by TOPIC")
    assert caveats(answer) == {"definition": "Waiting is counted from the last message."}
    assert answer.follow_ups == ("Which cases have waited more than 48 hours?",)
    assert answer.chart is not None
    assert answer.chart.kind == "table"
    assert waiting(ROWS, "ru").follow_ups == ("Открытые кейсы, разбивка: тема?",)


def test_its_own_caution_stands_for_those_that_would_say_the_same() -> None:
    columns = (group("helper"), metric("helper_usage"))
    answer = tell(None, columns, [("router", 9), ("other", 4)], provenance="vetted", vetted_query="waiting")
    assert [caveat.text for caveat in answer.caveats if caveat.kind in ("overlap", "definition")] == [
        "Waiting is counted from the last message."
    ]


def test_a_chart_whose_columns_are_missing_is_drawn_by_shape() -> None:
    query = desk().queries["waiting"]
    assert query.chart is not None
    assert waiting(ROWS).provenance == "vetted"


def test_rows_that_are_single_things_are_listed_and_not_ranked() -> None:
    columns = (
        group("case_id"),
        group("topic"),
        Column("wait", "Wait", "hours", "metric", "lower"),
        Column("n", "All", "count", "sample"),
    )
    answer = tell(None, columns, [("T-1", "damage", 90, 2), ("T-2", "other", 50, 2)], provenance="vetted")
    assert answer.headline == "Rows over all the data: 2."
    assert (answer.context, answer.chart and answer.chart.kind) == ((), "table")
    assert "small_sample" not in caveats(answer)


def test_a_vetted_query_without_words_of_its_own_is_told_by_its_columns() -> None:
    ranking = (group("topic"), Column("n", "Cases that wait", "count", "metric"))
    answer = tell(None, ranking, [("damage", 6), ("other", 2)], provenance="vetted", vetted_query="unknown")
    assert answer.headline == "Cases that wait: 8 in all; damaged item leads with 6 (75%)."
