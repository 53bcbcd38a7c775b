"""Threads and runs, append-only: what a person typed is committed before any work and never changed or deleted."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
