"""How the knowledge files would follow a database that has changed: a diff that leaves no fault behind.

The files are first changed as the findings say; what then rests on something that was taken out is found by the checks
of `dash check`, in a copy of the folder, and goes as well. What had a fault before is left to whoever made it.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dash.ask import Dash
from dash.catalogue.faults import find_faults
from dash.catalogue.pruning import prune
from dash.drift import Finding, mend
from dash.drift.editing import diff_of
from dash.errors import Fault


@dataclass(frozen=True)
class Proposal:
    """The diff for `git apply`, what else it takes out and why, and what it leaves to a person: findings for which
    nothing is proposed, and faults that it cannot take out."""

    diff: str
    told: tuple[str, ...] = ()
    left: tuple[Finding | Fault, ...] = ()


def propose(dash: Dash) -> Proposal:
    """What would mend the files of the product's knowledge folder. Raises DatabaseUnavailable, UserError."""
    settings = dash.settings
    folder = settings.knowledge.resolve()
    files, unchanged = mend(dash.written, dash.drift, folder)
    if not any(file.text != file.written for file in files.values()):
        return Proposal("", (), unchanged)
    known = {(one.path, one.what) for one in find_faults(folder, None, settings.learnings, settings.home)}

    with tempfile.TemporaryDirectory() as beside:
        copy = Path(beside) / folder.name  # faults are shown by the folder's name
        shutil.copytree(folder, copy)

        def caused() -> list[Fault]:
            found = find_faults(copy, dash.database, settings.learnings, settings.home, dash.written.allowed())
            return [one for one in found if (one.path, one.what) not in known]

        try:
            pruned = prune(files, copy, caused)
        finally:
            dash.database.grant_reader(dash.written.allowed())  # a check has the reader see what the copy describes
    return Proposal(diff_of(files), pruned.told, (*unchanged, *pruned.left))
