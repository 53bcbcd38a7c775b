"""The files of a draft when the process ends in the middle, or somebody else writes them too."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from dash.database.locks import FileLock
from dash.drafting import Decisions, draft, write_draft
from dash.drafting.files import writing
from dash.errors import EnvironmentProblem
from tests.foreign.test_personal import DECIDED, _profile


class Killed(BaseException):
    """The process ended here."""


def _write(folder: Path, decisions: Decisions) -> tuple[Path, ...]:
    return write_draft(folder, draft(_profile(), decisions, languages=["en"], zone="UTC")).kept


def test_a_draft_that_was_killed_anywhere_is_written_anew_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, other = os.replace, DECIDED.model_copy(update={"personal": ["desk.tickets.channel"]})
    most = 0
    while True:
        folder = tmp_path / str(most)
        _write(folder, DECIDED)
        left = most

        def replace(source: Any, target: Any) -> None:
            nonlocal left
            if left == 0:
                raise Killed
            left -= 1
            real(source, target)

        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", replace)
            try:
                _write(folder, other)
            except Killed:
                most += 1
            else:
                break
        assert _write(folder, other) == (), f"killed before file {most}"
        assert _write(folder, DECIDED) == ()
    assert most > 3, "it was killed before each file"


def test_what_a_person_has_changed_stays(tmp_path: Path) -> None:
    _write(tmp_path, DECIDED)
    own = tmp_path / "knowledge" / "business" / "draft.yaml"
    own.write_text("# mine\n", encoding="utf-8")
    for _ in range(2):
        assert _write(tmp_path, DECIDED) == (own,)
    assert own.read_text(encoding="utf-8") == "# mine\n"


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    with (
        writing(tmp_path),
        pytest.raises(EnvironmentProblem, match="written by another"),
        FileLock(tmp_path / "knowledge" / ".draft.lock", patience_seconds=0, busy="written by another"),
    ):
        pass
