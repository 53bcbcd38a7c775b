"""Which check of stuck tickets each named reader, such as a monitor, was shown last."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
