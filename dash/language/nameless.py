"""Clauses that leave out what has no group: "tickets by country, *leaving out tickets without a country*",
«стоимость по моделям, *шаги без модели не показывай*». They name the rows a second time and deny twice, so that read
word by word they would be conditions of something else.
"""

from __future__ import annotations

from collections.abc import Sequence

from dash.language.signs import Signs
from dash.records import Filter, Span
from dash.semantics.model import SemanticModel

_CLAUSES = (
    ("negation", "noun", "negation", "dimension"),  # "excluding steps without a model"
    ("negation", "noun", "dimension", "negation"),  # «без шагов, где модели нет»
    ("negation", "noun", "dimension", "absent"),  # "don't count tickets where the country is missing"
    ("negation", "noun", "absent", "dimension"),  # "skip tickets with an empty country"
    ("noun", "negation", "dimension", "negation"),  # «шаги без модели не показывай»
    ("noun", "dimension", "absent", "negation"),  # «тикеты, где страна не указана, не считай»
    ("noun", "dimension", "negation", "negation"),
)


def without_nameless(spans: Sequence[Span], model: SemanticModel, signs: Signs) -> tuple[list[Span], list[Filter]]:
    """The spans without such clauses, and what these say of the rows: that they have a group. A clause is only read so
    where the question splits by that group."""
    kept, filters, place = list(spans), list[Filter](), 0
    while place < len(kept):
        length, dimension = _clause(kept, place, model, signs)
        if dimension is None or not any(_names(one, dimension) for one in (*kept[:place], *kept[place + length :])):
            place += 1
            continue
        filters.append(Filter(dimension, "not_null"))
        del kept[place : place + length]
    return kept, filters


def _clause(spans: Sequence[Span], place: int, model: SemanticModel, signs: Signs) -> tuple[int, str | None]:
    """How many spans from here on are such a clause, and the dimension that it is about."""
    for clause in _CLAUSES:
        part = spans[place : place + len(clause)]
        if len(part) < len(clause) or not all(map(lambda kind, span: _is(kind, span, model), clause, part)):
            continue
        if any(span.kind == "absent" and span.meaning == "present" for span in part):
            continue
        behind = spans[place + len(clause) : place + len(clause) + 1]
        shows = len(behind) == 1 and (behind[0].kind, behind[0].meaning) in (("shape", "list"), ("shape", "count"))
        first = place > 0 or bool(behind)
        over = not behind or shows or behind[0].start in signs.commas
        if first and (over or clause[0] == "negation"):
            dimension = part[clause.index("dimension")].meaning
            return len(clause) + shows, dimension
    return 0, None


def _is(kind: str, span: Span, model: SemanticModel) -> bool:
    if kind != "noun":
        return span.kind == kind
    if span.kind == "metric":
        return model.counts_rows(span.meaning) and not model.selects(span.meaning)
    return span.kind in ("row", "dimension")


def _names(span: Span, dimension: str) -> bool:
    return span.kind == "dimension" and span.meaning == dimension
