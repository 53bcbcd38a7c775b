"""What the README tells a newcomer to type works as it stands."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from dash.settings import REPOSITORY
from tests.cli.conftest import Run

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r'\./scripts/dash ask "([^"]+)"', README)


@pytest.fixture(scope="module")
def knowledge_with_the_readmes_query(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme") / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", folder)
    found = re.search(r"Write `knowledge/(queries/\w+\.sql)`:\n\n +```sql\n(.*?)```", README, flags=re.DOTALL)
    assert found
    lines = [line.removeprefix("   ") for line in found[2].splitlines()]
    (folder / found[1]).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_vetted_query_of_the_readme_passes_the_check(
    dash_with_data: Run, knowledge_with_the_readmes_query: Path
) -> None:
    result = dash_with_data("check", DASH_KNOWLEDGE=str(knowledge_with_the_readmes_query))
    assert result.returncode == 0, result.stdout
    assert result.stdout.startswith("No fault found")


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_of_the_readme_is_answered(
    dash_with_data: Run, knowledge_with_the_readmes_query: Path, question: str
) -> None:
    settings = {"DASH_KNOWLEDGE": str(knowledge_with_the_readmes_query)}
    answer = json.loads(dash_with_data("ask", "--now=2026-11-20T12:00Z", "--json", question, **settings).stdout)
    assert answer["outcome"] == "answered", answer["headline"]
    if "longest" in question:
        assert answer["provenance"] == "vetted"
        assert answer["parameters"]["days"] == 14
