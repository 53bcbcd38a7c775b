"""`dash init`: a project folder, the profile of its database and a draft of its knowledge, in one go."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from dash.cli.progress import shown_progress
from dash.settings import Settings, checked_zone, use_project


@click.command("init", short_help="Make a project for a database of your own.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--database", "url", metavar="URL", help="postgresql://user:password@host:5432/database")
@click.option("--url-from", metavar="NAME", default="DASH_PROJECT_URL", show_default=True,
              help="Environment variable that will hold the URL; it is read when --database is left out.")  # fmt: skip
@click.option("--zone", default="UTC", show_default=True, help="Reporting time zone.")
@click.option("--data-zone", help="Zone of times that are kept without one; default: --zone.")
@click.option("--language", "languages", multiple=True, default=("en", "ru"), show_default=True, help="Of the words.")
@click.option("--table", "tables", multiple=True, metavar="SCHEMA.TABLE", help="Look at these tables or schemas only.")
def init_command(
    folder: Path,
    url: str | None,
    url_from: str,
    zone: str,
    data_zone: str | None,
    languages: tuple[str, ...],
    tables: tuple[str, ...],
) -> None:
    """Make FOLDER a project for the database of URL: dash.yaml, a profile, and a draft of the knowledge.

    The database is only read when the login can do no more than that, and Dash keeps its state elsewhere. A login that
    can do more is used to make schema dash and the role dash_reader, as DASH_DATABASE_URL does.
    """
    from dash.database.servers import login_kind
    from dash.drafting import begin_project
    from dash.project import DatabaseFile, ProjectFile

    started = time.monotonic()
    url = url or os.environ.get(url_from)
    if not url:
        raise click.UsageError(f"Give --database URL, or set {url_from}.")
    for name, option in ((zone, "--zone"), (data_zone or zone, "--data-zone")):
        checked_zone(name, option)
    login = login_kind(url)
    file = ProjectFile(
        name=folder.absolute().name,
        database=DatabaseFile(url_from=url_from, login=login),
        zone=zone,
        data_zone=data_zone if data_zone and data_zone != zone else None,
        languages=list(languages),
    )
    begin_project(folder, file)
    os.environ[url_from] = url
    use_project(folder)
    draft_project(Settings.from_env(), tables)
    _tell(folder, url_from, login, time.monotonic() - started)


def draft_project(settings: Settings, tables: tuple[str, ...]) -> None:
    """Look at the database of a project, and write its profile and draft."""
    from dash.cli.profile import tell_profile
    from dash.database import Database
    from dash.drafting import draft, load_decisions, propose, write_draft
    from dash.drafting.files import write_profile
    from dash.introspection import take_profile

    with shown_progress() as progress, Database.open(settings, progress) as database:
        profile = take_profile(database, progress, tables=tables)
        progress("Drafting the knowledge")
        decisions = load_decisions(settings.project) or propose(profile)
        made = draft(profile, decisions, languages=settings.languages, zone=settings.data_zone or settings.zone)
        write_profile(settings.project, profile)
        write_draft(settings.project, made)
        progress.done()
    tell_profile(profile)
    if decisions.tickets:
        click.echo(f"Tickets are taken to be {decisions.tickets}.")
    else:
        click.echo("No table looks like one of tickets; say which one is: dash review")
    click.echo(f"{len(made.business.metrics)} metrics, {len(made.unreviewed)} definitions that nobody has reviewed.")


def _tell(folder: Path, url_from: str, login: str, seconds: float) -> None:
    how = "only read" if login == "reader" else "used as owner: schema dash and the role dash_reader were made in it"
    click.echo(
        f"\nThe project {folder} is ready after {seconds:.0f} s; its database is {how}.\n"
        f"Next:\n"
        f"  export {url_from}='…the same URL…'   # {folder}/dash.yaml names the variable and never the URL\n"
        f'  dash ask --project {folder} "How many tickets were opened last month?"\n'
        f"  dash review --project {folder}       # at most 20 questions; until then answers say what is not reviewed\n"
        f"  dash check --project {folder}        # faults, and the list of drafts\n"
        f"  dash up --project {folder}           # the page"
    )
