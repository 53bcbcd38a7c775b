"""The page's own process: `python -m dash.cli.page HOST PORT`, a child of `dash up`.

It is Streamlit with our settings, and it ends when its parent does, even when the parent was killed and could not
say so: a page without its server would hold the port and answer nothing.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import os
import signal
import sys
import threading
import time

from dash.cli.serving import answers
from dash.settings import REPOSITORY, Settings

_SECONDS_BETWEEN_LOOKS = 1.0


def flags(host: str, port: int) -> list[str]:
    """Streamlit's options. They stand on the command line, where a person's own Streamlit settings cannot undo them."""
    return [
        f"--server.address={host}",
        f"--server.port={port}",
        "--server.headless=true",
        "--server.showEmailPrompt=false",
        "--server.fileWatcherType=none",
        "--server.runOnSave=false",
        "--browser.gatherUsageStats=false",
        "--logger.level=warning",
        "--global.developmentMode=false",
    ]


def main() -> None:
    """Serve app.py until told to stop."""
    host, port = sys.argv[1], int(sys.argv[2])
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    settings = dataclasses.replace(Settings.from_env(), host=host, port=port)
    threading.Thread(target=_import_ahead, args=(settings,), daemon=True).start()
    # .streamlit/config.toml is looked for in the working folder.
    os.chdir(REPOSITORY)
    from streamlit.web import cli

    sys.argv = ["streamlit", "run", str(REPOSITORY / "app.py"), *flags(host, port)]
    cli.main()


def _import_ahead(settings: Settings) -> None:
    """Once the page answers, import what its first visitor will need, so that nobody waits for it."""
    while not answers(settings):
        time.sleep(_SECONDS_BETWEEN_LOOKS / 10)
    for name in ("dash.ask", "dash.ui.main", "sqlglot", "pandas", "plotly.graph_objects"):
        with contextlib.suppress(Exception):  # the page will say what is wrong, in its own place
            importlib.import_module(name)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
