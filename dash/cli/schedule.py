"""`dash schedule`: runs digests, alerts and checks when they are due, in the foreground, until it is told to stop.

Any number of these may run on one database: each job runs in one of them. `--once` runs what is due and leaves, for
cron and systemd timers.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from dash.logs import configure_logs
from dash.settings import Settings, wants_traces

if TYPE_CHECKING:
    from dash.ops.delivery.file import DeliveryFile
    from dash.ops.schedule.running import Ran, Schedule


@click.group("schedule", short_help="Run digests, alerts and checks when they are due.", invoke_without_command=True)
@click.option("--once", is_flag=True, help="Run what is due now and leave, instead of waiting for more.")
@click.pass_context
def schedule_command(ctx: click.Context, once: bool) -> None:
    """Run what knowledge/delivery.yaml schedules, when it is due, until SIGTERM or Ctrl-C.

    The first start only notes the time: what was due before is not caught up. After downtime each job runs once.
    Exit codes: 0 stopped, or everything that was due is done; 1 with --once: a job failed; or an error.
    """
    if ctx.invoked_subcommand is not None:
        return
    configure_logs(Settings.from_env().logs, traces=wants_traces())
    stopped = threading.Event()
    with _told_to_stop(stopped):
        if once:
            _run_once(ctx, stopped)
        else:
            _run_on(stopped)


def _run_once(ctx: click.Context, stopped: threading.Event) -> None:
    with _schedule(stopped) as schedule:
        ran = schedule.run_due(stopped)
        for each in ran:
            _say(each)
        if any(each.outcome != "done" for each in ran):
            ctx.exit(1)


def _run_on(stopped: threading.Event) -> None:
    from dash.ops.schedule.alive import alive

    with alive(Settings.from_env().home, _now) as promise, _schedule(stopped, promise) as schedule:
        click.echo("Running the schedule; SIGTERM or Ctrl-C stops it.", err=True)
        schedule.run_until(stopped, _say)
        click.echo("Stopped.", err=True)


@schedule_command.command("alive", short_help="Say whether the schedule is run on this machine.")
def alive_command() -> None:
    """Say whether a process of this machine runs the schedule and goes on; exit with 1 where none does, or it hangs.

    That it waits for a database, or that a job failed, is no reason: dash schedule list says what became of jobs.
    """
    from dash.ops.schedule.alive import require_alive

    require_alive(Settings.from_env().home, _now())
    click.echo("The schedule is run on this machine.")


@schedule_command.command("list", short_help="List the jobs, when each is due, and what became of it.")
def list_command() -> None:
    """List the jobs, when each is due, and what became of the last run."""
    from zoneinfo import ZoneInfo

    from dash.cli.show import clean
    from dash.database import Database
    from dash.ops.delivery.file import load_delivery
    from dash.ops.schedule.running import Schedule
    from dash.ops.schedule.runs import JobRuns

    settings = Settings.from_env()
    file = load_delivery(settings.knowledge)
    zone = file.zone or settings.zone
    with Database.open(settings) as database:
        schedule = Schedule(database, expressions(settings, file), {}, zone, _now)
        runs = JobRuns(database)
        for planned in schedule.planned():
            at = (
                planned.next_at.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M") if planned.next_at else "never"
            )
            click.echo(f"{planned.job:16}  {planned.expression:16}  next {at} ({zone})")
            for run in runs.list(planned.job, limit=1):
                when = run.begun_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
                click.echo(f"{'':16}  last {when}  {run.outcome}: {clean(run.summary or 'at work')}")


@schedule_command.command("run", short_help="Run one job now, whatever the time.")
@click.argument("job")
def run_command(job: str) -> None:
    """Run JOB now; its schedule stays as it is."""
    from dash.cli.show import clean
    from dash.errors import NotFoundError

    with _jobs(threading.Event()) as (jobs, _, _):
        if job not in jobs:
            raise NotFoundError(f"There is no job {job}; known are {', '.join(jobs)}.")
        summary = jobs[job](_now())
    click.echo(f"{job}: {clean(summary)}")


def expressions(settings: Settings, file: DeliveryFile) -> Mapping[str, str]:
    """Job → cron expression: the file's, with what the environment says instead, which may be "off"; with what runs
    unasked where anything runs.

    Raises SettingsError for a variable that names no job or holds no expression.
    """
    from dash.errors import SettingsError
    from dash.ops.schedule.cron import problem
    from dash.ops.schedule.jobs import JOBS, UNASKED
    from dash.ops.schedule.running import OFF

    found = {job: each.cron for job, each in file.schedule.items()}
    for job, expression in settings.schedule.items():
        name = f"DASH_SCHEDULE_{job.upper()}"
        if job not in JOBS:
            raise SettingsError(f"{name} names no job; known are {', '.join(JOBS)}.")
        if expression != OFF and (wrong := problem(expression)):
            raise SettingsError(f'{name}={expression!r}: {wrong}; write it like "0 8 * * 1-5", or off.')
        found[job] = expression
    if any(expression != OFF for expression in found.values()):
        found = {**UNASKED, **found}
    return {job: expression for job, expression in found.items() if job in JOBS}


def _say(ran: Ran) -> None:
    from dash.cli.show import clean

    click.echo(f"{_now():%Y-%m-%d %H:%M:%S}Z  {ran.job}  {ran.outcome}: {clean(ran.summary)}")


def _now() -> datetime:
    from dash.ask import system_clock

    return system_clock()


@contextmanager
def _schedule(stopped: threading.Event, promise: Callable[[float], None] = lambda seconds: None) -> Iterator[Schedule]:
    from dash.errors import UserError
    from dash.ops.schedule.running import OFF, Schedule

    settings = Settings.from_env()
    with _jobs(stopped) as (jobs, file, database):
        due = expressions(settings, file)
        zone = file.zone or settings.zone
        schedule = Schedule(database, due, jobs, zone, _now, promise)  # type: ignore[arg-type]
        if all(expression == OFF for expression in due.values()):
            schedule.run_due()  # which writes down what is off
            raise UserError(
                f"Nothing is scheduled: {settings.knowledge.name}/delivery.yaml says when (docs/delivery.md)."
            )
        yield schedule


@contextmanager
def _jobs(stopped: threading.Event) -> Iterator[tuple[Mapping[str, Callable[[datetime], str]], DeliveryFile, object]]:
    """The jobs over an open product, which acts for itself: with the rights of ops, and personal columns masked."""
    from dash.cli.posting import open_post_office
    from dash.ops.schedule.jobs import Jobs
    from dash.records import Viewer

    settings = Settings.from_env()
    with open_post_office(settings) as office:
        office.post.stopped = stopped
        viewer = Viewer(settings.user, roles=frozenset({"ops"}))
        jobs = Jobs(office.dash, office.file, viewer, office.targets, office.post)
        office.progress.done()
        yield (
            {**jobs.all(), "knowledge_check": lambda _: _check_knowledge(settings, office.dash.database)},
            (office.file),
            office.dash.database,
        )


def _check_knowledge(settings: Settings, database: object) -> str:
    """Faults that the live tables have brought about since the files were reviewed."""
    from dash.catalogue.faults import find_faults
    from dash.errors import KnowledgeError

    faults = find_faults(settings.knowledge, database, settings.learnings, settings.home)  # type: ignore[arg-type]
    if faults:
        raise KnowledgeError(faults)
    return "no fault found"


@contextmanager
def _told_to_stop(stopped: threading.Event) -> Iterator[None]:
    """SIGTERM and Ctrl-C set the event: the job at work is finished, no other is begun."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda *_: stopped.set())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
