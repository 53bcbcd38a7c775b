"""YAML and JSON text as data together with the line of every key, so that each fault can say where it is.

Both are read stricter than their standards: a key may stand only once, and a YAML word that reads as something else
than it looks like (`no`, `12:30`) is a fault instead of a surprise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dash.errors import Fault

Path = tuple[str | int, ...]
MAXIMUM_DEPTH = 50
_STACKED = re.compile(rf"(?:[-?:] ){{{MAXIMUM_DEPTH}}}")  # - - - - - …, lists in lists in one line


@dataclass
class Document:
    """Parsed data; `lines` maps the path of each key and item to its line (from 1). `faults` are those of reading."""

    path: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of the longest known beginning of a path."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1

    def fault(self, path: Path, what: str, mend: str) -> None:
        """Add a fault at a place of the data."""
        self.faults.append(Fault(self.path, self.line(path), what, mend))


def parse_yaml(text: str, path: str, first_line: int = 1) -> Document:
    """One YAML document. `first_line` is the line of the file at which `text` begins."""
    document = Document(path)
    if _too_deep(text):
        document.faults.append(Fault(path, first_line, "the data is nested too deeply", "write it flatter"))
        return document
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        if node is not None:
            document.data = _YamlReader(document, first_line).read(node, ())
    except yaml.MarkedYAMLError as error:
        open_bracket = "flow" in (error.context or "")
        mark = error.context_mark if open_bracket else error.problem_mark or error.context_mark
        line = min(mark.line, text.count("\n")) if mark else 0
        document.faults.append(Fault(path, first_line + line, *_explain_yaml(error, text, line)))
    except (yaml.YAMLError, RecursionError):
        document.faults.append(Fault(path, first_line, "this cannot be read as YAML", "mend its structure"))
    return document


def parse_json(text: str, path: str) -> Document:
    """One JSON document."""
    document = Document(path)
    try:
        document.data = json.loads(text, parse_constant=_refuse_constant)
        _JsonLines(document, text).read()
    except json.JSONDecodeError as error:
        document.faults.append(Fault(path, error.lineno, f"this is not JSON ({_lower(error.msg)})", _mend_json(error)))
    except ValueError as error:
        document.faults.append(Fault(path, 1, f"this is not JSON ({error})", "use null or a number"))
    except RecursionError:
        document.faults.append(Fault(path, 1, "the data is nested too deeply", "write it flatter"))
    return document


def _too_deep(text: str) -> bool:
    """Whether the C parser, which recurses without a bound, must not see this text. Errs towards True."""
    if _STACKED.search(text):
        return True
    if text.count("[") + text.count("{") <= MAXIMUM_DEPTH:
        return False
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        if depth > MAXIMUM_DEPTH:
            return True
    return False


class _YamlReader:
    """Builds data from nodes, noting lines, duplicate keys, aliases and words that are not what they look like."""

    def __init__(self, document: Document, first_line: int) -> None:
        self.document = document
        self.first_line = first_line
        self.constructor = yaml.CSafeLoader("")
        self.seen: set[int] = set()

    def read(self, node: Node, path: Path) -> Any:
        """The value of a node at a path."""
        line = self.first_line + node.start_mark.line
        self.document.lines.setdefault(path, line)
        if id(node) in self.seen:
            self._fault(line, "an alias (*name) stands here", "write the value out")
            return None
        self.seen.add(id(node))
        if isinstance(node, ScalarNode):
            return self._scalar(node, line)
        if isinstance(node, SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, MappingNode) and node.tag == "tag:yaml.org,2002:map":
            return self._mapping(node, path)
        self._fault(line, f"the tag {node.tag} is not known here", "write plain data")
        return None

    def _mapping(self, node: MappingNode, path: Path) -> dict[Any, Any]:
        data: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = self.first_line + key_node.start_mark.line
            if not isinstance(key_node, ScalarNode) or key_node.tag == "tag:yaml.org,2002:merge":
                self._fault(line, "a key here is not a plain word", "write each key as a word")
                continue
            key = key_node.value  # keys are names: `on:` and `1:` are taken as text
            place = (*path, key)
            if key in data:
                first = self.document.lines[place]
                self._fault(line, f"the key {key} stands twice (first in line {first})", "keep one of them")
                continue
            self.document.lines[place] = line
            data[key] = self.read(value_node, place)
        return data

    def _scalar(self, node: ScalarNode, line: int) -> Any:
        text, tag = node.value, node.tag.rpartition(":")[2]
        if tag == "str":
            return text
        if tag == "bool" and text.lower() not in ("true", "false"):
            self._fault(line, f"YAML reads {text} as true or false", f'write "{text}" in quotes, or true or false')
            return text
        if tag in ("int", "float") and ":" in text:
            self._fault(line, f"YAML reads {text} as a number", f'write "{text}" in quotes')
            return text
        if tag in ("timestamp", "value", "merge"):
            return text  # a date is checked by whoever expects one
        if tag not in ("null", "bool", "int", "float"):
            self._fault(line, f"the tag {node.tag} is not known here", "write plain data")
            return None
        try:
            return self.constructor.construct_object(node)
        except ValueError:
            self._fault(line, f"{text} is not a number", "write a number, or put it in quotes")
            return None

    def _fault(self, line: int, what: str, mend: str) -> None:
        self.document.faults.append(Fault(self.document.path, line, what, mend))


def _explain_yaml(error: yaml.MarkedYAMLError, text: str, line: int) -> tuple[str, str]:
    """What and mend in words of somebody who has never read the YAML specification."""
    problem = error.problem or error.context or "this cannot be read"
    lines = text.splitlines()
    written = lines[line] if line < len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())] or "'\\t'" in problem:
        return "this line is indented with a tab", "indent with spaces"
    if "flow" in (error.context or ""):
        return "a bracket opens here and is not closed well", "close it, or put texts with , : [ ] { } in quotes"
    if "mapping values are not allowed" in problem:
        return "a colon stands inside a text without quotes", 'put the text in quotes, "…"'
    if "expected a single document" in (error.context or ""):
        return "a second document begins here (---)", "write one document per file"
    if "undefined alias" in problem:
        return "a text begins with *", 'put the text in quotes, "…"'
    if "could not find expected ':'" in problem:
        return "a key without a colon stands here", "write key: value, or mend the indentation"
    if "cannot start any token" in problem:
        return "a text begins with a sign that YAML keeps for itself", 'put the text in quotes, "…"'
    if "block" in problem or "expected <block end>" in problem:
        return "the indentation does not fit the lines above", "indent items of one list alike"
    return f"this is not YAML ({problem})", "mend the line or put texts in quotes"


def _mend_json(error: json.JSONDecodeError) -> str:
    if "property name" in error.msg or "Illegal trailing comma" in error.msg:
        return "remove the comma before it, or put the name in double quotes"
    if "delimiter" in error.msg:
        return "look for a missing comma or bracket in the line before"
    return "mend the line"


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} stands for a value")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|\n|[^\s"\[\]{},:]+')


class _JsonLines:
    """Walks text that is known to be JSON once more, only for the lines of its keys and items and for double keys."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.tokens = self._significant(text)

    def read(self) -> None:
        """Fill `document.lines`."""
        token, line = next(self.tokens)
        self._value(token, line, ())

    def _significant(self, text: str) -> Iterator[tuple[str, int]]:
        line = 1
        for match in _JSON_TOKEN.finditer(text):
            if match.group() == "\n":
                line += 1
            else:
                yield match.group(), line

    def _value(self, token: str, line: int, path: Path) -> None:
        self.document.lines.setdefault(path, line)
        if token == "{":
            self._object(path)
        elif token == "[":
            self._array(path)

    def _object(self, path: Path) -> None:
        for token, line in self.tokens:
            if token == "}":
                return
            if token == ",":
                continue
            place = (*path, json.loads(token))
            if place in self.document.lines:
                what = f"the key {place[-1]} stands twice (first in line {self.document.lines[place]})"
                self.document.faults.append(Fault(self.document.path, line, what, "keep one of them"))
                place = (*place, f"again in line {line}")
            self.document.lines[place] = line
            next(self.tokens)  # the colon
            self._value(*next(self.tokens), place)

    def _array(self, path: Path) -> None:
        index = 0
        for token, line in self.tokens:
            if token == "]":
                return
            if token != ",":
                self._value(token, line, (*path, index))
                index += 1
