"""PostgreSQL's complaints in words for people.

The original messages quote data ("invalid input syntax for type integer: "a@example.com""), so the sentence is chosen
by SQLSTATE alone and the original goes only into `detail`, for the run record.
"""

from __future__ import annotations

import psycopg

from dash.errors import DashError, DatabaseUnavailable, EnvironmentProblem, InternalError, QueryFailed

_SENTENCES = {
    "57014": "The query took longer than it may and was stopped; ask for a shorter period or fewer groups.",
    "55P03": "The query waited too long for a lock that another program holds; ask again in a moment.",
    "25P03": "The query was idle for too long and was stopped; ask again.",
    "42501": "The query reads something that it has no right to read.",
    "25006": "The query tried to change data; questions can only read.",
    "22012": "The query divides by zero for some rows.",
    "22P02": "The query reads a text as a number, date or other type, and some value is not one.",
    "22007": "The query reads a text as a date or time, and some value is not one.",
    "22008": "The query computes a date or time outside of what the database can hold.",
    "22003": "The query computes a number that is too large for its type.",
    "21000": "A part of the query that must give one row gave several.",
    "42P01": "The query names a table that does not exist in this database.",
    "42703": "The query names a column that does not exist in this database.",
    "42883": "The query uses a function or operator that does not exist for these types.",
    "42702": "The query names a column that several of its tables have.",
    "42803": "The query mixes groups and single rows: a column is neither grouped nor aggregated.",
    "42804": "The query mixes types that do not go together.",
    "42601": "The database cannot read the query: its syntax is wrong.",
    "42P18": "The database cannot tell the type of a parameter of the query.",
    "0A000": "The query uses something that this database does not support.",
    "53100": "The database's disk is full; free some space and ask again.",
    "53400": "The query needs more room on disk than it may take; ask for a shorter period or fewer groups.",
    "53200": "The query needs more memory than there is; ask for a shorter period or fewer groups.",
    "54000": "The query makes a value that is too large.",
}
_CLASSES = {
    "22": "Some value does not fit the query's computation.",
    "42": "The query does not fit this database.",
    "53": "The database lacks memory, disk or connections for the query; ask again in a moment.",
    "54": "The query is too large or too deep for the database.",
    "40": "Other work on the database got in the way; ask again.",
    "25": "The query tried something that a reading query may not do.",
}
LOST = ("08", "57P")
# Of class 08, but it says that a query has other parameters than values were sent for.
_WRONG_MESSAGE = "08P01"


_DETAIL_CHARACTERS = 2_000


def query_failed(sqlstate: str | None, detail: str) -> QueryFailed:
    """The QueryFailed for an SQLSTATE; unknown ones are named by their code."""
    code = sqlstate or ""
    sentence = _SENTENCES.get(code) or _CLASSES.get(code[:2])
    if sentence is None:
        sentence = f"The database refused the query (code {code})." if code else "The database refused the query."
    # PostgreSQL quotes the value that it could not read, whatever its size, and this is kept with the run.
    return QueryFailed(sentence, sqlstate=sqlstate, detail=detail[:_DETAIL_CHARACTERS])


def state_problem(error: psycopg.Error) -> DashError:
    """What went wrong with our own statements: the connection, the disk, or, then it is our mistake, the statement."""
    if isinstance(error, psycopg.errors.DiskFull):
        return EnvironmentProblem("The database's disk is full; free some space and try again.")
    if isinstance(error, psycopg.OperationalError):
        return DatabaseUnavailable("The connection to the database was lost or is too busy; try again.")
    return InternalError(f"A statement of our own failed: {error}")


def is_lost(sqlstate: str | None) -> bool:
    """Whether the connection or the server is gone (shutdown, crash, network) rather than the query wrong."""
    return sqlstate is None or (sqlstate.startswith(LOST) and sqlstate != _WRONG_MESSAGE)
