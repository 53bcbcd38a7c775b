"""What looks at the data found: values that no file lists, data that has stopped."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
