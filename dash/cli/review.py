"""`dash review`: the interview about a project's draft, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from dash.settings import Settings

if TYPE_CHECKING:
    from dash.drafting.asking import Asked


@click.command("review", short_help="Answer what a draft is in doubt about.")
@click.option("--accept", is_flag=True, help="Confirm every proposal without asking.")
def review_command(accept: bool) -> None:
    """Answer what a draft is in doubt about: at most 20 questions, the most important first.

    Each has its evidence and a proposed answer, which Enter takes. Answers are kept in review.yaml at once, so that the
    interview can be ended at any time; what is confirmed is no draft any more.
    """
    from dash.drafting.asking import MOST
    from dash.drafting.reviewing import Review

    review = Review.open(Settings.from_env())
    skipped: list[str] = []
    for number in range(1, MOST + 1):
        asked = review.next(skipped)
        if asked is None:
            break
        chosen = asked.proposed if accept else _ask(asked, number, review.count)
        if chosen is None:
            skipped.append(asked.name)
            continue
        if chosen == ("stop",) and "stop" not in asked.choices:
            break
        review.answer(asked, tuple(chosen))
    done = review.write()
    for name in done.kept:
        click.echo(f"{name} was changed by hand and stays as it is.")
    click.echo(f"{done.reviewed} of {done.metrics} metrics are reviewed; look at the files with: git diff")


def _ask(asked: Asked, number: int, most: int) -> Sequence[str] | None:
    """The chosen answers; None when the question is skipped."""
    click.echo(f"\n{number}/{most}  {asked.text()}")
    click.echo(f"   {asked.evidence()}")
    for place, choice in enumerate(asked.choices, start=1):
        mark = "*" if choice in asked.proposed else " "
        click.echo(f"  {mark}{place:>3}  {asked.choice(choice)}")
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
