"""`dash drill` and `dash rerun`: from a number in a terminal to its rows, and to why it changed."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def _asked(dash_with_data: Run, question: str) -> dict[str, object]:
    done = dash_with_data("ask", "--json", question)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_the_rows_behind_a_number_are_as_many_as_it_says(dash_with_data: Run) -> None:
    answer = _asked(dash_with_data, "How many tickets in October 2026 by channel?")
    rows = answer["rows"]
    assert isinstance(rows, list)
    done = dash_with_data("drill", str(answer["run_id"]), "--row", "1", "--limit", "10000", "--json")
    assert done.returncode == 0, done.stderr
    behind = json.loads(done.stdout)
    assert behind["then"] == behind["now"] == rows[1][1] == len(behind["rows"])


def test_an_answer_that_nothing_changed_says_so(dash_with_data: Run) -> None:
    answer = _asked(dash_with_data, "How many tickets in October 2026?")
    done = dash_with_data("rerun", str(answer["run_id"]), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["causes"] == []


def test_a_run_that_does_not_exist_is_a_sentence(dash_with_data: Run) -> None:
    done = dash_with_data("drill", "nothing")
    assert done.returncode == 1
    assert "no run of that id" in done.stderr
