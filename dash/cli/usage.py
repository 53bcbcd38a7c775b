"""`dash usage`: what was used of language models by day, user and model, and how much of the budgets is left today.

Tokens that a server did not count are estimated and marked with ~; what has no price is said to have none, never to be
free.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from dash.cli.moments import SINCE, since_moment
from dash.settings import Budget, Settings

if TYPE_CHECKING:
    from dash.llm.usage import DailyUse, Used

HEADINGS = ("Day", "User", "Model", "Questions", "Calls", "Failed", "Tokens in", "Tokens out", "Cost")


@click.command("usage", short_help="Show what was used of language models, and what it cost.")
@click.option("--since", "since_text", metavar="TIME", help=SINCE)
@click.option("--user", help="Only what this user used.")
@click.option("--model", help="Only this model.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def usage_command(since_text: str | None, user: str | None, model: str | None, as_json: bool) -> None:
    """Show what was used of language models by day, user and model, the newest day first, and what it cost.

    Days are those of the reporting time zone. Costs are those of the prices file at the time of the call.
    """
    from dash.database import Database
    from dash.llm.usage import Usage

    settings = Settings.from_env()
    since = since_moment(since_text, settings.zone)
    with Database.open(settings) as database:
        usage = Usage(database, settings.zone)
        uses = usage.daily(since=since, viewer=user, model=model)
        mine, all_of_us = usage.today(user or settings.user)
    budgets = {"user": (mine, _budget(settings, "user")), "day": (all_of_us, _budget(settings, "day"))}
    if as_json:
        today = {whose: {"used": asdict(used), "budget": asdict(budget)} for whose, (used, budget) in budgets.items()}
        found = {"uses": [_as_json(use) for use in uses], "today": today}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    if not uses:
        click.echo("No language model was asked" + (" for anything that this fits." if since or user or model else "."))
    else:
        _show(uses)
    for whose, (used, budget) in budgets.items():
        if budget.is_bound:
            name = "Everybody" if whose == "day" else user or settings.user
            click.echo(f"{_clean(name)} today: {_of_budget(used, budget)}")


def _budget(settings: Settings, whose: str) -> Budget:
    if settings.llm is None:
        return Budget()
    return settings.llm.day if whose == "day" else settings.llm.user


def _show(uses: Sequence[DailyUse]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for position, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="left" if position < 3 else "right", no_wrap=True)
    for use in uses:
        about = "~" if use.estimated else ""
        table.add_row(
            str(use.day), Text(_clean(use.viewer)), Text(_clean(use.model)), f"{use.questions:,}", f"{use.calls:,}",
            f"{use.failed:,}", f"{about}{use.input_tokens:,}", f"{about}{use.output_tokens:,}", _cost(use),
        )  # fmt: skip
    if len(uses) > 1:
        table.add_row(*_total(uses), style="bold")
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 10_000
    console.print(table)


def _total(uses: Sequence[DailyUse]) -> list[str]:
    """The last line. Questions are left out: one may have asked two models."""
    about = "~" if any(use.estimated for use in uses) else ""
    known = [use.cost_usd for use in uses if use.cost_usd is not None]
    more = " +" if any(use.unpriced for use in uses) else ""
    tokens = (sum(use.input_tokens for use in uses), sum(use.output_tokens for use in uses))
    calls = (sum(use.calls for use in uses), sum(use.failed for use in uses))
    return [
        "All", "", "", "", f"{calls[0]:,}", f"{calls[1]:,}", f"{about}{tokens[0]:,}", f"{about}{tokens[1]:,}",
        f"{_usd(sum(known))}{more}" if known else "no price",
    ]  # fmt: skip


def _cost(use: DailyUse) -> str:
    """ "$0.0123", "no price", or "$0.0123 +" when some of the calls had none."""
    if use.cost_usd is None:
        return "no price"
    return _usd(use.cost_usd) + (" +" if use.unpriced else "")


def _usd(amount: float) -> str:
    return f"${amount:,.2f}" if amount >= 1 or amount == 0 else f"${amount:,.4f}"


def _of_budget(used: Used, budget: Budget) -> str:
    parts = []
    if budget.tokens is not None:
        parts.append(f"{used.tokens:,} of {budget.tokens:,} tokens")
    if budget.usd is not None:
        parts.append(f"{_usd(used.usd)} of {_usd(budget.usd)}")
    return ", ".join(parts)


def _clean(words: str) -> str:
    from dash.cli.show import clean

    return clean(words)


def _as_json(use: DailyUse) -> dict[str, Any]:
    return asdict(use) | {"day": use.day.isoformat()}
