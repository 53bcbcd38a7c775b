"""One answer judged by what its case expects: correct, asked, declined, wrong or an error, and why.

An answerable question wants its rows, an unanswerable one a decline, an ambiguous one a question back whose choices
hold every meaning that the case names. Whatever is shown as an answer and is none of that is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash.ask import Dash
from dash.errors import DatabaseUnavailable, QueryFailed, QueryRejected
from dash.evals.columns import Column, columns_of
from dash.evals.compare import same_columns
from dash.evals.golden import VIEWER, Expected, run_golden
from dash.evals.identity import Identity
from dash.evals.scores import Score
from dash.knowledge.formats import EvalFile
from dash.records import Answer

EXACT_ROLES = frozenset({"time", "dimension"})
"""Columns by which an answer is divided: their numbers are years, hours and ids, and 2025 is not nearly 2026."""


@dataclass(frozen=True)
class Verdict:
    """`matched` are the places of the case's golden queries that the answer agrees with."""

    score: Score
    matched: frozenset[int] = frozenset()
    note: str = ""


def ask_case(dash: Dash, case: EvalFile, now: datetime) -> Answer:
    """The answer to the case's last turn, after the turns before it."""
    answer = None
    for turn in case.turns or [case.question or ""]:
        answer = dash.ask(turn, thread_id=answer.thread_id if answer else None, viewer=VIEWER, now=now, learns=False)
    assert answer is not None, "a loaded case has a question"
    return answer


def expected_results(dash: Dash, case: EvalFile, now: datetime) -> tuple[Expected, ...] | str:
    """What each golden query of the case gives, or a sentence about the one that does not run."""
    found = []
    for sql in (case.sql, *case.also_accept):
        if sql:
            try:
                found.append(run_golden(dash, sql, now, ordered=case.ordered))
            except (QueryRejected, QueryFailed, DatabaseUnavailable) as error:
                detail = getattr(error, "detail", "")
                return (
                    f"The expected SQL does not run: {error.message}{f' ({detail})' if detail else ''}\n{sql.strip()}"
                )
    return tuple(found)


class Judge:
    """Compares answers of one Dash with what is expected."""

    def __init__(self, dash: Dash, identity: Identity) -> None:
        self._dash = dash
        self._identity = identity

    def judge(self, case: EvalFile, answer: Answer, expected: Sequence[Expected], now: datetime) -> Verdict:
        """The verdict on the answer to a case asked at `now`."""
        if answer.outcome == "error":
            return Verdict("error", note=answer.headline)
        if case.kind == "ambiguous":
            return self._judge_ambiguous(answer, expected, now)
        if case.kind == "unanswerable" and answer.outcome != "clarification":
            return Verdict("correct" if answer.outcome == "declined" else "wrong")
        if answer.outcome != "answered":
            return Verdict("asked" if answer.outcome == "clarification" else "declined")
        matched = self.matching(answer, expected, now)
        return Verdict("correct" if matched else "wrong", matched, _difference(answer, expected, matched))

    def _judge_ambiguous(self, answer: Answer, expected: Sequence[Expected], now: datetime) -> Verdict:
        if answer.outcome == "answered":
            return Verdict("wrong", note="An ambiguous question was answered without asking back.")
        if answer.outcome == "declined":
            return Verdict("declined")
        offered: set[int] = set()
        for choice in answer.choices if expected else ():
            following = self._dash.ask(choice, thread_id=answer.thread_id, viewer=VIEWER, now=now, learns=False)
            if following.outcome == "answered":
                offered |= self.matching(following, expected, now)
        missing = len(expected) - len(offered)
        if missing:
            return Verdict("asked", note=f"No choice leads to {missing} of the {len(expected)} meanings.")
        return Verdict("correct")

    def matching(self, answer: Answer, expected: Sequence[Expected], now: datetime) -> frozenset[int]:
        """The places of those golden results that the answer agrees with."""
        columns = self._columns(answer)
        matched = frozenset(place for place, each in enumerate(expected) if self._agrees(each, columns))
        if matched or all(len(each.rows) != len(answer.rows) for each in expected):
            return matched
        more = (*columns, *self._other_keys(answer, now))
        if len(more) == len(columns):
            return matched
        return frozenset(place for place, each in enumerate(expected) if self._agrees(each, more))

    def _other_keys(self, answer: Answer, now: datetime) -> list[Column]:
        names = [column.name for column in answer.columns]
        try:
            found = self._identity.other_keys(self._dash, names, answer.rows, now)
        except (QueryRejected, QueryFailed):
            # A table that is too large to look keys up in: the answer is judged by what it shows.
            return []
        zone = self._dash.settings.zone
        return [columns_of([(cell,) for cell in cells], zone=zone, names=[name], exact=[0])[0] for name, cells in found]

    def _agrees(self, expected: Expected, columns: Sequence[Column]) -> bool:
        exact = [place for place, name in enumerate(expected.columns) if self._identity.names(name)]
        golden = columns_of(expected.rows, zone=self._dash.settings.zone, names=expected.columns, exact=exact)
        return same_columns(golden, columns, expected.segments)

    def _columns(self, answer: Answer) -> tuple[Column, ...]:
        return columns_of(
            answer.rows,
            zone=self._dash.settings.zone,
            names=[column.name for column in answer.columns],
            exact=[
                place
                for place, column in enumerate(answer.columns)
                if column.role in EXACT_ROLES or self._identity.names(column.name)
            ],
            counts=[place for place, column in enumerate(answer.columns) if column.unit == "count"],
        )


def _difference(answer: Answer, expected: Sequence[Expected], matched: frozenset[int]) -> str:
    """What a person looks at first: how many rows there should be, and whether either side was cut."""
    notes = []
    if not matched and expected and all(len(each.rows) != len(answer.rows) for each in expected):
        wanted = " or ".join(str(count) for count in dict.fromkeys(len(each.rows) for each in expected))
        notes.append(f"{len(answer.rows)} rows instead of {wanted}.")
    if not expected:
        notes.append("The case has no SQL to compare with.")
    if answer.truncated or any(each.truncated for each in expected):
        notes.append("A result was cut at the row limit.")
    return " ".join(notes)
