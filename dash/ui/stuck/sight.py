"""What the parts of the page share: the desk behind it, one check beside an earlier one, and the words for both.

It is read once for each run of the page, so that all numbers on it are of the same check.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import streamlit as st

from dash.access import may
from dash.knowledge.stuck import STAGE
from dash.ops import Check, Diff, StuckDesk, StuckTicket, Wording
from dash.records import MASK
from dash.ui.opening import Service
from dash.ui.stuck.address import NONE
from dash.ui.texts import text

_SAID = "stuck_said"


@dataclass(frozen=True)
class Sight:
    """A check, what changed up to it, and who looks."""

    service: Service
    desk: StuckDesk
    wording: Wording
    diff: Diff
    now: datetime

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.wording.language

    @property
    def check(self) -> Check:
        """The check that is shown."""
        return self.diff.check

    @property
    def works(self) -> bool:
        """Whether this person may do something about tickets; the desk asks again when they do."""
        return may(self.desk.viewer, "work_stuck_list")

    @property
    def name(self) -> str:
        """What tickets of this person are assigned to."""
        return self.desk.viewer.display or self.desk.viewer.name

    @cached_property
    def tickets(self) -> tuple[StuckTicket, ...]:
        """All tickets of the check."""
        return (*self.diff.new, *self.diff.worse, *self.diff.still)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that any ticket has, in the file's order; masked ones say nothing."""
        return tuple(
            name
            for name in self.desk.file.tickets.facts
            if any(ticket.facts.get(name) not in (None, MASK) for ticket in self.tickets)
        )

    def value_of(self, ticket: StuckTicket, name: str) -> str | None:
        """The stage or a fact of a ticket."""
        value = ticket.stage if name == STAGE else ticket.facts.get(name)
        return None if value is None else str(value)

    def value_words(self, name: str, value: str) -> str:
        """What people call a value of the stage or a fact, as the address writes it."""
        return self.say("stuck_no_value") if value == NONE else self.wording.fact(name, value)

    def say(self, name: str, **values: object) -> str:
        """A text of the page in its language."""
        return text(name, self.language, **values)

    def count(self, number: int) -> str:
        """A number as the language writes it."""
        return self.wording.cells.count(number)


def tell(words: str, *, trouble: bool = False) -> None:
    """Say something on the page that is drawn next."""
    st.session_state[_SAID] = (words, trouble)


def show_told() -> None:
    """What was to be said, once: what worked goes away by itself, trouble stays until the next click."""
    from dash.ui.inert import label

    words, trouble = st.session_state.pop(_SAID, ("", False))
    if words and trouble:
        st.warning(label(words), icon=":material/error:")
    elif words:
        st.toast(label(words), icon=":material/task_alt:")
