"""Lists of rows: how many there are, and what one row says when there is only one."""

from __future__ import annotations

from dash.shown.numbers import exact
from dash.steps.interpret.briefing import Briefing
from dash.steps.interpret.number_lock import Cell, Expression, RowCount, Said

_DETAILS = 7


def tell_list(briefing: Briefing) -> Said:
    """ "Stuck tickets: 37"; of a cut list how many are shown, and of how many where that was counted."""
    writer, words, count = briefing.writer, briefing.phrases.headline, RowCount("main")
    rows = len(briefing.table.rows)
    if rows == 1:
        details = row_details(briefing, 0)
        if details:
            return writer.fill(words.list_one, what=briefing.rows_words(), period=briefing.period, values=details)
    in_all = listed_total(briefing)
    slots = {"what": briefing.rows_words(), "period": briefing.period, "count": writer.figure(count, "count")}
    if in_all is not None and writer.amount(in_all) > rows:
        return writer.fill(words.list_capped, total=writer.figure(in_all, "count"), **slots)
    if briefing.results["main"].truncated:
        return writer.fill(words.list_at_least, **slots)
    if briefing.asked.limit is not None and rows >= briefing.asked.limit:
        return writer.fill(words.list_first, count, **slots)
    return writer.fill(words.list_found, **slots)


def listed_total(briefing: Briefing) -> Expression | None:
    """How many rows the list would have uncut, when a companion counted them."""
    result = briefing.results.get("total")
    if result is None or len(result.rows) != 1:
        return None
    return next((Cell("total", 0, i) for i, value in enumerate(result.rows[0]) if exact(value) is not None), None)


def row_details(briefing: Briefing, row: int) -> Said | None:
    """ "Ticket T-000123; category: damaged item; …": what may be said of a row, up to a handful of columns."""
    writer, table = briefing.writer, briefing.table
    details: list[Said] = []
    asked = [one.dimension for one in briefing.asked.filters]
    for index, column in enumerate(table.columns):
        if column.role == "hidden":
            continue
        said = briefing.cell_words(row, index)
        if said is None or table.rows[row][index] is None or len(details) == _DETAILS:
            continue
        if any(briefing.labels.names(column, name) for name in asked):
            continue
        label = writer.quote(column.label, "label")
        details.append(writer.fill(briefing.phrases.headline.detail, label=label, value=said))
    return writer.join(details, briefing.phrases.headline.detail_separator) if details else None
