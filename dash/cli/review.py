"""`dash review`: the interview about a project's draft, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from dash.errors import SettingsError
from dash.settings import REPOSITORY, Settings

if TYPE_CHECKING:
    from dash.drafting.asking import Asked


PACKED = (
    "This project began with the pack {pack} and has no draft; change its files in knowledge/, "
    "and check them with dash check."
)


@click.command("review", short_help="Answer what a draft is in doubt about.")
@click.option("--accept", is_flag=True, help="Confirm every proposal without asking.")
def review_command(accept: bool) -> None:
    """Answer what a draft is in doubt about: at most 20 questions, the most important first.

    Each has its evidence and a proposed answer, which Enter takes. Answers are kept in review.yaml at once, so that the
    interview can be ended at any time; what is confirmed is no draft any more.
    """
    from dash.drafting import draft, load_decisions, propose, save_decisions, write_draft
    from dash.drafting.asking import MOST, answered, count_questions, next_question
    from dash.drafting.board import write_board
    from dash.drafting.files import write_profile
    from dash.introspection import load_profile

    settings = Settings.from_env()
    if settings.project == REPOSITORY:
        raise SettingsError("The repository's own knowledge is no draft; name a project with --project FOLDER.")
    if settings.pack is not None:
        raise SettingsError(PACKED.format(pack=settings.pack))
    profile = load_profile(settings.project)
    decisions = load_decisions(settings.project) or propose(profile)
    skipped: list[str] = []
    for number in range(1, MOST + 1):
        asked = next_question(profile, decisions, skipped)
        if asked is None:
            break
        chosen = asked.proposed if accept else _ask(asked, number, count_questions(profile, decisions))
        if chosen is None:
            skipped.append(asked.name)
            continue
        if chosen == ("stop",) and "stop" not in asked.choices:
            break
        decisions = answered(asked, decisions, tuple(chosen))
        save_decisions(settings.project, decisions)
    zone = settings.data_zone or settings.zone
    made = draft(profile, decisions, languages=settings.languages, zone=zone)
    write_profile(settings.project, profile, decisions)
    kept = write_draft(settings.project, made).kept
    write_board(settings.knowledge, settings.home, made, settings.languages)
    for path in kept:
        click.echo(f"{path.relative_to(settings.project)} was changed by hand and stays as it is.")
    reviewed = sum(not metric.draft for metric in made.business.metrics)
    click.echo(f"{reviewed} of {len(made.business.metrics)} metrics are reviewed; look at the files with: git diff")


def _ask(asked: Asked, number: int, most: int) -> Sequence[str] | None:
    """The chosen answers; None when the question is skipped."""
    click.echo(f"\n{number}/{most}  {asked.text}")
    click.echo(f"   {asked.evidence}")
    for place, choice in enumerate(asked.choices, start=1):
        mark = "*" if choice in asked.proposed else " "
        click.echo(f"  {mark}{place:>3}  {choice}")
    many = "numbers with commas" if asked.several else "a number"
    while True:
        said = click.prompt(f"   {many}, Enter for *, s to skip, q to stop", default="", show_default=False).strip()
        if said == "":
            return asked.proposed
        if said in ("s", "q"):
            return None if said == "s" else ("stop",)
        chosen = _numbers(said, asked)
        if chosen is not None:
            return chosen
        click.echo(f"   Give {many} from 1 to {len(asked.choices)}.")


def _numbers(said: str, asked: Asked) -> tuple[str, ...] | None:
    parts = said.replace(" ", ",").split(",")
    places = [int(part) for part in parts if part.isdigit()]
    fits = places and len(places) == len([part for part in parts if part]) and (asked.several or len(places) == 1)
    if not fits or not all(1 <= place <= len(asked.choices) for place in places):
        return None
    return tuple(asked.choices[place - 1] for place in places)
