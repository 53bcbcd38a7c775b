"""How the page shows answers, and what it knows of each beside the answer itself.

An answer is drawn from its JSON alone; everything that a person may do with it needs the product behind the page. So an
answer without a product (a test, a broken store) is drawn just the same, with fewer things to click.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dash.records import Refill
from dash.shown import Cells
from dash.ui.texts import text

if TYPE_CHECKING:
    from dash.feedback import Feedback
    from dash.runs import RunRecord
    from dash.ui.opening import Service

AnswerDict = Mapping[str, Any]


@dataclass(frozen=True)
class View:
    """The language of the page, the look of cells by language, and what a click on a question does.

    `service` is the product behind the page; `runs`, `said` and `saved` are what it has of the answers that are shown,
    by run id: the record, this person's latest feedback, the name under which it is saved. `pin` draws what pins an
    answer to the board, given its run id and a key.
    """

    language: str
    cells: Callable[[str], Cells]
    ask: Callable[[str], None]
    service: Service | None = None
    runs: Mapping[str, RunRecord] = field(default_factory=dict)
    said: Mapping[str, Feedback] = field(default_factory=dict)
    saved: Mapping[str, str] = field(default_factory=dict)
    refill: Callable[[str, Refill], None] | None = None
    pin: Callable[[str, str], None] | None = None

    def say(self, name: str, **values: Any) -> str:
        """A text of the page in its language."""
        return text(name, self.language, **values)

    def run_of(self, answer: AnswerDict) -> RunRecord | None:
        """The stored record of an answer, where there is one and the product is at hand."""
        return self.runs.get(answer["run_id"] or "") if self.service is not None else None
