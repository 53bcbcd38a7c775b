"""Which events of Slack were taken, so that two processes do not answer the same one."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
