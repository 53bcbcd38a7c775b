"""`dash profile`: what the database of a project is like, looked at anew, and the draft that follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dash.settings import Settings

if TYPE_CHECKING:
    from dash.introspection import Profile


@click.command("profile", short_help="Look at the project's database anew.")
@click.option("--table", "tables", multiple=True, metavar="SCHEMA.TABLE", help="Look at these tables or schemas only.")
@click.option("--only-look", is_flag=True, help="Print what is found and write nothing.")
def profile_command(tables: tuple[str, ...], only_look: bool) -> None:
    """Look at the project's database anew: write profile.json and the draft of the knowledge.

    Tables are sampled, and every statement has a time limit, so that this ends soon on databases of any size.
    """
    from dash.cli.init import draft_project
    from dash.cli.progress import shown_progress
    from dash.database import Database
    from dash.drafting.reviewing import PACKED
    from dash.errors import SettingsError
    from dash.introspection import take_profile
    from dash.settings import REPOSITORY

    settings = Settings.from_env()
    if not only_look:
        if settings.project == REPOSITORY:
            raise SettingsError("The repository's own knowledge is no draft; name a project with --project FOLDER.")
        if settings.pack is not None:
            raise SettingsError(PACKED.format(pack=settings.pack))
        draft_project(settings, tables)
        return
    with shown_progress() as progress, Database.open(settings, progress) as database:
        profile = take_profile(database, progress, tables=tables)
    tell_profile(profile, columns=True)


def tell_profile(profile: Profile, *, columns: bool = False) -> None:
    """The tables and what is odd about them."""
    for table in profile.tables:
        about = "" if table.counted else "about "
        click.echo(f"{table.full_name}: {about}{table.rows:,} rows, {len(table.columns)} columns")
        log = table.event_log
        if log is not None:
            click.echo(f"  a log: {log.key} has several rows; its last by {', '.join(log.order)} is its present state")
        for join in table.joins:
            how = "declared" if join.declared else f"{join.matched:.0%} of sampled values are there"
            click.echo(f"  {join.column} → {join.to}.{join.their_column} ({how})")
        for column in table.columns:
            said = _odd(column)
            if said or columns:
                click.echo(f"  {column.name}: {'; '.join([column.type, *said]) if columns else '; '.join(said)}")
    for name, reason in profile.left_out.items():
        click.echo(f"{name}: left out, {reason}")


def _odd(column: object) -> list[str]:
    from dash.introspection import ColumnProfile

    assert isinstance(column, ColumnProfile)
    said = []
    if column.text_kept is not None:
        doubt = ", day and month in doubt" if column.text_kept.doubtful else ""
        form = f" ({column.text_kept.form}{doubt})" if column.text_kept.form else ""
        said.append(f"{column.kind} that holds a {column.text_kept.kind}{form}")
    if column.stand_ins:
        said.append(f"{', '.join(map(repr, column.stand_ins))} for none")
    if column.personal:
        said.append(f"personal, {column.personal}")
    if column.free_text:
        said.append("free text")
    return said
