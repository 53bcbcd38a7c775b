"""A chosen clarification teaches the word that was asked about: as a candidate, and once activated to everyone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dash.ask import Dash
from dash.errors import UserError
from dash.evals.support import require_usable
from dash.records import Viewer

from .conftest import NOW, ask_all

QUOKKA = ("How many quokka tickets last week?", "How many shipping tickets last week?")
SHIPPING = "category = shipping_inquiry"


@pytest.mark.parametrize(
    ("asked", "reply", "learned"),
    [
        ("How many shiping tickets last week?", "1", ("shiping", SHIPPING)),
        ("How many shiping tickets last week?", QUOKKA[1], ("shiping", SHIPPING)),
        ("How many tickets by chanell last week?", "1", ("chanell", "channel")),
        ("how much does it cost", "2", ("cost", "chat_cost")),
        (*QUOKKA, ("quokka", SHIPPING)),
        ("Сколько кракозябр за неделю?", "Сколько тикетов за неделю?", ("кракозябр", "tickets")),
    ],
)  # fmt: skip
def test_the_word_that_was_asked_about_becomes_a_candidate(
    shared: Dash, asked: str, reply: str, learned: tuple[str, str]
) -> None:
    before = {each.id: each.seen for each in shared.learnings.all()}
    first, second = ask_all(shared, asked, reply)
    assert first.outcome != "answered"
    assert second.outcome == "answered"
    (learning,) = [each for each in shared.learnings.all() if before.get(each.id) != each.seen]
    assert (learning.wrong, learning.right) == learned
    assert (learning.kind, learning.status) == ("vocabulary", "candidate")
    assert (learning.evidence[-1].question, learning.evidence[-1].run) == (asked, first.run_id)


@pytest.mark.parametrize(
    "turns",
    [
        ("How many tickets last week?", "by channel"),
        ("How many quokka tickets last week?", "How many tickets last week?"),
        ("How many quokka tickets last week?", "resolution rate last month"),
        ("How many quokka wombat tickets last week?", "How many shipping tickets from Germany last week?"),
        ("csat", "csat last week"),
        ("How many tickets from ann@example.com last week?", "How many shipping tickets last week?"),
        ("show me those tickets", "How many tickets last week?"),
    ],
)
def test_what_names_no_one_word_with_one_meaning_teaches_nothing(shared: Dash, turns: tuple[str, ...]) -> None:
    before = shared.learnings.all()
    ask_all(shared, *turns)
    assert shared.learnings.all() == before


def test_golden_questions_teach_nothing(shared: Dash) -> None:
    before = shared.learnings.all()
    first = shared.ask("how much does it cost", learns=False)
    shared.ask("2", thread_id=first.thread_id, learns=False)
    assert shared.learnings.all() == before


def test_an_activated_word_is_understood_by_everyone_until_it_is_retired(own: Dash) -> None:
    for name in ("ann", "bob"):
        first = own.ask(QUOKKA[0], viewer=Viewer(name))
        own.ask(QUOKKA[1], thread_id=first.thread_id, viewer=Viewer(name))
    (learning,) = own.learnings.all()
    assert learning.seen == 2
    require_usable(own, learning)
    reader = own.reader
    assert own.ask(QUOKKA[0]).outcome == "declined"
    assert not own.refresh()
    assert own.reader is reader

    own.learnings.activate(learning.id, by="lead")
    assert own.refresh()
    answer = own.ask(QUOKKA[0], viewer=Viewer("eve"))
    assert answer.rows == own.ask(QUOKKA[1]).rows
    assert [each.source for each in answer.understood if each.words == "quokka"] == [f"learnings/{learning.id}:1"]
    with Dash.open(own.settings, clock=lambda: NOW) as opened:
        assert opened.ask(QUOKKA[0]).rows == answer.rows

    own.learnings.retire(learning.id, by="lead")
    assert own.refresh()
    assert own.ask(QUOKKA[0]).outcome == "declined"
    with Dash.open(own.settings, clock=lambda: NOW) as opened:
        assert opened.ask(QUOKKA[0]).outcome == "declined"
    ask_all(own, *QUOKKA)
    assert own.learnings.get(learning.id).status == "retired"


def test_an_ambiguous_word_can_be_narrowed_to_one_of_its_meanings(own: Dash) -> None:
    ask_all(own, "how much does it cost", "2")
    (learning,) = own.learnings.all()
    own.learnings.activate(learning.id, by="lead")
    own.refresh()
    assert own.ask("cost last month").rows == own.ask("chat cost last month").rows


def test_a_word_that_means_something_already_cannot_be_learned(shared: Dash) -> None:
    ask_all(shared, *QUOKKA)
    learning = next(each for each in shared.learnings.all() if each.wrong == "quokka")
    assert learning.word is not None
    for phrase in ("tickets", "resolution rate", "channels", "last week", "Sent"):
        other = replace(learning, word=replace(learning.word, words={"en": (phrase,)}))
        with pytest.raises(UserError, match="already"):
            require_usable(shared, other)
