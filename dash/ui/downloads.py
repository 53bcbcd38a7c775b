"""An answer as files: CSV, an Excel workbook, and its chart as a picture.

The files are made when they are asked for. The picture is made in the browser, of what the browser shows; `page.js`
takes it, because nothing on the server draws.
"""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dash.shown import visible
from dash.ui.view import AnswerDict, View

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_downloads(answer: AnswerDict, view: View, key: str, *, drawn: bool) -> None:
    """The buttons; a picture only where one is drawn."""
    name = file_name(answer, key)
    with st.container(horizontal=True, gap="small", key=f"downloads-{key}"):
        st.download_button(
            view.say("download_csv"),
            data=lambda: _csv(answer),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/csv:",
            on_click="ignore",
            key=f"csv-{key}",
        )
        st.download_button(
            view.say("download_xlsx"),
            data=lambda: _xlsx(answer, view),
            file_name=f"{name}.xlsx",
            mime=_XLSX,
            icon=":material/table_view:",
            on_click="ignore",
            key=f"xlsx-{key}",
        )
        if drawn:
            st.button(view.say("download_png"), icon=":material/image:", key=f"png-{key}")


def file_name(answer: AnswerDict, key: str) -> str:
    """The name of a downloaded file, without its ending."""
    return f"dash-{(answer['run_id'] or key)[:8]}"


def _csv(answer: AnswerDict) -> str:
    from dash.export import csv_text

    columns, rows = visible(answer)
    return csv_text([column.label for column in columns], rows)


def _xlsx(answer: AnswerDict, view: View) -> bytes:
    from dash.workbook import SheetColumn, workbook_bytes

    columns, rows = visible(answer)
    names = (view.say("sheet_data"), view.say("sheet_about"))
    heads = [SheetColumn(column.label, column.unit) for column in columns]
    return workbook_bytes(heads, rows, list(_about(answer, view)), names=names)


def _about(answer: AnswerDict, view: View) -> Iterator[tuple[str, str]]:
    """What the numbers are, for whoever gets the file without the page."""
    run = view.run_of(answer)
    yield view.say("about_question"), answer["question"]
    yield view.say("about_answer"), "\n".join([answer["headline"], *answer["context"]])
    if run is not None:
        yield view.say("about_asked"), run.asked_at.isoformat(timespec="seconds")
        yield view.say("about_now"), run.now.isoformat(timespec="seconds")
        yield view.say("about_zone"), run.zone
    if answer["provenance"]:
        name = answer["provenance"]
        yield view.say("about_provenance"), f"{view.say(f'provenance_{name}')}. {view.say(f'explain_{name}')}"
    for caveat in answer["caveats"]:
        yield view.say("about_caveat"), caveat["text"]
    for definition in answer["definitions"]:
        words = f"{definition['label']}: {definition['text']} ({definition['source']})"
        yield view.say("about_definition"), words
    if answer["sql"]:
        yield view.say("about_sql"), answer["sql"].strip()
    for name, value in sorted((answer["parameters"] or {}).items()):
        yield f":{name}", "" if value is None else str(value)
    if answer["run_id"]:
        yield view.say("about_run"), answer["run_id"]
