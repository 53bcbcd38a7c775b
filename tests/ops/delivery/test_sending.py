"""Messages to receivers that fail in every way, over real connections: what arrives, how often, and what is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from dash.database import Database
from dash.ops.delivery.ledger import Ledger, digest_of
from dash.ops.delivery.messages import Message
from dash.ops.delivery.sending import Delivered, Patience, Post
from dash.ops.delivery.targets import Target
from tests.ops.delivery.servers import (
    Receiver,
    answers,
    mail,
    nobody,
    secured,
    takes_and_cuts,
    takes_and_drips,
    takes_and_hangs,
)

QUICK = Patience(pauses=(0.05, 0.05, 0.05), longest_pause=2.0, one_try=60.0, whole=240.0)
OK = answers("200 OK")


def message(key: str = "stuck:1") -> Message:
    return Message(key, "3 new <stuck> tickets", "New: T-000001\nStill: 2", "<p>New: <b>T-000001</b></p>")


def target(url: str, name: str = "ops") -> Target:
    return Target(name, url, digest_of(url))


def http(port: int, options: str = "rto=15&cto=15") -> str:
    return f"json://127.0.0.1:{port}/hook?{options}"


def smtp(port: int, to: str = "ops@example.com") -> str:
    return f"mailto://127.0.0.1:{port}?from=dash@example.com&to={to}&cto=15"


@pytest.fixture
def post(database: Database) -> Post:
    return Post(Ledger(database), QUICK)


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A message of this test's own: the ledger is shared."""
    return f"stuck:{request.node.name}"


def send(post: Post, key: str, url: str, **options: Any) -> Delivered:
    (done,) = post.deliver(key, lambda _: message(key), [target(url)], **options)
    return done


def test_a_message_arrives_as_text_and_is_not_sent_again(post: Post, key: str) -> None:
    with Receiver(OK) as receiver:
        first = send(post, key, http(receiver.port))
        second = send(post, key, http(receiver.port))
    assert (first.outcome, first.tries, first.before) == ("sent", 1, False)
    assert (second.outcome, second.before) == ("sent", True)
    (body,) = map(json.loads, receiver.received)
    assert (body["title"], body["message"]) == ("3 new <stuck> tickets", "New: T-000001\nStill: 2")


def test_a_mail_has_both_forms_and_is_sent_once(post: Post, key: str) -> None:
    with Receiver(mail()) as server:
        assert send(post, key, smtp(server.port)).outcome == "sent"
        assert send(post, key, smtp(server.port)).before
    (taken,) = server.received
    parts = message_from_bytes(taken, policy=policy.default)
    assert parts["subject"] == "3 new <stuck> tickets"
    html, plain = parts.get_body(("html",)), parts.get_body(("plain",))
    assert html is not None and "<b>T-000001</b>" in html.get_content()
    assert plain is not None and "T-000001" in plain.get_content()


# What the receiver does, try by try → how it ends, tries, and how often the message arrived.
HTTP: dict[str, tuple[list[Any], str, int, int]] = {
    "an error and then all is well": ([answers("500 Oops"), answers("503 Busy"), OK], "sent", 3, 1),
    "errors without end": ([answers("500 Oops")], "failed", 4, 0),
    "too many, come in a second": ([answers("429 Slow down", "Retry-After: 1"), OK], "sent", 2, 1),
    "too many, come in an hour": ([answers("429 Slow down", "Retry-After: 3600"), OK], "failed", 1, 0),
    "not allowed": ([answers("403 No"), OK], "refused", 1, 0),
    "gone": ([answers("410 Gone"), OK], "refused", 1, 0),
    "a gateway that heard nothing": ([answers("504 Gateway"), OK], "uncertain", 1, 0),
    "it hangs after taking it": ([takes_and_hangs, OK], "uncertain", 1, 1),
    "it is cut off after taking it": ([takes_and_cuts, OK], "uncertain", 1, 1),
}


@pytest.mark.parametrize("case", HTTP)
def test_an_http_receiver_that_fails(post: Post, key: str, case: str) -> None:
    acts, outcome, tries, arrived = HTTP[case]
    with Receiver(*acts) as receiver:
        address = http(receiver.port, "rto=2" if outcome == "uncertain" else "rto=15")
        done = send(post, key, address)
        assert (done.outcome, done.tries, len(receiver.received)) == (outcome, tries, arrived)
        assert (done.reason is None) == (outcome == "sent")
        if outcome == "uncertain":  # it may have arrived, so it is not sent again, unless somebody says so
            assert send(post, key, address).before
            assert len(receiver.received) == arrived
            assert send(post, key, address, again=True).outcome in ("sent", "uncertain")
            assert len(receiver.received) == arrived + 1


MAIL: dict[str, tuple[list[Any], str, int, int]] = {
    "greylisted and then taken": ([mail(rcpt=("450 later",)), mail()], "sent", 2, 1),
    "an unknown recipient": ([mail(rcpt=("550 who?",))], "refused", 1, 0),
    "no service": ([mail(greets="554 no"), mail()], "refused", 1, 0),
    "busy at the greeting": ([mail(greets="421 busy"), mail()], "sent", 2, 1),
    "the text is refused": ([mail(end="552 too big")], "refused", 1, 0),
    "it is cut off after the whole mail": ([mail(end=None), mail()], "uncertain", 1, 1),
}


@pytest.mark.parametrize("case", MAIL)
def test_a_mail_server_that_fails(post: Post, key: str, case: str) -> None:
    acts, outcome, tries, arrived = MAIL[case]
    with Receiver(*acts) as server:
        done = send(post, key, smtp(server.port))
    assert (done.outcome, done.tries, len(server.received)) == (outcome, tries, arrived)


def test_a_mail_that_only_one_of_two_gets_is_not_sent_to_both_again(post: Post, key: str) -> None:
    with Receiver(mail(rcpt=("250 ok", "450 later")), mail()) as server:
        done = send(post, key, smtp(server.port, "one@example.com,two@example.com"))
    assert (done.outcome, done.tries, len(server.received)) == ("uncertain", 1, 1)


@pytest.mark.parametrize("address", [http, smtp])
def test_nobody_listens(post: Post, key: str, address: Callable[[int], str]) -> None:
    with nobody() as port:
        done = send(post, key, address(port))
    assert (done.outcome, done.tries, done.reason) == ("failed", 4, "there was no connection")


def test_a_certificate_that_nobody_trusts_is_not_tried_again(post: Post, key: str, tmp_path: Path) -> None:
    with Receiver(secured(OK, tmp_path)) as receiver:
        done = send(post, key, http(receiver.port).replace("json:", "jsons:"))
    assert (done.outcome, done.tries, receiver.received) == ("refused", 1, [])
    assert done.reason is not None and "certificate" in done.reason


def test_a_receiver_that_speaks_no_tls(database: Database, key: str) -> None:
    with Receiver(OK) as receiver:
        address = http(receiver.port, "rto=2&cto=2").replace("json:", "jsons:")
        done = send(Post(Ledger(database), Patience(pauses=())), key, address)
    assert (done.outcome, done.reason) == ("failed", "no secure connection came about")


def test_a_receiver_that_answers_byte_by_byte_is_left_and_keeps_nobody_else_waiting(
    database: Database, key: str
) -> None:
    post = Post(Ledger(database), Patience(pauses=(0.05,), one_try=12.0))
    with Receiver(takes_and_drips) as slow, Receiver(OK) as quick:
        targets = [target(http(slow.port), "slow"), target(http(quick.port), "quick")]
        done = {each.target: each for each in post.deliver(key, lambda _: message(key), targets)}
    assert (done["slow"].outcome, done["slow"].tries, len(slow.received)) == ("uncertain", 1, 1)
    assert done["quick"].outcome == "sent"


def test_an_address_that_is_none_is_refused_without_being_repeated(post: Post, key: str) -> None:
    done = send(post, key, "nonsense://very-secret@host")
    assert done.outcome == "refused" and "secret" not in str(done)
    assert "very-secret" not in repr(target("nonsense://very-secret@host"))


def test_two_senders_at_once_send_once(post: Post, database: Database, key: str) -> None:
    with Receiver(OK) as receiver, ThreadPoolExecutor(4) as pool:
        posts = [Post(Ledger(database), QUICK) for _ in range(4)]
        done = list(pool.map(lambda each: send(each, key, http(receiver.port)), posts))
    assert len(receiver.received) == 1
    assert sum(not each.before for each in done) == 1


def test_while_one_writes_what_is_new_nobody_tells_the_same_in_another_message(
    post: Post, database: Database, key: str
) -> None:
    later = Post(Ledger(database), QUICK)
    other: list[Delivered] = []

    def written(to: Target) -> Message:
        other.extend(later.deliver(key, lambda _: message(f"{key}:2"), [to]))
        return message(f"{key}:1")

    with Receiver(OK) as receiver:
        (done,) = post.deliver(key, written, [target(http(receiver.port))])
    assert [each.outcome for each in other] == ["busy"]
    assert done.outcome == "sent" and len(receiver.received) == 1


def test_a_try_whose_process_died_is_not_made_again(database: Database, post: Post, key: str) -> None:
    with Receiver(OK) as receiver:
        to = target(http(receiver.port))
        assert post.ledger.begin(key, to.name, to.digest) is not None  # … and then the power went
        done = send(post, key, to.url)
        assert (done.outcome, done.before, receiver.received) == ("uncertain", True, [])
        assert done.reason is not None and "ended before" in done.reason
        assert send(post, key, to.url, again=True).outcome == "sent"


def test_the_tables_hold_no_address(post: Post, database: Database, key: str) -> None:
    with Receiver(OK) as receiver:
        send(post, key, f"json://user:very-secret@127.0.0.1:{receiver.port}/token-of-ops")
    with database.state() as connection:
        rows = connection.execute(
            "SELECT d::text, r::text FROM dash.deliveries d JOIN dash.delivery_results r USING (delivery_id)"
        )
        stored = str(rows.fetchall())
    assert key in stored and "very-secret" not in stored and "token-of-ops" not in stored and "127.0.0.1" not in stored
