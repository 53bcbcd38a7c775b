"""Nothing about one company's schema is code: no name of the demo schema stands in `dash/` outside `dash/demo/`.

A name counts where it can mean nothing else. Of two or more words joined by underscores it can, unless it is a name of
the product's own: a column of its state (`thread_id`) or of what a placeholder stands for (`stuck_reason`), a key of
its file formats (`expires_at` of a replay), a metric that drafts propose for any database (`open_tickets`), or a name
of the wire format of language models (`tool_calls`).
A single word (`status`, `sessions`) is an ordinary one, and counts behind its schema.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from dash.database import Database
from dash.knowledge import Knowledge
from dash.knowledge.stuck_reasons import PLACEHOLDER, REASON, TICKET
from dash.replay.description import FIELDS
from dash.settings import REPOSITORY

CODE = REPOSITORY / "dash"
WIRE = {"tool_calls", "prompt_tokens", "completion_tokens", "total_tokens", "agent_name"}
"""What a chat completion and an event of AgentOS are made of, in the words of their protocols."""

_SPEAKS_WIRE = (CODE / "llm" / "scripted.py", CODE / "serve" / "agentos" / "agent.py")

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _own_names(database: Database) -> set[str]:
    """Names of our own state: schema `dash` has its columns, whatever data is asked about."""
    with database.state() as connection:
        rows = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'dash'"
        ).fetchall()
    return {name for row in rows for name in row}


def _proposed_names() -> set[str]:
    """Metrics that are drafted for any database: words of the trade."""
    return set(yaml.safe_load((CODE / "drafting" / "concepts.yaml").read_text(encoding="utf-8"))["metrics"])


def _demo_names(knowledge: Knowledge) -> set[str]:
    tables = {name.rpartition(".")[2] for name in knowledge.tables}
    columns = {column.name for table in knowledge.tables.values() for column in table.table_columns}
    dimensions = {c.dimension for t in knowledge.tables.values() for c in t.table_columns if c.dimension}
    values = {
        value.value for t in knowledge.tables.values() for c in t.table_columns for value in c.values
        if isinstance(value.value, str)
    }  # fmt: skip
    return tables | columns | dimensions | set(knowledge.metrics) | values


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """What a file says to the machine: strings of code that are no documentation, and every line of a data file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        comment = {".sql": "--", ".js": "//"}.get(path.suffix, "#")
        for number, line in enumerate(text.splitlines(), start=1):
            yield number, line.split(comment)[0]
        return
    tree = ast.parse(text)
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def _files() -> list[Path]:
    endings = {".py", ".sql", ".yaml", ".md"}
    return [p for p in sorted(CODE.rglob("*")) if p.suffix in endings and CODE / "demo" not in p.parents]


def test_no_name_of_the_demo_schema_stands_in_the_code(knowledge: Knowledge, database: Database) -> None:
    own = _own_names(database) | _proposed_names() | set(FIELDS) | {PLACEHOLDER.strip("{}"), TICKET, REASON}
    compound = {name for name in _demo_names(knowledge) if "_" in name and name not in own and _NAME.fullmatch(name)}
    assert {"support_threads_data", "penalty_score", "cancel_subscription"} <= compound, "the names are looked for"
    qualified = re.compile(r"\bsupport\.[a-z_]+")
    found = []
    for path in _files():
        for number, text in _texts(path):
            names = {name for name in _NAME.findall(text) if name in compound}
            names -= WIRE if path in _SPEAKS_WIRE else set()
            names |= set(qualified.findall(text))
            found += [f"{path.relative_to(REPOSITORY)}:{number} {name}" for name in sorted(names)]
    assert not found, "\n".join(found)


def test_the_general_words_of_support_name_no_column_of_the_demo_schema(knowledge: Knowledge) -> None:
    said = (CODE / "drafting" / "concepts.yaml").read_text(encoding="utf-8")
    names = {tuple(words) for one in yaml.safe_load(said)["columns"] for words in one["names"]}
    demo = {
        tuple(c.name.split("_")) for t in knowledge.tables.values() for c in t.table_columns if c.name.count("_") > 1
    }
    assert not names & demo
