"""Every SQL text that was meant for the database, also what was rejected or failed, append-only."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
