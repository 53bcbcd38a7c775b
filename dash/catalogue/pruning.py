"""Everything in knowledge files that rests on what a database does not have, taken out entry by entry.

What is wrong is found by the checks that find any fault of knowledge, against the live tables, so nothing is taken out
that would work, and what rests on something taken out goes in the next round. An entry goes as a whole (a metric, a
word with all its meanings, a card, a reason): a definition without a part of it would be another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dash.drift.editing import TextFile
from dash.errors import Fault
from dash.knowledge.stuck import FILE as STUCK
from dash.replay.description import FILE as REPLAY

_PARTS = frozenset(
    {"metrics", "vocabulary", "unanswerable", "starters", "common_gotchas", "cards", "sections", "filters", "reasons"}
    | {
        "evidence",
        "facts",
        "beside",
        "timeline",
        "details",
        "alerts",
        "periods",
        "table_columns",
        "joins",
        "tables_affected",
    }
)
"""Keys whose entries can be taken out one by one."""
_KEYS = frozenset({"count_metric", "duration_metric", "list_columns", "list_order", "text_columns", "row_name"}
                  | {"values", "words_beside_name", "value_pattern", "synonyms", "range"})  # fmt: skip
"""Keys that a table's file, or a column of it, can be without."""
_NAMES = ("name", "term", "topic", "dimension", "issue", "id", "question")
_ONE_THING = (STUCK, REPLAY)
"""Files that say one thing, which cannot be said any more where a fault is in no entry of them; as a table's file."""

_QUERY_END = re.compile(r"^-- </query>[^\n]*\n?", re.MULTILINE)
_QUERY_NAME = re.compile(r"^-- <query (?:name>)?\s*(\w+)", re.MULTILINE)  # <query name>csat</query name>, <query csat>
_WORD = re.compile(r"\w+(?:\.\w+)*")  # csat, support.tickets
_MOST_ROUNDS = 60


@dataclass(frozen=True)
class Pruned:
    """What was taken out, with the first thing wrong of each, and the faults that are in no entry that can be."""

    told: tuple[str, ...]
    left: tuple[Fault, ...]


def prune(files: Mapping[str, TextFile], folder: Path, find_faults: Callable[[], Sequence[Fault]]) -> Pruned:
    """Take out of a knowledge folder's files whatever is faulty. `files` are those that may be changed, by the path
    that faults name; each round is written into the folder, where `find_faults` looks."""
    told: list[str] = []
    faults: Sequence[Fault] = ()
    for _ in range(_MOST_ROUNDS):
        write(files.values(), folder)
        faults = find_faults()
        by_path: dict[str, list[Fault]] = {}
        for fault in faults:
            by_path.setdefault(fault.path, []).append(fault)
        cut = [line for path, found in by_path.items() if path in files for line in _mend(files[path], found)]
        if not cut:
            break
        told += cut
    return Pruned(tuple(told), tuple(faults))


def write(files: Collection[TextFile], folder: Path) -> None:
    """Write files as they are now into a knowledge folder."""
    for file in files:
        path = folder.parent / file.path
        if file.is_dropped:
            path.unlink(missing_ok=True)
        elif file.text != file.written or not path.exists():
            path.write_text(file.text, encoding="utf-8")


def _mend(file: TextFile, faults: Sequence[Fault]) -> list[str]:
    """Take the faulty entries out of a file; the file itself where that is what is wrong."""
    if file.path.endswith(".sql"):
        return _mend_queries(file, faults)
    told: dict[tuple[int, str], str] = {}
    gone: dict[int, tuple[MappingNode | SequenceNode, list[Node]]] = {}
    for fault in faults:
        found = _entry(file, fault)
        if found is None and _is_one_thing(file):
            file.drop()
            file.settle()
            return [f"{file.path}: {fault.what}"]
        if found is not None:
            holder, entry, name = found
            gone.setdefault(id(holder), (holder, []))[1].append(entry)
            told.setdefault((entry.start_mark.index, name), f"{file.path}: {name}: {fault.what}")
    for holder, nodes in gone.values():
        file.remove(holder, nodes)
    file.settle()
    return [told[place] for place in sorted(told)]


def _is_one_thing(file: TextFile) -> bool:
    path = Path(file.path)
    return path.parent.name == "tables" or path.name in _ONE_THING


def _mend_queries(file: TextFile, faults: Sequence[Fault]) -> list[str]:
    """Take whole vetted queries out; the file with the last one."""
    ends = [found.end() for found in _QUERY_END.finditer(file.text)] or [len(file.text)]
    parts = [*pairwise([0, *ends[:-1], len(file.text)])]
    told: dict[tuple[int, int], str] = {}
    for fault in faults:
        place = sum(len(line) for line in file.text.splitlines(keepends=True)[: fault.line - 1])
        start, end = next(((start, end) for start, end in parts if place < end), parts[-1])
        name = _QUERY_NAME.search(file.text, start, end)
        called = f"query {name[1]}: " if name else ""
        told.setdefault((start, end), f"{file.path}: {called}{fault.what}")
    if len(told) == len(parts):
        file.drop()
    for start, end in told:
        file.put(start, end, "")
    file.settle()
    return [told[part] for part in sorted(told)]


def _entry(file: TextFile, fault: Fault) -> tuple[MappingNode | SequenceNode, Node, str] | None:
    """The innermost entry with a fault that can be taken out: what holds it, its node there, and its name."""
    best, line = None, fault.line - 1
    waiting: list[tuple[Node | None, str, int]] = [(file.root, "", file.text.count("\n") + 1)]
    while waiting:
        node, key, stop = waiting.pop()
        if not isinstance(node, (MappingNode, SequenceNode)) or not node.value:
            continue
        holds = key in _PARTS or (isinstance(node, SequenceNode) and node is file.root)
        children = [*_children(node)]
        begins = [start.start_mark.line for start, _, _ in children]
        if len({*begins}) < len(begins):  # on one line: only by its name can be told which of them is meant
            said = set(_WORD.findall(fault.what))
            named = [start for start, value, _ in children if isinstance(value, ScalarNode) and value.value in said]
            best = (node, named[0], f"{key} {named[0].value}") if holds and line in begins and named else best
            continue
        for (start, value, name), begin, end in zip(children, begins, [*begins[1:], stop], strict=True):
            if begin <= line < end:
                if holds or (name in _KEYS and isinstance(node, MappingNode) and file.path.endswith(".json")):
                    best = node, start, f"{key} {name}".strip()
                waiting.append((value, name if isinstance(node, MappingNode) else "", end))
    return best


def _children(node: MappingNode | SequenceNode) -> Iterator[tuple[Node, Node, str]]:
    """Where each begins, what it is, and how it is called."""
    if isinstance(node, MappingNode):
        yield from ((name, value, str(name.value)) for name, value in node.value)
    else:
        yield from ((value, value, _name_of(value)) for value in node.value)


def _name_of(node: Node) -> str:
    """How a list's entry is called."""
    for name, value in node.value if isinstance(node, MappingNode) else ():
        if name.value in _NAMES and isinstance(value, ScalarNode):
            return str(value.value)
    return f"at line {node.start_mark.line + 1}"
