"""Faults of `knowledge/delivery.yaml`: cards that do not exist, languages that nobody wrote, times that never come."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from dash.errors import Fault, KnowledgeError, SettingsError
from dash.knowledge import Knowledge
from dash.knowledge.board import load_board
from dash.knowledge.documents import Document
from dash.knowledge.nearest import advise
from dash.ops.delivery.file import DeliveryFile, read_delivery
from dash.ops.delivery.targets import plain_name
from dash.ops.delivery.words import languages
from dash.ops.digest.weekly import week_is_over
from dash.ops.schedule.cron import next_due, problem
from dash.ops.schedule.jobs import JOBS
from dash.settings import checked_zone

_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
_DUE_IN_A_YEAR = 53  # through summer and winter


def check_delivery(knowledge: Knowledge, reporting_zone: str | None = None) -> tuple[Fault, ...]:
    """All faults of the file; with the reporting zone also a week that is told before it is over there."""
    file, document = read_delivery(knowledge.folder)
    if file.zone is not None:
        try:
            checked_zone(file.zone, "zone")
        except SettingsError:
            document.fault(("zone",), f"{file.zone} is not a time zone", "use a name such as Europe/Berlin")
    names = Counter(map(plain_name, file.targets))
    for name, target in file.targets.items():
        if names[plain_name(name)] > 1:
            document.fault(("targets", name), f"{name} stands twice, as {plain_name(name)}", "keep one of them")
        if target.language not in languages():
            what = f"messages are not written in {target.language!r}"
            document.fault(("targets", name, "language"), what, advise(target.language, languages(), "write en"))
    for job, each in file.schedule.items():
        if job not in JOBS:
            document.fault(("schedule", job), f"there is no job {job}", advise(job, JOBS, "remove it"))
        if wrong := problem(each.cron):
            document.fault(("schedule", job, "cron"), f"{each.cron!r}: {wrong}", 'write it like "0 8 * * 1-5"')
    _check_cards(file, document, knowledge)
    if reporting_zone is not None and not document.faults:
        _check_week(file, document, reporting_zone)
    return tuple(sorted(set(document.faults)))


def _check_week(file: DeliveryFile, document: Document, reporting_zone: str) -> None:
    job, zone = file.schedule.get("weekly_digest"), file.zone or reporting_zone
    due = next_due(job.cron, _ANY_TIME, zone) if job is not None else None
    for _ in range(_DUE_IN_A_YEAR):
        if job is None or due is None:
            return
        if not week_is_over(due, zone, reporting_zone):
            what = f"when it is due in {zone}, the week is not over in the reporting zone {reporting_zone}"
            mend = f"let DASH_TIMEZONE be {zone} too, or take a later time"
            document.fault(("schedule", "weekly_digest", "cron"), what, mend)
            return
        due = next_due(job.cron, due, zone)


def _check_cards(file: DeliveryFile, document: Document, knowledge: Knowledge) -> None:
    try:
        board = load_board(knowledge.folder)
    except KnowledgeError:
        return  # the board's own faults are said by its own check
    cards = {card.name: card for card in board.cards} if board else {}
    for index, name in enumerate(file.weekly.cards):
        if name not in cards:
            document.fault(
                ("weekly", "cards", index), f"the board has no card {name}", advise(name, cards, "remove it")
            )
        elif not cards[name].is_timed or cards[name].split:
            what = f"the card {name} is not one number over a period"
            document.fault(("weekly", "cards", index), what, "take a card with {period} and without split")
    chart = file.weekly.chart
    if chart is not None and (chart not in cards or cards[chart].metric is None or cards[chart].split):
        what = f"no card {chart} can be drawn week by week"
        document.fault(("weekly", "chart"), what, advise(chart, cards, "take a card with a metric and without split"))
