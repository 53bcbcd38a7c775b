"""A made-up Chatwoot database: the same rows every time, with the traps that a real one has.

Numbers in place of words, times without a zone, blocked contacts, a test inbox, campaigns that nobody answered, bots
that resolve or hand over, private notes, the system's notes, surveys without an answer, and what was reopened.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from tests.packs.rows import Rows

NOW = datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001  as Chatwoot keeps times: UTC without a zone
CONVERSATIONS = 1200
INBOXES = {
    1: ("Website", "Channel::WebWidget"), 2: ("Support mail", "Channel::Email"), 3: ("WhatsApp line",
    "Channel::Whatsapp"),
    4: ("Partner API", "Channel::Api"), 5: ("Test widget", "Channel::WebWidget"),
}  # fmt: skip
TEAMS = {1: "billing desk", 2: "tech", 3: "onboarding"}
AGENTS = {11: "Dana Reed", 12: "Igor Lem", 13: "Noa Bar", 14: "Wei Chen"}
LABELS = ("refund", "vip", "login", "shipping_delay", "bug")
BLOCKED = (298, 299)
OPEN, RESOLVED, PENDING, SNOOZED = range(4)
INCOMING, OUTGOING, ACTIVITY, TEMPLATE = range(4)

_COLUMNS = {
    "accounts": "id, name, created_at",
    "users": "id, name, display_name, email, created_at",
    "teams": "id, name, account_id, created_at",
    "inboxes": "id, channel_id, account_id, name, channel_type, created_at",
    "contacts": "id, name, email, phone_number, account_id, country_code, blocked, created_at",
    "tags": "id, name",
    "conversations": "id, account_id, inbox_id, status, assignee_id, contact_id, display_id, team_id, campaign_id, "
    "priority, "
    "first_reply_created_at, waiting_since, last_activity_at, created_at, updated_at",
    "messages": "id, content, account_id, inbox_id, conversation_id, message_type, content_type, private, sender_type, "
    "sender_id, created_at",
    "taggings": "id, tag_id, taggable_type, taggable_id, context, created_at",
    "csat_survey_responses": "id, account_id, conversation_id, message_id, rating, feedback_message, contact_id, "
    "assigned_agent_id, created_at",
    "reporting_events": "id, name, value, value_in_business_hours, account_id, inbox_id, user_id, conversation_id, "
    "event_start_time, event_end_time, created_at",
    "applied_slas": "id, account_id, sla_policy_id, conversation_id, sla_status, created_at",
}


def build(dsn: str) -> None:
    """Fill an empty database."""
    rows, chance = Rows(), random.Random(17)
    _people(rows)
    for number in range(1, CONVERSATIONS + 1):
        _Conversation(rows, chance, number).live()
    rows.fill(dsn, "chatwoot", "public", _COLUMNS)


def _people(rows: Rows) -> None:
    start = NOW - timedelta(days=700)
    rows.add("accounts", 1, "Acme", start)
    for key, (name, kind) in INBOXES.items():
        rows.add("inboxes", key, key, 1, name, kind, start)
    for key, name in TEAMS.items():
        rows.add("teams", key, name, 1, start)
    for key, name in AGENTS.items():
        rows.add("users", key, name, "" if key % 2 else name, f"{key}@desk.example", start)
    for key, name in enumerate(LABELS, start=1):
        rows.add("tags", key, name)
    for key in range(200, 300):
        rows.add("contacts", key, f"Cust Omer{key}", f"c{key}@mail.example", f"+1555{key}", 1, ("DE", "US", "IL",
        "")[key % 4],
                 key in BLOCKED, start)  # fmt: skip
        rows.number("taggings", 2, "Contact", key, "labels", start)  # contacts have labels too


class _Conversation:
    """One conversation, written into the rows as it goes on."""

    def __init__(self, rows: Rows, chance: random.Random, number: int) -> None:
        self.rows, self.chance, self.number = rows, chance, number
        self.created = NOW - timedelta(minutes=int(chance.random() ** 1.3 * 420 * 1440) + 9)
        self.moment = self.created
        self.inbox = chance.choices((1, 2, 3, 4, 5), (40, 30, 18, 8, 4))[0]
        self.contact = chance.choice(range(200, 298)) if chance.random() > 0.03 else chance.choice(BLOCKED)
        self.agent = chance.choice([*AGENTS]) if chance.random() > 0.06 else None
        self.first_reply: datetime | None = None
        self.waiting: datetime | None = self.created
        self.status = OPEN
        self.last = self.created

    def live(self) -> None:
        campaign = self.chance.random() < 0.05
        if campaign:
            self._message(OUTGOING, "User", self.agent)
        if not campaign or self.chance.random() < 0.5:
            self._message(INCOMING, "Contact", self.contact)
            self._go_on()
        team = self.chance.choice((1, 2, 3, None))
        self.rows.add(
            "conversations", self.number, 1, self.inbox, self.status, self.agent, self.contact, 5000 + self.number,
            team,
            7 if campaign else None, self.chance.choice((0, 1, 2, 3, None, None)), self.first_reply,
            None if self.status == RESOLVED else self.waiting, self.last, self.created, self.last,
        )  # fmt: skip
        for tag in self.chance.sample(range(1, 6), self.chance.choice((0, 1, 1, 2))):
            self.rows.number("taggings", tag, "Conversation", self.number, "labels", self.created)
        if self.chance.random() < 0.4:
            state = self.chance.choice((1, 1, 2)) if self.status == RESOLVED else self.chance.choice((0, 3))
            self.rows.number("applied_slas", 1, 1, self.number, state, self.created)

    def _go_on(self) -> None:
        if self.inbox == 1 and self.chance.random() < 0.6:
            self._later(0.02)
            self._message(OUTGOING, "AgentBot", 1)
            if self.chance.random() < 0.3:
                self._resolve(by_bot=True)
                return
            if self.chance.random() < 0.1:
                self.status = PENDING
                return
            self._event("conversation_bot_handoff", self.created)
        if self.agent is None:
            return
        self._message(ACTIVITY, None, None, after=0.5)
        if self.chance.random() < 0.3:
            self._message(OUTGOING, "User", self.agent, private=True, after=0.3)
        for _ in range(self.chance.choice((0, 1, 1, 2, 3))):
            self._answer()
            if self.chance.random() < 0.5:
                self._message(INCOMING, "Contact", self.contact, after=6)
                self.waiting = self.last
        end = self.chance.random()
        if end < 0.08:
            self.status = SNOOZED
        elif end < 0.93:
            self._resolve(by_bot=False)
            while self.chance.random() < 0.15:
                self._message(INCOMING, "Contact", self.contact, after=20)
                self.status, self.waiting = OPEN, self.last
                if self.chance.random() < 0.2:
                    break
                self._answer()
                self._resolve(by_bot=False)

    def _later(self, hours: float) -> datetime:
        """Time goes on, and stands still at the end of the data."""
        wanted = self.moment + timedelta(seconds=20 + int(self.chance.expovariate(1 / (hours * 3600))))
        self.moment = min(wanted, NOW - timedelta(seconds=1))
        return self.moment

    def _message(
        self,
        kind: int,
        sender: str | None,
        who: int | None,
        *,
        private: bool = False,
        after: float = 0.01,
        survey: int = 0,
    ) -> int:
        at = self._later(after) if self.last != self.created or after != 0.01 else self.moment
        self.last = at
        words = None if kind == ACTIVITY else f"words of a stranger {self.number}"
        return self.rows.number("messages", words or "Conversation was assigned", 1, self.inbox, self.number, kind,
        survey,
                                private, sender, who, at)  # fmt: skip

    def _answer(self) -> None:
        self._message(OUTGOING, "User", self.agent, after=3)
        self.waiting = None
        if self.first_reply is None:
            self.first_reply = self.last
            self._event("first_response", self.created)

    def _resolve(self, *, by_bot: bool) -> None:
        self._message(ACTIVITY, None, None, after=12)
        self.status = RESOLVED
        self._event("conversation_resolved", self.created)
        if by_bot:
            self._event("conversation_bot_resolved", self.created)
        if self.chance.random() < 0.7:
            survey = self._message(TEMPLATE, None, None, after=0.02, survey=9)
            if self.chance.random() < 0.45:
                rating = self.chance.choices((1, 2, 3, 4, 5), (8, 5, 12, 30, 45))[0]
                self.rows.number("csat_survey_responses", 1, self.number, survey, rating, None, self.contact,
                self.agent,
                                 self._later(1))  # fmt: skip

    def _event(self, name: str, start: datetime) -> None:
        seconds = (self.last - start).total_seconds()
        self.rows.number("reporting_events", name, seconds, round(seconds * 0.4), 1, self.inbox, self.agent,
        self.number,
                         start, self.last, self.last)  # fmt: skip
