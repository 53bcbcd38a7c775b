"""Keys of the API, how often it was asked by whom, and questions that somebody asked to stop."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
