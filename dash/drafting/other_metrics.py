"""Metrics that any table has: its rows, means of its measures, shares of what is yes or no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dash.drafting.columns import DraftColumn
from dash.drafting.concepts import load_concepts
from dash.drafting.decisions import Decisions
from dash.drafting.tables import DraftTable, unit_of, words_for
from dash.drafting.words import Claims, label_of, said
from dash.introspection.names import plural
from dash.knowledge.formats import MetricFile, PartFile
from dash.semantics.fragments import identifier

_TOLD = ("sla_met", "sla_breached", "is_open", "reopened", "satisfaction")
"""Concepts of which tickets have metrics of their own."""

_COUNTED = {
    "reopens": ("reopens",),
    "reassignments": ("reassignments",),
    "updates": ("updates", "modifications"),
}
"""Concepts that count what happened to a row, and what people call that."""


@dataclass(frozen=True)
class OtherMetrics:
    """The metrics of a table; `main` that it is the one of tickets. `names` are those that are taken."""

    table: DraftTable
    claims: Claims
    decisions: Decisions
    names: set[str]
    main: bool

    def all(self) -> list[MetricFile]:
        """In the order of the columns."""
        found = [] if self.main else list(self._rows())
        for column in self.table.columns:
            if self.main and column.concept is not None and column.concept.concept in _TOLD:
                continue
            if column.role == "measure":
                found += self._mean(column)
            elif column.type == "boolean" and column.role == "dimension":
                found += self._share(column)
        return found

    def _rows(self) -> Iterator[MetricFile]:
        rows, number = plural(said(self.table.noun)), self.table.profile.rows
        yield from self._metric(
            rows.replace(" ", "_"), label_of(rows), words_for(self.table), f"the table has {number:,} rows",
            f"Number of {rows}.", {"calculation": "COUNT(*)"},
        )  # fmt: skip

    def _mean(self, column: DraftColumn) -> Iterator[MetricFile]:
        text, profile = said(column.profile.name), column.profile
        measured: dict[str, object] = {"calculation": f"AVG({identifier(column.name)})", "unit": unit_of(column)}
        noun = said(self.table.noun)
        words = [f"average {text}", f"mean {text}"]
        for counted in _COUNTED.get(column.concept.concept, ()) if column.concept is not None else ():
            words += [f"{counted} per {noun}", f"(average|mean) (number of|) {counted} (per {noun}|)"]
        if column.concept is not None and column.concept.concept == "satisfaction":  # CSAT in a table of its own
            words += load_concepts().metrics["satisfaction"].words["en"]
            measured["better"] = "higher"
        yield from self._metric(
            f"average_{self._name(column)}", f"Average {text}", words,
            f"{profile.name} holds {profile.minimum} to {profile.maximum}", f"Mean of {text}, over rows that have one.",
            measured, column,
        )  # fmt: skip

    def _share(self, column: DraftColumn) -> Iterator[MetricFile]:
        text, condition = said(column.profile.name), identifier(column.name)
        parts = {
            "unit": "percent",
            "numerator": PartFile(filter=condition),
            "denominator": PartFile(filter=f"{condition} IS NOT NULL"),
        }
        yield from self._metric(
            f"{self._name(column)}_rate", f"{label_of(column.profile.name)}, share",
            [f"{text} rate", f"share of {text}", f"{text} share"], f"{column.profile.name} is yes or no",
            f"Share of rows whose {text} is yes.", parts, column,
        )  # fmt: skip

    def _name(self, column: DraftColumn) -> str:
        return column.name if self.main else f"{said(self.table.noun).replace(' ', '_')}_{column.name}"

    def _metric(
        self, name: str, label: str, words: list[str], evidence: str, definition: str, parts: Mapping[str, object],
        column: DraftColumn | None = None,
    ) -> Iterator[MetricFile]:  # fmt: skip
        """The metric, where any of its words is still free."""
        taken = self.claims.take({"en": words})
        if not taken:
            return
        while name in self.names:
            name += "_2"
        self.names.add(name)
        concept = column.concept.concept if column is not None and column.concept is not None else None
        reviewed = self.main and concept is not None and self.decisions.is_reviewed(("tickets", concept))
        said_of = {"name": name, "label": {"": label}, "definition": {"": definition}, "synonyms": taken}
        draft = None if reviewed else f"Proposed because {evidence}."
        yield MetricFile.model_validate({**said_of, "table": self.table.name, "draft": draft, **parts})
