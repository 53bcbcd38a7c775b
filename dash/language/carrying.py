"""What a turn takes over from the query of the turn before: what is counted or measured, when, and under which
conditions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dash.language.finish import rows_to_metrics
from dash.language.fragment import Bound, DoesNotCompose, Doubtful, Fragment
from dash.language.periods import EARLIER, Periods
from dash.language.timing import unit_of
from dash.records import Filter, MetricUse, SemanticQuery, Window
from dash.semantics.compile import earlier_window
from dash.semantics.model import SemanticModel
from dash.semantics.moments import resolve_window


def subject_of(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> list[MetricUse]:
    counted = new.metrics[0] if len(new.metrics) == 1 else ""
    tables = {model.metric_table(model.metrics[use.name]) for use in previous.metrics}
    if counted and previous.metrics and new.only and new.filters and not model.selects(counted):
        plain = model.counts_rows(counted) and "count" not in new.shapes
        if plain and tables == {model.metric_table(model.metrics[counted])}:
            return list(previous.metrics)  # "now only the *tickets* by whatsapp": the noun says of what
        if plain and not any(model.counts_rows(use.name) for use in previous.metrics):
            told = all(model.allows(model.metrics[u.name], f.dimension) for u in previous.metrics for f in new.filters)
            if told:
                return list(previous.metrics)  # a duration, "only for *tickets* of high urgency"
            raise Doubtful("whether what was measured is still meant is not said")
    if new.metrics and new.adds and previous.shape != "list":
        kept = [use.name for use in previous.metrics]
        return [*previous.metrics, *(MetricUse(name) for name in new.metrics if name not in kept)]
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


def filters_of(old: tuple[Filter, ...], new: list[Filter]) -> tuple[Filter, ...]:
    """A condition on the same dimension replaces the old one; others are added."""
    changed = {f.dimension for f in new}
    return (*(f for f in old if f.dimension not in changed), *new)


def period_of(previous: SemanticQuery, new: Fragment, now: datetime, zone: str) -> Window | None:
    """The new period. "The previous quarter", said of what is last quarter already, is the one before that."""
    if new.elided is not None:
        return _elided(previous, new, now, zone)
    if not new.windows:
        unit = unit_of(previous.window) if previous.window is not None else None
        if new.earlier_unit is not None and unit not in (None, new.earlier_unit):
            raise DoesNotCompose("a unit before a period of another is not said")  # last week, "and the *month* before"
        if previous.window is not None and previous.window.phrase.startswith("this_"):
            return Periods(now, zone).last(previous.window.phrase.removeprefix("this_"))
        before = earlier_window(previous.window)
        day = previous.window is not None and previous.window.phrase.startswith("day:")
        if before is None or (day and new.earlier_unit is None):  # Friday, «а в позапрошлую»
            raise DoesNotCompose("before what is not said")
        return before
    window = new.windows[0]
    if window.phrase.startswith(EARLIER):
        if previous.window is None or window.phrase != f"{EARLIER}{previous.window.phrase}":
            raise DoesNotCompose("before what is not said")
        return earlier_window(previous.window)
    former = previous.window
    named = former is not None and ":" in former.phrase and unit_of(former) in ("month", "quarter")
    years = ("year:", "this_year", "last_year", "year_to_date")
    if named and new.follow_up and window.phrase.startswith(years):
        raise Doubtful("whether that year or the same part of it is meant is not said")  # October 2025, "and 2026"
    until = window.start is None and window.end is not None
    if until and former is not None and former.start is not None and former.end is None:
        both = Periods(now, zone).between(former, window)
        if both is None:
            raise DoesNotCompose("that is no time")
        return both  # since 1 October, "only until the 15th"
    says_more = new.filters or new.groups or new.grain or new.time_dimension or new.aggregation or new.limit is not None
    if previous.window is None or not window.phrase.startswith("last_") or says_more:
        return window  # "tickets last week", and then "only urgent last week": the same week
    if resolve_window(window, now, zone) == resolve_window(previous.window, now, zone):
        before = earlier_window(previous.window)
        if before is None:
            raise DoesNotCompose("before what is not said")
        return before
    return window


def _elided(previous: SemanticQuery, new: Fragment, now: datetime, zone: str) -> Window:
    """ "And in this one?", after a period: another one of that length."""
    if previous.window is None or new.windows or new.earlier:
        raise DoesNotCompose("which period that is was not said")
    if new.elided == "same":
        return previous.window
    unit, periods = unit_of(previous.window), Periods(now, zone)
    fixed = ":" in previous.window.phrase and not previous.window.phrase.startswith("last_n_")
    if unit is None or previous.comparison is not None or fixed:  # October last year, "and in this one"
        raise DoesNotCompose("of which length that period is was not said")
    calendar = {"this": periods.this, "last": periods.last, "before_last": periods.before_last}
    named = periods.today() if (unit, new.elided) == ("day", "this") else calendar[new.elided or ""](unit)
    if named.phrase == previous.window.phrase:
        raise DoesNotCompose("that is the period before")
    return named


def kept_time(previous: SemanticQuery, new: Fragment, subject: list[MetricUse], model: SemanticModel) -> str | None:
    """ "Sent in October" and then "how many hours did that save": in October they were sent, whenever they began."""
    if new.windows or previous.window is None or len(previous.metrics) != 1 or len(subject) != 1:
        return None
    before, after = previous.metrics[0].name, subject[0].name
    return model.time_dimension(model.metrics[before]) if model.narrows(after, before) else None


def kept_unit(previous: SemanticQuery, subject: list[MetricUse]) -> str | None:
    """The unit that was asked for, where what is told is still the same."""
    unit = previous.metrics[0].unit if len(previous.metrics) == 1 and subject == [*previous.metrics] else None
    return unit.removesuffix("s") if unit is not None else None


def aimed(bound: Bound, subject: list[MetricUse]) -> Bound:
    """ "Only those over a week": a bound without a noun is one on what the turn before asked for."""
    if bound.metric or bound.row or bound.dimension or bound.times or len(subject) != 1:
        return bound
    return replace(bound, metric=subject[0].name)
