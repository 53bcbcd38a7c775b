"""What whoever does not run the machine is told of an error, over whichever surface: names of files and folders and the
faults of files go into the log instead.
"""

from __future__ import annotations

import logging

from dash.errors import DashError, EnvironmentProblem, KnowledgeError, SettingsError

logger = logging.getLogger(__name__)

_OURS = "Those who run Dash have something to mend first; its log says what."
_FOR_WHO_RUNS_IT = (KnowledgeError, SettingsError, EnvironmentProblem)


def told(error: DashError) -> str:
    """The sentence for whoever asked. What it withholds is logged."""
    if isinstance(error, _FOR_WHO_RUNS_IT):
        logger.error("%s", error)
        return _OURS
    return error.message
