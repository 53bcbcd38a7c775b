"""What is not proven of SQL that a model wrote, as every proof says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash.errors import QueryRejected
from dash.records import Unconfirmed


@dataclass(frozen=True)
class Finding:
    """What is not proven: `rule` is what the query log calls it, `reason` the sentence for the model; `unconfirmed` is
    what stands beside the answer, None when there is no answer with it."""

    rule: str
    reason: str
    unconfirmed: Unconfirmed | None = None

    @property
    def keeps_back(self) -> bool:
        """Whether nothing is shown while this is not proven."""
        return self.unconfirmed is None


class Unproven(QueryRejected):
    """A proposal that the guard passes and the proofs do not."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("This query", "mend it.", rule=findings[0].rule)
        self.message = " ".join(finding.reason for finding in findings)
