"""What people say of answers and keep of them, and questions that they did not want to wait for."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
