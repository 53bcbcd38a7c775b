"""Where the time of a conversation went: the stretches in which nothing happened, and what each was a wait for.

A wait is told by what ended it: when the customer wrote next, it was the customer that everybody waited for. It is
computed over the whole conversation by the database, so it does not depend on what a page has loaded.
"""

from __future__ import annotations

from typing import Any

from dash.replay.compose import gaps_query, waits_query
from dash.replay.description import ROLES
from dash.replay.reading import Replay
from dash.replay.records import Gap, Gaps
from dash.replay.timeline import kind_of

LONGEST = 10


def read_gaps(replay: Replay, conversation: str, *, longest: int = LONGEST) -> Gaps:
    """The longest gaps and all waiting by what was waited for. Raises QueryFailed, DatabaseUnavailable."""
    sources = replay.description.sources()
    seconds: dict[str, float] = {}
    for row in replay.read(waits_query(sources, conversation)).rows:
        waited_for = _waited_for(replay, row)
        seconds[waited_for] = seconds.get(waited_for, 0.0) + float(row["seconds"])
    ordered = dict(sorted(seconds.items(), key=lambda item: (-item[1], item[0])))
    names = list(replay.description.timeline)
    gaps = tuple(
        Gap(f"{names[row['source']]}.{row['id']}", row["began"], float(row["seconds"]), _waited_for(replay, row))
        for row in replay.read(gaps_query(sources, conversation, longest)).rows
    )
    return Gaps(ordered, gaps)


def _waited_for(replay: Replay, row: Any) -> str:
    source = replay.description.sources()[row["source"]][2]
    kind = kind_of(source, row["kind"])
    return row["role"] if kind == "message" and row["role"] in ROLES else kind
