"""`knowledge/queries/*.sql`: vetted SQL with what is known about it in comment tags, several queries per file.

Both spellings of Agno Dash load (`-- <query name>x</query name>`, `-- <query description>`, and `-- <query x>`,
`-- <description>`). Our own tags hold YAML in comment lines. The SQL between `-- <query>` and `-- </query>` is
used as it is written; only a semicolon at its end is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from dash.errors import Fault
from dash.knowledge.documents import Document, parse_yaml
from dash.knowledge.files import TextFile
from dash.knowledge.formats import QueryFile
from dash.knowledge.nearest import advise, find_nearest
from dash.knowledge.shapes import read_model
from dash.knowledge.sources import Source, Sources

TEXT_TAGS = ("name", "description", "vetted")
YAML_TAGS = ("questions", "parameters", "columns", "headline", "empty", "chart", "metrics", "follow_ups", "caution")
TAGS = (*TEXT_TAGS, *YAML_TAGS)

_ONE_LINE = re.compile(r"--\s*<((?:query )?)([\w ]+?)>(.*)</\1\2>\s*")  # -- <query name>late_orders</query name>
_OPENING = re.compile(r"--\s*<(query )?\s*([\w ]+?)>\s*")  # -- <query questions>  or  -- <query late_orders>
_CLOSING = re.compile(r"--\s*</\s*([\w ]+?)>\s*")  # -- </query questions>
_SQL_BEGIN = re.compile(r"--\s*<query>\s*")
_SQL_END = re.compile(r"--\s*</query>\s*")
_TAG_LIKE = re.compile(r"--\s*</?[A-Za-z]")
_COMMENT = re.compile(r"\s*--\s?")


@dataclass
class _Block:
    """One query while its lines are read: tag → (text, line of the first character of the text, line of the tag)."""

    line: int
    tags: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    sql: str = ""
    sql_line: int = 0


def load_queries(file: TextFile, sources: Sources, faults: list[Fault]) -> list[QueryFile]:
    """The queries of a file, their places noted in `sources`; faults are added."""
    found = []
    for block in _Reader(file, faults).read():
        query = _read_block(block, file, sources, faults)
        if query is not None:
            found.append(query)
    return found


def query_names(text: str) -> tuple[str, ...]:
    """The names that stand in a file's text, whatever else is wrong with it."""
    found = (_ONE_LINE.fullmatch(line.strip()) for line in text.splitlines())
    return tuple(match[3].strip() for match in found if match and match[2] == "name" and match[3].strip())


class _Reader:
    """Cuts a file into blocks, line by line."""

    def __init__(self, file: TextFile, faults: list[Fault]) -> None:
        self.path = file.path
        self.lines = file.text.splitlines()
        self.faults = faults
        self.blocks: list[_Block] = []
        self.block: _Block | None = None

    def read(self) -> list[_Block]:
        at = 0
        while at < len(self.lines):
            at = self._read_line(at)
        if self.block:
            what = f"the query {self._title()} has no SQL"
            self._fault(self.block.line, what, "write it between -- <query> and -- </query>")
        elif not self.blocks and not self.faults:
            self._fault(1, "no query stands in this file", "write -- <query name>…</query name> and -- <query>")
        return self.blocks

    def _read_line(self, at: int) -> int:
        """Read what begins in a line (from 0); gives the line after it."""
        line = self.lines[at].strip()
        one_line, opening = _ONE_LINE.fullmatch(line), _OPENING.fullmatch(line)
        if not line or (line.startswith("--") and not _TAG_LIKE.match(line)):
            return at + 1
        if _SQL_BEGIN.fullmatch(line):
            return self._read_sql(at)
        if one_line:
            self._add(self._tag(one_line[2], at), one_line[3].strip(), at, at)
            return at + 1
        if opening:
            return self._read_opening(at, opening[2], (opening[1] or "") + opening[2])
        if _CLOSING.fullmatch(line) or _SQL_END.fullmatch(line):
            self._fault(at + 1, f"{line.removeprefix('--').strip()} closes nothing", "remove it or open it before")
        elif line.startswith("--"):
            self._fault(at + 1, f"{line[2:].strip()[:40]} is no tag", self._advise_tag(line))
        else:
            self._fault(at + 1, "this line stands outside of a query", "put SQL between -- <query> and -- </query>")
        return at + 1

    def _read_opening(self, at: int, word: str, written: str) -> int:
        """A tag over several lines, or Agno Dash's other spelling of the name: `-- <query late_orders>`."""
        end = self._find_closing(at, written)
        if end is None and word not in TAGS and written.startswith("query "):
            near = find_nearest(word, TAGS, cutoff=80)
            if near is None:
                self._add("name", word, at, at)
                return at + 1
            self._fault(at + 1, f"<query {word}> is no tag", f"write <query {near}>")
            return at + 1
        if end is None:
            self._fault(at + 1, f"<{written}> is never closed", f"write -- </{written}> after it")
            return at + 1
        content = []
        for index in range(at + 1, end):
            line = self.lines[index]
            if line.strip() and not line.lstrip().startswith("--"):
                self._fault(index + 1, f"a line inside <{written}> is no comment", "begin it with --")
            content.append(_COMMENT.sub("", line, count=1).rstrip())
        self._add(self._tag(word, at), "\n".join(content), at, at + 1)
        return end + 1

    def _find_closing(self, at: int, written: str) -> int | None:
        for index in range(at + 1, len(self.lines)):
            line = self.lines[index].strip()
            closing = _CLOSING.fullmatch(line)
            if closing and closing[1] == written:
                return index
            if _SQL_BEGIN.fullmatch(line) or _SQL_END.fullmatch(line):
                return None
        return None

    def _read_sql(self, at: int) -> int:
        self.block = self.block or _Block(at + 1)
        for index in range(at + 1, len(self.lines)):
            line = self.lines[index].strip()
            if _SQL_END.fullmatch(line):
                self._finish("\n".join(self.lines[at + 1 : index]), at + 2)
                return index + 1
            if _SQL_BEGIN.fullmatch(line) or _ONE_LINE.fullmatch(line):
                break
        self._fault(at + 1, f"the SQL of {self._title()} is never closed", "write -- </query> after it")
        self.block = None
        return max(at + 1, index if at + 1 < len(self.lines) else at + 1)

    def _finish(self, sql: str, line: int) -> None:
        assert self.block is not None
        text = sql.strip("\n").rstrip()
        self.block.sql = text.removesuffix(";").rstrip()
        self.block.sql_line = line + len(sql) - len(sql.lstrip("\n")) if text else line - 1
        self.blocks.append(self.block)
        self.block = None

    def _add(self, tag: str | None, text: str, at: int, text_at: int) -> None:
        if tag is None:
            return
        self.block = self.block or _Block(at + 1)
        if tag in self.block.tags:
            what = f"<query {tag}> stands twice (first in line {self.block.tags[tag][2]})"
            self._fault(at + 1, what, "keep one of them, and close the query before with -- </query>")
            return
        self.block.tags[tag] = (text, text_at + 1, at + 1)

    def _tag(self, word: str, at: int) -> str | None:
        if word in TAGS:
            return word
        self._fault(at + 1, f"<query {word}> is no tag", advise(word, TAGS, "remove it"))
        return None

    def _advise_tag(self, line: str) -> str:
        words = re.findall(r"\w+", line)
        return f"write <query {find_nearest(words[-1], TAGS) or 'name'}>" if words else "remove it"

    def _title(self) -> str:
        return self.block.tags["name"][0] if self.block and "name" in self.block.tags else "without a name"

    def _fault(self, line: int, what: str, mend: str) -> None:
        self.faults.append(Fault(self.path, line, what, mend))


def _read_block(block: _Block, file: TextFile, sources: Sources, faults: list[Fault]) -> QueryFile | None:
    document = Document(file.path, lines={(): block.line, ("sql",): block.sql_line or block.line})
    data: dict[str, Any] = {"sql": block.sql}
    if not block.sql.strip():
        document.fault(("sql",), "the SQL is empty", "write it between -- <query> and -- </query>")
    if not block.tags.get("name", ("",))[0]:
        document.fault((), "this query has no name", "write -- <query name>…</query name> before it")
        data["name"] = "unnamed"
    for tag, (text, text_line, tag_line) in block.tags.items():
        document.lines[(tag,)] = tag_line
        if tag in TEXT_TAGS:
            data[tag] = text.strip()
            continue
        value = parse_yaml(text, file.path, text_line)
        document.faults += value.faults
        document.lines.update({(tag, *path): line for path, line in value.lines.items() if path})
        if value.data is None and not value.faults:
            document.fault((tag,), f"<query {tag}> is empty", "write it or remove it")
        elif value.data is not None:
            data[tag] = value.data
    query = read_model(document, QueryFile, data=data)
    if query is not None and query.name != "unnamed":
        root = (query.name,)
        first = sources.note("query", query.name, Source(file.path, document.line(("name",))), root)
        if first:
            document.fault(("name",), f"the query {query.name} stands twice (first in {first})", "rename one of them")
        else:
            sources.lines.setdefault(file.path, {}).update({(*root, *path): n for path, n in document.lines.items()})
    faults += document.faults
    return query
