"""A trie over the stems of phrases, and over their forms where these alone tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from dash.language.entries import Entry


@dataclass
class Node:
    """Children by key, entries that end here."""

    children: dict[str, Node] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def add(self, keys: Sequence[str], entry: Entry) -> bool:
        """Put an entry at the end of these keys; False when it is there already."""
        node = self
        for key in keys:
            child = node.children.get(key)
            if child is None:
                child = node.children.setdefault(key, Node())
            node = child
        same = _identity(entry)
        if any(_identity(known) == same for known in node.entries):
            return False
        node.entries.append(entry)
        return True


def child_nodes(node: Node, form: str, stems: Iterable[str]) -> Iterator[Node]:
    """Where a word leads: by its form and by its stems."""
    for key in (form_key(form), *stems):
        child = node.children.get(key)
        if child is not None:
            yield child


def form_key(form: str) -> str:
    """Forms and stems live in one trie; forms are marked so that they never meet a stem by chance."""
    return f"={form}"


def keys_of(entry: Entry) -> list[str]:
    """What an entry is found by, a key for each word."""
    return [form_key(form) for form in entry.forms] if entry.by_form else list(entry.stems)


def _identity(entry: Entry) -> tuple[object, ...]:
    return entry.kind, entry.meaning, entry.forms, entry.language, entry.apart, entry.shared, entry.topical
