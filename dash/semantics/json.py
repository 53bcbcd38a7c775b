"""SemanticQueries and Windows as plain JSON and back, so that a run can be opened and a follow-up can lean on it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from dash.records import ComparedSide, Comparison, Filter, MetricUse, Moment, Order, SemanticQuery, Threshold, Window

_RECORDS = (ComparedSide, Comparison, Filter, MetricUse, Moment, Order, SemanticQuery, Threshold, Window)
_TYPES = {t.__name__: t for t in _RECORDS}


def to_json(value: Any) -> Any:
    """Dicts and lists; records carry their type under "is", defaults are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        shown = {f.name: to_json(getattr(value, f.name)) for f in fields(value) if getattr(value, f.name) != f.default}
        return {"is": type(value).__name__, **shown}
    if isinstance(value, (tuple, list)):
        return [to_json(item) for item in value]
    if isinstance(value, datetime):
        return {"is": "datetime", "iso": value.isoformat()}
    return value


def from_json(data: Any) -> Any:
    """The record that `to_json` wrote. Raises KeyError or TypeError for anything else."""
    if isinstance(data, list):
        return tuple(from_json(item) for item in data)
    if not isinstance(data, dict):
        return data
    if data.get("is") == "datetime":
        return datetime.fromisoformat(data["iso"])
    return _TYPES[data["is"]](**{name: from_json(value) for name, value in data.items() if name != "is"})
