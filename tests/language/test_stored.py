"""The lexicon between runs: made once, never taken from a file that somebody else could have made."""

from __future__ import annotations

import os
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dash.knowledge import Knowledge
from dash.language.reader import Reader
from dash.language.stored import stored

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class _Trap:
    """Unpickling it makes the file that it names."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):  # type: ignore[no-untyped-def]
        return (os.mkdir, (str(self.path),))


def _kept(folder: Path) -> Path:
    return folder / "reading.pickle"


def test_a_kept_lexicon_reads_as_the_one_that_was_built(
    knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = Reader(knowledge, tmp_path)
    assert _kept(tmp_path).stat().st_mode & 0o077 == 0
    monkeypatch.setattr(Reader, "_build", None)
    again = Reader(knowledge, tmp_path)
    for question in ("csat by channel last month", "сколько эскалаций за октябрь", "tickets abiertos por canal"):
        spans = [reader.ground(question, NOW, "UTC") for reader in (built, again)]
        assert spans[0] == spans[1]


def test_what_is_kept_is_made_once_and_again_for_another_knowledge(tmp_path: Path) -> None:
    made: list[str] = []

    def build() -> list:  # type: ignore[type-arg]
        made.append("made")
        return list(made)

    assert stored(tmp_path, "one", list, build) == stored(tmp_path, "one", list, build) == ["made"]
    assert stored(tmp_path, "two", list, build) == ["made", "made"]
    assert stored(None, "two", list, build) == ["made"] * 3


def test_a_broken_file_is_made_again(tmp_path: Path) -> None:
    stored(tmp_path, "one", list, lambda: [1])
    whole = _kept(tmp_path).read_bytes()
    _kept(tmp_path).write_bytes(whole[: len(whole) - 3])
    assert stored(tmp_path, "one", list, lambda: [2]) == [2]
    assert stored(tmp_path, "one", list, lambda: [3]) == [2]


def test_what_cannot_be_kept_costs_only_the_time(tmp_path: Path) -> None:
    assert stored(tmp_path / "none", "one", list, lambda: [1]) == [1]
    assert len(stored(tmp_path, "one", list, lambda: [lambda: 1])) == 1  # no function can be pickled
    assert not list(tmp_path.iterdir())


def test_a_file_that_others_may_write_is_not_opened(tmp_path: Path) -> None:
    stored(tmp_path, "one", list, lambda: [1])
    key = _kept(tmp_path).read_bytes()[: -len(pickle.dumps([1], pickle.HIGHEST_PROTOCOL))]
    sprung = tmp_path / "sprung"
    _kept(tmp_path).write_bytes(key + pickle.dumps(_Trap(sprung)))
    _kept(tmp_path).chmod(0o666)
    assert stored(tmp_path, "one", list, lambda: [2]) == [2]
    assert not sprung.exists()
