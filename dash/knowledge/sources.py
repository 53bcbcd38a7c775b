"""Where each named thing of the knowledge is written: file and line, for provenance, faults and "open this file"."""

from __future__ import annotations

from dataclasses import dataclass, field

from dash.knowledge.documents import Path


@dataclass(frozen=True)
class Source:
    """A place in a file; `path` begins with the knowledge folder's own name."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass
class Sources:
    """Collects places while files load: `lines` of every key by file, `roots` where in its file a thing's keys are."""

    places: dict[tuple[str, str], Source] = field(default_factory=dict)
    lines: dict[str, dict[Path, int]] = field(default_factory=dict)
    roots: dict[tuple[str, str], Path] = field(default_factory=dict)

    def note(self, kind: str, name: str, source: Source, root: Path = ()) -> Source | None:
        """Remember a place. When the name is taken already, the place stays the first one, which is returned."""
        first = self.places.setdefault((kind, name), source)
        if first is not source:
            return first
        self.roots[kind, name] = root
        return None

    def add(self, others: Sources) -> None:
        """Take over everything that was noted elsewhere."""
        self.places.update(others.places)
        self.lines.update(others.lines)
        self.roots.update(others.roots)

    def line_of(self, kind: str, name: str, path: Path) -> Source:
        """The place of a key inside a thing: the longest known beginning of the path, at least the thing itself."""
        source = self.places[kind, name]
        lines = self.lines.get(source.path, {})
        root = self.roots.get((kind, name), ())
        for end in range(len(path), 0, -1):
            if (*root, *path[:end]) in lines:
                return Source(source.path, lines[(*root, *path[:end])])
        return source
