"""Stuck tickets in the words of one language: what a reason is called, what to do about it, what shows it.

The words come from stuck.yaml and the knowledge, so a terminal, a page and a message say the same. What strangers wrote
comes back as text; whoever shows it shows it as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dash.errors import NotFoundError
from dash.knowledge import Knowledge
from dash.knowledge.nearest import advise, find_nearest
from dash.knowledge.stuck import STAGE, CellFile, StuckFile
from dash.ops.records import StuckTicket
from dash.shown import Cells, cells_in
from dash.shown.cells import EMPTY
from dash.shown.labels import text_of
from dash.shown.moments import show_date, show_moment
from dash.shown.numbers import show_number


@dataclass(frozen=True)
class Wording:
    """The definition's words in a language; times are shown in `zone`."""

    file: StuckFile
    language: str
    cells: Cells
    zone: str

    @classmethod
    def of(cls, file: StuckFile, knowledge: Knowledge, language: str, zone: str) -> Wording:
        """Raises KnowledgeError when the phrases of the language are broken."""
        return cls(file, language, cells_in(language, knowledge), zone)

    def reason(self, name: str) -> str:
        """What people call a reason; one that the file does not have any more keeps its name."""
        found = self.file.reason(name)
        return text_of(found.label, self.language) if found else name.replace("_", " ")

    def advice(self, name: str) -> str:
        """What to do about it."""
        found = self.file.reason(name)
        return text_of(found.advice, self.language) if found else ""

    def stage(self, value: str | None) -> str:
        """What people call a stage."""
        return self._show(value, self.file.tickets.stage)

    def fact_label(self, name: str) -> str:
        """What people call a fact, or the stage."""
        cell = self.file.tickets.stage if name == STAGE else self.file.tickets.facts.get(name)
        return self._label(name, cell)

    def fact(self, name: str, value: Any) -> str:
        """What people call the value of a fact, or a stage."""
        return self._show(value, self.file.tickets.stage if name == STAGE else self.file.tickets.facts.get(name))

    def facts(self, ticket: StuckTicket) -> tuple[tuple[str, str], ...]:
        """(what, value) of all facts, in the order of the file."""
        return tuple(
            (self.fact_label(name), self.fact(name, ticket.facts.get(name))) for name in self.file.tickets.facts
        )

    def evidence(self, ticket: StuckTicket) -> tuple[tuple[str, str], ...]:
        """(what, value) of what shows the reason, in the order of the file."""
        reason = self.file.reason(ticket.reason)
        cells = reason.evidence if reason else {}
        names = [name for name in cells if name in ticket.evidence]
        names += [name for name in ticket.evidence if name not in cells]
        return tuple(
            (self._label(name, cells.get(name)), self._show(ticket.evidence[name], cells.get(name))) for name in names
        )

    def find_value(self, name: str, typed: str) -> str:
        """The value of a fact (or the stage) that somebody typed: itself, or what it is called in this language or in
        English. Raises NotFoundError with the nearest one, where the knowledge lists all values."""
        cell = self.file.tickets.stage if name == STAGE else self.file.tickets.facts.get(name)
        if cell is None:
            known = [STAGE, *self.file.tickets.facts]
            raise NotFoundError(
                f"Stuck tickets have no {name}; {advise(name, known, 'known are ' + ', '.join(known))}."
            )
        columns = self.cells.labels.columns_of(cell.dimension) if cell.dimension else ()
        called: dict[str, str] = {}
        for value in (value for column in columns for value in column.values):
            words = {str(value.value), text_of(value.label, self.language), text_of(value.label, "en")}
            called |= {word.casefold().replace("_", " "): str(value.value) for word in words if word}
        found = called.get(typed.strip().casefold().replace("_", " "))
        if found is None and called:
            what = f"There is no {self.fact_label(name).lower()} {typed!r}"
            near = find_nearest(typed, called)
            mend = f"write {near}" if near else f"known are {', '.join(sorted(set(called.values())))}"
            raise NotFoundError(f"{what}; {mend}.")
        return found or typed

    def find_reason(self, typed: str) -> str:
        """The name of a reason that somebody typed by its name or label. Raises NotFoundError."""
        called = {one.name: one.name for one in self.file.reasons}
        called |= {label.casefold(): one.name for one in self.file.reasons for label in one.label.values()}
        found = called.get(typed.strip().casefold()) or called.get(typed.strip().casefold().replace(" ", "_"))
        if found is None:
            names = [one.name for one in self.file.reasons]
            raise NotFoundError(
                f"There is no reason {typed!r}; {advise(typed, names, 'known are ' + ', '.join(names))}."
            )
        return found

    def waiting(self, hours: float) -> str:
        """How long, in the unit that suits it."""
        return show_number(Decimal(str(round(hours, 2))), "waited_hours", self.cells.phrases)

    def moment(self, value: datetime) -> str:
        """A moment in the reporting zone."""
        return show_moment(value, self.cells.phrases, self.zone)

    def moment_and_day(self, value: datetime) -> str:
        """The same with the day of the week, which says on a Monday whether that was Friday or Sunday."""
        day = show_date(value.astimezone(ZoneInfo(self.zone)), "EEE", self.cells.phrases)
        return f"{self.moment(value)} ({day})"

    def _label(self, name: str, cell: CellFile | None) -> str:
        return (text_of(cell.label, self.language) if cell else "") or name.replace("_", " ")

    def _show(self, value: Any, cell: CellFile | None) -> str:
        if value is None:
            return EMPTY
        label = self.cells.labels.find_value_label(cell.dimension, value) if cell and cell.dimension else None
        if label:
            return label
        if cell is not None and cell.unit == "time":
            return self._written(str(value))
        return str(value)

    def _written(self, value: str) -> str:
        try:
            return self.moment(datetime.fromisoformat(value).astimezone(ZoneInfo(self.zone)))
        except (ValueError, OverflowError):
            return value
