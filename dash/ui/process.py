"""The page's own process: `python -m dash.ui.process HOST PORT [SECRETS NAME]`, a child of `dash up`.

It is Streamlit with our settings. It opens Dash as soon as it listens, not when the first person comes, so that nobody
waits for it. And it ends when its parent does, even when the parent was killed and could not say so: a page without its
server would hold the port and answer nothing.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import threading
import time

from dash.logs import configure_logs
from dash.memory import settle
from dash.settings import REPOSITORY, Settings, wants_traces

_SECONDS_BETWEEN_LOOKS = 1.0


def flags(host: str, port: int, secrets: str | None = None, name: str | None = None) -> list[str]:
    """Streamlit's options. They stand on the command line, where a person's own Streamlit settings cannot undo them.

    `secrets` is the file that sign-in was written to, else Streamlit looks for a person's own. `name` is the host by
    which people know the page; told nothing, Streamlit would ask a server on the internet how this machine is called.
    """
    return [
        *([f"--secrets.files={secrets}"] if secrets else []),
        *([f"--browser.serverAddress={name}"] if name else []),
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
    host, port, sign_in = sys.argv[1], int(sys.argv[2]), sys.argv[3:5]
    configure_logs(Settings.from_env().logs, traces=wants_traces())
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    # .streamlit/config.toml is looked for in the working folder.
    os.chdir(REPOSITORY)
    from streamlit.web import cli

    # Only now: two threads that import streamlit at once may wait for each other.
    threading.Thread(target=_open_ahead, daemon=True).start()
    sys.argv = ["streamlit", "run", str(REPOSITORY / "app.py"), *flags(host, port, *sign_in)]
    cli.main()


def _open_ahead() -> None:
    from streamlit import runtime

    while not runtime.exists():
        time.sleep(_SECONDS_BETWEEN_LOOKS / 50)
    prepare()


def prepare() -> None:
    """Once the page listens, do what its first visitor would wait for: the frame, then Dash, then tables and charts.
    What cannot be opened yet is left to the visitor who comes when it can, and settled then."""
    with contextlib.suppress(Exception):  # the page will say what is wrong, in its own place
        from dash.ui.opening import open_ahead, when_open

        when_open(settle)
        from dash.ui import conversation, main, sidebar  # noqa: F401
        from dash.ui.board import page  # noqa: F401
        from dash.ui.knowledge.opening import open_shelf
        from dash.ui.texts import FALLBACK

        open_shelf(open_ahead(), FALLBACK)
        for name in ("pandas", "plotly.graph_objects"):
            importlib.import_module(name)
        settle()  # with what came after


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
