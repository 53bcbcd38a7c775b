"""A vetted query's parameters as widgets, with what was used in them; running it is the next turn."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st

from dash.access import may
from dash.errors import DashError
from dash.records import Window
from dash.ui.inert import label
from dash.ui.texts import FALLBACK, languages, text
from dash.ui.view import AnswerDict, View

if TYPE_CHECKING:
    from dash.parameters import Given, Parameter
    from dash.runs import RunRecord

_TROUBLE = "parameter_trouble"
_AS_USED, _OWN_DATES = "as_used", "own_dates"
_PERIODS = (
    "today", "yesterday", "this_week", "last_week", "this_month", "last_month", "last_7_days", "last_30_days",
    "last_90_days", "this_year", "all_time",
)  # fmt: skip


def show_parameters(answer: AnswerDict, view: View, key: str) -> None:
    """The button and, behind it, the widgets; nothing for an answer that has no parameters."""
    run = view.run_of(answer)
    if run is None or view.service is None or view.refill is None or answer["provenance"] != "vetted":
        return
    if not may(view.service.viewer, "try_query"):
        return
    from dash.parameters import parameters_of

    parameters = parameters_of(run, view.service.dash.knowledge)
    if not parameters:
        return
    with st.popover(view.say("refill"), icon=":material/tune:", type="tertiary", key=f"refill-{key}"):
        st.markdown(f"**{view.say('refill_title')}**")
        given = {each.name: _widget(each, answer["language"], view, key) for each in parameters}
        trouble = st.session_state.get(_TROUBLE)
        if trouble and trouble[0] == key:
            st.warning(label(trouble[1]), icon=":material/error:")
        st.button(
            view.say("refill_run"),
            type="primary",
            icon=":material/play_arrow:",
            key=f"run-refill-{key}",
            on_click=_run,
            args=(view, run, {name: value for name, value in given.items() if value != _AS_USED}, key),
        )


def ask_now(answer: AnswerDict, view: View) -> None:
    """Ask an answer's question again, by words that mean the same wherever they are asked; a vetted one with just its
    parameters. Where no words do, as it was asked."""
    run = view.run_of(answer)
    if run is not None and view.service is not None and view.refill is not None:
        from dash.alone import question_alone

        with suppress(DashError):
            found = question_alone(view.service.dash, run, view.service.viewer)
            if found is not None and found[1] is not None:
                view.refill(found[0], found[1])
                return
            if found is not None:
                view.ask(found[0])
                return
    view.ask(answer["question"])


def _run(view: View, run: RunRecord, given: dict[str, Given], key: str) -> None:
    from dash.parameters import changed

    if view.service is None or view.refill is None or not may(view.service.viewer, "try_query"):
        return
    st.session_state.pop(_TROUBLE, None)
    dash = view.service.dash
    try:
        question, refill = changed(run, given, dash.knowledge, dash.reader, dash.clock())
    except DashError as error:
        st.session_state[_TROUBLE] = (key, error.message)
        return
    view.refill(question, refill)


def _widget(parameter: Parameter, language: str, view: View, key: str) -> Any:
    """The widget of one parameter; its value, or `as_used` for what is to stay as it was."""
    declared, name = parameter.declared, f"parameter-{parameter.name}-{key}"
    title = _title(parameter, view)
    if declared.type == "period":
        return _period(parameter, title, name, language, view)
    if declared.type == "boolean":
        return st.toggle(title, value=bool(parameter.used), key=name)
    if declared.type in ("integer", "number"):
        return _number(parameter, title, name)
    if declared.type in ("date", "timestamp"):
        used = date.fromisoformat(str(parameter.used)[:10]) if parameter.used else None
        return st.date_input(title, value=used, key=name)
    if parameter.allowed:
        return _choice(parameter, title, name, view)
    return st.text_input(title, value="" if parameter.used is None else str(parameter.used), key=name) or None


def _title(parameter: Parameter, view: View) -> str:
    """What the parameter is called: its dimension's name, the word for a period, else what its file says of it."""
    if parameter.declared.type == "period":
        return view.say("refill_period")
    if parameter.dimension is not None and view.service is not None:
        return label(view.service.dash.reader.model.label(parameter.dimension, view.language))
    return label(parameter.declared.description or parameter.name.replace("_", " "))


def _number(parameter: Parameter, title: str, name: str) -> int | float | None:
    declared, kind = parameter.declared, int if parameter.declared.type == "integer" else float
    found: int | float | None = st.number_input(
        title,
        value=None if parameter.used is None else kind(parameter.used),
        min_value=None if declared.minimum is None else kind(declared.minimum),
        max_value=None if declared.maximum is None else kind(declared.maximum),
        step=kind(1),
        key=name,
    )
    return found


def _choice(parameter: Parameter, title: str, name: str, view: View) -> Any:
    from dash.records import Column

    options = list(parameter.allowed)
    if parameter.declared.default is None:
        options.insert(0, None)
    column = Column(parameter.name, "", "text", "dimension", dimension=parameter.dimension)
    cells = view.cells(view.language)
    return st.selectbox(
        title,
        options,
        index=options.index(parameter.used) if parameter.used in options else 0,
        format_func=lambda value: view.say("refill_any") if value is None else cells.show(value, column),
        key=name,
    )


def _period(parameter: Parameter, title: str, name: str, language: str, view: View) -> Any:
    """The period as words that the reader reads, in the language of the answer where the page speaks it."""
    spoken = language if language in languages() else FALLBACK
    chosen = st.selectbox(
        title,
        [_AS_USED, *_PERIODS, _OWN_DATES],
        format_func=lambda each: _period_name(each, parameter.used, view),
        key=name,
    )
    if chosen == _AS_USED:
        return _AS_USED
    if chosen != _OWN_DATES:
        return text(f"period_{chosen}", spoken)
    today = view.service.dash.clock().date() if view.service is not None else date.today()  # noqa: DTZ011 - a default
    days = st.date_input(
        view.say("refill_dates"), value=(today - timedelta(days=30), today), max_value=today, key=f"{name}-dates"
    )
    first, last = (days[0], days[-1]) if isinstance(days, tuple) and days else (today, today)
    return f"from {first.isoformat()} to {last.isoformat()}"


def _period_name(each: str, used: Any, view: View) -> str:
    if each == _AS_USED:
        phrase = used.phrase if isinstance(used, Window) else ""
        known = "all_time" if phrase in ("", "all_time") else phrase
        if known in _PERIODS:
            return view.say("refill_as_used", period=view.say(f"period_{known}"))
        return view.say("refill_as_used_plain")
    return view.say("refill_own_dates") if each == _OWN_DATES else view.say(f"period_{each}")
