"""`dash alerts`: the rules of alerts.yaml measured now; `--tell` also writes changes down and tells the targets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from dash.settings import Settings

if TYPE_CHECKING:
    from dash.ask import Dash
    from dash.ops.alerts.watching import Watched


@click.command("alerts", short_help="Show which alerts fire, and tell who is to know.")
@click.option("--tell", is_flag=True, help="Write changes down and tell the targets, as the schedule does.")
@click.option("--log", "logged", is_flag=True, help="List what fired and cleared, newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print the rules as a JSON list.")
@click.pass_context
def alerts_command(ctx: click.Context, tell: bool, logged: bool, as_json: bool) -> None:
    """Measure every rule now and show its number, its bound and whether it fires.

    Exit codes: 0 nothing fires, 10 something fires, 1 an error, or a rule that could not be measured or told.
    """
    from dash.cli.posting import local_viewer_without_personal_data, open_post_office
    from dash.ops.alerts.file import load_alerts
    from dash.ops.alerts.watching import Watch
    from dash.ops.delivery.sending import failures

    settings = Settings.from_env()
    if logged:
        _show_log(settings)
        return
    rules = load_alerts(settings.knowledge)
    with open_post_office(settings) as office:
        viewer = local_viewer_without_personal_data(settings)
        office.progress("Measuring")
        watch = Watch(office.dash, rules, viewer, office.targets, office.post if tell else None)
        seen = watch.look()
        office.progress.done()
        if seen is None:
            raise click.ClickException("Somebody else is looking at the alerts right now; try again in a moment.")
        if as_json:
            click.echo(json.dumps([_as_json(one) for one in seen], ensure_ascii=False, indent=2))
        else:
            _show(office.dash, seen)
    if any(one.error or failures(one.told) for one in seen):
        ctx.exit(1)
    if any(one.standing == "firing" for one in seen):
        ctx.exit(10)


def _as_json(one: Watched) -> dict[str, Any]:
    reading = one.reading
    return {
        "rule": one.rule.name,
        "standing": one.standing,
        "value": reading.value if reading else None,
        "volume": reading.volume if reading else None,
        "finding": one.finding,
        "error": one.error,
        "held_until": one.held_until.isoformat() if one.held_until else None,
        "told": [{"target": each.target, "outcome": each.outcome, "reason": each.reason} for each in one.told],
    }


def _show(dash: Dash, seen: tuple[Watched, ...]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from dash.ops.alerts.telling import show_value
    from dash.shown import cells_in
    from dash.shown.labels import text_of

    if not seen:
        click.echo("There are no rules; docs/delivery.md says how to write alerts.yaml.")
        return
    cells = cells_in("en", dash.knowledge)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in ("Alert", "State", "Now", "Fires", "Because", "Told"):
        table.add_column(heading, no_wrap=True)
    findings = {"no_data": "no data", "too_few": "too few cases", "between": "between the bounds"}
    for one in seen:
        rule, value = one.rule, one.reading.value if one.reading else None
        way = "above" if rule.above is not None else "below"
        table.add_row(
            Text(text_of(rule.label, "en")),
            Text(one.standing, style="bold red" if one.standing == "firing" else "green"),
            "–" if value is None else show_value(dash, cells, rule.metric, value),
            f"{way} {show_value(dash, cells, rule.metric, rule.bound)}",
            Text(one.error or findings.get(one.finding or "", "")),
            "told nobody: none of its targets is here"
            if one.unheard
            else ", ".join(f"{each.target}: {each.outcome}" for each in one.told),
        )
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 10_000
    console.print(table)


def _show_log(settings: Settings) -> None:
    from zoneinfo import ZoneInfo

    from dash.database import Database
    from dash.ops.alerts.episodes import Episodes

    with Database.open(settings) as database:
        for change in Episodes(database).history(50):
            when = change.changed_at.astimezone(ZoneInfo(settings.zone)).strftime("%Y-%m-%d %H:%M")
            click.echo(f"{when}  {change.rule}  {change.state}  {change.value:g}")
