"""Where the database is not any more as the knowledge says, for `dash check --live`, and how the files would follow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dash.cli.progress import shown_progress
from dash.cli.show import clean
from dash.settings import Settings

if TYPE_CHECKING:
    from dash.catalogue.following import Proposal


def tell_drift(settings: Settings, patch: Path | None) -> bool:
    """Say what is found, and write the proposal to `patch`; says whether questions cannot be answered because of it."""
    from dash.ask import Dash
    from dash.catalogue.following import propose

    with shown_progress() as progress, Dash.open(settings, progress=progress) as dash:
        progress("Looking at the data")
        looked = dash.look_for_drift()
        progress.done()
        for finding in dash.drift:
            click.echo(f"{'broken' if finding.breaks else 'noticed'}: {clean(str(finding))}.")
        for table in looked.unread:
            click.echo(f"{table} could not be looked through within the time.", err=True)
        if not dash.drift:
            click.echo("The database is as the knowledge says.")
        if patch is not None:
            progress("Following the changes through the files")
            proposal = propose(dash)
            progress.done()
            _write(_text(proposal), patch)
            for left in proposal.left:
                click.echo(f"This is left to you: {clean(str(left))}.", err=True)
        return any(finding.breaks for finding in dash.drift)


def _text(proposal: Proposal) -> str:
    """The diff, and before it, where git passes it over, what else is taken out."""
    head = "These rest on what is gone, and go with it:" if proposal.told else ""
    told = [f"  {' '.join(clean(line).split())}" for line in proposal.told]
    return "".join(f"# {line}\n" for line in (head, *told) if line) + proposal.diff


def _write(diff: str, patch: Path) -> None:
    if str(patch) == "-":
        click.echo(diff, nl=False)
        return
    patch.write_text(diff, encoding="utf-8")
    if diff:
        click.echo(f"Look through {patch}, then: git apply {patch}")
    else:
        click.echo("There is nothing to mend in the files.")
