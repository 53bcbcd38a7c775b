"""The headline that a vetted query brings along: its own sentence, whose {…} are cells or arithmetic on cells.

`{rows:ticket|tickets}` puts a noun behind a number in the plural form of the language (English: one|other; Russian:
one|few|many). A slot that has nothing to show gives the sentence up, and the generic one is told instead.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any

from dash.knowledge.formats import QueryFile
from dash.shown.labels import text_of
from dash.shown.numbers import exact, plural, show_number
from dash.steps.interpret.briefing import Briefing
from dash.steps.interpret.number_lock import Cell, Expression, RowCount, Said
from dash.steps.interpret.writer import total

_FORMS = {1: ("other",), 2: ("one", "other"), 3: ("one", "few", "many"), 4: ("one", "few", "many", "other")}


class _NothingToShow(Exception):
    """A slot has no value; the sentence cannot be told."""


def vetted_headline(briefing: Briefing, query: QueryFile) -> Said | None:
    """The file's own sentence for this result, or None when it has none that fits."""
    template = text_of(query.headline if briefing.table.rows else query.empty, briefing.labels.language)
    if not template:
        return None
    try:
        return briefing.writer.sentence(_fill(briefing, query, template))
    except _NothingToShow:
        return None


def _fill(briefing: Briefing, query: QueryFile, template: str) -> Said:
    parts = []
    for text, slot, forms, _ in Formatter().parse(template):
        parts.append(briefing.writer.quote(text, "vetted text"))
        if slot is not None:
            source, _, name = slot.partition(".")
            parts.append(_slot(briefing, query, source, name, forms or ""))
    return briefing.writer.join(parts, "")


def _slot(briefing: Briefing, query: QueryFile, source: str, name: str, forms: str) -> Said:
    if source == "rows":
        return _number(briefing, RowCount("main"), "count", forms)
    if source == "period":
        return briefing.writer.quote(briefing.timing.period_words(name), "period")
    if source == "parameter":
        return briefing.writer.quote(_parameter(briefing, query, name, forms), "parameter")
    column = briefing.table.find(name)
    if column is None or not briefing.table.rows:
        raise _NothingToShow
    if source == "sum":
        return _number(briefing, total(briefing.table.cells(column)), briefing.table.columns[column].unit, forms)
    row = _row(briefing, source, column)
    if exact(briefing.table.rows[row][column]) is not None and forms:
        return _number(briefing, briefing.table.cell(row, column), "count", forms)
    said = briefing.cell_words(row, column)
    if said is None or (briefing.table.rows[row][column] is None and column not in briefing.table.dimensions):
        raise _NothingToShow
    return said


def _row(briefing: Briefing, source: str, column: int) -> int:
    rows = briefing.table.rows
    if source in ("first", "last"):
        return 0 if source == "first" else len(rows) - 1
    choose: Callable[..., int] | None = {"max": max, "min": min}.get(source)
    values = [cells[column] for cells in rows]
    known = [row for row, value in enumerate(values) if isinstance(value, date) or exact(value) is not None]
    if choose is None or not known:
        raise _NothingToShow
    return choose(known, key=lambda row: values[row])


def _number(briefing: Briefing, expression: Expression, unit: str, forms: str) -> Said:
    if not isinstance(expression, Cell) and briefing.writer.value(expression) is None:
        raise _NothingToShow
    figure = briefing.writer.figure(expression, unit)
    if not forms:
        return figure
    number = briefing.writer.value(expression)
    assert number is not None, "checked above and by the caller"
    return briefing.writer.join((figure, Said(_noun(forms, number, briefing))), "\u00a0")


def _noun(forms: str, number: Decimal, briefing: Briefing) -> str:
    """The form of the noun for this number by the plural rules of the language."""
    nouns = forms.split("|")
    phrase = dict(zip(_FORMS.get(len(nouns), ("other",)), nouns, strict=False))
    phrase.setdefault("other", nouns[-2] if len(nouns) == 3 else nouns[-1])
    return plural(phrase, number, briefing.phrases)


def _parameter(briefing: Briefing, query: QueryFile, name: str, forms: str) -> str:
    """A parameter's value for people; its words come from the column whose values it takes."""
    value: Any = briefing.plan.main.parameters.get(name)
    declared = query.parameters.get(name)
    if value is None:
        return briefing.phrases.numbers.any_value
    number = exact(value)
    if number is not None:  # its unit is part of the sentence: "more than {parameter.hours} h"
        words = show_number(number, "number", briefing.phrases)
        return f"{words}\u00a0{_noun(forms, number, briefing)}" if forms else words
    column = declared.values.rsplit(".", 1)[-1] if declared and isinstance(declared.values, str) else name
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(briefing.labels.value_label(column, one) for one in values)
