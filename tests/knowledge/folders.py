"""A small knowledge folder to break: `write_folder(tmp_path, {"business/m.yaml": …})`."""

from __future__ import annotations

import json
from pathlib import Path

ORDERS = {
    "table_name": "shop.orders",
    "table_description": "Orders",
    "grain": "one row per order",
    "primary_key": ["id"],
    "time_dimension": "placed_at",
    "joins": [{"to": "shop.customers", "columns": {"customer_id": "id"}, "type": "many_to_one"}],
    "count_metric": "orders",
    "list_columns": ["id", "status", "placed_at"],
    "list_order": "placed_at DESC, id",
    "table_columns": [
        {"name": "id", "type": "bigint", "role": "entity", "dimension": "order_id"},
        {"name": "customer_id", "type": "bigint", "role": "entity"},
        {
            "name": "status",
            "type": "text",
            "role": "dimension",
            "dimension": "order_status",
            "values": [{"value": "open"}, {"value": "paid"}],
        },
        {"name": "amount", "type": "numeric(10, 2)", "role": "measure", "unit": "usd"},
        {"name": "tags", "type": "text[]", "role": "dimension"},
        {"name": "placed_at", "type": "timestamptz", "role": "time"},
    ],
}
CUSTOMERS = {
    "table_name": "shop.customers",
    "primary_key": ["id"],
    "table_columns": [
        {"name": "id", "type": "bigint", "role": "entity", "dimension": "customer_id"},
        {"name": "country", "type": "text", "role": "dimension"},
        {"name": "email", "type": "text", "personal": True},
        {"name": "note", "type": "text", "untrusted": True},
    ],
}
METRICS = """\
metrics:
  - name: orders
    definition: Number of orders
    synonyms: {en: [orders, order count], ru: [заказы]}
    table: shop.orders
    calculation: COUNT(*)
    default_dimension: country
  - name: paid_rate
    definition: {en: Paid orders of all}
    table: shop.orders
    numerator:
      filter: status = 'paid' AND placed_at < :now
    denominator: {}
    unit: percent
    beside: [orders]
    dimensions: [country, order_status]
  - name: late_orders
    definition: Open for long
    table: shop.orders
    calculation: COUNT(*)
    filter: status = 'open' AND placed_at < CAST(:now AS timestamptz) - make_interval(days => :days)
    parameters:
      days: {type: integer, default: 3, minimum: 1}
vocabulary:
  - term: settled
    synonyms: {en: [settled]}
    meanings: [{dimension: order_status, values: [paid]}]
"""
LATE = """\
-- <query name>late</query name>
-- <query description>
-- Orders that wait. Grain: one row per order.
-- </query description>
-- <query questions>
-- - Which orders are late by {days} days?
-- </query questions>
-- <query parameters>
-- days: {type: integer, default: 3, minimum: 1, maximum: 90}
-- status: {type: text, default: open, values: orders.status}
-- period: {type: period, default: last 7 days}
-- </query parameters>
-- <query headline>
-- en: "{rows} orders in {period.period}, the oldest {first.id} of {parameter.days} days, {sum.amount} in all"
-- </query headline>
-- <query chart>
-- {kind: bar, x: id, y: [amount]}
-- </query chart>
-- <query metrics>
-- [late_orders]
-- </query metrics>
-- <query>
WITH late AS (SELECT o.id, o.amount, c.country FROM shop.orders AS o JOIN shop.customers AS c ON c.id = o.customer_id
  WHERE o.status = :status AND o.placed_at < CAST(:now AS timestamptz) - make_interval(days => :days)
    AND (CAST(:period_start AS timestamptz) IS NULL OR o.placed_at >= :period_start))
SELECT late.id, amount, (SELECT COUNT(*) FROM unnest(ARRAY[1, 2]) AS n) AS two FROM late ORDER BY amount DESC
-- </query>
"""
EVALS = """\
- id: late-1
  question: Which orders are late?
  sql: SELECT id FROM shop.orders WHERE status = 'open' AND placed_at < CAST(:now AS timestamptz)
  now: 2026-11-20T12:00:00+00:00
- id: weather
  question: How is the weather?
  kind: unanswerable
"""


def sound_files() -> dict[str, str]:
    """Path in the folder → text of a folder without a fault."""
    return {
        "tables/orders.json": json.dumps(ORDERS, indent=2),
        "tables/customers.json": json.dumps(CUSTOMERS, indent=2),
        "business/metrics.yaml": METRICS,
        "queries/late.sql": LATE,
        "evals/late.yaml": EVALS,
    }


def write_folder(folder: Path, changed: dict[str, str | bytes] | None = None) -> Path:
    """A sound folder named knowledge with some files changed or added."""
    root = folder / "knowledge"
    for name, text in {**sound_files(), **(changed or {})}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root
