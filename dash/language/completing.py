"""A question that named no number ("WhatsApp vs all other channels"), completed by the turn that names one ("CSAT")."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dash.language.fragment import Fragment
from dash.language.reader import Read, Reader

_FEW_WORDS = 6


def completed(before: str, text: str, reader: Reader, now: datetime, zone: str) -> str | None:
    """One question of both, if the one before lacked only what is counted or measured and this turn says only that;
    None for any other two turns."""
    if len(reader.lexicon.tokens(text)) > _FEW_WORDS:
        return None
    named = reader.read_text(text, now, zone)
    if not named.readings or not _says_only_what(_fragment(named)):
        return None
    asked = reader.read_text(before, now, zone)
    if asked.readings or asked.unknown or not _lacks_only_what(_fragment(asked)):
        return None
    asked_text = before.strip().rstrip("?!. ")
    for whole in (f"{asked_text} {text}", f"{text} {asked_text}"):
        if reader.read_text(whole, now, zone).plain is not None:
            return whole
    return None


def _fragment(read: Read) -> Fragment | None:
    return read.cheapest[1] if read.cheapest is not None else None


def _says_only_what(fragment: Fragment | None) -> bool:
    """Whether a turn is the name of a number, under any aggregation, or of rows, and says nothing else."""
    if fragment is None or not (fragment.metrics or fragment.rows):
        return False
    names = Fragment(
        metrics=fragment.metrics,
        rows=fragment.rows,
        owning_rows=fragment.owning_rows,
        aggregation=fragment.aggregation,
        shapes=fragment.shapes & {"count"},
    )
    return replace(fragment, said={}) == names


def _lacks_only_what(fragment: Fragment | None) -> bool:
    if fragment is None or fragment.metrics or fragment.rows or fragment.follow_up or fragment.refers or fragment.only:
        return False
    return bool(fragment.sides or fragment.filters or fragment.groups or fragment.windows)
