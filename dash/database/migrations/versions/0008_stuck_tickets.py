"""Checks of stuck tickets, what became of those that cleared, and what people did about them, append-only."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
