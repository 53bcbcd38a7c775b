"""`dash up` does not serve others before they can sign in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

SIGN_IN = {
    "DASH_OIDC_ISSUER": "https://login.example.com",
    "DASH_OIDC_CLIENT_ID": "dash",
    "DASH_OIDC_CLIENT_SECRET": "s3cret",
    "DASH_PAGE_URL": "https://dash.example.com",
}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3"])
def test_another_address_without_sign_in_is_refused_with_what_to_do(dash: Run, host: str) -> None:
    refused = dash("up", DASH_HOST=host)
    assert refused.returncode == 1
    assert f"The page would be served at {host}" in refused.stderr
    assert "docs/access.md" in refused.stderr
    assert "DASH_HOST=127.0.0.1 ./scripts/run" in refused.stderr


def test_sign_in_without_anybody_who_has_a_role_is_refused(dash: Run) -> None:
    refused = dash("up", **SIGN_IN, DASH_HOST="0.0.0.0")
    assert refused.returncode == 1
    assert "nobody has a role" in refused.stderr
    assert "s3cret" not in refused.stdout + refused.stderr


def test_a_broken_file_of_roles_is_refused_with_its_line(dash: Run, tmp_path: Path) -> None:
    (tmp_path / "access.yaml").write_text("people:\n  ann@example.com: boss\n", encoding="utf-8")
    refused = dash("up", **SIGN_IN, DASH_HOST="0.0.0.0", DASH_ACCESS=str(tmp_path / "access.yaml"))
    assert refused.returncode == 1
    assert "access.yaml:2: 'boss' is no role" in refused.stderr


def test_half_a_sign_in_is_refused(dash: Run) -> None:
    refused = dash("up", DASH_OIDC_ISSUER="https://login.example.com")
    assert refused.returncode == 1
    assert "DASH_OIDC_CLIENT_ID, DASH_OIDC_CLIENT_SECRET, DASH_PAGE_URL" in refused.stderr
