"""From a diagnosis, a chosen clarification or a person's remark to a candidate: what it says and what must stay so."""

from __future__ import annotations

from collections.abc import Mapping

from dash.knowledge import Knowledge
from dash.learnings.fixes import text_literal
from dash.learnings.lines import fix_line, word_line
from dash.learnings.records import (
    Candidate,
    CastColumn,
    Diagnosis,
    EmptyAsNull,
    Evidence,
    Fix,
    Kind,
    NullDivisor,
    RenameColumn,
    RenameRelation,
    SpellValue,
    Word,
)
from dash.semantics.fragments import identifier, relation

_KINDS: Mapping[str, Kind] = {
    "unknown_table": "join_path",
    "unknown_column": "data_quality",
    "unknown_alias": "data_quality",
    "ambiguous_column": "join_path",
}
"""What a diagnosis without a fix is about; anything else is about the data."""


def candidate_of(diagnosis: Diagnosis, evidence: Evidence, *, author: str = "dash") -> Candidate | None:
    """What a diagnosis teaches; None for what would not happen again, or of which nothing certain is known."""
    if not diagnosis.lasting or (diagnosis.fix is None and not diagnosis.applies_to):
        return None
    if diagnosis.fix is None:
        kind = _KINDS.get(diagnosis.kind, "data_quality")
        return Candidate(kind, diagnosis.sentence, diagnosis.applies_to, evidence=evidence, author=author)
    wrong, right = forms_of(diagnosis.fix)
    return Candidate(
        "query_fix",
        fix_line(diagnosis.fix),
        diagnosis.applies_to,
        wrong,
        right,
        diagnosis.fix,
        evidence=evidence,
        author=author,
        check=check_of(diagnosis.fix),
    )


def word_candidate(word: Word, evidence: Evidence, knowledge: Knowledge, *, author: str) -> Candidate:
    """What a chosen clarification teaches: that words mean something governed."""
    said = next(phrase for phrases in word.words.values() for phrase in phrases)
    meaning = word.metric or (
        f"{word.dimension} = {', '.join(map(str, word.values))}" if word.values else word.dimension
    )
    homes = _homes(word, knowledge)
    check = ""
    if word.values and homes and all(isinstance(value, str) for value in word.values):
        table, column = homes[0].rpartition(".")[::2]
        listed = ", ".join(text_literal(str(value)) for value in word.values)
        check = _exists(table, column, f"IN ({listed})")
    applies_to = (word.metric,) if word.metric else tuple(homes[:1])
    return Candidate(
        "vocabulary", word_line(word), applies_to, said, str(meaning), word=word, evidence=evidence, author=author,
        check=check,
    )  # fmt: skip


def remark_candidate(run: str, remark: str, *, by: str, wrong: bool) -> Candidate:
    """What a person said about an answer: theirs alone, in their own words, on one line."""
    said = " ".join("".join(letter if letter.isprintable() else " " for letter in remark).split())
    error = "The answer was rejected." if wrong else "The answer was corrected."
    return Candidate("definition", said, evidence=Evidence(run, error=error), author=by, scope=by)


def rejection_candidate(run: str, about: tuple[str, ...], *, by: str) -> Candidate:
    """That a person rejected an answer without saying why, in governed names; theirs alone."""
    learned = f"The answer of {', '.join(about)} was rejected." if about else "The answer was rejected."
    return Candidate(
        "definition", learned, about, evidence=Evidence(run, error="The answer was rejected."), author=by, scope=by
    )


def _homes(word: Word, knowledge: Knowledge) -> list[str]:
    """The columns of real tables that list the word's values."""
    return [
        f"{name}.{column.name}"
        for name, table in knowledge.tables.items()
        if table.sql is None
        for column in table.table_columns
        if (column.dimension or column.name) == word.dimension
        and (not word.values or {value.value for value in column.values} >= set(word.values))
    ]


def forms_of(fix: Fix) -> tuple[str, str]:
    """The wrong and the right form, as people read them."""
    if isinstance(fix, RenameRelation):
        return fix.wrong, fix.right
    if isinstance(fix, RenameColumn):
        return f"{fix.relation}.{fix.wrong}", f"{fix.relation}.{fix.right}"
    if isinstance(fix, NullDivisor):
        return f"… / {fix.divisor}", f"… / NULLIF({fix.divisor}, 0)"
    column = identifier(fix.column)
    if isinstance(fix, CastColumn):
        example = "> 1" if fix.type == "numeric" else "> now()"
        return f"{column} {example}", f"CAST(NULLIF({column}, '') AS {fix.type}) {example}"
    if isinstance(fix, EmptyAsNull):
        return f"CAST({column} AS …)", f"CAST(NULLIF({column}, '') AS …)"
    if isinstance(fix, SpellValue):
        return f"{column} = {text_literal(fix.wrong)}", f"{column} = {text_literal(fix.right)}"
    table = relation(fix.relation)
    return f"{column}", f"{column} of {table}, grouped by or with its alias"


def check_of(fix: Fix) -> str:
    """SQL whose one cell is true as long as the data supports the fix; the guard checks it like any other."""
    if isinstance(fix, NullDivisor):
        return ""
    if isinstance(fix, RenameRelation):
        return f"SELECT COUNT(*) >= 0 FROM (SELECT 1 AS one FROM {relation(fix.right)} LIMIT 1) AS r"
    table = relation(fix.relation)
    column = identifier(fix.right if isinstance(fix, RenameColumn) else fix.column)
    if isinstance(fix, CastColumn):
        return f"SELECT COUNT(CAST(NULLIF({column}, '') AS {fix.type})) >= 0 FROM {table}"
    if isinstance(fix, SpellValue):
        wrong = _exists(fix.relation, fix.column, f"= {text_literal(fix.wrong)}").removeprefix("SELECT ")
        return f"{_exists(fix.relation, fix.column, f'= {text_literal(fix.right)}')} AND NOT {wrong}"
    return f"SELECT COUNT(r.{column}) >= 0 FROM (SELECT {column} FROM {table} LIMIT 1) AS r"


def _exists(table: str, column: str, condition: str) -> str:
    return f"SELECT EXISTS (SELECT 1 FROM {relation(table)} WHERE {identifier(column)} {condition})"
