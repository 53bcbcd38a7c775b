"""`dash propose RUN`: a confirmed model-written answer becomes a vetted query's file, for review in git.

`--list` shows what is asked most often and has no vetted query yet.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from dash.errors import UserError
from dash.settings import Settings


@click.command("propose", short_help="Make a vetted query of a confirmed answer.")
@click.argument("run_id", metavar="RUN", required=False)
@click.option("--name", help="Of the query and its file; default is made from the question.")
@click.option("--list", "listing", is_flag=True, help="Show the most asked questions without a vetted query instead.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many --list shows.")
def propose_command(run_id: str | None, name: str | None, listing: bool, limit: int) -> None:
    """Write the SQL of model-written answer RUN to knowledge/queries/, ready for review.

    Proposing it says that its user found it right; nobody has vetted it before a person has read the file.
    """
    if listing == (run_id is not None):
        raise click.UsageError("Give a RUN, or --list.")
    settings = Settings.from_env()
    if listing:
        _list(settings, limit)
    else:
        _propose(settings, run_id or "", name)


def _propose(settings: Settings, run_id: str, name: str | None) -> None:
    from dash.database import Database
    from dash.knowledge import load_knowledge
    from dash.learnings.proposing import propose
    from dash.runs import Runs

    knowledge = load_knowledge(settings.knowledge)
    with Database.open(settings) as database:
        proposal = propose(Runs(database).get(run_id, owner=settings.user), knowledge, name)
    path = settings.knowledge / "queries" / f"{proposal.name}.sql"
    if path.exists():
        raise UserError(f"{path} is there already; give another name with --name.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(proposal.text, encoding="utf-8")
    click.echo(path)
    click.echo("Read it, say in the description what it counts, then: ./scripts/dash check", err=True)


def _list(settings: Settings, limit: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from dash.cli.show import clean
    from dash.database import Database
    from dash.evals.golden import VIEWER
    from dash.runs import Runs
    from dash.shown.discretion import discreet

    with Database.open(settings) as database:
        asked = Runs(database).asked_without_vetted(not_people=[VIEWER.name], limit=limit)
    if not asked:
        click.echo("Everything that was asked has a vetted query.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in ("Times", "People", "Last asked", "Answered as", "Run", "Question"):
        table.add_column(heading, justify="right" if heading in ("Times", "People") else "left", no_wrap=True)
    for each in asked:
        when = each.last_asked_at.astimezone(ZoneInfo(settings.zone)).strftime("%Y-%m-%d %H:%M")
        question = Text(clean(discreet(each.question)))
        table.add_row(str(each.times), str(each.people), when, each.answered_as, each.run_id, question)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 10_000
    console.print(table)
