"""What a learning may say at all. What does not pass is never applied, whatever its status and wherever it came from.

A learning names relations, columns, values and metrics that the knowledge lists, and no others; it wins against no
governed definition; and prose that would speak of a governed metric belongs into the metric's own file. The knowledge
can change under a learning, so this is asked again whenever learnings are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dash.knowledge import Knowledge
from dash.learnings.names import PLAIN, find_column, is_harmless, mentions_metric, named_metric
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
    SpellValue,
)
from dash.learnings.vocabulary import word_problem

LONGEST_SENTENCE = 400
_NAME = re.compile(r"\w+(?:\.\w+)+|\w*_\w*")
"""A name of a table or column: "support.sessions.cost", "csat_score".
A note about the data may speak of a column that is called as a metric is, and of the metric only its own file."""
_LONGEST_DIVISOR = 300
_TEXT = ("text", "varchar", "character varying", "char", "bpchar")


def usable(learnings: Iterable[Learning], knowledge: Knowledge, viewer: str) -> tuple[Learning, ...]:
    """The active learnings that may be used for this user with this knowledge."""
    return tuple(
        each
        for each in learnings
        if each.status == "active" and each.reaches(viewer) and problem(each, knowledge) is None
    )


def problem(learning: Learning, knowledge: Knowledge) -> str | None:
    """Why a learning may not be used with this knowledge, or None."""
    if (learning.kind == "query_fix") != (learning.fix is not None and learning.word is None):
        return "a query_fix has a fix, and nothing else has one"
    if (learning.kind == "vocabulary") != (learning.word is not None):
        return "a vocabulary learning has words, and nothing else has them"
    outside = [name for name in learning.applies_to if not is_described(name, knowledge)]
    if outside:
        return "it applies to something that the knowledge does not describe"
    if learning.fix is not None:
        return fix_problem(learning.fix, knowledge)
    if learning.word is not None:
        return word_problem(learning.word, knowledge)
    return _prose_problem(learning, knowledge)


def is_described(name: str, knowledge: Knowledge) -> bool:
    """Whether a name is a relation, a column of one, a metric or a vetted query of the knowledge."""
    allowed = knowledge.allowed()
    relation, _, column = name.rpartition(".")
    if name in knowledge.metrics or name in knowledge.queries:
        return True
    return name in allowed or column in allowed.get(relation, ())


def fix_problem(fix: Fix, knowledge: Knowledge) -> str | None:
    """Why a fix may not be applied: it names what is not listed, or takes away what is."""
    if isinstance(fix, NullDivisor):
        return None if 0 < len(fix.divisor) <= _LONGEST_DIVISOR else "its divisor is too long"
    if isinstance(fix, RenameRelation):
        return _relation_problem(fix, knowledge)
    name = fix.right if isinstance(fix, RenameColumn) else fix.column
    column = find_column(knowledge, fix.relation, name)
    if column is None:
        return f"{fix.relation}.{name} is not listed"
    if (column.personal or column.untrusted) and not isinstance(fix, QualifyColumn):
        return f"{fix.relation}.{name} is personal or untrusted"
    if isinstance(fix, (CastColumn, EmptyAsNull)):
        is_text = column.type.lower().partition("(")[0].strip() in _TEXT
        return None if is_text else f"{fix.relation}.{name} is no text"
    if isinstance(fix, RenameColumn):
        return _column_problem(fix, knowledge)
    if isinstance(fix, SpellValue):
        known = {str(value.value) for value in column.values} | set(column.missing)
        fits = fix.right in known and fix.wrong not in known and is_harmless(fix.wrong)
        return None if fits else f"{fix.relation}.{name} does not list the right value, or lists the wrong one"
    assert isinstance(fix, (QualifyColumn, GroupColumn))
    return None


def _relation_problem(fix: RenameRelation, knowledge: Knowledge) -> str | None:
    if fix.right not in knowledge.allowed():
        return f"{fix.right} is not listed"
    if fix.wrong in knowledge.tables:
        return f"{fix.wrong} is described"
    return None if all(PLAIN.fullmatch(part) for part in fix.wrong.split(".")) else "the wrong form is no plain name"


def _column_problem(fix: RenameColumn, knowledge: Knowledge) -> str | None:
    if find_column(knowledge, fix.relation, fix.wrong) is not None:
        return f"{fix.relation} has a column {fix.wrong}"
    if named_metric(knowledge, fix.wrong) is not None:
        return f"{fix.wrong} is a governed metric"
    return None if PLAIN.fullmatch(fix.wrong) else "the wrong form is no plain name"


def _prose_problem(learning: Learning, knowledge: Knowledge) -> str | None:
    said = " ".join((learning.learned, learning.wrong, learning.right))
    if len(said) > LONGEST_SENTENCE or not learning.learned.strip():
        return f"it has no sentence, or one of more than {LONGEST_SENTENCE} letters"
    if not said.isprintable():
        return "it has line breaks or invisible characters"
    metric = mentions_metric(knowledge, said if learning.kind == "definition" else _NAME.sub(" ", said))
    if metric is not None:
        return f"it speaks of the governed metric {metric}, whose definition is in its own file"
    return None
