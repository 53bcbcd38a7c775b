"""Checks of stuck tickets, what became of those that cleared, and what people did about them, append-only."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    # Straight to the driver: SQLAlchemy would read every % as a parameter.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(Path(__file__).with_suffix(".sql").read_bytes())


def downgrade() -> None:
    raise NotImplementedError("Append-only history is not taken back; restore a backup instead.")
