"""Everything that touches PostgreSQL: the embedded server, roles, limits, migrations, and the one way to run a query.

Only this package imports psycopg and SQLAlchemy; the rest of the product sees `Database`.
"""

from dash.database.database import Database, LiveSchema
from dash.database.inspection import Finding, Inspection, inspect
from dash.database.reader_script import reader_script, run_reader_script
from dash.database.statements import statement

__all__ = [
    "Database",
    "Finding",
    "Inspection",
    "LiveSchema",
    "inspect",
    "reader_script",
    "run_reader_script",
    "statement",
]
