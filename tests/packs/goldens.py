"""A pack's golden questions, whose SQL is made of fragments that stand once in the file."""

from __future__ import annotations

import re

import yaml

from dash.knowledge.formats import EvalFile
from dash.settings import REPOSITORY


def load_goldens(name: str) -> list[EvalFile]:
    """The cases of a pack."""
    text = (REPOSITORY / "packs" / name / "goldens.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    fragments: dict[str, str] = data["fragments"]

    def whole(sql: str) -> str:
        filled = re.sub(r"\{(\w+)\}", lambda found: fragments[found[1]], sql)
        return filled if filled == sql else whole(filled)

    return [
        EvalFile.model_validate(
            case
            | ({"sql": whole(case["sql"])} if "sql" in case else {})
            | {"also_accept": [whole(sql) for sql in case.get("also_accept", ())]}
        )
        for case in data["cases"]
    ]
