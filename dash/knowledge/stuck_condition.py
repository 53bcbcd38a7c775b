"""The one condition that says whether a ticket is stuck, as SQL, for the list, the metrics and the vetted queries.

Metrics and vetted queries write `{stuck}` where they mean it, and get the condition of stuck.yaml when the files are
read, so changing a threshold there changes every number with it. Opening hours need no arithmetic per ticket: how long
ago so many business hours began is one moment, found once for each threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from dash.knowledge.documents import Path
from dash.knowledge.formats import MetricFile, PartFile, QueryFile, Texts
from dash.knowledge.stuck import STAGE, BusinessHoursFile, StuckFile, Weekday, days_off

PLACEHOLDER = "{stuck}"
HOURS = "hours"
"""The parameter of metrics and vetted queries that is the threshold."""

_NOW = "CAST(:now AS timestamptz)"
_WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_HOURS = 8_760
_YEARS_BACK, _YEARS_AHEAD = 6, 2


def condition(file: StuckFile, hours: str = ":hours") -> str:
    """Whether a row of the table of tickets is stuck, as of :now.

    `hours` is the threshold of tickets without an override. Where it is another number than the file's, somebody asked
    for that number, and overrides do not apply.
    """
    return f"{file.tickets.open} AND {file.tickets.since} < {_limit(file, hours)}"


def moment_before(file: StuckFile, hours: str) -> str:
    """The moment since when so many hours have passed, as of :now."""
    if file.business_hours is None:
        return f"{_NOW} - CAST({hours} AS integer) * INTERVAL '1 hour'"
    return _opening_before(file.business_hours, f"CAST({hours} AS integer)")


def column(file: StuckFile, name: str) -> str:
    """The SQL of the stage or of a fact."""
    return file.tickets.stage.sql if name == STAGE else file.tickets.facts[name].sql


def literal(text: str) -> str:
    """A text as SQL. With standard_conforming_strings, which is pinned, only quotes are special."""
    return "'" + text.replace("'", "''") + "'"


def fill(sql: str, file: StuckFile | None, *, has_hours: bool) -> str:
    """SQL with the condition in the place of `{stuck}`; without a definition nothing is stuck, and a fault says so."""
    if PLACEHOLDER not in sql:
        return sql
    if file is None:
        return sql.replace(PLACEHOLDER, "FALSE")
    meant = condition(file, ":hours" if has_hours else str(file.thresholds.hours))
    return meant if sql.strip() == PLACEHOLDER else sql.replace(PLACEHOLDER, f"({meant})")


def uses_stuck(one: MetricFile | QueryFile) -> bool:
    """Whether it means the condition."""
    return any(PLACEHOLDER in sql for sql in _fragments(one))


def with_condition_in_metric(metric: MetricFile, file: StuckFile | None) -> MetricFile:
    """A metric with the condition in its place, and with what the definition notes among its cautions."""
    if not uses_stuck(metric):
        return metric
    has_hours = HOURS in metric.parameters

    def filled(sql: str | None) -> str | None:
        return None if sql is None else fill(sql, file, has_hours=has_hours)

    def part(one: PartFile | None) -> PartFile | None:
        changes = {"filter": filled(one.filter), "calculation": filled(one.calculation)} if one else {}
        return one.model_copy(update=changes) if one else None

    changes = {
        "filter": filled(metric.filter),
        "calculation": filled(metric.calculation),
        "numerator": part(metric.numerator),
        "denominator": part(metric.denominator),
        "caution": _cautions(metric.caution, file),
    }
    return metric.model_copy(update=changes)


def with_condition_in_query(query: QueryFile, file: StuckFile | None) -> QueryFile:
    """A vetted query with the condition in its place."""
    if not uses_stuck(query):
        return query
    sql = fill(query.sql, file, has_hours=HOURS in query.parameters)
    return query.model_copy(update={"sql": sql, "caution": _cautions(query.caution, file)})


def misuses(one: MetricFile | QueryFile, file: StuckFile | None) -> list[tuple[Path, str, str]]:
    """What is wrong with how it means the condition: (where, what, how to mend it)."""
    if not uses_stuck(one):
        return []
    if file is None:
        mend = "define it in business/stuck.yaml, or write the condition"
        return [(("sql",), f"{PLACEHOLDER} stands here, and nothing says what it is", mend)]
    hours = one.parameters.get(HOURS)
    if hours is None or hours.default == file.thresholds.hours:
        return []
    what = f"tickets are stuck after {file.thresholds.hours} hours (business/stuck.yaml), not {hours.default}"
    return [(("parameters", HOURS), what, f"write default: {file.thresholds.hours}")]


def _fragments(one: MetricFile | QueryFile) -> list[str]:
    if isinstance(one, QueryFile):
        return [one.sql]
    parts = [part for part in (one.numerator, one.denominator) if part is not None]
    found = [one.filter, one.calculation, *(part.filter for part in parts), *(part.calculation for part in parts)]
    return [sql for sql in found if sql is not None]


def _cautions(own: Mapping[str, str], file: StuckFile | None) -> Texts:
    note = file.thresholds.note if file is not None else {}
    return {language: " ".join(filter(None, (own.get(language), note.get(language)))) for language in {**own, **note}}


def _limit(file: StuckFile, hours: str) -> str:
    """The moment at which a ticket must have come to its stage to be stuck."""
    asked = moment_before(file, hours)
    if not file.thresholds.overrides:
        return asked
    cases = "".join(
        f" WHEN {_fits(file, one.when)} THEN {moment_before(file, str(one.hours))}" for one in file.thresholds.overrides
    )
    other = f"CAST({hours} AS integer) <> {file.thresholds.hours}"
    return f"CASE WHEN {other} THEN {asked}{cases} ELSE {asked} END"


def _fits(file: StuckFile, when: Mapping[str, list[str]]) -> str:
    return " AND ".join(f"{column(file, name)} IN ({', '.join(map(literal, values))})" for name, values in when.items())


def _opening_before(file: BusinessHoursFile, hours: str) -> str:
    """The latest moment since when at least so many business hours have passed.

    Shifts are added up from :now backwards; the first one that reaches the hours holds the moment.
    """
    opens = _by_weekday(file, lambda text: text.partition("-")[0])
    closes = _by_weekday(file, lambda text: text.partition("-")[2])
    off = days_off(file.holidays, date.today().year - _YEARS_BACK, date.today().year + _YEARS_AHEAD)  # noqa: DTZ011
    closed = f" AND calendar.day NOT IN ({', '.join(_date(day) for day in off)})" if off else ""
    zone = literal(file.zone)
    span = f"{hours} * INTERVAL '1 hour'"
    return (
        f"(SELECT MAX(added.began + (added.total - {span})) FROM (SELECT shift.began, "
        "SUM(shift.ended - shift.began) OVER (ORDER BY shift.began DESC) AS total FROM ("
        f"SELECT timezone({zone}, calendar.day + {opens}) AS began, "
        f"LEAST(timezone({zone}, calendar.day + {closes}), {_NOW}) AS ended FROM ("
        f"SELECT CAST(timezone({zone}, {_NOW}) AS date) - back.days AS day "
        f"FROM generate_series(0, {_days(file)}) AS back(days)) AS calendar "
        f"WHERE EXTRACT(ISODOW FROM calendar.day) IN ({_open_days(file)}){closed}) AS shift "
        f"WHERE shift.began < {_NOW}) AS added WHERE added.total >= {span})"
    )


def _date(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def _by_weekday(file: BusinessHoursFile, part: Callable[[str], str]) -> str:
    times = {day: f"INTERVAL '{part(hours)}'" for day, hours in file.days.items()}
    if len(set(times.values())) == 1:
        return next(iter(times.values()))
    cases = " ".join(f"WHEN {_WEEKDAYS.index(day) + 1} THEN {time}" for day, time in times.items())
    return f"CASE EXTRACT(ISODOW FROM calendar.day) {cases} END"


def _open_days(file: BusinessHoursFile) -> str:
    return ", ".join(str(_WEEKDAYS.index(day) + 1) for day in file.days)


def _days(file: BusinessHoursFile) -> int:
    """So many days back that the longest threshold has passed, with holidays to spare."""
    week = sum(_minutes(hours.partition("-")[2]) - _minutes(hours.partition("-")[0]) for hours in file.days.values())
    return min(20_000, int(_MOST_HOURS * 60 / week * 7 * 1.15) + 60)


def _minutes(time: str) -> int:
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)
