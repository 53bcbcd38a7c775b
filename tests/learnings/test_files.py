"""learnings/*.yaml are read as strictly as the knowledge: every fault with its line, nothing skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from dash.catalogue.faults import find_faults
from dash.errors import KnowledgeError
from dash.knowledge import Knowledge
from dash.learnings.files import check_learnings, load_learnings, read_learnings
from dash.settings import REPOSITORY

SOUND = """\
id: rename-column-1
learned: The column is called request_type.
kind: query_fix
applies_to: [support.support_threads_data.request_type]
wrong: support.support_threads_data.category
right: support.support_threads_data.request_type
fix: {do: rename_column, relation: support.support_threads_data, wrong: category, right: request_type}
evidence:
  - {run: abc, question: How many?, error: There is no column category.}
status: active
reviewed_by: ann
"""


def write(folder: Path, text: str, name: str = "one.yaml") -> Path:
    root = folder / "learnings"
    root.mkdir(exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")
    return root


def test_a_sound_file_is_read(tmp_path: Path, knowledge: Knowledge) -> None:
    root = write(tmp_path, SOUND)
    (learning,) = load_learnings(root)
    assert (learning.id, learning.status, learning.seen, learning.in_file) == (
        "rename-column-1", "active", 1, "learnings/one.yaml",
    )  # fmt: skip
    assert check_learnings(root, knowledge) == ()


def test_no_folder_is_no_fault(tmp_path: Path, knowledge: Knowledge) -> None:
    assert load_learnings(tmp_path / "learnings") == ()
    assert check_learnings(tmp_path / "learnings", knowledge) == ()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("kind: query_fix", "kind: query_fixx", "learnings/one.yaml:3: "),
        ("learned:", "lerned:", "learnings/one.yaml:2: the key lerned is not known here; write learned"),
        ("do: rename_column", "do: rename_colum", "learnings/one.yaml:7: "),
        (", right: request_type}", "}", "learnings/one.yaml:7: "),
        ("right: request_type}", "right: password}", "learnings/one.yaml:7: this cannot be used: "),
        ("wrong: category", "wrong: status", "learnings/one.yaml:7: this cannot be used: "),
        ("reviewed_by: ann", "", "learnings/one.yaml:1: "),
        ("status: active", "status: activ", "learnings/one.yaml:10: "),
        ("id: rename-column-1", "id: ../../evil", "learnings/one.yaml:1: "),
        ("evidence:", "evidence", "learnings/one.yaml:"),
        (SOUND, " ", "learnings/one.yaml:1: the file is empty"),
    ],
)
def test_every_fault_is_named_with_its_line(
    tmp_path: Path, knowledge: Knowledge, old: str, new: str, fault: str
) -> None:
    root = write(tmp_path, SOUND.replace(old, new))
    faults = check_learnings(root, knowledge)
    assert any(str(each).startswith(fault) for each in faults), faults
    assert find_faults(REPOSITORY / "knowledge", None, root)[-len(faults) :] == faults


def test_a_file_that_cannot_be_read_stops_the_start_instead_of_being_left_out(tmp_path: Path) -> None:
    root = write(tmp_path, SOUND.replace("learned:", "lerned:"))
    with pytest.raises(KnowledgeError):
        load_learnings(root)
    write(tmp_path, SOUND, "two.yaml")
    assert [each.id for each in read_learnings(root).learnings] == ["rename-column-1"]


def test_one_learning_stands_in_one_file(tmp_path: Path) -> None:
    write(tmp_path, SOUND)
    root = write(tmp_path, SOUND, "two.yaml")
    (fault,) = read_learnings(root).faults
    assert str(fault).startswith("learnings/two.yaml:1: the learning rename-column-1 stands twice")
