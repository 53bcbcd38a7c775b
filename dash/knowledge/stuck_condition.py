"""The one condition that says whether a ticket is stuck, as SQL, for the list, the metrics and the vetted queries.

Metrics and vetted queries write `{stuck}` where they mean it, and get the condition of stuck.yaml when the files are
read, so changing a threshold there changes every number with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from dash.knowledge.business_time import worked_seconds
from dash.knowledge.documents import Path
from dash.knowledge.formats import MetricFile, PartFile, QueryFile, Texts
from dash.knowledge.stuck import STAGE, StuckFile

PLACEHOLDER = "{stuck}"
HOURS = "hours"
"""The parameter of metrics and vetted queries that is the threshold."""

_NOW = "CAST(:now AS timestamptz)"


def condition(file: StuckFile, hours: str = ":hours") -> str:
    """Whether a row of the table of tickets is stuck, as of :now.

    `hours` is the threshold of tickets without an override. Where it is another number than the file's, somebody asked
    for that number, and overrides do not apply.
    """
    asked, since = f"CAST({hours} AS integer)", file.tickets.since
    begins = f"{file.tickets.open} AND {since} < {_NOW} - {_least(file, asked)} * INTERVAL '1 hour'"
    if file.business_hours is not None:
        # Never more business hours than hours have passed, so the cheap condition before may stand.
        return f"{begins} AND {waited_hours(file, since)} > {_threshold(file, asked)}"
    if file.thresholds.overrides:
        return f"{begins} AND {since} < {_NOW} - {_threshold(file, asked)} * INTERVAL '1 hour'"
    return begins


def waited_hours(file: StuckFile, since: str) -> str:
    """How many of the hours that count have passed since a moment, as of :now."""
    if file.business_hours is None:
        return f"EXTRACT(EPOCH FROM {_NOW} - {since}) / 3600.0"
    # What is infinite or before the calendar could not be computed with.
    known = f"LEAST(GREATEST({since}, CAST('2000-01-04T00:00:00Z' AS timestamptz)), {_NOW})"
    until, begun = (worked_seconds(file.business_hours, moment) for moment in (_NOW, known))
    return f"({until} - {begun}) / 3600.0"


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
        return sql.replace(PLACEHOLDER, f"({':hours' if has_hours else '0'} < 0)")
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


def misuses(one: MetricFile | QueryFile, file: StuckFile | None, *, is_written: bool) -> list[tuple[Path, str, str]]:
    """What is wrong with how it means the condition: (where, what, how to mend it). `is_written` says that there is a
    definition, which may have faults of its own."""
    if not uses_stuck(one) or (file is None and is_written):
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


def _least(file: StuckFile, asked: str) -> str:
    """No threshold is lower."""
    others = sorted({str(one.hours) for one in file.thresholds.overrides})
    return f"LEAST({', '.join((asked, *others))})" if others else asked


def _threshold(file: StuckFile, asked: str) -> str:
    """The hours that a ticket may stand."""
    if not file.thresholds.overrides:
        return asked
    cases = "".join(f" WHEN {_fits(file, one.when)} THEN {one.hours}" for one in file.thresholds.overrides)
    return f"CASE WHEN {asked} <> {file.thresholds.hours} THEN {asked}{cases} ELSE {asked} END"


def _fits(file: StuckFile, when: Mapping[str, list[str]]) -> str:
    return " AND ".join(f"{column(file, name)} IN ({', '.join(map(literal, values))})" for name, values in when.items())
