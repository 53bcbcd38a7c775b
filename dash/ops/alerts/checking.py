"""Faults of `knowledge/alerts.yaml`: names that do not exist, bounds that cannot work, and questions that mean
something else than their rule measures.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from dash.board.bar import read_window
from dash.errors import Fault, InternalError, UserError
from dash.knowledge import Knowledge
from dash.knowledge.documents import Document, Path
from dash.knowledge.nearest import advise
from dash.language.reader import Reader
from dash.ops.alerts.file import RuleFile, read_alerts
from dash.ops.alerts.reading import plan_rule
from dash.ops.delivery.file import DeliveryFile, read_delivery
from dash.ops.delivery.targets import plain_name
from dash.records import QueryPlan, Question
from dash.semantics.model import SemanticModel
from dash.steps.ground import ground
from dash.steps.plan import plan

_ANY_TIME = datetime(2026, 6, 17, 12, tzinfo=UTC)


def check_alerts(knowledge: Knowledge, reader: Reader | None = None) -> tuple[Fault, ...]:
    """All faults of the alerts of a knowledge folder; with a reader also their windows and questions."""
    file, document = read_alerts(knowledge.folder)
    model = SemanticModel(knowledge)
    delivery, unread = read_delivery(knowledge.folder)
    names = Counter(rule.name for rule in file.alerts)
    for index, rule in enumerate(file.alerts):
        path: Path = ("alerts", index)
        if names[rule.name] > 1:
            document.fault((*path, "name"), f"the name {rule.name} stands twice", "give each its own")
        _check_bounds(rule, path, document)
        _check_names(rule, path, document, model)
        if not unread.faults:  # its own check says them
            _check_targets(rule, path, document, delivery)
    if reader is not None and not document.faults:
        for index, rule in enumerate(file.alerts):
            _check_reading(rule, ("alerts", index), document, reader)
    return tuple(sorted(set(document.faults)))


def _check_bounds(rule: RuleFile, path: Path, document: Document) -> None:
    if (rule.above is None) == (rule.below is None):
        what = f"the alert {rule.name} has {'neither' if rule.above is None else 'both'} of above and below"
        document.fault((*path, "name"), what, "write one of them")
        return
    if rule.clears_at is None:
        return
    if rule.above is not None and rule.clears_at > rule.above:
        what = f"it clears at {rule.clears_at:g}, which still fires above {rule.above:g}"
        document.fault((*path, "clears_at"), what, f"write {rule.above:g} or less")
    if rule.below is not None and rule.clears_at < rule.below:
        what = f"it clears at {rule.clears_at:g}, which still fires below {rule.below:g}"
        document.fault((*path, "clears_at"), what, f"write {rule.below:g} or more")


def _check_names(rule: RuleFile, path: Path, document: Document, model: SemanticModel) -> None:
    wanted: list[tuple[Path, str]] = [((*path, "metric"), rule.metric)]
    if rule.minimum is not None:
        wanted.append(((*path, "minimum", "metric"), rule.minimum.metric))
    for place, name in wanted:
        if name not in model.metrics:
            mend = advise(name, model.metrics, "declare the metric first")
            document.fault(place, f"there is no metric {name}", mend)
            continue
        metric = model.metrics[name]
        if rule.window is not None and model.time_dimension(metric) is None:
            document.fault((*path, "window"), f"{name} has no time, so it has no window", "remove window")
        for dimension, values in rule.where.items():
            _check_condition(name, dimension, values, (*path, "where", dimension), document, model)


def _check_condition(
    name: str, dimension: str, values: list[str], path: Path, document: Document, model: SemanticModel
) -> None:
    if dimension not in model.dimensions:
        mend = advise(dimension, model.dimensions, "declare the dimension first")
        document.fault(path, f"there is no dimension {dimension}", mend)
        return
    if not model.allows(model.metrics[name], dimension):
        document.fault(path, f"{name} cannot be narrowed by {dimension}", "take a dimension that the metric reaches")
    known = {str(value.value) for _, column in model.dimensions[dimension] for value in column.values}
    for value in values:
        if known and value not in known:
            document.fault(path, f"{dimension} has no value {value}", advise(value, known, "list it in its table"))


def _check_targets(rule: RuleFile, path: Path, document: Document, delivery: DeliveryFile) -> None:
    """A name that is written wrong would be told nothing, for ever and in silence."""
    known = {plain_name(name): route for name, route in delivery.targets.items()}
    for index, name in enumerate(rule.targets or ()):
        place, route = (*path, "targets", index), known.get(plain_name(name))
        if route is None:
            mend = advise(plain_name(name), known, "list it there")
            document.fault(place, f"delivery.yaml has no target {name}", mend)
        elif "alerts" not in route.receives:
            document.fault(
                place, f"the target {name} receives no alerts", "add alerts to its receives in delivery.yaml"
            )


def _check_reading(rule: RuleFile, path: Path, document: Document, reader: Reader) -> None:
    if rule.window is not None and read_window(rule.window, reader, _ANY_TIME, "UTC") is None:
        what = f"{rule.window!r} is no time expression"
        document.fault((*path, "window"), what, 'write one in English, such as "last 24 hours"')
        return
    for language, text in rule.question.items():
        place = (*path, "question", language)
        if language not in reader.languages:
            document.fault(place, f"no language {language!r} is read", "write the question in one that is")
        elif not _means(rule, text, language, reader):
            what = f"the product does not answer this question with what the alert {rule.name} measures"
            document.fault(place, what, "ask it with `dash ask` to see how it is understood, and write it plainer")


def _means(rule: RuleFile, text: str, language: str, reader: Reader) -> bool:
    question = Question(text, _ANY_TIME)
    try:
        planned = plan(question, ground(question, reader), reader)
        own = plan_rule(rule, question, reader, language)[0]
    except (UserError, InternalError):
        return False
    if not isinstance(planned, QueryPlan):
        return False
    return (planned.main.sql, dict(planned.main.parameters)) == (own.sql, dict(own.parameters))
