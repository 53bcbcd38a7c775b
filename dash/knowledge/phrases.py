"""Every sentence that the product says about a result is data: knowledge/phrases/<language>.yaml, one file a language.

A phrase is a template with {slots}, or several of them by plural form (`one`, `few`, `many`, `other`: Unicode's plural
rules of the language; `single` is for exactly one, where "the last hour" reads better than "the last 1 hour"). The
slots that a phrase may use are declared here, and a phrase may hold no digit of its own: so every digit that a person
reads came through a slot, and the number lock can ask where from. A new language is a new file; a phrase that it lacks
is a fault, not a hole in an answer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from dash.errors import Fault, KnowledgeError
from dash.knowledge.phrase_groups import Phrase, Phrases
from dash.settings import OWN_KNOWLEDGE

__all__ = ["Phrase", "Phrases", "get_phrases", "load_phrases"]


def get_phrases(knowledge: Path, language: str) -> Phrases:
    """The phrases of a language, English where there is no file for it. `knowledge` is the knowledge folder; one
    without `phrases/` uses the product's own. Raises KnowledgeError."""
    languages = load_phrases(knowledge)
    return languages.get(language) or languages["en"]


@lru_cache(maxsize=16)
def load_phrases(knowledge: Path) -> dict[str, Phrases]:
    """Every language of a knowledge folder, by its code. Raises KnowledgeError with every fault of every file."""
    folder = knowledge / "phrases"
    files = sorted((folder if folder.is_dir() else OWN_KNOWLEDGE / "phrases").glob("*.yaml"))
    loaded: dict[str, Phrases] = {}
    faults: list[Fault] = []
    for file in files:
        try:
            phrases = _parse(file)
            loaded[phrases.language] = phrases
        except KnowledgeError as error:
            faults.extend(error.faults)
    if "en" not in loaded and not faults:
        faults.append(Fault("knowledge/phrases/en.yaml", 1, "there is no English", "add the file, it is the fallback"))
    if faults:
        raise KnowledgeError(tuple(faults))
    return loaded


def _parse(file: Path) -> Phrases:
    path, text = f"{file.parents[1].name}/phrases/{file.name}", file.read_text(encoding="utf-8")
    try:
        content = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise KnowledgeError((Fault(path, line, "is not YAML", "mend the indentation or the quotes"),)) from error
    try:
        return Phrases.model_validate(content)
    except ValidationError as error:
        found = tuple(
            Fault(path, _line_of(text, fault["loc"]), _what(fault["loc"], fault["msg"]), "compare with en.yaml")
            for fault in error.errors()
        )
        raise KnowledgeError(found) from error


def _what(place: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(str(part) for part in place) or 'the file'}: {message}"


def _line_of(text: str, place: tuple[int | str, ...]) -> int:
    """The line of a nested key: each name is looked for below the one before."""
    line, lines = 0, text.splitlines()
    for part in place:
        pattern = re.compile(rf"\s*{re.escape(str(part))}\s*:")  # "  one_metric:"
        line = next((number for number in range(line, len(lines)) if pattern.match(lines[number])), line)
    return line + 1
