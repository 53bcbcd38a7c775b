"""What is asked of a server as the form of an answer: nothing that a strict server refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, create_model

from dash.errors import InternalError
from dash.llm.schemas import fits_strict, response_format, strict_schema

REFUSED = {"default", "title", "oneOf", "allOf", "not", "if", "discriminator", "prefixItems", "patternProperties"}


class Strict(BaseModel):
    """Forbids what nobody asked for."""

    model_config = ConfigDict(extra="forbid")


class Grain(Enum):
    """A unit of time."""

    DAY = "day"
    WEEK = "week"


class Window(Strict):
    """A named period."""

    kind: Literal["window"] = "window"
    start: date
    grain: Grain = Field(Grain.DAY, description="The finest unit.")


class Threshold(Strict):
    """A number to compare with."""

    kind: Literal["threshold"]
    above: float = Field(0, ge=0)


class Plan(Strict):
    """Everything that pydantic likes to say in its own way. A field may be called title or default."""

    title: str = Field("", max_length=40)
    default: int | None = None
    grain: Grain = Field(description="The grain of the answer.")
    parts: list[Annotated[Window | Threshold, Field(discriminator="kind")]] = []
    inner: Plan | None = None


def nodes(node: Any, *, names: bool = False) -> Iterator[dict[str, Any]]:
    """Every schema in a schema; the keys below "properties" and "$defs" are names."""
    if isinstance(node, dict):
        if not names:
            yield node
        for key, part in node.items():
            yield from nodes(part, names=not names and key in ("properties", "$defs"))
    elif isinstance(node, list):
        for part in node:
            yield from nodes(part)


def test_every_object_names_all_its_fields_and_allows_no_others() -> None:
    schema = strict_schema(Plan.model_json_schema())
    objects = [node for node in nodes(schema) if node.get("type") == "object"]
    assert len(objects) >= 3
    for node in objects:
        assert node["required"] == list(node["properties"])
        assert node["additionalProperties"] is False
    definitions = schema["$defs"]
    assert {"title", "default"} <= set(definitions["Plan"]["properties"])
    assert set(definitions) == {"Plan", "Threshold", "Window"}, "what nothing refers to costs tokens"


def test_nothing_stands_there_that_a_server_refuses() -> None:
    for node in nodes(strict_schema(Plan.model_json_schema())):
        assert not REFUSED & set(node)
        assert "$ref" not in node or set(node) == {"$ref"}


@pytest.mark.parametrize(
    "answer",
    [
        create_model("AnyKeys", __base__=Strict, values=(dict[str, int], ...)),
        create_model("Loose", __config__=ConfigDict(extra="allow"), name=(str, ...)),
        create_model("Pair", __base__=Strict, pair=(tuple[int, str], ...)),
    ],
)
def test_what_no_server_understands_is_told_to_whoever_asks(answer: type[BaseModel]) -> None:
    with pytest.raises(InternalError):
        response_format(answer)


def test_a_long_list_of_names_is_advice_and_a_short_one_an_order() -> None:
    def with_names(count: int, length: int) -> bool:
        names = Literal[tuple(f"{number:0{length}}" for number in range(count))]  # type: ignore[valid-type]
        found = response_format(create_model("Named", __base__=Strict, name=(names, ...)))
        strict: bool = found["json_schema"]["strict"]
        return strict

    assert with_names(240, 60) and with_names(900, 10)
    assert not with_names(300, 60)
    assert not with_names(1001, 10)
    assert not fits_strict({"type": "object", "properties": {f"{name:040}": {} for name in range(4000)}})
