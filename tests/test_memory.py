"""A server keeps what it has opened out of the garbage collector's sight, and lets go of what was replaced."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from dash.ask import Dash
from dash.database import Database
from dash.memory import settle, settle_again
from tests.conftest import NOW


@pytest.fixture
def settled() -> Iterator[None]:
    """A process that has settled, and is as it was afterwards."""
    settle()
    yield
    gc.unfreeze()


def test_what_lives_is_not_looked_through_any_more(settled: None) -> None:
    known = gc.get_freeze_count()
    assert known > 10_000
    assert len(gc.get_objects()) < known


def test_a_reload_lets_go_of_what_was_replaced(settled: None, fresh_database: Database) -> None:
    class Ring:
        """Something that holds itself, so that only the garbage collector finds it."""

    with Dash.open(fresh_database.settings, clock=lambda: NOW) as dash:
        ring = Ring()
        vars(ring)["itself"] = ring
        settle_again()
        replaced = weakref.ref(ring)
        del ring
        gc.collect()
        assert replaced() is not None
        dash.reload()
        assert replaced() is None
        assert gc.get_freeze_count() > 10_000
        assert dash.ask("How many tickets are there?").outcome == "answered"


def test_a_process_that_has_not_settled_does_not_by_a_reload() -> None:
    settle_again()
    assert gc.get_freeze_count() == 0
