"""Digests over the real database to a real endpoint: what each target is told, once."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from io import BytesIO

import psycopg
import pytest
from PIL import Image

from dash.ask import Dash
from dash.database import Database
from dash.errors import SettingsError
from dash.ops.alerts.watching import NotMeasured
from dash.ops.delivery.file import DeliveryFile, load_delivery
from dash.ops.delivery.ledger import Ledger, digest_of
from dash.ops.delivery.sending import NotDelivered, Patience, Post
from dash.ops.delivery.targets import Target
from dash.ops.desk import StuckDesk
from dash.ops.digest.chart import Bar, draw_bars, sparkline
from dash.ops.digest.forms import MOST_LINKS
from dash.ops.digest.sending import Digests
from dash.ops.digest.stuck import Doubtful
from dash.ops.digest.weekly import NotRead
from dash.ops.records import Deed
from dash.ops.schedule.jobs import Jobs
from dash.ops.schedule.runs import JobRuns
from dash.records import Viewer
from tests.ops.delivery.servers import Receiver, answers, mail

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
VIEWER = Viewer("ops", roles=frozenset({"ops"}))
OK = answers("200 OK")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Office:
    """A product with a clock of its own and a database to change."""

    dash: Dash
    clock: Clock
    file: DeliveryFile

    @property
    def desk(self) -> StuckDesk:
        return StuckDesk.open(self.dash, VIEWER)

    def digests(self, *targets: Target) -> Digests:
        return Digests(self.dash, self.file, VIEWER, targets, self._post())

    def jobs(self, *targets: Target) -> Jobs:
        return Jobs(self.dash, self.file, VIEWER, targets, self._post())

    def _post(self) -> Post:
        return Post(Ledger(self.dash.database), Patience(pauses=()))

    def change(self, statement: str, *values: object) -> None:
        with psycopg.connect(self.dash.database.owner_dsn(), autocommit=True) as connection:
            connection.execute(statement, values)  # type: ignore[arg-type]

    def close(self, ticket: str) -> None:
        self.change(
            "UPDATE support.support_threads_data SET status = 'Sent', sent_at = %s, status_changed_at = %s "
            "WHERE thread_id = %s", self.clock.now, self.clock.now, ticket,
        )  # fmt: skip

    def stuck(self) -> list[str]:
        """The list of the last check, the longest wait first."""
        latest = self.desk.latest()
        assert latest is not None
        return [entry.ticket.ticket for entry in self.desk.entries(self.desk.diff(latest))]

    def tomorrow(self) -> None:
        self.clock.now += timedelta(days=1)


@pytest.fixture
def office(fresh_database: Database) -> Iterator[Office]:
    clock = Clock()
    settings = replace(fresh_database.settings, page_url="https://dash.example.com")
    with Dash.open(settings, clock=clock) as dash:
        yield Office(dash, clock, load_delivery(settings.knowledge))


def target(port: int, name: str = "ops", *, language: str = "en", ticket_text: bool = False) -> Target:
    url = f"json://127.0.0.1:{port}/{name}?rto=15"
    return Target(name, url, digest_of(url), language, frozenset({"stuck", "weekly"}), ticket_text)


@dataclass
class Inbox:
    """A target that takes everything, and what it was told."""

    receiver: Receiver
    to: Target

    def told(self) -> list[dict[str, str]]:
        return told(self.receiver)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Receiver(OK) as receiver:
        yield Inbox(receiver, target(receiver.port))


def told(receiver: Receiver) -> list[dict[str, str]]:
    return [json.loads(body) for body in receiver.received]


def test_the_first_list_says_how_things_stand_and_the_next_what_changed(office: Office, inbox: Inbox) -> None:
    to = inbox.to
    office.digests(to).send_stuck()
    cleared = office.stuck()[0]
    assert office.digests(to).send_stuck() == ()  # nothing has changed: nobody is told
    office.close(cleared)
    office.tomorrow()
    (sent,) = office.digests(to).send_stuck()
    assert sent.arrived
    first, second = inbox.told()
    assert first["title"].startswith("Stuck tickets: first list, ") and "still stuck" in second["title"]
    assert "This is the first list that is sent here" in first["message"] and "Compared with" not in first["message"]
    assert f"The longest waits (15 of {first['title'].split()[4]})\n• {cleared} · " in first["message"]
    assert "1 cleared" in second["title"] and " new" in second["title"]
    assert f"• {cleared} · done: Sent" in second["message"]
    assert first["message"].endswith("Open the list: https://dash.example.com/stuck")
    assert "Checked " in second["message"] and " Compared with the check of " in second["message"]
    told_first = office.desk.history()[-1].check_id
    assert second["message"].endswith(f"Open the list: https://dash.example.com/stuck?compare=check-{told_first}")


def test_who_did_not_get_yesterdays_list_is_told_today_what_was_new_since_theirs(office: Office) -> None:
    with Receiver(OK) as good, Receiver(OK, answers("500 Oops"), OK) as bad:
        both = target(good.port, "good"), target(bad.port, "bad")
        office.digests(*both).send_stuck()
        office.tomorrow()
        outcomes = {each.target: each.outcome for each in office.digests(*both).send_stuck()}
        assert outcomes == {"good": "sent", "bad": "failed"}
        (late,) = office.digests(*both).send_stuck()  # an hour later: only whoever has not got it
        assert (late.target, late.outcome) == ("bad", "sent")
    assert told(bad)[1]["title"] == told(good)[1]["title"]


def test_a_list_whose_sender_died_counts_as_told(office: Office, inbox: Inbox) -> None:
    to = inbox.to
    check = StuckDesk.open(office.dash, VIEWER).check()
    Ledger(office.dash.database).begin(f"stuck:{check.check_id}", to.name, to.digest)  # … and then the power went
    office.clock.now += timedelta(minutes=1)
    assert office.digests(to).send_stuck() == () and inbox.told() == []
    assert [each.outcome for each in office.digests(to).send_stuck(again=True)] == ["sent"]


def test_again_sends_the_list_that_was_sent_and_the_next_goes_on_from_there(office: Office, inbox: Inbox) -> None:
    to = inbox.to
    office.digests(to).send_stuck()
    office.tomorrow()
    office.digests(to).send_stuck()
    office.tomorrow()
    (again,) = office.digests(to).send_stuck(again=True)
    assert again.outcome == "sent" and not again.before
    office.digests(to).send_stuck()
    first, second, repeated, fourth = inbox.told()
    assert repeated == second != first
    assert fourth["title"] != second["title"]


def test_a_mail_has_links_and_nothing_of_what_customers_wrote(office: Office) -> None:
    office.change(
        "UPDATE support.support_threads_data SET subject = 'CANARY <b>x</b>', customer_email = 'canary@example.com'"
    )
    office.change(
        "UPDATE support.ai_agent_tasks SET error_message = 'CANARY <img src=x> @channel evil.com' "
        "WHERE status = 'failed'"
    )
    with Receiver(mail()) as server, Receiver(OK) as allowed:
        url = f"mailto://127.0.0.1:{server.port}?from=dash@example.com&to=ops@example.com"
        by_mail = Target("mail", url, digest_of(url), "ru", frozenset({"stuck"}))
        trusted = target(allowed.port, "trusted", ticket_text=True)
        office.tomorrow()
        office.digests(by_mail, trusted).send_stuck()
    parts = message_from_bytes(server.received[0], policy=policy.default)
    html = parts.get_body(("html",))
    assert html is not None
    markup = html.get_content()
    assert str(parts["subject"]).startswith("Застрявшие тикеты: ")
    assert 'href="https://dash.example.com/replay?conversation=T-' in markup
    assert "canary" not in markup.lower() and "canary" not in str(parts).lower()
    with_text = told(allowed)[0]["message"]
    assert "canary@" not in with_text and "<img" not in with_text and "@channel" not in with_text
    assert "evil(.)com" in with_text and "evil.com" not in with_text


def test_a_day_without_news_is_told_once_where_it_is_wished_for(office: Office, inbox: Inbox) -> None:
    office.file = office.file.model_copy(update={"stuck": office.file.stuck.model_copy(update={"when_nothing": True})})
    to = inbox.to
    for _ in range(3):
        office.digests(to).send_stuck()
    assert ["nothing new" in each["title"] for each in inbox.told()] == [False, True]


def test_a_list_that_may_not_have_arrived_is_spoken_of_until_a_newer_one_has(office: Office, inbox: Inbox) -> None:
    digests = office.digests(inbox.to)
    digests.send_stuck()
    office.tomorrow()
    check = office.desk.check()
    ledger = Ledger(office.dash.database)
    lost = ledger.begin(f"stuck:{check.check_id}", inbox.to.name, inbox.to.digest)
    assert lost is not None
    ledger.end(lost, "uncertain", "the receiver did not answer after the message had left")
    for _ in range(2):  # it is not said once and then forgotten
        found: list[Doubtful] = []
        assert digests.send_stuck(doubt=found.append) == ()
        (doubtful,) = found
        assert doubtful.target == "ops" and doubtful.title.startswith("Stuck tickets: ")
    office.tomorrow()
    digests.send_stuck(always=True)
    found.clear()
    digests.send_stuck(doubt=found.append)
    assert not found
    assert f"The list before this one ({doubtful.title}, " in inbox.told()[-1]["message"]
    assert "may not have arrived" not in inbox.told()[0]["message"]


def test_a_list_that_somebody_else_is_sending_is_in_no_doubt(office: Office, inbox: Inbox) -> None:
    digests = office.digests(inbox.to)
    digests.send_stuck()
    office.tomorrow()
    ledger, found = Ledger(office.dash.database), list[Doubtful]()
    with ledger.turn("stuck", inbox.to.digest):
        ledger.begin(f"stuck:{office.desk.check().check_id}", inbox.to.name, inbox.to.digest)
        (busy,) = digests.send_stuck(doubt=found.append)
        assert busy.outcome == "busy" and not found  # its try has no end yet
    digests.send_stuck(doubt=found.append)
    assert [one.target for one in found] == ["ops"]  # whoever sent it is gone without having written down the end


def test_a_line_stands_where_it_would_only_be_said_that_it_is_missing(office: Office, inbox: Inbox) -> None:
    office.change("UPDATE support.support_threads_data SET status = 'Sent', sent_at = now() WHERE status <> 'Sent'")
    office.change(
        "UPDATE support.support_threads_data SET status = 'AI Answered', sent_at = NULL, status_changed_at = %s "
        "WHERE thread_id IN (SELECT thread_id FROM support.support_threads_data ORDER BY thread_id LIMIT %s)",
        office.clock.now - timedelta(hours=30), office.file.stuck.longest + 1,
    )  # fmt: skip
    office.digests(inbox.to).send_stuck()
    (first,) = inbox.told()
    assert first["message"].count("• T-") == office.file.stuck.longest + 1 and "more" not in first["message"]


def test_snoozed_tickets_are_no_news(office: Office, inbox: Inbox) -> None:
    to = inbox.to
    office.digests(to).send_stuck()
    tickets = office.stuck()
    office.desk.act("snooze", tickets, until=office.clock.now + timedelta(days=9))
    office.digests(to).send_stuck(always=True)
    assert f"Snoozed or closed as expected: {len(tickets)}." in inbox.told()[1]["message"]
    assert tickets[0] not in inbox.told()[1]["message"]


def test_a_target_whose_last_list_is_forgotten_gets_the_next_all_the_same(office: Office, inbox: Inbox) -> None:
    office.digests(inbox.to).send_stuck()
    for _ in range(2):
        office.tomorrow()
        office.desk.check()
    office.clock.now += timedelta(days=399)
    jobs = office.jobs(inbox.to)
    assert jobs.tidy(office.clock.now) == "checks of stuck tickets older than 400 days: 1 forgotten"
    for again in (True, False):
        assert [each.outcome for each in office.digests(inbox.to).send_stuck(again=again, always=True)] == ["sent"]
    assert "Compared with the check of 22 Nov 2026" in inbox.told()[1]["message"]  # the last working day's


@pytest.mark.parametrize("deed", ["snooze", "close"])
def test_what_was_put_away_is_no_news_when_it_clears(office: Office, inbox: Inbox, deed: Deed) -> None:
    to = inbox.to
    office.digests(to).send_stuck()
    away, waited_for = office.stuck()[:2]
    office.desk.act(deed, [away])
    office.clock.now += timedelta(minutes=1)
    for ticket in (away, waited_for):
        office.close(ticket)
        office.digests(to).send_stuck()
    (_, second) = inbox.told()  # the first one of the two was nothing to write about
    assert "1 cleared" in second["title"] and waited_for in second["message"] and away not in second["message"]


def test_a_snoozed_ticket_that_gets_worse_is_quiet_and_its_return_is_news_once(office: Office, inbox: Inbox) -> None:
    since = office.clock.now - timedelta(hours=40)  # the next threshold is passed after 8 more
    ticket = "T-000014"
    office.change(
        "UPDATE support.support_threads_data SET status = 'AI Answered', sent_at = NULL, status_changed_at = %s "
        "WHERE thread_id = %s", since, ticket,
    )  # fmt: skip
    to = inbox.to
    office.digests(to).send_stuck()
    desk = StuckDesk.open(office.dash, VIEWER)
    desk.act("snooze", [ticket], until=office.clock.now + timedelta(days=2, hours=-1))
    for _ in range(3):
        office.tomorrow()
        office.digests(to).send_stuck(always=True)
    quiet, back, after = (each["message"].replace("\xa0", " ") for each in inbox.told()[1:])
    assert ticket not in quiet
    assert f"Back from a snooze (1)\n• {ticket} · AI Answered · 3 d 16 h · seen in 3 checks" in back
    assert " still stuck (of them 1 back from a snooze)" in inbox.told()[2]["title"]
    assert "Back from a snooze" not in after


def test_who_has_taken_what_is_said_where_a_target_may_have_names(office: Office) -> None:
    with Receiver(OK) as receiver, Receiver(OK) as discreet:
        named, unnamed = replace(target(receiver.port), names=True), target(discreet.port, "quiet")
        office.digests(named, unnamed).send_stuck()
        desk = StuckDesk.open(office.dash, VIEWER)
        tickets = [entry.ticket.ticket for entry in desk.entries(desk.diff(desk.check()))]
        desk.act("assign", tickets, text="ann@evil.com")
        office.tomorrow()
        office.digests(named, unnamed).send_stuck()
    with_names, without = told(receiver)[1]["message"], told(discreet)[1]["message"]
    worse = with_names.partition("Got worse")[2].splitlines()[1]
    assert worse.startswith("• T-") and worse.endswith(" · → ann")
    assert f"Taken: {len(tickets)} (ann {len(tickets)})\nNobody has taken: " in with_names
    assert f"Taken: {len(tickets)}\n" in without and "ann" not in without and "evil" not in with_names


def test_the_first_tickets_of_a_plain_text_carry_their_address(office: Office) -> None:
    with Receiver(OK) as receiver:
        office.digests(target(receiver.port)).send_stuck()
    (message,) = told(receiver)
    lines = message["message"].splitlines()
    links = [line for line in lines if line.startswith("  https://dash.example.com/replay?conversation=T-")]
    assert len(links) == MOST_LINKS
    first = lines.index(links[0])
    assert lines[first - 1].startswith(f"• {links[0].partition('=')[2]} · ")


def test_the_week_in_numbers_is_the_boards_and_has_a_picture(office: Office, inbox: Inbox) -> None:
    to = replace(inbox.to, language="ru")
    assert [each.outcome for each in office.digests(to).send_weekly(office.clock.now)] == ["sent"]
    office.tomorrow()
    assert [each.before for each in office.digests(to).send_weekly(office.clock.now)] == [True]  # still that week
    (message,) = inbox.told()
    answer = office.dash.ask("How many tickets were created from 2026-11-09 to 2026-11-15?")
    number = f"{answer.rows[0][0]:,}".replace(",", "\xa0")
    assert message["title"] == "Неделя 9–15 ноября 2026 в цифрах"
    assert f"Тикеты: {number} (" in message["message"] and "неделей раньше:" in message["message"]
    assert "https://dash.example.com/board?from=2026-11-09&to=2026-11-15" in message["message"]
    (attached,) = message["attachments"]
    assert isinstance(attached, dict) and attached["mimetype"] == "image/png"
    with Image.open(BytesIO(b64decode(attached["base64"]))) as picture:
        assert picture.size == (720, 300) and len(picture.convert("RGB").getcolors(1 << 20) or []) > 10


def test_a_week_that_lacks_a_number_is_tried_again_and_then_told_without_it(office: Office, inbox: Inbox) -> None:
    office.change("ALTER TABLE support.conversations RENAME TO elsewhere")
    to = inbox.to
    jobs = office.jobs(to)
    due_at, runs = office.clock.now, JobRuns(office.dash.database)
    office.clock.now += timedelta(hours=3)  # the machine was down when it was due; its first try is not its last
    for attempt in (1, 2):
        runs.begin("weekly_digest", due_at, attempt, office.clock.now)
        with pytest.raises(NotRead, match="containment, escalation"):
            jobs.weekly_digest(due_at)
    assert inbox.told() == []
    runs.begin("weekly_digest", due_at, 3, office.clock.now)
    for _ in range(2):  # the last try says what it knows, once
        with pytest.raises(NotRead):
            jobs.weekly_digest(due_at)
    office.change("ALTER TABLE support.elsewhere RENAME TO conversations")
    assert jobs.weekly_digest(due_at) == "sent to ops"  # the whole week may follow
    assert [each.before for each in office.digests(to).send_weekly(due_at)] == [True]
    office.change("ALTER TABLE support.conversations RENAME TO elsewhere")
    assert office.digests(to).send_weekly(due_at, always=True) == ()  # it has more than that already
    assert ["could not be read" in each["message"] for each in inbox.told()] == [True, False]


def test_a_week_is_not_told_before_it_is_over_in_the_reporting_zone(office: Office) -> None:
    office.file = office.file.model_copy(update={"zone": "Asia/Tokyo"})
    with Receiver(OK) as receiver:
        digests = office.digests(target(receiver.port))
        with pytest.raises(SettingsError, match="the week is not over in the reporting zone UTC"):
            digests.send_weekly(datetime(2026, 11, 15, 23, tzinfo=UTC))  # Monday, 8:00 in Tokyo
        assert [each.outcome for each in digests.send_weekly(datetime(2026, 11, 16, 0, tzinfo=UTC))] == ["sent"]
    assert "9–15 November 2026" in told(receiver)[0]["title"] or "9–15 Nov 2026" in told(receiver)[0]["title"]


def test_bars_grow_with_their_values_from_a_common_zero() -> None:
    picture = Image.open(
        BytesIO(draw_bars([Bar(10, "10", "a"), Bar(None, "", "b"), Bar(-5, "-5", "c"), Bar(40, "", "d")]))
    )
    columns = [84 + 168 * place for place in range(4)]  # the middles of four bars
    paper = (255, 255, 255)
    filled = [
        sum(picture.convert("RGB").getpixel((x, y)) not in (paper, (215, 219, 226)) for y in range(40, 264))
        for x in (column + 40 for column in columns)
    ]
    assert filled[3] > 3 * filled[0] > 0 and filled[1] < 4 and filled[2] > 10


def test_a_line_of_text_draws_the_same() -> None:
    assert sparkline([0, 5, None, 10]) == "▁▅ █"
    assert sparkline([None]) == "" and sparkline([3, 3]) == "██"


def test_a_job_that_does_not_reach_everybody_fails_and_its_next_run_makes_it_good(office: Office) -> None:
    with Receiver(OK) as good, Receiver(answers("503 Busy"), OK) as bad:
        targets = target(good.port, "good"), target(bad.port, "bad")
        jobs = office.jobs(*targets)
        due_at = office.clock.now
        jobs.stuck_check(due_at)
        with pytest.raises(NotDelivered, match=r"bad: the receiver cannot take it now \(503\)"):
            jobs.stuck_digest(due_at)
        office.clock.now += timedelta(minutes=5)
        assert jobs.stuck_digest(due_at) == "sent to bad"
        assert jobs.stuck_digest(due_at) == "nothing new"
    assert [len(told(each)) for each in (good, bad)] == [1, 1]
    assert len(StuckDesk.open(office.dash, VIEWER).history()) == 1  # one check of that morning


def test_a_job_that_is_caught_up_hours_later_tells_how_things_stand_now(office: Office) -> None:
    with Receiver(OK) as receiver:
        jobs = office.jobs(target(receiver.port))
        desk, due_at = StuckDesk.open(office.dash, VIEWER), office.clock.now
        early = desk.check()  # somebody's, just after it was due
        office.clock.now += timedelta(hours=7)
        jobs.stuck_digest(due_at)
        latest = desk.latest()
        assert latest is not None and latest != early and latest.checked_at == office.clock.now
        office.clock.now += timedelta(minutes=36)
        jobs.stuck_check(due_at)
        assert desk.latest() == latest  # the last try of a morning needs no other one


def test_the_alerts_job_says_what_fires(office: Office) -> None:
    jobs = office.jobs()
    office.clock.now += timedelta(days=300)  # long after the last ticket
    assert jobs.alerts(office.clock.now) == "3 rules, firing: no_tickets; told nobody: no_tickets"


def test_an_alerts_job_that_cannot_measure_has_failed(office: Office) -> None:
    with psycopg.connect(office.dash.database.owner_dsn(), autocommit=True) as connection:
        connection.execute("ALTER TABLE support.conversations RENAME TO elsewhere")
    jobs = office.jobs()
    with pytest.raises(NotMeasured, match="escalat"):
        jobs.alerts(office.clock.now)


def test_a_digest_that_somebody_else_is_sending_has_not_arrived(office: Office, inbox: Inbox) -> None:
    to = inbox.to
    ledger = Ledger(office.dash.database)
    jobs = Jobs(office.dash, office.file, VIEWER, (to,), Post(ledger))
    due_at = office.clock.now
    with ledger.turn("stuck", to.digest), pytest.raises(NotDelivered, match="somebody else"):
        jobs.stuck_digest(due_at)
    assert jobs.stuck_digest(due_at) == "sent to ops"


def test_a_digest_that_no_target_receives_says_so(office: Office) -> None:
    to = replace(target(9, "ops"), receives=frozenset({"alerts"}))
    jobs = office.jobs(to)
    assert jobs.stuck_digest(office.clock.now) == jobs.weekly_digest(office.clock.now) == "no target receives it"
