"""The few words that the command line adds to an answer, in the language of the question; they are in `texts.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("texts.yaml")


@lru_cache(maxsize=1)
def _entries() -> Mapping[str, Mapping[str, str]]:
    import yaml

    entries: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return entries


def text(name: str, language: str) -> str:
    """The words for `name`, in English when the language has none."""
    words = _entries().get(name, {})
    return words.get(language) or words.get("en") or name
