"""What `dash up` prepares before it serves: demo data on our own server only, and only where it is asked about."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dash.cli.progress import Progress
from dash.cli.up import _ensure_data
from dash.database import Database
from dash.database.copy import bulk_load
from dash.demo import demo_present
from dash.knowledge import load_everything
from dash.settings import Settings

ORDERS = {
    "table_name": "sales.orders",
    "table_description": "Orders of the shop.",
    "use_cases": ["Number of orders"],
    "data_quality_notes": [],
    "grain": "one row per order",
    "primary_key": ["order_id"],
    "table_columns": [{"name": "order_id", "type": "bigint", "description": "Names the order."}],
}


@pytest.fixture
def empty_database(fresh_database: Database) -> Database:
    with bulk_load(fresh_database.owner_dsn()) as load:
        load.execute_script("DROP SCHEMA support CASCADE")
    return fresh_database


@pytest.fixture
def other_knowledge(tmp_path: Path) -> Path:
    """The knowledge of somebody whose tables are not the demo's."""
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "orders.json").write_text(json.dumps(ORDERS), encoding="utf-8")
    assert list(load_everything(tmp_path).knowledge.allowed()) == ["sales.orders"]
    return tmp_path


def prepare(database: Database, settings: Settings) -> bool:
    """Whether there is demo data after the start."""
    _ensure_data(settings, database, 30, Progress(quiet=True))
    return demo_present(database)


def test_our_own_server_gets_demo_data_once(empty_database: Database) -> None:
    settings = replace(empty_database.settings, database_url=None)
    assert prepare(empty_database, settings)
    assert prepare(empty_database, settings)


def test_our_own_server_gets_none_that_the_knowledge_does_not_know(
    empty_database: Database, other_knowledge: Path
) -> None:
    settings = replace(empty_database.settings, database_url=None, knowledge=other_knowledge)
    assert not prepare(empty_database, settings)


def test_somebodys_server_is_served_as_it_is(empty_database: Database) -> None:
    assert not prepare(empty_database, empty_database.settings)
