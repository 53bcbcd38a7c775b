"""Two or three questions that can really be answered next, in the language of the question.

Those of a vetted query's file come first, then those that the planner offers; where it offers none, they are built
from labels that the planner reads back (metrics, dimensions and values of the knowledge), only along dimensions that
the metric has, and with the conditions of the question kept, so none leads into a clarification.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from dash.knowledge.formats import MetricFile, TableFile
from dash.steps.interpret.briefing import Briefing
from dash.steps.interpret.periods import name_period

_MOST = 3
_MONTHS_OF_A_TREND = "last_n_months:6"


def suggest(briefing: Briefing) -> tuple[str, ...]:
    """Up to three questions, none of which repeats the one that was asked."""
    query = briefing.knowledge.queries.get(briefing.plan.vetted_query or "")
    written = query.follow_ups.get(briefing.labels.language, []) if query else []
    asked, chosen = _bare(briefing.question.text), list[str]()
    offered = briefing.plan.follow_ups or _built(briefing)
    for question in [*(one for one in written if "{" not in one), *offered]:
        if _bare(question) != asked and _bare(question) not in map(_bare, chosen):
            chosen.append(question)
    return tuple(chosen[:_MOST])


def _built(briefing: Briefing) -> Iterator[str]:
    metric = _metric(briefing)
    table = briefing.knowledge.tables.get(metric.table or "") if metric else None
    if metric is None or table is None or briefing.timing.names_one_thing:
        return
    words, period = briefing.phrases.follow_ups, _period(briefing)
    name, used = _metric_with_values(briefing, metric), set(briefing.asked.dimensions)
    dimensions = [one for one in _dimensions(briefing, metric, table) if one not in used | _filtered(briefing)]
    slots = {"metric": name, "period": period}
    if briefing.shape in ("one", "several", "series", "list") and dimensions:
        yield _say(words.by_dimension, dimension=_dimension(briefing, dimensions[0]), **slots)
    if briefing.table.time is None and _has_time(metric, table):
        trend = name_period(_MONTHS_OF_A_TREND, briefing.phrases) or ""
        yield _say(words.trend, grain=briefing.phrases.grains.month, metric=name, period=trend)
    if briefing.timing.window and briefing.timing.window.previous_start and not briefing.asked.comparison and period:
        yield _say(words.against_previous, **slots)
    for dimension in dimensions[1:] if briefing.shape in ("one", "several", "series", "list") else dimensions:
        yield _say(words.by_dimension, dimension=_dimension(briefing, dimension), **slots)


def _metric(briefing: Briefing) -> MetricFile | None:
    """The governed metric that the answer is about."""
    if briefing.table.metrics:
        return briefing.labels.metric(briefing.column.metric)
    table = briefing.knowledge.tables.get(briefing.asked.rows_of or "")
    return briefing.labels.metric(table.count_metric if table else briefing.asked.rows_of)


def _dimensions(briefing: Briefing, metric: MetricFile, table: TableFile) -> list[str]:
    """Dimensions by which the metric may be split, the usual ones first: those that other metrics are split by."""
    usual = Counter(one.default_dimension for one in briefing.knowledge.metrics.values())
    own = [column.dimension or column.name for column in table.table_columns]
    allowed = metric.dimensions if metric.dimensions is not None else [name for name in own if usual[name]]
    names = [name for name in dict.fromkeys([metric.default_dimension, *allowed]) if name and _sayable(briefing, name)]
    return sorted(names, key=lambda name: (name != metric.default_dimension, -usual[name]))


def _sayable(briefing: Briefing, dimension: str) -> bool:
    columns = briefing.labels.columns_of(dimension)
    return bool(columns) and all(one.role == "dimension" and not one.personal and not one.untrusted for one in columns)


def _filtered(briefing: Briefing) -> set[str]:
    """Dimensions held to one value; splitting by them would show a single group."""
    return {one.dimension for one in briefing.asked.filters if one.operator == "in" and len(one.values) == 1}


def _has_time(metric: MetricFile, table: TableFile) -> bool:
    return not metric.present_state and bool(metric.time_dimension or table.time_dimension)


def _metric_with_values(briefing: Briefing, metric: MetricFile) -> str:
    """The metric with the question's conditions, where they are values that can be said; else alone."""
    label = briefing.labels.metric_label(metric.name)
    filters = briefing.asked.filters
    if not filters or any(one.operator != "in" for one in filters):
        return label
    values = [briefing.labels.value_label(one.dimension, value) for one in filters for value in one.values]
    listed = briefing.phrases.headline.both.join(values) if len(values) < 3 else ", ".join(values)
    return _say(briefing.phrases.follow_ups.for_values, metric=label, values=listed)


def _period(briefing: Briefing) -> str:
    """The question's period as a question says it; nothing for a period that has no words of its own."""
    return (name_period(briefing.timing.window.phrase, briefing.phrases) or "") if briefing.timing.window else ""


def _dimension(briefing: Briefing, name: str) -> str:
    return briefing.labels.dimension_label(name).lower()


def _say(phrase: dict[str, str], **slots: str) -> str:
    question = " ".join(phrase["other"].format(**slots).split())
    question = re.sub(r"\s+([?,.:])", r"\1", question)  # "by channel ?" when there is no period
    return question[0].upper() + question[1:]


def _bare(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.lower()))
