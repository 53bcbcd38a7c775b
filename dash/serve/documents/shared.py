"""What requests and answers have in common. Requests are read strictly: a field that nobody knows is refused, because a
misspelled one would otherwise be silently ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from dash.access import Permission
from dash.records.question import Role

MOST_LISTED = 500
LONGEST_ID = 200

Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ID)]
Words = Annotated[str, StringConstraints(max_length=LONGEST_ID, pattern=r"[^\W_]")]
"""A text in which something is said: there is a letter or a digit in it."""
Pair = Annotated[str, StringConstraints(max_length=LONGEST_ID, pattern=r"^[a-z][a-z0-9_]*:.")]
"""NAME:VALUE, such as channel:chat."""
MOST_PAIRS = 20
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Value = str | int | float | bool | None
Cell = Any


def by_name(pairs: Sequence[str] | None) -> dict[str, list[str]]:
    """The values of each name, in the order in which they came."""
    found: dict[str, list[str]] = {}
    for pair in pairs or ():
        name, _, value = pair.partition(":")
        found.setdefault(name, []).append(value)
    return found


class Sent(BaseModel):
    """What a program sends."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def example(**fields: Any) -> ConfigDict:
    """The settings of something that is sent, with an example of it."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class Returned(BaseModel):
    """What it gets."""

    model_config = ConfigDict(extra="forbid")


class ProblemDocument(BaseModel):
    """RFC 9457. `errors` is there when the request could not be read."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[dict[str, str]] | None = None


class KindDocument(Returned):
    """What a kind of problem means."""

    type: str
    title: str
    status: int
    meaning: str


class WhoDocument(Returned):
    """Whom the key or token stands for, and what they may."""

    name: str
    display: str
    roles: list[Role]
    permissions: list[Permission]


class StandingDocument(Returned):
    """`ok` or `ready`."""

    status: Literal["ok", "ready"]
