"""The table files of a pack, as far as a database has what they describe."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dash.packs.fitting import Schema, Substitutes, fit
from dash.packs.naming import Naming
from dash.packs.pack import Pack

Live = Mapping[str, Mapping[str, str]]
"""relation → column → type."""

_LISTS = ("list_columns", "text_columns", "primary_key")


@dataclass
class Left:
    """What was left out, and why, in the words of the pack's own files; `instead` are effects of what was put there."""

    out: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)


def fitted_tables(pack: Pack, naming: Naming, live: Live, left: Left) -> dict[str, Any]:
    """File name → data of every table that is there."""
    schema: Schema = {relation: frozenset(columns) for relation, columns in live.items()}
    substitutes = _substitutes(pack, naming, live)
    found: dict[str, Any] = {}
    absent: set[str] = set()
    used: set[tuple[str, str]] = set()
    for path in sorted((pack.knowledge / "tables").glob("*.json")):
        data = naming.in_data(json.loads(path.read_text(encoding="utf-8")))
        name = data["table_name"]
        if "sql" not in data:
            if name not in schema:
                left.out.append(f"table {name}: it is not there")
                continue
            file = f"{name}.json"
            lost = [column["name"] for column in data["table_columns"] if column["name"] not in schema[name]]
            absent |= {f"{name}.{column}" for column in lost}
            for column in data["table_columns"]:
                column.setdefault("type", live[name].get(column["name"], ""))  # so that it is seen when it changes
        else:
            file = path.name
            fitted = fit(data["sql"], schema, substitutes)
            absent |= fitted.absent
            used |= fitted.used
            if fitted.sql is None:
                left.out.append(f"table {name}: it cannot be asked without {', '.join(sorted(fitted.absent))}")
                continue
            data["sql"] = fitted.sql
            lost = list(fitted.lost)
            left.out += [f"{name}.{column}: what it is made of is not there" for column in lost]
        found[file] = _without(data, set(lost))
    for relation, column in sorted(used):
        _describe(found[f"{relation}.json"], column, live[relation][column])
    _tell(pack, naming, absent, schema, left)
    return found


def unzoned_times(pack: Pack, naming: Naming, live: Live) -> frozenset[tuple[str, str]]:
    """(relation, column) of times without a zone whose zone the pack tells."""
    if pack.file.times is None:
        return frozenset()
    inside = f"{naming.place}."
    return frozenset(
        (relation, column)
        for relation, columns in live.items() if relation.startswith(inside)
        for column, kind in columns.items() if kind == "timestamp"
    )  # fmt: skip


def zoned_times(pack: Pack, naming: Naming, live: Live) -> frozenset[tuple[str, str]]:
    """(relation, column) of times with a zone, where the pack's SQL says itself that times without one are UTC."""
    if pack.file.times is not None:
        return frozenset()
    found = set()
    for path in sorted((pack.knowledge / "tables").glob("*.json")):
        data = naming.in_data(json.loads(path.read_text(encoding="utf-8")))
        columns = live.get(data["table_name"], {}) if "sql" not in data else {}
        found |= {
            (data["table_name"], column["name"])
            for column in data["table_columns"]
            if columns.get(column["name"]) == "timestamptz"
        }
    return frozenset(found)


def _substitutes(pack: Pack, naming: Naming, live: Live) -> Substitutes:
    columns = {}
    for place, text in pack.file.instead.items():
        table, _, column = place.partition(".")
        columns[(naming.relation(table), column)] = text
    tables = {naming.relation(table): empty.columns for table, empty in pack.file.empty.items()}
    unzoned, zoned = unzoned_times(pack, naming, live), zoned_times(pack, naming, live)
    return Substitutes(columns, tables, unzoned, pack.file.times or "UTC", zoned)


def _without(data: dict[str, Any], lost: set[str]) -> dict[str, Any]:
    """A table file without some columns, wherever it names them."""
    data["table_columns"] = [column for column in data["table_columns"] if column["name"] not in lost]
    for key in _LISTS:
        if key in data:
            data[key] = [column for column in data[key] if column not in lost]
    if "joins" in data:
        data["joins"] = [join for join in data["joins"] if not lost & set(join["columns"])]
    if data.get("time_dimension") in lost:
        del data["time_dimension"]
    return data


def _describe(data: dict[str, Any], column: str, kind: str) -> None:
    """Let a column be read that stands for another."""
    if column not in {one["name"] for one in data["table_columns"]}:
        prefix = re.sub(r"\W+", "_", data["table_name"])
        data["table_columns"].append({"name": column, "type": kind, "dimension": f"raw_{prefix}_{column}"})


def _tell(pack: Pack, naming: Naming, absent: set[str], schema: Schema, left: Left) -> None:
    for table, empty in pack.file.empty.items():
        if naming.relation(table) not in schema:
            left.effects.append(f"{naming.relation(table)} is not there: {empty.means}")
    for place, text in pack.file.instead.items():
        table, _, column = place.partition(".")
        relation = naming.relation(table)
        if relation in schema and f"{relation}.{column}" in absent:
            left.effects.append(f"{relation}.{column} is not there: it is taken to be {text}")
            absent.discard(f"{relation}.{column}")
    for name in sorted(absent):
        if name.count(".") == 2 and name.rpartition(".")[0] in schema:
            left.out.append(f"column {name}: it is not there")
