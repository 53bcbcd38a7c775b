"""A pack: a folder with ready-made knowledge about a known product's tables, and its pack.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dash.errors import UserError
from dash.settings import REPOSITORY

FOLDER = REPOSITORY / "packs"
FILE = "pack.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EmptyFile(_Strict):
    """A table that may be missing: it is then read as one without rows, with these columns, which `means` something."""

    columns: dict[str, str] = Field(min_length=1)
    means: str


class ValuesFile(_Strict):
    """A column whose values are a company's own. They are read, the commonest first, and written into the table file;
    those that the pack lists itself stay as they are. `staff_names` is SQL that gives (value, name) of people: only
    who makes the project may say that these may stand in its files and answers."""

    table: str
    column: str
    most: int = Field(default=100, ge=1, le=1000)
    staff_names: str | None = None


class PackFile(_Strict):
    """pack.yaml. `schema` is what the pack's files call the schema of the tables. `known_by` are tables that tell where
    they are; the first one must be there. `names` are other names of a table, by the pack's own. `instead` is the SQL
    that stands for a column (table.column) which is missing; `empty` are tables that may be. `times` is the zone of
    times that an export keeps without one, where the pack's SQL does not say it itself."""

    title: str
    schema_name: str = Field(alias="schema")
    known_by: list[str] = Field(min_length=1)
    names: dict[str, list[str]] = Field(default_factory=dict)
    instead: dict[str, str] = Field(default_factory=dict)
    empty: dict[str, EmptyFile] = Field(default_factory=dict)
    values: list[ValuesFile] = Field(default_factory=list)
    times: str | None = None


@dataclass(frozen=True)
class Pack:
    """A pack that is there."""

    name: str
    folder: Path
    file: PackFile

    @property
    def knowledge(self) -> Path:
        return self.folder / "knowledge"


def find_packs(folder: Path = FOLDER) -> tuple[str, ...]:
    """The names of all packs."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{FILE}")))


def get_pack(name: str, folder: Path = FOLDER) -> Pack:
    """The pack of that name. Raises UserError for one that is not there or is broken."""
    if name not in find_packs(folder):
        raise UserError(f"There is no pack {name}; there are {', '.join(find_packs(folder)) or 'none'}.")
    path = folder / name / FILE
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return Pack(name, folder / name, PackFile.model_validate(data))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(f"{path} cannot be read as YAML; mend it.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise UserError(f"{path}: {key}: {first['msg'].lower()}; docs/packs.md says what it holds.") from error
