"""Slots of a follow-up put into the query of the turn before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dash.language.finish import finish, rows_to_metrics, validate
from dash.language.fragment import DoesNotCompose, Fragment
from dash.records import Filter, MetricUse, SemanticQuery
from dash.semantics.compile import earlier_window
from dash.semantics.model import SemanticModel


def merge(previous: SemanticQuery, new: Fragment, model: SemanticModel, now: datetime, zone: str) -> SemanticQuery:
    """The previous query with the slots that the new words fill. Raises DoesNotCompose when they cannot be combined."""
    subject = _subject(previous, new, model)
    whole = replace(
        new,
        metrics=[use.name for use in subject],
        rows=[],
        groups=new.groups or ([] if new.grain or "list" in new.shapes else list(previous.dimensions)),
        grain=new.grain or (None if new.groups or "list" in new.shapes else previous.grain),
        windows=new.windows or ([previous.window] if previous.window else []),
        filters=_filters(previous.filters, new.filters),
        time_dimension=new.time_dimension or previous.time_dimension,
        aggregation=new.aggregation or next((use.aggregation for use in previous.metrics), None),
        limit=new.limit if new.limit is not None else (previous.limit if not new.groups and not new.metrics else None),
        shapes=set(new.shapes) | ({"list"} if previous.shape == "list" and not _regroups(new) else set()),
        follow_up=False,
    )
    if "compare" in new.shapes and len(new.windows) == 1 and previous.window is not None:
        whole = replace(whole, windows=[previous.window, *new.windows])
    if new.earlier and not new.windows:
        before = earlier_window(previous.window)
        if before is None:
            raise DoesNotCompose("before what is not said")
        whole = replace(whole, windows=[before], earlier=False)
    if "share" in new.shapes and not whole.groups and not new.filters:
        raise DoesNotCompose("of what the share is taken is not said")
    query = finish(whole, model, now, zone)
    same_ranking = not new.groups and not new.metrics and query.shape == previous.shape
    kept_order = previous.order if query.order is None and same_ranking else None
    kept_having = previous.having if not query.having and not new.groups and not new.metrics else query.having
    if kept_order or kept_having:
        query = replace(query, order=query.order or kept_order, having=kept_having)
        validate(query, model)
    return query


def _subject(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> list[MetricUse]:
    if new.metrics:
        return [MetricUse(name) for name in new.metrics]
    if new.rows:
        tables = {model.metric_table(model.metrics[use.name]) for use in previous.metrics}
        if not tables & set(new.rows):
            return [MetricUse(name) for name in rows_to_metrics(new.rows, model)]
    if previous.metrics:
        return list(previous.metrics)
    if previous.rows_of in model.metrics:
        return [MetricUse(previous.rows_of or "")]
    return [MetricUse(name) for name in rows_to_metrics([previous.rows_of or ""], model)]


def _regroups(new: Fragment) -> bool:
    return bool(new.groups or new.grain or new.shapes & {"count", "share", "trend", "compare", "change", "breakdown"})


def _filters(old: tuple[Filter, ...], new: list[Filter]) -> list[Filter]:
    """A condition on the same dimension replaces the old one; others are added."""
    changed = {f.dimension for f in new}
    return [f for f in old if f.dimension not in changed] + new
