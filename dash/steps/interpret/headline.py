"""The first sentence: which metric, which period, the number in its unit; for many rows who leads or how it went."""

from __future__ import annotations

from decimal import Decimal

from dash.steps.interpret.briefing import Briefing
from dash.steps.interpret.changes import change_clause, earlier_cell, movement
from dash.steps.interpret.listing import tell_list
from dash.steps.interpret.number_lock import Derived, Said
from dash.steps.interpret.ranking import extremes, lowest_is_asked, name_all, tell_ranking, undefined
from dash.steps.interpret.writer import total


def write_headline(briefing: Briefing) -> Said:
    """The headline of a result of any shape."""
    if briefing.asked.funnel and len(briefing.table.numbers(briefing.metric)) > 1:
        return briefing.writer.sentence(_funnel(briefing))
    write = {
        "nothing": _nothing,
        "one": _one,
        "several": _several,
        "compared": _compared,
        "ranking": tell_ranking,
        "values": _values,
        "series": _series,
        "series_by": _series_by,
        "cross": _cross,
        "list": tell_list,
    }[briefing.shape]
    return briefing.writer.sentence(write(briefing))


def _funnel(briefing: Briefing) -> Said:
    """How many began and how many of them came through."""
    writer, table = briefing.writer, briefing.table
    rows = table.numbers(briefing.metric)
    first, last = table.cell(rows[0], briefing.metric), table.cell(rows[-1], briefing.metric)
    unnamed = writer.quote(briefing.phrases.numbers.unnamed, "phrase")
    share = Derived("share", (last, first))
    return writer.fill(
        briefing.phrases.headline.funnel,
        metric=briefing.metric_words(),
        period=briefing.period,
        first=briefing.group(rows[0]) or unnamed,
        start=briefing.value(rows[0]),
        last=briefing.group(rows[-1]) or unnamed,
        end=briefing.value(rows[-1]),
        share=writer.figure(share, "percent") if writer.value(share) is not None else unnamed,
    )


def _nothing(briefing: Briefing) -> Said:
    what = briefing.metric_words() if briefing.table.metrics else briefing.rows_words()
    return briefing.writer.fill(briefing.phrases.headline.nothing, what=what, period=briefing.period)


def _one(briefing: Briefing) -> Said:
    writer, words, column = briefing.writer, briefing.phrases.headline, briefing.column
    cell = briefing.table.cell(0, briefing.metric)
    if briefing.table.rows[0][briefing.metric] is None:
        return undefined(briefing)
    if briefing.asked.share and (briefing.asked.counted or briefing.asked.numerator or briefing.asked.numerator_each):
        return _share(briefing)
    said = writer.fill(
        words.one_metric, metric=briefing.metric_words(), period=briefing.period, value=briefing.value(0)
    )
    comparison = briefing.asked.comparison
    before = earlier_cell(briefing, 0, briefing.metric) if comparison else None
    change = change_clause(briefing, cell, before, column) if before else None
    return writer.fill(words.with_change, headline=said, change=change) if change else said


def _share(briefing: Briefing) -> Said:
    """What part of the rows pass a condition: "34% (412 of 1,204)", or "1,204, of which … 412" where both are asked."""
    writer, words, value = briefing.writer, briefing.phrases.headline, briefing.value(0)
    metric = briefing.with_conditions(writer.quote(briefing.labels.metric_label(briefing.column.metric or ""), "label"))
    slots = {"metric": metric, "period": briefing.period, "filters": briefing.numerator}
    counts = briefing.table.counts_of_share()
    if counts is None:
        return writer.fill(words.share_of, value=value, **slots)
    whole, part = (briefing.value(0, index) for index in counts)
    if briefing.asked.counted:
        return writer.fill(words.counted_part, whole=whole, part=part, share=value, **slots)
    return writer.fill(
        words.share_of, value=writer.fill(words.part_of_whole, share=value, part=part, whole=whole), **slots
    )


def _several(briefing: Briefing) -> Said:
    writer, words = briefing.writer, briefing.phrases.headline
    labelled = [
        writer.fill(words.labelled, label=briefing.column_label(index), value=briefing.value(0, index))
        for index in briefing.metrics
    ]
    values = writer.join(labelled, words.detail_separator)
    return writer.fill(words.several_metrics, period=briefing.with_conditions(briefing.period), values=values)


def _compared(briefing: Briefing) -> Said:
    writer, words = briefing.writer, briefing.phrases.headline
    values = [_in_brackets(briefing, row, words.labelled) for row in range(len(briefing.table.rows))]
    named = [value for value in values if value]
    return writer.fill(
        words.compared,
        metric=briefing.metric_words(),
        period=briefing.period,
        values=writer.join(named, words.detail_separator),
    )


def _in_brackets(briefing: Briefing, row: int, phrase: dict[str, str]) -> Said | None:
    label, value = briefing.group(row), briefing.value(row)
    share = briefing.table.beside(briefing.metric, "share") if briefing.asked.sides else None
    if share is not None:  # "15,789 (78.9%)"
        told = briefing.phrases.headline.in_brackets
        value = briefing.writer.fill(told, label=value, value=briefing.value(row, share))
    return briefing.writer.fill(phrase, label=label, value=value) if label else None


def _values(briefing: Briefing) -> Said:
    """The distinct values of a dimension."""
    column, rows = briefing.table.columns[briefing.table.dimensions[0]], range(len(briefing.table.rows))
    return briefing.writer.fill(
        briefing.phrases.headline.ranking_values_only,
        dimension=briefing.metric_words(column),
        period=briefing.period,
        values=briefing.writer.join([name for name in map(briefing.group, rows) if name], ", "),
    )


def _series(briefing: Briefing) -> Said:
    writer, words, trend = briefing.writer, briefing.phrases.headline, briefing.trend
    slots = {"metric": briefing.metric_words(), "period": briefing.period}
    ends = trend.whole if len(trend.whole) > 1 else trend.rows
    if not ends:
        return writer.fill(words.series_undefined, grain=getattr(briefing.phrases.grains, trend.grain), **slots)
    if len(ends) == 1:
        bucket = briefing.bucket(ends[0], trend.grain)
        return writer.fill(words.series_single, bucket=bucket, value=briefing.value(ends[0]), **slots)
    first, last = ends[0], ends[-1]
    cells = briefing.table.cell(last, briefing.metric), briefing.table.cell(first, briefing.metric)
    return writer.fill(
        words.series,
        grain=getattr(briefing.phrases.grains, trend.grain),
        first=briefing.bucket(first, trend.grain),
        start=briefing.value(first),
        last=briefing.bucket(last, trend.grain),
        end=briefing.value(last),
        movement=movement(briefing, *cells, briefing.column),
        **slots,
    )


def _series_by(briefing: Briefing) -> Said:
    """A trend for each of several groups: who has most of it in all, or who is where in the latest whole bucket."""
    writer, words, trend = briefing.writer, briefing.phrases.headline, briefing.trend
    grain = getattr(briefing.phrases.grains, trend.grain)
    slots = {"metric": briefing.metric_words(), "period": briefing.period, "grain": grain}
    if not trend.rows:
        return writer.fill(words.series_undefined, **slots)
    if briefing.labels.adds_up(briefing.column) and briefing.complete and len(briefing.table.dimensions) == 1:
        leader, rows = leading_group(briefing)
        cells = briefing.table.cells(briefing.metric)
        mine = total(cells[row] for row in rows)
        share = Derived("share", (mine, total(cells)))
        if writer.value(share) is not None:
            return writer.fill(
                words.series_by_total,
                total=writer.amount_of(total(cells), briefing.column),
                leader=leader,
                value=writer.amount_of(mine, briefing.column),
                share=writer.figure(share, "percent"),
                **slots,
            )
    return _latest_bucket(briefing, (trend.whole or trend.rows)[-1], trend.grain, slots)


def _latest_bucket(briefing: Briefing, latest: int, grain: str, slots: dict[str, Said | str]) -> Said:
    table, position = briefing.table, briefing.table.time
    assert position is not None, "a trend has a time column"
    same = [row for row in table.numbers(briefing.metric) if table.rows[row][position] == table.rows[latest][position]]
    high, low = extremes(briefing, same, lowest=False), extremes(briefing, same, lowest=True)
    return briefing.writer.fill(
        briefing.phrases.headline.series_by_ends,
        bucket=briefing.bucket(latest, grain),
        highest=name_all(briefing, high),
        high=briefing.value(high[0]),
        lowest=name_all(briefing, low),
        low=briefing.value(low[0]),
        **slots,
    )


def leading_group(briefing: Briefing) -> tuple[Said, list[int]]:
    """The group whose rows add up to most, and those rows."""
    groups: dict[str, list[int]] = {}
    for row in range(len(briefing.table.rows)):
        groups.setdefault(repr(briefing.table.rows[row][briefing.table.dimensions[0]]), []).append(row)
    cells = briefing.table.cells(briefing.metric)
    best = max(groups.values(), key=lambda rows: briefing.writer.value(total(cells[row] for row in rows)) or Decimal(0))
    return name_all(briefing, best[:1]), best


def _cross(briefing: Briefing) -> Said:
    writer, words, rows = briefing.writer, briefing.phrases.headline, briefing.table.numbers(briefing.metric)
    slots = {"metric": briefing.metric_words(), "period": briefing.period}
    if not rows:
        return undefined(briefing)
    lowest = lowest_is_asked(briefing) is True
    best = extremes(briefing, rows, lowest=lowest)[0]
    unnamed = writer.quote(briefing.phrases.numbers.unnamed, "phrase")
    names = [briefing.group(best, dimension) or unnamed for dimension in briefing.table.dimensions]
    place, value = writer.join(names, words.place_separator), briefing.value(best)
    if briefing.whole is not None and not lowest:
        in_all = writer.amount_of(briefing.whole, briefing.column)
        return writer.fill(words.cross_total, total=in_all, place=place, value=value, **slots)
    return writer.fill(words.cross_lowest if lowest else words.cross_highest, place=place, value=value, **slots)
