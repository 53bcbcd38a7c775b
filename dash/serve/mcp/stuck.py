"""The tool for the morning: which tickets are stuck, why, and what changed since the working day before.

It only looks. What people do about a ticket (acknowledge, snooze, hand over) stays with people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from pydantic import Field

from dash.ops import SHOWN, Change, Cleared, Entry, Narrowing, StuckDesk, Wording
from dash.ops.records import STANDINGS
from dash.query_log import KnownWords
from dash.records import Viewer
from dash.serve import cursors
from dash.serve.mcp.asking import Language
from dash.serve.mcp.calls import Calls
from dash.serve.mcp.strangers import Out, StrangersText, cell, fact, strangers_text

PAGE, MOST_ON_A_PAGE = 20, 100
MOST_CLEARED = 20


class StuckOut(Out):
    """One ticket of the list."""

    ticket: str = Field(description="Give it to replay_conversation.")
    change: Change = Field(description="Since that check: new, worse (waits past a further limit) or still.")
    is_back: bool = Field(description="A snooze of it ended between that check and this one.")
    back_at: str | None = Field(None, description="When its last snooze ended by itself; nobody did anything since.")
    reason: str
    reason_label: str
    advice: str
    stage: str
    hours: float = Field(description="How long it has stood there.")
    standing: str = Field(description="open, acknowledged, snoozed or closed, by people.")
    assignee: StrangersText | None = None
    why: StrangersText | None = Field(None, description="What somebody wrote when they did that.")
    facts: dict[str, Any] = Field(description="Values of the data; text that nobody listed is {untrusted_data: …}.")
    evidence: dict[str, Any] = Field(description="What shows the reason; the same.")


class ClearedOut(Out):
    """A ticket that was stuck at the earlier check and is not any more."""

    ticket: str
    reason: str
    was_stage: str
    outcome: str = Field(description="closed, moved, gone or redefined")


class StuckPage(Out):
    """A page of the list of stuck tickets, the longest wait first."""

    checked_at: str
    compared_with: str | None = Field(None, description="When that check was; absent at the first one.")
    check_id: int = Field(description="Pages belong together when this is the same.")
    changes: dict[str, int] = Field(description="Tickets by change, and cleared ones, before any narrowing.")
    reasons: dict[str, int] = Field(description="Tickets by reason, before any narrowing.")
    total: int = Field(description="Tickets that fit the narrowing.")
    tickets: list[StuckOut]
    cleared: list[ClearedOut] = Field(default_factory=list, description=f"At most {MOST_CLEARED}, on the first page.")
    next_start: int | None = Field(None, description="`start` of the next page; absent at the end.")
    definition: str = "knowledge/business/stuck.yaml"


@dataclass(frozen=True)
class StuckTools:
    """The tools of this module."""

    calls: Calls

    async def stuck_tickets(
        self,
        ctx: Context[Any, Any],
        check_now: Annotated[
            bool,
            Field(description="Judge all tickets now instead of showing the last check."),
        ] = False,
        since: Annotated[
            datetime | None,
            Field(description="Compare with the check at that moment instead of the one of the working day before."),
        ] = None,
        changes: Annotated[list[Change] | None, Field(description="Only these.")] = None,
        reasons: Annotated[
            list[str] | None, Field(max_length=50, description="Only these, by name or by what people call them.")
        ] = None,
        where: Annotated[
            dict[str, str] | None, Field(description="Only tickets with these facts (or stage), by name.")
        ] = None,
        put_away: Annotated[bool, Field(description="Also what somebody snoozed or closed.")] = False,
        start: Annotated[int, Field(ge=0, le=1_000_000, description="`next_start` of the page before.")] = 0,
        limit: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE)] = PAGE,
        language: Language = "en",
    ) -> StuckPage:
        """Say which open tickets are stuck, why, and what is new, worse or cleared since the last working day."""
        dash = self.calls.dash

        def work(viewer: Viewer) -> StuckPage:
            desk = StuckDesk.open(dash, viewer)
            spoken = language if language in dash.reader.languages else dash.reader.default_language
            wording = Wording.of(desk.file, dash.knowledge, spoken, dash.settings.zone)
            check = (None if check_now else desk.latest()) or desk.check()
            aware = cursors.aware(since)
            diff = desk.diff(check, since=aware) if aware else desk.diff_since_workday(check)
            narrowing = Narrowing(
                reasons=[wording.find_reason(reason) for reason in reasons or ()],
                facts={name: [wording.find_value(name, value)] for name, value in (where or {}).items()},
                changes=changes or (),
                standings=STANDINGS if put_away else SHOWN,
            )
            entries = desk.entries(diff, narrowing)
            end = start + limit
            known = KnownWords.of(dash.knowledge).listed
            return StuckPage(
                checked_at=check.checked_at.isoformat(),
                compared_with=diff.before.checked_at.isoformat() if diff.before else None,
                check_id=check.check_id,
                changes={name: len(getattr(diff, name)) for name in ("new", "worse", "still", "cleared")},
                reasons=dict(check.counts),
                total=len(entries),
                tickets=[_ticket(entry, wording, dash.clock(), known) for entry in entries[start:end]],
                cleared=[_cleared(one) for one in desk.cleared(diff, narrowing)[:MOST_CLEARED]] if start == 0 else [],
                next_start=end if end < len(entries) else None,
            )

        return await self.calls.look(ctx, "see_stuck", work)


def _ticket(entry: Entry, wording: Wording, now: datetime, known: frozenset[str]) -> StuckOut:
    ticket, state = entry.ticket, entry.state
    return StuckOut(
        ticket=cell(ticket.ticket),
        change=entry.change,
        is_back=entry.is_back,
        back_at=state.back_at.isoformat() if state.back_at else None,
        reason=ticket.reason,
        reason_label=wording.reason(ticket.reason),
        advice=wording.advice(ticket.reason),
        stage=cell(ticket.stage),
        hours=round(ticket.hours(now), 1),
        standing=state.standing,
        assignee=strangers_text(state.assignee),
        why=strangers_text(state.why),
        facts={name: fact(value, known) for name, value in ticket.facts.items() if value is not None},
        evidence={name: fact(value, known) for name, value in ticket.evidence.items() if value is not None},
    )


def _cleared(one: Cleared) -> ClearedOut:
    return ClearedOut(ticket=cell(one.ticket), reason=one.reason, was_stage=cell(one.was_stage), outcome=one.outcome)
