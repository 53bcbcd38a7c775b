"""The Ask page on a project: it invites with the draft's own questions, and says what nobody has reviewed."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from dash.settings import REPOSITORY
from tests.foreign.conftest import ProjectFolder


@pytest.fixture
def page(project: ProjectFolder, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page in the environment of the project."""
    for name in list(os.environ):
        if name.startswith(("DASH_", "OPENAI_")) and name != "DASH_TEST_FOLDER":
            monkeypatch.delenv(name)
    monkeypatch.setenv("DASH_HOME", project.environment["DASH_HOME"])
    monkeypatch.setenv("HELPDESK_URL", project.environment["HELPDESK_URL"])
    monkeypatch.setenv("DASH_PROJECT", str(project.folder))
    streamlit.cache_resource.clear()
    yield AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120).run()
    streamlit.cache_resource.clear()


def test_every_question_to_begin_with_is_answered_and_says_what_is_not_reviewed(page: AppTest) -> None:
    starters = [button.label for button in page.button if (button.key or "").startswith("starter-")]
    assert len(starters) >= 5
    for question in starters:
        page.chat_input[0].set_value(question).run()
        assert not page.exception
    said = [element.value for element in page.text]
    assert sum("Unreviewed definition: " in words for words in said) == len(starters), said
