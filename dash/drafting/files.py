"""A draft as files of a project, and the project folder itself.

What a person has changed is theirs: a file without the head that drafts have, or whose table is no draft any more, is
left alone when the draft is written again.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from dash.drafting.drafting import Draft
from dash.errors import UserError
from dash.introspection import Profile, profile_text
from dash.introspection.profile import FILE as PROFILE_FILE
from dash.project import FILE as PROJECT_FILE
from dash.project import ProjectFile

BUSINESS = "draft.yaml"
_HEAD = "# Proposed by `dash init` and `dash review`, and written anew by them. To keep a definition of your own, move it to\n"
_HEAD += "# another file in this folder, take its key `draft` away, and list its name in review.yaml under `kept`.\n"
_LONGEST_LINE = 116


def begin_project(folder: Path, file: ProjectFile) -> None:
    """Make the folder with dash.yaml, knowledge/ and learnings/. Raises UserError where there is something already."""
    if (folder / PROJECT_FILE).exists():
        raise UserError(
            f"{folder} is a project already; look at its database anew with: dash profile --project {folder}"
        )
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is not a folder; name another one.")
    for part in ("knowledge/tables", "knowledge/business", "learnings"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "learnings" / "README.md").write_text("Reviewed learnings: what was learned, one file each.\n", "utf-8")
    text = yaml.safe_dump(_short(file), allow_unicode=True, sort_keys=False)
    head = "# A project of Dash: one database, what is known about it and what was learned. docs/your-database.md\n\n"
    (folder / PROJECT_FILE).write_text(head + text, encoding="utf-8")


def write_profile(folder: Path, profile: Profile) -> None:
    """profile.json of a project."""
    (folder / PROFILE_FILE).write_text(profile_text(profile), encoding="utf-8")


def write_draft(folder: Path, draft: Draft) -> list[Path]:
    """Write the draft's files into the project's knowledge; those of earlier drafts that are no more are removed."""
    tables = folder / "knowledge" / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    written = []
    for table in draft.tables:
        path = tables / f"{_file_name(table.table_name)}.json"
        path.write_text(_json(_short(table)) + "\n", encoding="utf-8")
        written.append(path)
    for path in set(tables.glob("*.json")) - set(written):
        if '"draft":' in path.read_text(encoding="utf-8") or '"Read by way of' in path.read_text(encoding="utf-8"):
            path.unlink()
    business = folder / "knowledge" / "business" / BUSINESS
    business.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(_short(draft.business), allow_unicode=True, sort_keys=False, width=_LONGEST_LINE)
    business.write_text(_HEAD + "\n" + text, encoding="utf-8")
    return [*written, business]


def _file_name(table: str) -> str:
    return re.sub(r"[^\w.-]+", "_", table).strip("._") or "table"


def _short(model: BaseModel) -> dict[str, Any]:
    """What a file says: no defaults; text for all languages alone is plain text."""
    said: dict[str, Any] = _plain(model.model_dump(exclude_defaults=True))
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {""}:
            return _plain(value[""])
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _json(value: Any, indent: int = 0) -> str:
    """JSON with short things on one line, as people write it."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= _LONGEST_LINE or not isinstance(value, (dict, list)) or not value:
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        items = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {_json(item, indent + 2)}" for key, item in value.items()
        ]
        return "{\n" + ",\n".join(items) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(inner + _json(item, indent + 2) for item in value) + "\n" + " " * indent + "]"
