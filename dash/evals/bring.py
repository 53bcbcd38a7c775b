"""Cases that somebody brings along: a JSON object on each line.

    {"id": "a1", "question": "…" or "turns": ["…", "…"], "kind": "answerable", "sql": "…", "ordered": false,
     "also_accept": ["…"]}

`kind` is answerable, unanswerable or ambiguous. `language`, `now` and `tags` may be there too; other keys are ignored,
and said to be. A line that cannot be used is never skipped: all of them are named at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dash.errors import UserError
from dash.knowledge.formats import EvalFile

MOST_FAULTS_SHOWN = 20


@dataclass(frozen=True)
class Brought:
    """The cases of a file and the keys that were not understood."""

    cases: tuple[EvalFile, ...]
    ignored: tuple[str, ...] = ()


def read_jsonl(path: Path, *, detect: Callable[[str], str]) -> Brought:
    """Read a file of cases; `detect` tells the language of a question for which the file does not.

    Raises UserError that names every line that cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        raise UserError(f"{path} {reason}.") from error
    cases: dict[str, EvalFile] = {}
    faults: list[str] = []
    ignored: dict[str, None] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            case, unknown = _case(line, number, detect)
        except _Unusable as fault:
            faults.append(f"{path}:{number}: {fault}")
            continue
        ignored.update(dict.fromkeys(unknown))
        if case.id in cases:
            faults.append(f"{path}:{number}: the id {case.id} stands twice")
        cases[case.id] = case
    if faults:
        more = len(faults) - MOST_FAULTS_SHOWN
        raise UserError("\n".join([*faults[:MOST_FAULTS_SHOWN], *([f"… and {more} more"] if more > 0 else [])]))
    return Brought(tuple(cases.values()), tuple(ignored))


class _Unusable(Exception):
    """Why a line is no case."""


def _case(line: str, number: int, detect: Callable[[str], str]) -> tuple[EvalFile, list[str]]:
    import pydantic

    try:
        item: Any = json.loads(line)
    except ValueError as error:
        raise _Unusable(f"no JSON: {error}") from error
    if not isinstance(item, dict):
        raise _Unusable("a case is an object {…}")
    known = {key: value for key, value in item.items() if key in EvalFile.model_fields and value is not None}
    known["id"] = str(known.get("id", f"line-{number}"))
    if isinstance(known.get("also_accept"), str):
        known["also_accept"] = [known["also_accept"]]
    try:
        case = EvalFile.model_validate(known)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        raise _Unusable(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    if not case.question and not case.turns:
        raise _Unusable("a case needs a question or turns")
    if case.kind == "answerable" and not case.sql:
        raise _Unusable("an answerable case needs sql")
    if "language" not in known:
        case = case.model_copy(update={"language": detect((case.turns or [case.question or ""])[-1])})
    return case, [key for key in item if key not in EvalFile.model_fields]
