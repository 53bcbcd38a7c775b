"""Every request that was sent to a language model, with what it used, append-only; budgets are computed from it."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
