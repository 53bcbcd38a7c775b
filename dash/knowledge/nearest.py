"""Names that a person may have meant, for the sentence that mends a fault."""

from __future__ import annotations

from collections.abc import Iterable


def find_nearest(name: str, known: Iterable[str], cutoff: float = 65.0) -> str | None:
    """The most similar known name, or None when nothing is similar (`cutoff` is a percentage)."""
    from rapidfuzz import fuzz, process  # only a fault needs it, so ordinary starts do not pay for it

    found = process.extractOne(name, sorted(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=cutoff)
    return found[0] if found else None


def advise(name: str, known: Iterable[str], otherwise: str) -> str:
    """How to mend an unknown name: the nearest one, else the known ones if they are few, else `otherwise`."""
    choices = sorted(set(known))
    near = find_nearest(name, choices)
    if near:
        return f"write {near}"
    return f"known are {', '.join(choices)}" if 0 < len(choices) <= 12 else otherwise
