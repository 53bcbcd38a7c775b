"""Plotly, imported when the first chart is drawn and not before: a fresh process shows its first page sooner."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def empty_figure() -> Figure:
    """A figure without traces, once pandas is whole: plotly takes one that another thread is still importing for a
    whole one, and the first chart of a fresh process could not be drawn."""
    import pandas  # noqa: F401 - this waits for the other thread
    from plotly import graph_objects

    return graph_objects.Figure()
