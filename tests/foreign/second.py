"""Another foreign database, as a warehouse export of a help desk is: plain names, keys to people and groups, and a
login that can only read. Made the same every time."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TICKETS = 500
GROUPS = ("Billing team", "Tech team", "Escalations")
AGENTS = ("Dana Reed", "Igor Lem", "Noa Bar", "Wei Chen")
SCHEMA = """
CREATE SCHEMA helpdesk;
CREATE TABLE helpdesk.groups (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE helpdesk.users (id bigint PRIMARY KEY, name text NOT NULL, email text, role text NOT NULL,
                             created_at timestamptz NOT NULL);
CREATE TABLE helpdesk.tickets (
    id bigint PRIMARY KEY,
    subject text NOT NULL,
    status text NOT NULL,
    priority text,
    type text NOT NULL,
    via_channel text NOT NULL,
    group_id bigint,
    assignee_id bigint,
    requester_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    first_replied_at timestamptz,
    solved_at timestamptz,
    due_at timestamptz NOT NULL,
    is_reopened boolean NOT NULL,
    satisfaction_rating text,
    tags text[],
    FOREIGN KEY (group_id) REFERENCES helpdesk.groups (id),
    FOREIGN KEY (assignee_id) REFERENCES helpdesk.users (id),
    FOREIGN KEY (requester_id) REFERENCES helpdesk.users (id)
);
CREATE TABLE helpdesk.ticket_comments (id bigint PRIMARY KEY, ticket_id bigint NOT NULL, author_id bigint NOT NULL,
                                       is_public smallint NOT NULL, body text NOT NULL, created_at timestamptz NOT NULL,
                                       ticket_created_at timestamptz NOT NULL, ticket_channel text NOT NULL);
CREATE TABLE helpdesk.salaries (id bigint PRIMARY KEY, amount numeric NOT NULL);
"""


@dataclass
class Ticket:
    """One ticket."""

    id: int
    status: str
    priority: str | None
    kind: str
    channel: str
    group: str | None
    assignee: str | None
    created: datetime
    replied: datetime | None
    solved: datetime | None
    due: datetime
    reopened: bool
    rating: str | None
    comments: int
    tags: list[str]


def tickets() -> list[Ticket]:
    """All tickets."""
    chance = random.Random(21)
    found = []
    for number in range(1, TICKETS + 1):
        created = NOW - timedelta(minutes=chance.randrange(60, 60 * 24 * 150))
        solved = created + timedelta(minutes=chance.randrange(30, 60 * 24 * 12))
        replied = created + timedelta(minutes=chance.randrange(2, 600))
        done = solved < NOW and chance.random() > 0.1
        found.append(
            Ticket(
                70_000 + number,
                chance.choice(("solved", "closed")) if done else chance.choice(("new", "open", "pending")),
                chance.choice(("low", "normal", "high", "urgent", None)),
                chance.choice(("question", "incident", "task")),
                chance.choice(("web", "email", "chat")), chance.choice((*GROUPS, None)), chance.choice((*AGENTS, None)),
                created, replied if replied < NOW else None, solved if done else None, created + timedelta(days=7),
                chance.random() < 0.1, chance.choice(("good", "bad", "offered")) if done else None,
                chance.randrange(1, 5),
                [tag for tag, each in (("vip", 4), ("refund", 5), ("first order", 7)) if number % each == 0],
            )
        )  # fmt: skip
    return found


def build(dsn: str, reader: str, password: str) -> list[Ticket]:
    """Fill an empty database, and let a login read it, but for one table."""
    made, chance = tickets(), random.Random(22)
    with psycopg.connect(dsn, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(SCHEMA.encode())
        cursor.executemany("INSERT INTO helpdesk.groups VALUES (%s, %s)", list(enumerate(GROUPS, start=1)))
        people = [(n, name, f"{name[:3]}@desk.example", "agent", NOW) for n, name in enumerate(AGENTS, start=1)]
        people += [(n, f"Cust Omer{n}", f"c{n}@mail.example", "end-user", NOW) for n in range(100, 300)]
        cursor.executemany("INSERT INTO helpdesk.users VALUES (%s, %s, %s, %s, %s)", people)
        cursor.executemany(
            f"INSERT INTO helpdesk.tickets VALUES ({', '.join(['%s'] * 16)})",
            [
                (t.id, f"Secret subject {t.id}", t.status, t.priority, t.kind, t.channel,
                 GROUPS.index(t.group) + 1 if t.group else None, AGENTS.index(t.assignee) + 1 if t.assignee else None,
                 chance.randrange(100, 300), t.created, t.replied, t.solved, t.due, t.reopened, t.rating,
                 [*t.tags, *(["my own words"] if t.id == 70_009 else [])])
                for t in made
            ],
        )  # fmt: skip
        comments = [t for t in made for _ in range(t.comments)]
        cursor.executemany(
            f"INSERT INTO helpdesk.ticket_comments VALUES ({', '.join(['%s'] * 8)})",
            [
                (
                    n,
                    t.id,
                    100,
                    int(n % 4 > 0),
                    f"words of a customer {n}",
                    t.created + timedelta(hours=n % 9),
                    t.created,
                    t.channel,
                )
                for n, t in enumerate(comments)
            ],
        )
        cursor.execute(f"DROP ROLE IF EXISTS {reader}".encode())
        cursor.execute(f"CREATE ROLE {reader} LOGIN NOINHERIT PASSWORD '{password}'".encode())
        cursor.execute(f"GRANT USAGE ON SCHEMA helpdesk TO {reader}".encode())
        for table in ("groups", "users", "tickets", "ticket_comments"):
            cursor.execute(f"GRANT SELECT ON helpdesk.{table} TO {reader}".encode())
    return made
