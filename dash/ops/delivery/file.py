"""`knowledge/delivery.yaml`: who receives what, what a digest tells, when jobs run, and how long
what they write is kept. No address stands in it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dash.knowledge.documents import Document
from dash.knowledge.one_model import read_one_model, require_no_fault

FILE = "delivery.yaml"

Kind = Literal["stuck", "weekly", "alerts"]
KINDS: tuple[Kind, ...] = ("stuck", "weekly", "alerts")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TargetFile(_Strict):
    """What one target receives, in which language; `ticket_text` lets the evidence of each ticket leave the house,
    which may quote what its customer wrote; `names` lets it say who has taken it on the list."""

    receives: list[Kind] = Field(default_factory=lambda: list(KINDS))
    language: str = "en"
    ticket_text: bool = False
    names: bool = False


class StuckListFile(_Strict):
    """The morning list. `longest` is how many tickets it names; `when_nothing` sends it on days without news too."""

    longest: int = Field(default=15, ge=1, le=100)
    when_nothing: bool = False


class WeeklyFile(_Strict):
    """The week: cards of the board by name, and the one whose last weeks are drawn."""

    cards: list[str] = Field(default_factory=list)
    chart: str | None = None


class JobFile(_Strict):
    """When a job runs: a cron expression with five fields, in the file's time zone."""

    cron: str


class KeepFile(_Strict):
    """How long what the jobs write is kept; null keeps it for ever. What people did is never deleted."""

    stuck_checks_days: int | None = Field(default=None, ge=31)


class DeliveryFile(_Strict):
    """The whole file. `zone` is the reporting zone when left out."""

    zone: str | None = None
    targets: dict[str, TargetFile] = Field(default_factory=dict)
    stuck: StuckListFile = StuckListFile()
    weekly: WeeklyFile = WeeklyFile()
    keep: KeepFile = KeepFile()
    schedule: dict[str, JobFile] = Field(default_factory=dict)


def read_delivery(folder: Path) -> tuple[DeliveryFile, Document]:
    """The file of a knowledge folder, with the document that knows its lines and faults; defaults without a file."""
    found, document = read_one_model(folder, FILE, DeliveryFile)
    return found or DeliveryFile(), document


def load_delivery(folder: Path) -> DeliveryFile:
    """The file. Raises KnowledgeError with every fault."""
    file, document = read_delivery(folder)
    require_no_fault(document)
    return file
