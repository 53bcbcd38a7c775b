"""`dash init`: a project folder, the profile of its database and a draft of its knowledge, in one go."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from dash.cli.progress import shown_progress
from dash.errors import UserError
from dash.settings import OWN_KNOWLEDGE, Settings, checked_zone, find_variable, hand_down, use_project

if TYPE_CHECKING:
    from dash.packs import Pack


_LANGUAGES = ("en", "ru")


@click.command("init", short_help="Make a project for a database of your own.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--database", "url", metavar="URL", help="postgresql://user:password@host:5432/database")
@click.option("--url-from", metavar="NAME", default="DASH_PROJECT_URL", show_default=True,
              help="Environment variable that will hold the URL; it is read when --database is left out.")  # fmt: skip
@click.option("--zone", default="UTC", show_default=True, help="Reporting time zone.")
@click.option("--data-zone", help="Zone of times that are kept without one; default: --zone, or the pack's.")
@click.option("--language", "languages", multiple=True, show_default="en, ru", help="Of the words of a draft.")
@click.option("--table", "tables", multiple=True, metavar="SCHEMA.TABLE",
              help="Look at these tables or schemas only; with --pack: the schema that has its tables.")  # fmt: skip
@click.option("--pack", "pack_name", metavar="NAME", help="Take ready-made knowledge instead of a draft.")
@click.option("--staff-names", is_flag=True, help="With --pack: let names of your staff stand in files and answers.")
def init_command(
    folder: Path,
    url: str | None,
    url_from: str,
    zone: str,
    data_zone: str | None,
    languages: tuple[str, ...],
    tables: tuple[str, ...],
    pack_name: str | None,
    staff_names: bool,
) -> None:
    """Make FOLDER a project for the database of URL: dash.yaml, a profile, and a draft of the knowledge.

    The database is only read when the login can do no more than that, and Dash keeps its state elsewhere. A login that
    can do more is used to make schema dash and the role dash_reader, as DASH_DATABASE_URL does.
    """
    from dash.drafting import begin_project
    from dash.packs import get_pack, require_no_files
    from dash.project import FILE, DatabaseFile, ProjectFile

    started = time.monotonic()
    pack = get_pack(pack_name) if pack_name else None
    if pack is not None:
        pack = _pack_as_told(pack, data_zone, languages, tables)
        require_no_files(folder / "knowledge")
    elif staff_names:
        raise click.UsageError("--staff-names goes with --pack; a draft asks for them: dash review.")
    languages = languages or _LANGUAGES
    url = url or find_variable(url_from)
    if not url:
        raise click.UsageError(f"Give --database URL, or set {url_from}.")
    for name, option in ((zone, "--zone"), (data_zone or zone, "--data-zone")):
        checked_zone(name, option)
    _check_languages(languages)
    login = _login_kind(url)
    file = ProjectFile(
        name=folder.absolute().name,
        database=DatabaseFile(url_from=url_from, login=login),
        zone=zone,
        data_zone=data_zone if data_zone and data_zone != zone else None,
        languages=list(languages),
        pack=pack_name,
    )
    begin_project(folder, file)
    hand_down({url_from: url})
    use_project(folder)
    try:
        question = _begin(Settings.from_env(), tables, pack, staff_names)
    except BaseException:
        (folder / FILE).unlink(missing_ok=True)  # so that it can be tried again
        raise
    _tell(folder, url_from, login, question, time.monotonic() - started, drafted=pack is None)


def _begin(settings: Settings, tables: tuple[str, ...], pack: Pack | None, staff_names: bool) -> str:
    """The project's first knowledge. Returns a question to begin with."""
    if pack is None:
        return draft_project(settings, tables)
    return use_pack(settings, pack, staff_names=staff_names, schema=next(iter(tables), None))


def _pack_as_told(pack: Pack, data_zone: str | None, languages: tuple[str, ...], tables: tuple[str, ...]) -> Pack:
    """The pack with the zone of times that was given. Raises UsageError for what a pack does not heed."""
    if languages:
        raise click.UsageError("--language is for drafts; a pack has its words in English and Russian.")
    if len(tables) > 1:
        raise click.UsageError("With --pack, --table names one schema: the one that has the pack's tables.")
    if data_zone is None:
        return pack
    if pack.file.times is None:
        raise click.UsageError(f"--data-zone is not for pack {pack.name}: its product keeps times in UTC.")
    return replace(pack, file=pack.file.model_copy(update={"times": data_zone}))


def use_pack(settings: Settings, pack: Pack, *, staff_names: bool, schema: str | None = None) -> str:
    """Write a pack's knowledge into a project, as far as its database has what the pack is about, and say what it has
    not. Returns a question to begin with."""
    from dash.cli.progress import shown_progress
    from dash.database import Database
    from dash.knowledge import load_knowledge
    from dash.packs import place_pack

    with shown_progress() as progress, Database.open(settings, progress) as database:
        placed = place_pack(pack, database, progress, staff_names=staff_names, schema=schema)
        progress.done()
    click.echo(f"{pack.file.title}: found in schema {placed.place}.")
    for column, count in placed.values.items():
        click.echo(f"{column}: {count} names of your own")
    for effect in placed.effects:
        click.echo(f"note: {effect}")
    for part in placed.left_out:
        click.echo(f"left out: {part}")
    knowledge = load_knowledge(settings.knowledge)
    click.echo(f"{len(knowledge.metrics)} metrics, {len(placed.left_out)} parts left out.")
    return placed.starter


def _login_kind(url: str) -> Literal["reader", "owner"]:
    """Whether the login only reads; what is wrong with the URL is said of the option that holds it."""
    from dash.database.servers import login_kind
    from dash.errors import DatabaseUnavailable

    try:
        return login_kind(url)
    except DatabaseUnavailable as error:
        raise DatabaseUnavailable(error.message.replace("DASH_DATABASE_URL", "--database")) from error


def _check_languages(languages: tuple[str, ...]) -> None:
    known = sorted(path.stem for path in (OWN_KNOWLEDGE / "language").glob("*.yaml"))
    if unknown := [code for code in languages if code not in known]:
        raise click.UsageError(f"--language {unknown[0]} is not known here; there are {', '.join(known)}.")


def draft_project(settings: Settings, tables: tuple[str, ...]) -> str:
    """Look at the database of a project, and write its profile and draft. Returns a question to begin with.

    Raises UserError when there is nothing to look at.
    """
    from dash.cli.profile import tell_profile
    from dash.database import Database
    from dash.drafting import draft, load_decisions, propose, write_draft
    from dash.drafting.board import write_board
    from dash.drafting.files import write_profile, writing
    from dash.introspection import take_profile

    with shown_progress() as progress, Database.open(settings, progress) as database:
        profile = take_profile(database, progress, tables=tables)
        if not any(table.rows for table in profile.tables):
            raise UserError(
                "This login may read no table that has rows; give it the right (docs/your-database.md, The login), "
                "or name another database."
            )
        progress("Drafting the knowledge")
        decisions = load_decisions(settings.project) or propose(profile)
        made = draft(profile, decisions, languages=settings.languages, zone=settings.data_zone or settings.zone)
        with writing(settings.project):
            write_profile(settings.project, profile, decisions)
            write_draft(settings.project, made)
            write_board(settings.knowledge, settings.home, made, settings.languages)
        progress.done()
    tell_profile(profile)
    if decisions.tickets:
        click.echo(f"Tickets are taken to be {decisions.tickets}.")
    else:
        click.echo("No table looks like one of tickets; say which one is: dash review")
    click.echo(f"{len(made.business.metrics)} metrics, {len(made.unreviewed)} definitions that nobody has reviewed.")
    starters = made.business.starters
    return next((one.question["en"] for one in starters if "en" in one.question), "What can I ask?")


def _tell(folder: Path, url_from: str, login: str, question: str, seconds: float, *, drafted: bool) -> None:
    how = "only read" if login == "reader" else "used as owner: schema dash and the role dash_reader were made in it"
    review = (
        f"  dash review --project {folder}       # at most 20 questions; until then answers say what is not reviewed\n"
    )
    click.echo(
        f"\nThe project {folder} is ready after {seconds:.0f} s; its database is {how}.\n"
        f"Next:\n"
        f"  export {url_from}='…the same URL…'   # {folder}/dash.yaml names the variable and never the URL\n"
        f'  dash ask --project {folder} "{question}"\n'
        f"{review if drafted else ''}"
        f"  dash check --project {folder}        # faults{', and the list of drafts' if drafted else ''}\n"
        f"  dash up --project {folder}           # the page"
    )
