"""`dash check` on the board: every mistake at its line, with what to write instead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dash.board.checking import check_board
from dash.errors import KnowledgeError
from dash.knowledge import Knowledge, load_knowledge
from dash.knowledge.board import load_board
from dash.language.reader import Reader
from dash.settings import REPOSITORY, Settings

SHIPPED = (REPOSITORY / "knowledge" / "board.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped knowledge, but for its board."""
    copy = tmp_path_factory.mktemp("board") / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", copy)
    return copy


@pytest.fixture(scope="module")
def copied(folder: Path) -> Knowledge:
    return load_knowledge(folder)


@pytest.fixture(scope="module")
def reader(copied: Knowledge, settings: Settings) -> Reader:
    return Reader(copied, settings.home)


def found(folder: Path, knowledge: Knowledge, old: str, new: str, reader: Reader | None = None) -> list[str]:
    assert SHIPPED.count(old) >= 1
    (folder / "board.yaml").write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    return [str(fault) for fault in check_board(knowledge, reader)]


def line_of(text: str) -> int:
    return SHIPPED[: SHIPPED.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "at", "fault"),
    [
        ("metric: resolution_rate", "metric: resolution_rat", "metric: resolution_rate", "there is no metric resolution_rat; write resolution_rate"),
        ("query: ai_agent_usage", "query: ai_agents_usage", "query: ai_agent_usage", "there is no vetted query ai_agents_usage; write ai_agent_usage"),
        ("split: verdict", "split: verdickt", "split: verdict", "there is no dimension verdickt; write verdict"),
        ("split: verdict", "split: tool", "split: verdict", "comparisons cannot be split by tool"),
        ("dimension: urgency", "dimension: urgencies", "dimension: urgency", "there is no dimension urgencies; write urgency"),
        ("dimension: urgency", "dimension: subject", "dimension: urgency", "the dimension subject lists no values"),
        ("query: ai_agent_usage\n", "query: ai_agent_usage\n        column: conversation\n", 'question: {en: "Which AI agents', "there is no column conversation; write conversations"),
        ("default_period: last_30_days", "default_period: last_30", "default_period: last_30_days", "there is no period last_30"),
        ("name: resolution\n", "name: volume\n", "name: resolution\n", "the name volume stands twice"),
        ("metric: csat\n", "metric: csat\n        query: csat_by_channel\n", "name: csat\n", "the card csat has both of metric and query"),
        ("metric: csat\n", "colour: red\n        metric: csat\n", "metric: csat\n", "colour"),
        ('ru: "CSAT {period}"', 'ru: "CSAT"', 'question: {en: "CSAT', "only some languages of the question have {period}"),
        ('en: "channel {values}"', 'en: "channel"', 'words: {en: "channel', "{values} is missing"),
        ('en: "from {first} to {last}"', 'en: "from {first}"', 'words: {en: "from', "{last} is missing"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_line(
    folder: Path, copied: Knowledge, old: str, new: str, at: str, fault: str
) -> None:
    faults = found(folder, copied, old, new)
    assert any(fault in one and one.startswith(f"knowledge/board.yaml:{line_of(at)}:") for one in faults), faults


def test_a_question_that_is_answered_with_something_else_is_a_fault(
    folder: Path, copied: Knowledge, reader: Reader
) -> None:
    question = 'question: {en: "Hours saved {period}"'
    faults = found(folder, copied, question, 'question: {en: "Tickets {period}"', reader)
    assert [one.split(": ", 1)[0] for one in faults] == [f"knowledge/board.yaml:{line_of(question)}"]
    assert "does not answer this question with what the card hours_saved shows" in faults[0]


def test_a_period_that_is_no_time_is_a_fault(folder: Path, copied: Knowledge, reader: Reader) -> None:
    faults = found(folder, copied, "window: last 7 days", "window: last seven moons", reader)
    assert any("is no time expression" in one for one in faults)


def test_the_shipped_board_has_no_fault(knowledge: Knowledge, settings: Settings) -> None:
    assert check_board(knowledge, Reader(knowledge, settings.home)) == ()


def test_a_broken_file_is_said_when_the_board_is_opened(folder: Path) -> None:
    (folder / "board.yaml").write_text("default_period: [", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"board\.yaml:1"):
        load_board(folder)


def test_a_folder_without_a_board_is_sound(tmp_path: Path) -> None:
    assert load_board(tmp_path) is None
