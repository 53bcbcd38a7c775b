"""An answer as the text of a chat: sentences without markup, and the table in a block that nothing leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash.knowledge import Knowledge
from dash.shown import Cells, cells_in, visible
from dash.shown.inert import plain, unlinked, visible_signs

MOST_ROWS = 20
LONGEST_CELL = 60


def answer_text(answer: Mapping[str, Any], knowledge: Knowledge) -> str:
    """An answer in its documented JSON, as Markdown."""
    return _text(answer, knowledge, plain, _block)


def slack_text(answer: Mapping[str, Any], knowledge: Knowledge) -> str:
    """An answer in its documented JSON, as Slack's own markup, in which "<!channel>" calls everybody."""

    def block(text: str) -> str:
        return f"```\n{_escaped(text.replace('```', 'ˋˋˋ'))}\n```"

    return _text(answer, knowledge, lambda words: _escaped(plain(words)), block)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _text(
    answer: Mapping[str, Any], knowledge: Knowledge, said: Callable[[str], str], block: Callable[[str], str]
) -> str:
    parts = [said(" ".join([answer["headline"], *answer["context"]]))]
    columns, rows = visible(answer)
    if len(rows) > 1 or len(columns) > 1:
        shown = _table(
            [column.label for column in columns], columns, rows[:MOST_ROWS], cells_in(answer["language"], knowledge)
        )
        more = f"\n… {len(rows) - MOST_ROWS} more" if len(rows) > MOST_ROWS else ""
        parts.append(block(shown + more))
    parts += [f"- {said(caveat['text'])}" for caveat in answer["caveats"]]
    parts += [f"{number}. {said(choice)}" for number, choice in enumerate(answer["choices"], start=1)]
    return "\n\n".join(parts)


def _table(labels: Sequence[str], columns: Sequence[Any], rows: Sequence[Sequence[Any]], cells: Cells) -> str:
    lines = [[_cell(label) for label in labels]]
    lines += [[_cell(cells.show(value, column)) for value, column in zip(row, columns, strict=True)] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _cell(text: str) -> str:
    """One line of visible signs. Slack makes links in a block too."""
    line = unlinked(" ".join(visible_signs(text).split()))
    return line if len(line) <= LONGEST_CELL else line[: LONGEST_CELL - 1] + "…"


def _block(text: str) -> str:
    """A fence that is longer than any run of backticks inside."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"
