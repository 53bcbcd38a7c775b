"""Answers pinned to the board, their order and their removal, append-only."""

from dash.database.migrating import no_way_back, run_script_beside

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_script_beside(__file__)


downgrade = no_way_back
