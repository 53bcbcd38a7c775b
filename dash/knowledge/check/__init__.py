"""Every fault of every knowledge file at once, as `path:line: what; how to mend it`.

Loading finds what one file is wrong about. Here files are held against each other (names, columns, parameters, words),
and, when a database is given, against it: tables, columns and types as they are, and every SQL explained and guarded
as it would be in a run. The database is reached only through `LiveChecks`, which a surface wires, so knowledge depends
on nothing above it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dash.errors import Fault, KnowledgeError
from dash.knowledge import load_everything
from dash.knowledge.check.evals import check_evals
from dash.knowledge.check.findings import Findings
from dash.knowledge.check.live import LiveChecks, check_live
from dash.knowledge.check.metrics import check_metrics
from dash.knowledge.check.queries import check_queries
from dash.knowledge.check.tables import check_tables
from dash.knowledge.check.words import check_words
from dash.knowledge.documents import parse_yaml
from dash.knowledge.files import TextFile
from dash.knowledge.language import load_languages
from dash.knowledge.phrases import load_phrases

__all__ = ["LiveChecks", "check"]


def check(
    folder: Path,
    *,
    live: LiveChecks | None = None,
    reads_period: Callable[[str], bool] | None = None,
    with_evals: bool = True,
) -> tuple[Fault, ...]:
    """All faults of the folder in the order of paths and lines; none when everything is right.

    `reads_period` says whether a text is a time expression in English. `with_evals` False leaves the golden cases out,
    which no ordinary question needs: for a quick start. Never raises for what a file contains; with `live`, a database
    that cannot be reached raises whatever `live` raises.
    """
    loaded = load_everything(folder)
    faults = list(loaded.faults)
    try:
        evals = loaded.knowledge.evals if with_evals else ()
    except KnowledgeError as error:
        faults += error.faults
        evals = ()
    findings = Findings(loaded.knowledge, loaded.unread, reads_period)
    if not loaded.knowledge.tables and not loaded.faults:
        faults.append(Fault(f"{folder.resolve().name}/tables", 1, "no table is described", "write one .json per table"))
    check_tables(findings)
    check_metrics(findings)
    check_queries(findings)
    check_words(findings)
    check_evals(findings, evals)
    if live is not None:
        check_live(findings, evals, live)
    faults += findings.faults
    faults += _language_faults(folder, loaded.language_files)
    return tuple(sorted(set(faults)))


def _language_faults(folder: Path, files: tuple[TextFile, ...]) -> list[Fault]:
    """Faults of the files that other parts read: words of languages, and sentences."""
    faults = [fault for file in files for fault in parse_yaml(file.text, file.path).faults]
    told = {fault.path for fault in faults}
    loaders: tuple[tuple[str, Callable[[Path], object]], ...] = (
        ("language", load_languages),
        ("phrases", load_phrases),
    )
    for part, load in loaders:
        if not (folder / part).is_dir():
            continue
        try:
            load(folder)
        except KnowledgeError as error:
            faults += [fault for fault in error.faults if fault.path not in told]
        except (UnicodeDecodeError, OSError):
            pass  # reading the folder has named this file already
    return faults
