"""Made-up rows in the shape of Agno Dash's sample: customers who sign up, change plans, leave, and open tickets; whole
days, no keys, scores that are missing, and both resolved and closed."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from tests.packs.rows import Rows

NOW = datetime(2026, 11, 20)  # noqa: DTZ001  as the sample has times
CUSTOMERS = 260
PLANS = {"starter": 29.0, "professional": 79.0, "business": 199.0, "enterprise": 499.0}

_COLUMNS = {
    "customers": "id, company_name, industry, company_size, country, signup_date, source, status",
    "subscriptions": "id, customer_id, plan, mrr, seats, billing_cycle, started_at, ended_at, status, "
    "cancellation_reason",
    "plan_changes": "id, customer_id, previous_plan, new_plan, previous_mrr, new_mrr, change_type, changed_at",
    "support_tickets": "id, customer_id, priority, category, status, created_at, resolved_at, satisfaction_score",
}


def build(dsn: str) -> None:
    """Fill an empty database."""
    chance = random.Random(4)
    rows = Rows()
    for customer in range(1, CUSTOMERS + 1):
        _customer(rows, chance, customer)
    rows.fill(dsn, "agno_dash", "public", _COLUMNS)


def _customer(rows: Rows, chance: random.Random, customer: int) -> None:
    signed = NOW - timedelta(days=chance.randrange(20, 700))
    plans = [*PLANS]
    step = chance.choices(range(4), (40, 30, 20, 10))[0]
    status = "trial" if chance.random() < 0.1 else "active"
    moment, seats = signed, chance.randrange(1, 60)
    while True:
        mrr = round(PLANS[plans[step]] * chance.uniform(0.9, 1.1), 2)
        until = moment + timedelta(days=chance.randrange(40, 700))
        begun = (customer, plans[step], mrr, seats, chance.choice(("monthly", "monthly", "annual")), moment)
        if until >= NOW:
            rows.number("subscriptions", *begun, None, "active", None)
            break
        change = chance.choice(("cancellation", "upgrade", "downgrade"))
        after = {"cancellation": None, "upgrade": step + 1, "downgrade": step - 1}[change]
        if after is None or not 0 <= after < 4:
            change, after = "cancellation", None
        ended = "cancelled" if after is None else f"{change}d"
        rows.number("subscriptions", *begun, until, ended, "too_expensive" if after is None else None)
        following = PLANS[plans[after]] if after is not None else 0
        new = plans[after] if after is not None else None
        rows.number("plan_changes", customer, plans[step], new, mrr, following, change, until)
        if after is None:
            status = "churned"
            break
        step, moment = after, until
    rows.add(
        "customers",
        customer, f"Company{customer}", chance.choice(("technology", "healthcare", "finance", "retail", "education")),
        chance.choice(("startup", "smb", "mid_market", "enterprise")), chance.choice(("US", "US", "UK", "DE", "CA",
        "FR")),
        signed, chance.choice(("organic", "referral", "paid", "partner")), status,
    )  # fmt: skip
    for _ in range(chance.choice((0, 1, 2, 3, 5))):
        created = signed + timedelta(days=chance.randrange(0, max(1, (NOW - signed).days)))
        resolved = created + timedelta(days=chance.randrange(0, 8))
        done = resolved < NOW and chance.random() < 0.85
        rows.number(
            "support_tickets", customer, chance.choice(("low", "medium", "medium", "high", "critical")),
            chance.choice(("billing", "technical", "feature_request", "onboarding")),
            chance.choice(("closed", "closed", "resolved")) if done else chance.choice(("open", "in_progress")),
            created,
            resolved if done else None, chance.randrange(1, 6) if done and chance.random() < 0.7 else None,
        )  # fmt: skip
