"""Which periods a query is about: one, two that are compared, one and the one before; and the grain of a trend."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from dash.language.fragment import DoesNotCompose, Doubtful, Fragment
from dash.language.periods import EARLIER, Periods
from dash.records import Comparison, Window
from dash.records.semantic_query import Grain
from dash.semantics.fragments import is_additive
from dash.semantics.model import SemanticModel
from dash.semantics.moments import resolve, resolve_window

_LENGTHS = {"week": 7, "month": 30, "quarter": 90, "year": 365}
_THIS = "this_"
_STEPS = ("day", "week", "month", "quarter", "year")
_SINGLE_DAYS = frozenset({"today", "yesterday", "day"})
"""Windows of which "open" may say what came in then and is open now, or what was open then."""


def windows_of(
    fragment: Fragment, model: SemanticModel, now: datetime, zone: str
) -> tuple[Window | None, Comparison | None]:
    """The period and what it is set against. Raises DoesNotCompose, Doubtful where the words may mean two times."""
    if fragment.which and "change" in fragment.shapes and fragment.by_change is None:
        raise Doubtful("whether only those that grew are meant is not said")  # "which categories grew?"
    fragment = _step_by_step(fragment)
    fragment = _one_before_the_other(fragment, now, zone)
    windows = fragment.windows
    if len(windows) > 2:
        raise Doubtful("more than two periods")
    if len(windows) == 2 and fragment.grain is not None and not fragment.shapes & {"compare", "change"}:
        joined = _joined(windows, now, zone)
        windows = [joined] if joined is not None else windows
    if len(windows) == 2:
        return _side_by_side(fragment, model, windows, now, zone)
    window = windows[0] if windows else None
    if fragment.against and not fragment.earlier:  # "did it grow compared to September?"
        raise Doubtful("what is set against that period is not said")
    if window is not None and fragment.step is not None:
        return _stepped(window, fragment.step, now, zone), Comparison("previous")
    if window is not None and "change" in fragment.shapes and fragment.grain is None:
        ends = _two_months(window, now, zone)
        if ends is not None:
            return ends[1], Comparison("window", ends[0])
    if window is not None and _is_timeless_today(fragment, model, window):
        return None, None  # "which categories can go on auto-send today": it has no other time than now
    if window is not None:
        _require_moment(fragment, model, window)
    if fragment.earlier:
        if window is None or window.previous_start is None:
            raise DoesNotCompose("before what is not said")
        if window.phrase.startswith(_THIS):  # "this month and the last": the whole of last month, as when it is named
            return window, Comparison("window", Periods(now, zone).last(window.phrase.removeprefix(_THIS)))
        return window, Comparison("previous")
    if "change" in fragment.shapes or ("compare" in fragment.shapes and not _compares_values(fragment)):
        if window is not None and window.previous_start is None and "change" in fragment.shapes:
            raise Doubtful("what is set against that period is not said")  # "changed since last month"
        if window is None and fragment.grain is not None and "compare" not in fragment.shapes:
            if fragment.step is not None:  # "by month with *year over year* change"
                raise Doubtful("from when it changed is not said")
            return None, None  # "ticket growth by month": over all the data
        if window is None or window.previous_start is None:
            raise DoesNotCompose("there is no period to compare")
        if fragment.grain is None:
            return window, Comparison("previous")
    return window, None


def _one_before_the_other(fragment: Fragment, now: datetime, zone: str) -> Fragment:
    """ "The last 30 days against *the previous 30 days*": nothing is set against itself, so it is the one before."""
    named = [window for window in fragment.windows if not window.phrase.startswith(EARLIER)]
    before = [window.phrase.removeprefix(EARLIER) for window in fragment.windows if window not in named]
    if not before and len(named) == 2:
        first, second = (resolve_window(window, now, zone) for window in named)
        if first == second and not named[0].phrase.startswith("last_n_"):
            raise Doubtful("a period is set against itself")  # last week, and then "compare with last week"
        if first == second:
            named, before = named[:1], [named[0].phrase]
    if not before:
        return fragment
    if len(before) > 1 or [window.phrase for window in named] != before or fragment.earlier:
        raise Doubtful("before what is not said")
    return replace(fragment, windows=named, earlier=True, against=False)


def _side_by_side(
    fragment: Fragment, model: SemanticModel, windows: list[Window], now: datetime, zone: str
) -> tuple[Window, Comparison]:
    """Two periods of one question, the later one first."""
    if fragment.time_dimension is None and _is_present(fragment, model):
        raise Doubtful("whether those of these times or its state then is meant is not said")  # "backlog now vs monday"
    side_by_side = fragment.paired and not _additive(fragment, model)
    if not (fragment.shapes & {"compare", "change"} or side_by_side):
        raise Doubtful("two periods, and nothing says that they are compared")
    current, earlier = windows
    if any(edge is None for window in windows for edge in (window.start, window.end)):
        raise DoesNotCompose("only periods with both ends can be compared")
    assert current.start is not None
    assert earlier.start is not None
    units = [unit_of(window) for window in windows]
    if None not in units and units[0] != units[1] and ("year" in units or _additive(fragment, model)):
        raise Doubtful("periods of different lengths are set against each other")  # "October vs last year"
    if resolve(current.start, now, zone) < resolve(earlier.start, now, zone):
        current, earlier = earlier, current
    return current, Comparison("window", earlier)


def unit_of(window: Window) -> str | None:
    """The unit that a period is one of; None for one of several or of none."""
    name, _, _ = window.phrase.partition(":")
    name = "day" if name in ("today", "yesterday") else name
    name = name.removeprefix("this_").removeprefix("last_").removesuffix("_before_last")
    return name if name in _STEPS else None


def _stepped(window: Window, step: str, now: datetime, zone: str) -> Window:
    """ "October, *year over year*": the period, with that of a year before as the one before it."""
    unit = unit_of(window)
    if unit == step:
        return window
    if step != "year" or unit not in ("month", "quarter"):
        raise Doubtful("from when it changed is not said")  # "yesterday month over month"
    return Periods(now, zone).with_year_before(window)


def is_step(window: Window, grain: str | None) -> bool:
    """Whether a period is the one before, in the steps of a trend: "tickets by week, change to *the previous week*"."""
    if grain is None:
        return False
    end = window.end
    until = window.start is None and end is not None and (end.truncate, end.shift) == (grain, 0)
    return until or window.phrase == f"last_{grain}"  # "the change *to the previous week*"


def _step_by_step(fragment: Fragment) -> Fragment:
    """A trend with the change from each step to the next, without what names the step before."""
    if "change" not in fragment.shapes or fragment.grain is None:
        return fragment
    windows = [window for window in fragment.windows if not is_step(window, fragment.grain)]
    earlier = fragment.earlier and fragment.earlier_unit not in (None, fragment.grain)
    step = None if fragment.step == fragment.grain else fragment.step
    return replace(fragment, windows=windows, earlier=earlier, step=step)


def paced(fragment: Fragment) -> Fragment:
    """ "Growth *month to month* from June to October": the steps of a trend, and no period against another."""
    if fragment.step is None or fragment.grain is not None:
        return fragment
    unit = unit_of(fragment.windows[0]) if len(fragment.windows) == 1 else None
    if unit is not None and _STEPS.index(fragment.step) >= _STEPS.index(unit):
        return fragment
    return replace(fragment, grain=fragment.step, step=None)


def _is_present(fragment: Fragment, model: SemanticModel) -> bool:
    return any(model.metrics[name].present_state for name in fragment.metrics)


def _is_timeless_today(fragment: Fragment, model: SemanticModel, window: Window) -> bool:
    timeless = bool(fragment.metrics) and all(
        model.time_dimension(model.metrics[name], fragment.time_dimension) is None for name in fragment.metrics
    )
    return window.phrase == "today" and timeless and _is_present(fragment, model) and not fragment.was


def _require_moment(fragment: Fragment, model: SemanticModel, window: Window) -> None:
    """Raises Doubtful where a period may be that of a state, of its end, or of how long it lasted."""
    present = _is_present(fragment, model)
    states = any(model.stages(one.dimension) for one in fragment.filters) or any(map(model.selects, fragment.metrics))
    since = window.phrase.startswith("since:")
    unsaid = present and fragment.time_dimension is None
    if since and (unsaid or any(map(model.waiting_since, fragment.metrics))):
        raise Doubtful("whether they are so since then or came in since then is not said")  # "stuck since Monday"
    if fragment.lasted and (present or states):
        raise Doubtful("whether they are so for that long or came in then is not said")  # "unassigned for 2 days"
    if fragment.was or (present and window.phrase == "all_time"):
        raise Doubtful("whether it ever was so is not known")  # "were ever stuck", "were open last month"
    if present and window.phrase.partition(":")[0] in _SINGLE_DAYS:
        raise Doubtful("whether those of that day or its state is meant is not said")


def compares_buckets(fragment: Fragment) -> bool:
    """ "October against September, by category for each month": the two months are the buckets."""
    named = all(window.phrase.startswith(f"{fragment.grain}:") for window in fragment.windows)
    return len(fragment.windows) == 2 and named and bool(fragment.shapes & {"compare", "change"})


def _joined(windows: list[Window], now: datetime, zone: str) -> Window | None:
    """ "Monthly, for Q2 and Q3": two periods of which one begins where the other ends are one, when it is told by
    month anyway."""
    first, last = sorted(windows, key=lambda window: resolve_window(window, now, zone)[0] or now)
    if first.end is None or last.start is None or last.end is None:
        return None
    if resolve(first.end, now, zone) != resolve(last.start, now, zone):
        return None
    return Periods(now, zone).between(first, last)


def _two_months(window: Window, now: datetime, zone: str) -> tuple[Window, Window] | None:
    """ "Grew from September to October": two months that are compared, and not one stretch of time."""
    if not window.phrase.startswith("between:"):
        return None
    start, end = resolve_window(window, now, zone)
    if start is None or end is None or (start.day, end.day) != (1, 1):
        return None
    last = end - timedelta(days=1)
    if (last.year - start.year) * 12 + last.month - start.month != 1:
        return None
    periods = Periods(now, zone)
    return periods.month(start.month, start.year), periods.month(last.month, last.year)


def hours_of_the_day(fragment: Fragment, window: Window | None, now: datetime, zone: str) -> bool:
    """Whether "by hour" means the hour of the day: over more than three days nobody wants each single hour."""
    if fragment.grain != "hour" or "trend" in fragment.shapes:
        return False
    if window is None or window.start is None:
        return True
    end = resolve(window.end, now, zone) if window.end else now
    return (end - resolve(window.start, now, zone)).days > 3


def _additive(fragment: Fragment, model: SemanticModel) -> bool:
    """Whether two periods could just as well be meant as one: counts add up, rates can only be set side by side."""
    return any(is_additive(model.metrics[name].calculation) for name in fragment.metrics)


def _compares_values(fragment: Fragment) -> bool:
    return any(len(f.values) > 1 and f.operator == "in" for f in fragment.filters) or len(fragment.metrics) > 1


def grain_of(fragment: Fragment, window: Window | None, now: datetime, zone: str) -> Grain | None:
    """The grain that was named; a trend without one goes by hours, days, weeks or months after its length."""
    if fragment.grain in _LENGTHS and window and window.start and window.phrase.startswith("last_n_"):
        end = resolve(window.end, now, zone) if window.end else now
        if end - resolve(window.start, now, zone) < timedelta(days=_LENGTHS[fragment.grain] - 1):
            raise Doubtful("a period is shorter than its steps")  # "on the last day of each month"
    if fragment.grain is not None or not ("trend" in fragment.shapes or fragment.running):
        return cast("Grain | None", fragment.grain)
    if window is None or window.start is None:
        return "month"
    end = resolve(window.end, now, zone) if window.end else now
    days = (end - resolve(window.start, now, zone)).days
    return "hour" if days < 2 else "day" if days <= 62 else "week" if days <= 124 else "month"
