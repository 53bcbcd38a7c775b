"""The main path: ground → plan → guard → execute → interpret, and the record of it.

                         ↑                 |
                         └── rejections ───┘   of a language model's proposals, where one is configured

`Dash` holds what the steps need; `Dash._answer` is that path as one function. The question is on disk before anything
is done about it, every intermediate value goes into the run record, and whatever goes wrong becomes an answer that says
what to do: `ask` does not raise for anything that a person can type or a database can do.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from dash.companions import Companions
from dash.database import Database
from dash.drift import Looked, keep_look, look_at_data
from dash.errors import DashError, QueryFailed, QueryOutdated, QueryRejected, SchemaChanged
from dash.knowledge import Knowledge, load_knowledge
from dash.known import Known, may_be_drift
from dash.learnings import Learnings, load_learnings, usable, with_vocabulary
from dash.learnings.quarantine import keep
from dash.llm import LanguageModel, ModelSession, open_model
from dash.logs import logged_as
from dash.recording import Desk, Run
from dash.records import (
    BY_MODEL,
    Answer,
    CheckedQuery,
    Decline,
    PlannedQuery,
    QueryPlan,
    Question,
    Refill,
    Result,
    Viewer,
)
from dash.runs import Runs
from dash.settings import Settings
from dash.settling import ask_model, put_into_words, run_main
from dash.steps.execute import execute
from dash.steps.ground import MAXIMUM_LENGTH, ground
from dash.steps.guard import guard
from dash.steps.interpret import interpret, say
from dash.steps.learn import learn
from dash.steps.plan import plan
from dash.threads import Threads
from dash.tracing import SILENT, Tracing, open_tracing

T = TypeVar("T")


def system_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def silent(*_: Any) -> None:
    """The listener of nobody who looks."""


def never() -> bool:
    """Whether nobody has cancelled: they have not."""
    return False


class Dash(Known):
    """An open product: knowledge read, database ready. Thread-safe. Use it with `with`, or close it."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        knowledge: Knowledge,
        clock: Callable[[], datetime],
        learnings: Learnings | None = None,
        model: LanguageModel | None = None,
        tracing: Tracing = SILENT,
    ) -> None:
        """Private to `open` and to trials. `knowledge` is read as it is, with the learned words that are in it;
        `written` is what the files say without them."""
        self.threads = Threads(database)
        self.runs = Runs(database)
        self.model = model
        self.tracing = tracing
        self.clock = clock
        super().__init__(settings, database, knowledge, learnings or Learnings(database))

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = system_clock,
        progress: Callable[[str], None] = silent,
        model: LanguageModel | None = None,
    ) -> Dash:
        """Read the knowledge and the learnings, start or join the database, let the reader see what is described.

        `model` overrides the language model of the settings.

        Raises KnowledgeError with every fault, EnvironmentProblem, DatabaseUnavailable.
        """
        progress("Reading the knowledge")
        knowledge = load_knowledge(settings.knowledge)
        files = load_learnings(settings.learnings)
        database = Database.open(settings, progress)
        try:
            database.grant_reader(knowledge.allowed())
            learnings = Learnings(database, files)
            position = learnings.position()
            taught = with_vocabulary(knowledge, usable(learnings.active(), knowledge, settings.user))
            model, tracing = model or open_model(settings, database), open_tracing(settings.traces)
            opened = cls(settings, database, taught, clock, learnings, model, tracing)
            opened.follow(knowledge, position)
            return opened
        except BaseException:
            database.close()
            raise

    def __enter__(self) -> Dash:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fitted(self) -> None:
        """What is beside numbers is asked anew of what there is, and questions from now on are read so."""
        self._beside = Companions()
        self._desk = Desk(self.runs, self.threads, self.reader, self.settings.zone, MAXIMUM_LENGTH, self.tracing)

    def close(self) -> None:
        """Leave the database; the last to leave stops the embedded server."""
        self.database.close()
        self.tracing.close()

    def ask(
        self,
        text: str,
        *,
        thread_id: str | None = None,
        viewer: Viewer | None = None,
        now: datetime | None = None,
        on_begin: Callable[[str, str], None] = silent,
        on_step: Callable[[str, float], None] = silent,
        cancelled: Callable[[], bool] = never,
        learns: bool = True,
        refill: Refill | None = None,
    ) -> Answer:
        """Answer a question, ask back, or decline, and say which.

        `now` overrides the clock (aware); `on_begin` hears the ids of run and thread once the question is on disk,
        `on_step` the name of each step and the seconds since the start; `cancelled` is looked at before each step and
        while the database or a model works; then the outcome is "cancelled". `refill` is a vetted query, filled.
        `learns` False leaves no candidates behind: for golden questions, whose choices nobody picked.
        Never raises for a bad question or a failing database: those are answers with outcome "error".
        """
        self.refresh_if_due()
        run = Run(self._desk, text, viewer or Viewer(self.settings.user), now or self.clock(), on_step, cancelled)
        try:
            on_begin(*run.begin(thread_id))
            with logged_as(run.run_id):
                answer = self._answer(run, refill)
        except DashError as error:
            answer = run.failed(error)
        except Exception as error:  # noqa: BLE001 - the boundary: the person gets a sentence, the record the trace
            answer = run.broke(error)
        answer = run.finish(answer)
        if learns:
            run.trace.step("learn", lambda: self._learn(run, answer))
        run.report(answer)
        return answer

    def look_for_drift(self) -> Looked:
        """Look at the tables and at their data, keep what was found, and say it beside answers from now on.

        Raises DatabaseUnavailable.
        """
        self.look_at_schema()
        if self.reduced.why:
            with self._fitting:
                self.schema.name(self.reduced)
                self.fit()
        now = self.clock()
        looked = look_at_data(self, now, self.settings.zone, Viewer(self.settings.user))
        self.noticed = looked.findings
        keep_look(self.database, self.written.fingerprint, now, self.drift)
        return looked

    def _learn(self, run: Run, answer: Answer) -> None:
        """What the run taught, as candidates. The answer is finished by now; nothing here may cost the person it."""
        with suppress(Exception):
            for candidate in learn(run.facts(answer), self.reader):
                keep(candidate, self.learnings, self.knowledge, activates=self.settings.activate_fixes)

    def _answer(self, run: Run, refill: Refill | None = None) -> Answer:
        """The main path, once more where the tables were found changed on the way; what rests on something that is not
        there any more is declined with the reason."""
        over = self.reduced
        try:
            return self._answer_once(run, refill)
        except (QueryRejected, QueryFailed) as error:
            if not self.found_changed(error, over):
                return self._declined_for_drift(run, error)
        try:
            return self._answer_once(run, refill)
        except (QueryRejected, QueryFailed) as error:
            return self._declined_for_drift(run, error)

    def _declined_for_drift(self, run: Run, error: QueryRejected | QueryFailed) -> Answer:
        """Why the question cannot be answered, where that is because the database is not as it was; else the error."""
        planned = run.planned
        missing = self.say_missing(planned, error) if planned is not None else ""
        if planned is None or not missing:
            raise error
        run.keep_failure("main", error)
        return say(Decline(planned.language, missing, understood=planned.understood), run.question)

    def _answer_once(self, run: Run, refill: Refill | None) -> Answer:
        grounding = run.step("ground", lambda: ground(run.question, self.reader))
        run.keep(grounding=grounding)
        planned = run.step("plan", lambda: plan(run.question, grounding, self.reader, refill))
        run.keep(plan=planned)
        if isinstance(planned, QueryPlan):
            return self._in_words(self._tell(planned, run_main(self, planned, run), run), run)
        if self.model is None or not planned.for_model:
            return say(planned, run.question)
        session = self._session(self.model, run)
        found = ask_model(self, session, planned, grounding, run)
        return found if isinstance(found, Answer) else self._in_words(self._tell(*found, run), run, session)

    @staticmethod
    def _session(model: LanguageModel, run: Run) -> ModelSession:
        session = model.session(viewer=run.question.viewer, run_id=run.run_id, cancelled=run.cancelled)
        run.trace.watch(session)
        return session

    def _in_words(self, answer: Answer, run: Run, session: ModelSession | None = None) -> Answer:
        """The answer as a model says it, where one is named for that; one question's calls are counted together."""
        if self.model is None or not self.model.writes_prose:
            return answer
        return put_into_words(self, session or self._session(self.model, run), answer, run)

    def _tell(self, planned: QueryPlan, main: Result, run: Run) -> Answer:
        """What is beside the number, and the answer in words."""
        run.keep(result=main)
        companions = run.step("companions", lambda: self._beside.find(self, planned, run))
        results = {"main": main, **companions}
        answer = run.step("interpret", lambda: interpret(run.question, planned, results, self.knowledge))
        return self.with_noticed(answer, planned)

    def check(self, planned: PlannedQuery, viewer: Viewer, provenance: str, *, reviewed: bool = True) -> CheckedQuery:
        """The guard with this knowledge's allow-lists; what a model wrote may read only what a model may be shown.
        `reviewed` False bounds the cost, as of what a model wrote. Raises QueryRejected."""
        by_model = provenance in BY_MODEL
        readable = self.allowed
        allowed = readable.for_models if by_model else readable.columns
        reviewed = reviewed and not by_model
        try:
            return guard(
                planned, allowed, personal=self.personal, viewer=viewer, reviewed=reviewed, shape=readable.shape.of
            )
        except QueryRejected as rejection:
            if found := self.reduced.explain(planned.sql):
                raise QueryOutdated("; ".join(map(str, found))) from rejection
            raise

    def execute(
        self,
        checked: CheckedQuery,
        question: Question,
        *,
        seconds: float | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Result:
        """Run a checked query within the settings' limits. Raises QueryFailed, DatabaseUnavailable, Cancelled."""
        limits = self.settings.limits
        if seconds is not None:
            limits = replace(limits, statement_timeout_seconds=min(seconds, limits.statement_timeout_seconds))
        try:
            return execute(
                checked,
                self.database,
                limits=limits,
                zone=question.zone,
                viewer=question.viewer,
                cancelled=cancelled,
            )
        except QueryFailed as error:
            if may_be_drift(error) and self.look_at_schema():
                raise SchemaChanged(checked.relations[0]) from error
            raise


def answer_json(answer: Answer) -> dict[str, Any]:
    """The documented JSON of an answer (docs/answer-json.md): the record's fields, tuples as lists."""
    return {name: _plain(value) for name, value in asdict(answer).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
