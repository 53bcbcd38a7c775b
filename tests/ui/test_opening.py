"""What the process keeps for every tab."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from dash.access import Access, local_viewer
from dash.database import Database
from dash.settings import Settings
from dash.ui import opening
from dash.ui.opening import Service, open_service
from dash.ui.process import prepare
from tests.ui.conftest import free_port


def test_cells_follow_the_knowledge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "cells_in", lambda language, knowledge: (language, knowledge.fingerprint))
    dash = SimpleNamespace(knowledge=SimpleNamespace(fingerprint="before"))
    nothing: Any = None
    service = Service(dash, nothing, nothing, nothing, nothing)  # type: ignore[arg-type]
    assert service.cells("en") == ("en", "before")
    dash.knowledge = SimpleNamespace(fingerprint="after")
    assert service.cells("en") == ("en", "after")
    assert service.cells("ru") == ("ru", "after")


@pytest.fixture
def looked_through() -> Iterator[None]:
    """A process whose garbage collector looks through everything, also afterwards."""
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_a_page_whose_database_was_away_at_its_start_settles_when_somebody_opens_it(
    looked_through: None, database: Database, in_environment: Callable[[Settings], None]
) -> None:
    in_environment(replace(database.settings, database_url=f"postgresql://dash@127.0.0.1:{free_port()}/dash"))
    prepare()
    assert gc.get_freeze_count() == 0
    in_environment(database.settings)
    assert open_service("en", local_viewer("local", Access())) is not None
    assert gc.get_freeze_count() > 10_000
