"""The one step that runs SQL: a CheckedQuery in, a Result without anything that the viewer may not see out.

It trusts the guard for the text and the database for the limits, and then looks at what came back: columns that nobody
expected mean that the tables are not as the knowledge says, and such a result is not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from dash.errors import InternalError, QueryRejected
from dash.records.query import MASK, CheckedQuery, Result
from dash.records.question import Viewer
from dash.settings import Limits

if TYPE_CHECKING:
    from dash.database import Database


def execute(
    checked: CheckedQuery,
    database: Database,
    *,
    limits: Limits,
    zone: str,
    viewer: Viewer,
    cancelled: Callable[[], bool] = lambda: False,
) -> Result:
    """Run the checked query and mask its personal columns; NULL stays NULL. Its tables must still have the columns of
    `checked.shape`, with their types.

    Raises SchemaChanged, QueryFailed, DatabaseUnavailable or Cancelled as the database does, and QueryRejected when `*`
    gave columns that the knowledge does not list.
    """
    result = database.run(checked, limits=limits, zone=zone, viewer=viewer, cancelled=cancelled, expected=checked.shape)
    _require_expected_columns(checked, result)
    return result if viewer.sees_personal else _masked(checked, result)


def _require_expected_columns(checked: CheckedQuery, result: Result) -> None:
    names = [column.name for column in result.columns]
    if checked.outputs is not None and sorted(names) != sorted(checked.outputs):
        raise QueryRejected(
            "* over a table whose columns are not those that the knowledge lists", "name the columns.", rule="star"
        )
    missing = [name for name in checked.personal_columns if name not in names]
    if missing:
        raise InternalError(f"The personal column {missing[0]} did not come back under its name.")


def _masked(checked: CheckedQuery, result: Result) -> Result:
    hidden = [index for index, column in enumerate(result.columns) if column.name in checked.personal_columns]
    if not hidden:
        return result
    rows = tuple(
        tuple(MASK if index in hidden and cell is not None else cell for index, cell in enumerate(row))
        for row in result.rows
    )
    return replace(result, rows=rows, masked=tuple(dict.fromkeys(checked.personal_columns)))
