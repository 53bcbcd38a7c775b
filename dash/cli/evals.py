"""`dash eval`: golden questions, asked for real on two data sets and compared with SQL that people wrote.

Standard output is the report, or one JSON document with `--json`; progress and remarks go to standard error.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dash.cli.moments import moment
from dash.cli.progress import Progress, shown_progress
from dash.errors import UserError
from dash.settings import Settings

if TYPE_CHECKING:
    from dash.ask import Dash
    from dash.evals import DataSet, Report
    from dash.knowledge.formats import EvalFile


@dataclass(frozen=True)
class Selection:
    """Which cases are meant. Nothing said means all."""

    ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def holds(self, case: EvalFile) -> bool:
        """Whether a case passes every filter that was given."""
        return (
            (not self.ids or any(fnmatchcase(case.id, pattern) for pattern in self.ids))
            and (not self.tags or bool(set(self.tags) & set(case.tags)))
            and (not self.languages or case.language in self.languages)
            and (not self.kinds or case.kind in self.kinds)
        )


@dataclass(frozen=True)
class SecondChoice:
    """What the second data set is to be; `wanted` False means none."""

    wanted: bool
    seed: int
    tickets: int


@click.command("eval", short_help="Ask the golden questions and score the answers.")
@click.option("--jsonl", "path", type=click.Path(path_type=Path), metavar="FILE", help="Cases of this file instead.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="Only these; * stands for anything. Repeatable.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only cases with this tag. Repeatable.")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Only this language. Repeatable.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(["answerable", "unanswerable", "ambiguous"]))
@click.option("--now", "now_text", metavar="TIME", help="Ask as of this time; default is where the data ends.")
@click.option("--one-data-set", is_flag=True, help="Leave out the second data set.")
@click.option("--seed", type=click.IntRange(0), default=8, show_default=True, help="Of the second data set.")
@click.option("--tickets", type=click.IntRange(1), default=20_000, show_default=True, help="Of the second data set.")
@click.option("--model", "with_model", is_flag=True, help="Ask the configured language model too; that may cost.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document with everything about each case.")
@click.option("--verbose", "-v", is_flag=True, help="Show also what was asked back or declined.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def eval_command(
    ctx: click.Context,
    path: Path | None,
    ids: tuple[str, ...],
    tags: tuple[str, ...],
    languages: tuple[str, ...],
    kinds: tuple[str, ...],
    now_text: str | None,
    one_data_set: bool,
    seed: int,
    tickets: int,
    with_model: bool,
    as_json: bool,
    verbose: bool,
    quiet: bool,
) -> None:
    """Ask the golden questions and score the answers; exit code 1 when one is wrong or breaks.

    An answer is right when its rows are those of the hand-written SQL, on the data that is there and on a second data
    set. A question asked back is honest but not an answer. --jsonl takes objects such as
    {"id": "a1", "question": "…", "kind": "answerable", "sql": "…", "ordered": false, "also_accept": []}, one a line.
    """
    from dash.ask import Dash

    settings = Settings.from_env() if with_model else Settings.from_env().without_model()
    now = moment(now_text, settings.zone, "--now") if now_text else None
    second = SecondChoice(not one_data_set, seed, tickets)
    with shown_progress(quiet=quiet) as progress, Dash.open(settings, progress=progress) as dash:
        cases = chosen_cases(dash, path, Selection(ids, tags, languages, kinds))
        with contextlib.ExitStack() as opened:
            data_sets = _data_sets(dash, now, second, progress, opened)
            report = _run(data_sets, cases, progress)
            progress.done()
            if as_json:
                _print_json(report, data_sets)
            else:
                from dash.cli.eval_report import show_report

                show_report(report, data_sets, verbose=verbose)
    ctx.exit(1 if report.wrong else 0)


def chosen_cases(dash: Dash, path: Path | None, selection: Selection) -> list[EvalFile]:
    """The cases to ask, in their order. Raises UserError when there are none: nothing asked must not look like
    nothing wrong."""
    from dash.evals.runner import moment_of

    cases: Sequence[EvalFile] = dash.knowledge.evals
    if path is not None:
        from dash.evals.bring import read_jsonl

        brought = read_jsonl(path, detect=lambda question: _language(dash, question))
        cases = brought.cases
        if brought.ignored:
            click.echo(f"Keys that mean nothing here were left out: {', '.join(brought.ignored)}", err=True)
    chosen = [case for case in cases if selection.holds(case)]
    if not chosen:
        raise UserError(f"None of {len(cases)} cases fits; look at their ids, tags and languages.")
    for case in chosen:
        try:
            moment_of(case, dash.settings.zone)
        except ValueError as error:
            raise UserError(f"The case {case.id} asks at {case.now!r}, which is no time.") from error
    return chosen


def _language(dash: Dash, question: str) -> str:
    tokens, _ = dash.reader.ground(question, datetime.now(UTC), "UTC")
    return dash.reader.detect_language(tokens) or "other"


def _data_sets(
    dash: Dash, now: datetime | None, choice: SecondChoice, progress: Progress, opened: contextlib.ExitStack
) -> list[DataSet]:
    """The data that is there, and the second data set. A moment that was given holds for both; otherwise each is asked
    where it ends, and the second ends at a full hour, so that it can be used again."""
    from dash.evals import DataSet
    from dash.evals.moments import end_of_data
    from dash.evals.second import SecondData, can_be_made, open_second

    first = DataSet("first", dash, now or end_of_data(dash, datetime.now(UTC)))
    if not choice.wanted:
        return [first]
    if not can_be_made(dash):
        click.echo("Demo data has not all of these tables, so there is no second data set.", err=True)
        return [first]
    until = now or first.now.replace(minute=0, second=0, microsecond=0)
    data = SecondData(until, choice.seed, choice.tickets)
    second = opened.enter_context(open_second(dash, data, progress))
    return [first, DataSet("second", second, until)]


def _run(data_sets: Sequence[DataSet], cases: Sequence[EvalFile], progress: Progress) -> Report:
    from dash.evals import run_evals

    first, second = data_sets[0], data_sets[1] if len(data_sets) > 1 else None
    return run_evals(
        first.dash,
        cases,
        now=first.now,
        second=second,
        progress=lambda done, total: progress(f"Asking {done} of {total}"),
    )


def _print_json(report: Report, data_sets: Sequence[DataSet]) -> None:
    from dash.evals.document import report_document

    document: dict[str, Any] = report_document(report, data_sets)
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
