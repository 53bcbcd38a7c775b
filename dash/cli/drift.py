"""Where the database is not any more as the knowledge says, for `dash check --live`, and how the files would follow."""

from __future__ import annotations

from pathlib import Path

import click

from dash.cli.progress import shown_progress
from dash.cli.show import clean
from dash.settings import Settings


def tell_drift(settings: Settings, patch: Path | None) -> bool:
    """Say what is found, and write the proposal to `patch`; says whether questions cannot be answered because of it."""
    from dash.ask import Dash
    from dash.drift import propose

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
            proposal = propose(dash.written, dash.drift, settings.knowledge)
            for finding in proposal.left:
                click.echo(f"Nothing is proposed for this: {clean(str(finding))}.", err=True)
            _write(proposal.diff, patch)
        return any(finding.breaks for finding in dash.drift)


def _write(diff: str, patch: Path) -> None:
    if str(patch) == "-":
        click.echo(diff, nl=False)
        return
    patch.write_text(diff, encoding="utf-8")
    if diff:
        click.echo(f"Look through {patch}, then: git apply {patch}")
    else:
        click.echo("There is nothing to mend in the files.")
