"""How an answer came about: enough for a sceptical reader to check the number by hand.

Everything is in the answer itself, nothing is looked up again: an old answer shows the definitions and the SQL that it
was made with, not today's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dash.records import Column
from dash.shown import Cells
from dash.ui.texts import kind_text, step_text, text

# The order of the main path; the store does not keep the order of a mapping.
_STEPS = ("record", "ground", "plan", "model", "guard", "execute", "companions", "interpret")
_PARAMETER = Column("value", "", "text")
_DURATION = Column("duration", "", "number", "metric")


def show_evidence(answer: Mapping[str, Any], language: str, cells: Cells, key: str) -> None:
    """Provenance, words, definitions, SQL with its parameters, files, timings and run id, as far as there are any."""
    provenance = answer["provenance"]
    if provenance:
        st.markdown(f"**{text(f'provenance_{provenance}', language)}.** {text(f'explain_{provenance}', language)}")
    if answer["understood"]:
        _show_understood(answer["understood"], language)
    if answer["definitions"]:
        _heading("definitions", language)
        for index, definition in enumerate(answer["definitions"]):
            with st.container(gap=None):
                st.text(f"{definition['label']}: {definition['text']}", width="stretch")
                _small(definition["source"], f"definition-{index}-{key}")
    if answer["sql"]:
        _heading("sql", language)
        st.code(answer["sql"].strip(), language="sql", wrap_lines=True)
    if answer["parameters"]:
        _show_parameters(answer["parameters"], language, cells)
    if answer["files"]:
        _heading("files", language)
        _small("\n".join(answer["files"]), f"files-{key}")
    _show_timings(answer, language, cells, key)


def _heading(name: str, language: str) -> None:
    st.markdown(f"**{text(name, language)}**")


def _small(words: str, key: str) -> None:
    """A source, a file, an id: small and grey, as it is."""
    with st.container(key=f"small-{key}"):
        st.text(words, width="stretch")


def _show_understood(understood: Any, language: str) -> None:
    import pandas

    _heading("understood", language)
    headings = [text(f"understood_{name}", language) for name in ("words", "meaning", "kind", "source")]
    rows = [
        [entry["words"], entry["meaning"], kind_text(entry["kind"], language), entry["source"]] for entry in understood
    ]
    st.dataframe(pandas.DataFrame(rows, columns=headings), hide_index=True, row_height=32)


def _show_parameters(parameters: Mapping[str, Any], language: str, cells: Cells) -> None:
    import pandas

    _heading("parameters", language)
    headings = [text("parameter_name", language), text("parameter_value", language)]
    rows = [[name, cells.show(value, _PARAMETER)] for name, value in sorted(parameters.items())]
    st.dataframe(pandas.DataFrame(rows, columns=headings), hide_index=True, row_height=32)


def _show_timings(answer: Mapping[str, Any], language: str, cells: Cells, key: str) -> None:
    timings = answer["timings_ms"]
    order = [*(step for step in _STEPS if step in timings), *sorted(timings.keys() - set(_STEPS) - {"total"}), "total"]
    if timings:
        _heading("timings", language)
        words = [
            f"{text('total', language) if step == 'total' else step_text(step, language)}: "
            + text("milliseconds", language, value=cells.show(round(milliseconds, 1), _DURATION))
            for step, milliseconds in ((step, timings[step]) for step in order if step in timings)
        ]
        _small("\n".join(words), f"timings-{key}")
    if answer["run_id"]:
        _small(f"{text('run_id', language)} {answer['run_id']}", f"run-{key}")
