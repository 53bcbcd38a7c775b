"""Why did this number change? An old answer run again, one cause at a time."""

from dash.rerun.again import Cause, DefinitionChange, Rerun, Step, run_again
from dash.rerun.compare import CellChange

__all__ = ["Cause", "CellChange", "DefinitionChange", "Rerun", "Step", "run_again"]
