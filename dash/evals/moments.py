"""When golden questions are asked: where the data ends, unless somebody says another moment.

Data that was loaded last week has nothing in "today", and a question about nothing proves nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlglot import exp

from dash.ask import Dash
from dash.errors import QueryFailed, QueryRejected
from dash.evals.golden import run_golden


def end_of_data(dash: Dash, clock: datetime) -> datetime:
    """The minute after the latest moment in any table that the knowledge describes, but not after `clock`; `clock`
    when there is no data. A table that takes too long to look through is left out. Raises DatabaseUnavailable."""
    present = dash.database.live_schema()
    latest = [
        found
        for name, table in dash.knowledge.tables.items()
        if table.sql is None and table.time_dimension in present.get(name, ())
        if (found := _latest(dash, name, table.time_dimension or "", clock)) is not None
    ]
    if not latest:
        return clock
    whole_minute = max(latest).replace(second=0, microsecond=0)
    return min(clock, whole_minute + timedelta(minutes=1))


def _latest(dash: Dash, table: str, column: str, clock: datetime) -> datetime | None:
    time = exp.column(column, quoted=True)
    query = exp.select(exp.func("max", time).as_("latest")).from_(exp.to_table(table, dialect="postgres"))
    text = f"{query.sql('postgres')} WHERE {time.sql('postgres')} <= CAST(:now AS timestamptz)"
    try:
        value = run_golden(dash, text, clock, ordered=False).rows[0][0]
    except (QueryRejected, QueryFailed):
        return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(dash.settings.zone))
