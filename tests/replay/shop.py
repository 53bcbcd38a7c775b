"""A shop that talks to its buyers in `desk.cases`, `desk.notes` and `desk.steps`: nothing has a name that support has.

Its events have equal times on purpose, some have none, and one was written by somebody hostile.
"""

from __future__ import annotations

import json
from pathlib import Path

HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) :red[*hi*] \x1b[31m $1+1$ \u202eevil"

DATA = """
CREATE SCHEMA desk;
CREATE TABLE desk.cases (number integer PRIMARY KEY, buyer text, opened timestamptz, matter text);
CREATE TABLE desk.notes (code text PRIMARY KEY, case_number integer NOT NULL, side text, words text,
                         written timestamptz);
CREATE TABLE desk.steps (id bigint PRIMARY KEY, case_number integer NOT NULL, what text, broke boolean,
                         began timestamptz, cents integer);
INSERT INTO desk.cases VALUES
  (1, 'Rina', '2026-01-01 10:00Z', 'Lamp'), (2, 'Otto', NULL, NULL), (3, 'Mia', '2026-01-03 10:00Z', 'Chair'),
  (4, 'Mia', '2026-01-03 10:00Z', 'Table'), (5, NULL, 'infinity', 'Never');
INSERT INTO desk.notes VALUES
  ('b', 1, 'buyer', 'Where is it?', '2026-01-01 10:00Z'), ('a', 1, 'shop', 'On its way.', '2026-01-01 10:00Z'),
  ('c', 1, 'buyer', 'שלום, איפה החבילה ORD-7?', '2026-01-01 10:05Z'), ('d', 1, 'buyer', NULL, NULL),
  ('e', 1, 'shop', 'Undated', NULL), ('f', 1, 'shop', 'At the end of time', 'infinity');
INSERT INTO desk.steps VALUES
  (1, 1, 'look', false, '2026-01-01 10:00Z', 3), (2, 1, 'send', true, '2026-01-01 10:00Z', 4),
  (3, 1, 'send', false, '2026-01-01 10:05Z', 5), (4, 1, 'gossip', false, '2026-01-01 10:01Z', 6),
  (5, 1, 'look', NULL, NULL, NULL);
"""

REPLAY = """
conversation: {table: desk.cases, id: number, moment: opened, title: matter, facts: {buyer: buyer}}
filters:
  buyer: {condition: "conversation.buyer = :value"}
  did: {table: desk.steps, key: case_number, column: what}
  words: {table: desk.notes, key: case_number, condition: "related.words ILIKE :pattern", first: true}
timeline:
  notes:
    {table: desk.notes, key: case_number, id: code, moment: written, kind: message, body: words,
     role: CASE side WHEN 'buyer' THEN 'customer' ELSE 'agent' END, actor: side}
  steps:
    table: desk.steps
    key: case_number
    id: id
    moment: began
    kind: {column: what, values: {look: tool, send: task}}
    title: what
    failed: broke
    cost_usd: cents / 100.0
    details: {cents: cents}
"""

_COLUMNS = {
    "desk.cases": {"number": "integer", "buyer": "text", "opened": "timestamptz", "matter": "text"},
    "desk.notes": {
        "code": "text", "case_number": "integer", "side": "text", "words": "text", "written": "timestamptz"
    },
    "desk.steps": {
        "id": "bigint", "case_number": "integer", "what": "text", "broke": "boolean", "began": "timestamptz",
        "cents": "integer",
    },
}  # fmt: skip
_PERSONAL = {"buyer"}


def write_knowledge(folder: Path, replay: str = REPLAY) -> Path:
    """A knowledge folder for the shop: its tables, and how its conversations are replayed."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for table, columns in _COLUMNS.items():
        described = {
            "table_name": table,
            "table_description": "One row each.",
            "table_columns": [
                {"name": name, "type": kind, "description": name, **({"personal": True} if name in _PERSONAL else {})}
                for name, kind in columns.items()
            ],
        }
        (folder / "tables" / f"{table}.json").write_text(json.dumps(described))
    (folder / "replay.yaml").write_text(replay)
    return folder
