"""What a project folder says of how its database is reached, and what is said when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from dash.drafting import begin_project
from dash.errors import SettingsError, UserError
from dash.project import DatabaseFile, ProjectFile, load_project
from dash.settings import REPOSITORY, Settings, require_surface

URL = "postgresql://me:secret@db.example/desk"


def _project(folder: Path, login: str = "reader") -> Path:
    database = DatabaseFile.model_validate({"url_from": "DESK_URL", "login": login})
    begin_project(folder, ProjectFile(name="desk", database=database, zone="Europe/Berlin", languages=["en"]))
    return folder


def test_a_reading_login_keeps_our_state_apart_from_the_data(tmp_path: Path) -> None:
    folder = _project(tmp_path / "desk")
    settings = Settings.from_env({"DASH_PROJECT": str(folder), "DESK_URL": URL, "DASH_HOME": str(tmp_path / "home")})
    assert (settings.database_url, settings.reader_url, settings.reads_elsewhere) == (None, URL, True)
    assert settings.zone == "Europe/Berlin"
    assert (settings.knowledge, settings.learnings) == (folder / "knowledge", folder / "learnings")
    assert "secret" not in repr(settings)


def test_an_owning_login_holds_our_state_as_well(tmp_path: Path) -> None:
    settings = Settings.from_env({"DASH_PROJECT": str(_project(tmp_path / "desk", "owner")), "DESK_URL": URL})
    assert (settings.database_url, settings.reader_url, settings.reads_elsewhere) == (URL, None, False)


def test_projects_share_no_state_and_the_repository_keeps_its_own(tmp_path: Path) -> None:
    env = {"DASH_HOME": str(tmp_path / "home"), "DESK_URL": URL}
    homes = [
        Settings.from_env({**env, "DASH_PROJECT": str(_project(tmp_path / place / "desk"))}).home
        for place in ("a", "b")
    ]
    assert len({*homes, Settings.from_env(env).home}) == 3
    assert Settings.from_env(env).home == tmp_path / "home"
    assert Settings.from_env(env).project == REPOSITORY


def test_a_variable_that_is_not_set_is_named_and_so_is_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="export DESK_URL=postgresql://"):
        Settings.from_env({"DASH_PROJECT": str(_project(tmp_path / "desk"))})
    with pytest.raises(SettingsError, match="dash init"):
        Settings.from_env({"DASH_PROJECT": str(tmp_path / "nothing")})
    with pytest.raises(UserError, match="is a project already"):
        _project(tmp_path / "desk")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x\ndatabase: {url_from: 'postgresql://me:secret@host/db', login: reader}\n", "never the url itself"),
        ("name: x\nzones: UTC\n", "zones"),
        ("name: x\nsurfaces: [fax]\n", "surfaces"),
        ("name: [\n", "dash.yaml:2 is not YAML"),
        ("", "the file"),
    ],
)
def test_a_mistake_in_dash_yaml_is_one_sentence_without_the_secret(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "dash.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_project(tmp_path)
    assert said in raised.value.message
    assert "secret" not in raised.value.message


def test_a_surface_that_is_not_listed_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "dash.yaml").write_text("name: x\nsurfaces: [terminal]\n", encoding="utf-8")
    settings = Settings.from_env({"DASH_PROJECT": str(tmp_path)})
    require_surface(settings, "terminal")
    with pytest.raises(SettingsError, match="page"):
        require_surface(settings, "page")
