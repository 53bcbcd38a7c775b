"""The interview: what matters most, in order of use and doubt, each with its evidence and a proposed answer.

A question changes one decision. Taking the proposal confirms it, skipping leaves it a draft; so an interview can be
stopped at any question and taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from dash.drafting.columns import read_columns
from dash.drafting.concepts import concept_of, load_concepts
from dash.drafting.decisions import STAFF, Decisions, candidates, propose, states_of
from dash.drafting.tables import begin_table
from dash.introspection import ColumnProfile, Profile, TableProfile
from dash.introspection.names import words_of
from dash.introspection.personal import is_secret

MOST = 20
NONE = "none of them"
_SHOWN = 8


@dataclass(frozen=True)
class Asked:
    """One question. `proposed` are the choices that are proposed; `several` that more than one may be chosen."""

    name: str
    text: str
    evidence: str
    choices: tuple[str, ...]
    proposed: tuple[str, ...]
    several: bool = False
    apply: Callable[[Decisions, tuple[str, ...]], Decisions] = field(default=lambda decisions, _: decisions, repr=False)


def next_question(profile: Profile, decisions: Decisions, skipped: Sequence[str]) -> Asked | None:
    """The first question that is neither answered nor skipped; None when there is no more to ask."""
    open_ones = (one for one in _questions(profile, decisions) if one.name not in (*decisions.reviewed, *skipped))
    return next(open_ones, None)


def count_questions(profile: Profile, decisions: Decisions) -> int:
    """How many questions there are in all, at most."""
    return min(MOST, len(list(_questions(profile, decisions))))


def answered(asked: Asked, decisions: Decisions, chosen: tuple[str, ...]) -> Decisions:
    """The decisions with an answer, which is reviewed now."""
    decided = asked.apply(decisions, tuple(one for one in chosen if one != NONE))
    return decided.model_copy(update={"reviewed": [*dict.fromkeys([*decided.reviewed, asked.name])]})


def _questions(profile: Profile, decisions: Decisions) -> Iterator[Asked]:
    yield _which_table(profile, decisions)
    table = next((one for one in profile.tables if one.full_name == decisions.tickets), None)
    if table is None:
        return
    texts = {
        "opened": "When was a ticket opened?",
        "resolved": "When was a ticket resolved?",
        "closed": "When was a ticket closed for good?",
        "first_response": "When was a ticket first answered?",
        "due": "Until when should a ticket have been resolved?",
    }
    yield _which_moment(table, decisions, "opened", texts["opened"])
    yield from _doubtful_dates(profile)
    yield _which_status(profile, table, decisions)
    states = states_of(profile, table, decisions.status)
    if states and decisions.status:
        yield _which_states(decisions.status, states, decisions)
    for name in ("resolved", "closed", "first_response", "due"):
        if name in ("resolved", "closed") or getattr(decisions, name):
            yield _which_moment(table, decisions, name, texts[name])
    yield from _which_columns(table, decisions)
    yield from _which_personal(profile, decisions)
    yield from _staff_names(profile, table, decisions)


def _which_table(profile: Profile, decisions: Decisions) -> Asked:
    found = [table.full_name for table in candidates(profile)][:_SHOWN]
    table = next((one for one in profile.tables if one.full_name == decisions.tickets), None)
    log = table.event_log if table else None
    evidence = "no table looks like it"
    if table is not None:
        evidence = f"{table.full_name} has {table.rows:,} rows" + (
            f", a log: each {log.key} has several of them, and the last by {', '.join(log.order)} counts" if log else ""
        )

    def apply(given: Decisions, chosen: tuple[str, ...]) -> Decisions:
        if chosen == (given.tickets,):
            return given
        others = [one for one in profile.tables if one.full_name in chosen]
        return propose(Profile(tuple(others))).model_copy(update={"tickets": chosen[0] if chosen else None})

    text = "Which table holds the tickets (one row each, or a log of their changes)?"
    return Asked("tickets", text, evidence, (*found, NONE), (decisions.tickets or NONE,), apply=apply)


def _which_moment(table: TableProfile, decisions: Decisions, name: str, text: str) -> Asked:
    moments = [column for column in table.columns if column.real_kind == "time"]
    proposed = getattr(decisions, name)
    column = next((one for one in moments if one.name == proposed), None)
    evidence = "no column is named for it" if column is None else _filled(column)
    return Asked(
        name,
        text,
        evidence,
        (*(one.name for one in moments), NONE),
        (proposed or NONE,),
        apply=lambda given, chosen: given.model_copy(update={name: chosen[0] if chosen else None}),
    )


def _filled(column: ColumnProfile) -> str:
    kept = f", text in the form {column.text_kept.form}" if column.text_kept and column.text_kept.form else ""
    none = f", {', '.join(map(repr, column.stand_ins))} for none" if column.stand_ins else ""
    return f"{column.name} has a value in {1 - column.empty_share:.0%} of the sampled rows{kept}{none}"


def _doubtful_dates(profile: Profile) -> Iterator[Asked]:
    for table in profile.tables:
        for column in table.columns:
            kept = column.text_kept
            if kept is None or not kept.doubtful:
                continue
            name = f"{table.full_name}.{column.name}"

            def apply(given: Decisions, chosen: tuple[str, ...], name: str = name) -> Decisions:
                rest = [one for one in given.month_first if one != name]
                return given.model_copy(update={"month_first": [*rest, name] if chosen == ("month",) else rest})

            yield Asked(
                f"form of {name}",
                f"What stands first in {name}?",
                "no value has a number above 12 in one place",
                ("day", "month"),
                ("day",),
                apply=apply,
            )


def _which_status(profile: Profile, table: TableProfile, decisions: Decisions) -> Asked:
    columns = [column for column in table.columns if 1 < len(states_of(profile, table, column.name)) <= 40]
    status = next((one for one in columns if one.name == decisions.status), None)
    states = states_of(profile, table, status.name) if status else ()
    evidence = _shares(status.name, states) if status else "no column is named for it"

    def apply(given: Decisions, chosen: tuple[str, ...]) -> Decisions:
        if chosen == (given.status,):
            return given
        return given.model_copy(update={"status": chosen[0] if chosen else None, "closed_values": []})

    return Asked(
        "status",
        "Which column says how far a ticket is?",
        evidence,
        (*(one.name for one in columns), NONE),
        (decisions.status or NONE,),
        apply=apply,
    )


def _which_states(status: str, states: Sequence[tuple[str, float]], decisions: Decisions) -> Asked:
    values = tuple(value for value, _ in states)
    proposed = tuple(value for value in decisions.closed_values if value in values)
    text = f"In which states of {status} is nothing left to do? The others count as open."
    return Asked(
        "closed_values",
        text,
        _shares(status, states),
        values,
        proposed,
        several=True,
        apply=lambda given, chosen: given.model_copy(update={"closed_values": list(chosen)}),
    )


def _values(column: ColumnProfile) -> str:
    return _shares(column.name, column.values)


def _shares(name: str, values: Sequence[tuple[str, float]]) -> str:
    shown = ", ".join(f"{value} ({share:.0%})" for value, share in values[:_SHOWN])
    return f"{name}: {shown}{' …' if len(values) > _SHOWN else ''}"


_TEXTS = {
    "group": "Which column names the group or team that works on a ticket?",
    "assignee": "Which column names the person who works on it?",
    "category": "Which column says what a ticket is about?",
    "priority": "Which column is its priority?",
    "channel": "By which way did it come in?",
    "sla_met": "Which column says that it kept to its SLA?",
    "reopens": "Which column counts how often it was reopened?",
    "reopened": "Which column says that it was reopened?",
    "reassignments": "Which column counts how often it was passed on?",
    "satisfaction": "Which column is the customer's rating?",
    "rating": "Which column is the customer's rating in words?",
    "customer": "Which column says who asked?",
}


def _which_columns(table: TableProfile, decisions: Decisions) -> Iterator[Asked]:
    """What the columns are that support teams ask by; where nothing fits, only what could be it is asked about."""
    draft = begin_table(table, read_columns(table.columns, "UTC", (), (), ()), set())
    concepts = {one.concept: one for one in load_concepts().columns}
    for name, text in _TEXTS.items():
        decided = next((column for column, concept in decisions.columns.items() if concept == name), None)
        column = draft.column(decided) if decided else draft.of_concept(name)
        if column is None:
            continue
        kinds, measured = concepts[name].kinds, concepts[name].role == "measure"
        fitting = [one for one in draft.columns if one.role not in (None, "text") and one.profile.real_kind in kinds]
        choices = [one.profile.name for one in fitting if (one.role == "measure") is measured or one is column][:30]

        def apply(given: Decisions, chosen: tuple[str, ...], name: str = name) -> Decisions:
            kept = {column: concept for column, concept in given.columns.items() if concept != name}
            return given.model_copy(update={"columns": {**kept, **dict.fromkeys(chosen, name)}})

        evidence = _values(column.profile) if column.profile.values else _filled(column.profile)
        yield Asked(name, text, evidence, (*choices, NONE), (column.profile.name,), apply=apply)


def _which_personal(profile: Profile, decisions: Decisions) -> Iterator[Asked]:
    tables = sorted(profile.tables, key=lambda one: one.full_name != decisions.tickets)
    found = [
        (f"{table.full_name}.{column.name}", column)
        for table in tables
        for column in table.columns
        if not is_secret(column.name)  # these are in no table file at all
    ]
    looks = [name for name, column in found if column.personal]
    texts = [name for name, column in found if column.kind == "text" and not column.text_kept]
    known = [name for name, _ in found]
    kept = [name for name in (*looks, *decisions.personal) if name in known and name not in decisions.not_personal]
    proposed = tuple(dict.fromkeys(kept))

    def apply(given: Decisions, chosen: tuple[str, ...]) -> Decisions:
        more = [name for name in chosen if name not in looks]
        return given.model_copy(
            update={"personal": more, "not_personal": [name for name in looks if name not in chosen]}
        )

    yield Asked(
        "personal",
        "Which columns hold people's data, and are masked for whom that is not allowed?",
        f"{len(looks)} look like it",
        (*dict.fromkeys([*looks, *kept, *texts, *known]), NONE),
        proposed or (NONE,),
        several=True,
        apply=apply,
    )


def _staff_names(profile: Profile, table: TableProfile, decisions: Decisions) -> Iterator[Asked]:
    """Names of those who work on tickets stand beside customers' in one table: personal until somebody decides."""
    for join in table.joins:
        concept = concept_of(join.column, "number") or concept_of(join.column, "text")
        target = next((one for one in profile.tables if one.full_name == join.to), None)
        if concept is None or concept.concept not in STAFF or target is None:
            continue
        for column in target.columns:
            if not column.personal or "name" not in words_of(column.name):
                continue
            name = f"{target.full_name}.{column.name}"

            def apply(given: Decisions, chosen: tuple[str, ...], name: str = name) -> Decisions:
                rest = [one for one in given.not_personal if one != name]
                return given.model_copy(update={"not_personal": [*rest, name] if chosen == ("yes",) else rest})

            text = (
                f"May the names of those who work on tickets be shown ({name})? Customers' names stay out of answers."
            )
            evidence = f"{join.column} refers to it; until then nothing can be asked by {concept.label['en'].lower()}"
            yield Asked(f"names by {join.column}", text, evidence, ("no", "yes"), ("no",), apply=apply)
            return
