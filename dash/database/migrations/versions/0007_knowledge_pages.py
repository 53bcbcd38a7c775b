"""Which vetted query answered each run, and the queries that people are writing in the page, append-only."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
