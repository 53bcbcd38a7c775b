"""`knowledge/delivery.yaml`: who receives what, what a digest tells, and when jobs run. No address stands in it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dash.errors import KnowledgeError
from dash.knowledge.documents import Document, parse_yaml
from dash.knowledge.files import read_one
from dash.knowledge.shapes import read_model

FILE = "delivery.yaml"

Kind = Literal["stuck", "weekly", "alerts"]
KINDS: tuple[Kind, ...] = ("stuck", "weekly", "alerts")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TargetFile(_Strict):
    """What one target receives, in which language; `ticket_text` lets subjects of tickets leave the house."""

    receives: list[Kind] = Field(default_factory=lambda: list(KINDS))
    language: str = "en"
    ticket_text: bool = False


class StuckFile(_Strict):
    """The morning list. `longest` is how many tickets it names; `when_nothing` sends it on days without news too."""

    longest: int = Field(default=15, ge=1, le=100)
    when_nothing: bool = False


class WeeklyFile(_Strict):
    """The week: cards of the board by name, and the one whose days are drawn."""

    cards: list[str] = Field(default_factory=list)
    chart: str | None = None


class JobFile(_Strict):
    """When a job runs: a cron expression with five fields, in the file's time zone."""

    cron: str


class DeliveryFile(_Strict):
    """The whole file. `zone` is the reporting zone when left out."""

    zone: str | None = None
    targets: dict[str, TargetFile] = Field(default_factory=dict)
    stuck: StuckFile = StuckFile()
    weekly: WeeklyFile = WeeklyFile()
    schedule: dict[str, JobFile] = Field(default_factory=dict)


def read_delivery(folder: Path) -> tuple[DeliveryFile, Document]:
    """The file of a knowledge folder, with the document that knows its lines and faults; defaults without a file."""
    if not (folder / FILE).is_file():
        return DeliveryFile(), Document(f"{folder.resolve().name}/{FILE}")
    text, faults = read_one(folder, FILE)
    document = parse_yaml(text.text, text.path) if text is not None else Document(f"{folder.resolve().name}/{FILE}")
    document.faults.extend(faults)
    found = None if document.faults else read_model(document, DeliveryFile)
    return found or DeliveryFile(), document


def load_delivery(folder: Path) -> DeliveryFile:
    """The file. Raises KnowledgeError with every fault."""
    file, document = read_delivery(folder)
    if document.faults:
        raise KnowledgeError(tuple(sorted(document.faults)))
    return file
