"""`knowledge/board.yaml`: the cards of the board, in governed names, and the questions that they open as.

A card names a metric or a vetted query and never SQL. What it shows and what its question answers are the same plan;
`dash check` proves that for every card and language, so the board can say nothing that a question would not say too.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from dash.knowledge.documents import Document
from dash.knowledge.formats import Texts
from dash.knowledge.one_model import read_one_model, require_no_fault
from dash.records.semantic_query import Grain

FILE = "board.yaml"
PERIOD = "{period}"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PeriodFile(_Strict):
    """A range to choose. `window` is a time expression in English; `words` say it inside a question."""

    name: str
    window: str
    label: Texts
    words: Texts


class RangeFile(_Strict):
    """The words for a range of the person's own, with {first} and {last} as days."""

    words: Texts


class FilterFile(_Strict):
    """A dimension to narrow the board by. `words` say it inside a question, with {values}."""

    dimension: str
    words: Texts


class CardFile(_Strict):
    """One card: a `metric` (with another `aggregation`, `split` by a dimension) or a vetted `query`, of which `column`
    is the number that is drawn (the first metric when left out).

    `question` holds {period} where the card is about the board's range; without it the card is about now. `filters`
    are the board's filters that apply, all that the metric allows when left out. `grain` is the step of the trend; by
    itself it follows the length of the range. `comparison` false leaves the period before out.
    """

    name: str
    title: Texts
    question: Texts
    metric: str | None = None
    aggregation: str | None = None
    query: str | None = None
    column: str | None = None
    split: str | None = None
    grain: Grain | None = None
    comparison: bool = True
    filters: list[str] | None = None

    @property
    def is_timed(self) -> bool:
        """Whether the card is about the board's range, and not about now."""
        return any(PERIOD in question for question in self.question.values())


class SectionFile(_Strict):
    """Cards that belong together."""

    title: Texts
    cards: list[CardFile]


class BoardFile(_Strict):
    """The whole file. `default_period` is the name of the range that the board opens with."""

    default_period: str
    periods: list[PeriodFile]
    range: RangeFile
    filters: list[FilterFile] = Field(default_factory=list)
    sections: list[SectionFile]

    @property
    def cards(self) -> list[CardFile]:
        """The cards of all sections, in order."""
        return [card for section in self.sections for card in section.cards]


def read_board(folder: Path) -> tuple[BoardFile | None, Document]:
    """The board of a knowledge folder, with the document that knows its lines and faults; no board without a file."""
    return read_one_model(folder, FILE, BoardFile)


def load_board(folder: Path) -> BoardFile | None:
    """The board, or None when there is no file. Raises KnowledgeError with every fault."""
    board, document = read_board(folder)
    require_no_fault(document)
    return board
