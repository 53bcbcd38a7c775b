"""What stands behind a number: the rows that a cell of a stored answer counts.

The query for them is derived from the answer's own query, so that their number is the number; both are counted when
somebody looks, and where they differ, because the data has moved on since, that is said.
"""

from dash.drill.behind import LISTED, Behind, Cell, CountedSide, first_cell, look_behind
from dash.semantics.drill import NoDrillDown

__all__ = ["LISTED", "Behind", "Cell", "CountedSide", "NoDrillDown", "first_cell", "look_behind"]
