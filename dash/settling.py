"""A language model's turn on the main path: its proposals are guarded, examined, run, until one holds or none will.

What went wrong with one is mended here where that is mechanical, and told to the model where it is not; every attempt
is in the query log. When the model is no help, the answer is the one that there is without a model, with a sentence on
why: so whatever a model or its server does costs a person time, and never the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from dash.errors import Cancelled, DatabaseUnavailable, ModelFailed, QueryFailed, QueryRejected
from dash.guidance import GuardedPath, guidance_lines
from dash.language.reader import Reader
from dash.learnings import (
    Diagnosis,
    Fix,
    Learning,
    Learnings,
    apply_fix,
    apply_fixes,
    diagnose,
    diagnose_empty,
    fix_line,
    prompt_lines,
    usable,
)
from dash.llm import ModelSession
from dash.recording import Run
from dash.records import (
    BY_MODEL,
    Answer,
    Clarification,
    Decline,
    Grounding,
    QueryPlan,
    Result,
    Understood,
)
from dash.records.semantic_query import Scalar
from dash.steps.interpret import in_prose, prose_request, say_unhelped

if TYPE_CHECKING:
    from dash.steps.plan.written import Author

STOPPED = "Stopped before the answer was ready."
MAXIMUM_MENDS = 3
"""How often a proposal is mended without its author in one run."""


class MainPath(GuardedPath, Protocol):
    """What the main path lends to a model's turn."""

    reader: Reader
    learnings: Learnings


def nothing(*_: Any) -> None:
    """The examination of a plan that needs none."""


def run_main(
    path: MainPath,
    planned: QueryPlan,
    run: Run,
    examine: Callable[[], None] = nothing,
    seconds: Callable[[], float | None] = lambda: None,
) -> Result:
    """Guard and execute; between the two, `examine` may reject what only its author can judge. `seconds` says how long
    it may run, where that is less than the settings allow."""
    with run.queries.attempt("main", planned.main, planned.provenance) as attempt:
        checked = run.step("guard", lambda: path.check(planned.main, run.question.viewer, planned.provenance))
        examine()
        left = seconds()
        attempt.result = result = run.step(
            "execute", lambda: path.execute(checked, run.question, seconds=left, cancelled=run.cancelled)
        )
    return result


def ask_model(
    path: MainPath,
    session: ModelSession,
    unread: Clarification | Decline,
    grounding: Grounding,
    run: Run,
) -> tuple[QueryPlan, Result] | Answer:
    """What a language model makes of a question that the planners did not understand; when it is no help, their own
    question back or decline, and why it is none."""
    from dash.steps.plan.written import Author, GaveUp

    learned = usable(path.learnings.active(), path.knowledge, run.question.viewer.name)
    try:
        background = partial(_background, path, run, learned)
        author = Author(run.question, grounding, path.reader, session, background=background)
        return _settle(path, author, learned, run)
    except (ModelFailed, GaveUp) as failure:
        if run.cancelled():
            raise Cancelled("Stopped before the language model had answered.") from failure
        why = failure.kind if isinstance(failure, ModelFailed) else failure.why
        run.keep(plan=unread)
        return say_unhelped(unread, run.question, path.knowledge, why)
    finally:
        run.keep(calls=session.calls)


def _background(
    path: MainPath,
    run: Run,
    learned: Sequence[Learning],
    tables: Collection[str],
    values: Sequence[tuple[str, Scalar]],
) -> Mapping[str, Sequence[str]]:
    """What a model is told beside the shelf: what was learned about the tables, what the company says of the values."""
    from dash.llm.learned import recalled

    lessons = recalled(lambda relations: prompt_lines(learned, relations=relations), tables)
    return {"Learned from mistakes": lessons, "Own instructions": tuple(guidance_lines(path, run, values))}


def put_into_words(path: MainPath, session: ModelSession, answer: Answer, run: Run) -> Answer:
    """The answer in a model's sentences, where those say what ours say; ours for whatever goes wrong."""
    request = prose_request(answer, path.reader)
    if request is None:
        return answer
    try:
        said: Any = run.step("prose", lambda: session.ask(request))
        return in_prose(said, answer, path.reader)
    except (ModelFailed, DatabaseUnavailable):
        return answer
    finally:
        run.keep(calls=session.calls)


def _settle(path: MainPath, author: Author, learned: Sequence[Learning], run: Run) -> tuple[QueryPlan, Result]:
    """Propose, guard, examine, execute, until a proposal holds. Raises GaveUp and ModelFailed."""
    planned = run.step("model", author.propose)
    found_here: list[Fix] = []
    mends = 0
    while True:
        planned = _with_fixes(path, planned, learned, found_here)
        run.keep(plan=planned)
        try:
            main = run_main(path, planned, run, partial(author.examine, planned), lambda: author.seconds_left)
            twin, numbers = _as_composed(path, author.twin(planned), planned, main, run, author.seconds_left)
        except (QueryRejected, QueryFailed) as error:
            run.keep_failure("main", error)
            found = diagnose(error, planned.main.sql, path.knowledge)
        else:
            empty = _why_empty(path, planned, main) if twin is None else None
            if empty is None or not (author.may_try_again or (empty.fix and mends < MAXIMUM_MENDS)):
                planned = author.confirmed(twin or planned, agreed=twin is not None)
                run.keep(plan=planned)
                return planned, numbers
            found = empty
        changed = _mended(path, planned, found) if mends < MAXIMUM_MENDS else None
        mends += 1
        if changed is None:
            author.reject(found.sentence)
        elif found.fix is not None:
            found_here.append(found.fix)
        planned = changed or run.step("model", author.propose)


def _with_fixes(
    path: MainPath, planned: QueryPlan, learned: Sequence[Learning], found_here: Sequence[Fix]
) -> QueryPlan:
    """A model's SQL with the active fixes applied, and those that this run has found: each is named in how the question
    was understood, and a mistake that was mended once does not reach the guard again with the next proposal."""
    if planned.provenance not in BY_MODEL:
        return planned
    allowed = path.knowledge.allowed()
    text, applied = apply_fixes(planned.main.sql, learned, allowed)
    notes = [Understood("SQL", fix.what, "learning", fix.source) for fix in applied]
    for fix in found_here:
        text, places = apply_fix(text, fix, allowed)
        notes += [Understood("SQL", fix_line(fix), "learning")] if places else []
    known = [note for note in notes if note not in planned.understood]
    return replace(planned, main=replace(planned.main, sql=text), understood=(*planned.understood, *known))


def _mended(path: MainPath, planned: QueryPlan, found: Diagnosis) -> QueryPlan | None:
    """A model's SQL with what went wrong mended mechanically, where that can be."""
    if found.fix is None or planned.provenance not in BY_MODEL:
        return None
    text, places = apply_fix(planned.main.sql, found.fix, path.knowledge.allowed())
    if not places:
        return None
    note = Understood("SQL", found.sentence, "learning")
    return replace(planned, main=replace(planned.main, sql=text), understood=(*planned.understood, note))


def _why_empty(path: MainPath, planned: QueryPlan, main: Result) -> Diagnosis | None:
    """Why a model's query found nothing at all, where a value that does not exist is why."""
    if planned.provenance not in BY_MODEL or any(cell for row in main.rows for cell in row):
        return None
    return diagnose_empty(planned.main.sql, path.knowledge)


def _as_composed(
    path: MainPath, twin: QueryPlan | None, planned: QueryPlan, main: Result, run: Run, seconds: float
) -> tuple[QueryPlan | None, Result]:
    """The composed planner's plan for the same question with its result, which must have the numbers of the proposal;
    None with the proposal's own result where there is none that runs. Raises QueryRejected."""
    from dash.steps.plan.written import agrees

    if twin is None or (twin.main.sql, twin.main.parameters) == (planned.main.sql, planned.main.parameters):
        return twin, main
    try:
        with run.queries.attempt("twin", twin.main, twin.provenance) as attempt:
            checked = path.check(twin.main, run.question.viewer, twin.provenance)
            attempt.result = other = path.execute(checked, run.question, seconds=seconds, cancelled=run.cancelled)
    except (QueryRejected, QueryFailed):
        return None, main  # it cannot say the same, so it contradicts nothing
    if not agrees(main, other, twin.main.columns):
        raise QueryRejected(
            "A query whose numbers are not those of the question with its words as they were explained",
            "say the same in the query as in the words.",
            rule="disagrees",
        )
    return twin, other
