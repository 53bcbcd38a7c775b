"""Sentences that a language model wrote over an answer: shown only when they say what the answer says and no more.

The model gets the sentences that were filled from phrases, whose numbers the number lock has verified, and nothing of
the data beside them. Back come other sentences, and the lock reads them: every number, name, period and direction must
stand in them as it stands in ours, in the same order, and no word of content may be new. So a model can make an answer
flow, and cannot round, swap, explain or add. What does not pass is dropped, and our own sentences stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from dash.knowledge.phrases import get_phrases
from dash.language.reader import Reader
from dash.language.tokens import normalize
from dash.llm import asking
from dash.llm.asking import ModelRequest
from dash.records import BY_MODEL, Answer, Caveat, Column

_FOLDER = Path(asking.__file__).parent / "prompts"
_TOLD = frozenset({"time", "dimension", "metric", "sample", "share", "previous", "change", "hidden"})
"""Roles of columns that a person of this company defined; anything else may hold what strangers wrote."""
_LOCKED = (
    "value", "time", "negation", "comparator", "more", "order", "absent", "aggregation", "number", "metric", "percent",
)  # fmt: skip
"""Kinds of words that stay where they are, beside all that has a digit."""
_NUMBER = re.compile(r"[-−+]?[$€£]?\d+(?:[.,:/\u00a0\u202f]\d+)*\s?[%‰]?")  # -1,234.5 %
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_MARKUP = re.compile(r"[<>*_`#|\[\]{}\\]|://")
_MOST_ROWS = 50
_LONGEST = 2
"""Times the length of our own sentences."""
_ANY_TIME = datetime(2026, 6, 17, 12, tzinfo=UTC)


class Prose(BaseModel):
    """What a model gives back."""

    model_config = ConfigDict(extra="forbid")

    headline: str
    context: list[str]


@cache
def _instructions() -> str:
    return (_FOLDER / "prose.md").read_text(encoding="utf-8").strip()


def prose_request(answer: Answer, reader: Reader) -> ModelRequest | None:
    """What a model is asked for, or None for an answer that no model may see or say: one of SQL that a model wrote, a
    list of things, or one with words that no file of the knowledge lists."""
    listed = answer.outcome == "answered" and 0 < len(answer.rows) <= _MOST_ROWS and answer.provenance not in BY_MODEL
    if not listed or not all(
        _is_governed(place, column, answer, reader) for place, column in enumerate(answer.columns)
    ):
        return None
    said = {"language": reader.languages[answer.language].name if answer.language in reader.languages else "",
            "headline": answer.headline, "context": list(answer.context)}  # fmt: skip
    user = f"<question>\n{_fenced(answer.question)}\n</question>\n<answer>\n{_fenced(said)}\n</answer>"
    return ModelRequest("prose", _instructions(), user, Prose)


def _fenced(content: object) -> str:
    return json.dumps(content, ensure_ascii=False).replace("<", "‹").replace(">", "›")


def _is_governed(place: int, column: Column, answer: Answer, reader: Reader) -> bool:
    """Whether a column holds numbers, moments, or values that people listed in the knowledge."""
    if column.role not in _TOLD:
        return False
    texts = {row[place] for row in answer.rows if isinstance(row[place], str)}
    if column.role in ("time", "metric", "sample", "share", "previous", "change", "hidden"):
        return column.role == "time" or not texts
    described = [found for _, found in reader.model.dimensions.get(column.dimension or column.name, ())]
    if not described or any(found.personal or found.untrusted for found in described):
        return False
    return texts <= {str(value.value) for found in described for value in found.values}


def in_prose(prose: Prose, answer: Answer, reader: Reader) -> Answer:
    """The answer in a model's sentences where they pass the lock, else as it was."""
    ours, theirs = (answer.headline, *answer.context), (prose.headline, *prose.context)
    lock = _Lock(ours, answer, reader)
    if not prose.headline.strip() or len(theirs) > len(ours) or not lock.takes(theirs):
        return answer
    said = get_phrases(reader.knowledge.folder, answer.language).caveats.model_prose["other"]
    caveats = (*answer.caveats, Caveat("note", f"{said[:1].upper()}{said[1:]}."))
    return replace(answer, headline=prose.headline.strip(), context=tuple(prose.context), caveats=caveats)


class _Lock:
    """Our sentences, as what others are held against."""

    def __init__(self, ours: Sequence[str], answer: Answer, reader: Reader) -> None:
        self._reader = reader
        self._language = frozenset({answer.language})
        self._ours = ours
        self._sequences = [self._locked(text) for text in ours]
        known = [*ours, answer.question, *(column.label for column in answer.columns)]
        self._stems = {stem for text in known for _, stem in self._words(text)}

    def takes(self, theirs: Sequence[str]) -> bool:
        """Whether these sentences say the same: the first all that our first does, the others parts of ours."""
        text = " ".join(theirs)
        if len(text) > _LONGEST * sum(map(len, self._ours)) + 100 or any(map(_is_hidden, text)):
            return False
        if _MARKUP.search(text) and not _MARKUP.search(" ".join(self._ours)):
            return False
        behind = [item for sequence in self._sequences[1:] for item in sequence]
        if self._locked(theirs[0]) != self._sequences[0]:
            return False
        sentences = [part for said in theirs[1:] for part in _SENTENCE.split(said.strip()) if part]
        if not all(_is_run(self._locked(part), behind) for part in sentences):
            return False
        return all(stem in self._stems or self._is_small(form) for said in theirs for form, stem in self._words(said))

    def _locked(self, text: str) -> list[str]:
        """The numbers of a text and its words that may not move, in their order."""
        tokens, spans = self._reader.ground(text, _ANY_TIME, "UTC")
        held = {i for span in spans if span.kind.startswith(_LOCKED) for i in range(span.start, span.end)}
        found = [(match.start(), match.group().replace(" ", "")) for match in _NUMBER.finditer(text)]
        found += [
            (token.start, token.stem)
            for i, token in enumerate(tokens)
            if token.kind == "word" and self._is_locked(normalize(token.text), within=i in held)
        ]
        return [item for _, item in sorted(found)]

    def _words(self, text: str) -> Iterable[tuple[str, str]]:
        """The words of a text, as form and stem."""
        for token in self._reader.lexicon.tokens(text):
            if token.kind in ("word", "id", "quoted"):
                yield normalize(token.text), token.stem

    def _is_locked(self, form: str, *, within: bool) -> bool:
        """Whether a word may not move: one `within` what is kept, and whatever says which way something went, "up"."""
        if self._reader.lexicon.is_listed("directions", form, self._language):
            return True
        return within and not self._is_small(form)

    def _is_small(self, form: str) -> bool:
        """Whether a word says nothing about the data, in the language of the answer. Words of denial are none."""
        return self._reader.lexicon.is_function_word(form, self._language)


def _is_hidden(character: str) -> bool:
    """Line breaks, controls, marks that turn text round; not the narrow blanks that numbers are written with."""
    return not character.isprintable() and character not in " \u00a0\u202f"


def _is_run(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether a sequence stands in another one without a gap."""
    count = len(part)
    return any(list(whole[i : i + count]) == list(part) for i in range(len(whole) - count + 1))
