"""What must hold for every file of the repository, so that a clone works anywhere."""

from __future__ import annotations

import os
import re
import tomllib

import pytest

from tests.scripts.conftest import ROOT

SCRIPTS = ["scripts/setup", "scripts/run", "scripts/test", "scripts/check", "scripts/format", "scripts/bench",
           "scripts/bench-ui", "scripts/dash", "scripts/try-local-llm", ".ci/run"]  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_can_be_run(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert (ROOT / script).read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")


def test_the_lock_file_has_hashes_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock and "--index-url" not in lock
    names = re.findall(r"^([a-z0-9._-]+)==", lock, flags=re.MULTILINE)
    assert len(names) > 50
    assert lock.count(" \\\n") >= len(names)


def test_the_web_framework_of_our_name_is_not_installed_beside_us() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"^dash==", lock, flags=re.MULTILINE)


def test_every_dependency_of_the_project_is_in_the_lock_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    names = [re.split(r"[\[<>=~ ]", entry)[0] for entry in wanted]
    assert [name for name in names if not re.search(rf"^{re.escape(name)}==", lock, flags=re.MULTILINE)] == []


def test_links_between_the_documents_lead_somewhere() -> None:
    missing = [
        f"{document.relative_to(ROOT)} → {target}"
        for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]
    assert missing == []


def test_the_table_of_places_in_the_readme_names_what_exists() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Where do I change")[2]
    named = re.findall(r"`([a-z.]+/[^`]*)`", table)
    assert named
    assert [name for name in named if not list(ROOT.glob(name.rstrip("/")))] == []


def test_no_module_of_the_product_reads_the_environment_but_settings() -> None:
    # account.py hands the environment on to PostgreSQL's programs.
    allowed = {"dash/settings/environment.py", "dash/database/account.py"}
    readers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "dash").rglob("*.py")
        if re.search(r"\bos\.environ|\bos\.getenv", path.read_text(encoding="utf-8"))
    }
    assert readers - allowed == set()
