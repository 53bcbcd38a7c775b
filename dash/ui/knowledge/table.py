"""A table of the knowledge: its grain, its columns with their marks, how it joins, what is counted on it."""

from __future__ import annotations

import streamlit as st

from dash.catalogue.entries import Entry
from dash.knowledge.formats import ColumnFile, TableFile
from dash.shown.labels import text_of
from dash.ui.knowledge.facts import show_facts, show_heading, show_lines, show_links
from dash.ui.knowledge.opening import Shelf

_MOST_VALUES = 12
_ROW_HEIGHT = 35
_MOST_ROWS_IN_SIGHT = 18


def show_table(entry: Entry, shelf: Shelf) -> None:
    """Draw it."""
    table: TableFile = entry.thing
    show_facts(
        [
            (shelf.say("knowledge_grain"), table.grain),
            (shelf.say("knowledge_key"), ", ".join(table.primary_key)),
            (shelf.say("knowledge_time"), table.time_dimension or ""),
        ],
        "table",
    )
    show_heading(shelf.say("knowledge_columns", count=len(table.table_columns)))
    _show_columns(table, shelf)
    if any(column.personal or column.untrusted for column in table.table_columns):
        st.caption(shelf.say("knowledge_marks_text"))
    if table.sql is not None:
        with st.expander(shelf.say("knowledge_derived"), icon=":material/code:"):
            st.code(table.sql.strip(), language="sql", wrap_lines=True)
    if table.joins:
        show_heading(shelf.say("knowledge_joins"))
        show_lines([_join_words(join.to, join.columns, join.type, join.description) for join in table.joins], "joins")
        show_links(dict.fromkeys(f"table:{join.to}" for join in table.joins), shelf, "joins")
    for name, lines in (("knowledge_notes", table.data_quality_notes), ("knowledge_uses", table.use_cases)):
        if lines:
            show_heading(shelf.say(name))
            show_lines(lines, name)
    metrics = [metric.address for metric in shelf.catalogue.of("metric") if metric.thing.table == table.table_name]
    if metrics:
        with st.expander(f"{shelf.say('knowledge_metrics_on')} ({len(metrics)})", icon=":material/monitoring:"):
            show_links(metrics, shelf, "table-metrics")


def _show_columns(table: TableFile, shelf: Shelf) -> None:
    import pandas

    headings = [shelf.say(f"knowledge_{name}") for name in ("column", "marks", "role", "means", "values", "type")]
    rows = [
        [
            column.name,
            _marks(column, shelf),
            shelf.say(f"knowledge_role_{column.role}") if column.role else "",
            column.description or text_of(column.label, shelf.language),
            _values(column, shelf),
            column.type,
        ]
        for column in table.table_columns
    ]
    st.dataframe(
        pandas.DataFrame(rows, columns=headings),
        hide_index=True,
        row_height=_ROW_HEIGHT,
        height=_ROW_HEIGHT * (min(len(rows), _MOST_ROWS_IN_SIGHT) + 1) + 3,
        key=f"columns-{table.table_name}",
        column_config={
            headings[0]: st.column_config.TextColumn(pinned=True, width=150),
            headings[1]: st.column_config.TextColumn(width=110),
            headings[3]: st.column_config.TextColumn(width="large"),
        },
    )


def _marks(column: ColumnFile, shelf: Shelf) -> str:
    marks = [name for name in ("personal", "untrusted") if getattr(column, name)]
    return ", ".join(shelf.say(f"knowledge_{name}") for name in marks)


def _values(column: ColumnFile, shelf: Shelf) -> str:
    """The values that the file lists, by their labels; those of a personal column would be somebody's data."""
    if column.personal:
        return ""
    shown = [str(value.value) for value in column.values[:_MOST_VALUES]]
    return ", ".join(shown) + ("…" if len(column.values) > _MOST_VALUES else "")


def _join_words(to: str, columns: dict[str, str], kind: str, description: str) -> str:
    pairs = ", ".join(f"{ours} = {to.rpartition('.')[2]}.{theirs}" for ours, theirs in columns.items())
    return f"{to} ({kind}): {pairs}" + (f". {description}" if description else "")
