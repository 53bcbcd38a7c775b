"""Cells as people read them: numbers by unit, moments by zone, values by their label, each in one language.

Sentences, tables, charts and the terminal all take a cell's look from here, so one number never reads in two ways.
The words and patterns of a language are its file in `knowledge/phrases/`; nothing here knows which languages there are.
"""

from dash.shown.cells import Cells, cells_in, visible

__all__ = ["Cells", "cells_in", "visible"]
