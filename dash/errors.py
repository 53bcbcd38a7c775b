"""One tree of errors, so that every surface can tell "you can mend this" from "we have to".

    DashError
    ├── UserError            the person at the screen can mend it; the message says how
    │   ├── SettingsError    an environment variable or a setting is wrong
    │   ├── KnowledgeError   one or more files in knowledge/ are broken; carries every fault
    │   ├── AccessError      the file that gives people roles is broken; carries every fault
    │   ├── NotAllowed       the person's roles do not allow it; says which role would
    │   ├── NotSignedIn      a program came without a key or token that holds
    │   ├── TooManyRequests  asked more often than is allowed; says how long to wait
    │   ├── QuestionError    the question is empty, too long or not text
    │   ├── NotFoundError    a thread, run, query or metric of that name does not exist
    │   └── EnvironmentProblem   disk full, port in use, missing program, unwritable folder
    ├── QueryRejected        guard: the SQL is not a query that may be run (an ordinary result, step "guard")
    │   └── QueryOutdated    it reads what the database does not have any more; says what that is
    ├── QueryFailed          execute: the database refused or stopped a checked query (timeout, cancelled, error)
    │   └── SchemaChanged    a table is not as it was when the query was planned; nothing of it was read
    ├── Cancelled            the person did not want to wait; what ran for the question was stopped
    ├── DatabaseUnavailable  no connection could be made or it was lost; says what to do
    ├── ProviderUnavailable  the identity provider does not say with which keys it signs
    ├── Overloaded           more questions are waiting already than can be answered soon
    ├── ModelFailed          llm: the language model gave no usable answer; its `kind` says why
    └── InternalError        a promise of our own code was broken; the message is for us, the run id for the user

`message` is for a person: sentences without secrets and data values. A KnowledgeError's also has a line for each fault,
and an EnvironmentProblem's may name a file or folder of the machine, because that is what has to be mended.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal


class DashError(Exception):
    """Base of everything that this package raises on purpose. `str(error)` is the sentence for a person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UserError(DashError):
    """Something that the person can mend; the message says what to do."""


class SettingsError(UserError):
    """A setting has a value that cannot be used."""


class QuestionError(UserError):
    """The question cannot be read at all: empty, too long, not text."""


class NotFoundError(UserError):
    """A thing that was asked for by name or id does not exist."""


class EnvironmentProblem(UserError):
    """The machine lacks something: disk, port, program, permission."""


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake in one knowledge file: where, what, and how to mend it."""

    path: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}; {self.mend}"


class KnowledgeError(UserError):
    """Knowledge files are broken. Carries every fault of every file, so that they are mended in one round."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        noun = "fault" if len(faults) == 1 else "faults"
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"{len(faults)} {noun} in the knowledge files:\n{lines}")
        self.faults = faults


class AccessError(UserError):
    """The file that gives people roles is broken, so nobody has a role until it is mended.

    Without `faults` it is for people who may not read what the file says: it holds addresses.
    """

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        if not faults:
            super().__init__(
                "The file that gives people roles has mistakes, so nobody comes in until they are mended; "
                "those who run Dash find them in its log."
            )
            return
        noun = "fault" if len(faults) == 1 else "faults"
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"{len(faults)} {noun} in the file that gives people roles:\n{lines}")


class NotAllowed(UserError):
    """The person's roles do not allow this; `roles` are those that would. `scope` is the one that the key which was
    shown lacks; without `roles` that is all that is missing."""

    def __init__(self, permission: str, roles: tuple[str, ...], scope: str | None = None) -> None:
        needed = f"one of the roles {', '.join(roles)}" if len(roles) > 1 else f"the role {''.join(roles) or 'admin'}"
        what = permission.replace("_", " ")
        if scope is None:
            reason = f"which comes with {needed}; ask an administrator of Dash for it"
        elif roles:
            reason = (
                f"which comes with {needed}, and a key with the scope {scope}; ask an administrator of Dash for both"
            )
        else:
            reason = f"but this key is without the scope {scope}; ask an administrator of Dash for one that has it"
        super().__init__(f"This needs the right to {what}, {reason}.")
        self.permission = permission
        self.roles = roles
        self.scope = scope


class NotSignedIn(UserError):
    """A program came without a key or token that holds. The message never says what was wrong with it."""


class TooManyRequests(UserError):
    """Somebody asked more often than is allowed; `seconds` says when they may again."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, ceil(seconds))
        super().__init__(f"That were too many requests; go on in {self.seconds} s.")


class QueryRejected(DashError):
    """The guard's verdict: this SQL is not run. `construct` names what was found, `instead` what to use."""

    def __init__(self, construct: str, instead: str, *, rule: str) -> None:
        super().__init__(f"{construct} is not allowed here; {instead}")
        self.construct = construct
        self.instead = instead
        self.rule = rule


class QueryOutdated(QueryRejected):
    """The SQL reads what the database does not have any more as the knowledge says; the message says what that is."""

    def __init__(self, what: str) -> None:
        super().__init__(what, "mend the files: dash check --live --propose FILE", rule="drift")
        self.message = f"{what[:1].upper()}{what[1:]}."


class QueryFailed(DashError):
    """The database refused or stopped a checked query.

    `message` is cleaned for people (database messages quote data); `detail` is the original and goes only into the
    run record. `sqlstate` is PostgreSQL's five-character code, or None.
    """

    def __init__(self, message: str, *, sqlstate: str | None = None, detail: str = "") -> None:
        super().__init__(message)
        self.sqlstate = sqlstate
        self.detail = detail


class SchemaChanged(QueryFailed):
    """A table is not as it was when the query was planned, so what it would give may mean something else."""

    def __init__(self, relation: str) -> None:
        super().__init__(f"The table {relation} has just changed; ask again.", sqlstate="42P18")
        self.relation = relation


class Cancelled(DashError):
    """The person did not want to wait any longer; nothing of the question goes on running."""


class DatabaseUnavailable(DashError):
    """No connection to the database, or it was lost in the middle; the message says what to do."""


ModelFailure = Literal[
    "unauthorized",  # the key is wrong or missing
    "rate_limited",  # too many requests or tokens for the server's taste, also after waiting as long as it asked for
    "unavailable",  # no connection, or the server reported an error of its own
    "timeout",  # no answer before the deadline
    "cut",  # the answer broke off in the middle, or was longer than anything sensible
    "invalid",  # an answer that is not what was asked for: no JSON, another schema, empty, calls of tools
    "refused",  # the server or the model does not take this request: unknown model, too long, declined
    "budget",  # tokens or costs of the question, the user or the day are used up
    "calls",  # the question has asked often enough
    "cancelled",  # the person did not want to wait
]


class ModelFailed(DashError):
    """The language model gave no usable answer, also after what could be tried: waiting, another model.

    `message` never holds the key or the server's own words.
    """

    def __init__(self, message: str, *, kind: ModelFailure) -> None:
        super().__init__(message)
        self.kind: ModelFailure = kind


class ProviderUnavailable(DashError):
    """The identity provider cannot be asked for its keys, so no token of it can be checked."""


class Overloaded(DashError):
    """More questions are waiting already than can be answered soon; nothing was recorded."""


class InternalError(DashError):
    """A promise of our own code was broken. Surfaces show the run id and nothing else."""
