"""What was sent to whom, which scheduled jobs ran, and the states of alerts, append-only."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
