"""learnings/*.yaml: reviewed learnings in git, one a file. Read at start like the knowledge, and as strictly.

A file is a decision that holds wherever the repository is: an active one is used without any database saying so, and
one that a file calls retired is used nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from dash.errors import Fault, KnowledgeError
from dash.knowledge import Knowledge
from dash.knowledge.documents import parse_yaml
from dash.knowledge.files import read_flat_folder
from dash.knowledge.shapes import read_model
from dash.learnings.formats import LearningFile, document_of
from dash.learnings.lines import AUTOMATIC
from dash.learnings.records import Learning
from dash.learnings.validity import problem

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class LearningFiles:
    """What the folder says, with the line at which each learning's keys stand, and every fault."""

    learnings: tuple[Learning, ...]
    faults: tuple[Fault, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()


def load_learnings(folder: Path) -> tuple[Learning, ...]:
    """The learnings of the folder; none where there is no folder. Raises KnowledgeError with every fault."""
    found = read_learnings(folder)
    if found.faults:
        raise KnowledgeError(found.faults)
    return found.learnings


def read_learnings(folder: Path) -> LearningFiles:
    """The learnings of the folder and every fault, never raising for a broken file."""
    if not folder.exists():
        return LearningFiles(())
    files, faults = read_flat_folder(folder, SUFFIXES)
    found: dict[str, Learning] = {}
    lines = []
    for file in files:
        document = parse_yaml(file.text, file.path)
        model = read_model(document, LearningFile) if not document.faults else None
        if model is not None:
            if model.id in found:
                what = f"the learning {model.id} stands twice (first in {found[model.id].in_file})"
                document.fault(("id",), what, "rename or remove one of them")
            else:
                found[model.id] = model.learning(file.path)
                lines.append((model.id, document.line(("fix",) if model.fix else ("word",) if model.word else ("id",))))
        faults += document.faults
    return LearningFiles(tuple(found.values()), tuple(sorted(faults)), tuple(lines))


def check_learnings(folder: Path, knowledge: Knowledge) -> tuple[Fault, ...]:
    """Every fault of the folder, also what a learning says against the knowledge."""
    found = read_learnings(folder)
    faults = list(found.faults)
    lines = dict(found.lines)
    for learning in found.learnings:
        wrong = problem(learning, knowledge) if learning.status != "retired" else None
        if wrong is not None:
            mend = "mend it, or set status: retired"
            faults.append(
                Fault(learning.in_file or folder.name, lines[learning.id], f"this cannot be used: {wrong}", mend)
            )
    return tuple(sorted(faults))


def reviewed(learnings: Iterable[Learning], discreet: Callable[[str], str]) -> list[Learning]:
    """What belongs into files: activated or retired by a person, for everyone; its questions made `discreet`."""
    return [
        replace(each, evidence=tuple(replace(one, question=discreet(one.question)) for one in each.evidence))
        for each in learnings
        if each.status != "candidate" and each.scope is None and each.reviewed_by not in (None, "", AUTOMATIC)
    ]


def write_learnings(folder: Path, learnings: Iterable[Learning]) -> tuple[Path, ...]:
    """Write each learning into its file, `<id>.yaml`; returns those whose text changed."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for learning in learnings:
        path = folder / f"{learning.id}.yaml"
        text = text_of(learning)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return tuple(written)


def text_of(learning: Learning) -> str:
    """A learning's file."""
    import yaml

    return str(yaml.safe_dump(document_of(learning), sort_keys=False, allow_unicode=True, width=110))
