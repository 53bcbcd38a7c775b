"""A pack's knowledge in a project's folder, fitted to the project's database."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dash.catalogue.faults import find_faults
from dash.catalogue.pruning import prune
from dash.database import Database
from dash.drift.editing import TextFile
from dash.errors import QueryFailed, QueryRejected, UserError
from dash.knowledge import load_everything
from dash.knowledge.stuck import FILE as STUCK
from dash.packs.naming import Naming, find_naming
from dash.packs.pack import Pack
from dash.packs.tables import Left, Live, fitted_tables, unzoned_times, zoned_times
from dash.packs.values import fill_values
from dash.records import PlannedQuery, Viewer
from dash.replay.description import FILE as REPLAY
from dash.semantics.fragments import relation
from dash.steps.guard import guard

_OWN_TIMES = (STUCK, REPLAY)
"""Files that read times of the tables themselves, and would misread those whose zone is not as the pack has it."""


@dataclass(frozen=True)
class Placed:
    """What came of it: `place` is the schema; `left_out` and `effects` say what the database does not have and what
    that means; `values` how many names of each column were written."""

    place: str
    left_out: tuple[str, ...]
    effects: tuple[str, ...]
    values: dict[str, int]
    starter: str


def require_no_files(folder: Path) -> None:
    """Raise UserError where a pack's knowledge would come over somebody's files."""
    if (found := next((path for path in sorted(folder.rglob("*")) if not path.is_dir()), None)) is not None:
        raise UserError(
            f"{found} is there already, and a pack comes over no files; move {folder} away, or name another folder."
        )


def place_pack(
    pack: Pack,
    database: Database,
    progress: Callable[[str], None],
    *,
    staff_names: bool = False,
    schema: str | None = None,
) -> Placed:
    """Write the pack into the project's knowledge, as far as its database has what the pack is about. Raises UserError
    where it is not such a database, or there is knowledge already. `staff_names` lets names of those who work on
    tickets stand in its files; `schema` is where the tables are, where several have them.

    It is made beside the knowledge and moved there when it is whole, so a try that fails leaves nothing."""
    folder = database.settings.knowledge
    require_no_files(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".pack-", dir=folder.parent) as beside:
        made = Path(beside) / folder.name  # faults are shown by the folder's name
        placed = _make(pack, database, progress, made, staff_names=staff_names, schema=schema)
        _move(made, folder)
    return placed


def _move(made: Path, folder: Path) -> None:
    """Put the folder in the place of an empty one; it fails where that is no longer empty."""
    if folder.is_dir():
        require_no_files(folder)
        for empty in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
            empty.rmdir()
        folder.rmdir()
    (made / "business").mkdir(exist_ok=True)
    made.rename(folder)


def _make(
    pack: Pack,
    database: Database,
    progress: Callable[[str], None],
    folder: Path,
    *,
    staff_names: bool,
    schema: str | None,
) -> Placed:
    settings = database.settings
    progress(f"Fitting {pack.file.title}")
    live = database.live_schema()
    naming = find_naming(pack.file, live, schema)
    closed = _unreadable(database, live, pack, naming)
    live = {name: columns for name, columns in live.items() if name not in closed}
    left = Left([f"table {relation}: this login may not read it" for relation in closed])
    tables = fitted_tables(pack, naming, live, left)
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    _write_tables(folder, tables)
    allowed = load_everything(folder).knowledge.allowed()
    database.grant_reader(allowed)
    progress("Reading names of groups, brands and the like")
    counted, failed = fill_values(tables, naming.values(pack.file.values), database, allowed, staff_names=staff_names)
    _write_tables(folder, tables)
    unzoned = {relation for relation, _ in unzoned_times(pack, naming, live)}
    zoned = {relation for relation, _ in zoned_times(pack, naming, live)}
    for path in sorted(pack.knowledge.rglob("*")):
        if path.suffix in (".yaml", ".sql"):
            if path.name in _OWN_TIMES and unzoned:
                left.out.append(f"{path.name}: times of {min(unzoned)} have no zone")
                continue
            if path.name in _OWN_TIMES and zoned:
                left.out.append(f"{path.name}: times of {min(zoned)} have a zone")
                continue
            there = folder / path.relative_to(pack.knowledge)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_text(naming.in_text(path.read_text(encoding="utf-8")), encoding="utf-8")
    progress("Checking every definition against the database")
    pruned = prune(_files_of(folder), folder, lambda: find_faults(folder, database, None, settings.home))
    if pruned.left:
        raise UserError(f"The pack does not fit and cannot be made to: {pruned.left[0]}")
    starters = load_everything(folder).knowledge.starters
    first = next((one.question["en"] for one in starters if "en" in one.question), "What can I ask?")
    return Placed(naming.place, (*left.out, *pruned.told), (*left.effects, *failed), counted, first)


def _unreadable(database: Database, live: Live, pack: Pack, naming: Naming) -> tuple[str, ...]:
    """The pack's tables that are there and that a login may not read which only reads; any other is given the right."""
    settings = database.settings
    if not settings.reads_elsewhere:
        return ()
    closed = []
    for path in sorted((pack.knowledge / "tables").glob("*.json")):
        name = naming.in_data(json.loads(path.read_text(encoding="utf-8")))["table_name"]
        if name not in live:
            continue
        try:
            query = PlannedQuery(sql=f"SELECT COUNT(*) AS n FROM {relation(name)}", parameters={})
            allowed = {name: tuple(live[name])}
            checked = guard(query, allowed, personal=frozenset(), viewer=Viewer(), reviewed=True)
            database.explain(checked, limits=settings.limits, zone=settings.zone)
        except (QueryFailed, QueryRejected):
            closed.append(name)
    return tuple(closed)


def _files_of(folder: Path) -> dict[str, TextFile]:
    """Every file of a knowledge folder by the path that faults name."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    files = (TextFile(str(path.relative_to(folder.parent)), path.read_text(encoding="utf-8")) for path in found)
    return {file.path: file for file in files}


def _write_tables(folder: Path, tables: dict[str, dict[str, object]]) -> None:
    for name, data in tables.items():
        text = json.dumps(data, ensure_ascii=False, indent=2)
        (folder / "tables" / name).write_text(text + "\n", encoding="utf-8")
