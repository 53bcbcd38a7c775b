"""A made-up Zendesk export: the same rows every time, with the traps that a real one has.

Deleted, merged and spam tickets, a test brand, notes that customers do not see, a bot's answers, tickets that agents
opened for somebody, ratings that were only offered or were changed, tickets that were reopened, repeated states.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.packs.rows import Rows

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TICKETS = 1200
BOT = -1
GROUPS = {1: "Billing", 2: "Technical support", 3: "Returns", 4: "Escalations"}
BRANDS = {11: "Acme Store", 12: "Acme Pro", 13: "Acme Test"}
FORMS = {21: "Default form", 22: "Refund request"}
ORGANIZATIONS = {31: "Northwind", 32: "Globex", 33: "Initech"}
AGENTS = {101: "Dana Reed", 102: "Igor Lem", 103: "Noa Bar", 104: "Wei Chen", 105: "Maria Sol"}
SUSPENDED = 399
TAGS = ("refund", "vip", "login", "shipping_delay", "bug", "how_to")
CHANNELS = ("email", "web", "chat", "api", "mobile", "native_messaging")


_COLUMNS = {
    "organization": "id, name, created_at",
    '"group"': "id, name, _fivetran_deleted",
    '"user"': "id, name, email, phone, role, active, suspended, locale, organization_id, created_at",
    "brand": "id, name, active",
    "ticket_form_history": "id, name, active, updated_at",
    "ticket": "id, subject, description, status, priority, type, via_channel, brand_id, group_id, assignee_id, "
    "requester_id, submitter_id, organization_id, ticket_form_id, is_public, created_at, updated_at, _fivetran_deleted",
    "ticket_comment": "id, ticket_id, user_id, body, public, created, _fivetran_deleted",
    "ticket_field_history": "ticket_id, field_name, updated, value, user_id",
    "ticket_tag": "ticket_id, tag",
    "satisfaction_rating": "id, ticket_id, group_id, score, reason, comment, created_at, updated_at",
    "schedule": "id, name, time_zone, start_time, end_time, start_time_utc, end_time_utc",
    "ticket_schedule": "ticket_id, created_at, schedule_id",
}


def build(dsn: str) -> None:
    """Fill an empty database."""
    rows = Rows()
    _people(rows)
    chance = random.Random(9)
    for number in range(1, TICKETS + 1):
        _ticket(rows, chance, number)
    rows.fill(dsn, "zendesk", "zendesk", _COLUMNS)


def _people(rows: Rows) -> None:
    start = NOW - timedelta(days=700)
    for key, name in ORGANIZATIONS.items():
        rows.add("organization", key, name, start)
    for key, name in GROUPS.items():
        rows.add('"group"', key, name, False)
    for key, name in BRANDS.items():
        rows.add("brand", key, name, key != 13)
    for key, name in FORMS.items():  # a form has a row for each of its versions
        rows.add("ticket_form_history", key, f"Old {name}", True, start)
        rows.add("ticket_form_history", key, name, True, start + timedelta(days=9))
    for key, name in AGENTS.items():
        rows.add('"user"', key, name, f"{key}@desk.example", None, "admin" if key == 105 else "agent", True, False,
                 "en-US", None, start)  # fmt: skip
    for key in range(300, 400):
        rows.add('"user"', key, f"Cust Omer{key}", f"c{key}@mail.example", f"+1 555 {key}", "end-user", True,
                 key == SUSPENDED, "ru" if key % 3 else "en-US", (31, 32, 33, None)[key % 4], start)  # fmt: skip
    for day in range(1, 6):  # Monday to Friday, 9 to 17 UTC; minutes since Sunday
        opens, closes = day * 1440 + 540, day * 1440 + 1020
        rows.add("schedule", 41, "Office hours", "UTC", opens, closes, opens, closes)


def _ticket(rows: Rows, chance: random.Random, number: int) -> None:
    age = chance.random() ** 1.3 * 420  # more and more tickets
    created = NOW - timedelta(minutes=int(age * 1440) + 7)
    requester = chance.choice([*range(300, 399)]) if chance.random() > 0.02 else SUSPENDED
    channel = chance.choices(CHANNELS, (40, 25, 15, 5, 10, 5))[0]
    by_agent = channel == "api" and chance.random() < 0.5
    agents = chance.sample([*AGENTS], 3)
    groups = chance.sample([*GROUPS], 3)
    brand = chance.choices([11, 12, 13], (60, 36, 4))[0]
    kind = chance.random()
    deleted, merged, spam = kind < 0.03, 0.03 <= kind < 0.07, 0.07 <= kind < 0.09
    life = _life(chance, created, agents, groups, abandoned=chance.random() < 0.04)
    opener = agents[0] if by_agent else requester
    _comments(rows, chance, number, created, requester, opener, life)
    for name, moments in life.fields.items():
        for moment, value in moments:
            rows.add("ticket_field_history", number, name, moment, value, life.agent)
    status = "deleted" if deleted and number % 2 else life.status
    if merged:
        status = "closed"
    rows.add(
        "ticket", number, f"Subject of a stranger {number}", f"Words {number}", status,
        chance.choices(("low", "normal", "high", "urgent", None), (15, 45, 20, 8, 12))[0],
        chance.choice(("question", "incident", "problem", "task", None)), channel, brand, life.group, life.agent,
        requester, opener, (31, 32, 33, None)[requester % 4], chance.choice((21, 21, 22, None)), True, created,
        life.changed, deleted,
    )  # fmt: skip
    tags = chance.sample(TAGS, chance.choice((0, 1, 1, 2)))
    for tag in [*tags, *(["closed_by_merge"] if merged else []), *(["spam"] if spam else [])]:
        rows.add("ticket_tag", number, tag)
    rows.add("ticket_schedule", number, created, 41)
    if life.status in ("solved", "closed"):
        _rating(rows, chance, number, life)


@dataclass
class _Life:
    """What became of a ticket."""

    fields: dict[str, list[tuple[datetime, str | None]]]
    status: str
    agent: int | None
    group: int | None
    changed: datetime


def _life(chance: random.Random, created: datetime, agents: list[int], groups: list[int], *, abandoned: bool) -> _Life:
    moment = created
    states: list[tuple[datetime, str | None]] = [(created, "new")]
    owners: list[tuple[datetime, str | None]] = [(created, None)]
    teams: list[tuple[datetime, str | None]] = [(created, str(groups[0]))]

    def later(hours: float) -> datetime:
        nonlocal moment
        moment += timedelta(minutes=1 + int(chance.expovariate(1 / (hours * 60))))
        return moment

    if not abandoned:
        owners.append((later(3), str(agents[0])))
        states.append((moment, "open"))
        if chance.random() < 0.22:
            owners.append((later(5), str(agents[1])))
        if chance.random() < 0.12:
            owners += [(later(2), None), (later(2), str(agents[2]))]
        if chance.random() < 0.2:
            teams.append((later(2), str(groups[1])))
        if chance.random() < 0.4:
            states += [(later(10), "pending"), (later(20), "open")]
        if chance.random() < 0.1:
            states.append((later(8), "hold"))
        if chance.random() < 0.95:
            states.append((later(30), "solved"))
            if chance.random() < 0.1:
                states.append((later(1), "solved"))  # said again: nothing changes
            for again in (0.12, 0.3):
                if chance.random() >= again:
                    break
                states += [(later(20), "open"), (later(24), "solved")]
            if chance.random() < 0.9:
                states.append((moment + timedelta(days=4), "closed"))
    past = {
        name: [one for one in moments if one[0] < NOW]
        for name, moments in (("status", states), ("assignee_id", owners), ("group_id", teams))
    }
    last = {name: moments[-1][1] for name, moments in past.items()}
    owner, team = last["assignee_id"], last["group_id"]
    changed = max(one[0] for moments in past.values() for one in moments)
    return _Life(past, last["status"] or "", int(owner) if owner else None, int(team) if team else None, changed)


def _comments(
    rows: Rows, chance: random.Random, number: int, created: datetime, requester: int, opener: int, life: _Life
) -> None:
    place = number * 100

    def write(moment: datetime, author: int, *, public: bool, deleted: bool = False) -> None:
        nonlocal place
        place += 1
        if moment < NOW:
            rows.add("ticket_comment", place, number, author, f"words of a stranger {place}", public, moment, deleted)

    write(created, opener, public=True)
    moment = created
    if chance.random() < 0.3:
        write(created + timedelta(seconds=20), BOT, public=True)
    if life.agent is None:
        return
    if chance.random() < 0.35:
        write(created + timedelta(minutes=chance.randrange(2, 9)), life.agent, public=False)
    if chance.random() < 0.05:
        return
    for _ in range(chance.choice((1, 1, 2, 3))):
        moment += timedelta(minutes=10 + int(chance.expovariate(1 / 240)))
        write(moment, life.agent, public=True, deleted=chance.random() < 0.02)
        if chance.random() < 0.6:
            moment += timedelta(minutes=5 + int(chance.expovariate(1 / 600)))
            write(moment, requester, public=True)


def _rating(rows: Rows, chance: random.Random, number: int, life: _Life) -> None:
    draw = chance.random()
    at = life.changed
    if draw < 0.35:
        return
    given: list[str] = ["offered"]
    if draw > 0.6:
        given.append("good" if chance.random() < 0.8 else "bad")
    if draw > 0.96:
        given.append("bad" if given[-1] == "good" else "good")
    for place, score in enumerate(given):
        moment = at + timedelta(hours=place)
        reason = "The issue took too long to resolve" if score == "bad" else None
        rows.add("satisfaction_rating", number * 10 + place, number, life.group, score, reason, None, moment, moment)
