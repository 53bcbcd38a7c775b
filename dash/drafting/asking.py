"""The interview: what matters most, in order of use and doubt, each with its evidence and a proposed answer.

A question changes one decision. Taking the proposal confirms it, skipping leaves it a draft; so an interview can be
stopped at any question and taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from dash.drafting.columns import DraftColumn, read_columns
from dash.drafting.concepts import concept_of, load_concepts
from dash.drafting.decisions import NOT_ONE, STAFF, Decisions, candidates, propose, states_of
from dash.drafting.sentences import Phrase, choice_word
from dash.drafting.tables import begin_table
from dash.introspection import ColumnProfile, Profile, TableProfile
from dash.introspection.names import words_of
from dash.introspection.personal import is_secret

MOST = 20
NONE = "none of them"
_SHOWN = 8


@dataclass(frozen=True)
class Asked:
    """One question. `proposed` are the choices that are proposed; `several` that more than one may be chosen, `worded`
    that the choices are words and no names of the database."""

    name: str
    question: Phrase
    seen: tuple[Phrase, ...]
    choices: tuple[str, ...]
    proposed: tuple[str, ...]
    several: bool = False
    worded: bool = False
    apply: Callable[[Decisions, tuple[str, ...]], Decisions] = field(default=lambda decisions, _: decisions, repr=False)

    def text(self, language: str = "en") -> str:
        """The question."""
        return self.question.said("questions", language)

    def evidence(self, language: str = "en") -> str:
        """Why the proposal is made."""
        return ", ".join(phrase.said("evidence", language) for phrase in self.seen)

    def choice(self, choice: str, language: str = "en") -> str:
        """A choice as it is shown; names of the database stay as they are."""
        return choice_word(choice, language) if self.worded or choice == NONE else choice


def next_question(profile: Profile, decisions: Decisions, skipped: Sequence[str]) -> Asked | None:
    """The first question that is neither answered nor skipped; None when there is no more to ask."""
    open_ones = (one for one in questions(profile, decisions) if one.name not in (*decisions.reviewed, *skipped))
    return next(open_ones, None)


def count_questions(profile: Profile, decisions: Decisions) -> int:
    """How many questions there are in all, at most."""
    return min(MOST, len(list(questions(profile, decisions))))


def answered(asked: Asked, decisions: Decisions, chosen: tuple[str, ...]) -> Decisions:
    """The decisions with an answer, which is reviewed now."""
    decided = asked.apply(decisions, tuple(one for one in chosen if one != NONE))
    return decided.model_copy(update={"reviewed": [*dict.fromkeys([*decided.reviewed, asked.name])]})


def questions(profile: Profile, decisions: Decisions) -> Iterator[Asked]:
    """All questions, answered or not, the most important first."""
    yield _which_table(profile, decisions)
    table = next((one for one in profile.tables if one.full_name == decisions.tickets), None)
    if table is None:
        return
    yield _which_moment(table, decisions, "opened")
    yield from _doubtful_dates(profile, decisions)
    yield _which_status(profile, table, decisions)
    states = states_of(profile, table, decisions.status)
    if states and decisions.status:
        yield _which_states(decisions.status, states, decisions)
    for name in ("resolved", "closed", "first_response", "due"):
        if name in ("resolved", "closed") or getattr(decisions, name):
            yield _which_moment(table, decisions, name)
    yield from _which_columns(table, decisions)
    yield from _which_personal(profile, decisions)
    yield from _staff_names(profile, table, decisions)


def _which_table(profile: Profile, decisions: Decisions) -> Asked:
    found = [table.full_name for table in candidates(profile)][:_SHOWN]
    table = next((one for one in profile.tables if one.full_name == decisions.tickets), None)
    log = table.event_log if table else None
    seen = Phrase("no_table")
    if table is not None:
        slots = {"table": table.full_name, "rows": f"{table.rows:,}"}
        more = {"key": log.key, "order": ", ".join(log.order)} if log else {}
        seen = Phrase("log" if log else "table", slots | more)

    def apply(given: Decisions, chosen: tuple[str, ...]) -> Decisions:
        if chosen == (given.tickets,):
            return given
        others = [one for one in profile.tables if one.full_name in chosen]
        return propose(Profile(tuple(others))).model_copy(update={"tickets": chosen[0] if chosen else None})

    proposed = (decisions.tickets or NONE,)
    return Asked("tickets", Phrase("tickets"), (seen,), (*found, NONE), proposed, apply=apply)


def _which_moment(table: TableProfile, decisions: Decisions, name: str) -> Asked:
    moments = [column for column in table.columns if column.real_kind == "time"]
    proposed = getattr(decisions, name)
    column = next((one for one in moments if one.name == proposed), None)
    return Asked(
        name,
        Phrase(name),
        _filled(column) if column is not None else (Phrase("no_column"),),
        (*(one.name for one in moments), NONE),
        (proposed or NONE,),
        apply=lambda given, chosen: given.model_copy(update={name: chosen[0] if chosen else None}),
    )


def _filled(column: ColumnProfile) -> tuple[Phrase, ...]:
    found = [Phrase("filled", {"column": column.name, "share": f"{1 - column.empty_share:.0%}"})]
    if column.text_kept and column.text_kept.form:
        found.append(Phrase("form", {"form": column.text_kept.form}))
    if column.stand_ins:
        found.append(Phrase("none", {"values": ", ".join(map(repr, column.stand_ins))}))
    return tuple(found)


def _doubtful_dates(profile: Profile, decisions: Decisions) -> Iterator[Asked]:
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
                Phrase("form", {"name": name}),
                (Phrase("no_above_twelve"),),
                ("day", "month"),
                ("month",) if name in decisions.month_first else ("day",),
                worded=True,
                apply=apply,
            )


def _which_status(profile: Profile, table: TableProfile, decisions: Decisions) -> Asked:
    columns = [column for column in table.columns if 1 < len(states_of(profile, table, column.name)) <= 40]
    status = next((one for one in columns if one.name == decisions.status), None)
    states = states_of(profile, table, status.name) if status else ()
    seen = _shares(status.name, states) if status else Phrase("no_column")

    def apply(given: Decisions, chosen: tuple[str, ...]) -> Decisions:
        if chosen == (given.status,):
            return given
        return given.model_copy(update={"status": chosen[0] if chosen else None, "closed_values": []})

    return Asked(
        "status",
        Phrase("status"),
        (seen,),
        (*(one.name for one in columns), NONE),
        (decisions.status or NONE,),
        apply=apply,
    )


def _which_states(status: str, states: Sequence[tuple[str, float]], decisions: Decisions) -> Asked:
    values = tuple(value for value, _ in states)
    proposed = tuple(value for value in decisions.closed_values if value in values)
    return Asked(
        "closed_values",
        Phrase("closed_values", {"status": status}),
        (_shares(status, states),),
        values,
        proposed,
        several=True,
        apply=lambda given, chosen: given.model_copy(update={"closed_values": list(chosen)}),
    )


def _shares(name: str, values: Sequence[tuple[str, float]]) -> Phrase:
    shown = ", ".join(f"{value} ({share:.0%})" for value, share in values[:_SHOWN])
    return Phrase("values", {"column": name, "values": f"{shown}{' …' if len(values) > _SHOWN else ''}"})


_COLUMNS = (
    "group", "assignee", "category", "priority", "channel", "sla_met", "reopens", "reopened", "reassignments",
    "satisfaction", "rating", "customer",
)  # fmt: skip
"""Concepts of columns that support teams ask by."""

_OF_STRANGE = ("group", "assignee", "category", "priority", "channel", "reopens", "satisfaction", "customer")
"""Those that are asked about also where no column is named for them, in a table whose names nobody here understands."""

_UNDERSTOOD = 1 / 3
"""The share of a table's columns from which on its names are understood."""


def _which_columns(table: TableProfile, decisions: Decisions) -> Iterator[Asked]:
    """What the columns are that support teams ask by; where nothing fits, only what could be it is asked about, unless
    hardly a name of the table is understood."""
    draft = begin_table(table, read_columns(table.columns, "UTC", (), (), ()), set())
    concepts = {one.concept: one for one in load_concepts().columns}
    strange = sum(one.concept is not None for one in draft.columns) < _UNDERSTOOD * len(draft.columns)
    for name in _COLUMNS:
        decided = next((column for column, concept in decisions.columns.items() if concept == name), None)
        column = draft.column(decided) if decided else draft.of_concept(name)
        if column is None and not (strange and name in _OF_STRANGE):
            continue
        kinds, measured = concepts[name].kinds, concepts[name].role == "measure"
        fitting = [one for one in draft.columns if one.role not in (None, "text") and one.profile.real_kind in kinds]
        likely = [one for one in fitting if column is None or (one.role == "measure") is measured or one is column]
        choices = [one.profile.name for one in likely][:30]
        own = column.profile.name if column is not None else None

        def apply(given: Decisions, chosen: tuple[str, ...], name: str = name, own: str | None = own) -> Decisions:
            kept = {column: concept for column, concept in given.columns.items() if concept != name and column != own}
            other = {} if own is None or own in chosen else {own: NOT_ONE}
            return given.model_copy(update={"columns": {**kept, **other, **dict.fromkeys(chosen, name)}})

        taken = NONE if own is None or decisions.columns.get(own) == NOT_ONE else own
        yield Asked(name, Phrase(name), _seen(column), (*choices, NONE), (taken,), apply=apply)


def _seen(column: DraftColumn | None) -> tuple[Phrase, ...]:
    if column is None:
        return (Phrase("no_column"),)
    profile = column.profile
    return (_shares(profile.name, profile.values),) if profile.values else _filled(profile)


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
        Phrase("personal"),
        (Phrase("look_personal", {"count": len(looks)}),),
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

            proposed = ("yes",) if name in decisions.not_personal else ("no",)
            about = {code: said.lower() for code, said in concept.label.items()}
            seen = Phrase("refers", {"column": join.column, "concept": about})
            text = Phrase("names", {"name": name})
            yield Asked(f"names by {join.column}", text, (seen,), ("no", "yes"), proposed, worded=True, apply=apply)
            return
