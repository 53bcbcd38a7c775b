"""Data from a file becomes one of the models of `formats`; whatever does not fit is a fault at its own line.

pydantic finds the misfits; this module says them in words for somebody who writes knowledge and not Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from dash.knowledge.documents import Document, Path
from dash.knowledge.nearest import advise

Model = TypeVar("Model", bound=BaseModel)

_EXPECTED = {
    "string_type": "text",
    "string_sub_type": "text",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
}


def read_model(document: Document, model: type[Model], path: Path = (), data: Any = None) -> Model | None:
    """The model of `data` (default: the whole document), or None after adding each misfit to the document's faults."""
    data = document.data if data is None and not path else data
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for place, what, mend in _explain(error, model, data):
            document.fault((*path, *place), what, mend)
        return None


def _explain(error: ValidationError, model: type[BaseModel], data: Any) -> list[tuple[Path, str, str]]:
    found: dict[Path, tuple[str, str]] = {}
    expected: dict[Path, list[str]] = {}  # a union of types fails once per type
    for detail in error.errors(include_url=False, include_context=True):
        kind, missing = detail["type"], detail["type"] == "missing"
        place = _in_data(detail["loc"], data) + (detail["loc"][-1:] if missing else ())
        if kind in _EXPECTED:
            expected.setdefault(place, []).append(_EXPECTED[kind])
            wanted = " or ".join(dict.fromkeys(expected[place]))
            found[place] = (f"{_name(place)} is {_describe(detail['input'])}", _mend_type(wanted, detail["input"]))
        elif place not in found:
            found[place] = _explain_other(detail, place, model)
    return [(place, *sentence) for place, sentence in found.items()]


def _explain_other(detail: Mapping[str, Any], place: Path, model: type[BaseModel]) -> tuple[str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = _known_keys(model, place[:-1])
        return f"the key {place[-1]} is not known here", advise(str(place[-1]), known, "remove it")
    if kind == "missing":
        return f"the key {place[-1]} is missing{_inside(place[:-1])}", f"add {place[-1]}"
    if kind == "literal_error":
        allowed = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        shown = detail["input"]
        return f"{_name(place)} is {shown!r}", advise(str(shown), allowed, "use one of " + ", ".join(allowed))
    message = str(detail["msg"])
    return f"{_name(place)}: {message[:1].lower()}{message[1:]}", "mend the value"


def _in_data(location: Sequence[str | int], data: Any) -> Path:
    """The part of pydantic's location that exists in the data (it also names the branches of unions)."""
    place: list[str | int] = []
    for step in location:
        in_list = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if in_list or (isinstance(data, Mapping) and step in data):
            data = data[step]
            place.append(step)
    return tuple(place)


def _known_keys(annotation: Any, path: Path) -> tuple[str, ...]:
    """The keys that may stand at a path below a model."""
    annotation = _first_structure(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not path:
            return tuple(annotation.model_fields)
        field = annotation.model_fields.get(str(path[0]))
        return _known_keys(field.annotation, path[1:]) if field else ()
    if path and get_origin(annotation) in (list, dict):
        return _known_keys(get_args(annotation)[-1], path[1:])
    return ()


def _first_structure(annotation: Any) -> Any:
    """`MetricFile` out of `MetricFile | None` and `Annotated[MetricFile, …]`."""
    if get_origin(annotation) is Annotated:
        return _first_structure(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        choices = [choice for choice in get_args(annotation) if choice is not type(None)]
        structures = [_first_structure(choice) for choice in choices]
        return next((choice for choice in structures if get_args(choice) or isinstance(choice, type)), None)
    return annotation


def _name(place: Path) -> str:
    if not place:
        return "the file"
    if isinstance(place[-1], int):
        return f"item {place[-1] + 1}{_inside(place[:-1])}"
    return f"the key {place[-1]}"


def _inside(place: Path) -> str:
    words = [f"item {step + 1}" if isinstance(step, int) else str(step) for step in place[-2:]]
    return f" of {' '.join(words)}" if words else ""


def _describe(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    return "a list" if isinstance(value, list) else "keys with values"


def _mend_type(wanted: str, value: Any) -> str:
    if "text" in wanted and isinstance(value, (bool, int, float)):
        return "put it in quotes"
    if wanted == "text" and value is None:  # {en: Tickets, in short} has a key "in short"
        return "write text, or put quotes around a text with a comma before it"
    return f"write {wanted}"
