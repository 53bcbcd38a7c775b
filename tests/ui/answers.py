"""Answers in the documented shape, for tests of how they are drawn."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any

from dash.knowledge import load_knowledge
from dash.records import Answer, Caveat, Chart, Column, Definition, Understood
from dash.settings import REPOSITORY
from dash.shown import Cells, cells_in

HOSTILE = "<b>bold</b> [link](javascript:alert(1)) **stars** $x$ :material/bolt: :red[red] <script>alert(1)</script>"


def answer(**changes: Any) -> dict[str, Any]:
    """A composed ranking of two categories, with `changes`."""
    ranking = Answer(
        outcome="answered",
        question="Which category has the lowest resolution rate?",
        language="en",
        headline="Shipping has the lowest resolution rate: 40.2%.",
        provenance="composed",
        context=("It rests on 1,800 tickets.",),
        sql="SELECT category, rate FROM tickets WHERE created_at < $1",
        parameters={"now": "2026-11-20T12:00:00+00:00"},
        columns=(
            Column("category", "Category", "text", "dimension"),
            Column("rate", "Resolution rate", "percent", "metric", "higher"),
            Column("tickets", "Tickets", "count", "sample"),
        ),
        rows=(("shipping_inquiry", 40.25, 1800), ("damaged_item", 71.0, 950)),
        chart=Chart("bar", "category", ("rate",), None, "Resolution rate by category"),
        caveats=(Caveat("no_period", "This covers all the data."),),
        definitions=(
            Definition("rate", "Resolution rate", "Drafted ÷ answered.", "knowledge/business/metrics.yaml:10"),
        ),
        understood=(Understood("lowest", "smallest first", "order", "knowledge/language/en.yaml:3"),),
        follow_ups=("Split that by channel", "Only high urgency"),
        files=("knowledge/business/metrics.yaml",),
        timings_ms={"ground": 1.5, "total": 12.0},
        thread_id="thread",
        run_id="0123456789abcdef",
    )
    return asdict(replace(ranking, **changes))


@lru_cache
def cells(language: str = "en") -> Cells:
    """The look of cells by the shipped knowledge."""
    return cells_in(language, load_knowledge(REPOSITORY / "knowledge"))
