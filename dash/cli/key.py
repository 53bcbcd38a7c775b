"""`dash key create|list|revoke`: keys by which programs use the API. Whoever has the state folder gives them out."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

import click

from dash.access.permissions import PERMISSIONS, ROLES, Permission
from dash.records.question import Role
from dash.settings import Settings

if TYPE_CHECKING:
    from dash.access.keys import ApiKey, Keys


@click.group("key", short_help="Give out, list and take back keys of the API.")
def key_command() -> None:
    """Keys by which programs use the HTTP API (docs/api.md)."""


@key_command.command("create")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(get_args(Role)), help="Repeatable.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(sorted(PERMISSIONS)),
    metavar="RIGHT",
    help="Narrow it to these rights of its roles; repeatable.",
)
@click.option("--days", default=90, show_default=True, help="How long it holds, at most 366.")
@click.option("--owner", help="Whose threads and answers it works with; default is nobody else's.")
def create_command(
    name: str, roles: tuple[Role, ...], scopes: tuple[Permission, ...], days: int, owner: str | None
) -> None:
    """Make a key for the program NAME. It is printed once and can never be read again."""
    with _opened() as (keys, user):
        key, token = keys.create(name, roles, by=user, scopes=scopes or None, owner=owner, days=days)
    click.echo(token)
    click.echo(
        f"Key {key.id} holds until {key.expires_at:%Y-%m-%d}; keep it now, it is not shown again. "
        f"Send it as: Authorization: Bearer {token[:12]}…",
        err=True,
    )


@key_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_command(as_json: bool) -> None:
    """List all keys that were ever given out: what they may, until when they hold, when they were last used."""
    with _opened() as (keys, _):
        found = keys.list()
    if as_json:
        click.echo(json.dumps([_plain(key) for key in found], ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("No key yet; make one with: ./scripts/dash key create NAME --role lead")
        return
    _show(found)


@key_command.command("revoke")
@click.argument("key_id", metavar="ID")
def revoke_command(key_id: str) -> None:
    """Take key ID back; it is refused from its next request on."""
    with _opened() as (keys, user):
        keys.revoke(key_id, by=user)
    click.echo(f"Key {key_id} is refused from now on.")


def _show(found: tuple[ApiKey, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    from dash.cli.show import clean

    now = datetime.now(UTC)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in ("Key", "Name", "Roles", "Scopes", "Owner", "State", "Last used"):
        table.add_column(heading, no_wrap=heading != "Scopes")
    for key in found:
        roles = ", ".join(role for role in ROLES if role in key.roles)
        scopes = "all of its roles" if key.scopes is None else ", ".join(sorted(key.scopes))
        used = "never" if key.last_used_at is None else f"{key.last_used_at:%Y-%m-%d %H:%M}"
        cells = (key.id, clean(key.name), roles, scopes, clean(key.owner), _state(key, now), used)
        table.add_row(*(cell.replace("[", "\\[") for cell in cells))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 10_000
    console.print(table)


def _state(key: ApiKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    return f"expired {key.expires_at:%Y-%m-%d}" if key.expires_at <= now else f"until {key.expires_at:%Y-%m-%d}"


def _plain(key: ApiKey) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat()
        return sorted(value) if isinstance(value, frozenset) else value

    return {name: plain(value) for name, value in asdict(key).items()}


@contextlib.contextmanager
def _opened() -> Iterator[tuple[Keys, str]]:
    from dash.access.keys import Keys
    from dash.database import Database

    settings = Settings.from_env()
    with Database.open(settings) as database:
        yield Keys(database), settings.user
