"""A query's parameters as typed widgets, a button that runs it, and what came back as the answer that it would be.

All running is in `_run`, which asks `dash.catalogue.trying`; the widgets only collect what a person chose.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dash.access import require
from dash.ask import answer_json
from dash.catalogue.trying import Trial, try_query
from dash.errors import DashError
from dash.knowledge.formats import ParameterFile, QueryFile
from dash.language.reader import Reader
from dash.parameters import Given, dimension_of
from dash.records import Column
from dash.ui.answer import View, show_answer
from dash.ui.inert import label
from dash.ui.knowledge.opening import Shelf

_TRIALS = "knowledge_trials"


def show_trial(query: QueryFile, shelf: Shelf, *, key: str, reader: Reader | None = None) -> None:
    """The form of one query and the latest result; `reader` knows a query that is being written."""
    with st.form(f"try-{key}", border=False):
        with st.container(key=f"try-fields-{key}"):
            given = {name: _widget(name, each, shelf, key) for name, each in query.parameters.items()}
        if not given:
            st.caption(shelf.say("knowledge_no_parameters"))
        wanted = st.form_submit_button(shelf.say("knowledge_run"), icon=":material/play_arrow:", type="primary")
    if wanted:
        with st.spinner(shelf.say("knowledge_running")):
            st.session_state[_TRIALS] = {key: _run(query, given, shelf, reader)}
    found = st.session_state.get(_TRIALS, {}).get(key)
    if isinstance(found, Trial):
        if found.answer.sql in (None, query.sql):  # a result of another text would be taken for this one's
            _show_result(found, shelf, key)
    elif found:
        st.warning(label(found), icon=":material/error:")


def _run(query: QueryFile, given: Mapping[str, Given], shelf: Shelf, reader: Reader | None) -> Trial | str:
    """What came back, or why it cannot be run."""
    try:
        require(shelf.viewer, "try_query")
        return try_query(shelf.service.dash, query.name, given, shelf.viewer, shelf.language, reader=reader)
    except DashError as error:
        return error.message


def _show_result(trial: Trial, shelf: Shelf, key: str) -> None:
    cells = shelf.service.cells(shelf.language)
    if trial.answer.outcome == "answered":
        milliseconds = cells.show(round(trial.milliseconds, 1), Column("spent", "", "number", "metric"))
        said = [shelf.say("knowledge_ran", rows=cells.count(trial.rows), milliseconds=milliseconds)]
        if trial.truncated:
            said.append(shelf.say("knowledge_ran_cut", cap=shelf.say(f"knowledge_cap_{trial.truncated}")))
        if trial.masked:
            said.append(shelf.say("knowledge_ran_masked", columns=", ".join(trial.masked)))
        with st.container(key=f"small-ran-{key}"):
            st.text(" · ".join(said), width="stretch")
    view = View(shelf.language, shelf.service.cells, lambda question: None)
    show_answer(answer_json(trial.answer), view, key=f"trial-{key}", latest=False)


def _widget(name: str, parameter: ParameterFile, shelf: Shelf, key: str) -> Given:
    """The widget of a parameter with its default in it; what it gives is checked again where it is used."""
    said = f"{name}: {parameter.description}" if parameter.description else name
    title, own = label(said), f"parameter-{name}-{key}"
    if parameter.type == "period":
        return _period(parameter, title, own, shelf)
    if parameter.type == "boolean":
        return st.toggle(title, value=bool(parameter.default), key=own)
    if parameter.type in ("integer", "number"):
        return _number(parameter, title, own)
    if parameter.type in ("date", "timestamp"):
        return _date(parameter, title, own)
    allowed = shelf.service.dash.written.allowed_values(parameter)
    if allowed:
        return _choice(name, parameter, allowed, title, own, shelf)
    return st.text_input(title, value=str(parameter.default or ""), key=own) or None


def _number(parameter: ParameterFile, title: str, key: str) -> Given:
    kind = int if parameter.type == "integer" else float
    given = {
        name: None if (bound := getattr(parameter, name)) is None else kind(bound) for name in ("minimum", "maximum")
    }
    default = parameter.default
    found: int | float | None = st.number_input(
        title,
        value=kind(default) if isinstance(default, int | float) else None,
        min_value=given["minimum"],
        max_value=given["maximum"],
        step=kind(1),
        key=key,
    )
    return found


def _date(parameter: ParameterFile, title: str, key: str) -> Given:
    try:
        default = date.fromisoformat(str(parameter.default)[:10])
    except ValueError:
        default = None
    return st.date_input(title, value=default, key=key)


def _choice(name: str, parameter: ParameterFile, allowed: tuple[Any, ...], title: str, key: str, shelf: Shelf) -> Given:
    options = ([None] if parameter.default is None else []) + list(allowed)
    dimension = dimension_of(parameter, shelf.service.dash.written) or name
    column = Column(name, "", "text", "dimension", dimension=dimension)
    cells = shelf.service.cells(shelf.language)
    found: Given = st.selectbox(
        title,
        options,
        index=options.index(parameter.default) if parameter.default in options else 0,
        format_func=lambda value: shelf.say("knowledge_any") if value is None else cells.show(value, column),
        key=key,
    )
    return found


def _period(parameter: ParameterFile, title: str, key: str, shelf: Shelf) -> Given:
    """Words for a period: the default, usual ones, or the person's own."""
    default = str(parameter.default) if parameter.default is not None else ""
    usual = shelf.say("knowledge_periods").split("|")
    named = shelf.say("knowledge_default_period", period=default or shelf.say("knowledge_all_time"))
    found: str | None = st.selectbox(
        title,
        [named, *usual],
        accept_new_options=True,
        help=shelf.say("knowledge_period_help"),
        key=key,
    )
    return None if found in (None, named) else found
