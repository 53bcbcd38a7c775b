"""Everything in a pack that rests on what a database does not have, taken out entry by entry.

What is wrong is found by the checks that find any fault of knowledge, against the live tables, so nothing is taken out
that would work, and nothing stays that would not. An entry goes as a whole (a metric, a card, a reason): a definition
without a part of it would be another one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dash.errors import Fault, UserError
from dash.knowledge.documents import Path as Place
from dash.knowledge.documents import parse_json

_PARTS = frozenset(
    {"metrics", "vocabulary", "unanswerable", "starters", "common_gotchas", "meanings", "cards", "sections", "filters"}
    | {"reasons", "evidence", "facts", "beside", "timeline", "details", "alerts", "periods"}
)
"""Keys whose entries can be taken out one by one."""
_TABLE_PARTS = frozenset({"count_metric", "duration_metric", "list_columns", "list_order", "text_columns", "row_name"})
_COLUMN_PARTS = frozenset({"values", "words_beside_name", "value_pattern", "synonyms", "range"})
"""Keys that a table, or a column of it, can be without."""
_MOST_ROUNDS = 60


def prune(folder: Path, find_faults: Callable[[], Sequence[Fault]]) -> list[str]:
    """Take out of the knowledge folder's files whatever is faulty. What was taken out, with the first thing wrong."""
    told: list[str] = []
    for _ in range(_MOST_ROUNDS):
        faults = find_faults()
        if not faults:
            return told
        by_path: dict[str, list[Fault]] = {}
        for fault in faults:
            by_path.setdefault(fault.path, []).append(fault)
        for shown, found in by_path.items():
            path = folder / Path(shown).relative_to(folder.name)
            if not path.is_file():
                raise UserError(f"The pack does not fit and cannot be made to: {found[0]}")
            told += _mend(path, shown, found)
    raise UserError("The pack does not fit and cannot be made to; run dash check on the project.")


def _mend(path: Path, shown: str, faults: Sequence[Fault]) -> list[str]:
    """Take the faulty entries out of a file; the file itself where a fault is in none."""
    if path.suffix == ".json":
        return _mend_table(path, shown, faults)
    text = path.read_text(encoding="utf-8")
    root = yaml.compose(text, Loader=yaml.CSafeLoader) if path.suffix in (".yaml", ".yml") else None
    cuts: dict[tuple[int, int], str] = {}
    for fault in faults:
        entry = _entry(root, fault.line - 1, text.count("\n")) if root is not None else None
        if entry is None:
            path.unlink()
            return [f"{shown}: {faults[0].what}"]
        first, last, name = entry
        cuts.setdefault((first, last), f"{shown}: {name}: {fault.what}")
    lines = text.split("\n")
    outer = [cut for cut in cuts if not any(o != cut and o[0] <= cut[0] and cut[1] <= o[1] for o in cuts)]
    for first, last in sorted(outer, reverse=True):
        del lines[first:last]
    path.write_text("\n".join(lines), encoding="utf-8")
    _drop_empty(path)
    return [cuts[cut] for cut in sorted(outer)]


def _mend_table(path: Path, shown: str, faults: Sequence[Fault]) -> list[str]:
    """Take faulty parts out of a table file, one at a time, because the lines behind it change."""
    fault = faults[0]
    document = parse_json(path.read_text(encoding="utf-8"), shown)
    places = [place for place, line in document.lines.items() if line == fault.line]
    place = _table_part(max(places, key=len, default=()))
    if not place:
        path.unlink()
        return [f"{shown}: {fault.what}"]
    holder = document.data
    for key in place[:-1]:
        holder = holder[key]
    del holder[place[-1]]
    path.write_text(json.dumps(document.data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [f"{shown}: {'.'.join(str(key) for key in place)}: {fault.what}"]


def _table_part(place: Place) -> Place:
    """The removable part of a table file that a place of it lies in; nothing where it lies in none."""
    if place[:1] == ("table_columns",) and len(place) > 1:
        return place[:3] if len(place) > 2 and place[2] in _COLUMN_PARTS else place[:2]
    if place[:1] == ("joins",):
        return place[:2]
    return place[:1] if place[:1] and place[0] in _TABLE_PARTS else ()


def _entry(root: Node, line: int, end: int) -> tuple[int, int, str] | None:
    """(first line, line behind it, name) of the innermost removable entry that has the line."""
    best: tuple[int, int, str] | None = None
    waiting: list[tuple[Node, str, int]] = [(root, "", end + 1)]
    while waiting:
        node, key, stop = waiting.pop()
        children: list[tuple[Node, Node, str]] = []
        if isinstance(node, MappingNode):
            children = [(name, value, str(name.value)) for name, value in node.value if isinstance(name, ScalarNode)]
        elif isinstance(node, SequenceNode):
            children = [(value, value, _name_of(value)) for value in node.value]
        if node.flow_style if isinstance(node, (MappingNode, SequenceNode)) else True:
            continue
        for place, (start, value, name) in enumerate(children):
            first = start.start_mark.line
            behind = children[place + 1][0].start_mark.line if place + 1 < len(children) else stop
            if first <= line < behind:
                if key in _PARTS:
                    best = (first, behind, f"{key} {name}")
                waiting.append((value, name if isinstance(node, MappingNode) else "", behind))
    return best


def _name_of(node: Node) -> str:
    """How a list's entry is called."""
    if isinstance(node, MappingNode):
        for name, value in node.value:
            if name.value in ("name", "term", "topic", "dimension", "issue") and isinstance(value, ScalarNode):
                return str(value.value)
    return f"at line {node.start_mark.line + 1}"


def _drop_empty(path: Path) -> None:
    """A key whose entries are all gone is no key any more: `cards:` with nothing behind it would be a fault."""
    lines = path.read_text(encoding="utf-8").split("\n")
    kept = []
    for place, line in enumerate(lines):
        key = line.strip().removeprefix("- ").removesuffix(":")
        following = next((later for later in lines[place + 1 :] if later.strip()), "")
        deeper = len(following) - len(following.lstrip()) > len(line) - len(line.lstrip())
        same_list = following.lstrip().startswith("- ") and len(following) - len(following.lstrip()) >= len(line) - len(
            line.lstrip()
        )
        if line.rstrip().endswith(":") and key in _PARTS and not deeper and not same_list:
            continue
        kept.append(line)
    path.write_text("\n".join(kept), encoding="utf-8")
