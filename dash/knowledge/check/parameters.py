"""Typed parameters of metrics and vetted queries: declared and used alike, with a default inside their own bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from dash.knowledge.check.findings import Findings
from dash.knowledge.documents import Path
from dash.knowledge.formats import ParameterFile
from dash.knowledge.nearest import advise

NOW = "now"
_PERIOD_ENDS = ("start", "end", "previous_start", "previous_end")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")  # order_status


def bound_names(parameters: Mapping[str, ParameterFile]) -> dict[str, str]:
    """Placeholder → the parameter that binds it; `:now` is always there."""
    found = {NOW: NOW}
    for name, parameter in parameters.items():
        ends = [f"{name}_{end}" for end in _PERIOD_ENDS] if parameter.type == "period" else [name]
        found.update(dict.fromkeys(ends, name))
    return found


def check_parameters(
    findings: Findings, kind: str, name: str, parameters: Mapping[str, ParameterFile], used: set[str]
) -> None:
    """Faults of a thing's parameters; `used` are the placeholders in its SQL."""
    binds = bound_names(parameters)
    needed = {binds[placeholder] for placeholder in used if placeholder in binds}
    for parameter_name, parameter in parameters.items():
        path: Path = ("parameters", parameter_name)
        if not _NAME.fullmatch(parameter_name) or parameter_name == NOW:
            what = f"{parameter_name} cannot be the name of a parameter"
            findings.add(kind, name, path, what, "use small letters, digits and _, and not now")
        elif parameter_name not in needed:
            written = f":{parameter_name}_start" if parameter.type == "period" else f":{parameter_name}"
            findings.add(kind, name, path, f"the parameter {parameter_name} is declared but not used",
                         f"use {written} in the SQL or remove it")  # fmt: skip
        _check_default(findings, kind, name, path, parameter)


def _check_default(findings: Findings, kind: str, name: str, path: Path, parameter: ParameterFile) -> None:
    default, place = parameter.default, (*path, "default")
    allowed = _allowed_values(findings, kind, name, path, parameter)
    if parameter.minimum is not None and parameter.maximum is not None and parameter.minimum > parameter.maximum:
        findings.add(kind, name, (*path, "minimum"), "the minimum is above the maximum", "swap them")
    if default is None:
        return
    wanted = _misfit(parameter.type, default)
    if wanted:
        findings.add(kind, name, place, f"the default {default!r} is not {wanted}", f"write {wanted}")
        return
    if parameter.type == "period" and findings.reads_period and not findings.reads_period(str(default)):
        mend = "write one in English, such as last 7 days"
        findings.add(kind, name, place, f"the default {default!r} is no time expression", mend)
    if isinstance(default, (int, float)) and not isinstance(default, bool):
        low, high = parameter.minimum, parameter.maximum
        if (low is not None and default < low) or (high is not None and default > high):
            bounds = f"{'' if low is None else f'from {low:g} '}{'' if high is None else f'to {high:g}'}".strip()
            findings.add(kind, name, place, f"the default {default} is out of bounds", f"write a number {bounds}")
    if allowed and default not in allowed:
        mend = advise(str(default), map(str, allowed), "use one of its values")
        findings.add(kind, name, place, f"the default {default!r} is not among the values", mend)


def _allowed_values(findings: Findings, kind: str, name: str, path: Path, parameter: ParameterFile) -> set[object]:
    if not isinstance(parameter.values, str):
        return set(parameter.values or ())
    column = findings.find_column(parameter.values)
    if column is None and findings.may_be_unread(parameter.values.rpartition(".")[2]):
        return set()
    if column is None:
        mend = advise(parameter.values, findings.column_names(), "write table.column")
        findings.add(kind, name, (*path, "values"), f"there is no column {parameter.values}", mend)
        return set()
    return {value.value for value in column.values}


def _misfit(kind: str, value: object) -> str | None:
    """What the value should have been, or None when it fits."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    whole = number and (isinstance(value, int) or float(str(value)).is_integer())
    if kind == "integer":
        return None if whole else "a whole number"
    if kind == "number":
        return None if number else "a number"
    if kind == "boolean":
        return None if isinstance(value, bool) else "true or false"
    if not isinstance(value, str):
        return "a time expression such as last 7 days" if kind == "period" else "text in quotes"
    try:
        if kind == "date":
            date.fromisoformat(value)
        elif kind == "timestamp":
            datetime.fromisoformat(value)
    except ValueError:
        return "a date such as 2026-11-20" if kind == "date" else "a time such as 2026-11-20T12:00:00+00:00"
    return None
