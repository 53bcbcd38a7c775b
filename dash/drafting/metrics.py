"""Metrics of tickets that a draft proposes: volume, backlog, durations, reopening, passing on, SLA, satisfaction.

Each has its evidence; one that rests on nothing but what a person has confirmed is no draft.
"""

from __future__ import annotations

from collections.abc import Mapping

from dash.drafting.columns import DraftColumn, hours_between
from dash.drafting.concepts import load_concepts
from dash.drafting.decisions import Decisions
from dash.drafting.tables import DraftTable
from dash.drafting.words import Claims, in_languages, in_languages_lists, said
from dash.introspection.names import plural, words_of
from dash.knowledge.formats import MetricFile, PartFile
from dash.semantics.fragments import identifier

_DONE = frozenset({"resolved", "solved", "closed", "completed"})


class TicketMetrics:
    """The metrics of the table of tickets, in the order in which they choose their words."""

    def __init__(self, table: DraftTable, decisions: Decisions, claims: Claims) -> None:
        self.table = table
        self.decisions = decisions
        self.claims = claims
        self.made: list[MetricFile] = []
        self.opened = table.column(decisions.opened)
        self.resolved = table.column(decisions.resolved)
        self.closed = table.column(decisions.closed)

    def all(self) -> list[MetricFile]:
        """What can be made of the columns that are there."""
        log = self.table.profile.event_log
        seen = f"{self.table.profile.rows:,} rows of {self.table.profile.full_name}"
        how = f"{seen}, the last of each {self.table.noun}" if log else f"{seen}, one per {self.table.noun}"
        self._add("tickets", ("tickets", "opened"), how, calculation="COUNT(*)", actor=self._actor("customer"))
        self._states()
        self._durations()
        self._counters()
        self._service_level()
        score = self.table.of_concept("satisfaction")
        if score is not None and score.role == "measure":
            self._add(
                "satisfaction",
                ("tickets", "satisfaction"),
                f"{score.profile.name} is a number",
                unit="score",
                better="higher",
                calculation=f"AVG({identifier(score.name)})",
                slots={"column": score.profile.name},
            )
        self._people(score)
        return self.made

    def _people(self, score: DraftColumn | None) -> None:
        """Who asked, and what those who were asked back said."""
        customer = self.table.column_of("customer")
        if customer is not None and customer.role is not None:
            evidence = f"{customer.profile.name} has {customer.profile.distinct:,} different values in the sampled rows"
            self._add(
                "customers",
                ("tickets", "customer"),
                evidence,
                calculation=f"COUNT(DISTINCT {identifier(customer.name)})",
            )
        rating = self.table.of_concept("rating") if score is None else None
        values = {value.lower(): value for value, _ in rating.profile.values} if rating else {}
        if rating is not None and {"good", "bad"} <= values.keys():
            name, good, bad = identifier(rating.name), values["good"], values["bad"]
            self._add(
                "satisfaction_rate",
                ("tickets", "rating"),
                f"{rating.profile.name} has good and bad",
                unit="percent",
                better="higher",
                numerator=PartFile(filter=f"{name} = '{good}'"),
                denominator=PartFile(filter=f"{name} IN ('{good}', '{bad}')"),
            )
            self._add(
                "bad_ratings",
                ("tickets", "rating"),
                f"{rating.profile.name} has good and bad",
                calculation="COUNT(*)",
                filter=f"{name} = '{bad}'",
                better="lower",
                slots={"column": rating.profile.name},
            )

    def _states(self) -> None:
        condition, evidence, rests = self._done()
        if condition is None:
            return
        self._unassigned(condition, rests)
        moment = self.resolved or self.closed
        slots = {"condition": condition, "moment": said(moment.profile.name) if moment else "opened"}
        self._add(
            "open_tickets",
            rests,
            evidence,
            calculation="COUNT(*)",
            filter=f"({condition}) IS NOT TRUE",
            present_state=True,
            slots={**slots, "condition": f"not ({condition})"},
        )
        if self.opened is not None:
            since = f"CAST(:now AS timestamptz) - {identifier(self.opened.name)}"
            self._add(
                "open_age",
                (*rests, "opened"),
                evidence,
                unit="hours",
                better="lower",
                calculation=f"AVG(EXTRACT(EPOCH FROM {since}) / 3600.0)",
                filter=f"({condition}) IS NOT TRUE",
                present_state=True,
                slots={"start": said(self.opened.profile.name)},
            )
        done = {"better": "higher", "actor": self._doer() or self._actor("assignee"), "calculation": "COUNT(*)"}
        own = condition
        if self.resolved and self.closed:  # what is resolved is not closed for good yet
            self._add("done_tickets", rests, evidence, filter=condition, slots=slots, **done)
            self._add(
                "resolved_tickets",
                (*rests, "resolved"),
                evidence,
                filter=f"{identifier(self.resolved.name)} IS NOT NULL AND {condition}",
                time_dimension=self.resolved.name,
                slots=slots,
                **done,
            )
            moment = self.closed
            own = f"{identifier(moment.name)} IS NOT NULL AND {condition}"
            slots = {**slots, "condition": own, "moment": said(moment.profile.name)}
        self._add(
            "closed_tickets",
            rests,
            evidence,
            filter=own,
            time_dimension=moment.name if moment else None,
            slots=slots,
            **done,
        )
        slots = {**slots, "condition": condition}
        self._add(
            "closure_rate",
            rests,
            evidence,
            unit="percent",
            better="higher",
            slots=slots,
            numerator=PartFile(filter=condition),
            denominator=PartFile(),
        )

    def _unassigned(self, done: str, rests: tuple[str, ...]) -> None:
        """Open ones that nobody has; that tells of no person, so it may be counted where their names are not shown."""
        assignee = self.table.column_of("assignee")
        if assignee is None or assignee.role is None or not assignee.profile.empty_share:
            return
        self._add(
            "unassigned_tickets",
            (*rests, "assignee"),
            f"{assignee.profile.name} is empty in some rows",
            calculation="COUNT(*)",
            filter=f"({done}) IS NOT TRUE AND {identifier(assignee.name)} IS NULL",
            better="lower",
            present_state=True,
            slots={"column": assignee.profile.name},
        )

    def _done(self) -> tuple[str | None, str, tuple[str, ...]]:
        """When nothing is left to do, as a condition; what says so; and the decisions that it rests on."""
        status = self.table.column(self.decisions.status)
        values = [value for value, _ in status.profile.values] if status else []
        closing = [value for value in self.decisions.closed_values if value in values]
        if status is not None and closing and len(closing) < len(values):
            number = status.profile.kind == "number"
            listed = ", ".join(value if number else "'" + value.replace("'", "''") + "'" for value in closing)
            evidence = f"{status.profile.name} has the values {', '.join(values[:12])}"
            return f"{identifier(status.name)} IN ({listed})", evidence, ("tickets", "status", "closed_values")
        moment = self.closed or self.resolved
        if moment is not None:
            evidence = f"{moment.profile.name} is empty in some rows"
            return f"{identifier(moment.name)} IS NOT NULL", evidence, ("tickets", "closed", "resolved")
        active = self.table.of_concept("is_open")
        if active is not None:
            name = identifier(active.name)
            return f"NOT {name}", f"{active.profile.name} is yes or no", ("tickets",)
        return None, "", ()

    def _durations(self) -> None:
        if self.opened is None:
            return
        ends = (
            ("resolution_time", self.resolved or self.closed),
            ("closing_time", self.closed),
            ("first_response_time", self.table.column(self.decisions.first_response)),
        )
        done: set[str] = set()
        for name, end in ends:
            if end is None or end.name in done:
                continue
            done.add(end.name)
            which = {"first_response_time": "first_response"}.get(name, "closed" if end is self.closed else "resolved")
            evidence = f"{self.opened.profile.name} and {end.profile.name} are moments"
            self._add(
                name,
                ("tickets", "opened", which),
                evidence,
                unit="hours",
                better="lower",
                calculation=f"AVG({hours_between(self.opened, end)})",
                filter=f"{identifier(end.name)} IS NOT NULL",
                slots={"start": said(self.opened.profile.name), "end": said(end.profile.name)},
            )

    def _counters(self) -> None:
        pairs = (
            ("reopens", "reopen_rate", "reopened_tickets"),
            ("reassignments", "reassignment_rate", "reassigned_tickets"),
        )
        for concept, rate, count in pairs:
            column = self.table.of_concept(concept)
            flag = self.table.of_concept("reopened") if concept == "reopens" else None
            if column is not None and column.role == "measure":
                condition, evidence = f"{identifier(column.name)} > 0", f"{column.profile.name} counts from 0"
            elif flag is not None:
                condition, evidence = identifier(flag.name), f"{flag.profile.name} is yes or no"
                concept = "reopened"
            else:
                continue
            self._add(
                rate,
                ("tickets", concept),
                evidence,
                unit="percent",
                better="lower",
                numerator=PartFile(filter=condition),
                denominator=PartFile(),
            )
            self._add(count, ("tickets", concept), evidence, calculation="COUNT(*)", filter=condition, better="lower")

    def _service_level(self) -> None:
        """Kept to what was promised: by a column that says so, else by when it was due. What is overdue and not done
        has missed it."""
        met, breached = self.table.of_concept("sla_met"), self.table.of_concept("sla_breached")
        due, end = self.table.column(self.decisions.due), self.resolved or self.closed
        if met is not None or breached is not None:
            told = met or breached
            assert told is not None
            name = identifier(told.name)
            good, missed = (name, f"NOT {name}") if met is not None else (f"NOT {name}", name)
            known, evidence, rests = f"{name} IS NOT NULL", told.profile.name, ("tickets", "sla_met")
            kept, broken = (f"{told.profile.name} is {word}" for word in (("yes", "no") if met else ("no", "yes")))
        elif due is not None and end is not None:
            last, done = identifier(due.name), identifier(end.name)
            overdue = f"{done} IS NULL AND {last} < CAST(:now AS timestamptz)"
            good, missed = f"{done} <= {last}", f"({done} > {last} OR {overdue})"
            known = f"({done} IS NOT NULL AND {last} IS NOT NULL OR {overdue})"
            evidence, rests = f"{due.profile.name} and {end.profile.name}", ("tickets", "due")
            kept = f"{said(end.profile.name)} not later than {said(due.profile.name)}"
            broken = f"{said(end.profile.name)} later than {said(due.profile.name)}, or overdue and not done"
        else:
            return
        evidence = f"{evidence} tells it"
        self._add(
            "sla_rate", rests, evidence, unit="percent", better="higher", slots={"condition": kept},
            numerator=PartFile(filter=good), denominator=PartFile(filter=known),
        )  # fmt: skip
        self._add(
            "sla_breaches", rests, evidence, calculation="COUNT(*)", filter=missed, better="lower",
            slots={"condition": broken},
        )  # fmt: skip
        self._add(
            "sla_breach_rate", rests, evidence, unit="percent", better="lower", slots={"condition": broken},
            numerator=PartFile(filter=missed), denominator=PartFile(filter=known),
        )  # fmt: skip

    def _add(
        self,
        name: str,
        rests: tuple[str, ...],
        evidence: str,
        *,
        slots: Mapping[str, str] | None = None,
        **parts: object,
    ) -> None:
        concept = load_concepts().metrics[name]
        rows = plural(self.table.noun)
        filled = {"rows": rows, "rows_capital": rows[:1].upper() + rows[1:], **(slots or {})}
        definition = {code: text.format(**filled) for code, text in concept.definition.items()}
        dimensions = (self.table.dimension_of(one) for one in ("category", "group", "priority"))
        parts = {"default_dimension": next(filter(None, dimensions), None), "time_dimension": self._time(), **parts}
        self.made.append(
            MetricFile.model_validate(
                {
                    "name": name,
                    "label": in_languages(concept.label, self.claims.languages),
                    "definition": in_languages(definition, self.claims.languages),
                    "synonyms": self.claims.take(concept.words),
                    "taking": in_languages_lists(concept.taking, self.claims.languages),
                    "table": self.table.name,
                    "draft": None if self.decisions.is_reviewed(rests) else f"Proposed because {evidence}.",
                    **{key: value for key, value in parts.items() if value is not None},
                }
            )
        )

    def _actor(self, concept: str) -> str | None:
        """Who opens or closes tickets, where that may be said."""
        column = self.table.column_of(concept)
        return self.table.dimension_of(concept) if column is not None and not column.personal else None

    def _doer(self) -> str | None:
        """Whoever a column says has resolved it, or closed it."""
        for column in self.table.columns:
            words = set(words_of(column.profile.name))
            if "by" in words and words & _DONE and column.role in ("dimension", "entity") and not column.personal:
                return self.table.dimensions[column.profile.name]
        return None

    def _time(self) -> str | None:
        return self.opened.name if self.opened else None
