"""What was learned from mistakes: each thing once, every sighting and every decision, append-only."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
