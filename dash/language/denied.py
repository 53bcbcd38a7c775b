""" "*Not by model, but* by month", "the median, *not the average*": how something is told that somebody wants
otherwise. The words for what is not wanted are left out, for nothing is told in two ways at once."""

from __future__ import annotations

from collections.abc import Sequence

from dash.records import Span

_TOLD = {"aggregation": "aggregation", "dimension": "split", "grain": "split", "unit": "split"}
_LEADS = frozenset({"by", "follow_up", "conjunction"})


def without_denied(spans: Sequence[Span]) -> tuple[Sequence[Span], bool]:
    """The spans without what is denied, and whether a turn began with that and so corrects the one before."""
    for place, span in enumerate(spans):
        if span.kind != "negation":
            continue
        split, denied = _told(spans, place + 1)
        if denied is None:
            continue
        behind = denied + 1
        while behind < len(spans) and spans[behind].kind in _LEADS - {"by"}:
            behind += 1
        wanted = _told(spans, behind)
        begins = all(one.kind == "follow_up" for one in spans[:place])
        if begins and wanted[1] is not None and wanted[0] == split:
            return [*spans[:place], *spans[behind:]], True
        before = place - 1 - (place > 0 and spans[place - 1].kind in _LEADS)
        told = before >= 0 and _TOLD.get(spans[before].kind) == split
        by = spans[before - 1].kind == "by" if before > 0 else False
        if told and (split == "aggregation" or by or spans[before].kind == "grain"):
            return [*spans[: before + 1], *spans[denied + 1 :]], False
    return spans, False


def _told(spans: Sequence[Span], place: int) -> tuple[str | None, int | None]:
    """How something is told at a place, and where that ends: by an aggregation, or split by what stands behind "by"."""
    by = place < len(spans) and spans[place].kind == "by"
    place += by
    if place >= len(spans) or spans[place].kind not in _TOLD:
        return None, None
    split = _TOLD[spans[place].kind]
    if split == "split" and not by and spans[place].kind != "grain":
        return None, None
    return split, place
