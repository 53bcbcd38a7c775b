"""The interview on a page: the same questions and files as in the terminal, in the language of the page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit
import yaml
from streamlit.testing.v1 import AppTest

from dash.settings import REPOSITORY
from tests.foreign.conftest import ProjectFolder

REVIEW = str(REPOSITORY / "dash" / "ui" / "pages" / "review.py")


@pytest.fixture
def copy(project: ProjectFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProjectFolder]:
    """A copy of the project, which the page of this process serves."""
    copied = ProjectFolder(tmp_path / "copy", project.environment)
    shutil.copytree(project.folder, copied.folder)
    for name in list(os.environ):
        if name.startswith(("DASH_", "OPENAI_")) and name != "DASH_TEST_FOLDER":
            monkeypatch.delenv(name)
    for name in ("DASH_HOME", "HELPDESK_URL"):
        monkeypatch.setenv(name, project.environment[name])
    monkeypatch.setenv("DASH_PROJECT", str(copied.folder))
    streamlit.cache_resource.clear()
    yield copied
    streamlit.cache_resource.clear()


def _page(locale: str = "en-US") -> AppTest:
    test = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=180)
    test.context["locale"] = locale
    test.run()
    test.switch_page(REVIEW).run()
    assert not test.exception
    return test


def _said(test: AppTest) -> str:
    return "\n".join(element.value for element in test.text)


def _decided(project: ProjectFolder) -> dict[str, object]:
    return dict(yaml.safe_load((project.folder / "review.yaml").read_text(encoding="utf-8")))


def test_answers_are_kept_at_once_and_used_when_asked_for(copy: ProjectFolder) -> None:
    test = _page("ru-RU")
    assert "В какой таблице лежат обращения" in _said(test)
    assert "Service Desk.Ticket Log, строк:" in _said(test)
    test.button(key="confirm-tickets").click().run()
    assert _decided(copy)["reviewed"] == ["tickets"]
    test.button(key="skip-opened").click().run()
    test.button(key="confirm-status").click().run()
    assert _decided(copy)["reviewed"] == ["tickets", "status"]
    assert "Active (" in _said(test), "the states are shown with how many rows have them"
    test.multiselect[0].set_value(["Closed"])
    test.button(key="confirm-closed_values").click().run()
    assert _decided(copy)["closed_values"] == ["Closed"]
    again = _page()
    assert "Answered: 3" in [one.label for one in again.expander], "another tab goes on where this one was left"
    again.button(key="write").click().run()
    assert not again.exception
    assert "metrics are reviewed" in again.success[0].value
    metrics = yaml.safe_load((copy.folder / "knowledge" / "business" / "draft.yaml").read_text(encoding="utf-8"))
    backlog = next(one for one in metrics["metrics"] if one["name"] == "open_tickets")
    assert "Resolved" not in backlog["filter"]
    again.button(key="again-tickets").click().run()
    assert _decided(copy)["reviewed"] == ["status", "closed_values"]


def test_a_click_answers_the_question_that_was_read(copy: ProjectFolder) -> None:
    first, second = _page(), _page()
    second.button(key="confirm-tickets").click().run()
    first.button(key="confirm-tickets").click().run()
    assert not first.exception
    assert _decided(copy)["reviewed"] == ["tickets"], "nobody has read the next question"


def test_nothing_chosen_of_several_means_none(copy: ProjectFolder) -> None:
    test = _page()
    for name in ("confirm-tickets", "skip-opened", "confirm-status"):
        test.button(key=name).click().run()
    assert test.multiselect[0].value, "some are proposed"
    test.multiselect[0].set_value([])
    test.button(key="confirm-closed_values").click().run()
    assert "closed_values" not in _decided(copy)
    assert _decided(copy)["reviewed"] == ["tickets", "status", "closed_values"]
    test.button(key="write").click().run()
    assert not test.exception
    assert "metrics are reviewed" in test.success[0].value


def test_only_who_looks_after_the_knowledge_is_asked(copy: ProjectFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    roles = copy.folder / "access.yaml"
    roles.write_text("people:\n  local: [lead]\n", encoding="utf-8")
    monkeypatch.setenv("DASH_ACCESS", str(roles))
    monkeypatch.setenv("DASH_USER", "local")
    test = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=180).run()
    test.switch_page(REVIEW).run()
    assert "review_draft" not in _said(test)
    assert not test.button or not [one for one in test.button if str(one.key).startswith("confirm")]
    assert not (copy.folder / "review.yaml").exists()
