"""The shape of a phrases file: every phrase by name, with the slots that it may use."""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_PLURALS = frozenset({"single", "zero", "one", "two", "few", "many", "other"})


def _by_plural(value: Any) -> Any:
    """A bare template serves every count: {"other": template}."""
    return {"other": value} if isinstance(value, str) else value


Phrase = Annotated[dict[str, str], BeforeValidator(_by_plural)]


def _said(*slots: str) -> Any:
    """A required phrase that may use these slots."""
    return Field(json_schema_extra={"slots": list(slots)})


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def _templates_are_sound(self) -> _Group:
        for name, field in type(self).model_fields.items():
            extra = field.json_schema_extra
            if isinstance(extra, dict) and "slots" in extra:
                slots = extra["slots"]
                check_phrase(name, getattr(self, name), frozenset(slots if isinstance(slots, list) else ()))
        return self


def check_phrase(name: str, phrase: dict[str, str], slots: frozenset[Any]) -> None:
    """Raises ValueError when a template uses a slot that it does not have, a digit, or a plural form that is none."""
    if "other" not in phrase or not set(phrase) <= _PLURALS:
        raise ValueError(f"{name} needs the form `other`, and no others than {', '.join(sorted(_PLURALS))}")
    for template in phrase.values():
        for literal, slot, _, _ in Formatter().parse(template):
            if any(character.isdigit() for character in literal):
                raise ValueError(f"{name} holds a digit; a number has to come through a slot")
            if slot is not None and slot not in slots:
                allowed = ", ".join(f"{{{one}}}" for one in sorted(slots)) or "no slots"
                raise ValueError(f"{name} uses {{{slot}}}; it has {allowed}")


class DatePhrases(_Group):
    """Patterns of Unicode (CLDR) for dates: `d MMM y`."""

    day: str
    day_month: str
    day_only: str
    month: str
    month_only: str
    quarter: str
    year: str
    weekday: str
    time: str
    week: Phrase = _said("day")
    same_month: Phrase = _said("first", "last")
    apart: Phrase = _said("first", "last")
    from_on: Phrase = _said("first")
    up_to: Phrase = _said("last")


class NumberPhrases(_Group):
    """Numbers with their units. `number` is formatted already; plural forms follow it."""

    percent: Phrase = _said("number")
    percentage_points: Phrase = _said("number")
    usd: Phrase = _said("number")
    days: Phrase = _said("number")
    hours: Phrase = _said("number")
    minutes: Phrase = _said("number")
    seconds: Phrase = _said("number")
    milliseconds: Phrase = _said("number")
    tokens: Phrase = _said("number")
    times: Phrase = _said("number")
    plus: str
    minus: str
    true_word: str
    false_word: str
    not_set: str
    no_value: str
    any_value: str
    unnamed: str


class PeriodPhrases(_Group):
    """A period as it stands in a sentence and in a question ("in the last 7 days"), by canonical id."""

    with_dates: Phrase = _said("words", "dates")
    since_start: Phrase = _said("day", "start")
    as_of: Phrase = _said("moment")
    all_data: Phrase = _said()
    today: Phrase = _said()
    yesterday: Phrase = _said()
    this_week: Phrase = _said()
    last_week: Phrase = _said()
    week_before_last: Phrase = _said()
    this_month: Phrase = _said()
    last_month: Phrase = _said()
    month_before_last: Phrase = _said()
    this_quarter: Phrase = _said()
    last_quarter: Phrase = _said()
    quarter_before_last: Phrase = _said()
    this_year: Phrase = _said()
    last_year: Phrase = _said()
    year_before_last: Phrase = _said()
    last_hour: Phrase = _said()
    month_to_date: Phrase = _said()
    year_to_date: Phrase = _said()
    last_n_minutes: Phrase = _said("n")
    last_n_hours: Phrase = _said("n")
    last_n_days: Phrase = _said("n")
    last_n_weeks: Phrase = _said("n")
    last_n_months: Phrase = _said("n")
    last_n_quarters: Phrase = _said("n")
    month: Phrase = _said("month")
    quarter: Phrase = _said("quarter")
    year: Phrase = _said("year")
    day: Phrase = _said("day")
    since: Phrase = _said("day")
    until: Phrase = _said("day")
    before: Phrase = _said("day")
    between: Phrase = _said("dates")


class GrainPhrases(_Group):
    """How a trend is cut."""

    hour: str
    day: str
    week: str
    month: str
    quarter: str
    year: str


class FilterPhrases(_Group):
    """Conditions of the question, in brackets behind the metric."""

    one_of: Phrase = _said("dimension", "values")
    none_of: Phrase = _said("dimension", "values")
    is_null: Phrase = _said("dimension")
    not_null: Phrase = _said("dimension")
    compared: Phrase = _said("dimension", "sign", "value")
    between: Phrase = _said("dimension", "low", "high")
    first_of_each: Phrase = _said("dimension")
    brackets: Phrase = _said("filters")
    average: str


class HeadlinePhrases(_Group):
    """The first sentence. `metric` carries the question's conditions, `value` its unit."""

    one_metric: Phrase = _said("metric", "period", "value")
    with_change: Phrase = _said("headline", "change")
    share_of: Phrase = _said("metric", "period", "filters", "value")
    part_of_whole: Phrase = _said("share", "part", "whole")
    counted_part: Phrase = _said("metric", "period", "whole", "filters", "part", "share")
    several_metrics: Phrase = _said("period", "values")
    labelled: Phrase = _said("label", "value")
    detail: Phrase = _said("label", "value")
    in_brackets: Phrase = _said("label", "value")
    undefined: Phrase = _said("metric", "period")
    undefined_because: Phrase = _said("metric", "period", "denominator")
    funnel: Phrase = _said("metric", "period", "first", "start", "last", "end", "share")
    compared: Phrase = _said("metric", "period", "values")
    ranking_total: Phrase = _said("metric", "period", "total", "leader", "value")
    ranking_total_share: Phrase = _said("metric", "period", "total", "leader", "value", "share")
    ranking_total_tied: Phrase = _said("metric", "period", "total", "leaders", "value")
    ranking_highest: Phrase = _said("metric", "period", "leader", "value")
    ranking_lowest: Phrase = _said("metric", "period", "leader", "value")
    ranking_highest_tied: Phrase = _said("metric", "period", "leaders", "value")
    ranking_lowest_tied: Phrase = _said("metric", "period", "leaders", "value")
    ranking_both_ends: Phrase = _said("metric", "period", "highest", "high", "lowest", "low")
    ranking_all_equal: Phrase = _said("metric", "period", "value")
    ranking_single: Phrase = _said("metric", "period", "leader", "value")
    ranking_change: Phrase = _said("metric", "period", "leader", "before", "now", "change")
    ranking_values_only: Phrase = _said("dimension", "period", "values")
    then: Phrase = _said("values")
    series: Phrase = _said("metric", "grain", "period", "first", "start", "last", "end", "movement")
    series_single: Phrase = _said("metric", "period", "bucket", "value")
    series_undefined: Phrase = _said("metric", "grain", "period")
    series_by_total: Phrase = _said("metric", "grain", "period", "total", "leader", "value", "share")
    series_by_ends: Phrase = _said("metric", "grain", "period", "bucket", "highest", "high", "lowest", "low")
    up: Phrase = _said("change")
    down: Phrase = _said("change")
    level: Phrase = _said()
    cross_highest: Phrase = _said("metric", "period", "place", "value")
    cross_lowest: Phrase = _said("metric", "period", "place", "value")
    cross_total: Phrase = _said("metric", "period", "total", "place", "value")
    list_found: Phrase = _said("what", "period", "count")
    list_capped: Phrase = _said("what", "period", "count", "total")
    list_at_least: Phrase = _said("what", "period", "count")
    list_first: Phrase = _said("what", "period", "count")
    list_one: Phrase = _said("what", "period", "values")
    nothing: Phrase = _said("what", "period")
    rows: str
    both: str
    separator: str
    detail_separator: str
    place_separator: str


class ContextPhrases(_Group):
    """Further sentences: change, driver, comparison, peak. They begin small, so that they can follow a dash."""

    change_up: Phrase = _said("change", "percent", "previous", "period", "verdict")
    change_down: Phrase = _said("change", "percent", "previous", "period", "verdict")
    points_up: Phrase = _said("change", "previous", "period", "verdict")
    points_down: Phrase = _said("change", "previous", "period", "verdict")
    unchanged: Phrase = _said("previous", "period")
    from_nothing: Phrase = _said("period")
    no_comparison: Phrase = _said("period")
    change_of: Phrase = _said("metric", "change")
    in_all: Phrase = _said("change")
    period_before: Phrase = _said("dates")
    earlier: str
    better: str
    worse: str
    percent_of: Phrase = _said("percent")
    leader: Phrase = _said("value", "share")
    driver_share: Phrase = _said("value", "before", "now", "change", "whole")
    driver: Phrase = _said("value", "before", "now", "change")
    driver_of: Phrase = _said("dimension", "value", "before", "now", "change")
    biggest_mover: Phrase = _said("value", "before", "now", "change")
    difference: Phrase = _said("first", "second", "change")
    difference_ratio: Phrase = _said("first", "second", "change", "times")
    equal: Phrase = _said()
    ahead: Phrase = _said("value")
    out_of: Phrase = _said("count", "denominator")
    based_on: Phrase = _said("count")
    beside: Phrase = _said("values")
    peak: Phrase = _said("bucket", "value", "lowest_bucket", "lowest")
    running: Phrase = _said("bucket", "value")
    first_in_list: Phrase = _said("value", "detail")


class CaveatPhrases(_Group):
    """What to be careful about."""

    small_sample: Phrase = _said("count", "minimum")
    small_samples: Phrase = _said("values", "minimum")
    null_group: Phrase = _said("dimension", "count", "share")
    null_values: Phrase = _said("metric", "count", "rows")
    missing_values: Phrase = _said("values")
    missing_side: Phrase = _said()
    unfinished: Phrase = _said()
    not_begun: Phrase = _said()
    partial_first: Phrase = _said("bucket")
    gaps: Phrase = _said()
    stale: Phrase = _said("newest")
    stale_before: Phrase = _said("newest")
    ends_early: Phrase = _said("newest")
    begins_late: Phrase = _said("oldest")
    begins_after: Phrase = _said("oldest")
    begins_inside: Phrase = _said("oldest")
    previous_uncovered: Phrase = _said("oldest")
    truncated: Phrase = _said("count")
    no_period: Phrase = _said("dates")
    no_period_unknown: Phrase = _said()
    tied: Phrase = _said()
    overlap: Phrase = _said("dimension")
    parts: Phrase = _said("parts", "total")
    masked: Phrase = _said("columns")
    unseen_rows: Phrase = _said()
    unseen_numbers: Phrase = _said()
    unreviewed: Phrase = _said("names")
    model_written: Phrase = _said()
    model_read: Phrase = _said()
    model_prose: Phrase = _said()
    model_words: Phrase = _said("words")
    left_out: Phrase = _said("words")
    unconfirmed_definition: Phrase = _said("about")
    unconfirmed_period: Phrase = _said("about")
    unconfirmed_value: Phrase = _said("about")
    unconfirmed_unasked: Phrase = _said("about")
    unconfirmed_join: Phrase = _said("about")
    unconfirmed_limit: Phrase = _said("about")
    unconfirmed_sql: Phrase = _said("about")
    unconfirmed_reading: Phrase = _said("about")
    unconfirmed_dimension: Phrase = _said("about")
    unconfirmed_negation: Phrase = _said("about")
    unconfirmed_bound: Phrase = _said("about")
    unconfirmed_word: Phrase = _said("about")
    unconfirmed_split: Phrase = _said("about")


class ModelPhrases(_Group):
    """Why a language model that was asked is no help, by the kind of its failure."""

    unauthorized: Phrase = _said()
    rate_limited: Phrase = _said()
    unavailable: Phrase = _said()
    timeout: Phrase = _said()
    cut: Phrase = _said()
    invalid: Phrase = _said()
    refused: Phrase = _said()
    budget: Phrase = _said()
    calls: Phrase = _said()
    cancelled: Phrase = _said()
    declined: Phrase = _said()
    unproven: Phrase = _said()


class Phrases(_Group):
    """One language. `locale` is the name by which babel knows its numbers, dates and plural rules."""

    language: str
    locale: str
    dates: DatePhrases
    numbers: NumberPhrases
    periods: PeriodPhrases
    grains: GrainPhrases
    filters: FilterPhrases
    headline: HeadlinePhrases
    context: ContextPhrases
    caveats: CaveatPhrases
    model: ModelPhrases
