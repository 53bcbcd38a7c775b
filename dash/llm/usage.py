"""What models were used for, kept in the database where every process sees it: the base of budgets and `dash usage`.

Days are those of the reporting time zone by the database's clock, not by that of a question, which a person can set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dash.database import Database, statement
from dash.llm.asking import ModelCall
from dash.runs import storable
from dash.settings import Budget


@dataclass(frozen=True)
class Used:
    """Tokens in and out together, and their cost as far as it is known."""

    tokens: int = 0
    usd: float = 0.0

    def exceeds(self, budget: Budget) -> bool:
        """Whether this is more than may be used."""
        return (budget.tokens is not None and self.tokens > budget.tokens) or (
            budget.usd is not None and self.usd > budget.usd
        )

    def plus(self, other: Used) -> Used:
        """Both together."""
        return Used(self.tokens + other.tokens, self.usd + other.usd)


@dataclass(frozen=True)
class DailyUse:
    """What one user used of one model on one day. `unpriced` calls are not in `cost_usd`, None when all are not."""

    day: date
    viewer: str
    model: str
    calls: int
    failed: int
    questions: int
    input_tokens: int
    output_tokens: int
    estimated: bool
    cost_usd: float | None
    unpriced: int


class Usage:
    """The calls in one database."""

    def __init__(self, database: Database, zone: str) -> None:
        self._database = database
        self._zone = zone

    def record(self, call: ModelCall, *, run_id: str | None, viewer: str) -> None:
        """Write a call down, for good. Raises DatabaseUnavailable."""
        facts = {
            "run_id": run_id,
            "viewer": storable(viewer),
            "purpose": call.purpose,
            "model": storable(call.model),
            "input_tokens": call.input_tokens,
            "output_tokens": call.output_tokens,
            "estimated": call.estimated,
            "cost_usd": call.cost_usd,
            "outcome": call.outcome,
            "duration_ms": call.duration_ms,
        }
        with self._database.state() as connection:
            connection.execute(statement("record_model_call"), facts)

    def today(self, viewer: str) -> tuple[Used, Used]:
        """What this user, and what everybody, has used today. Raises DatabaseUnavailable."""
        facts = {"viewer": storable(viewer), "zone": self._zone}
        with self._database.state() as connection:
            row = connection.execute(statement("model_use_today"), facts).fetchone()
        viewer_tokens, viewer_usd, day_tokens, day_usd = row or (0, 0.0, 0, 0.0)
        return Used(viewer_tokens, viewer_usd), Used(day_tokens, day_usd)

    def daily(
        self, *, since: datetime | None = None, viewer: str | None = None, model: str | None = None
    ) -> tuple[DailyUse, ...]:
        """By day, user and model, the newest day first. Raises DatabaseUnavailable."""
        facts = {
            "since": since,
            "viewer": None if viewer is None else storable(viewer),
            "model": None if model is None else storable(model),
            "zone": self._zone,
        }
        with self._database.state() as connection:
            rows = connection.execute(statement("model_use"), facts).fetchall()
        return tuple(DailyUse(*row) for row in rows)
