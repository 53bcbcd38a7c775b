"""Active learnings as short neutral lines for a prompt.

What can be said from the structure is said from the structure, whatever its author wrote beside it. Prose goes in only
as a reviewed person activated it, on one line, in quotes, so that it reads as a note about the data and not as an
instruction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dash.learnings.records import (
    CastColumn,
    EmptyAsNull,
    Fix,
    GroupColumn,
    Learning,
    NullDivisor,
    QualifyColumn,
    RenameColumn,
    RenameRelation,
    Word,
)

MOST_LINES = 12
AUTOMATIC = "dash"
"""Who activates mechanical fixes where a setting lets that happen without a person."""

_LONGEST_NOTE = 240


def prompt_lines(
    learnings: Sequence[Learning], *, relations: Collection[str] = (), most: int = MOST_LINES
) -> tuple[str, ...]:
    """One line for each learning that concerns these relations, those seen most often first.

    `learnings` are the usable ones of one viewer (`dash.learnings.usable`). Without `relations` all of them count.
    """
    concerned = [each for each in learnings if each.status == "active" and _concerns(each, relations)]
    concerned.sort(key=lambda each: (-each.seen, each.id))
    lines = (line_of(each) for each in concerned)
    return tuple(dict.fromkeys(line for line in lines if line))[:most]


def _concerns(learning: Learning, relations: Collection[str]) -> bool:
    if not relations or not learning.applies_to:
        return True
    return any(name in relations or name.rpartition(".")[0] in relations for name in learning.applies_to)


def line_of(learning: Learning) -> str | None:
    """A learning in one line; None where nobody has reviewed what it says."""
    if learning.fix is not None:
        return fix_line(learning.fix)
    if learning.word is not None:
        return word_line(learning.word)
    if learning.reviewed_by in (None, "", AUTOMATIC):
        return None
    note = " ".join(learning.learned.split())[:_LONGEST_NOTE].replace('"', "'")
    where = f" ({', '.join(learning.applies_to)})" if learning.applies_to else ""
    return f'Note about the data{where}: "{note}"'


def fix_line(fix: Fix) -> str:
    """What a fix says, from its names alone."""
    if isinstance(fix, RenameRelation):
        return f"The table is {fix.right}; there is no {fix.wrong}."
    if isinstance(fix, RenameColumn):
        return f"{fix.relation} has {fix.right} and no {fix.wrong}."
    if isinstance(fix, CastColumn):
        return f"{fix.relation}.{fix.column} is text: CAST(NULLIF({fix.column}, '') AS {fix.type})."
    if isinstance(fix, EmptyAsNull):
        return f"{fix.relation}.{fix.column} can be '': NULLIF({fix.column}, '') before a cast."
    if isinstance(fix, NullDivisor):
        return "Divide by NULLIF(…, 0)."
    if isinstance(fix, QualifyColumn):
        return f"Where several tables have {fix.column}, write the alias of {fix.relation} before it."
    if isinstance(fix, GroupColumn):
        return f"{fix.relation}.{fix.column} beside aggregates needs GROUP BY."
    return f"{fix.relation}.{fix.column} has the value '{fix.right}', spelled so."


def word_line(word: Word) -> str:
    """What words mean, from governed names alone."""
    said = ", ".join(dict.fromkeys(phrase for phrases in word.words.values() for phrase in phrases))
    if word.metric is not None:
        return f"“{said}” means the metric {word.metric}."
    values = ", ".join(str(value) for value in word.values)
    return f"“{said}” means {word.dimension}{f' = {values}' if values else ''}."
