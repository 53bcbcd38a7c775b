"""`dash audit`: who asked what, when, and what that did on the database, from the record that nobody can change.

What may be somebody's personal data is not printed: values are hidden where the log was written, and what looks like an
e-mail address or a telephone number in a question or in SQL is hidden here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from dash.cli.moments import SINCE, since_moment
from dash.settings import Settings
from dash.shown.discretion import discreet

if TYPE_CHECKING:
    from dash.runs import AuditEntry

OUTCOMES = ("answered", "clarification", "declined", "error", "interrupted", "rejected", "failed")
LONGEST_SQL = 300


@click.command("audit", short_help="Show who asked what, and the SQL that it led to.")
@click.option("--since", "since_text", metavar="TIME", help=SINCE)
@click.option("--user", help="Only questions of this user.")
@click.option("--outcome", type=click.Choice(OUTCOMES), help="Only questions that ended so, or with such a query.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@click.option("--full", is_flag=True, help="Show SQL in full, and the small queries beside the main one.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as a JSON list.")
def audit_command(
    since_text: str | None, user: str | None, outcome: str | None, limit: int, full: bool, as_json: bool
) -> None:
    """Show who asked what, and the SQL that it led to, the newest first.

    Outcomes rejected and failed find questions of which any query was rejected by the guard or refused by the database.
    """
    from dash.database import Database
    from dash.runs import Runs

    settings = Settings.from_env()
    since = since_moment(since_text, settings.zone)
    with Database.open(settings) as database:
        entries = Runs(database).audit(since=since, asked_by=user, outcome=outcome, limit=limit)
    if as_json:
        click.echo(json.dumps([_as_json(entry) for entry in entries], ensure_ascii=False, indent=2))
        return
    for entry in entries:
        _show(entry, settings.zone, full=full)
    if not entries:
        click.echo("Nobody asked anything that this fits.")
    elif len(entries) == limit:
        click.echo(f"The newest {limit}; more with --limit.", err=True)


def _show(entry: AuditEntry, zone: str, *, full: bool) -> None:
    from dash.cli.show import clean

    asked = entry.asked_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")
    click.secho(f"{asked}  {clean(entry.asked_by)}  {entry.outcome}  run {entry.run_id}", bold=True)
    click.echo(f"  > {clean(discreet(entry.question))}")
    for query in entry.queries:
        if full or query["role"] == "main" or query["verdict"] != "ran":
            click.echo(f"  {_verdict(query)}")
            sql = clean(discreet(" ".join(query["sql"].split())))
            click.secho(f"    {sql if full or len(sql) <= LONGEST_SQL else sql[:LONGEST_SQL] + '…'}", dim=True)
            if query["parameters"]:
                values = ", ".join(f"{name} = {value}" for name, value in query["parameters"].items())
                click.secho(f"    {clean(discreet(values))}", dim=True)


def _verdict(query: dict[str, Any]) -> str:
    """One line: "main: composed, 12 rows, 8 ms" or "driver:category: composed, rejected (function): …"."""
    from dash.cli.show import clean

    parts = [query["provenance"]]
    if query["verdict"] == "ran":
        rows = query["rows"]
        parts.append(f"{rows} row{'' if rows == 1 else 's'}" + (" (cut)" if query["truncated"] else ""))
    else:
        reason = f" ({query['reason']})" if query["reason"] else ""
        parts.append(f"{query['verdict']}{reason}: {discreet(query['message'] or '')}")
    if query["masked"]:
        parts.append(f"masked {', '.join(query['masked'])}")
    if query["duration_ms"] is not None:
        parts.append(f"{query['duration_ms']:.0f} ms")
    return clean(f"{query['role']}: {', '.join(parts)}")


def _as_json(entry: AuditEntry) -> dict[str, Any]:
    return {
        "run_id": entry.run_id,
        "thread_id": entry.thread_id,
        "asked_by": entry.asked_by,
        "asked_at": entry.asked_at.isoformat(),
        "finished_at": entry.finished_at.isoformat() if entry.finished_at else None,
        "outcome": entry.outcome,
        "question": discreet(entry.question),
        "queries": [
            {name: discreet(value) if name in ("sql", "message") and value else value for name, value in query.items()}
            for query in entry.queries
        ],
    }
