"""The board of a draft: the usual cards, as far as their metrics are there and their questions mean them.

What a card's question means depends on all words of the draft, so each card is proven by reading it, and one that means
something else is not proposed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from dash.board.checking import check_board
from dash.drafting.drafting import Draft
from dash.drafting.files import remember, write_at_once
from dash.knowledge import load_knowledge
from dash.knowledge.board import FILE
from dash.language.reader import Reader
from dash.semantics.dimensions import dimension_name

_CARD = re.compile(r"\s+- name: (\w+)")
_MOST_TRIES = 4
_HEAD = "# Proposed by `dash init`; docs/board.md tells what a board may say.\n\n"


def draft_board(draft: Draft, languages: Collection[str], without: Collection[str] = ()) -> str | None:
    """The text of board.yaml without some cards; None where no card is left."""
    template: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "board.yaml").read_text(encoding="utf-8"))
    shown = {
        dimension_name(column)
        for table in draft.tables
        for column in table.table_columns
        if column.role == "dimension" and not column.personal
    }
    have = {metric.name for metric in draft.business.metrics} | shown
    for section in template["sections"]:
        section["cards"] = [
            {key: value for key, value in card.items() if key != "needs"}
            for card in section["cards"]
            if have.issuperset(card["needs"]) and card["name"] not in without
        ]
    template["filters"] = [one for one in template["filters"] if one["dimension"] in shown - set(without)]
    if not any(section["cards"] for section in template["sections"]):
        return None
    said = _in_languages(template, {"en", *languages})
    return _HEAD + yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=116)


def write_board(knowledge: Path, home: Path, draft: Draft, languages: Collection[str]) -> None:
    """Write board.yaml where there is none of a person's own, with the cards whose questions mean them."""
    path = knowledge / FILE
    if path.exists():
        return
    without: set[str] = set()
    tried: list[str] = []
    for _ in range(_MOST_TRIES):
        text = draft_board(draft, languages, without)
        if text is None:
            return
        tried.append(text)
        remember(knowledge, FILE, *tried)  # before: one that is left behind half tried is nobody's own
        write_at_once(knowledge, FILE, text)
        known = load_knowledge(knowledge)
        faults = check_board(known, Reader(known, home))
        if not faults:
            remember(knowledge, FILE, text)
            return
        without |= {_named(text, fault.line) for fault in faults}
    path.unlink()


def _named(text: str, line: int) -> str:
    """The card, or the dimension of a filter, that a line belongs to."""
    for said in reversed(text.splitlines()[:line]):
        found = _CARD.match(said) or re.match(r"- dimension: (\w+)", said)
        if found:
            return found[1]
    return ""


def _in_languages(value: Any, languages: Collection[str]) -> Any:
    """Texts without the languages that the project does not have."""
    if isinstance(value, dict):
        texts = set(value) <= {"en", "ru"}
        return {key: _in_languages(one, languages) for key, one in value.items() if not texts or key in languages}
    return [_in_languages(one, languages) for one in value] if isinstance(value, list) else value
