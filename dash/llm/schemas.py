"""What an answer has to be, as the JSON schema that servers take with `strict`: a small part of what pydantic can say.

A server that is given more refuses every request, and a test with a server of our own would not notice. So whatever
has another way of being said is rewritten, what has none is a broken promise of the caller's, and a schema that is too
big for `strict` is sent as advice; the answer is checked by pydantic in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from dash.errors import InternalError

# As OpenAI documents them; the others are more generous or do not look.
MAXIMUM_PROPERTIES = 5_000
MAXIMUM_ENUM_VALUES = 1_000
MAXIMUM_CHARACTERS = 120_000
LONG_ENUM_VALUES = 250
LONG_ENUM_CHARACTERS = 15_000

KEPT = frozenset(
    {
        *("type", "description", "enum", "const", "$ref", "pattern", "format", "multipleOf"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems"),
    }
)
"""Keywords that stay as they are."""

DROPPED = frozenset({"title", "default", "examples", "discriminator", "minLength", "maxLength", "uniqueItems"})
"""Said nowhere: they only cost tokens, because every field has to be given, or pydantic checks them afterwards."""


@lru_cache(maxsize=64)
def response_format(answer: type[BaseModel]) -> Mapping[str, Any]:
    """What goes into a request. Raises InternalError when no schema can say what `answer` is."""
    schema = strict_schema(answer.model_json_schema())
    form = {"name": answer.__name__, "schema": schema, "strict": fits_strict(schema)}
    return {"type": "json_schema", "json_schema": form}


def strict_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same schema with every field required, nothing beside them allowed, and no keyword that servers refuse."""
    definitions = schema.get("$defs", {})
    root = {key: value for key, value in schema.items() if key != "$defs"}
    if "$ref" in root:  # of an answer that holds others of its kind
        root = definitions[root["$ref"].rpartition("/")[2]]
    rewritten = _rewritten(root, definitions)
    if rewritten.get("type") != "object":
        raise InternalError("An answer has to be an object.")
    needed: dict[str, dict[str, Any]] = {}
    waiting = _references(rewritten)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = _rewritten(definitions[name], definitions)
            waiting |= _references(needed[name])
    return rewritten | ({"$defs": dict(sorted(needed.items()))} if needed else {})


def _references(schema: Mapping[str, Any]) -> set[str]:
    """The definitions that a schema refers to."""
    return {node["$ref"].rpartition("/")[2] for node in _nodes(schema) if "$ref" in node}


def _rewritten(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in node and len(node.keys() - DROPPED) > 1:
        # A reference stands alone; with a description beside it, it is written out.
        node = {**definitions[node["$ref"].rpartition("/")[2]], **{k: v for k, v in node.items() if k != "$ref"}}
    found: dict[str, Any] = {}
    for keyword, value in node.items():
        if keyword in ("anyOf", "oneOf"):
            found["anyOf"] = [_rewritten(part, definitions) for part in value]
        elif keyword == "items":
            found["items"] = _rewritten(value, definitions)
        elif keyword == "properties":
            found["properties"] = {name: _rewritten(part, definitions) for name, part in value.items()}
        elif keyword in KEPT:
            found[keyword] = value
        elif keyword not in DROPPED | {"required", "additionalProperties"}:
            raise InternalError(f"{keyword} cannot be asked of a language model's server; say the answer without it.")
    if found.get("type") == "object":
        if node.get("additionalProperties") or "properties" not in found:
            raise InternalError("An object with any keys cannot be asked of a language model's server; make it a list.")
        found |= {"required": list(found["properties"]), "additionalProperties": False}
    return found


def fits_strict(schema: Mapping[str, Any]) -> bool:
    """Whether the schema is small enough to be more than advice."""
    properties = characters = values = 0
    for node in _nodes(schema):
        names = [*node.get("properties", {}), *node.get("$defs", {})]
        listed = [str(value) for value in node.get("enum", [node["const"]] if "const" in node else [])]
        properties += len(node.get("properties", {}))
        values += len(listed)
        characters += sum(map(len, [*names, *listed]))
        if len(listed) > LONG_ENUM_VALUES and sum(map(len, listed)) > LONG_ENUM_CHARACTERS:
            return False
    return properties <= MAXIMUM_PROPERTIES and values <= MAXIMUM_ENUM_VALUES and characters <= MAXIMUM_CHARACTERS


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    parts = [*node.get("anyOf", ()), *node.get("properties", {}).values(), *node.get("$defs", {}).values()]
    for part in [*parts, node["items"]] if "items" in node else parts:
        yield from _nodes(part)
