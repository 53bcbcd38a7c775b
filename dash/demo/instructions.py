"""The company's own instructions to its AI, in versions: each later version has learnt one more sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from dash.demo.categories import CATEGORIES
from dash.demo.moments import stamp
from dash.demo.phrasebook import load_instruction_texts
from dash.demo.rows import Row
from dash.demo.scene import Scene

_PARTS = ("persona", "red_lines", "logic", "format", "examples")
_EDITORS = ("Support analytics", "Support lead", "Knowledge editor")


def instruction_rows(scene: Scene) -> Iterator[Row]:
    """Per category three to five production versions, the last one enabled, and for some a version on trial in
    staging.
    """
    texts = load_instruction_texts()
    for index, category in enumerate(CATEGORIES):
        rng = Random((scene.seed << 32) ^ index ^ 0x175)
        released = 3 + int(rng.random() * 3)
        on_trial = rng.random() < 0.5
        versions = released + on_trial
        for version in range(1, versions + 1):
            share = (version - 0.7 + 0.4 * rng.random()) / (versions + 1)
            at = scene.start + int((scene.until - scene.start) * share)
            status = "disabled" if version < released else "enabled"
            place = (category.name, status, "staging" if version > released else "production")
            yield _row(texts[category.name], version, versions, place, _EDITORS[int(rng.random() * 3)], at)


def _row(
    texts: Mapping[str, Sequence[str]], version: int, versions: int, place: tuple[str, str, str], editor: str, at: int
) -> Row:
    """`place` is category, status and staging; version k of n lacks the last n - k sentences of each part that has
    more than one.
    """
    parts = tuple(" ".join(texts[part][: max(1, len(texts[part]) - (versions - version))]) for part in _PARTS)
    category, status, staging = place
    return (category, status, staging, version, *parts, editor, stamp(at))
