"""The columns by which people know a row of a table: what its file lists, and which conversation it belongs to."""

from __future__ import annotations

from dash.records import Column
from dash.semantics.blocks import Block
from dash.semantics.fragments import identifier
from dash.semantics.model import SemanticModel

ENTRIES = "entries"
"""The column of a number of rows."""


def output_table(block: Block, model: SemanticModel, language: str) -> tuple[list[Column], str | None]:
    """Have a block select them; returns them described, and the name of the one that names a conversation."""
    table = model.tables[block.table]
    conversation = model.conversation_dimension
    dimensions = [model.column_dimension(block.table, name) for name in table.list_columns]
    if not dimensions:
        dimensions = [model.column_dimension(block.table, name) for name in table.primary_key]
    if conversation is not None and conversation not in dimensions and model.place(conversation, block.table):
        dimensions.insert(0, conversation)
    columns, named = [], None
    for dimension in dimensions:
        place = model.place(dimension, block.table)
        if place is None:
            continue
        name = place.column.name
        unit = "time" if place.column.role == "time" else place.column.unit or "text"
        columns.append(Column(name, model.label(dimension, language), unit, "attribute", dimension=dimension))
        block.output(dimension, name)
        named = name if dimension == conversation else named
    return columns, named


def list_order(block: Block, model: SemanticModel) -> str | None:
    """The table's own order, its key last, so that equal rows keep their place."""
    table = model.tables[block.table]
    keys = ", ".join(f"t.{identifier(key)}" for key in table.primary_key)
    return ", ".join(part for part in (table.list_order, keys) if part) or None
