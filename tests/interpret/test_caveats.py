"""What the answer warns about, and what it does not cry wolf about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dash.records import Column, ComparedSide, Comparison, Filter, Moment, SemanticQuery, Window
from tests.interpret.desk import (
    COVERAGE,
    HALF_YEAR,
    JANUARY,
    NOW,
    TODAY,
    WEEK,
    ask,
    bucket,
    caveats,
    group,
    metric,
    result,
    sample,
    tell,
    utc,
)

FIRST = utc(2025, 5, 29)


def newest(moment: Any, oldest: Any = FIRST) -> dict[str, Any]:
    return {"coverage": result(COVERAGE.columns, [(oldest, moment)])}  # type: ignore[arg-type]


def test_a_sound_answer_has_no_caveat() -> None:
    columns = [metric("solved_rate"), sample("solved_rate")]
    answer = tell(ask("solved_rate", window=WEEK), columns, [(78, 500)], companions={"coverage": COVERAGE})
    assert caveats(answer) == {}


@pytest.mark.parametrize(
    ("count", "language", "text"),
    [
        (1, "en", "Only 1 case is behind this number (fewer than 30), so it may be chance."),
        (12, "en", "Only 12 cases are behind this number (fewer than 30), so it may be chance."),
        (1, "ru", "За этим числом всего 1 случай (меньше 30): это может быть случайностью."),
        (3, "ru", "За этим числом всего 3 случая (меньше 30): это может быть случайностью."),
        (12, "ru", "За этим числом всего 12 случаев (меньше 30): это может быть случайностью."),
    ],
)
def test_a_small_sample_is_said(count: int, language: str, text: str) -> None:
    columns = [metric("solved_rate", language), sample("solved_rate")]
    assert caveats(tell(ask("solved_rate", window=WEEK), columns, [(50, count)], language)) == {"small_sample": text}


def test_small_samples_of_a_ranking_are_named() -> None:
    columns = [group("topic"), metric("solved_rate"), sample("solved_rate")]
    rows = [("damage", 50, 12), ("delivery", 70, 900), ("other", 0, 3)]
    assert caveats(tell(ask("solved_rate", dimensions=("topic",), window=WEEK), columns, rows)) == {
        "small_sample": "Few cases behind some numbers (fewer than 30): damaged item (12), other (3)."
    }


def test_small_samples_of_a_trend_are_named_by_their_bucket_and_many_are_cut() -> None:
    columns = [bucket("month"), metric("solved_rate", "ru"), sample("solved_rate")]
    rows = [(date(2026, month, 1), 50, month) for month in range(5, 11)]
    assert caveats(tell(ask("solved_rate", grain="month", window=HALF_YEAR), columns, rows, "ru")) == {
        "small_sample": "За частью чисел мало случаев (меньше 30): май 2026 (5), июнь 2026 (6), июль 2026 (7), "
        "август 2026 (8), …"
    }


def test_a_whole_that_is_repeated_in_every_row_is_no_sample() -> None:
    columns = [group("topic"), metric("solved_rate"), sample("solved_rate")]
    rows = [("damage", 50, 12), ("delivery", 70, 12), ("other", 0, 12)]
    assert caveats(tell(ask("solved_rate", dimensions=("topic",), window=WEEK), columns, rows)) == {}


def test_rows_without_a_group_are_said_with_their_share() -> None:
    columns = [group("topic"), metric("cases")]
    answer = tell(ask("cases", dimensions=("topic",), window=WEEK), columns, [("delivery", 90), (None, 10)])
    assert caveats(answer) == {"nulls": "Topic is not set for 10 (10%)."}


def test_groups_without_a_value_are_counted() -> None:
    columns = [group("topic", "ru"), metric("solved_rate", "ru")]
    rows = [("delivery", 90), ("damage", None), ("other", 7)]
    assert caveats(tell(ask("solved_rate", dimensions=("topic",), window=WEEK), columns, rows, "ru")) == {
        "nulls": "Доля решённых: нет значения в 1 из 3 строк."
    }


def test_an_unfinished_period_is_said() -> None:
    assert caveats(tell(ask("cases", window=TODAY), [metric("cases")], [(5,)])) == {
        "unfinished": "The period is not over yet, so the numbers will still change."
    }
    assert caveats(tell(ask("cases", window=TODAY), [metric("cases", "ru")], [(5,)], "ru")) == {
        "unfinished": "Период ещё не закончился, числа изменятся."
    }


@pytest.mark.parametrize(
    ("window", "moment", "text"),
    [
        (WEEK, NOW - timedelta(hours=23), None),
        (WEEK, NOW - timedelta(hours=25), "The newest row is from 19 Nov 2026, 13:05, more than a day ago."),
        (None, NOW - timedelta(days=3), "The newest row is from 17 Nov 2026, 14:05, more than a day ago."),
        (
            TODAY,
            utc(2026, 11, 19, 23),
            "The newest row is from 19 Nov 2026, 23:00, before the period begins, so the data says nothing about it.",
        ),
        (JANUARY, utc(2026, 1, 31, 23, 30), None),
        (JANUARY, utc(2026, 1, 20), "The data ends at 20 Jan 2026, 00:00, before the period does."),
        (JANUARY, utc(2026, 3, 1), None),
    ],
)
def test_old_data_is_said_only_where_it_matters(window: Any, moment: Any, text: str | None) -> None:
    answer = tell(ask("cases", window=window), [metric("cases")], [(5,)], companions=newest(moment))
    assert caveats(answer).get("freshness") == text


def test_data_that_begins_within_the_period_is_said() -> None:
    companions = newest(NOW, oldest=utc(2026, 1, 10))
    answer = tell(ask("cases", window=JANUARY), [metric("cases", "ru")], [(5,)], "ru", companions=companions)
    assert caveats(answer) == {"freshness": "Данные начинаются позже периода: 10 января 2026, 00:00."}


def test_no_period_means_all_the_data_and_says_from_when_until_when() -> None:
    answer = tell(ask("cases"), [metric("cases")], [(5,)], companions={"coverage": COVERAGE})
    assert caveats(answer) == {
        "no_period": "No period was named, so this covers all the data (29 May 2025 – 20 Nov 2026)."
    }
    answer = tell(ask("cases"), [metric("cases", "ru")], [(5,)], "ru")
    assert caveats(answer) == {"no_period": "Период не назван, поэтому взяты все данные."}


def test_the_present_state_and_one_known_row_need_no_period() -> None:
    assert caveats(tell(ask("backlog"), [metric("backlog")], [(5,)])) == {}
    query = SemanticQuery(shape="list", rows_of="desk.cases", filters=(Filter("case_id", "in", ("T-1",)),))
    assert caveats(tell(query, [group("case_id", "en", "attribute")], [("T-1",)])) == {}


def test_groups_that_overlap_are_said() -> None:
    columns = [group("helper"), metric("helper_usage")]
    answer = tell(ask("helper_usage", dimensions=("helper",), window=WEEK), columns, [("router", 9), ("other", 4)])
    assert caveats(answer) == {
        "overlap": "One row can count for several values (Helper), so the parts add up to more than the whole."
    }


def test_parts_that_do_not_add_up_to_the_counted_total_are_said() -> None:
    columns, query = [group("topic"), metric("cases")], ask("cases", dimensions=("topic",), window=WEEK)
    rows = [("delivery", 60), ("damage", 30)]
    good = tell(query, columns, rows, companions={"total": result([metric("cases")], [(90,)])})
    assert caveats(good) == {}
    bad = tell(query, columns, rows, companions={"total": result([metric("cases")], [(100,)])})
    assert caveats(bad) == {"note": "The groups add up to 90, but without groups it is 100."}
    assert bad.headline.endswith("100 in all; delivery leads with 60 (60%).")


def test_a_cut_result_is_said() -> None:
    query = SemanticQuery(shape="list", rows_of="desk.cases", window=WEEK)
    answer = tell(query, [group("case_id", "en", "attribute")], [("T-1",), ("T-2",)], main={"truncated": "bytes"})
    assert answer.truncated
    assert caveats(answer) == {"truncated": "The result was cut: only the first 2 rows are here."}


def test_hidden_columns_are_said() -> None:
    query = SemanticQuery(shape="list", rows_of="desk.cases", window=WEEK)
    columns = [group("case_id", "en", "attribute"), group("email", "en", "attribute")]
    answer = tell(query, columns, [("T-1", "•••"), ("T-2", "•••")], main={"masked": ("email",)})
    assert caveats(answer) == {"note": "Hidden because it is personal: E-mail."}


def test_nothing_is_told_from_nothing_that_one_may_see() -> None:
    tickets = SemanticQuery(shape="list", rows_of="desk.cases", window=WEEK)
    columns = [group("case_id", "en", "attribute")]
    unseen = {"note": "There may be rows that you are not allowed to see."}
    seen = {"note": "Only rows that you are allowed to see are counted here."}
    assert caveats(tell(tickets, columns, [])) == {}
    assert caveats(tell(tickets, columns, [], main={"restricted": True})) == unseen
    assert caveats(tell(tickets, columns, [("T-1",)], main={"restricted": True})) == seen
    count = ask("cases", window=WEEK)
    assert caveats(tell(count, [metric("cases")], [(0,)], main={"restricted": True})) == unseen
    assert caveats(tell(count, [metric("cases")], [(7,)], main={"restricted": True})) == seen
    russian = caveats(tell(tickets, columns, [], "ru", main={"restricted": True}))
    assert russian == {"note": "Возможно, есть строки, которые вам видеть нельзя."}


def test_missing_dates_and_a_cut_first_bucket_of_a_trend_are_said() -> None:
    rows = [(date(2026, 11, day), 9) for day in (13, 14, 16)]
    answer = tell(ask("cases", grain="day", window=WEEK), [bucket("day"), metric("cases")], rows)
    assert caveats(answer) == {
        "unfinished": "The period begins in the middle of the first bucket (13 Nov 2026), so that one is incomplete.",
        "nulls": "Some dates in between have no rows and are not in the result.",
    }


def test_cautions_of_the_knowledge_are_passed_on() -> None:
    answer = tell(ask("cost", window=WEEK), [metric("cost")], [(5,)])
    assert caveats(answer) == {"definition": "Only what models cost."}


def test_sql_that_a_model_wrote_says_so() -> None:
    answer = tell(ask("cases", window=WEEK), [metric("cases")], [(5,)], provenance="model_written")
    assert caveats(answer) == {"note": "A language model wrote this SQL and nobody has reviewed it."}


@pytest.mark.parametrize(
    ("window", "oldest", "text"),
    [
        (
            JANUARY,
            utc(2026, 3, 1),
            "The data begins at 1 Mar 2026, 00:00, after the period is over, so it says nothing about the period.",
        ),
        (JANUARY, utc(2026, 1, 10), "The data begins at 10 Jan 2026, 00:00, later than the period does."),
        (
            JANUARY,
            utc(2025, 12, 10),
            "The data begins at 10 Dec 2025, 00:00, so the period before is not covered in full.",
        ),
        (JANUARY, utc(2025, 12, 1, 7), None),
    ],
)
def test_a_period_or_a_comparison_that_reaches_behind_the_data_is_said(window: Any, oldest: Any, text: str) -> None:
    companions = newest(NOW, oldest) | {"previous": result([metric("cases")], [(4,)])}
    answer = tell(ask("cases", window=window), [metric("cases")], [(5,)], companions=companions)
    assert caveats(answer).get("freshness") == text


def test_nothing_is_compared_with_a_time_before_the_data() -> None:
    companions = newest(NOW, utc(2026, 1, 10)) | {"previous": result([metric("cases")], [(0,)])}
    assert tell(ask("cases", window=JANUARY), [metric("cases")], [(5,)], companions=companions).context == ()


def test_a_period_that_has_not_begun_says_so() -> None:
    window = Window(Moment(at=utc(2027, 12, 1)), Moment(at=utc(2028, 1, 1)), "month:2027-12", True)
    answer = tell(ask("cases", window=window), [metric("cases")], [(0,)], companions=newest(NOW))
    assert caveats(answer) == {"freshness": "The period has not begun yet."}


def test_what_was_set_beside_and_is_not_there_is_said() -> None:
    named = (Filter("topic", "in", ("delivery", "damage")),)
    columns = [group("topic"), metric("cases")]
    asked = ask("cases", dimensions=("topic",), window=WEEK, filters=named)
    assert caveats(tell(asked, columns, [("delivery", 5)])) == {"note": "Nothing found for damaged item."}
    assert caveats(tell(asked, columns, [("delivery", 5)], "ru")) == {"note": "Ничего не найдено: повреждённый товар."}
    assert caveats(tell(asked, columns, [("delivery", 5), ("damage", 1)])) == {}
    ranked = ask("cases", dimensions=("topic",), window=WEEK, filters=named, limit=1)
    assert caveats(tell(ranked, columns, [("delivery", 5)])) == {}


def test_a_side_without_rows_is_said() -> None:
    sides = (ComparedSide(Filter("topic", "in", ("delivery",))), ComparedSide())
    asked = ask("cases", window=WEEK, comparison=Comparison("sides", sides=sides))
    columns = [Column("side", "Topic", "text", "dimension", dimension="side"), metric("cases")]
    assert caveats(tell(asked, columns, [("delivery", 5)])) == {"note": "Nothing found for the other side."}
    assert caveats(tell(asked, columns, [("delivery", 5), ("the rest", 2)])) == {}
