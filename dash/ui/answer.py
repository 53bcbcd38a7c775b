"""One answer on the page, drawn from the dict that `answer_json` makes.

A fresh answer and one that comes back from the store a year later have the same shape and take the same way here, so
they look the same. Nothing in an answer is trusted to be harmless: its texts are shown as text, never as markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from dash.shown import Cells
from dash.shown.cells import is_number, read_column
from dash.ui.changed import show_changed
from dash.ui.chart_kinds import chosen_kind, with_kind
from dash.ui.downloads import file_name
from dash.ui.drill import cell_chosen, clickable_key, point_chosen, show_behind, show_ways_behind
from dash.ui.evidence import show_evidence
from dash.ui.footer import show_footer
from dash.ui.inert import label
from dash.ui.view import AnswerDict, View

__all__ = ["AnswerDict", "View", "show_answer", "show_ask_again", "show_questions"]

_OUTCOME_ICONS = {
    "clarification": ":material/help:",
    "declined": ":material/block:",
    "error": ":material/error:",
    "cancelled": ":material/cancel:",
}


def show_answer(answer: AnswerDict, view: View, *, key: str, latest: bool) -> None:
    """Draw one answer. `key` is unique on the page; only the `latest` answer offers questions to go on with."""
    outcome = answer["outcome"]
    if outcome == "answered":
        _show_result(answer, view, key)
    else:
        _show_other_outcome(answer, view, key)
    if latest:
        _show_ways_on(answer, view, key)


def _show_result(answer: AnswerDict, view: View, key: str) -> None:
    cells = view.cells(answer["language"])
    answer = with_kind(answer, chosen_kind(answer))
    _plain(answer["headline"], "headline", key)
    numbers = _numbers(answer)
    if numbers:
        _show_numbers(numbers, cells, key)
        if view.service is not None:
            ways = [(column["name"], column["label"]) for column, _ in numbers]
            show_ways_behind(ways, answer["run_id"], view.language, key)
    if answer["context"]:
        _plain("\n".join(answer["context"]), "context", key)
    drawn = not numbers and _show_chart(answer, view, cells, key)
    _show_caveats(answer, key)
    if len(answer["rows"]) > 1 or len(answer["columns"]) > max(1, len(numbers)):
        _show_rows(answer, view, cells, key, opened=not drawn and not numbers)
    show_behind(view.service, answer, view.language, key)
    show_footer(answer, view, key, drawn=drawn)
    show_changed(view.service, answer, view.language, key)


def _plain(words: str, role: str, key: str) -> None:
    """Text as it is, in the looks that `looks/ask.css` gives to `role`; right-to-left text finds its own side."""
    with st.container(key=f"{role}-{key}"):
        st.text(words, width="stretch")


def _numbers(answer: AnswerDict) -> list[tuple[Mapping[str, Any], float]]:
    """The numbers of an answer whose picture is a number: (column, value) in its order, at most four."""
    chart, rows = answer["chart"] or {}, answer["rows"]
    if chart.get("kind") != "number" or len(rows) != 1:
        return []
    wanted = list(chart.get("y") or ())
    found = [
        (column, cell)
        for column, cell in zip(answer["columns"], rows[0], strict=True)
        if (column["name"] in wanted if wanted else column["role"] == "metric") and is_number(cell)
    ]
    return sorted(found, key=lambda one: wanted.index(one[0]["name"]) if wanted else 0)[:4]


def _show_numbers(numbers: Sequence[tuple[Mapping[str, Any], float]], cells: Cells, key: str) -> None:
    """The number itself, large, written as the headline writes it."""
    with st.container(horizontal=True, gap="large", key=f"numbers-{key}"):
        for column, cell in numbers:
            words = cells.show(cell, read_column(column), spoken=True)
            st.metric(label(column["label"]), label(words), width="content")


def _show_chart(answer: AnswerDict, view: View, cells: Cells, key: str) -> bool:
    from dash.ui.charts import build_chart

    drawn = build_chart(answer, cells)
    if drawn is None:
        return False
    with st.container(gap=None, key=f"chart-{key}"):
        if answer["chart"].get("title"):
            _plain(answer["chart"]["title"], "chart-title", key)
        clickable = view.service is not None and answer["run_id"] is not None
        plot = clickable_key(f"plot-{key}-{answer['chart']['kind']}", answer["run_id"])
        st.plotly_chart(
            drawn.figure,
            key=plot,
            config=_chart_config(answer, key),
            alt=answer["headline"] or None,
            on_select=partial(point_chosen, plot, answer["run_id"], drawn.places) if clickable else "ignore",
            selection_mode="points",
        )
        if drawn.shown < drawn.count:
            st.caption(view.say("chart_cut", shown=drawn.shown, count=drawn.count))
        if clickable:
            st.caption(view.say("behind_hint"))
    return True


def _chart_config(answer: AnswerDict, key: str) -> dict[str, Any]:
    """The chart's own bar holds the one button that makes a picture; it is out of sight and `page.js` presses it."""
    return {
        "displaylogo": False,
        "displayModeBar": True,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": file_name(answer, key), "scale": 2},
    }


def _show_caveats(answer: AnswerDict, key: str) -> None:
    if not answer["caveats"]:
        return
    with st.container(gap=None, key=f"caveats-{key}"):
        for caveat in answer["caveats"]:
            with st.container(horizontal=True, wrap=False, gap="xsmall"):
                st.markdown(":material/info:", width="content")
                st.text(caveat["text"], width="stretch")


def _show_rows(answer: AnswerDict, view: View, cells: Cells, key: str, *, opened: bool) -> None:
    from dash.ui.tables import MOST_ROWS, build_table, table_height

    count = len(answer["rows"])
    clickable = view.service is not None and answer["run_id"] is not None
    grid = clickable_key(f"table-{key}", answer["run_id"])
    words = view.cells(view.language).count(count)
    with st.container(key=f"rows-{key}") if opened else st.expander(view.say("table", count=words)):
        table, headings = build_table(answer, cells)
        st.dataframe(
            table,
            hide_index=True,
            column_config=headings,
            height=table_height(count),
            key=grid,
            placeholder=view.say("empty_cell"),
            on_select=partial(cell_chosen, grid, answer["run_id"], answer) if clickable else "ignore",
            selection_mode="single-cell",
        )
        if count > MOST_ROWS:
            st.caption(view.say("table_cut", shown=view.cells(view.language).count(MOST_ROWS), count=words))


def _show_other_outcome(answer: AnswerDict, view: View, key: str) -> None:
    """A clarification, a decline or an error: one box, one sentence, and below it what to do."""
    outcome = answer["outcome"]
    with st.container(border=True, key=f"{outcome}-{key}"):
        st.markdown(f"{_OUTCOME_ICONS[outcome]} **{view.say(f'outcome_{outcome}')}**")
        st.text(answer["headline"], width="stretch")
        for sentence in answer["context"]:
            st.text(sentence, width="stretch")
    if answer["understood"]:
        with st.expander(view.say("understood"), icon=":material/manage_search:", key=f"how-{key}"):
            show_evidence(answer, view.language, view.cells(view.language), key)


def _show_ways_on(answer: AnswerDict, view: View, key: str) -> None:
    outcome = answer["outcome"]
    if answer["choices"]:
        heading = {"clarification": "choose", "declined": "instead"}.get(outcome, "follow_ups")
        show_questions(answer["choices"], view, view.say(heading), key=f"choice-{key}")
    elif answer["follow_ups"]:
        show_questions(answer["follow_ups"], view, view.say("follow_ups"), key=f"follow-up-{key}")
    if outcome in ("error", "cancelled"):
        show_ask_again(answer["question"], view, key=key)


def show_questions(questions: Any, view: View, heading: str, *, key: str) -> None:
    """Questions to click; a click asks them as the next turn."""
    with st.container(key=f"questions-{key}", gap="xsmall"):
        st.caption(heading)
        with st.container(horizontal=True, gap="small"):
            for index, question in enumerate(questions):
                st.button(label(question), key=f"{key}-{index}", on_click=view.ask, args=(question,), wrap=True)


def show_ask_again(question: str, view: View, *, key: str) -> None:
    """A button that asks the same question once more."""
    st.button(view.say("ask_again"), icon=":material/refresh:", key=f"again-{key}", on_click=view.ask, args=(question,))
