"""Vetted queries held against tables, metrics and themselves: parameters, example questions, headline, chart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dash.knowledge.check.findings import TIME_PARTS, Findings
from dash.knowledge.check.names import name_problems
from dash.knowledge.check.parameters import bound_names, check_parameters
from dash.knowledge.check.sql import (
    Problem,
    ReadSql,
    null_tested,
    output_names,
    placeholder_problems,
    read_query,
)
from dash.knowledge.documents import Path
from dash.knowledge.formats import QueryFile
from dash.knowledge.nearest import advise

CELLS = ("first", "last", "sum", "max", "min")
_CELL = re.compile(r"\{(\w+)(?:\.(\w+))?(?::([^{}]*))?\}")  # {first.amount} {rows:order|orders}
_CELL_FORMS = "{rows}, {period.NAME}, {parameter.NAME} or one of " + ", ".join(f"{{{cell}.COLUMN}}" for cell in CELLS)
SLOT = re.compile(r"\{([^{}]*)\}")  # … more than {hours} hours


def check_queries(findings: Findings) -> None:
    """Add the faults of every vetted query."""
    for query in findings.knowledge.queries.values():
        check_query(findings, query)
    check_shared_questions(findings)


def check_query(findings: Findings, query: QueryFile) -> None:
    """Add the faults of one of the knowledge's queries, as far as it is not about the others."""
    name = query.name
    read = read_query(query.sql)
    problems: list[Problem] = list(read.problems)
    problems += placeholder_problems(read.placeholders, list(bound_names(query.parameters)))
    outputs = None
    if read.tree is not None:
        problems += name_problems(read.tree, findings.described)
        outputs = output_names(read.tree)
    for what, mend, below in problems:
        findings.add("query", name, ("sql",), what, mend, below=below)
    check_parameters(findings, "query", name, query.parameters, set(read.placeholders))
    if read.tree is not None:
        _check_nulls(findings, query, read)
    _check_slots(findings, query)
    for index, metric in enumerate(query.metrics):
        findings.expect(findings.knowledge.metrics, metric, "query", name, ("metrics", index), "metric")
    _check_outputs(findings, query, outputs)
    _check_sentences(findings, query, outputs)


def _check_nulls(findings: Findings, query: QueryFile, read: ReadSql) -> None:
    """A parameter that nothing fills is NULL, and a comparison with NULL finds no rows without saying so."""
    tested = null_tested(read)
    for name, parameter in query.parameters.items():
        if parameter.type == "period":
            ends = [end for end in (f"{name}_start", f"{name}_end") if end in read.placeholders]
            bare = [end for end in ends if end not in tested]
        else:
            always_asked = query.questions and all(name in SLOT.findall(text) for text in query.questions)
            needs_test = parameter.default is None and name in read.placeholders and not always_asked
            bare = [name] if needs_test and name not in tested else []
        for placeholder in bare:
            what = f":{placeholder} can be NULL, and the SQL does not say what that means"
            mend = f"write (:{placeholder} IS NULL OR …) with a CAST, or give a default"
            findings.add("query", query.name, ("parameters", name), what, mend)


def check_shared_questions(findings: Findings) -> None:
    """One question leads to one vetted query; the later one is called wrong."""
    owners: dict[str, str] = {}
    for name, query in findings.knowledge.queries.items():
        for index, question in enumerate(query.questions):
            key = " ".join(re.findall(r"\w+", SLOT.sub(" 0 ", question).casefold()))
            owner = owners.setdefault(key, name)
            if owner != name:
                what = f"this question is an example of {owner} too"
                findings.add("query", name, ("questions", index), what, "keep it at one of them")


def _check_slots(findings: Findings, query: QueryFile) -> None:
    for index, text in enumerate(query.questions):
        for slot in SLOT.findall(text):
            findings.expect(query.parameters, slot, "query", query.name, ("questions", index), "parameter")


def _check_outputs(findings: Findings, query: QueryFile, outputs: tuple[str, ...] | None) -> None:
    if outputs is None:
        return
    for column in query.columns:
        findings.expect(outputs, column, "query", query.name, ("columns", column), "output column")
    for column, shown in query.columns.items():
        if shown.dimension is not None:
            path = ("columns", column, "dimension")
            known = {*findings.dimensions, *TIME_PARTS}
            findings.expect(known, shown.dimension, "query", query.name, path, "dimension")
    chart = query.chart
    if chart is None:
        return
    for key, column_name in (("x", chart.x), ("series", chart.series)):
        if column_name is not None:
            findings.expect(outputs, column_name, "query", query.name, ("chart", key), "output column")
    for index, column_name in enumerate(chart.y):
        findings.expect(outputs, column_name, "query", query.name, ("chart", "y", index), "output column")


def _check_sentences(findings: Findings, query: QueryFile, outputs: tuple[str, ...] | None) -> None:
    for language, text in query.headline.items():
        for what, mend in _sentence_problems(query, text, outputs):
            findings.add("query", query.name, ("headline", language), what, mend)
    for language, text in query.empty.items():
        for what, mend in _sentence_problems(query, text, None):
            findings.add("query", query.name, ("empty", language), what, mend)
        if any(head in CELLS for head, _, _ in _CELL.findall(text)):
            findings.add(
                "query", query.name, ("empty", language), "no rows have no cells", "write {period.NAME} at most"
            )
    as_written: list[tuple[Path, str]] = [(("caution", language), text) for language, text in query.caution.items()]
    as_written += [
        (("follow_ups", language, index), text)
        for language, questions in query.follow_ups.items()
        for index, text in enumerate(questions)
    ]
    for path, text in as_written:
        if "{" in text or "}" in text:
            what = f"{{…}} is not filled in {path[0]}"
            findings.add("query", query.name, path, what, "write the words themselves")


def _sentence_problems(query: QueryFile, text: str, outputs: tuple[str, ...] | None) -> Iterator[tuple[str, str]]:
    outside = _CELL.sub("", text)
    if "{" in outside or "}" in outside:
        yield "a { or } in this sentence belongs to no cell", f"write {_CELL_FORMS}"
    for head, rest, nouns in _CELL.findall(text):
        field = f"{head}.{rest}" if rest else head
        if nouns.count("|") > 3:
            yield f"{{{field}:{nouns}}} has more than four forms of a noun", "write one for each plural of the language"
        if field == "rows":
            continue
        if head in CELLS and rest:
            if outputs is not None and rest not in outputs:
                yield f"{{{field}}}: there is no output column {rest}", advise(rest, outputs, "name an output column")
        elif head in ("parameter", "period") and rest:
            known = [name for name, one in query.parameters.items() if (one.type == "period") == (head == "period")]
            if rest not in known:
                yield f"{{{field}}}: there is no such {head}", advise(rest, known, f"declare a {head} first")
        else:
            yield f"{{{field}}} is no cell of the result", f"write {_CELL_FORMS}"
