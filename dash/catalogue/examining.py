"""The text of a vetted query that is being written, examined while its author writes: as strictly as `dash check`.

Beside the faults of the file there are remarks: what is allowed and yet worth a look, and which of the example
questions do not lead to the query when somebody asks them. What the guard says is told in full: it says what is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlglot import exp

from dash.ask import Dash
from dash.catalogue.faults import Live
from dash.errors import QueryRejected
from dash.knowledge.check.draft import CheckedText, check_text
from dash.knowledge.check.live import sample_values
from dash.knowledge.check.queries import SLOT
from dash.knowledge.check.sql import read_query
from dash.knowledge.formats import ParameterFile, QueryFile
from dash.language.reader import Reader
from dash.records import Clarification, PlannedQuery, QueryPlan, Question, Viewer
from dash.steps.ground import ground
from dash.steps.plan import plan

RemarkKind = Literal[
    "replaces",  # the knowledge has a query of this name; `about` is its place
    "no_description",
    "no_questions",
    "no_owner",  # nobody is named as having vetted it
    "no_limit",  # a list without LIMIT
    "no_order",  # LIMIT without ORDER BY
    "question_taken",  # the question fits another vetted query as well; `about` is its name
    "question_elsewhere",  # the question leads to another vetted query; `about` is its name
    "question_composed",  # the question is answered without a vetted query
    "question_unread",  # the question leads to a question back or a decline; `about` are its unknown words
]


@dataclass(frozen=True)
class Remark:
    """Something to look at that is no fault. `question` is the example question that it is about."""

    kind: RemarkKind
    line: int
    about: str = ""
    question: str = ""


@dataclass(frozen=True)
class GuardVerdict:
    """What the guard says about one query: `reason` None lets it pass, and then what it reads and masks is known."""

    query: str
    reason: str | None = None
    relations: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Examined:
    """All there is to say about a text; `reader` knows its queries where they could be read."""

    text: str
    checked: CheckedText
    remarks: tuple[Remark, ...] = ()
    verdicts: tuple[GuardVerdict, ...] = ()
    reader: Reader | None = None

    @property
    def is_sound(self) -> bool:
        """Whether `dash check` would find nothing."""
        return bool(self.checked.queries) and not self.checked.faults


def examine(dash: Dash, text: str, viewer: Viewer) -> Examined:
    """Examine the text of one .sql file. Never raises for what it contains. Raises DatabaseUnavailable."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    live = Live(dash.written, dash.database)
    checked = check_text(text, dash.written, live=live, reads_period=lambda words: _reads_period(dash, words))
    if not checked.queries:
        return Examined(text, checked)
    verdicts = tuple(_verdict(dash, query, viewer) for query in checked.queries if read_query(query.sql).tree)
    remarks = [remark for query in checked.queries for remark in _own_remarks(checked, query)]
    reader = None
    if not checked.faults:
        reader = dash.reader.knowing(checked.knowledge, [query.name for query in checked.queries])
        for query in checked.queries:
            remarks += _question_remarks(checked, query, reader, dash.clock(), dash.settings.zone)
    return Examined(text, checked, tuple(sorted(remarks, key=lambda each: each.line)), verdicts, reader)


def _reads_period(dash: Dash, words: str) -> bool:
    tokens, spans = dash.reader.ground(words, dash.clock(), dash.settings.zone)
    return any(span.kind == "time" and span.start == 0 and span.end == len(tokens) for span in spans)


def _verdict(dash: Dash, query: QueryFile, viewer: Viewer) -> GuardVerdict:
    try:
        planned = PlannedQuery(query.sql, sample_values(query.parameters))
        found = dash.check(planned, viewer, "vetted", reviewed=False)
    except QueryRejected as error:
        return GuardVerdict(query.name, error.message)
    return GuardVerdict(query.name, None, found.relations, found.personal_columns)


def _own_remarks(checked: CheckedText, query: QueryFile) -> Iterator[Remark]:
    name_line = checked.line_of(query.name, ("name",))
    if query.name in checked.replaces:
        yield Remark("replaces", name_line, str(checked.replaces[query.name]))
    if not query.description:
        yield Remark("no_description", name_line)
    if not query.questions:
        yield Remark("no_questions", name_line)
    if " by " not in f" {query.vetted or ''} ":
        yield Remark("no_owner", checked.line_of(query.name, ("vetted",)))
    tree = read_query(query.sql).tree
    if isinstance(tree, exp.Query):
        tables = set(checked.knowledge.tables)
        yield from (Remark(kind, checked.line_of(query.name, ("sql",))) for kind in _bounds(tree, tables))


def _bounds(tree: exp.Query, tables: set[str]) -> Iterator[RemarkKind]:
    """A list that nothing bounds is cut somewhere, and one that is bounded without an order is cut anywhere."""
    limited, ordered = tree.args.get("limit") is not None, tree.args.get("order") is not None
    if limited and not ordered and not _one_row(tree):
        yield "no_order"
    if not limited and not _one_row(tree) and isinstance(tree, exp.Select):
        grouped = tree.args.get("group") or tree.args.get("distinct")
        read = {_name(table) for table in tree.find_all(exp.Table) if table.find_ancestor(exp.Select) is tree}
        if not grouped and read & tables:
            yield "no_limit"


def _name(table: exp.Table) -> str:
    return f"{table.db}.{table.name}" if table.db else table.name


def _one_row(tree: exp.Query) -> bool:
    """Whether it aggregates everything into one row, or reads nothing that has rows."""
    if not isinstance(tree, exp.Select) or tree.args.get("group"):
        return False
    if tree.args.get("from_") is None and tree.args.get("from") is None:
        return True
    return any(
        not isinstance(found.parent, exp.Window) and found.find_ancestor(exp.Select) is tree
        for expression in tree.expressions
        for found in expression.find_all(exp.AggFunc)
    )


# example questions


def _question_remarks(
    checked: CheckedText, query: QueryFile, reader: Reader, now: datetime, zone: str
) -> Iterator[Remark]:
    for index, example in enumerate(query.questions):
        line = checked.line_of(query.name, ("questions", index))
        asked = filled_example(example, query, reader)
        question = Question(asked, now, zone)
        grounding = ground(question, reader)
        others = [name for name in grounding.vetted if name != query.name]
        planned = plan(question, grounding, reader)
        if isinstance(planned, QueryPlan) and planned.vetted_query == query.name:
            continue
        if query.name in grounding.vetted and others:
            yield Remark("question_taken", line, ", ".join(others), example)
        elif isinstance(planned, QueryPlan) and planned.vetted_query:
            yield Remark("question_elsewhere", line, planned.vetted_query, example)
        elif isinstance(planned, QueryPlan):
            yield Remark("question_composed", line, "", example)
        else:
            unknown = planned.unknown if isinstance(planned, Clarification) else ()
            yield Remark("question_unread", line, ", ".join(unknown or grounding.unknown), example)


def filled_example(example: str, query: QueryFile, reader: Reader) -> str:
    """An example question as somebody might ask it: its {slots} filled with what their parameters allow."""
    language = reader.detect_language(reader.lexicon.tokens(SLOT.sub(" ", example))) or reader.default_language

    def value_of(name: str) -> str:
        parameter = query.parameters.get(name)
        return name if parameter is None else _sample_words(parameter, reader, language)

    return SLOT.sub(lambda match: value_of(match[1]), example)


def _sample_words(parameter: ParameterFile, reader: Reader, language: str) -> str:
    if parameter.type == "period":
        return next(iter(reader.languages[language].time.today), "2026-01-31")
    if parameter.type in ("date", "timestamp"):
        return "2026-01-31"
    if parameter.type in ("integer", "number"):
        number = parameter.default if isinstance(parameter.default, int | float) else parameter.minimum
        return f"{3 if number is None else number:g}"
    allowed = reader.knowledge.allowed_values(parameter)
    return str(parameter.default or (allowed[0] if allowed else "something"))
