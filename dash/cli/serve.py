"""`dash serve`: the HTTP API for programs, until Ctrl-C.

It prepares in the foreground, so that whatever is wrong is one sentence on the terminal.
"""

from __future__ import annotations

from dataclasses import replace

import click

from dash.logs import configure_logs
from dash.settings import Settings, require_surface, wants_traces

MOST_WORKERS = 64


@click.command("serve", short_help="Serve the HTTP API for programs.")
@click.option("--host", help="Address to listen on; default is DASH_API_HOST, or this machine alone.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; default is DASH_API_PORT, or 8600.")
@click.option(
    "--workers", type=click.IntRange(1, MOST_WORKERS), default=1, show_default=True, help="Processes behind the port."
)
def serve_command(host: str | None, port: int | None, workers: int) -> None:
    """Serve /api/v1 (docs/api.md). Where others can reach it, it needs a key or sign-in, and refuses to start without.

    With several workers, questions are worked on by several processors; limits and threads are shared.
    """
    from dash.cli.serving import check_address
    from dash.cli.up import Stop, signals_as_stop

    settings = Settings.from_env()
    require_surface(settings, "api")
    configure_logs(settings.logs, traces=wants_traces())
    api = replace(settings.api, host=host or settings.api.host, port=port or settings.api.port)
    settings = replace(settings, api=api)
    with signals_as_stop():
        try:
            command = "DASH_API_{name}={value} ./scripts/dash serve"
            check_address(api.host, api.port, host_name="DASH_API_HOST", command=command)
            _serve(settings, workers)
        except Stop:
            click.echo("Stopped.", err=True)


def _serve(settings: Settings, workers: int) -> None:
    from dash.access.keys import Keys
    from dash.ask import Dash
    from dash.cli.progress import shown_progress
    from dash.database import Database
    from dash.serve.entrance import require_guarded

    with shown_progress() as progress, Database.open(settings, progress) as database:
        require_guarded(settings, Keys(database))
        if workers > 1:
            progress.done()
            _say_where(settings)
            from dash.serve.process import serve_workers

            serve_workers(settings, workers)
            return
        with Dash.open(settings, progress=progress) as dash:
            progress("Opening the API")
            from dash.serve.process import serve

            progress.done()
            _say_where(settings)
            serve(dash)


def _say_where(settings: Settings) -> None:
    from dash.cli.serving import address

    where = address(settings.api.host, settings.api.port)
    click.echo(f"The API is at {where}/api/v1, its description at {where}/api/v1/openapi.json  (Ctrl-C stops it)")
