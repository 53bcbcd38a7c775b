"""What a person has to know of a drafted table and its columns: the traps that the profile found, as sentences."""

from __future__ import annotations

from collections.abc import Sequence

from dash.drafting.columns import DraftColumn
from dash.introspection import TableProfile


def description_of(column: DraftColumn) -> str:
    """What a column is, and what is odd about it."""
    profile = column.profile
    facts = [profile.comment] if profile.comment else []
    if profile.text_kept:
        kept = "Text" if profile.kind == "text" else "A number"
        facts.append(f"{kept} in the database that holds {_KEPT[profile.text_kept.kind]}")
    if column.name != profile.name:
        facts.append(f"In the database: {profile.name}")
    if profile.null_share >= 0.005:
        facts.append(f"NULL in {profile.null_share:.0%} of the sampled rows")
    return ". ".join(facts)


_KEPT = {"time": "a moment", "number": "a number", "boolean": "yes or no"}


def notes_of(table: TableProfile, noun: str, columns: Sequence[DraftColumn]) -> list[str]:
    """The traps that the profile found, as sentences."""
    notes, log = [], table.event_log
    if log is not None:
        last = ", then ".join(log.order)
        notes.append(
            f"A row is an event and not a {noun}: {log.rows:,} rows were looked at, of {log.things:,} of them. "
            f"The last row by {last} is its present state; {', '.join(log.repeating)} repeat on every row."
        )
    for column in columns:
        profile = column.profile
        if profile.text_kept is not None:
            form = f" ({profile.text_kept.form})" if profile.text_kept.form else ""
            kept = "text" if profile.kind == "text" else "a number"
            notes.append(f"{profile.name} is {kept} that holds {_KEPT[profile.text_kept.kind]}{form}.")
            if profile.text_kept.doubtful:
                notes.append(f"In {profile.name} day and month could be the other way round.")
        if profile.stand_ins:
            notes.append(f"{profile.name}: {', '.join(map(repr, profile.stand_ins))} means none.")
        if profile.type == "timestamp":
            notes.append(f"{profile.name} has no time zone.")
        if profile.constant and profile.rows > 1 and not profile.unique:
            notes.append(f"{profile.name} has the same value in every sampled row.")
    return notes
