"""A vetted query run with chosen parameters, without a question in words: what does it give, also before it is vetted?

It goes the way of every query, guard and limits and masks included, and is in the audit trail like every other; it is
no turn of anybody's conversation, and counts as no use of the query.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dash.ask import Dash, never
from dash.errors import Cancelled, DashError, InternalError
from dash.knowledge.formats import QueryFile
from dash.language.reader import Reader
from dash.parameters import Given, read_choices
from dash.query_log import QueryLog
from dash.records import Answer, Grounding, QueryPlan, Question, Viewer
from dash.steps.interpret import interpret, say
from dash.steps.plan.asking import Asker
from dash.steps.plan.vetted import fill_vetted


@dataclass(frozen=True)
class Trial:
    """What came back, as the answer that it would be, and how long the database took."""

    query: str
    answer: Answer
    milliseconds: float = 0.0
    rows: int = 0
    truncated: str | None = None
    masked: tuple[str, ...] = ()


def try_query(
    dash: Dash,
    name: str,
    given: Mapping[str, Given],
    viewer: Viewer,
    language: str,
    *,
    reader: Reader | None = None,
    cancelled: Callable[[], bool] = never,
) -> Trial:
    """Run the vetted query `name`. `reader` is one that knows a query that is being written (`Examined.reader`).
    `cancelled` is looked at before it begins and while the database works.

    What goes wrong with the query is an answer with outcome "error", or "cancelled". Raises UserError for a parameter
    that the file does not allow, DatabaseUnavailable, Cancelled when nothing has begun.
    """
    if cancelled():
        raise Cancelled("Nobody waited for it any more when its turn came.")
    vetted, reader = reader is None, reader or dash.reader
    query = reader.knowledge.queries[name]
    said = f"{name} {' '.join(f'{key}={value}' for key, value in given.items() if value is not None)}".strip()
    question = Question(said, dash.clock(), dash.settings.zone, viewer)
    # A field that was left empty is one in which nothing was chosen.
    chosen = {name: value for name, value in given.items() if not isinstance(value, str) or value.strip()}
    filled = read_choices(query, chosen, reader, question.now, question.zone)
    plan = _plan(query, filled, question, language, reader)
    if not isinstance(plan, QueryPlan):
        return Trial(name, plan)
    log = QueryLog(reader.knowledge)
    run_id = dash.runs.begin(question, dash.threads.start(f"{viewer.name} (knowledge)"))
    trial = Trial(name, Answer("error", said, language, "", sql=plan.main.sql))
    try:
        trial = _run(dash, plan, question, log, reader, trial, vetted=vetted, cancelled=cancelled)
    except InternalError:
        raise
    except Cancelled as error:
        trial = replace(trial, answer=replace(trial.answer, outcome="cancelled", headline=error.message))
    except DashError as error:
        trial = replace(trial, answer=replace(trial.answer, headline=error.message))
    finally:
        kept = replace(trial.answer, rows=(), run_id=run_id)
        dash.runs.finish(run_id, kept, {"tried": name, "vetted": vetted}, log.entries)
    return trial


def _plan(
    query: QueryFile, filled: Mapping[str, Any], question: Question, language: str, reader: Reader
) -> QueryPlan | Answer:
    spoken = language if language in reader.languages else reader.default_language
    grounding = Grounding(spoken, (), ())
    plan = fill_vetted(query.name, filled, [], question, grounding, reader, Asker(question, grounding, reader))
    return plan if isinstance(plan, QueryPlan) else say(plan, question)


def _run(
    dash: Dash,
    plan: QueryPlan,
    question: Question,
    log: QueryLog,
    reader: Reader,
    trial: Trial,
    *,
    vetted: bool,
    cancelled: Callable[[], bool],
) -> Trial:
    with log.attempt("main", plan.main, plan.provenance) as attempt:
        checked = dash.check(plan.main, question.viewer, plan.provenance, reviewed=vetted)
        began = time.perf_counter()
        result = attempt.result = dash.execute(checked, question, cancelled=cancelled)
        spent = (time.perf_counter() - began) * 1000
    answer = interpret(question, plan, {"main": result}, reader.knowledge)
    if not vetted:
        answer = replace(answer, provenance=None)
    return Trial(trial.query, answer, spent, len(result.rows), result.truncated, result.masked)
