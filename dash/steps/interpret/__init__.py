"""From a result to an answer that a person can use: what the number is, what it is compared with, what moved it, what
to be careful about, what to ask next.

Sentences are phrases of `knowledge/phrases/` filled with cells of the result, and before they leave, the number lock
reads them once more and lets none pass that holds a number of unknown origin. What a language model makes of them is
shown only where it says the same (`prose`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from dash.knowledge import Knowledge
from dash.knowledge.phrases import get_phrases
from dash.records import Answer, Caveat, Clarification, Decline, Definition, QueryPlan, Question, Result
from dash.shown.labels import define
from dash.steps.interpret.briefing import Briefing, brief
from dash.steps.interpret.caveats import write_caveats
from dash.steps.interpret.cells import json_cell, json_rows
from dash.steps.interpret.chart import draw
from dash.steps.interpret.context import write_context
from dash.steps.interpret.follow_ups import suggest
from dash.steps.interpret.headline import write_headline
from dash.steps.interpret.number_lock import Said, verify
from dash.steps.interpret.prose import in_prose, prose_request
from dash.steps.interpret.vetted import vetted_headline

__all__ = ["in_prose", "interpret", "prose_request", "say", "say_unhelped"]


def interpret(question: Question, plan: QueryPlan, results: Mapping[str, Result], knowledge: Knowledge) -> Answer:
    """Tell a result in the language of the question.

    `results` holds "main" and those companions that succeeded, by role. Raises InternalError when a sentence would hold
    a number that no result gives, and KnowledgeError when the phrases are broken.
    """
    briefing = brief(question, plan, results, knowledge)
    query = knowledge.queries.get(plan.vetted_query or "")
    own = vetted_headline(briefing, query) if query else None
    headline = own or write_headline(briefing)
    context = _unrepeated(write_context(briefing, headline_is_own=own is not None))
    caveats = write_caveats(briefing)
    verify([(said.text, said) for said in (headline, *context, *(said for _, said in caveats))], results)
    return Answer(
        outcome="answered",
        question=question.text,
        language=plan.language,
        headline=headline.text,
        provenance=plan.provenance,
        context=tuple(said.text for said in context),
        sql=plan.main.sql,
        parameters=_json_parameters(briefing),
        columns=briefing.table.columns,
        rows=json_rows(results["main"].rows, question.zone),
        truncated=bool(results["main"].truncated),
        chart=draw(briefing),
        caveats=tuple(Caveat(kind, said.text) for kind, said in caveats),
        definitions=plan.definitions or _definitions(briefing),
        understood=plan.understood,
        follow_ups=suggest(briefing),
        files=plan.files,
    )


def say(plan: Clarification | Decline, question: Question) -> Answer:
    """A question asked back, or a refusal with the nearest questions that can be answered."""
    return Answer(
        outcome="clarification" if isinstance(plan, Clarification) else "declined",
        question=question.text,
        language=plan.language,
        headline=plan.message,
        understood=plan.understood,
        choices=tuple(choice.question for choice in plan.choices),
    )


def say_unhelped(plan: Clarification | Decline, question: Question, knowledge: Knowledge, why: str) -> Answer:
    """The same, with a sentence on why the language model that was asked as well is no help. `why` is the kind of its
    failure (`dash.errors.ModelFailed`), "declined" or "unproven"."""
    phrases = get_phrases(knowledge.folder, plan.language)
    return replace(say(plan, question), context=(getattr(phrases.model, why)["other"],))


def _unrepeated(sentences: list[Said]) -> list[Said]:
    return list({said.text: said for said in sentences}.values())


def _json_parameters(briefing: Briefing) -> dict[str, object]:
    zone = ZoneInfo(briefing.question.zone)
    return {name: json_cell(value, zone) for name, value in briefing.plan.main.parameters.items()}


def _definitions(briefing: Briefing) -> tuple[Definition, ...]:
    """The governed metrics behind the columns, when the plan did not say them."""
    found = []
    for name in dict.fromkeys(column.metric for column in briefing.table.columns):
        metric = briefing.labels.metric(name)
        if metric is None:
            continue
        source = briefing.knowledge.sources.get(("metric", metric.name))
        label = briefing.labels.metric_label(metric.name)
        text = define(metric, briefing.labels.language, briefing.plan.main.parameters)
        found.append(Definition(metric.name, label, text, f"{source.path}:{source.line}" if source else ""))
    return tuple(found)
