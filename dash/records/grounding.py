"""What the words of a question refer to, each with the file that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Language = str


@dataclass(frozen=True)
class Token:
    """One word, number, quoted string or sign of the question, with its place in the text and its stem."""

    text: str
    start: int
    end: int
    kind: str
    stem: str


@dataclass(frozen=True)
class Span:
    """Says "these words mean this": tokens [start, end) as `kind`, at a cost (exact 0 < inflected < synonym < typo).

    `meaning` depends on `kind` and is documented in `dash.language.spans`; `label` is what a person reads, `source`
    the file (relative to the project) that defines it. `topical` words say what something is about and never what it
    is: "payments" are the topic of tickets, and "how many payments" asks for something else. `holds` is an aggregation
    that was said inside of the phrase: «temps médian d'envoi»; `upper` the other end of a number that begins a range;
    `inner` are the spans that part it, "last month" in
    "resolution last month rate"; `elliptic` that its noun is said of another only: "*opened* and closed tickets".
    """

    start: int
    end: int
    kind: str
    meaning: Any
    cost: float
    label: str
    source: str
    topical: bool = False
    holds: str | None = None
    upper: float | None = None
    inner: tuple[Span, ...] = ()
    elliptic: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether its words are passed over: fillers ("by the way"), and clauses that say why somebody asks."""
        return self.kind in ("filler", "aside")

    @property
    def says_share(self) -> bool:
        """Whether a share is asked for: "share", "%"."""
        return self.kind == "percent" or (self.kind, self.meaning) == ("shape", "share")


@dataclass(frozen=True)
class Grounding:
    """Tokens, every candidate span, and the vetted queries whose words occur in the question, best first.

    `readable` is False when the question has words and none of them is in a script or language that is known.
    """

    language: Language
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    vetted: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    readable: bool = True
