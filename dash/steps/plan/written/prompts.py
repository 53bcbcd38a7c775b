"""The texts that a model is sent, assembled from dash/llm/prompts/ within a budget of tokens.

What has to be there comes first (the instructions, the question, what was found in it); the knowledge fills the rest,
best first and one line of each kind after the other, so a small budget shows a little of everything. Nothing but the
shelf and the question enters, and the question is fenced and quoted: no character of it can close the fence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import zip_longest
from pathlib import Path

from pydantic import BaseModel

from dash.knowledge import Knowledge
from dash.knowledge.formats import ColumnFile, MetricFile, TableFile
from dash.language.reader import Reader
from dash.llm import asking
from dash.llm.tokens import count_tokens
from dash.records import MetricUse, Question, SemanticQuery, Window
from dash.semantics.dimensions import dimension_name, text_in
from dash.semantics.measures import measures_of
from dash.semantics.moments import resolve_window
from dash.steps.plan.written.facts import Facts
from dash.steps.plan.written.shelf import Shelf, example_of, shown_columns, shown_notes

_FOLDER = Path(asking.__file__).parent / "prompts"
_LONGEST_LINE = 220
_LONGEST_EXAMPLE = 1_200
_LANGUAGE = "en"
"""Definitions are shown in the language of terms, in which models know most."""


@cache
def instructions(name: str) -> str:
    """A file of dash/llm/prompts."""
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()


@lru_cache(maxsize=16)
def schema_tokens(answer: type[BaseModel]) -> int:
    """What the schema of an answer takes: servers put it into the prompt."""
    return count_tokens(json.dumps(answer.model_json_schema(), separators=(",", ":")))


def count_names(shelf: Shelf) -> int:
    """What the names of a shelf take in a schema."""
    return sum(count_tokens(f'"{name}",') for name in (*shelf.metrics, *shelf.dimensions, *shelf.conditions))


def query_prompt(question: Question, facts: Facts, shelf: Shelf, reader: Reader, budget: int) -> str:
    """The user's part of the request for a query of governed names."""
    metrics = [_metric_line(reader.knowledge.metrics[name]) for name in shelf.metrics]
    dimensions = [_dimension_line(name, shelf, reader) for name in shelf.dimensions]
    tail = _question_part(question, facts, shelf, reader)
    return _assemble({"Metrics": metrics, "Dimensions": dimensions}, tail, budget)


def sql_prompt(
    question: Question, facts: Facts, shelf: Shelf, reader: Reader, told: Mapping[str, Sequence[str]], budget: int
) -> str:
    """The user's part of the request for SQL. `told` are lines from outside of the shelf, by their heading."""
    knowledge = reader.knowledge
    tables = [knowledge.tables[name] for name in shelf.tables]
    parts = {
        f"Table {table.table_name} ({table.grain or 'rows'})": [
            f"- {_column_line(column)}" for column in _by_use(table, shelf, knowledge)
        ]
        for table in tables
    }
    parts |= {heading: [f"- {line}" for line in lines] for heading, lines in told.items()}
    parts["Joins"] = list(_joins(tables))
    parts["Metrics"] = [_governed_line(knowledge.metrics[name], reader) for name in shelf.metrics]
    parts["Notes"] = [f"- {_one_line(note)}" for table in tables for note in shown_notes(table)]
    examples = [example_of(knowledge.queries[name]) for name in shelf.queries]
    parts["Example"] = [example for example in examples if len(example) < _LONGEST_EXAMPLE][:1]
    return _assemble(parts, _question_part(question, facts, shelf, reader, for_sql=True), budget)


def fenced(text: str) -> str:
    """A question as data: one JSON string between marks that it cannot write."""
    return f"<question>\n{json.dumps(text, ensure_ascii=False).replace('<', '‹').replace('>', '›')}\n</question>"


def repaired(prompt: str, answer: str, reason: str) -> str:
    """The same request, with the answer that could not be used and why."""
    return f"{prompt}\n\n{instructions('repair').format(answer=answer, reason=reason)}"


# pieces


def _assemble(parts: dict[str, list[str]], tail: str, budget: int) -> str:
    """Sections with as many of their lines as fit beside the tail, taken in turns; order is kept within each."""
    left = budget - count_tokens(tail)
    taken: dict[str, int] = dict.fromkeys(parts, 0)
    full: set[str] = set()
    for row in zip_longest(*parts.values()):
        for name, line in zip(parts, row, strict=True):
            if line is None or name in full:
                continue
            cost = count_tokens(line + "\n") + (count_tokens(f"{name}:\n\n") if not taken[name] else 0)
            if cost > left:
                full.add(name)
                continue
            left -= cost
            taken[name] += 1
    sections = ["\n".join([f"{name}:", *lines[: taken[name]]]) for name, lines in parts.items() if taken[name]]
    return "\n\n".join([*sections, tail])


def _metric_line(metric: MetricFile) -> str:
    return f"- {metric.name} ({metric.unit}): {_one_line(text_in(metric.definition, _LANGUAGE, ''))}"


def _governed_line(metric: MetricFile, reader: Reader) -> str:
    """A metric with the SQL that defines it."""
    value = measures_of(metric, MetricUse(metric.name), _LANGUAGE, reader.model.words(_LANGUAGE), several=False)[0]
    where = f" WHERE {_one_line(metric.filter)}" if metric.filter else ""
    return f"- {metric.name} = {_one_line(value.sql)} FROM {metric.table}{where}"


def _dimension_line(name: str, shelf: Shelf, reader: Reader) -> str:
    """A dimension with the values that may be named: not every server shows the schema to its model."""
    columns = [column for _, column in reader.model.dimensions.get(name, ())]
    columns.sort(key=lambda column: -len(column.values))
    described = next((column.description for column in columns if column.description), "")
    values = [condition for condition, (dimension, _) in shelf.conditions.items() if dimension == name]
    listed = f" [{', '.join(condition.partition('=')[2] for condition in values)}]" if values else ""
    return f"- {name}{listed}: {_one_line(described or reader.model.label(name, _LANGUAGE))[:80]}"


def _column_line(column: ColumnFile) -> str:
    name, kind = column.name, column.type or "text"
    values = [str(value.value) for value in column.values]
    listed = f" [{', '.join(values[:12])}{', …' if len(values) > 12 else ''}]" if values else ""
    return f"{name} {kind}{listed}: {_one_line(column.description)[:90]}"


def _by_use(table: TableFile, shelf: Shelf, knowledge: Knowledge) -> list[ColumnFile]:
    """Columns of a table: its key and its time, what the question is about, what else has a role, the rest."""
    derived = {name for name, other in knowledge.tables.items() if other.sql is not None}  # no model can join these
    joins = {name for join in table.joins if join.to not in derived for name in join.columns}

    def place(column: ColumnFile) -> int:
        if column.name == table.time_dimension or column.name in joins:
            return 0
        if dimension_name(column) in shelf.dimensions:
            return 1 + shelf.dimensions.index(dimension_name(column))
        return 20 if column.role in ("time", "measure") else 30 if column.role else 40

    return sorted(shown_columns(table), key=place)


def _joins(tables: Sequence[TableFile]) -> Iterator[str]:
    names = {table.table_name for table in tables}
    for table in tables:
        for join in table.joins:
            if join.to in names:
                on = " AND ".join(f"{table.table_name}.{a} = {join.to}.{b}" for a, b in join.columns.items())
                yield f"- {on} ({join.type})"


def _question_part(question: Question, facts: Facts, shelf: Shelf, reader: Reader, *, for_sql: bool = False) -> str:
    lines = [f"Now: {question.now:%Y-%m-%d %H:%M} UTC, {question.now:%A}; reporting zone {question.zone}"]
    lines += [f"Found: {line}" for line in _found_lines(question, facts, shelf, reader, for_sql=for_sql)]
    if facts.unknown:
        lines.append(f"Words to explain: {json.dumps(list(facts.unknown), ensure_ascii=False)}")
    if question.previous is not None:
        lines.append(f"The question before this one, which it may go on from: {fenced(question.previous.question)}")
    if facts.previous is not None:
        lines.append(f"The query of the question before: {_summary(facts.previous)}")
    return "\n".join([*lines, fenced(question.text)])


def _summary(query: SemanticQuery) -> str:
    """A query in the names that an answer is made of."""
    parts = {
        "metrics": [use.name for use in query.metrics] or ([query.rows_of] if query.rows_of else []),
        "split_by": list(query.dimensions),
        "only": [f"{f.dimension}={value}" for f in query.filters if f.operator == "in" for value in f.values],
        "without": [f"{f.dimension}={value}" for f in query.filters if f.operator == "not_in" for value in f.values],
        "period": query.window.phrase if query.window else None,
        "step": query.grain,
    }
    return json.dumps({name: part for name, part in parts.items() if part}, ensure_ascii=False)


def _found_lines(question: Question, facts: Facts, shelf: Shelf, reader: Reader, *, for_sql: bool) -> Iterator[str]:
    """What reading found, in the names of the knowledge and never in the words of the question."""
    for name, window in facts.periods.items():
        bound = f":{name}_start, :{name}_end" if for_sql else window.phrase
        yield f"period {bound} = {_period_text(window, question)}"
    for _, meanings in facts.values:
        readings = [f"{dimension} = {', '.join(map(str, values))}" for dimension, values in meanings]
        yield "value " + " or ".join(reading for reading in readings)
    for name in dict.fromkeys(one.span.meaning for one in facts.of("metric")):
        yield f"metric {name}"
    for _, number in facts.numbers:
        yield f"number {number:g}"


def _period_text(window: Window, question: Question) -> str:
    start, end = resolve_window(window, question.now, question.zone)
    return " to ".join(f"{edge:%Y-%m-%d %H:%M}" if edge else "open" for edge in (start, end))


def _one_line(text: str | None) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"
