"""`dash replay ID`: a customer's conversation as a transcript, or as JSON."""

from __future__ import annotations

import click

from dash.settings import Settings


@click.command("replay", short_help="Show a customer's conversation as it happened.")
@click.argument("conversation", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print every event as JSON (docs/replay.md).")
def replay_command(conversation: str, as_json: bool) -> None:
    """Show conversation ID: messages, tool calls, approvals, errors and tasks in the order in which they happened.

    Personal data is masked. What strangers wrote cannot steer the terminal.
    """
    from dash.ask import Dash
    from dash.cli.progress import shown_progress
    from dash.records import Viewer
    from dash.replay import Replay
    from dash.replay.transcript import conversation_json, transcript

    settings = Settings.from_env().without_model()
    with shown_progress() as progress, Dash.open(settings, progress=progress) as dash:
        replay = Replay.open(dash, Viewer(settings.user))
        progress("Reading the conversation")
        text = conversation_json(replay, conversation) if as_json else transcript(replay, conversation)
    click.echo(text.rstrip("\n"))
