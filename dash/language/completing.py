"""A question that named no number ("WhatsApp vs all other channels"), completed by the turn that names one ("CSAT")."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dash.language.fragment import Fragment
from dash.language.reader import Read, Reader
from dash.language.readings import AMBIGUITY

_FEW_WORDS = 6


def completed(before: str, text: str, reader: Reader, now: datetime, zone: str) -> str | None:
    """One question of both, if the one before lacked only what is counted or measured and this turn says only that;
    None for any other two turns."""
    named = _read(text, reader, now, zone)
    if not named.readings or len(named.tokens) > _FEW_WORDS or not _says_only_what(_cheapest(named)):
        return None
    asked = _read(before, reader, now, zone)
    if asked.readings or asked.unknown or not _lacks_only_what(_cheapest(asked)):
        return None
    asked_text = before.strip().rstrip("?!. ")
    for whole in (f"{asked_text} {text}", f"{text} {asked_text}"):
        read = _read(whole, reader, now, zone)
        costs = [reading.cost for reading in read.readings]
        if costs and all(cost - costs[0] >= AMBIGUITY for cost in costs[1:]):
            return whole
    return None


def _read(text: str, reader: Reader, now: datetime, zone: str) -> Read:
    tokens, spans = reader.ground(text, now, zone)
    return reader.read(text, tokens, spans, now, zone)


def _cheapest(read: Read) -> Fragment | None:
    return min(read.fragments, key=lambda found: found[0])[1] if read.fragments else None


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
