"""The third planner at work on one question: it asks a model, proves what can be proven, and asks again with reasons.

First the question is asked for as a query of governed names, which our compiler turns into SQL; only when the model
says that those cannot say it, as SQL. Whatever comes back is a proposal: the main path guards it, runs it and hands
what went wrong to `reject`, and the next `propose` carries it to the model. It gives up before the session does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from dash.errors import QueryRejected, UserError
from dash.language.reader import Reader
from dash.llm.asking import ModelRequest, ModelSession
from dash.llm.tokens import count_tokens
from dash.records import BY_MODEL, Grounding, PlannedQuery, QueryPlan, Question, Unconfirmed, Understood
from dash.records.semantic_query import Scalar
from dash.steps.plan.composed import plan_query
from dash.steps.plan.understood import explain, metric_definitions
from dash.steps.plan.written.agree import read_again
from dash.steps.plan.written.answers import NOTHING, Word, query_answer, sql_answer, words_of
from dash.steps.plan.written.convert import Meant, Unfit, explained, is_used, read_answer
from dash.steps.plan.written.examine import examine
from dash.steps.plan.written.facts import Facts, find_facts
from dash.steps.plan.written.findings import Unproven
from dash.steps.plan.written.prompts import (
    count_names,
    instructions,
    query_prompt,
    repaired,
    schema_tokens,
    sql_prompt,
)
from dash.steps.plan.written.shelf import Shelf, fill_shelf

PROMPT_TOKENS = 4_000
"""What the prompts of an ordinary question may take in all: one for a query, and one for SQL where that is needed."""
_QUERY_PART = 0.48
ATTEMPTS = 2
"""How often each of the two is asked for."""
_LONGEST_ANSWER = 1_500
_ALWAYS, _NEVER = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
"""What an open side of a period is bound to."""
_SCHEMA_PART, _LEAST = 0.58, 0.15
"""How much of the room beside the instructions the schema may take, and what part of the names is shown at least."""

Background = Callable[[Collection[str], Sequence[tuple[str, Scalar]]], Mapping[str, Sequence[str]]]
"""Tables and values (dimension, value) → lines about them by their heading, for the prompt of SQL."""


class GaveUp(Exception):
    """The model cannot help: `why` is "declined" (it says so itself) or "unproven" (its answers failed the checks)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Author:
    """Proposals for one question. Used by one thread, thrown away with the question."""

    def __init__(
        self,
        question: Question,
        grounding: Grounding,
        reader: Reader,
        session: ModelSession,
        *,
        background: Background = lambda tables, values: {},
        budget: int = PROMPT_TOKENS,
    ) -> None:
        """`background` gives what was learned about tables, and what the company says about values."""
        self._question = question
        self._grounding = grounding
        self._reader = reader
        self._session = session
        self._background = background
        self._told: Mapping[str, Sequence[str]] | None = None
        self._budget = budget
        self._facts: Facts = find_facts(question, grounding, reader)
        self._wants_sql = False
        self._asked = {"plan": 0, "sql": 0}
        self._last: tuple[str, str] | None = None
        self._shelf: Shelf | None = None
        self._words: tuple[Word, ...] = ()
        self._unconfirmed: tuple[Unconfirmed, ...] = ()

    @property
    def seconds_left(self) -> float:
        """What the question's deadline leaves for what the model proposed. Raises ModelFailed when it is over or the
        question was cancelled."""
        return self._session.seconds_left

    @property
    def may_try_again(self) -> bool:
        """Whether a rejected proposal can be followed by another one of its kind."""
        return self._asked["sql" if self._wants_sql else "plan"] < ATTEMPTS

    def propose(self) -> QueryPlan:
        """The next proposal. Raises GaveUp, and ModelFailed when the model does."""
        while True:
            try:
                return self._propose_sql() if self._wants_sql else self._propose_query()
            except Unfit as failure:
                self.reject(failure.reason)

    def reject(self, reason: str) -> None:
        """What was wrong with the last proposal, for the next one. Raises GaveUp when there is none."""
        if not self.may_try_again:
            raise GaveUp("unproven")
        self._last = (self._last[0] if self._last else "", reason)

    def examine(self, planned: QueryPlan) -> None:
        """What can be proven of a guarded proposal before it runs. Raises QueryRejected with what cannot: always where
        that keeps an answer back, and else for as long as the model may mend it."""
        if planned.provenance not in BY_MODEL:
            return
        findings = examine(planned.main.sql, self._facts, self._words, self._reader)
        grave = [finding for finding in findings if finding.keeps_back]
        if grave or (findings and self.may_try_again):
            raise Unproven(grave + [finding for finding in findings if finding not in grave])
        self._unconfirmed = tuple(f.unconfirmed for f in findings if f.unconfirmed is not None)

    def confirmed(self, planned: QueryPlan, *, agreed: bool) -> QueryPlan:
        """The proposal that ran, marked with what of it is not proven. `agreed`: it is the composed planner's own query
        of the question with its words explained.

        The proofs find mistakes and no malice: a constant under the right conditions passes them all. So SQL that a
        model wrote is never more than unconfirmed, and a query of governed names is confirmed only by a second reading.
        A word that says nothing may narrow the question, whoever reads the rest of it.
        """
        lost = (Unconfirmed("word", words) for words in planned.left_out)
        if planned.provenance in BY_MODEL:
            doubts = (*self._unconfirmed, *lost, Unconfirmed("sql"))
            return replace(planned, provenance="model_unconfirmed", unconfirmed=tuple(dict.fromkeys(doubts)))
        alone = () if agreed else (Unconfirmed("reading"),)
        return replace(planned, unconfirmed=tuple(dict.fromkeys((*planned.unconfirmed, *lost, *alone))))

    def twin(self, planned: QueryPlan) -> QueryPlan | None:
        """The composed planner's plan of the same question with its words explained, where it has one: its numbers must
        be those of the proposal, and then it is the better answer, with all that belongs to a query of ours."""
        if self._shelf is None:
            return None
        language = self._grounding.language
        reading = read_again(self._question, self._facts, self._words, self._shelf, language, self._reader)
        if reading is None:
            return None
        try:
            own = plan_query(reading.query, reading.spans, self._question, self._grounding, self._reader)
        except UserError:
            return None
        return replace(
            own,
            provenance="model_read",
            # Places in the text that was read again are none in the question; fixes were of SQL that is not used.
            understood=tuple(entry for entry in planned.understood if entry.kind != "learning"),
            files=tuple(dict.fromkeys(span.source.split(":")[0] for span in reading.spans if span.source)),
            left_out=planned.left_out,
            unconfirmed=tuple(doubt for doubt in planned.unconfirmed if doubt.kind == "word"),
        )

    # a query of governed names

    def _propose_query(self) -> QueryPlan:
        system = instructions("plan")
        shelf, answer = self._fitting(system)
        prompt = query_prompt(self._question, self._facts, shelf, self._reader, self._room(system, answer, _QUERY_PART))
        said: Any = self._ask("plan", system, prompt, answer)
        if said.say == "no" or (said.say == "sql" and self._facts.previous is not None):
            raise GaveUp("declined")  # what goes on from a query is a query as well
        if said.say == "sql":
            self._wants_sql, self._last = True, None
            return self._propose_sql()
        meant = read_answer(said, shelf, self._facts, self._reader, last=not self.may_try_again)
        self._words = meant.words
        try:
            return self._plan(meant)
        except UserError as failure:
            raise Unfit(f"This cannot be compiled: {failure.message}") from None

    def _fitting(self, system: str) -> tuple[Shelf, type[BaseModel]]:
        """The fullest shelf whose schema leaves half of its part of the budget to the prompt."""
        room = int(self._budget * _QUERY_PART) - count_tokens(system)
        bounded = bool(self._facts.numbers or self._facts.of("comparator"))
        full = fill_shelf(self._facts, self._question.now, self._question.zone, self._reader)
        answer = query_answer(full, self._facts.unknown, bounded=bounded)
        names = count_names(full)
        fixed = schema_tokens(answer) - names
        shelf = full
        if fixed + names > room * _SCHEMA_PART:
            share = max(_LEAST, (room * _SCHEMA_PART - fixed) / names)
            shelf = fill_shelf(self._facts, self._question.now, self._question.zone, self._reader, share)
            answer = query_answer(shelf, self._facts.unknown, bounded=bounded)
        self._shelf = full
        return shelf, answer

    def _room(self, system: str, answer: type[BaseModel], part: float) -> int:
        return int(self._budget * part) - count_tokens(system) - schema_tokens(answer)

    def _plan(self, meant: Meant) -> QueryPlan:
        spans = [
            next((other for other in one.others if is_used(other, meant.query, self._reader)), one.span)
            for one in self._facts.found
            if not one.span.says_nothing
        ]
        planned = plan_query(meant.query, spans, self._question, self._grounding, self._reader)
        return replace(
            planned,
            provenance="model_read",
            understood=planned.understood + tuple(self._explained(word) for word in meant.words),
            left_out=(*meant.left_out, *self._asides()),
            unconfirmed=meant.unconfirmed,
        )

    def _asides(self) -> tuple[str, ...]:
        """The clauses that say why somebody asks: a model is not asked about them, and the answer names them."""
        return tuple(one.words for one in self._facts.found if one.span.kind == "aside")

    def _explained(self, word: Word) -> Understood:
        """What the model took a word for, in the words of the person where it is a name of the knowledge."""
        model, language = self._reader.model, self._grounding.language
        meaning = word.meaning
        if meaning in model.metrics:
            meaning = model.metric_label(meaning, language)
        elif meaning in model.dimensions:
            meaning = model.label(meaning, language)
        elif self._shelf is not None and meaning in self._shelf.conditions:
            dimension, value = self._shelf.conditions[meaning]
            meaning = f"{model.label(dimension, language)}: {model.value_label(dimension, value, language)}"
        elif meaning == NOTHING:
            meaning = "–"
        return Understood(word.words, meaning, "model")

    # SQL

    def _propose_sql(self) -> QueryPlan:
        system = instructions("sql")
        shelf = self._shelf or self._fitting(instructions("plan"))[0]
        answer = sql_answer(self._facts.unknown)
        room = self._room(system, answer, 1 - _QUERY_PART)
        if self._told is None:
            named = [(name, value) for _, said in self._facts.values for name, values in said for value in values]
            self._told = self._background(shelf.tables, named)
        prompt = sql_prompt(self._question, self._facts, shelf, self._reader, self._told, room)
        said: Any = self._ask("sql", system, prompt, answer)
        if not said.possible:
            raise GaveUp("declined")
        if "--" in said.sql or "/*" in said.sql:
            raise Unfit("The SQL holds a comment; write it without.")  # a file made of it has marks in comments
        words = explained(words_of(said), self._facts.unknown)
        self._words = words  # what it says of other words explains no condition
        left_out = tuple(word.words for word in words if word.meaning == NOTHING)
        windows = self._facts.windows
        return QueryPlan(
            provenance="model_written",
            language=self._grounding.language,
            main=PlannedQuery(said.sql, self._bound(said.sql)),
            vetted_filled={"period": windows[0]} if windows else {},
            understood=self._known() + tuple(self._explained(word) for word in words),
            definitions=metric_definitions(
                [one.span.meaning for one in self._facts.of("metric")], self._reader, self._grounding.language, {}
            ),
            left_out=(*left_out, *self._asides()),
        )

    def _bound(self, sql: str) -> dict[str, Any]:
        """Values of the placeholders that the SQL uses: the moment, and the period of the question."""
        from dash.knowledge.placeholders import names
        from dash.semantics.moments import resolve_window

        values: dict[str, Any] = {"now": self._question.now}
        for name, window in self._facts.periods.items():
            start, end = resolve_window(window, self._question.now, self._question.zone)
            values |= {f"{name}_start": start or _ALWAYS, f"{name}_end": end or _NEVER}
        try:
            used = set(names(sql))
        except QueryRejected:  # the guard says it again, to the model
            return values
        return {name: value for name, value in values.items() if name in used}

    def _known(self) -> tuple[Understood, ...]:
        spans = [one.span for one in self._facts.found if not one.span.says_nothing]
        tokens = self._grounding.tokens
        return explain(spans, self._question, tokens, self._reader, self._grounding.language)

    # asking

    def _ask(self, purpose: Any, system: str, prompt: str, answer: type[BaseModel]) -> BaseModel:
        if self._asked[purpose] >= ATTEMPTS:
            raise GaveUp("unproven")
        self._asked[purpose] += 1
        user = repaired(prompt, *self._last) if self._last else prompt
        said = self._session.ask(ModelRequest(purpose, system, user, answer))
        self._last = (said.model_dump_json()[:_LONGEST_ANSWER], "")
        return said
