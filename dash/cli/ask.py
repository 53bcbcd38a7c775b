"""`dash ask`: one question, one answer, and an exit code that a script can branch on."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from dash.cli.moments import moment
from dash.errors import DashError, QuestionError
from dash.settings import Settings, checked_zone, require_surface

if TYPE_CHECKING:
    from dash.ask import Dash
    from dash.knowledge import Knowledge

EXIT_CODES = {"answered": 0, "clarification": 3, "declined": 4, "error": 1, "cancelled": 130}
STEPS = {
    "ground": "Looking up what the words mean",
    "plan": "Choosing how to count it",
    "model": "Asking a language model",
    "guard": "Proving that the query only reads",
    "execute": "Reading the data",
    "interpret": "Putting the result into words",
}
MOST_CHARACTERS_READ = 1_000_000


@click.command("ask", short_help="Answer a question about the data.")
@click.argument("words", nargs=-1, required=True, metavar="QUESTION")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON (docs/answer-json.md).")
@click.option("--csv", "as_csv", is_flag=True, help="Print the rows as CSV and nothing else.")
@click.option("--sql", "with_sql", is_flag=True, help="Show the SQL and its parameters below the answer.")
@click.option("--now", "now_text", metavar="TIME", help="Answer as if it were TIME, such as 2026-01-01T00:30.")
@click.option("--thread", "thread_id", metavar="ID", help="Lean on the questions before this one in thread ID.")
@click.option("--continue", "-c", "goes_on", is_flag=True, help="Lean on the latest thread.")
@click.option("--zone", metavar="NAME", help="Reporting time zone, such as Europe/Berlin.")
@click.pass_context
def ask_command(
    ctx: click.Context,
    words: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    with_sql: bool,
    now_text: str | None,
    thread_id: str | None,
    goes_on: bool,
    zone: str | None,
) -> None:
    """Answer QUESTION; "-" reads it from standard input.

    Exit code 0 answered, 3 a question back, 4 declined, 1 an error.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    question = " ".join(words)
    try:
        settings = _settings(zone)
        if question == "-":
            question = _read_question()
        now = moment(now_text, settings.zone, "--now") if now_text else None
        answer, knowledge = _ask(settings, question, now, thread_id, goes_on)
    except DashError as error:
        if not as_json:
            raise
        answer, knowledge = _error_answer(question, error), None
    _print(answer, knowledge, as_json=as_json, as_csv=as_csv, with_sql=with_sql)
    ctx.exit(EXIT_CODES[answer["outcome"]])


def _settings(zone: str | None) -> Settings:
    settings = Settings.from_env()
    require_surface(settings, "terminal")
    if zone is None:
        return settings
    return dataclasses.replace(settings, zone=checked_zone(zone, "--zone"))


def _read_question() -> str:
    data = sys.stdin.buffer.read(MOST_CHARACTERS_READ)
    try:
        return data.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise QuestionError("The question is not UTF-8 text; save it as UTF-8 and try again.") from error


def _ask(
    settings: Settings, question: str, now: datetime | None, thread_id: str | None, goes_on: bool
) -> tuple[dict[str, Any], Knowledge]:
    from dash.ask import Dash, answer_json

    gc.disable()  # what one question leaves behind is less work than looking for it a hundred times
    with _shown_steps() as on_step, Dash.open(settings, progress=lambda text: on_step(text, 0.0)) as dash:
        if goes_on and thread_id is None:
            thread_id = _latest_thread(dash)
        answer = dash.ask(question, thread_id=thread_id, now=now, on_step=on_step)
        return answer_json(answer), dash.knowledge


def _latest_thread(dash: Dash) -> str:
    latest = dash.threads.list(dash.settings.user, limit=1)
    if not latest:
        raise QuestionError("There is no thread to continue yet; ask without --continue first.")
    return latest[0].id


@contextlib.contextmanager
def _shown_steps() -> Iterator[Callable[[str, float], None]]:
    """The running step on one line of a terminal; nothing when standard error is not one."""
    if not sys.stderr.isatty():
        yield lambda name, milliseconds: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda name, milliseconds: status.update(STEPS.get(name, name))


def _error_answer(question: str, error: DashError) -> dict[str, Any]:
    """The documented shape for what failed before there was a run, so that a script reads one format."""
    from dash.ask import answer_json
    from dash.records import Answer

    return answer_json(Answer(outcome="error", question=question, language="en", headline=error.message))


def _print(answer: dict[str, Any], knowledge: Knowledge | None, *, as_json: bool, as_csv: bool, with_sql: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str))
    elif as_csv and answer["outcome"] == "answered":
        from dash.export import csv_text
        from dash.shown import visible

        columns, rows = visible(answer)
        sys.stdout.write(csv_text([column.name for column in columns], rows))
        if answer["truncated"]:
            click.echo("The result was cut; the caveats of the answer say where (leave --csv out).", err=True)
    else:
        from dash.cli.show import show_answer

        show_answer(answer, knowledge, with_sql=with_sql, to_stderr=as_csv)
