"""Generated demo data as tables of dicts, and the rules that all of it must keep.

A rule takes the tables and yields one sentence for each breach, so that a failing test says what is wrong with which
ticket.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from dash.demo import generate
from dash.demo.rows import COLUMNS

Record = dict[str, Any]

STATUSES = ("Data collected", "AI Answered", "Draft Created", "Sent")
CATEGORIES = {
    "cancel_subscription",
    "pause_subscription",
    "skip_month",
    "change_frequency",
    "change_address",
    "shipping_inquiry",
    "damaged_item",
    "payment_issue",
    "general_question",
    "other",
}
VALUES: Mapping[tuple[str, str], set[Any]] = {
    ("support_threads_data", "channel"): {"email", "chat", "whatsapp", "facebook", "telegram"},
    ("support_threads_data", "language"): {"en", "he", "es", "fr", "ru"},
    ("support_threads_data", "request_type"): CATEGORIES,
    ("support_threads_data", "urgency"): {"low", "medium", "high"},
    ("support_threads_data", "status"): set(STATUSES),
    ("support_threads_data", "csat_score"): {None, 1, 2, 3, 4, 5},
    ("support_dialogs", "author_type"): {"customer", "ai", "agent", "system"},
    ("ai_human_comparison", "model"): {"gpt-5.1", "gpt-5.2", "claude-sonnet-4-5"},
    ("ai_human_comparison", "verdict"): {"ai_better", "equal", "human_better"},
    ("ai_agent_tasks", "task_type"): {
        "classify",
        "identify_customer",
        "collect_data",
        "draft_answer",
        "compare",
        "send",
    },
    ("ai_agent_tasks", "status"): {"queued", "running", "done", "failed"},
    ("ai_answerer_instructions", "type"): CATEGORIES,
    ("ai_answerer_instructions", "status"): {"enabled", "disabled"},
    ("ai_answerer_instructions", "staging"): {"production", "staging"},
    ("conversations", "status"): {"active", "closed"},
    ("conversations", "resolution_type"): {None, "resolved", "escalated", "abandoned"},
    ("conversations", "escalation_reason"): {None, "customer_request", "low_confidence", "policy", "tool_failure"},
    ("analytics_events", "event_type"): {
        "message",
        "agent_switch",
        "tool_call",
        "interrupt",
        "escalation",
        "error",
        "resolution",
    },
    ("analytics_events", "error_category"): {None, "timeout", "auth", "validation", "upstream"},
    ("analytics_events", "tool_name"): {
        None,
        "get_order",
        "cancel_order",
        "apply_discount",
        "track_package",
        "pause_subscription",
        "create_damage_claim",
        "generate_cancel_link",
    },
    ("active_interrupts", "action"): {"cancel_order", "apply_discount", "pause_subscription", "create_damage_claim"},
    ("active_interrupts", "resolution"): {None, "approved", "rejected", "expired"},
}
AGENTS = {"router", "order_lookup", "order_actions", "discount", "retention", "fallback"}


@dataclass(frozen=True)
class World:
    """All rows, with moments as datetimes."""

    tables: dict[str, list[Record]]
    until: datetime

    @cached_property
    def tickets(self) -> dict[str, Record]:
        return {ticket["thread_id"]: ticket for ticket in self.tables["support_threads_data"]}

    @cached_property
    def conversations(self) -> dict[str, Record]:
        return {conversation["thread_id"]: conversation for conversation in self.tables["conversations"]}

    def of(self, table: str) -> dict[str, list[Record]]:
        """The rows of a table by ticket, in order."""
        found: dict[str, list[Record]] = defaultdict(list)
        for record in self.tables[table]:
            found[record["thread_id"]].append(record)
        return found


def build_world(tickets: int, seed: int, days: int, until: datetime) -> World:
    """Generate and parse."""
    tables: dict[str, list[Record]] = {table: [] for table in COLUMNS}
    for batch in generate(tickets, seed, days, until):
        for table, rows in batch.rows.items():
            tables[table].extend(_record(COLUMNS[table], row) for row in rows)
    return World(tables, until)


def _record(columns: tuple[str, ...], row: tuple[Any, ...]) -> Record:
    assert len(columns) == len(row)
    return {
        name: datetime.fromisoformat(cell) if name.endswith("_at") and cell is not None else cell
        for name, cell in zip(columns, row, strict=True)
    }


Rule = Callable[[World], Iterator[str]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


def breaches(world: World) -> list[str]:
    """Every breach of every rule."""
    return [f"{check.__name__}: {breach}" for check in RULES for breach in check(world)]


@rule
def nothing_happens_after_the_end_or_before_the_ticket(world: World) -> Iterator[str]:
    for table, records in world.tables.items():
        for record in records:
            ticket = world.tickets.get(record.get("thread_id", ""))
            for name, cell in record.items():
                if not isinstance(cell, datetime):
                    continue
                if cell > world.until and name != "expires_at":
                    yield f"{table}.{name} {cell} in {record}"
                if ticket is not None and cell < ticket["created_at"]:
                    yield f"{table}.{name} {cell} is before its ticket {record}"


@rule
def values_are_those_that_the_schema_names(world: World) -> Iterator[str]:
    for (table, column), allowed in VALUES.items():
        for record in world.tables[table]:
            if record[column] not in allowed:
                yield f"{table}.{column} = {record[column]!r}"


@rule
def ids_count_up_and_foreign_keys_hold(world: World) -> Iterator[str]:
    for table, records in world.tables.items():
        if "id" in COLUMNS[table] and [record["id"] for record in records] != list(range(1, len(records) + 1)):
            yield f"ids of {table}"
        needed: Mapping[str, Record] | None = None
        if table in ("support_dialogs", "ai_human_comparison", "ai_agent_tasks", "conversations"):
            needed = world.tickets
        if table in ("analytics_events", "active_interrupts", "sessions"):
            needed = world.conversations
        for record in records:
            if needed is not None and record["thread_id"] not in needed:
                yield f"{table}: {record['thread_id']} does not exist"


@rule
def tickets_are_whole(world: World) -> Iterator[str]:
    for name, ticket in world.tickets.items():
        if (ticket["sent_at"] is not None) != (ticket["status"] == "Sent"):
            yield f"{name}: sent_at {ticket['sent_at']} on {ticket['status']}"
        if ticket["sent_at"] not in (None, ticket["status_changed_at"]):
            yield f"{name}: sent_at is not status_changed_at"
        if ticket["csat_score"] is not None and ticket["status"] != "Sent":
            yield f"{name}: rated but not sent"
        if (ticket["customer_id"] is None) != (ticket["customer_email"] is None):
            yield f"{name}: half a customer"
        email = ticket["customer_email"]
        if email is not None and not email.endswith(("@example.com", "@example.org")):
            yield f"{name}: {email} could be somebody's"
        if ticket["assigned_to"] is not None and not ticket["assigned_to"].startswith("Agent "):
            yield f"{name}: {ticket['assigned_to']} could be somebody"


@rule
def dialogs_begin_with_the_customer_and_go_on_in_order(world: World) -> Iterator[str]:
    dialogs = world.of("support_dialogs")
    for name, ticket in world.tickets.items():
        messages = dialogs[name]
        if [message["position"] for message in messages] != list(range(1, len(messages) + 1)):
            yield f"{name}: positions"
        moments = [message["created_at"] for message in messages]
        if moments != sorted(moments):
            yield f"{name}: messages out of order"
        if not messages or messages[0]["author_type"] != "customer" or moments[0] != ticket["created_at"]:
            yield f"{name}: does not begin with its customer"
        for message in messages:
            if message["author_type"] == "agent" and message["author_name"] != ticket["assigned_to"]:
                yield f"{name}: {message['author_name']} answers for {ticket['assigned_to']}"
            if not message["body"].strip() or "{" in message["body"]:
                yield f"{name}: body {message['body']!r}"


@rule
def tasks_say_what_they_are(world: World) -> Iterator[str]:
    for task in world.tables["ai_agent_tasks"]:
        started, finished, status = task["started_at"], task["finished_at"], task["status"]
        name = f"task {task['id']} ({status})"
        if (task["error_message"] is not None) != (status == "failed"):
            yield f"{name}: error {task['error_message']}"
        if (started is None) != (status == "queued") or (finished is None) != (status in ("queued", "running")):
            yield f"{name}: started {started}, finished {finished}"
        if started is not None and started < task["created_at"]:
            yield f"{name}: started before it was created"
        if finished is not None and finished < started:
            yield f"{name}: finished before it started"
        if task["model"] is None and (task["prompt_tokens"] or Decimal(task["cost_usd"])):
            yield f"{name}: tokens without a model"


@rule
def a_stage_is_reached_by_its_steps(world: World) -> Iterator[str]:
    tasks = world.of("ai_agent_tasks")
    for name, ticket in world.tickets.items():
        done = {task["task_type"]: task["finished_at"] for task in tasks[name] if task["status"] == "done"}
        reached = STATUSES.index(ticket["status"])
        if (reached >= 1) != ("draft_answer" in done):
            yield f"{name}: {ticket['status']}, steps done {sorted(done)}"
        if done.get("send") != ticket["sent_at"]:
            yield f"{name}: sent at {ticket['sent_at']}, step at {done.get('send')}"
        if reached == 1 and done["draft_answer"] != ticket["status_changed_at"]:
            yield f"{name}: answered at {ticket['status_changed_at']}, step at {done['draft_answer']}"


@rule
def comparisons_belong_to_their_step_and_ticket(world: World) -> Iterator[str]:
    steps = {
        (task["thread_id"], task["finished_at"])
        for task in world.tables["ai_agent_tasks"]
        if task["task_type"] == "compare" and task["status"] == "done"
    }
    made = {(comparison["thread_id"], comparison["compared_at"]) for comparison in world.tables["ai_human_comparison"]}
    yield from (f"comparison without step or the reverse: {odd}" for odd in steps ^ made)
    for comparison in world.tables["ai_human_comparison"]:
        if comparison["request_type"] != world.tickets[comparison["thread_id"]]["request_type"]:
            yield f"comparison {comparison['id']}: another category"
        score = comparison["penalty_score"]
        if score not in (None, "") and not 0 <= int(score) <= 100:
            yield f"comparison {comparison['id']}: penalty {score}"


@rule
def conversations_are_the_tickets_that_are_no_emails(world: World) -> Iterator[str]:
    live = {name for name, ticket in world.tickets.items() if ticket["channel"] != "email"}
    yield from (f"{odd}: conversation and channel differ" for odd in live ^ world.conversations.keys())


@rule
def conversations_count_their_details(world: World) -> Iterator[str]:
    dialogs, events = world.of("support_dialogs"), world.of("analytics_events")
    for name, conversation in world.conversations.items():
        customers = [message for message in dialogs[name] if message["author_type"] == "customer"]
        if conversation["turn_count"] != len(customers):
            yield f"{name}: turn_count {conversation['turn_count']} of {len(customers)}"
        if conversation["total_tokens"] != sum(event["tokens_used"] for event in events[name]):
            yield f"{name}: total_tokens"
        if Decimal(conversation["total_cost_usd"]) != sum(Decimal(event["cost_usd"]) for event in events[name]):
            yield f"{name}: total_cost_usd"
        agents = list(dict.fromkeys(event["agent_name"] for event in events[name] if event["agent_name"]))
        if conversation["agents_used"] != "{" + ",".join(agents) + "}" or not set(agents) <= AGENTS:
            yield f"{name}: agents {conversation['agents_used']} of {agents}"


@rule
def conversations_end_as_they_say(world: World) -> Iterator[str]:
    dialogs, events = world.of("support_dialogs"), world.of("analytics_events")
    for name, conversation in world.conversations.items():
        over = conversation["status"] == "closed"
        if over != (conversation["resolution_type"] is not None) or over != (conversation["ended_at"] is not None):
            yield f"{name}: {conversation}"
        if (conversation["escalation_reason"] is not None) != (conversation["resolution_type"] == "escalated"):
            yield f"{name}: {conversation['resolution_type']} because of {conversation['escalation_reason']}"
        ends = [event["occurred_at"] for event in events[name] if event["event_type"] == "resolution"]
        if ends != ([conversation["ended_at"]] if over else []):
            yield f"{name}: resolution events {ends}"
        moments = [event["occurred_at"] for event in events[name] if event["event_type"] != "resolution"]
        moments += [message["created_at"] for message in dialogs[name]]
        if conversation["last_activity_at"] != max(moments) or (over and conversation["ended_at"] < max(moments)):
            yield f"{name}: ends {conversation['ended_at']}, last activity {max(moments)}"
        if conversation["started_at"] != world.tickets[name]["created_at"]:
            yield f"{name}: starts another time"


@rule
def events_fill_the_columns_of_their_kind(world: World) -> Iterator[str]:
    for name, events in world.of("analytics_events").items():
        moments = [event["occurred_at"] for event in events]
        if moments != sorted(moments):
            yield f"{name}: events out of order"
        for event in events:
            kind = event["event_type"]
            if (event["tool_name"] is not None) != (kind in ("tool_call", "error")):
                yield f"{name}: {kind} with tool {event['tool_name']}"
            if (event["success"] is not None) != (kind == "tool_call"):
                yield f"{name}: {kind} with success {event['success']}"
            if (event["error_category"] is not None) != (kind == "error"):
                yield f"{name}: {kind} with error {event['error_category']}"


@rule
def approvals_expire_after_half_an_hour(world: World) -> Iterator[str]:
    for interrupt in world.tables["active_interrupts"]:
        name, resolved = interrupt["interrupt_id"], interrupt["resolved_at"]
        if interrupt["expires_at"] - interrupt["created_at"] != timedelta(minutes=30):
            yield f"{name}: expires {interrupt['expires_at']}"
        if (resolved is None) != (interrupt["resolution"] is None):
            yield f"{name}: {interrupt['resolution']} at {resolved}"
        if resolved is None and interrupt["expires_at"] <= world.until:
            yield f"{name}: waits beyond its end"
        if resolved is not None and (resolved == interrupt["expires_at"]) != (interrupt["resolution"] == "expired"):
            yield f"{name}: {interrupt['resolution']} at {resolved}"
        if resolved is not None and resolved > interrupt["expires_at"]:
            yield f"{name}: resolved after it expired"


@rule
def sessions_are_recent_and_know_what_waits(world: World) -> Iterator[str]:
    waiting = {record["thread_id"] for record in world.tables["active_interrupts"] if record["resolved_at"] is None}
    sessions = {session["thread_id"]: session for session in world.tables["sessions"]}
    yield from (f"{name}: waits without a session" for name in waiting - sessions.keys())
    for name, conversation in world.conversations.items():
        recent = world.until - conversation["last_activity_at"] < timedelta(days=2)
        if recent != (name in sessions):
            yield f"{name}: recent {recent}, session {name in sessions}"
    for name, session in sessions.items():
        if session["has_pending_interrupt"] != (name in waiting):
            yield f"{name}: pending {session['has_pending_interrupt']}"
        if session["last_activity_at"] != world.conversations[name]["last_activity_at"]:
            yield f"{name}: session and conversation differ"


@rule
def each_category_has_one_instruction_in_force(world: World) -> Iterator[str]:
    records = world.tables["ai_answerer_instructions"]
    for category in CATEGORIES:
        mine = [record for record in records if record["type"] == category]
        enabled = [r for r in mine if r["status"] == "enabled" and r["staging"] == "production"]
        if len(enabled) != 1 or len(mine) < 3:
            yield f"{category}: {len(enabled)} in force of {len(mine)}"
        if [record["version"] for record in mine] != list(range(1, len(mine) + 1)):
            yield f"{category}: versions"
        moments = [record["updated_at"] for record in mine]
        if moments != sorted(moments):
            yield f"{category}: versions out of order"
        if not all(record[f"instruction_{part}"].strip() for record in mine for part in range(1, 6)):
            yield f"{category}: an empty instruction"
