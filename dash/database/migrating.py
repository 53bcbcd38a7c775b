"""Schema `dash` brought to the newest version, once, whoever comes first.

Comparing one row with the names of the migration files answers "is there anything to do?", so that Alembic and
SQLAlchemy are imported only by the start that has something to migrate.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg

from dash.database.connections import Connection
from dash.errors import EnvironmentProblem

_FOLDER = Path(__file__).parent / "migrations"


def newest_version() -> str:
    """The revision of the newest file in migrations/versions: `0001_threads_and_runs.py` is revision `0001`."""
    return max(path.name.split("_", 1)[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def present_version(owner: Connection) -> str | None:
    """The version of schema `dash` in this database, None when there is none yet."""
    try:
        row = owner.execute("SELECT version_num FROM dash.alembic_version").fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return None
    return str(row[0]) if row else None


def migrate(owner: Connection, progress: Callable[[str], None]) -> None:
    """Bring schema `dash` up to date; the caller holds the lock that lets only one process do so.

    Raises EnvironmentProblem when the schema is newer than this program or may not be made.
    """
    present, newest = present_version(owner), newest_version()
    if present == newest:
        return
    if present is not None and present > newest:
        raise EnvironmentProblem(
            f"The database was used by a newer version of Dash (its state is version {present}, this program knows "
            f"{newest}); nothing was changed. Update this program: git pull"
        )
    progress("Preparing the state of Dash in the database")
    try:
        owner.execute("CREATE SCHEMA IF NOT EXISTS dash")
        _upgrade(owner)
    except psycopg.errors.InsufficientPrivilege as error:
        raise EnvironmentProblem(
            "The login of DASH_DATABASE_URL may not make the schema dash; allow it: GRANT CREATE ON DATABASE … TO …"
        ) from error


def _upgrade(owner: Connection) -> None:
    import alembic.command
    import alembic.config
    import sqlalchemy

    config = alembic.config.Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    # Alembic borrows our own connection, so that the lock, the login and the settings stay the same.
    owner.autocommit = False
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: owner, poolclass=sqlalchemy.StaticPool, isolation_level=None
    )
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, "head")
    finally:
        owner.autocommit = True


def run_script_beside(migration: str) -> None:
    """What a migration's `upgrade` does: runs the .sql file beside the .py file `migration`."""
    from alembic import op

    # Straight to the driver: SQLAlchemy would read every % as a parameter.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(Path(migration).with_suffix(".sql").read_bytes())


def no_way_back() -> None:
    """What a migration's `downgrade` does. Raises NotImplementedError: append-only history is not taken back."""
    raise NotImplementedError("Append-only history is not taken back; restore a backup instead.")
