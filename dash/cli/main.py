"""The `dash` command: a table of its commands, and the one place where an error becomes a sentence and an exit code.

A command's module is imported only when that command runs, so `dash --help` stays quick; the help lines therefore
stand here, and a test compares them with the commands' own.

Exit codes: 0 done or answered · 1 an error · 2 the command line itself is wrong · 3 a question back · 4 declined ·
10 new stuck tickets · 130 stopped by Ctrl-C · 141 whoever read our output went away.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from dash.errors import DashError, InternalError
from dash.settings import use_project, wants_traces

COMMANDS = {
    "init": ("dash.cli.init", "Make a project for a database of your own."),
    "ask": ("dash.cli.ask", "Answer a question about the data."),
    "threads": ("dash.cli.threads", "List conversations, newest first."),
    "thread": ("dash.cli.threads", "Show one conversation with its answers."),
    "run": ("dash.cli.threads", "Show the record of one question."),
    "drill": ("dash.cli.drill", "Show the rows behind a number of an answer."),
    "rerun": ("dash.cli.drill", "Say why an old number is another one now."),
    "check": ("dash.cli.check", "Find every mistake in the knowledge files."),
    "profile": ("dash.cli.profile", "Look at the project's database anew."),
    "review": ("dash.cli.review", "Answer what a draft is in doubt about."),
    "eval": ("dash.cli.evals", "Ask the golden questions and score the answers."),
    "bench": ("dash.cli.bench", "Measure how long answers take."),
    "learnings": ("dash.cli.learnings", "Review what was learned from mistakes."),
    "propose": ("dash.cli.propose", "Make a vetted query of a confirmed answer."),
    "feedback": ("dash.cli.feedback", "Say whether an answer is right."),
    "doctor": ("dash.cli.doctor", "Find what the database allows the reader beyond reading."),
    "grant": ("dash.cli.grant", "Print the SQL that sets up the reader on your own server."),
    "stuck": ("dash.cli.stuck", "Show stuck tickets, why, and what changed."),
    "digest": ("dash.cli.digest", "Send the list of stuck tickets, or the week in numbers."),
    "alerts": ("dash.cli.alerts", "Show which alerts fire, and tell who is to know."),
    "schedule": ("dash.cli.schedule", "Run digests, alerts and checks when they are due."),
    "replay": ("dash.cli.replay", "Show a customer's conversation as it happened."),
    "audit": ("dash.cli.audit", "Show who asked what, and the SQL that it led to."),
    "mcp": ("dash.cli.mcp", "Serve tools to an assistant (Model Context Protocol)."),
    "usage": ("dash.cli.usage", "Show what was used of language models, and what it cost."),
    "demo": ("dash.cli.demo", "Load the demo data."),
    "serve": ("dash.cli.serve", "Serve the HTTP API for programs."),
    "key": ("dash.cli.key", "Give out, list and take back keys of the API."),
    "up": ("dash.cli.up", "Start the database and the page (what ./scripts/run does)."),
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return _with_project(command) if cmd_name != "init" else command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])


def _with_project(command: click.Command) -> click.Command:
    """Every command takes --project, and so does every command below one."""
    if isinstance(command, click.Group):
        for part in command.commands.values():
            _with_project(part)
    alone = not isinstance(command, click.Group) or command.invoke_without_command
    if alone and not any(option.name == "project" for option in command.params):
        command.params.append(
            click.Option(
                ["--project"],
                type=click.Path(path_type=Path, exists=True, file_okay=False),
                expose_value=False,
                is_eager=True,
                callback=_use,
                help="Project folder; default DASH_PROJECT, else the demo data.",
            )
        )
    return command


def _use(context: click.Context, option: click.Parameter, folder: Path | None) -> None:
    if folder is not None:
        use_project(folder)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("0.1.0", prog_name="dash")
def dash_group() -> None:
    """Answers plain-language questions about support data, with numbers that can be trusted.

    \b
    dash ask "How many tickets did AI handle today?"
    dash ask "Какой resolution rate по retention кейсам за январь?" --json
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    try:
        # Not click's own `main`: it would turn a reader that went away into an error.
        with dash_group.make_context("dash", list(sys.argv[1:] if arguments is None else arguments)) as context:
            dash_group.invoke(context)
        sys.stdout.flush()
        code = 0
    except click.exceptions.Exit as leaving:
        code = leaving.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        code = 130
    except BrokenPipeError:
        code = _reader_went_away()
    except InternalError:
        code = _broken_promise()
    except DashError as error:
        _trace_if_wanted()
        click.echo(error.message, err=True)
        code = 1
    except Exception:  # noqa: BLE001  the surface's last net; the trace is one variable away
        code = _broken_promise()
    sys.exit(code)


def _broken_promise() -> int:
    if not _trace_if_wanted():
        click.echo("Something broke inside Dash. DASH_DEBUG=1 before the command shows where.", err=True)
    return 1


def _trace_if_wanted() -> bool:
    if wants_traces():
        import traceback

        traceback.print_exc()
        return True
    return False


def _reader_went_away() -> int:
    """Python flushes standard output once more at exit; give it a place where that cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141
