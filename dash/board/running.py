"""The standing picture: every card as of one moment, a few at a time, each failing alone, kept for a short while.

Cards run the way of every question: guard, execute, interpret. They are no questions of a person and are not in the
query log; their SQL is reviewed or composed, and a pinned one is judged as the model's that it was. Rows are read as
the viewer, so what one person's board shows is never shown to another.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn, TypeVar

from dash.ask import Dash
from dash.board.bar import Bar, window_of
from dash.board.pins import Pin
from dash.board.planning import CardPlan, plan_card
from dash.board.refreshing import Pinned, PinPlan, plan_pin
from dash.board.showing import Shown, show_card
from dash.companions import COMPANION_TIMEOUT_SECONDS
from dash.errors import DashError, InternalError, QueryFailed, QueryRejected, UserError
from dash.knowledge.board import BoardFile, CardFile
from dash.records import Answer, PlannedQuery, QueryPlan, Question, Result, Viewer
from dash.records.plan import Provenance
from dash.steps.interpret import interpret

P = TypeVar("P", CardPlan, PinPlan)
T = TypeVar("T")

KEPT_SECONDS = 60.0
"""How long a board stands before its numbers are read again."""
COVERAGE_SECONDS = 300.0
"""How long it is believed how far the data of a table reaches: on large tables that takes longer than any card."""
MOST_KEPT = 32
MOST_COVERAGES = 500
AT_ONCE = 4
"""Cards that are worked on at once; the reader has eight connections, and people ask questions meanwhile."""
CARD_TIMEOUT_SECONDS = 20.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Standing:
    """One board as of `now`; its cards come as they are done."""

    bar: Bar
    language: str
    viewer: Viewer
    now: datetime
    began: float
    cards: dict[str, Future[Shown]] = field(default_factory=dict)
    pins: dict[str, Future[Pinned]] = field(default_factory=dict)

    def card(self, name: str) -> Shown:
        """A card, waited for."""
        return self.cards[name].result()

    def wait(self) -> tuple[Shown, ...]:
        """All cards, waited for, in the order of the file."""
        return tuple(future.result() for future in self.cards.values())


class Board:
    """The boards of one product. Thread-safe."""

    def __init__(self, dash: Dash, file: BoardFile, *, seconds: Callable[[], float] = time.monotonic) -> None:
        """`seconds` is the clock that kept boards age by."""
        self.dash = dash
        self.file = file
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="board")
        self._kept: OrderedDict[tuple[object, ...], Standing] = OrderedDict()
        self._coverage: dict[tuple[str, Viewer], tuple[float, Result | None]] = {}
        self._lock = threading.Lock()

    def open(self, bar: Bar, viewer: Viewer, language: str, *, anew: bool = False) -> Standing:
        """The board of a bar: the one that stands, or a new one whose cards are at work when this returns."""
        self.dash.look_for_what_came_back()
        key = (bar, viewer, language, self.dash.knowledge.fingerprint)
        with self._lock:
            standing = self._kept.get(key)
            if standing is not None and not anew and self._seconds() - standing.began < KEPT_SECONDS:
                return standing
            standing = Standing(bar, language, viewer, self.dash.clock(), self._seconds())
            for card in self.file.cards:
                standing.cards[card.name] = self._pool.submit(self._run, card, standing)
            self._kept[key] = standing
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return standing

    def pinned(self, standing: Standing, pins: Sequence[Pin]) -> tuple[Pinned, ...]:
        """The pinned answers as of the same moment as the board's cards, waited for, in their order."""
        with self._lock:
            for pin in pins:
                if pin.pin_id not in standing.pins:
                    standing.pins[pin.pin_id] = self._pool.submit(self._run_pin, pin, standing)
        return tuple(standing.pins[pin.pin_id].result() for pin in pins)

    def close(self) -> None:
        """Give up what is at work."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, card: CardFile, standing: Standing) -> Shown:
        """One card; whatever goes wrong with it stays on it."""
        try:
            question = self.question(card, standing)
            return self._made(
                lambda: plan_card(card, standing.bar, self.file, question, self.dash.reader, standing.language),
                lambda planned: self._shown(planned, question, standing),
            )
        except InternalError:
            logger.exception("The card %s broke a promise.", card.name)
        except DashError as error:
            return Shown(card, failure=error.message)
        except Exception:  # the card's own boundary: the board goes on, the log has the trace
            logger.exception("The card %s could not be made.", card.name)
        return Shown(card, failure="")

    def question(self, card: CardFile, standing: Standing) -> Question:
        """The question that a card answers, as far as running it needs one."""
        text = card.question.get(standing.language) or next(iter(card.question.values()))
        return Question(text, standing.now, self.dash.settings.zone, standing.viewer)

    def _shown(self, planned: CardPlan, question: Question, standing: Standing) -> Shown:
        answer, results = self._answer(planned.plan, question, standing)
        trend = self._quietly(planned.trend.query, question, planned.plan.provenance) if planned.trend else None
        return show_card(planned, answer, results, trend)

    def _run_pin(self, pin: Pin, standing: Standing) -> Pinned:
        """One pin; whatever goes wrong with it stays on it."""
        try:
            record = self.dash.runs.get(pin.run_id, owner=standing.viewer.name)
            zone = self.dash.settings.zone
            question = Question(record.question, standing.now, zone, standing.viewer)
            window = window_of(standing.bar, self.file, self.dash.reader, standing.now, zone)
            return self._made(
                lambda: plan_pin(self.dash, record, question, window),
                lambda planned: Pinned(pin, self._answer(planned.plan, question, standing)[0], planned.own_period),
            )
        except InternalError:
            logger.exception("The pin %s broke a promise.", pin.pin_id)
        except DashError as error:
            return Pinned(pin, failure=error.message)
        except Exception:  # the pin's own boundary, as a card's
            logger.exception("The pin %s could not be run.", pin.pin_id)
        return Pinned(pin, failure="")

    def _made(self, plan: Callable[[], P], run: Callable[[P], T]) -> T:
        """What a plan gives, planned anew where the tables were found changed on the way. Raises UserError with the
        reason where it rests on something that is not there any more, as a question is declined then."""
        over, planned = self.dash.reduced, plan()
        try:
            return run(planned)
        except (QueryRejected, QueryFailed) as error:
            if not self.dash.found_changed(error, over):
                self._fail(planned, error)
        planned = plan()
        try:
            return run(planned)
        except (QueryRejected, QueryFailed) as error:
            self._fail(planned, error)

    def _fail(self, planned: CardPlan | PinPlan, error: QueryRejected | QueryFailed) -> NoReturn:
        missing = self.dash.say_missing(planned.plan, error)
        if missing:
            raise UserError(missing) from error
        raise error

    def _answer(self, plan: QueryPlan, question: Question, standing: Standing) -> tuple[Answer, dict[str, Result]]:
        """Guard, execute, interpret, with what stands beside the number."""
        results = {"main": self._execute(plan.main, question, plan.provenance, CARD_TIMEOUT_SECONDS)}
        for role, query in plan.companions.items():
            found = self._companion(role, query, question, plan.provenance, standing)
            if found is not None:
                results[role] = found
        return self.dash.with_noticed(interpret(question, plan, results, self.dash.knowledge), plan), results

    def _companion(
        self, role: str, query: PlannedQuery, question: Question, provenance: Provenance, standing: Standing
    ) -> Result | None:
        if role != "coverage":
            return self._quietly(query, question, provenance)
        key = (query.sql, standing.viewer)
        asked_at, found = self._coverage.get(key, (float("-inf"), None))
        if self._seconds() - asked_at >= COVERAGE_SECONDS:
            found = self._quietly(query, question, provenance)
            if len(self._coverage) >= MOST_COVERAGES:
                self._coverage.clear()
            self._coverage[key] = (self._seconds(), found)
        return found

    def _quietly(self, query: PlannedQuery, question: Question, provenance: Provenance) -> Result | None:
        """What stands beside a number may be missing; the number is complete without it."""
        try:
            return self._execute(query, question, provenance, COMPANION_TIMEOUT_SECONDS)
        except (QueryRejected, QueryFailed) as error:
            logger.info("Something beside a card is left out: %s", error.message)
            return None

    def _execute(self, query: PlannedQuery, question: Question, provenance: Provenance, seconds: float) -> Result:
        checked = self.dash.check(query, question.viewer, provenance)
        return self.dash.execute(checked, question, seconds=seconds)


def shared_caveats(cards: Iterable[Shown]) -> tuple[str, ...]:
    """Caveats that at least three cards and half of those that have any share: said once, above all cards."""
    told = [{caveat.text for caveat in card.answer.caveats} for card in cards if card.answer]
    having = [texts for texts in told if texts]
    counted = {text: sum(text in texts for texts in having) for texts in having for text in sorted(texts)}
    return tuple(text for text, times in counted.items() if times >= 3 and 2 * times >= len(having))
