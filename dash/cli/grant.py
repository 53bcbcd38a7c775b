"""`dash grant`: the SQL that sets up the reader, to be read first and run by whoever looks after the server."""

from __future__ import annotations

import click

from dash.errors import SettingsError
from dash.settings import Settings


@click.command("grant", short_help="Print the SQL that sets up the reader on your own server.")
@click.option("--role", default="dash_reader", show_default=True, help="The role that questions run as.")
@click.option("--run", "run_it", is_flag=True, help="Run it on DASH_DATABASE_URL instead of printing it.")
def grant_command(role: str, run_it: bool) -> None:
    """Print the SQL that sets up the reader on your own server, from the tables and columns of the knowledge.

    It may be run again, after the knowledge has changed for example. Printing asks no database. --run leaves out tables
    that are not there.
    """
    from dash.database import reader_script, run_reader_script
    from dash.knowledge import load_knowledge

    settings = Settings.from_env()
    allowed = load_knowledge(settings.knowledge).allowed()
    if not run_it:
        click.echo(reader_script(role, allowed), nl=False)
        click.echo(
            f"-- Then give the role a password, in psql: \\password {role}\n"
            f"-- and start Dash with: DASH_READER_URL=postgresql://{role}:…@host/database"
        )
        return
    if settings.database_url is None:
        raise SettingsError(
            "Without DASH_DATABASE_URL Dash has a database of its own and sets up its reader by itself; "
            "leave out --run to see the SQL."
        )
    absent = run_reader_script(settings.database_url, role, allowed)
    for relation in absent:
        click.echo(f"{relation} is not in this database and was left out.", err=True)
    click.echo(f"{role} can read {len(allowed) - len(absent)} tables now. Look at it with: dash doctor")
