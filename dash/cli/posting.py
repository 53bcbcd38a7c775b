"""What the commands that send something share: the product opened, its targets, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from dash.settings import Settings

if TYPE_CHECKING:
    from dash.ask import Dash
    from dash.cli.progress import Progress
    from dash.ops.delivery.file import DeliveryFile
    from dash.ops.delivery.sending import Delivered, Post
    from dash.ops.delivery.targets import Target
    from dash.records import Viewer

HOW = (
    "There is no target here yet: DASH_TARGET_OPS='mailto://…' names one, for example. docs/delivery.md says how to "
    "wire mail, Slack and others."
)
_OUTCOMES = {
    "sent": "sent",
    "failed": "not delivered, it is tried again at the next run",
    "refused": "refused, and it will be until somebody mends it",
    "uncertain": "it may have arrived; it is not sent again by itself (--again does)",
    "busy": "left to whoever is sending it",
}


@dataclass(frozen=True)
class PostOffice:
    """Everything that sending needs."""

    dash: Dash
    file: DeliveryFile
    targets: tuple[Target, ...]
    post: Post
    progress: Progress


@contextmanager
def open_post_office(settings: Settings) -> Iterator[PostOffice]:
    """The product with its targets; closed at the end."""
    from dash.ask import Dash
    from dash.cli.progress import shown_progress
    from dash.ops.delivery.file import load_delivery
    from dash.ops.delivery.ledger import Ledger
    from dash.ops.delivery.sending import Post
    from dash.ops.delivery.targets import find_targets

    file = load_delivery(settings.knowledge)
    targets = find_targets(settings, file)
    with shown_progress() as progress, Dash.open(settings.without_model(), progress=progress) as dash:
        yield PostOffice(dash, file, targets, Post(Ledger(dash.database)), progress)


def local_viewer_without_personal_data(settings: Settings) -> Viewer:
    """Who runs the command, with personal columns masked: what is sent leaves the house."""
    from dataclasses import replace

    from dash.access import load_access, local_viewer

    return replace(local_viewer(settings.user, load_access(settings.access)), sees_personal=False)


def show_delivered(delivered: Sequence[Delivered], *, testing: bool = False) -> bool:
    """One line per target; says whether everything arrived. A line that only tests is never sent again."""
    from dash.ops.delivery.sending import failures

    for each in delivered:
        words = "sent before" if each.before and each.arrived else _OUTCOMES.get(each.outcome, each.outcome)
        words = words.partition(",")[0].partition(";")[0] if testing else words
        reason = f" ({each.reason})" if each.reason else ""
        click.echo(f"{each.target}: {words}{reason}")
    return not failures(delivered)
