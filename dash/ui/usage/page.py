"""The Usage page: questions, how they ended, how long they took, and what language models cost, by day and person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import streamlit as st

from dash.access import may
from dash.errors import DashError
from dash.llm.usage import DailyUse, Usage
from dash.records import Column
from dash.runs import RunUse
from dash.shown import Cells
from dash.ui.inert import label
from dash.ui.opening import Service, show_problem
from dash.ui.texts import text
from dash.ui.usage.audit import show_audit

_RANGES = {"7": 7, "30": 30, "90": 90}
_ENDS = ("answered", "asked_back", "declined", "errors", "interrupted")


def show_usage(service: Service, language: str) -> None:
    """Draw the page."""
    with st.container(key="wide"):
        st.title(text("page_usage", language), anchor=False)
        days = st.pills(
            text("usage_range", language),
            list(_RANGES),
            default="30",
            required=True,
            format_func=lambda name: text("usage_days", language, count=name),
            key="usage-range",
            label_visibility="collapsed",
        )
        zone = service.dash.settings.zone
        since = service.dash.clock() - timedelta(days=_RANGES[str(days)])
        try:
            uses = service.dash.runs.use(zone, since=since)
            models = Usage(service.dash.database, zone).daily(since=since)
            _show(uses, models, service, language)
            if may(service.viewer, "see_audit"):
                show_audit(service, language, since)
        except DashError as error:
            show_problem(error, language)


def _show(uses: Sequence[RunUse], models: Sequence[DailyUse], service: Service, language: str) -> None:
    cells = service.cells(language)
    total = next((use for use in uses if use.day is None and use.asked_by is None), None)
    if total is None or not total.questions:
        st.info(text("usage_none", language), icon=":material/hourglass_empty:")
        return
    _show_numbers(total, models, cells, language)
    by_day = [use for use in uses if use.day is not None and use.asked_by is None]
    _show_days(by_day, cells, language)
    left, right = st.tabs([text("usage_by_person", language), text("usage_by_day", language)])
    people = [use for use in uses if use.day is None and use.asked_by is not None]
    with left:
        _show_table(people, _by(models, lambda use: use.viewer), cells, language, person=True)
    with right:
        _show_table(by_day, _by(models, lambda use: use.day), cells, language, person=False)


def _show_numbers(total: RunUse, models: Sequence[DailyUse], cells: Cells, language: str) -> None:
    cost = _cost(models)
    answered = Decimal(round(100 * total.answered / total.questions))
    shares = cells.show(answered, Column("answered", "", "percent", "metric"), spoken=True)
    numbers = (
        ("usage_questions", cells.count(total.questions), None),
        ("usage_answered", cells.count(total.answered), shares),
        ("usage_median", _seconds(total.median_ms, cells), None),
        ("usage_p95", _seconds(total.p95_ms, cells), None),
        ("usage_calls", cells.count(sum(use.calls for use in models)), None),
        ("usage_cost", cells.show(cost, Column("cost", "", "usd", "metric"), spoken=True), None),
    )
    with st.container(horizontal=True, gap="large", key="usage-numbers"):
        for name, words, share in numbers:
            st.metric(text(name, language), label(words), width="content", delta_description=share)


def _show_days(by_day: Sequence[RunUse], cells: Cells, language: str) -> None:
    """How the questions of each day ended, as stacked bars; of one day alone there is nothing to draw."""
    from dash.ui.charts import build_chart

    drawn = build_chart(days_as_answer(by_day, language), cells) if len(by_day) > 1 else None
    if drawn is not None:
        st.plotly_chart(drawn.figure, key="usage-days", config={"displayModeBar": False})


def days_as_answer(by_day: Sequence[RunUse], language: str) -> dict[str, Any]:
    """How the questions of each day ended, in the shape of an answer, so that it is drawn as one."""
    found = {use.day: use for use in by_day if use.day is not None}
    rows = [
        [day.isoformat(), text(f"usage_{end}", language), getattr(found[day], end) if day in found else 0]
        for day in _days(min(found), max(found))
        for end in _ENDS
        if end == _ENDS[0] or (day in found and getattr(found[day], end))
    ]
    columns = [
        {"name": "day", "label": text("usage_day", language), "unit": "date", "role": "time"},
        {"name": "end", "label": text("usage_end", language), "unit": "text", "role": "dimension"},
        {"name": "questions", "label": text("usage_questions", language), "unit": "count", "role": "metric"},
    ]
    chart = {"kind": "stacked_bar", "x": "day", "y": ["questions"], "series": "end", "title": ""}
    return {"chart": chart, "columns": columns, "rows": rows, "language": language}


def _days(first: date, last: date) -> list[date]:
    """Every day from the first to the last, also those on which nobody asked."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _by(models: Sequence[DailyUse], key: Any) -> dict[Any, list[DailyUse]]:
    found: dict[Any, list[DailyUse]] = {}
    for use in models:
        found.setdefault(key(use), []).append(use)
    return found


def _show_table(
    uses: Sequence[RunUse], models: Mapping[Any, list[DailyUse]], cells: Cells, language: str, *, person: bool
) -> None:
    import pandas
    from streamlit import column_config

    rows = []
    for use in uses:
        asked = models.get(use.asked_by if person else use.day, [])
        rows.append(
            {
                "who": use.asked_by if person else str(use.day),
                **{end: getattr(use, end) for end in ("questions", *_ENDS)},
                "median": _rounded(use.median_ms),
                "p95": _rounded(use.p95_ms),
                "calls": sum(one.calls for one in asked),
                "tokens": sum(one.input_tokens + one.output_tokens for one in asked),
                "cost": _cost(asked),
            }
        )
    names = {
        "who": text("usage_person" if person else "usage_day", language),
        **{end: text(f"usage_{end}", language) for end in ("questions", *_ENDS)},
        "median": text("usage_median_ms", language),
        "p95": text("usage_p95_ms", language),
        "calls": text("usage_calls", language),
        "tokens": text("usage_tokens", language),
    }
    config: dict[str, Any] = {name: column_config.Column(words) for name, words in names.items()}
    config["cost"] = column_config.NumberColumn(text("usage_cost", language), format="dollar")
    table = pandas.DataFrame(rows)
    st.dataframe(table, hide_index=True, column_config=config, key=f"usage-table-{'people' if person else 'days'}")
    if any(one.unpriced for asked in models.values() for one in asked):
        st.caption(text("usage_unpriced", language))


def _cost(models: Sequence[DailyUse]) -> float:
    """What is known of the cost; calls without a price are said to be missing below the tables."""
    return sum(use.cost_usd or 0.0 for use in models)


def _seconds(milliseconds: float | None, cells: Cells) -> str:
    return cells.show(milliseconds, Column("waited", "", "milliseconds", "metric"), spoken=True)


def _rounded(milliseconds: float | None) -> int | None:
    return None if milliseconds is None else round(milliseconds)
