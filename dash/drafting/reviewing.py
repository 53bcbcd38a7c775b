"""The interview about a project, for every surface that leads it: the next question, its answer kept, files written.

An answer is in `review.yaml` before the next question is asked, so an interview that ends anywhere loses nothing; the
draft is written anew when somebody says so, because it takes seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash.drafting.asking import Asked, answered, count_questions, next_question, questions
from dash.drafting.board import write_board
from dash.drafting.decisions import (
    Decisions,
    load_decisions,
    propose,
    save_decisions,
    without_personal_columns,
    without_personal_values,
)
from dash.drafting.drafting import draft
from dash.drafting.files import write_draft, write_profile, writing
from dash.errors import SettingsError
from dash.introspection import Profile, load_profile
from dash.introspection.profile import FILE
from dash.settings import REPOSITORY, Settings

PACKED = (
    "This project began with the pack {pack} and has no draft; change its files in knowledge/, "
    "and check them with dash check."
)


@dataclass(frozen=True)
class Done:
    """What came of writing the files: reviewed metrics of all, and files that somebody had changed and that stay."""

    reviewed: int
    metrics: int
    kept: tuple[str, ...]


@dataclass
class Review:
    """One project's interview. Other people may lead it at the same time: an answer is added to what the file says."""

    settings: Settings
    profile: Profile
    decisions: Decisions

    @classmethod
    def open(cls, settings: Settings) -> Review:
        """Take the interview up where it was left. Raises SettingsError, UserError."""
        if settings.project == REPOSITORY:
            raise SettingsError("The repository's own knowledge is no draft; name a project with --project FOLDER.")
        if settings.pack is not None:
            raise SettingsError(PACKED.format(pack=settings.pack))
        profile = load_profile(settings.project)
        return cls(settings, profile, load_decisions(settings.project) or propose(profile))

    @staticmethod
    def is_possible(settings: Settings) -> bool:
        """Whether the project has a draft to ask about."""
        return settings.project != REPOSITORY and settings.pack is None and (settings.project / FILE).is_file()

    @property
    def count(self) -> int:
        """How many questions there are in all, at most."""
        return count_questions(self._shown(), self.decisions)

    def next(self, skipped: Sequence[str]) -> Asked | None:
        """The next question that is open and was not skipped."""
        return next_question(self._shown(), self.decisions, skipped)

    def answers(self) -> tuple[tuple[Asked, tuple[str, ...]], ...]:
        """The questions that were answered, with what they are answered by now."""
        found = questions(self._shown(), self.decisions)
        return tuple((one, one.proposed) for one in found if one.name in self.decisions.reviewed)

    def answer(self, asked: Asked, chosen: tuple[str, ...]) -> None:
        """Keep an answer at once. Raises UserError."""
        now = load_decisions(self.settings.project) or self.decisions
        self._keep(answered(asked, now, chosen))

    def reopen(self, name: str) -> None:
        """Have a question asked again; what was answered is what is proposed then."""
        left = [one for one in self.decisions.reviewed if one != name]
        self._keep(self.decisions.model_copy(update={"reviewed": left}))

    def _shown(self) -> Profile:
        """The profile as evidence: without the values of what is personal."""
        return without_personal_values(self.profile, self.decisions)

    def _keep(self, decisions: Decisions) -> None:
        """What a column holds that is personal now is in no file, also not as an answer about it."""
        hidden = without_personal_columns(self.profile, decisions).status != decisions.status
        self.decisions = decisions.model_copy(update={"closed_values": []}) if hidden else decisions
        save_decisions(self.settings.project, self.decisions)

    def write(self) -> Done:
        """Write the draft anew from all answers. Raises UserError."""
        settings = self.settings
        zone = settings.data_zone or settings.zone
        made = draft(self.profile, self.decisions, languages=settings.languages, zone=zone)
        with writing(settings.project):
            write_profile(settings.project, self.profile, self.decisions)
            kept = write_draft(settings.project, made).kept
            write_board(settings.knowledge, settings.home, made, settings.languages)
        reviewed = sum(not metric.draft for metric in made.business.metrics)
        names = tuple(str(path.relative_to(settings.project)) for path in kept)
        return Done(reviewed, len(made.business.metrics), names)
