"""A course cut at the end of the data and turned into rows: the present state of a ticket is whatever had happened by
then.

Columns are named here once; `generate` and `load` take them from here. Cells are text, integers, booleans or None,
moments are PostgreSQL's text, so a row is the same bytes wherever it is made.
"""

from __future__ import annotations

from collections.abc import Mapping

from dash.demo.course import APPROVAL_LASTS, Comparison, Course, Event, Message, Task
from dash.demo.moments import DAY, stamp, stamp_or_none

Cell = str | int | bool | None
Row = tuple[Cell, ...]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(names.split())
    for table, names in {
        "support_threads_data": """
            id thread_id customer_id customer_email subject channel language country request_type
            request_subtype urgency status assigned_to created_at status_changed_at sent_at csat_score
        """,
        "support_dialogs": "id thread_id position author_type author_name body created_at",
        "ai_human_comparison": """
            id thread_id request_type model ai_answer human_answer penalty_score verdict compared_at
        """,
        "ai_agent_tasks": """
            id thread_id task_type status error_message model prompt_tokens completion_tokens cost_usd
            created_at started_at finished_at
        """,
        "ai_answerer_instructions": """
            id type status staging version instruction_1 instruction_2 instruction_3 instruction_4
            instruction_5 updated_by updated_at
        """,
        "conversations": """
            thread_id status resolution_type escalation_reason agents_used turn_count total_tokens
            total_cost_usd started_at last_activity_at ended_at
        """,
        "analytics_events": """
            id thread_id event_type agent_name tool_name success tokens_used cost_usd duration_ms
            error_category details occurred_at
        """,
        "active_interrupts": "interrupt_id thread_id action params created_at expires_at resolved_at resolution",
        "sessions": "thread_id last_activity_at has_pending_interrupt",
    }.items()
}

_REMEMBERED = 2 * DAY
"""How long the runtime remembers a chat session."""


class Rows:
    """Collects the rows of many tickets per table and numbers them; `take` hands over what has come together."""

    def __init__(self, until: int) -> None:
        self._until = until
        self._next_id = dict.fromkeys(COLUMNS, 1)
        self._rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}

    def take(self) -> dict[str, list[Row]]:
        """The rows since the last time, in the order of COLUMNS."""
        taken, self._rows = self._rows, {table: [] for table in COLUMNS}
        return taken

    def add_instruction(self, cells: Row) -> None:
        """One version of the instructions for one category."""
        self._numbered("ai_answerer_instructions", cells)

    def add(self, course: Course) -> None:
        """Everything that had happened to one ticket by the end of the data."""
        until, case = self._until, course.case
        name = case.thread_id
        messages = sorted((message for message in course.messages if message.at <= until), key=_moment_of_message)
        self._ticket(course, name)
        for position, (at, author_type, author_name, body) in enumerate(messages, 1):
            self._numbered("support_dialogs", (name, position, author_type, author_name, body, stamp(at)))
        for task in course.tasks:
            if task.created <= until:
                self._task(name, task)
        if course.comparison and course.comparison.at <= until:
            self._comparison(course, name, course.comparison)
        if course.live:
            self._conversation(course, name, messages)

    def _numbered(self, table: str, cells: Row) -> None:
        number = self._next_id[table]
        self._next_id[table] = number + 1
        self._rows[table].append((number, *cells))

    def _ticket(self, course: Course, name: str) -> None:
        until, case = self._until, course.case
        customer = case.customer
        status, changed = "Data collected", case.created
        for stage, at in (
            ("Data collected", course.collected),
            ("AI Answered", course.answered),
            ("Draft Created", course.drafted),
            ("Sent", course.sent),
        ):
            if at is None or at > until:
                break
            status, changed = stage, at
        known = course.identified is not None and course.identified <= until
        sent = status == "Sent"
        self._rows["support_threads_data"].append(
            (
                case.number,
                name,
                customer.customer_id if known else None,
                customer.email if known else None,
                case.title,
                case.channel,
                customer.phrasebook.language,
                customer.country,
                case.category.name,
                case.subject.name,
                case.urgency,
                status,
                case.agent if course.assigned is not None and course.assigned <= until else None,
                stamp(case.created),
                stamp(changed),
                stamp(changed) if sent else None,
                course.score if sent and course.rated is not None and course.rated <= until else None,
            )
        )

    def _task(self, name: str, task: Task) -> None:
        until = self._until
        finished = task.finished if task.finished is not None and task.finished <= until else None
        started = task.started if task.started is not None and task.started <= until else None
        over = finished is not None
        status = ("failed" if task.error else "done") if over else "running" if started is not None else "queued"
        self._numbered(
            "ai_agent_tasks",
            (
                name,
                task.kind,
                status,
                task.error if over else None,
                task.model,
                task.prompt_tokens if over else 0,
                task.completion_tokens if over else 0,
                dollars(task.cost_micros) if over else "0.000000",
                stamp(task.created),
                stamp_or_none(started),
                stamp_or_none(finished),
            ),
        )

    def _comparison(self, course: Course, name: str, made: Comparison) -> None:
        self._numbered(
            "ai_human_comparison",
            (
                name,
                course.case.category.name,
                made.model,
                course.ai_answer,
                made.human_answer,
                made.penalty,
                made.verdict,
                stamp(made.at),
            ),
        )

    def _conversation(self, course: Course, name: str, messages: list[Message]) -> None:
        until = self._until
        events = sorted((event for event in course.events if event.at <= until), key=_moment_of_event)
        pending = self._interrupts(course, name)
        last = max(messages[-1].at, events[-1].at)
        ended = course.ended if course.ended is not None and course.ended <= until else None
        if ended is not None:
            details = f'{{"resolution_type": "{course.ending}"}}'
            events.append(Event(ended, "resolution", None, None, None, 0, 0, None, None, details))
        tokens = cost = 0
        for event in events:
            tokens += event.tokens
            cost += event.cost_micros
            self._numbered("analytics_events", (name, *_event_cells(event)))
        turns = sum(message.author_type == "customer" for message in messages)
        agents = dict.fromkeys(event.agent for event in events if event.agent)
        self._rows["conversations"].append(
            (
                name,
                "active" if ended is None else "closed",
                None if ended is None else course.ending,
                course.escalation_reason if ended is not None and course.ending == "escalated" else None,
                "{" + ",".join(str(agent) for agent in agents) + "}",
                turns,
                tokens,
                dollars(cost),
                stamp(course.case.created),
                stamp(last),
                stamp_or_none(ended),
            )
        )
        if until - last < _REMEMBERED:
            self._rows["sessions"].append((name, stamp(last), pending))

    def _interrupts(self, course: Course, name: str) -> bool:
        until, pending = self._until, False
        for number, interrupt in enumerate(course.interrupts, 1):
            if interrupt.created > until:
                continue
            waiting = interrupt.resolved > until
            pending = pending or waiting
            self._rows["active_interrupts"].append(
                (
                    f"I-{name[2:]}-{number}",
                    name,
                    interrupt.action,
                    interrupt.params,
                    stamp(interrupt.created),
                    stamp(interrupt.created + APPROVAL_LASTS),
                    None if waiting else stamp(interrupt.resolved),
                    None if waiting else interrupt.resolution,
                )
            )
        return pending


def dollars(micros: int) -> str:
    """Millionths of a dollar as numeric(12, 6) text: 1500 → '0.001500'."""
    return f"{micros // 1_000_000}.{micros % 1_000_000:06}"


def _event_cells(event: Event) -> Row:
    return (
        event.kind,
        event.agent,
        event.tool,
        event.success,
        event.tokens,
        dollars(event.cost_micros),
        event.duration,
        event.error_category,
        event.details,
        stamp(event.at),
    )


def _moment_of_message(message: Message) -> int:
    return message.at


def _moment_of_event(event: Event) -> int:
    return event.at
