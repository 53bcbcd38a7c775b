"""Who leads and who trails: groups beside each other by one number, ties said, shares only where parts add up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dash.shown.numbers import exact
from dash.steps.interpret.briefing import Briefing
from dash.steps.interpret.changes import change_figure, earlier_cell
from dash.steps.interpret.number_lock import Derived, Said

_NAMED_IN_A_TIE = 4


def tell_ranking(briefing: Briefing) -> Said:
    """Who leads, from the end that the question asked for; the total where the groups add up to one."""
    words, table = briefing.phrases.headline, briefing.table
    rows = table.numbers(briefing.metric)
    slots = {"metric": briefing.metric_words(), "period": briefing.period}
    if not rows:
        return undefined(briefing)
    order = briefing.asked.order
    if order is not None and order.by == f"{briefing.column.name}_change":
        changed = _most_changed(briefing, rows[0], slots)
        if changed is not None:
            return changed
    if len(rows) == 1:
        leader = briefing.group(rows[0])
        if leader is None:
            return briefing.writer.fill(words.one_metric, value=briefing.value(rows[0]), **slots)
        return briefing.writer.fill(words.ranking_single, leader=leader, value=briefing.value(rows[0]), **slots)
    lowest_first = lowest_is_asked(briefing)
    if briefing.whole is not None and lowest_first is not True:
        return _with_total(briefing, rows, slots)
    if lowest_first is None:
        return _both_ends(briefing, rows, slots)
    return _one_end(briefing, rows, slots, lowest=lowest_first)


def _most_changed(briefing: Briefing, row: int, slots: dict[str, Said]) -> Said | None:
    """The first group of those that are ordered by how much they changed: from what to what."""
    name, before = briefing.group(row), earlier_cell(briefing, row, briefing.metric)
    now = briefing.table.cell(row, briefing.metric)
    if name is None or before is None or exact(briefing.results[before.result].rows[before.row][before.column]) is None:
        return None
    return briefing.writer.fill(
        briefing.phrases.headline.ranking_change,
        leader=name,
        before=briefing.writer.amount_of(before, briefing.column),
        now=briefing.writer.amount_of(now, briefing.column),
        change=change_figure(briefing, now, before, briefing.column, signed=True),
        **slots,
    )


def lowest_is_asked(briefing: Briefing) -> bool | None:
    """True for "lowest", False for "highest", None when the question asks for neither."""
    order = briefing.asked.order
    if order is None or order.by not in (briefing.column.name, briefing.column.metric, "share"):
        return None
    return not order.descending


def extremes(briefing: Briefing, rows: Sequence[int], *, lowest: bool) -> list[int]:
    """The rows that share the lowest or highest number."""
    numbers = {row: briefing.writer.value(briefing.table.cell(row, briefing.metric)) or Decimal(0) for row in rows}
    best = min(numbers.values()) if lowest else max(numbers.values())
    return [row for row in rows if numbers[row] == best]


def _one_end(briefing: Briefing, rows: list[int], slots: dict[str, Said], *, lowest: bool) -> Said:
    words, best = briefing.phrases.headline, extremes(briefing, rows, lowest=lowest)
    value = briefing.value(best[0])
    if len(best) == len(rows) and briefing.complete:
        return briefing.writer.fill(words.ranking_all_equal, value=value, **slots)
    leaders = name_all(briefing, best)
    if len(best) > 1:
        tied = words.ranking_lowest_tied if lowest else words.ranking_highest_tied
        return briefing.writer.fill(tied, leaders=leaders, value=value, **slots)
    single = words.ranking_lowest if lowest else words.ranking_highest
    return briefing.writer.fill(single, leader=leaders, value=value, **slots)


def _with_total(briefing: Briefing, rows: list[int], slots: dict[str, Said]) -> Said:
    writer, words, best = briefing.writer, briefing.phrases.headline, extremes(briefing, rows, lowest=False)
    assert briefing.whole is not None, "asked only where the groups add up"
    in_all = writer.amount_of(briefing.whole, briefing.column)
    if len(best) > 1:
        leaders, value = name_all(briefing, best), briefing.value(best[0])
        return writer.fill(words.ranking_total_tied, total=in_all, leaders=leaders, value=value, **slots)
    leader, cell = name_all(briefing, best), briefing.table.cell(best[0], briefing.metric)
    share = Derived("share", (cell, briefing.whole))
    if writer.amount(briefing.whole) <= 0:
        return writer.fill(words.ranking_total, total=in_all, leader=leader, value=briefing.value(best[0]), **slots)
    figure = writer.figure(share, "percent")
    return writer.fill(
        words.ranking_total_share, total=in_all, leader=leader, value=briefing.value(best[0]), share=figure, **slots
    )


def _both_ends(briefing: Briefing, rows: list[int], slots: dict[str, Said]) -> Said:
    high, low = extremes(briefing, rows, lowest=False), extremes(briefing, rows, lowest=True)
    if len(high) == len(rows):
        return briefing.writer.fill(briefing.phrases.headline.ranking_all_equal, value=briefing.value(high[0]), **slots)
    return briefing.writer.fill(
        briefing.phrases.headline.ranking_both_ends,
        highest=name_all(briefing, high),
        high=briefing.value(high[0]),
        lowest=name_all(briefing, low),
        low=briefing.value(low[0]),
        **slots,
    )


def name_all(briefing: Briefing, rows: Sequence[int]) -> Said:
    """The groups of these rows by name; many of them are cut with an ellipsis, unsayable ones are called that."""
    unnamed = briefing.writer.quote(briefing.phrases.numbers.unnamed, "phrase")
    names = [briefing.group(row) or unnamed for row in rows[:_NAMED_IN_A_TIE]]
    if len(rows) > _NAMED_IN_A_TIE:
        return briefing.writer.join([*names, briefing.writer.quote("…", "phrase")], ", ")
    return briefing.writer.join(names)


def undefined(briefing: Briefing) -> Said:
    """A NULL: a ratio over nothing, or an average of no values."""
    words, metric = briefing.phrases.headline, briefing.labels.metric(briefing.column.metric)
    slots = {"metric": briefing.metric_words(), "period": briefing.period}
    label = briefing.labels.part_label(metric.denominator) if metric and metric.denominator else ""
    if not label:
        return briefing.writer.fill(words.undefined, **slots)
    denominator = briefing.writer.quote(label, "label")
    return briefing.writer.fill(words.undefined_because, denominator=denominator, **slots)
