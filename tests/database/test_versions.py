"""Which servers the database tests run on, and that none of them goes missing in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from dash.settings import REPOSITORY
from tests.database.versions import EMBEDDED, INSTALL, POSTGRESQL_15, throwaway_cluster, versions


def test_a_missing_postgresql_15_is_left_out_only_where_it_was_not_promised(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert versions(missing, {}) == [EMBEDDED]
    assert versions(missing, {"CI": "true"}) == [EMBEDDED, POSTGRESQL_15]
    assert versions(tmp_path, {}) == [EMBEDDED, POSTGRESQL_15]


def test_where_it_was_promised_and_is_missing_the_tests_fail_with_the_line_that_installs_it(tmp_path: Path) -> None:
    with (
        pytest.raises(pytest.fail.Exception, match=INSTALL),
        throwaway_cluster(tmp_path / "cluster", tmp_path / "missing"),
    ):
        pass
    assert not (tmp_path / "cluster").exists()


def test_the_build_machine_promises_all_of_them() -> None:
    assert "export CI=true" in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
