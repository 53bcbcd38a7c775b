"""`knowledge/alerts.yaml`: when a governed metric is worth waking somebody. It names metrics and never SQL."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from dash.knowledge.documents import Document
from dash.knowledge.formats import Texts
from dash.knowledge.one_model import read_one_model, require_no_fault

FILE = "alerts.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MinimumFile(_Strict):
    """Below `at_least` of this count metric, over the same window and conditions, the rule says nothing."""

    metric: str
    at_least: float = Field(gt=0)


class RuleFile(_Strict):
    """One rule. `window` is a time expression in English ("last 24 hours"); a metric about now has none.

    It fires `above` or `below` a value (never at it), and clears once the value is back at `clears_at`, which is the
    same value when left out. `cool_down_hours` is how long after one announcement the next may come. `question` is
    what the link in a message asks; it must mean exactly this number. `targets` are all that receive alerts when left
    out.
    """

    name: str
    label: Texts
    metric: str
    aggregation: str | None = None
    window: str | None = None
    where: dict[str, list[str]] = Field(default_factory=dict)
    above: float | None = None
    below: float | None = None
    clears_at: float | None = None
    minimum: MinimumFile | None = None
    cool_down_hours: float = Field(default=0, ge=0, le=24 * 31)
    question: Texts = Field(default_factory=dict)
    targets: list[str] | None = None

    @property
    def bound(self) -> float:
        """The value that it must pass to fire."""
        bound = self.above if self.above is not None else self.below
        assert bound is not None, "a rule has a bound"
        return bound

    @property
    def back(self) -> float:
        """The value at which it clears."""
        return self.bound if self.clears_at is None else self.clears_at


class AlertsFile(_Strict):
    """The whole file."""

    alerts: list[RuleFile] = Field(default_factory=list)


def read_alerts(folder: Path) -> tuple[AlertsFile, Document]:
    """The rules of a knowledge folder, with the document that knows their lines and faults; none without a file."""
    found, document = read_one_model(folder, FILE, AlertsFile)
    return found or AlertsFile(), document


def load_alerts(folder: Path) -> tuple[RuleFile, ...]:
    """The rules. Raises KnowledgeError with every fault."""
    file, document = read_alerts(folder)
    if not document.faults:
        for index, rule in enumerate(file.alerts):
            if (rule.above is None) == (rule.below is None):
                document.fault(("alerts", index), "a rule fires above or below a value", "write one of above and below")
    require_no_fault(document)
    return tuple(file.alerts)
