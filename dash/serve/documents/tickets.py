"""Stuck tickets, and what people do about them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from dash.ops import Change, Deed, Outcome, Standing
from dash.ops.working import LONGEST_NAME, LONGEST_NOTE
from dash.serve.documents.shared import MOST_LISTED, Cell, Returned, Sent, Text, example


class CheckDocument(Returned):
    """One complete check of all tickets; `counts` are its stuck ones by reason."""

    check_id: int
    checked_at: datetime
    previous: int | None
    tickets: int
    counts: dict[str, int]


class NoteDocument(Returned):
    """What somebody wrote beside a ticket."""

    who: str
    at: datetime
    text: str | None


class StateDocument(Returned):
    """What people made of a ticket: how it stands, since `who` did what and why, and who has it."""

    standing: Standing
    who: str | None
    why: str | None
    at: datetime | None
    until: datetime | None
    back_at: datetime | None
    assignee: str | None
    notes: list[NoteDocument]


class StuckTicketDocument(Returned):
    """A stuck ticket. `evidence` shows the reason; texts are what strangers wrote."""

    ticket: str
    stage: str
    since: datetime
    hours: float
    reason: str
    reason_label: str
    advice: str
    level: int
    checks: int
    first_seen_at: datetime
    change: Change
    is_back: bool
    facts: dict[str, Cell]
    evidence: dict[str, Cell]
    state: StateDocument


class ClearedDocument(Returned):
    """A ticket that was stuck and is not any more, and what became of it."""

    ticket: str
    reason: str
    was_stage: str
    outcome: Outcome
    stage: str | None
    since: datetime
    checks: int
    facts: dict[str, Cell]


class StuckDocument(Returned):
    """The list of the last check, compared with an earlier one (`before`). `counts` are of all that was wanted, the
    tickets a page of it; `next` goes into `after`. What cleared stands on the first page."""

    check: CheckDocument
    before: CheckDocument | None
    counts: dict[str, int]
    tickets: list[StuckTicketDocument]
    cleared: list[ClearedDocument]
    next: str | None


class ChecksDocument(Returned):
    """Checks, newest first."""

    checks: list[CheckDocument]


_Note = Annotated[str, StringConstraints(max_length=LONGEST_NOTE)]


class _About(Sent):
    tickets: Annotated[list[Text], Field(min_length=1, max_length=MOST_LISTED)]
    anyway: Annotated[bool, Field(description="Also where that undoes what somebody else decided.")] = False


class SeenDocument(_About):
    """Say that somebody has seen them, or that they stand as expected, and why."""

    model_config = example(deed="acknowledge", tickets=["4711"])

    deed: Literal["acknowledge", "close"]
    text: _Note | None = None


class AssignedDocument(_About):
    """Give them to somebody; without a name to nobody."""

    model_config = example(deed="assign", tickets=["4711"], text="Ann")

    deed: Literal["assign"]
    text: Annotated[str, StringConstraints(max_length=LONGEST_NAME)] | None = None


class WrittenDocument(_About):
    """Write something beside them."""

    model_config = example(deed="note", tickets=["4711"], text="Waits for the courier.")

    deed: Literal["note"]
    text: Annotated[str, StringConstraints(max_length=LONGEST_NOTE, pattern=r"[^\W_]")]


class SnoozedDocument(_About):
    """Put them away until a moment, or without one until their stage changes."""

    model_config = example(deed="snooze", tickets=["4711"], until="2026-11-23T09:00:00+01:00")

    deed: Literal["snooze"]
    until: AwareDatetime | None = None
    text: _Note | None = None


class BroughtBackDocument(_About):
    """Bring them back, snoozed or put away otherwise."""

    model_config = example(deed="unsnooze", tickets=["4711"])

    deed: Literal["unsnooze", "reopen"]


DeedDocument = Annotated[
    SeenDocument | AssignedDocument | WrittenDocument | SnoozedDocument | BroughtBackDocument,
    Field(discriminator="deed", description="What to do about stuck tickets, all or none of them."),
]


class DoneDocument(Returned):
    """About how many tickets it was done, how many stood like that already, and which an acknowledgement left as they
    are because somebody snoozed or closed them."""

    tickets: int
    already: int
    kept: list[str]


class ActionDocument(Returned):
    """What somebody did about a ticket."""

    deed: Deed
    who: str
    at: datetime
    until: datetime | None
    text: str | None


class ActionsDocument(Returned):
    """Everything that was done about a ticket, oldest first."""

    ticket: str
    actions: list[ActionDocument]
