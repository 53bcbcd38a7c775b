"""Changes to the text of knowledge files, at the places of single values, so that a diff shows nothing else.

JSON is read as YAML here, which it is a part of: both have nodes that know where they begin and end. Whoever changes
something names it by its path, and the rest of the file stays to the letter.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_PLAIN = re.compile(r"[A-Za-z_][\w. ]*")  # ticket_priority
_INDENT = re.compile(r"[ \t]*")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_DASH = re.compile(r"-(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*\Z")  # also with the item on a line below it
_NO_BREAK = "\n\\ No newline at end of file\n"  # as git has it, where a file's last line is not ended


@dataclass
class TextFile:
    """A file, its text as it is now, and the changes to that by place; `written` is what the file says."""

    path: str
    text: str
    written: str = field(init=False)
    is_dropped: bool = False
    _edits: dict[tuple[int, int], str] = field(default_factory=dict)
    _root: Node | None = None

    def __post_init__(self) -> None:
        self.written = self.text

    @property
    def root(self) -> Node | None:
        """Its document; None where it cannot be read."""
        if self._root is None:
            with suppress(yaml.YAMLError):
                self._root = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        return self._root

    def drop(self) -> None:
        """Take the whole file out."""
        self.is_dropped = True
        self.put(0, len(self.text), "")

    def settle(self) -> bool:
        """Make the changes, so that further ones begin from there; says whether there were any."""
        changed = self.changed
        if changed == self.text:
            self._edits = {}
            return False
        self.text, self._edits, self._root = changed, {}, None
        return True

    @property
    def changed(self) -> str:
        """The text with all changes. Of two that overlap the larger one is made, and two cuts are one."""
        kept: list[tuple[tuple[int, int], str]] = []
        for (start, end), new in sorted(self._edits.items(), key=lambda one: (one[0][0], -one[0][1])):
            if not kept or start >= kept[-1][0][1]:
                kept.append(((start, end), new))
            elif not new and not kept[-1][1]:
                kept[-1] = (kept[-1][0][0], max(end, kept[-1][0][1])), ""
        text = self.text
        for (start, end), new in reversed(kept):
            text = text[:start] + new + text[end:]
        return text

    @property
    def diff(self) -> str:
        """The changes as a unified diff, empty for none."""
        before, after = _LINE.findall(self.written), _LINE.findall(self.changed)
        there = "/dev/null" if self.is_dropped else f"b/{self.path}"
        lines = difflib.unified_diff(before, after, fromfile=f"a/{self.path}", tofile=there)
        return "".join(line if line.endswith("\n") else f"{line}{_NO_BREAK}" for line in lines)

    def put(self, start: int, end: int, new: str) -> None:
        """Put a text in a place."""
        self._edits[start, end] = new

    def write(self, node: Node, value: str) -> None:
        """Give a scalar another value, written as the old one was."""
        if not isinstance(node, ScalarNode) or node.value == value:
            return
        start, end = node.start_mark.index, node.end_mark.index
        written = self.text[start:end]
        if node.style in ("|", ">"):
            head, _, rest = written.partition("\n")
            indent = _INDENT.match(rest)
            lines = [f"{indent.group() if indent else ''}{line}" if line else "" for line in value.splitlines()]
            self.put(start, end, "\n".join([head, *lines, ""]))
        elif node.style == "'":
            self.put(start, end, "'" + value.replace("'", "''") + "'")
        elif not node.style and "\n" not in written and _is_plain(value):
            self.put(start, end, value)
        else:
            self.put(start, end, json.dumps(value, ensure_ascii=False))

    def rewrite(self, node: Node | None, change: Callable[[str], str]) -> None:
        """Give a scalar the value that a function makes of it."""
        if isinstance(node, ScalarNode):
            self.write(node, change(node.value))

    def remove(self, holder: SequenceNode | MappingNode, gone: Collection[Node]) -> None:
        """Take items out of a list, or keys out of a mapping, with their commas or their lines; one that has nothing
        left is an empty one."""
        taken = {id(node) for node in gone}
        parts = [(one, one) for one in holder.value] if isinstance(holder, SequenceNode) else holder.value
        kept = [start for start, _ in parts if id(start) not in taken]
        if parts and not kept:
            empty = "[]" if isinstance(holder, SequenceNode) else "{}"
            self.put(holder.start_mark.index, self._end_of(holder), empty if holder.flow_style else f" {empty}")
            return
        for place, (first, last) in enumerate(parts):
            if id(first) not in taken:
                continue
            start, end = first.start_mark.index, last.end_mark.index
            if not holder.flow_style:
                start, end = self._lines_of(first, last)
            elif start < kept[0].start_mark.index:  # with the comma behind it
                end = parts[place + 1][0].start_mark.index
            else:  # with the comma before it
                start = parts[place - 1][1].end_mark.index
            self.put(start, end, "")

    def _lines_of(self, first: Node, last: Node) -> tuple[int, int]:
        """The lines of an item that has a dash, or of a key; what stands between it and the next one belongs to
        neither."""
        dash = _DASH.search(self.text, 0, first.start_mark.index) if first is last else None
        start = self.text.rfind("\n", 0, dash.start() if dash else first.start_mark.index) + 1
        end = self._line_after(self._end_of(last))
        doubled = self.text[:start].endswith("\n\n") and self.text.startswith("\n", end)
        return start, end + 1 if doubled else end

    def _line_after(self, place: int) -> int:
        return self.text.find("\n", place) + 1 or len(self.text)

    def _end_of(self, node: Node) -> int:
        """Where the last thing in a node ends. A block's own end is said to be where the next token begins."""
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, SequenceNode) and not node.flow_style:
            return max(map(self._end_of, node.value), default=start)
        if isinstance(node, MappingNode) and not node.flow_style:
            return max((self._end_of(part) for pair in node.value for part in pair), default=start)
        return start + len(self.text[start:end].rstrip())

    def append(self, sequence: SequenceNode, written: str) -> None:
        """Put one more item behind the last one of a list."""
        last = sequence.value[-1]
        start, end = last.start_mark.index, self._end_of(last)
        before = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        if sequence.flow_style:
            own_line = not before.strip()
            self.put(end, end, f",\n{before}{written}" if own_line else f", {written}")
        else:
            end = self._line_after(end)
            unended = "" if self.text[end - 1] == "\n" else "\n"
            self.put(end, end, f"{unended}{before}{written}\n")


def entry(node: Node | None, key: str) -> Node | None:
    """What stands behind a key of a mapping."""
    if not isinstance(node, MappingNode):
        return None
    return next((value for name, value in node.value if isinstance(name, ScalarNode) and name.value == key), None)


def items(node: Node | None) -> Iterator[Node]:
    """The items of a list."""
    if isinstance(node, SequenceNode):
        yield from node.value


def pairs(node: Node | None) -> Iterator[tuple[Node, Node]]:
    """The keys of a mapping with what stands behind them."""
    if isinstance(node, MappingNode):
        yield from node.value


def said(node: Node | None) -> str:
    """The text of a scalar, "" for anything else."""
    return node.value if isinstance(node, ScalarNode) else ""


def scalars(node: Node | None, passed_over: Collection[str] = ()) -> Iterator[Node]:
    """Every text below a node, without what stands behind some keys."""
    for key, value in pairs(node):
        if said(key) not in passed_over:
            yield from scalars(value, passed_over)
    for item in items(node):
        yield from scalars(item, passed_over)
    if isinstance(node, ScalarNode):
        yield node


def mappings(node: Node | None) -> Iterator[MappingNode]:
    """Every mapping at or below a node."""
    if isinstance(node, MappingNode):
        yield node
    for _, value in pairs(node):
        yield from mappings(value)
    for item in items(node):
        yield from mappings(item)


def diff_of(files: Mapping[str, TextFile]) -> str:
    """The changes of all files."""
    return "".join(files[path].diff for path in sorted(files))


def _is_plain(value: str) -> bool:
    """Whether YAML reads a text back as it is, without quotes."""
    try:
        return bool(_PLAIN.match(value)) and ": " not in value and yaml.safe_load(f"k: {value}") == {"k": value}
    except yaml.YAMLError:
        return False
