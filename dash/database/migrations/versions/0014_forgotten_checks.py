"""Checks of stuck tickets may be forgotten when they are old; what people did never is."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
