"""The file that gives people roles, named by DASH_ACCESS.

    session_hours: 12
    people: {lead@example.com: lead, night-ops@example.com: [ops, engineer]}
    groups: {support-leads: lead}
    default: viewer

Who is nowhere in it has no role. A file with a mistake gives nobody a role: it raises with every fault, because half of
a list of rights is a list that nobody wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dash.errors import AccessError, Fault
from dash.knowledge.documents import Document, parse_yaml
from dash.knowledge.nearest import find_nearest
from dash.records.question import Role

MAXIMUM_BYTES = 1_000_000
DEFAULT_HOURS = 12.0

Roles = frozenset[Role]


@dataclass(frozen=True)
class Access:
    """Who has which roles. E-mail addresses are lower case; `people` may also name a subject, "issuer#subject".

    `unverified_emails` says that an e-mail address counts although the provider does not say that it was verified.
    """

    people: Mapping[str, Roles] = field(default_factory=dict)
    groups: Mapping[str, Roles] = field(default_factory=dict)
    default: Roles = frozenset()
    local: Roles = frozenset({"admin"})
    groups_claim: str = "groups"
    unverified_emails: bool = False
    session_hours: float = DEFAULT_HOURS

    @property
    def gives_anybody_a_role(self) -> bool:
        """False when whoever signs in could do nothing."""
        return any((*self.people.values(), *self.groups.values(), self.default))


def _local_roles() -> list[Role]:
    return ["admin"]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_RoleList = Annotated[list[Role], BeforeValidator(_as_list)]


class _AccessFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    people: dict[str, _RoleList] = Field(default_factory=dict)
    groups: dict[str, _RoleList] = Field(default_factory=dict)
    default: _RoleList = Field(default_factory=list)
    local: _RoleList = Field(default_factory=_local_roles)
    groups_claim: str = Field(default="groups", min_length=1)
    unverified_emails: bool = False
    session_hours: float = Field(default=DEFAULT_HOURS, gt=0, le=24 * 30)


def load_access(path: Path | None) -> Access:
    """The file's content, or what holds without one: nobody but the local user has a role. Raises AccessError.

    A changed file holds from the next click on; an unchanged one is not read again.
    """
    if path is None:
        return Access()
    try:
        state = path.stat()
    except OSError as error:
        raise AccessError((_unreadable(path, error),)) from error
    return _load(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int, size: int) -> Access:
    try:
        if size > MAXIMUM_BYTES:
            raise AccessError((Fault(path.name, 1, "the file is too large", "give roles to groups instead of people"),))
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise AccessError((_unreadable(path, error),)) from error
    except UnicodeDecodeError as error:
        raise AccessError((Fault(path.name, 1, "the file is not UTF-8", "save it as UTF-8"),)) from error
    return parse_access(text, path.name)


def parse_access(text: str, path: str) -> Access:
    """The text of such a file. Raises AccessError with every fault."""
    document = parse_yaml(text, path)
    if not document.faults:
        try:
            read = _AccessFile.model_validate({} if document.data is None else document.data)
        except ValidationError as error:
            for each in error.errors():
                _add_fault(document, each)
        else:
            people = _folded_people(document, read.people)
            if not document.faults:
                return Access(
                    people=people,
                    groups={group: frozenset(roles) for group, roles in read.groups.items()},
                    default=frozenset(read.default),
                    local=frozenset(read.local),
                    groups_claim=read.groups_claim,
                    unverified_emails=read.unverified_emails,
                    session_hours=read.session_hours,
                )
    raise AccessError(tuple(sorted(document.faults)))


def _folded_people(document: Document, people: Mapping[str, list[Role]]) -> dict[str, Roles]:
    """People by what they are found by. Two spellings of one address would make a right depend on their order."""
    found: dict[str, Roles] = {}
    for name, roles in people.items():
        key = name if "#" in name else name.strip().lower()
        if "@" not in key and "#" not in key:
            document.fault(
                ("people", name), f"{name!r} is no e-mail address", "write lead@example.com or issuer#subject"
            )
        elif key in found:
            document.fault(("people", name), f"{key} stands here twice", "keep one of the two lines")
        found[key] = frozenset(roles)
    return found


def _add_fault(document: Document, error: Any) -> None:
    place = tuple(part for part in error["loc"] if isinstance(part, str | int))
    known = list(_AccessFile.model_fields)
    if error["type"] == "extra_forbidden":
        near = find_nearest(str(place[-1]), known, cutoff=70)
        mend = f"did you mean {near}?" if near else f"known are {', '.join(known)}"
        document.fault(place, f"there is no setting {place[-1]!r}", mend)
    elif error["type"] == "literal_error":
        near = find_nearest(str(error["input"]), get_args(Role), cutoff=60)
        mend = f"did you mean {near}?" if near else f"roles are {', '.join(get_args(Role))}"
        document.fault(place, f"{error['input']!r} is no role", mend)
    elif error["type"] == "model_type":
        document.fault((), "the file is no list of settings", "begin with people: or default:")
    else:
        document.fault(place, f"{'.'.join(map(str, place))}: {error['msg']}", "see docs/access.md")


def _unreadable(path: Path, error: OSError) -> Fault:
    reason = (error.strerror or "it cannot be read").lower()
    return Fault(path.name, 1, f"the file cannot be read ({reason})", "let DASH_ACCESS name the file that gives roles")
