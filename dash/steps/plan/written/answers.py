"""What a model's answer has to be: pydantic models made anew for each question, so that it can name only what it was
shown. Whatever a server does with the schema, an answer that does not fit it never becomes a query.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from dash.steps.plan.written.shelf import Shelf

NOTHING = "nothing"
FIELDS = ("period", "order", "limit", "bound", "step", "share", "list", "comparison", "aggregation")
"""What a word may stand for besides a name: the part of the query that says it."""


def _untitled(schema: dict[str, Any]) -> None:
    """Titles say nothing that the names do not, and are paid for in every prompt."""
    for part in (schema, *schema.get("properties", {}).values()):
        part.pop("title", None)
    schema.pop("description", None)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra=_untitled)


class Word(_Answer):
    """Words of the question and what they were taken for."""

    words: str
    meaning: str


def sql_answer(unknown: Sequence[str]) -> type[BaseModel]:
    """The model of a question as SQL, with an explanation of each of its unknown words. Whether it is possible comes
    last: a small model says no before it has tried, and then writes what answers."""
    parts: dict[str, Any] = {"sql": (str, ...), **_words(unknown), "possible": (bool, ...)}
    return create_model("ProposedSql", __base__=_Answer, **parts)


def query_answer(shelf: Shelf, unknown: Sequence[str], *, bounded: bool) -> type[BaseModel]:
    """The model of a question as a query of governed names; `bounded` says that it may set bounds."""
    metric = _names("Metric", shelf.metrics)
    dimension = _names("Dimension", shelf.dimensions)
    condition = _names("Condition", shelf.conditions)
    period = _names("Period", shelf.periods)
    parts: dict[str, Any] = {
        "metric": (metric, ...),
        "sign": (Literal[">", ">=", "<", "<="], ...),
        "value": (float, ...),
        "of": (Literal["each_row", "each_group"], ...),
    }
    bound = create_model("Bound", __base__=_Answer, **parts)
    fields: dict[str, Any] = {
        "say": (Literal["query", "sql", "no"], ...),
        "metrics": (list[metric], ...),  # type: ignore[valid-type]
        "list_rows": (bool, ...),
        "split_by": (list[dimension], ...),  # type: ignore[valid-type]
        "only": (list[condition], ...),  # type: ignore[valid-type]
        "without": (list[condition], ...),  # type: ignore[valid-type]
        **({"bounds": (list[bound], ...)} if bounded else {}),  # type: ignore[valid-type]
        "period": (period | None, ...),
        "compare_before": (bool, ...),
        "step": (Literal["hour", "day", "week", "month", "quarter", "year"] | None, ...),
        "share": (bool, ...),
        "aggregation": (Literal["mean", "median", "p90", "p95", "max", "min", "sum"] | None, ...),
        "order": (Literal["highest", "lowest"] | None, ...),
        "limit": (int | None, ...),
        **_words(unknown),
    }
    return create_model("ProposedQuery", __base__=_Answer, **fields)


def words_of(said: Any) -> tuple[Word, ...]:
    """The explanations in an answer."""
    return tuple(Word(words=str(word.words.value), meaning=word.meaning) for word in getattr(said, "words", ()))


def _words(unknown: Sequence[str]) -> dict[str, Any]:
    """The field for explanations: of no other words, and of each once. A small model that may explain any words tells
    all of the prompt, for as long as it is let."""
    if not unknown:
        return {}
    word = create_model("Explained", __base__=Word, words=(_names("Words", unknown), ...))
    return {"words": (list[word], Field(max_length=len(unknown)))}  # type: ignore[valid-type]


def _names(title: str, names: Iterable[str]) -> Any:
    """An enumeration of names; of none, one that no answer is meant to use."""
    return Enum(title, {f"n{i}": name for i, name in enumerate(names)} or {"n0": "-"}, type=str)
