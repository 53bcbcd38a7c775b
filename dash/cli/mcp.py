"""`dash mcp`: the product's tools for an assistant on this machine, over standard input and output."""

from __future__ import annotations

import click

from dash.settings import Settings, require_surface, wants_traces


@click.command("mcp", short_help="Serve tools to an assistant (Model Context Protocol).")
def mcp_command() -> None:
    """Serve the tools of docs/mcp.md over standard input and output, until the assistant closes them.

    An assistant starts this command itself; its configuration names it. Whoever can start it is the local user.
    """
    import anyio

    from dash.access import load_access, local_viewer
    from dash.ask import Dash
    from dash.cli.progress import shown_progress
    from dash.desk import open_desk
    from dash.logs import configure_logs
    from dash.serve.mcp import mcp_server

    settings = Settings.from_env()
    require_surface(settings, "mcp")
    configure_logs(settings.logs, traces=wants_traces())
    viewer = local_viewer(settings.user, load_access(settings.access))
    with shown_progress() as progress, Dash.open(settings, progress=progress) as dash:
        progress.done()
        anyio.run(mcp_server(dash, open_desk(dash), lambda call: viewer).run_stdio_async)
