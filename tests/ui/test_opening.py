"""What the process keeps for every tab."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dash.ui import opening
from dash.ui.opening import Service


def test_cells_follow_the_knowledge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "cells_in", lambda language, knowledge: (language, knowledge.fingerprint))
    dash = SimpleNamespace(knowledge=SimpleNamespace(fingerprint="before"))
    nothing: Any = None
    service = Service(dash, nothing, nothing, nothing, nothing)  # type: ignore[arg-type]
    assert service.cells("en") == ("en", "before")
    dash.knowledge = SimpleNamespace(fingerprint="after")
    assert service.cells("en") == ("en", "after")
    assert service.cells("ru") == ("ru", "after")
