"""`dash learnings`: what was learned from mistakes, reviewed by a person: tried, activated, taken back.

A candidate is used by nobody. `try` shows what it would change, `activate` refuses what makes a golden question wrong,
`retire` takes it back everywhere, `export` puts what was reviewed into files for git.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from dash.settings import Settings

if TYPE_CHECKING:
    from dash.ask import Dash
    from dash.cli.progress import Progress
    from dash.evals.review import Trial
    from dash.learnings import Learning

STATUSES = ("candidate", "active", "retired")
KINDS = ("query_fix", "vocabulary", "data_quality", "join_path", "definition")


@click.group("learnings", short_help="Review what was learned from mistakes.")
def learnings_command() -> None:
    """Review what was learned from mistakes: nothing is used before a person has activated it."""


@learnings_command.command("list", short_help="List learnings, those seen most often first.")
@click.option("--status", type=click.Choice(STATUSES), help="Only these.")
@click.option("--kind", type=click.Choice(KINDS), help="Only these.")
@click.option("--json", "as_json", is_flag=True, help="Print them as a JSON list.")
def list_command(status: str | None, kind: str | None, as_json: bool) -> None:
    """List learnings, those seen most often first."""
    from dash.cli.learning_lines import as_json_document, show_list
    from dash.database import Database
    from dash.learnings import Learnings, load_learnings

    settings = Settings.from_env()
    files = load_learnings(settings.learnings)
    with Database.open(settings) as database:
        found = [
            each
            for each in Learnings(database, files).list()
            if status in (None, each.status) and kind in (None, each.kind)
        ]
    if as_json:
        click.echo(json.dumps([as_json_document(each) for each in found], ensure_ascii=False, indent=2, default=str))
        return
    show_list(found)


@learnings_command.command("show", short_help="Show one learning with its evidence and history.")
@click.argument("learning_id", metavar="ID")
def show_command(learning_id: str) -> None:
    """Show learning ID: what was learned, from what, and who decided what about it."""
    from dash.cli.learning_lines import show_learning
    from dash.database import Database
    from dash.learnings import Learnings, load_learnings

    settings = Settings.from_env()
    files = load_learnings(settings.learnings)
    with Database.open(settings) as database:
        learnings = Learnings(database, files)
        learning = learnings.get(learning_id)
        history = learnings.history(learning.id)
    show_learning(learning, history, settings.zone)


@learnings_command.command("try", short_help="Show every answer that a learning would change.")
@click.argument("learning_id", metavar="ID")
@click.option("--all", "everything", is_flag=True, help="Ask every golden question, not only those with its words.")
@click.option("--now", "now_text", metavar="TIME", help="Ask as of this time; default is where the data ends.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def try_command(ctx: click.Context, learning_id: str, everything: bool, now_text: str | None, quiet: bool) -> None:
    """Try learning ID on the golden questions, without and with it; exit code 1 when an answer becomes worse."""
    from dash.ask import Dash
    from dash.cli.learning_lines import show_trial
    from dash.cli.progress import shown_progress

    with (
        shown_progress(quiet=quiet) as progress,
        Dash.open(Settings.from_env().without_model(), progress=progress) as dash,
    ):
        trial = _try(dash, dash.learnings.get(learning_id), everything, now_text, progress).run
    show_trial(trial)
    ctx.exit(1 if trial.worse else 0)


@learnings_command.command("activate", short_help="Let a learning be used, if it makes no answer worse.")
@click.argument("learning_id", metavar="ID")
@click.option("--everyone", is_flag=True, help="Give one user's learning to everyone.")
@click.option("--all", "everything", is_flag=True, help="Try it on every golden question.")
@click.option("--note", default="", metavar="TEXT", help="Why; it stays in the history.")
@click.option("--now", "now_text", metavar="TIME", help="Try it as of this time; default is where the data ends.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def activate_command(
    ctx: click.Context,
    learning_id: str,
    everyone: bool,
    everything: bool,
    note: str,
    now_text: str | None,
    quiet: bool,
) -> None:
    """Try learning ID and activate it; exit code 1 and nothing activated when it makes an answer worse."""
    from dash.ask import Dash
    from dash.cli.learning_lines import show_trial
    from dash.cli.progress import shown_progress
    from dash.evals.review import WorseError, activate
    from dash.evals.support import require_usable

    settings = Settings.from_env().without_model()
    refused = None
    with shown_progress(quiet=quiet) as progress, Dash.open(settings, progress=progress) as dash:
        learning = dash.learnings.get(learning_id)
        require_usable(dash, learning)
        trial = _try(dash, learning, everything, now_text, progress)
        try:
            activate(dash, trial, by=settings.user, note=note, everyone=everyone)
        except WorseError as error:
            refused = error
    show_trial(trial.run)
    if refused is not None:
        click.echo(refused.message, err=True)
        ctx.exit(1)
    reaches = "everyone" if everyone or learning.scope is None else f"{learning.scope} alone"
    click.echo(f"{learning.id} is active for {reaches}.")


@learnings_command.command("retire", short_help="Take a learning back, everywhere.")
@click.argument("learning_id", metavar="ID")
@click.option("--note", default="", metavar="TEXT", help="Why; it stays in the history.")
def retire_command(learning_id: str, note: str) -> None:
    """Take learning ID back: it is used nowhere any more."""
    from dash.database import Database
    from dash.learnings import Learnings, load_learnings

    settings = Settings.from_env()
    files = load_learnings(settings.learnings)
    with Database.open(settings) as database:
        learning = Learnings(database, files).retire(learning_id, by=settings.user, note=note)
    click.echo(f"{learning.id} is retired.")
    if learning.in_file:
        click.echo(f"{learning.in_file} still calls it active elsewhere: export, and commit the file.", err=True)


@learnings_command.command("note", short_help="Note what was wrong about an answer.")
@click.argument("run_id", metavar="RUN")
@click.argument("remark", metavar="TEXT")
@click.option("--wrong", is_flag=True, help="The answer was wrong, not only short of something.")
def note_command(run_id: str, remark: str, wrong: bool) -> None:
    """Note what was wrong about the answer of RUN, as a candidate that belongs to you alone."""
    from dash.database import Database
    from dash.learnings import Learnings
    from dash.learnings.candidates import remark_candidate
    from dash.runs import Runs

    settings = Settings.from_env()
    with Database.open(settings) as database:
        run = Runs(database).get(run_id, owner=settings.user)
        learning = Learnings(database).record(remark_candidate(run.run_id, remark, by=settings.user, wrong=wrong))
    click.echo(f"{learning.id} is a candidate of {settings.user} alone; nobody relies on it before it is activated.")


@learnings_command.command("check", short_help="Find learnings that the data no longer supports.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def check_command(ctx: click.Context, quiet: bool) -> None:
    """Run the check of every learning that is not retired, and flag what fails; exit code 1 when an active one does."""
    from dash.ask import Dash
    from dash.cli.progress import shown_progress
    from dash.evals.review import check_all

    with shown_progress(quiet=quiet) as progress, Dash.open(Settings.from_env(), progress=progress) as dash:
        found = check_all(dash, datetime.now(UTC))
    for learning, why in found:
        if why:
            click.echo(f"{learning.id} ({learning.status}): {why}")
    failed = any(why and learning.status == "active" for learning, why in found)
    click.echo(f"{len(found)} checked.")
    ctx.exit(1 if failed else 0)


@learnings_command.command("export", short_help="Write reviewed learnings to learnings/*.yaml.")
def export_command() -> None:
    """Write what was activated or retired for everyone to files, for review in git; they are read at every start."""
    from dash.database import Database
    from dash.learnings import Learnings, load_learnings
    from dash.learnings.files import reviewed, write_learnings
    from dash.shown.discretion import discreet

    settings = Settings.from_env()
    files = load_learnings(settings.learnings)
    with Database.open(settings) as database:
        found = reviewed(Learnings(database, files).all(), discreet)
    written = write_learnings(settings.learnings, found)
    for path in written:
        click.echo(path)
    click.echo(f"{len(written)} of {len(found)} reviewed learnings written; read them before you commit.")


@learnings_command.command("import", short_help="Take learnings/*.yaml into the store.")
def import_command() -> None:
    """Take the files of the learnings folder into the store, with the status that they have there."""
    from dash.database import Database
    from dash.learnings import Learnings, load_learnings

    settings = Settings.from_env()
    files = load_learnings(settings.learnings)
    with Database.open(settings) as database:
        changed = Learnings(database, files).take_in(files)
    for learning in changed:
        click.echo(f"{learning.id} is {learning.status}")
    click.echo(f"{len(changed)} of {len(files)} files changed the store.")


def _try(dash: Dash, learning: Learning, everything: bool, now_text: str | None, progress: Progress) -> Trial:
    from dash.cli.moments import moment
    from dash.evals.review import try_out

    trial = try_out(
        dash,
        learning,
        now=moment(now_text, dash.settings.zone, "--now") if now_text else None,
        everything=everything,
        progress=lambda done, total: progress(f"Asking {done} of {total}"),
    )
    progress.done()
    return trial
