"""A project folder: one database, what is known about it (`knowledge/`) and what was learned (`learnings/`).

`dash.yaml` says how the database is reached, never with which password: it names the environment variable that holds
the URL, so the folder can be committed and shared.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from dash.errors import SettingsError

FILE = "dash.yaml"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")  # HELPDESK_URL

Surface = Literal["terminal", "page", "api", "mcp"]


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise ValueError("must be the name of an environment variable, such as HELPDESK_URL, and never the URL itself")
    return name


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseFile(_Strict):
    """Where the data is. As `reader` the login only reads, and Dash keeps its own state elsewhere (in DASH_HOME); as
    `owner` it makes schema `dash` and the role `dash_reader` in that database."""

    url_from: Annotated[str, AfterValidator(_variable)]
    login: Literal["reader", "owner"]


class ProjectFile(_Strict):
    """dash.yaml. `zone` is the reporting zone, `data_zone` that of times without a zone, where it is another.
    `languages` are those that a draft is worded in; `pack` is the ready-made knowledge that it began with instead."""

    name: str
    database: DatabaseFile | None = None
    zone: str = "UTC"
    data_zone: str | None = None
    languages: list[str] = Field(default_factory=lambda: ["en"], min_length=1)
    pack: str | None = None
    surfaces: list[Surface] = Field(default_factory=lambda: list[Surface](("terminal", "page", "api", "mcp")))


@dataclass(frozen=True)
class Project:
    """A project folder that is there."""

    folder: Path
    file: ProjectFile

    @property
    def state_name(self) -> str:
        """A name for its state that no other project has, also none of the same name in another place."""
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:8]
        return f"{re.sub(r'[^A-Za-z0-9_-]+', '-', self.folder.name)[:40] or 'project'}-{digest}"


def load_project(folder: Path) -> Project:
    """Read a folder's dash.yaml. Raises SettingsError, which says what to mend."""
    path = folder / FILE
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return Project(folder, ProjectFile.model_validate(data))
    except FileNotFoundError as error:
        raise SettingsError(f"{folder} has no {FILE}; make a project with: dash init FOLDER --database URL") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read; make it a readable UTF-8 file.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        raise SettingsError(f"{path}{where} is not YAML; mend the line, or its indentation.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise SettingsError(
            f"{path}: {key}: {first['msg'].lower()}; docs/your-database.md says what it holds."
        ) from error
