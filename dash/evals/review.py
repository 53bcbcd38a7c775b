"""What a person does with a learning: try it, then activate it, or take it back. Every surface does it here.

A trial holds only for what it was made with: when a file of the knowledge or another decision has changed since, it has
to be made again. So nobody activates what another learning has made wrong in the meantime.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from dash.ask import Dash
from dash.errors import UserError
from dash.evals.moments import end_of_data
from dash.evals.shadow import ShadowRun, try_learning
from dash.evals.support import require_usable, unsupported
from dash.learnings import Learning
from dash.records import Viewer


class WorseError(UserError):
    """A learning that makes an answer worse is not activated."""


@dataclass(frozen=True)
class Trial:
    """A shadow run, and what it was made with: the knowledge, and the decisions until then."""

    run: ShadowRun
    knowledge: str
    position: int
    tried_at: datetime

    def holds(self, dash: Dash) -> bool:
        """Whether nothing has changed since that it rests on. Raises DatabaseUnavailable."""
        return self.knowledge == dash.written.fingerprint and self.position == dash.learnings.position()


def try_out(
    dash: Dash,
    learning: Learning,
    *,
    now: datetime | None = None,
    everything: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Trial:
    """What a learning would change, without and with it, as of `now` (default: where the data ends).

    No language model is asked, whatever the settings say: golden questions are asked by the hundred. `progress` may
    raise to end it. Raises KnowledgeError for broken cases, DatabaseUnavailable.
    """
    quiet = without_model(dash)
    position = quiet.learnings.position()
    moment = now or end_of_data(quiet, datetime.now(UTC))
    run = try_learning(quiet, learning, now=moment, everything=everything, progress=progress)
    return Trial(run, quiet.written.fingerprint, position, datetime.now(UTC))


def activate(
    dash: Dash, trial: Trial, *, by: str, note: str = "", everyone: bool = False, viewer: Viewer | None = None
) -> Learning:
    """Let a learning be used that was tried and makes nothing worse; `everyone` gives one user's to all. `viewer` is
    the person at a page, who needs the right.

    Raises NotAllowed, WorseError, UserError where the knowledge speaks against it or the trial does not hold any more.
    """
    learning = dash.learnings.get(trial.run.learning.id)
    require_usable(dash, learning)
    if trial.run.worse:
        raise WorseError(f"{learning.id} was not activated: it makes answers worse.")
    if not trial.holds(dash):
        raise UserError("Something was decided, or the knowledge changed, since this was tried; try it again.")
    tried = f"tried on {trial.run.tried}, {len(trial.run.changes)} changed"
    found = dash.learnings.activate(learning.id, by=by, note=f"{note} ({tried})".strip(), viewer=viewer)
    if everyone and learning.scope is not None:
        found = dash.learnings.share(learning.id, by=by, note=note, viewer=viewer)
    return found


def check_all(
    dash: Dash, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[tuple[Learning, str], ...]:
    """Every learning that is not retired, with why the data no longer supports it or ""; what fails is flagged.

    Raises DatabaseUnavailable.
    """
    kept = [each for each in dash.learnings.all() if each.status != "retired"]
    found = []
    for number, learning in enumerate(kept):
        progress(number, len(kept))
        why = unsupported(dash, learning, now)
        dash.learnings.flag(learning.id, why)
        found.append((learning, why))
    return tuple(found)


def without_model(dash: Dash) -> Dash:
    """The same product without a language model; it shares the database, which stays the other's to close."""
    if dash.model is None:
        return dash
    parts: dict[str, Any] = {"learnings": dash.learnings, "model": None}
    settings = replace(dash.settings.without_model(), home=dash.settings.home)
    quiet = Dash(settings, dash.database, dash.knowledge, dash.clock, **parts)
    quiet.written = dash.written
    return quiet
