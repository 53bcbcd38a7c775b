"""A draft as files of a project, and the project folder itself.

What a person has changed is theirs: a file that is no longer as the last draft left it stays when a draft is written.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from dash.database.locks import FileLock
from dash.drafting.decisions import Decisions, without_personal_values
from dash.drafting.drafting import Draft
from dash.errors import UserError
from dash.introspection import Profile, profile_text
from dash.introspection.profile import FILE as PROFILE_FILE
from dash.project import FILE as PROJECT_FILE
from dash.project import ProjectFile

BUSINESS = "draft.yaml"
MEMORY = ".draft.json"
_HEAD = """\
# Proposed by `dash init`, and written anew by `dash review`. To make a definition your own, move it to another file of
# this folder and take its key `draft` away; it is not proposed again.
"""
_OWN_HEAD = """\
# Proposed by `dash init`, and written anew by `dash review`, until you change it. When it is as you want it, take
# its key `draft` away.
"""
_LONGEST_LINE = 116
_LOCK = ".draft.lock"


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
    about = folder / "learnings" / "README.md"
    if not about.exists():
        about.write_text("Reviewed learnings: what was learned, one file each.\n", "utf-8")
    text = yaml.safe_dump(_short(file), allow_unicode=True, sort_keys=False)
    head = "# A project of Dash: one database, what is known about it and what was learned. docs/your-database.md\n\n"
    (folder / PROJECT_FILE).write_text(head + text, encoding="utf-8")


def write_profile(folder: Path, profile: Profile, decisions: Decisions) -> None:
    """profile.json of a project, with no value of a column that the decisions call personal."""
    text = profile_text(without_personal_values(profile, decisions))
    (folder / PROFILE_FILE).write_text(text, encoding="utf-8")


def writing(folder: Path) -> FileLock:
    """A turn to write a project's draft: two at once would each find the other's files changed."""
    (folder / "knowledge").mkdir(parents=True, exist_ok=True)
    busy = f"Another process has been writing the draft of {folder} for minutes; end it and try again."
    return FileLock(folder / "knowledge" / _LOCK, busy=busy)


@dataclass(frozen=True)
class Written:
    """Files that were written, and those that a person had changed and that stay as they are."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def write_draft(folder: Path, draft: Draft) -> Written:
    """Write the draft's files into the project's knowledge; those of earlier drafts that are no more are removed.

    A file that is not as a draft left it is somebody's own, and so is a metric that another file defines. Whoever is
    not alone takes the turn of `writing` before.
    """
    knowledge = folder / "knowledge"
    knowledge.mkdir(parents=True, exist_ok=True)
    before = _remembered(knowledge)
    own = _metrics_elsewhere(knowledge / "business")
    texts = {f"tables/{_file_name(table.table_name)}.json": _json(_short(table)) + "\n" for table in draft.tables}
    business = draft.business.model_copy(
        update={"metrics": [metric for metric in draft.business.metrics if metric.name not in own]}
    )
    said = yaml.safe_dump(_short(business), allow_unicode=True, sort_keys=False, width=_LONGEST_LINE)
    texts[f"business/{BUSINESS}"] = f"{_HEAD}\n{said}"
    for name, content in (("business/stuck.yaml", draft.stuck), ("replay.yaml", draft.replay)):
        if content is not None:
            listed = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=_LONGEST_LINE)
            texts[name] = f"{_OWN_HEAD}\n{listed}"
    kept = {name for name in {*texts, *before} if _is_changed(knowledge / name, before.get(name))}
    remembered = {name: before.get(name, "") if name in kept else _digest(texts[name]) for name in sorted(texts)}
    _remember(knowledge, _either(before, {name: remembered[name] for name in texts.keys() - kept}))
    for name in before.keys() - texts.keys() - kept:
        (knowledge / name).unlink(missing_ok=True)
    for name in texts.keys() - kept:
        (knowledge / name).parent.mkdir(parents=True, exist_ok=True)
        write_at_once(knowledge, name, texts[name])
    _remember(knowledge, remembered)
    paths = sorted(texts.keys() - kept)
    return Written(tuple(knowledge / name for name in paths), tuple(knowledge / name for name in sorted(kept)))


def remember(knowledge: Path, name: str, *texts: str) -> None:
    """Note a further file as one that a draft has written, or is about to write, with one of these texts: the next
    draft takes it away or writes it anew."""
    _remember(knowledge, {**_remembered(knowledge), name: " ".join(map(_digest, texts))})


def write_at_once(knowledge: Path, name: str, text: str) -> None:
    """Write a file so that it is never there in part, whenever the process ends."""
    half = knowledge / ".draft.half"  # beside the folders whose files are all read
    half.write_text(text, encoding="utf-8")
    os.replace(half, knowledge / name)


def _remember(knowledge: Path, digests: Mapping[str, str]) -> None:
    write_at_once(knowledge, MEMORY, json.dumps(digests, indent=1) + "\n")


def _either(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """What is remembered while files are written: each is as it was or as it will be, whenever the process ends."""
    both = {name: f"{before.get(name, '')} {digest}".strip() for name, digest in after.items()}
    return {**before, **both}


def _remembered(knowledge: Path) -> dict[str, str]:
    """What the last draft wrote, by a hash of each text; of one that was not finished, by both hashes. Raises UserError
    where a name leaves the folder, because what is named here is removed."""
    try:
        found = json.loads((knowledge / MEMORY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    inside = knowledge.resolve()
    for name in found:
        if inside not in (knowledge / name).resolve().parents:
            raise UserError(f"{knowledge / MEMORY} names {name}, which is not in {knowledge.name}; remove that line")
    return {name: str(digest) for name, digest in found.items()}


def _is_changed(path: Path, digest: str | None) -> bool:
    return path.exists() and _digest(path.read_text(encoding="utf-8")) not in (digest or "").split()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _metrics_elsewhere(business: Path) -> set[str]:
    """Names of metrics in a person's own files."""
    names: set[str] = set()
    for path in (*business.glob("*.yaml"), *business.glob("*.yml")):
        if path.name != BUSINESS:
            try:
                content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
            except yaml.YAMLError:
                continue  # `dash check` says what is wrong with it
            names |= {str(metric.get("name")) for metric in content.get("metrics") or ()}
    return names


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
