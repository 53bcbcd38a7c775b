"""What to be careful about: thin samples, holes, an unfinished period, old data, cut results, groups that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dash.records import BY_MODEL
from dash.shown.labels import text_of
from dash.steps.interpret.briefing import Briefing
from dash.steps.interpret.number_lock import Count, Derived, RowCount, Said
from dash.steps.interpret.periods import dates_in_words
from dash.steps.interpret.unreviewed import write_unreviewed
from dash.steps.interpret.writer import total

_OLD = timedelta(hours=24)
_GAP = timedelta(hours=1)
_NAMED = 4
_MINIMUM_SAMPLE = 30


def write_caveats(briefing: Briefing) -> list[tuple[str, Said]]:
    """Pairs of kind and sentence, what weighs most first."""
    found: list[tuple[str, Said]] = []
    for find in (
        _unseen,
        write_unreviewed,
        _sample,
        _nulls,
        _missing,
        _parts,
        _unfinished,
        _gaps,
        _freshness,
        _cut,
        _tied,
        _period,
        _overlap,
        _words,
        _model,
    ):
        found.extend(find(briefing))
    return [(kind, briefing.writer.sentence(said)) for kind, said in found]


def _unseen(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    """The database shows different rows to different people: nothing is not nothing, and numbers are this person's."""
    if not briefing.results["main"].restricted:
        return
    words, table = briefing.phrases.caveats, briefing.table
    counted = table.metrics or range(len(table.columns))
    empty = not any(row[index] for row in table.rows for index in counted)
    yield "note", briefing.writer.fill(words.unseen_rows if empty else words.unseen_numbers)


def _sample(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    if briefing.shape in ("nothing", "list", "values"):
        return
    metric = briefing.labels.metric(briefing.column.metric)
    minimum = metric.minimum_sample if metric else _MINIMUM_SAMPLE
    position = briefing.table.beside(briefing.metric, "sample")
    if position is None:
        return
    thin = [row for row in briefing.table.numbers(position) if 0 < briefing.table.rows[row][position] < minimum]
    # The same number in every row is the whole that a query repeats beside its parts, and no sample of any of them.
    if not thin or (len(briefing.table.rows) > 2 and len({row[position] for row in briefing.table.rows}) == 1):
        return
    writer, words = briefing.writer, briefing.phrases.caveats
    limit = writer.quote(str(minimum), "limit")
    if len(briefing.table.rows) == 1:
        cell = briefing.table.cell(thin[0], position)
        yield "small_sample", writer.fill(words.small_sample, cell, count=writer.figure(cell, "count"), minimum=limit)
        return
    named = [(_row_name(briefing, row), briefing.value(row, position)) for row in thin[:_NAMED]]
    values = [
        writer.fill(briefing.phrases.headline.in_brackets, label=name, value=count) for name, count in named if name
    ]
    if len(thin) > _NAMED:
        values.append(writer.quote("…", "phrase"))
    yield "small_sample", writer.fill(words.small_samples, values=writer.join(values, ", "), minimum=limit)


def _row_name(briefing: Briefing, row: int) -> Said | None:
    """What tells a row from the others: its bucket of time, its groups."""
    parts = [briefing.bucket(row, briefing.trend.grain)] if briefing.table.time is not None else []
    for dimension in briefing.table.dimensions:
        name = briefing.group(row, dimension)
        if name is None:
            return None
        parts.append(name)
    return briefing.writer.join(parts, briefing.phrases.headline.place_separator)


def _nulls(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    table, writer, words = briefing.table, briefing.writer, briefing.phrases.caveats
    if briefing.shape not in ("ranking", "cross", "series", "series_by", "compared"):
        return
    empty = tuple(cell for cell in table.cells(briefing.metric) if table.rows[cell.row][briefing.metric] is None)
    if empty and len(empty) < len(table.rows):
        label, count = writer.quote(briefing.column.label, "label"), writer.figure(Count(empty), "count")
        rows = writer.figure(RowCount("main"), "count")
        yield "nulls", writer.fill(words.null_values, metric=label, count=count, rows=rows)
    if briefing.shape != "ranking" or briefing.whole is None:
        return
    dimension = table.dimensions[0]
    for row in range(len(table.rows)):
        cell = table.cell(row, briefing.metric)
        share = Derived("share", (cell, briefing.whole))
        if table.rows[row][dimension] is None and writer.amount(share) >= 1:
            label = writer.quote(table.columns[dimension].label, "label")
            count, part = writer.amount_of(cell, briefing.column), writer.figure(share, "percent")
            yield "nulls", writer.fill(words.null_group, dimension=label, count=count, share=part)


def _missing(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    """What the question sets beside each other and the result has no row of."""
    asked, words, writer, table = briefing.asked, briefing.phrases.caveats, briefing.writer, briefing.table
    dimension = briefing.compared
    cut = asked.having or asked.limit is not None or briefing.results["main"].truncated
    if dimension is None or cut or not table.rows or dimension in briefing.labels.masked:
        return
    place = next((index for index in table.dimensions if table.columns[index].name == dimension), None)
    if place is None:
        return
    found = {row[place] for row in table.rows}
    if asked.sides:
        if len(found) == 1:
            yield "note", writer.fill(words.missing_side)
        return
    wanted = next(one.values for one in asked.filters if one.dimension == dimension and one.operator == "in")
    missing = [briefing.labels.value_label(dimension, value) for value in wanted if value not in found]
    if missing:
        named = [writer.quote(label, "label") for label in missing]
        yield "note", writer.fill(words.missing_values, values=writer.join(named, ", "))


def _parts(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    """The groups of a count must add up to the count without groups."""
    if briefing.shape not in ("ranking", "cross", "series", "series_by"):
        return
    counted = briefing.total_cell(briefing.column)
    if counted is None or not briefing.complete or not briefing.labels.adds_up(briefing.column):
        return
    writer, parts = briefing.writer, total(briefing.table.cells(briefing.metric))
    if writer.value(parts) != writer.value(counted):
        unit = briefing.column.unit
        slots = {"parts": writer.figure(parts, unit), "total": writer.figure(counted, unit)}
        yield "note", writer.fill(briefing.phrases.caveats.parts, **slots)


def _unfinished(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    if briefing.timing.window is None or not briefing.timing.window.unfinished:
        return
    if briefing.shape in ("series", "series_by", "nothing"):  # a trend says it of its last bucket
        return
    start = briefing.timing.bounds[0]
    if start is not None and start > briefing.question.now:
        return
    yield "unfinished", briefing.writer.fill(briefing.phrases.caveats.unfinished)


def _gaps(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    """Buckets that the result does not have, and a first one of which the period takes only a part."""
    if briefing.shape not in ("series", "series_by"):
        return
    trend, writer = briefing.trend, briefing.writer
    oldest = briefing.timing.covered("oldest")
    if trend.rows and oldest and trend.data_begins_inside:
        said = writer.cell(oldest[0], briefing.newest_column)
        yield "freshness", writer.fill(briefing.phrases.caveats.begins_inside, oldest=said)
    elif trend.rows and trend.is_cut(trend.rows[0]):
        bucket = briefing.bucket(trend.rows[0], trend.grain)
        yield "unfinished", writer.fill(briefing.phrases.caveats.partial_first, bucket=bucket)
    if trend.missing():
        yield "nulls", writer.fill(briefing.phrases.caveats.gaps)


def _freshness(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    """Said when the data does not reach the period's end or is older than a day, and when it begins too late."""
    newest, oldest = briefing.timing.covered("newest"), briefing.timing.covered("oldest")
    writer, words, now = briefing.writer, briefing.phrases.caveats, briefing.question.now
    start, end = briefing.timing.bounds
    if start is not None and start > now:
        yield "freshness", writer.fill(words.not_begun)
    elif newest:
        said, moment = writer.cell(newest[0], briefing.newest_column), newest[1]
        if start is not None and moment < start:
            yield "freshness", writer.fill(words.stale_before, newest=said)
        elif end is not None and end <= now - _GAP and moment < end - _GAP:
            yield "freshness", writer.fill(words.ends_early, newest=said)
        elif (end is None or end > now - _OLD) and moment < now - _OLD:
            yield "freshness", writer.fill(words.stale, newest=said)
    if oldest and briefing.shape not in ("series", "series_by"):  # a trend says it of its first bucket
        said, moment = writer.cell(oldest[0], briefing.newest_column), oldest[1]
        before = briefing.timing.previous_bounds[0] if briefing.compares else None
        if end is not None and end <= moment:
            yield "freshness", writer.fill(words.begins_after, oldest=said)
        elif start is not None and start.date() < moment.date():
            yield "freshness", writer.fill(words.begins_late, oldest=said)
        elif before is not None and before.date() < moment.date():
            yield "freshness", writer.fill(words.previous_uncovered, oldest=said)


def _cut(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    writer, words, result = briefing.writer, briefing.phrases.caveats, briefing.results["main"]
    own = briefing.plan.main.own_limit
    if result.truncated or (own is not None and own > 1 and len(result.rows) >= own):
        yield "truncated", writer.fill(words.truncated, count=writer.figure(RowCount("main"), "count"))
    if result.masked:
        labels = [column.label for column in briefing.table.columns if column.name in result.masked]
        columns = writer.quote(", ".join(labels), "label")
        yield "note", writer.fill(words.masked, columns=columns)


def _period(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    """No period was named: all the data is covered, and from when until when."""
    if briefing.shape == "nothing" or briefing.timing.bounds != (None, None) or not briefing.timing.has_period:
        return
    writer, words = briefing.writer, briefing.phrases.caveats
    newest, oldest = briefing.timing.covered("newest"), briefing.timing.covered("oldest")
    if not newest or not oldest:
        yield "no_period", writer.fill(words.no_period_unknown)
        return
    dates = dates_in_words(oldest[1], newest[1] + timedelta(microseconds=1), briefing.phrases)
    yield "no_period", writer.fill(words.no_period, dates=writer.quote(dates, "coverage"))


def _tied(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    """The last place of a "top 5" may be shared by groups that did not make it into the table."""
    beyond, table = briefing.results.get("beyond"), briefing.table
    if beyond is None or not table.rows or len(beyond.rows) <= len(table.rows) or not table.metrics:
        return
    name = briefing.column.name
    place = next((i for i, column in enumerate(beyond.columns) if column.name == name), None)
    if place is not None and beyond.rows[len(table.rows)][place] == table.rows[-1][briefing.metric]:
        yield "note", briefing.writer.fill(briefing.phrases.caveats.tied)


def _overlap(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    query = briefing.knowledge.queries.get(briefing.plan.vetted_query or "")
    if query and query.caution:  # it says so in its own words
        return
    if briefing.table.metrics and briefing.overlapping:
        label = briefing.table.columns[briefing.overlapping[0]].label
        dimension = briefing.writer.quote(label, "label")
        yield "overlap", briefing.writer.fill(briefing.phrases.caveats.overlap, dimension=dimension)


def _words(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    """Cautions that people wrote into the knowledge."""
    labels, quote = briefing.labels, briefing.writer.quote
    query = briefing.knowledge.queries.get(briefing.plan.vetted_query or "")
    names = [briefing.table.columns[index].metric for index in briefing.table.metrics] or [briefing.asked.rows_of]
    metrics = [labels.metric(name) for name in dict.fromkeys([*names, *(query.metrics if query else ())])]
    cautions = [text_of(metric.caution, labels.language) for metric in metrics if metric]
    if query and query.caution:  # whoever wrote it knew what its metrics warn of
        cautions = [text_of(query.caution, labels.language)]
    for caution in dict.fromkeys(filter(None, cautions)):
        yield "definition", quote(caution, "knowledge")


def _model(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    """What a language model had to do with the answer, and what of its work is not proven."""
    plan, words, writer = briefing.plan, briefing.phrases.caveats, briefing.writer
    for doubt in plan.unconfirmed:
        label = briefing.labels.metric_label(doubt.about) if briefing.labels.metric(doubt.about) else doubt.about
        phrase = getattr(words, f"unconfirmed_{doubt.kind}")
        yield "unconfirmed", writer.fill(phrase, about=writer.quote(label, "label"))
    if plan.left_out:
        yield "note", writer.fill(words.left_out, words=writer.quote(", ".join(plan.left_out), "question"))
    if plan.provenance in BY_MODEL:
        yield "note", writer.fill(words.model_written)
    elif plan.provenance == "model_read":
        # Names of the knowledge, never words of the model's own: those stand in how each word was understood.
        explained = [one for one in plan.understood if one.kind == "model" and one.words not in plan.left_out]
        pairs = [
            writer.fill(briefing.phrases.headline.detail, label=writer.quote(one.words, "question"),
                        value=writer.quote(one.meaning, "label"))
            for one in explained
        ]  # fmt: skip
        if pairs:
            yield "note", writer.fill(words.model_words, words=writer.join(pairs, "; "))
        yield "note", writer.fill(words.model_read)
