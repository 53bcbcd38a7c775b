"""How a number moved: by how much, from what, since when, and whether that is good."""

from __future__ import annotations

from dash.knowledge.phrases import Phrase
from dash.records import Column
from dash.shown.numbers import exact, shown_unit
from dash.steps.interpret.briefing import Briefing
from dash.steps.interpret.number_lock import Cell, Derived, Expression, Said
from dash.steps.interpret.table import Table
from dash.steps.interpret.writer import difference, magnitude


def earlier_cell(briefing: Briefing, row: int, metric: int) -> Cell | None:
    """The same number in the comparable period: a column of the result itself, or the "previous" companion."""
    table = briefing.table
    own = table.beside(metric, "previous")
    if not briefing.timing.knows_previous:
        return None
    if own is not None:
        return table.cell(row, own)
    previous, earlier = briefing.previous, briefing.previous_rows.get(table.groups(row))
    column = previous.find(table.columns[metric].name) if previous else None
    return previous.cell(earlier, column) if previous and earlier is not None and column is not None else None


def change_clause(briefing: Briefing, now: Expression, before: Expression, column: Column) -> Said | None:
    """ "up by 12 (+5.9%) from 202 in the period before (…)", or None when there is nothing to set beside it."""
    writer, words, period = briefing.writer, briefing.phrases.context, briefing.timing.previous_period
    current, earlier = writer.value(now), writer.value(before)
    if current is None:
        return None
    if earlier is None:
        return writer.fill(words.no_comparison, period=period)
    previous = writer.amount_of(before, column)
    if writer.same_text(now, before, column):
        return writer.fill(words.unchanged, previous=previous, period=period)
    if earlier == 0 and column.unit != "percent":
        return writer.fill(words.from_nothing, period=period)
    rising = current > earlier
    verdict = briefing.phrases.context.better if column.better == ("higher" if rising else "lower") else words.worse
    judged = bool(column.better) and not briefing.timing.uneven
    slots: dict[str, Said | str] = {"previous": previous, "period": period, "verdict": verdict if judged else ""}
    change = change_figure(briefing, now, before, column)
    if column.unit == "percent":
        return writer.fill(words.points_up if rising else words.points_down, change=change, **slots)
    percent = writer.figure(Derived("percent_change", (now, before)), "percent", signed=True)
    return writer.fill(words.change_up if rising else words.change_down, change=change, percent=percent, **slots)


def change_figure(
    briefing: Briefing, now: Expression, before: Expression, column: Column, *, signed: bool = False
) -> Said:
    """The difference in the metric's unit; percentages differ by points."""
    unit = "percentage_points" if column.unit == "percent" else shown_unit(column)
    gap = difference(now, before)
    return briefing.writer.figure(gap if signed else magnitude(gap), unit, signed=signed)


def movement(briefing: Briefing, last: Expression, first: Expression, column: Column) -> Said:
    """ "up by 7.1 percentage points" from one end of a trend to the other."""
    writer, words = briefing.writer, briefing.phrases.headline
    end, start = writer.value(last), writer.value(first)
    if end is None or start is None or writer.same_text(last, first, column):
        return writer.fill(words.level)
    change = change_figure(briefing, last, first, column)
    if column.unit != "percent" and start != 0:
        percent = writer.figure(Derived("percent_change", (last, first)), "percent", signed=True)
        change = writer.join((change, writer.fill(briefing.phrases.context.percent_of, percent=percent)), " ")
    phrase: Phrase = words.up if end > start else words.down
    return writer.fill(phrase, change=change)


def moves(briefing: Briefing, table: Table, now: int, before: int) -> list[tuple[int, Cell, Cell]]:
    """Rows that have both numbers, with their cells, the biggest move first."""
    both = [
        (row, table.cell(row, now), table.cell(row, before))
        for row in range(len(table.rows))
        if exact(table.rows[row][now]) is not None and exact(table.rows[row][before]) is not None
    ]
    return sorted(both, key=lambda move: -abs(briefing.writer.amount(difference(move[1], move[2]))))
