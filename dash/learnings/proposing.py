"""A model-written answer that its user confirmed, as a vetted query ready for review.

The text stays as it ran; what is typed becomes a parameter: a value of a described column, and a period that is written
as two moments. The rest is for the reviewer, who reads the file as any change to the knowledge is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from dash.errors import UserError
from dash.knowledge import Knowledge
from dash.knowledge.placeholders import names, placeholders
from dash.learnings.context import compared_texts
from dash.learnings.names import find_column
from dash.learnings.reading import ReadQuery, is_certain, read
from dash.learnings.spans import Patch, patched
from dash.records import BY_MODEL
from dash.runs import RunRecord

_NAME = re.compile(r"[a-z][a-z0-9_]{2,59}")  # shipping_by_week
_LONGEST_NAME_WORDS = 6
_START, _END = "period_start", "period_end"
_PERIOD: Mapping[str, Any] = {"type": "period", "default": "last 30 days"}
_BOUND = re.compile(
    r'(?:\b(?:WHERE|AND|OR|ON|WHEN)|\()\s*(?P<column>[\w."]+)\s*(?P<sign>>=|<)\s*:(?P<name>period_start|period_end)\b',
    re.IGNORECASE,
)
"""t.created_at >= :period_start, as a model is asked to write it; "a - b >= :period_start" is something else."""


@dataclass
class Proposal:
    """The query file to be: its name, and the text of its tags."""

    name: str
    question: str
    description: str
    sql: str
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The .sql file."""
        import yaml

        def block(tag: str, content: str) -> str:
            lines = "\n".join(f"-- {line}" for line in content.splitlines())
            return f"-- <query {tag}>\n{lines}\n-- </query {tag}>\n"

        parts = [f"-- <query name>{self.name}</query name>\n", block("description", self.description)]
        parts.append(block("questions", yaml.safe_dump([self.question], allow_unicode=True, width=10_000).strip()))
        if self.parameters:
            style: dict[str, Any] = {"allow_unicode": True, "default_flow_style": None, "sort_keys": False}
            parts.append(block("parameters", yaml.safe_dump(self.parameters, width=10_000, **style).strip()))
        return "".join([*parts, "-- <query>\n", self.sql.strip().rstrip(";"), "\n-- </query>\n"])


def propose(run: RunRecord, knowledge: Knowledge, name: str | None = None, *, confirmed: bool = False) -> Proposal:
    """The vetted query that a run's model-written SQL would be. Raises UserError for a run that cannot be one.

    `confirmed` says that a person called the answer right: then also SQL is proposed that could not be proven.
    """
    answer: Mapping[str, Any] = run.answer or {}
    if answer.get("outcome") != "answered" or answer.get("provenance") not in BY_MODEL or not answer.get("sql"):
        raise UserError("Only an answer whose SQL a model wrote can be proposed; the others need no file.")
    if answer["provenance"] == "model_unconfirmed" and not confirmed:
        raise UserError(
            "Not all of this SQL could be proven, and nobody has called its answer right; if it is, say so first: "
            f"dash feedback {run.run_id} --good"
        )
    proposed = name or name_from(run.question)
    if not _NAME.fullmatch(proposed):
        raise UserError(f"{proposed!r} cannot be the name of a query; give one such as shipping_by_week with --name.")
    if proposed in knowledge.queries:
        raise UserError(f"There is a vetted query {proposed}; give another name with --name.")
    record = run.record or {}
    given = record.get("parameters") or {}
    sql, parameters, values = with_parameters(str(answer["sql"]), knowledge, given)
    description = f"{run.question.strip()} Proposed from run {run.run_id}; say here what it counts and its grain."
    question = _with_slots(run.question.strip(), values, _words_of(record.get("grounding") or {}, values, parameters))
    return Proposal(proposed, question, description, sql, parameters)


def name_from(question: str) -> str:
    """A file name out of a question's Latin words; "proposed_query" where it has none."""
    words = re.findall(r"[a-z0-9]+", question.lower())[:_LONGEST_NAME_WORDS]
    made = "_".join(words).strip("_0123456789")
    return made if _NAME.fullmatch(made) else "proposed_query"


def with_parameters(
    sql: str, knowledge: Knowledge, given: Mapping[str, Any]
) -> tuple[str, dict[str, dict[str, Any]], dict[str, str]]:
    """The SQL with typed placeholders, what they are declared as, and the words that each stands for."""
    sql, has_period = _with_open_period(sql)
    used = [name for name in names(sql) if name in given and not (has_period and name in (_START, _END))]
    parameters = {name: _declared(given[name]) for name in used if name != "now"}
    parameters |= {"period": dict(_PERIOD)} if has_period else {}
    query = read(sql)
    if query is None:
        return sql, parameters, {}
    patches: list[Patch] = []
    values: dict[str, str] = {}
    _name_values(query, knowledge, patches, parameters, values)
    _name_period(query, patches, parameters)
    return patched(sql, patches), parameters, values


def _with_open_period(sql: str) -> tuple[str, bool]:
    """The SQL whose bounds of the period let all rows pass where it is open, and whether it has both bounds, so."""
    signs = {_START: ">=", _END: "<"}
    places = {one.start: one.name for one in placeholders(sql) if one.name in signs}
    found = [
        one for one in _BOUND.finditer(sql) if one.start("name") - 1 in places and one["sign"] == signs[one["name"]]
    ]
    if len(found) != len(places) or {one["name"] for one in found} != set(signs):
        return sql, False
    patches = [
        Patch(one.start("column"), one.end(), f"({bound} IS NULL OR {one['column']} {one['sign']} {bound})")
        for one in found
        for bound in (f"CAST(:{one['name']} AS timestamptz)",)
    ]
    return patched(sql, patches), True


def _declared(value: Any) -> dict[str, Any]:
    kinds = {bool: "boolean", int: "integer", float: "number"}
    return {"type": kinds.get(type(value), "text"), "default": value}


def _name_values(
    query: ReadQuery,
    knowledge: Knowledge,
    patches: list[Patch],
    parameters: dict[str, dict[str, Any]],
    values: dict[str, str],
) -> None:
    """A listed value of a column becomes a text parameter: by its column's name, one for each value."""
    allowed = knowledge.allowed()
    for owned in query.columns():
        homes = [home for home in dict.fromkeys(owned.owners) if owned.name in allowed.get(home, ())]
        if len(homes) != 1 or not is_certain(owned, homes[0], allowed) or not isinstance(owned.node.parent, exp.EQ):
            continue
        column = find_column(knowledge, homes[0], owned.name)
        if column is None or column.personal or not column.values:
            continue
        for literal in compared_texts(owned.node):
            value = str(literal.this)
            if value not in {str(one.value) for one in column.values} or "start" not in literal.meta:
                continue
            name = next((known for known, said in values.items() if said == value), None)
            if name is None:
                name = _free(column.dimension or column.name, parameters)
                listed_in = f"{homes[0].rpartition('.')[2]}.{column.name}"
                parameters[name] = {"type": "text", "default": value, "values": listed_in}
                values[name] = value
            patches.append(Patch(literal.meta["start"], literal.meta["end"] + 1, f":{name}"))


def _name_period(query: ReadQuery, patches: list[Patch], parameters: dict[str, dict[str, Any]]) -> None:
    """`>= moment` and `< moment` become a period, where the query has just one of each; an open side is NULL."""
    found = {name: list(_moments(query, kind)) for name, kind in ((_START, exp.GTE), (_END, exp.LT))}
    if any(len({moment for moment, _ in each}) != 1 for each in found.values()) or "period" in parameters:
        return
    parameters["period"] = dict(_PERIOD)
    for name, places in found.items():
        bound = f"CAST(:{name} AS timestamptz)"
        for _, (start, middle, end) in places:
            compared = query.text[start:middle]
            patches.append(Patch(start, end, f"({bound} IS NULL OR {compared}{bound})"))


def _moments(query: ReadQuery, comparison: type[exp.Expr]) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """The moments that a column is compared with: as written, and where the comparison begins, they begin and end."""
    for node in query.tree.find_all(comparison):
        column, cast = node.this, node.args.get("expression")
        literal = cast.this if isinstance(cast, exp.Cast) else None
        if not isinstance(column, exp.Column) or not isinstance(literal, exp.Literal) or "start" not in literal.meta:
            continue
        start = min(part.meta["start"] for part in column.parts)
        place = next(i for i, token in enumerate(query.tokens) if token.start == literal.meta["start"])
        yield str(literal.this), (start, *_written_moment(query, place))


def _written_moment(query: ReadQuery, place: int) -> tuple[int, int]:
    """Where a cast of the string at `place` begins and ends: CAST('…' AS …), '…'::…, or TIMESTAMPTZ '…'."""
    tokens = query.tokens
    before, after = tokens[place - 1], tokens[place + 1] if place + 1 < len(tokens) else None
    if before.token_type is TokenType.L_PAREN:
        closing = next(token for token in tokens[place:] if token.token_type is TokenType.R_PAREN)
        return tokens[place - 2].start, closing.end + 1
    if after is not None and after.token_type is TokenType.DCOLON:
        return tokens[place].start, tokens[place + 2].end + 1
    return before.start, tokens[place].end + 1


def _free(name: str, parameters: Mapping[str, Any]) -> str:
    number = 2
    free = name
    while free in parameters:
        free, number = f"{name}_{number}", number + 1
    return free


def _words_of(
    grounding: Mapping[str, Any], values: Mapping[str, str], parameters: Mapping[str, Any]
) -> dict[str, list[str]]:
    """The words of the question that reading took for each parameter: the fewest of a value, the most of a period."""
    tokens, found = list(map(str, grounding.get("tokens") or ())), {}
    spans = [(one["kind"], one["label"], *one["words"]) for one in grounding.get("candidates") or ()]
    for name, value in values.items():
        said = [
            (end - start, start, end)
            for kind, label, start, end in spans
            if (kind, label) == ("value", f"{name}: {value}")
        ]
        if said:
            _, start, end = min(said)
            found[name] = tokens[start:end]
    times = [(end - start, start, end) for kind, _, start, end in spans if kind == "time"]
    if times and "period" in parameters:
        _, start, end = max(times)
        found["period"] = tokens[start:end]
    return found


def _with_slots(question: str, values: Mapping[str, str], words: Mapping[str, Sequence[str]]) -> str:
    """The question with a slot where it says a parameter's value: in the value's own words, or in those that reading
    took for it."""
    said = {name: [re.escape(value), re.escape(value.replace("_", " "))] for name, value in values.items()}
    for name, one in words.items():
        said.setdefault(name, []).append(r"\W+".join(map(re.escape, one)))
    for name, ways in said.items():
        for way in dict.fromkeys(ways):
            if f"{{{name}}}" not in question:
                question = re.sub(rf"(?<!\w){way}(?!\w)", f"{{{name}}}", question, count=1, flags=re.IGNORECASE)
    return question
