"""The sentences behind the headline: what changed, what moved it, how the others did."""

from __future__ import annotations

from dash.records import Column, Result
from dash.shown.numbers import exact
from dash.steps.interpret.briefing import Briefing
from dash.steps.interpret.changes import change_clause, change_figure, earlier_cell, moves
from dash.steps.interpret.number_lock import Cell, Derived, Expression, Said
from dash.steps.interpret.ranking import extremes, lowest_is_asked
from dash.steps.interpret.table import Table, read_table
from dash.steps.interpret.writer import difference, magnitude, total

_METRICS_WITH_CHANGE = 3
_NEXT = 2


# A vetted query's own headline already says who leads; what changed it leaves to us.
_BESIDE_AN_OWN_HEADLINE = ("one", "several", "series")


def write_context(briefing: Briefing, *, headline_is_own: bool = False) -> list[Said]:
    """Further sentences, the most telling first; none when there is nothing to add."""
    if headline_is_own and briefing.shape not in _BESIDE_AN_OWN_HEADLINE:
        return []
    write = {
        "one": _of_one,
        "several": _of_several,
        "compared": _of_two,
        "ranking": _of_ranking,
        "series": _of_series,
        "list": _of_list,
    }.get(briefing.shape)
    clauses = write(briefing) if write else []
    return [briefing.writer.sentence(clause) for clause in clauses if clause]


def _of_one(briefing: Briefing) -> list[Said]:
    clauses: list[Said | None] = []
    cell = briefing.table.cell(0, briefing.metric)
    before = earlier_cell(briefing, 0, briefing.metric)
    if before and not briefing.asked.comparison:  # with a comparison the headline has said it
        change = change_clause(briefing, cell, before, briefing.column)
        if change and briefing.asked.counted:  # of three numbers it is said which
            label = briefing.writer.quote(briefing.column.label, "label")
            change = briefing.writer.fill(briefing.phrases.context.change_of, metric=label, change=change)
        clauses.append(change)
    if before:
        clauses.append(_driver(briefing, cell, before))
    clauses += [_leader(briefing, cell), _sample(briefing), _beside(briefing)]
    return [clause for clause in clauses if clause]


def _of_several(briefing: Briefing) -> list[Said]:
    clauses = []
    for index in briefing.metrics[:_METRICS_WITH_CHANGE]:
        before, column = earlier_cell(briefing, 0, index), briefing.table.columns[index]
        change = change_clause(briefing, briefing.table.cell(0, index), before, column) if before else None
        if change:
            label = briefing.writer.quote(column.label, "label")
            clauses.append(briefing.writer.fill(briefing.phrases.context.change_of, metric=label, change=change))
    return clauses


def _sample(briefing: Briefing) -> Said | None:
    """How many cases the number rests on, unless a number beside it says so."""
    table, writer, words = briefing.table, briefing.writer, briefing.phrases.context
    position = table.beside(briefing.metric, "sample")
    cells = table.rows[0]
    if position is None or not cells[position] or briefing.asked.numerator or briefing.asked.numerator_each:
        return None
    if any(cells[index] == cells[position] for index in briefing.companions_in_row):
        return None
    metric = briefing.labels.metric(briefing.column.metric)
    if cells[position] < (metric.minimum_sample if metric else 0):  # a caveat says it with more weight
        return None
    denominator = briefing.labels.part_label(metric.denominator) if metric and metric.denominator else ""
    count = briefing.value(0, position)
    if not denominator:
        return writer.fill(words.based_on, table.cell(0, position), count=count)
    return writer.fill(words.out_of, count=count, denominator=writer.quote(denominator, "label"))


def _beside(briefing: Briefing) -> Said | None:
    """Metrics that belong beside the answer: a response rate beside a score."""
    writer = briefing.writer
    values = [
        writer.fill(
            briefing.phrases.headline.labelled,
            label=writer.quote(briefing.table.columns[index].label, "label"),
            value=briefing.value(0, index),
        )
        for index in briefing.companions_in_row
    ]
    if not values:
        return None
    joined = writer.join(values, briefing.phrases.headline.detail_separator)
    return writer.fill(briefing.phrases.context.beside, values=joined)


def _driver(briefing: Briefing, now: Expression, before: Expression) -> Said | None:
    """The group that moved most in the direction of the whole, from the first driver companion that has one."""
    writer, column = briefing.writer, briefing.column
    if writer.same_text(now, before, column):
        return None
    whole = difference(now, before)
    rising = writer.amount(whole) > 0
    for role, result in briefing.results.items():
        if role.startswith("driver:") and result.rows:
            table, current, earlier = _driver_table(briefing, role, result)
            ranked = [move for move in moves(briefing, table, current, earlier) if _moved(briefing, move, rising)]
            if ranked:
                return _tell_driver(briefing, table, ranked[0], whole)
    return None


def _leader(briefing: Briefing, whole: Expression) -> Said | None:
    """The group with the largest part of a number whose parts add up, from the first driver companion."""
    for role, result in briefing.results.items():
        if not role.startswith("driver:") or not briefing.labels.adds_up(briefing.column):
            continue
        table, current, _ = _driver_table(briefing, role, result)
        rows = table.numbers(current)
        if len(rows) < 2 or briefing.labels.overlaps(table.columns[0]):
            return None
        best = max(rows, key=lambda row: briefing.writer.amount(table.cell(row, current)))
        if [table.rows[row][current] for row in rows].count(table.rows[best][current]) > 1:
            return None
        text = briefing.labels.quote(table.columns[0], table.rows[best][0])
        share = Derived("share", (table.cell(best, current), whole))
        if text is None or briefing.writer.amount(share) <= 0:
            return None
        label, figure = briefing.writer.quote(text, "label"), briefing.writer.figure(share, "percent")
        return briefing.writer.fill(briefing.phrases.context.leader, value=label, share=figure)
    return None


def _driver_table(briefing: Briefing, role: str, result: Result) -> tuple[Table, int, int]:
    """The companion with the positions of its numbers now and before; they follow the group when nothing says so."""
    planned = briefing.plan.companions.get(role)
    table = read_table(role, planned.columns if planned else (), result)
    group = Column(role.partition(":")[2], "", "text", "dimension")
    table = Table(role, (group, *table.columns[1:]), table.rows)
    earlier = table.having("previous")
    return table, (table.metrics[0] if earlier else 1), (earlier[0] if earlier else 2)


def _moved(briefing: Briefing, move: tuple[int, Cell, Cell], rising: bool) -> bool:
    gap = briefing.writer.amount(difference(move[1], move[2]))
    return gap > 0 if rising else gap < 0


def _tell_driver(briefing: Briefing, table: Table, move: tuple[int, Cell, Cell], whole: Expression) -> Said | None:
    writer, words, column = briefing.writer, briefing.phrases.context, briefing.column
    row, now, before = move
    text = briefing.labels.quote(table.columns[0], table.rows[row][0])
    if text is None:
        return None
    slots = {
        "value": writer.quote(text, "label"),
        "before": writer.amount_of(before, column),
        "now": writer.amount_of(now, column),
        "change": change_figure(briefing, now, before, column, signed=True),
    }
    if not briefing.labels.adds_up(column) or briefing.labels.overlaps(table.columns[0]):
        label = writer.quote(briefing.labels.dimension_label(table.columns[0].name), "label")
        return writer.fill(words.driver_of, dimension=label, **slots)
    if abs(writer.amount(difference(now, before))) > abs(writer.amount(whole)):
        return writer.fill(words.driver, **slots)
    return writer.fill(words.driver_share, whole=writer.figure(whole, column.unit, signed=True), **slots)


def _of_two(briefing: Briefing) -> list[Said]:
    """What lies between two compared values, and which one does better."""
    writer, words, column = briefing.writer, briefing.phrases.context, briefing.column
    rows = briefing.table.numbers(briefing.metric)
    names = [name for name in map(briefing.group, rows) if name]
    if len(rows) != 2 or len(names) != 2:
        return []
    first, second = (briefing.table.cell(row, briefing.metric) for row in rows)
    if writer.same_text(first, second, column):
        return [writer.fill(words.equal)]
    if writer.amount(difference(first, second)) < 0:
        first, second, names = second, first, names[::-1]
    gap = change_figure(briefing, first, second, column)
    ratio = Derived("ratio", (first, second))
    slots = {"first": names[0], "second": names[1], "change": gap}
    telling = column.unit not in ("percent", "score") and writer.amount(magnitude(ratio)) >= 1
    said = writer.fill(words.difference_ratio, times=writer.figure(ratio, "times"), **slots) if telling else None
    clauses = [said or writer.fill(words.difference, **slots)]
    if column.better:
        clauses.append(writer.fill(words.ahead, value=names[0] if column.better == "higher" else names[1]))
    return clauses


def _of_ranking(briefing: Briefing) -> list[Said]:
    return [clause for clause in (_runners_up(briefing), _change_in_all(briefing), _mover(briefing)) if clause]


def _runners_up(briefing: Briefing) -> Said | None:
    """Who comes behind the leader that the headline names."""
    lowest = lowest_is_asked(briefing)
    if lowest is None and briefing.whole is None:
        return None
    rows = briefing.table.numbers(briefing.metric)
    leaders = set(extremes(briefing, rows, lowest=lowest is True)) if rows else set()
    rest = [row for row in rows if row not in leaders]
    rest.sort(key=lambda row: briefing.table.rows[row][briefing.metric], reverse=lowest is not True)
    named = [(briefing.group(row), row) for row in rest[:_NEXT]]
    values = [
        briefing.writer.fill(briefing.phrases.headline.in_brackets, label=name, value=briefing.value(row))
        for name, row in named
        if name is not None
    ]
    return briefing.writer.fill(briefing.phrases.headline.then, values=briefing.writer.join(values)) if values else None


def _change_in_all(briefing: Briefing) -> Said | None:
    """How the total moved, where the groups of both periods add up."""
    if not (briefing.timing.knows_previous and briefing.complete and briefing.labels.adds_up(briefing.column)):
        return None
    own = briefing.table.beside(briefing.metric, "previous")
    previous = None if own is not None else briefing.previous
    earlier = previous.find(briefing.column.name) if previous else own
    if earlier is None:
        return None
    cells = (previous or briefing.table).cells(earlier)
    change = change_clause(briefing, total(briefing.table.cells(briefing.metric)), total(cells), briefing.column)
    return briefing.writer.fill(briefing.phrases.context.in_all, change=change) if change else None


def _mover(briefing: Briefing) -> Said | None:
    """The group that moved most against the period before."""
    pairs = []
    for row in briefing.table.numbers(briefing.metric):
        before = earlier_cell(briefing, row, briefing.metric)
        if before is not None and _is_number(briefing, before):
            pairs.append((row, briefing.table.cell(row, briefing.metric), before))
    pairs.sort(key=lambda pair: -abs(briefing.writer.amount(difference(pair[1], pair[2]))))
    if len(pairs) < 2 or briefing.writer.same_text(pairs[0][1], pairs[0][2], briefing.column):
        return None
    row, now, before = pairs[0]
    name = briefing.group(row)
    if name is None:
        return None
    return briefing.writer.fill(
        briefing.phrases.context.biggest_mover,
        value=name,
        before=briefing.writer.amount_of(before, briefing.column),
        now=briefing.writer.amount_of(now, briefing.column),
        change=change_figure(briefing, now, before, briefing.column, signed=True),
    )


def _is_number(briefing: Briefing, cell: Cell) -> bool:
    """Whether a cell holds a number."""
    return exact(briefing.results[cell.result].rows[cell.row][cell.column]) is not None


def _of_series(briefing: Briefing) -> list[Said]:
    trend, words, clauses = briefing.trend, briefing.phrases.context, []
    if len(trend.whole) > 2:
        high = extremes(briefing, trend.whole, lowest=False)[0]
        low = extremes(briefing, trend.whole, lowest=True)[0]
        if briefing.value(high).text != briefing.value(low).text:
            clauses.append(
                briefing.writer.fill(
                    words.peak,
                    bucket=briefing.bucket(high, trend.grain),
                    value=briefing.value(high),
                    lowest_bucket=briefing.bucket(low, trend.grain),
                    lowest=briefing.value(low),
                )
            )
    if len(trend.rows) > 1 and trend.is_running(trend.rows[-1]):
        last = trend.rows[-1]
        bucket = briefing.bucket(last, trend.grain)
        clauses.append(briefing.writer.fill(words.running, bucket=bucket, value=briefing.value(last)))
    return clauses


def _of_list(briefing: Briefing) -> list[Said]:
    """The first entries by name and by what the list is ordered by."""
    order = briefing.asked.order
    by = next((i for i, c in enumerate(briefing.table.columns) if order and briefing.labels.names(c, order.by)), None)
    if by is None or len(briefing.table.rows) < 2:
        return []
    name, value = briefing.cell_words(0, 0), briefing.cell_words(0, by)
    if name is None or value is None or by == 0:
        return []
    label = briefing.writer.quote(briefing.table.columns[by].label, "label")
    detail = briefing.writer.fill(briefing.phrases.headline.detail, label=label, value=value)
    return [briefing.writer.fill(briefing.phrases.context.first_in_list, value=name, detail=detail)]
