"""The only place where the environment of the process is read and set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from dash.settings.values import absolute


def environment() -> Mapping[str, str]:
    """The variables of this process."""
    return os.environ


def hand_down(values: Mapping[str, str]) -> None:
    """Set variables for this process and for those that it starts."""
    os.environ.update(values)


def find_variable(name: str) -> str | None:
    """What a variable holds whose name a person chose (where a project's address stands); None where it is not set."""
    return os.environ.get(name)


def use_project(folder: Path) -> None:
    """Choose the project for this process and for those that it starts, as DASH_PROJECT does."""
    hand_down({"DASH_PROJECT": str(absolute(folder, "DASH_PROJECT"))})


def wants_traces() -> bool:
    """DASH_DEBUG=1: a surface shows the stack trace of an error beside its sentence."""
    return os.environ.get("DASH_DEBUG", "") not in ("", "0")
