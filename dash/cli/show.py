"""An answer on a terminal, in the order in which a person reads it: the sentence, its context, the table, what to be
careful about, where it came from, and what to ask next.

Works on the documented JSON of an answer, so that an answer just given and one opened from the store look the same.
What strangers wrote (subjects, messages) passes through `clean`, because a terminal obeys escape sequences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from dash.cli.texts import text
from dash.records import Column
from dash.shown import Cells, cells_in, visible
from dash.shown.cells import is_numeric

if TYPE_CHECKING:
    from dash.knowledge import Knowledge

MOST_ROWS = 25
WIDEST_CELL = 60
_BADGES = {
    "vetted": "bold green",
    "composed": "bold cyan",
    "model_read": "bold magenta",
    "model_written": "bold yellow",
    "model_unconfirmed": "bold red",
}
# Everything that a terminal obeys, and signs that turn the direction of writing round, e.g. "\x1b[2J", "\u202e".
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(words: str) -> str:
    """`words` without what would steer the terminal; line breaks become spaces."""
    return _CONTROL.sub("\ufffd", " ".join(words.split("\n")).replace("\r", " ").replace("\t", " "))


def show_answer(
    answer: Mapping[str, Any], knowledge: Knowledge | None, *, with_sql: bool = False, to_stderr: bool = False
) -> None:
    """Print one answer; `knowledge` lends the words for its cells; one without rows needs none. `to_stderr` keeps
    standard output clean."""
    console = Console(stderr=to_stderr, highlight=False)
    if not console.is_terminal:
        # No terminal, no width: a table is as wide as its cells, so that grep finds whole rows.
        console.width = 10_000
    language = answer["language"]
    style = {"answered": "bold", "error": "bold red"}.get(answer["outcome"], "bold yellow")
    console.print(Text(clean(answer["headline"]), style=style))
    for sentence in answer["context"]:
        console.print(Text(clean(sentence)))
    if knowledge and answer["rows"] and not _is_said_by_the_headline(answer):
        _show_table(console, answer, cells_in(language, knowledge))
    for caveat in answer["caveats"]:
        console.print(Text(f"! {clean(caveat['text'])}", style="yellow"))
    for definition in answer["definitions"]:
        console.print(Text(f"{clean(definition['label'])}: {clean(definition['text'])}", style="dim"))
    if answer["outcome"] == "answered":
        console.print(_origin(answer))
    if with_sql and answer["sql"]:
        _show_sql(console, answer)
    _show_numbered(console, text("choices", language), answer["choices"])
    _show_numbered(console, text("follow_ups", language), answer["follow_ups"])


def _is_said_by_the_headline(answer: Mapping[str, Any]) -> bool:
    return len(answer["rows"]) == 1 and len(answer["columns"]) == 1


def show_table(columns: Sequence[Column], rows: Sequence[Sequence[Any]], cells: Cells, *, most: int) -> None:
    """Print the first `most` rows as a table."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 10_000
    _print_table(console, columns, rows[:most], cells)


def _show_table(console: Console, answer: Mapping[str, Any], cells: Cells) -> None:
    columns, rows = visible(answer)
    _print_table(console, columns, rows[:MOST_ROWS], cells)
    if len(rows) > MOST_ROWS:
        console.print(text("rows_cut", answer["language"]).format(shown=MOST_ROWS, count=len(rows)), style="dim")


def _print_table(console: Console, columns: Sequence[Column], rows: Sequence[Sequence[Any]], cells: Cells) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    widest = WIDEST_CELL if console.is_terminal else None
    for column in columns:
        numeric = is_numeric(column)
        table.add_column(
            Text(clean(column.label)), justify="right" if numeric else "left", no_wrap=numeric, max_width=widest
        )
    for row in rows:
        table.add_row(*(_cell(value, column, cells) for value, column in zip(row, columns, strict=True)))
    with console.capture() as painted:
        console.print(table)
    # Cells are padded to the column's width, also where nothing follows.
    console.file.write("\n" + "".join(f"{line.rstrip()}\n" for line in painted.get().splitlines()) + "\n")


def _cell(value: Any, column: Column, cells: Cells) -> Text:
    words = clean(cells.show(value, column))
    if len(words) > 4 * WIDEST_CELL:
        words = words[: 4 * WIDEST_CELL - 1] + "…"
    return Text(words)


def _origin(answer: Mapping[str, Any]) -> Text:
    """The badge, the files behind the answer, how long it took and the run's id."""
    provenance, language = answer["provenance"] or "", answer["language"]
    badge = (f"[{text(f'provenance_{provenance}', language)}]", _BADGES.get(provenance, "bold"))
    total = answer["timings_ms"].get("total", sum(answer["timings_ms"].values()))
    sources = sorted({definition["source"] for definition in answer["definitions"] if definition["source"]})
    parts = [*sources[:3], f"{total:.0f} ms", f"run {answer['run_id']}" if answer["run_id"] else ""]
    return Text.assemble(badge, (" " + " · ".join(part for part in parts if part), "dim"))


def _show_sql(console: Console, answer: Mapping[str, Any]) -> None:
    console.print()
    if console.is_terminal:
        console.print(
            Syntax(answer["sql"], "postgresql", theme="ansi_dark", background_color="default", word_wrap=True)
        )
    else:
        console.print(Text(answer["sql"]))
    for name, value in answer["parameters"].items():
        console.print(Text(f"-- :{name} = {clean(str(value))}", style="dim"))


def _show_numbered(console: Console, title: str, questions: Sequence[str]) -> None:
    if questions:
        console.print(f"\n{escape(title)}", style="dim")
    for number, question in enumerate(questions, start=1):
        console.print(Text(f"  {number}. {clean(question)}"))
