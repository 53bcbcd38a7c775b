"""What stands beside the number: the period before, what drives it, how far the data reaches.

Context is a courtesy. A query of it that is rejected, fails or takes too long is left out, and the answer is complete
without it.
"""

from __future__ import annotations

import time

from dash.errors import QueryFailed, QueryRejected
from dash.recording import Run
from dash.records import PlannedQuery, QueryPlan, Result, Viewer
from dash.settling import MainPath

COMPANION_TIMEOUT_SECONDS = 3.0
"""One that takes longer than this is left out."""

COVERAGE_SECONDS = 60.0
MAXIMUM_COVERAGES = 500
"""Tables, zones and viewers whose newest row is remembered at a time."""


class Companions:
    """Runs the small extra queries of plans; remembers for a minute how far each table's data reaches."""

    def __init__(self) -> None:
        self._coverage: dict[tuple[str, str, Viewer], tuple[float, Result]] = {}

    def find(self, path: MainPath, planned: QueryPlan, run: Run) -> dict[str, Result]:
        """Context for the number, by role."""
        found = {}
        for role, query in planned.companions.items():
            try:
                found[role] = self._companion(path, role, query, planned, run)
            except (QueryRejected, QueryFailed) as error:
                run.keep_failure(role, error)
        return found

    def _companion(self, path: MainPath, role: str, query: PlannedQuery, planned: QueryPlan, run: Run) -> Result:
        """One context query. How far the data reaches is asked at most once a minute per table."""
        key = (query.sql, run.question.zone, run.question.viewer)
        if role == "coverage" and key in self._coverage:
            asked_at, result = self._coverage[key]
            if time.monotonic() - asked_at < COVERAGE_SECONDS:
                return result
        with run.queries.attempt(role, query, planned.provenance) as attempt:
            checked = path.check(query, run.question.viewer, planned.provenance)
            result = attempt.result = path.execute(
                checked, run.question, seconds=COMPANION_TIMEOUT_SECONDS, cancelled=run.cancelled
            )
        if role == "coverage":
            if len(self._coverage) >= MAXIMUM_COVERAGES:
                self._coverage.clear()
            self._coverage[key] = (time.monotonic(), result)
        return result
