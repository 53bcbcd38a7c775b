"""`python -m dash` is the `dash` command."""

from dash.cli.main import main

main()
