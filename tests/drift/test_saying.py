"""What a terminal is told of values that strangers wrote."""

from __future__ import annotations

from typing import Any, Self

import pytest

from dash.ask import Dash
from dash.cli.drift import tell_drift
from dash.drift import Finding, Looked


class _Looking:
    """A product whose data somebody has filled with signs that a terminal obeys."""

    drift = (Finding("new_values", "desk.tickets", "status", values=("\x1b[2Jopen", "\u202enepo")),)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def look_for_drift(self) -> Looked:
        return Looked(self.drift, ())


def test_a_value_steers_no_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def opened(*_: Any, **__: Any) -> _Looking:
        return _Looking()

    monkeypatch.setattr(Dash, "open", opened)
    settings: Any = None
    assert not tell_drift(settings, None)
    said = capsys.readouterr().out
    assert "[2Jopen" in said
    assert not {"\x1b", "\u202e"} & set(said)
