"""The one `Board` of a process, so that every tab sees the numbers that one of them has read a moment ago."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dash.knowledge.board import FILE, load_board
from dash.ui.opening import Service

if TYPE_CHECKING:
    from dash.ask import Dash
    from dash.board import Board


def open_board(service: Service) -> Board | None:
    """The board of the product, read anew when its file changes; None when there is no file. Raises KnowledgeError."""
    path = Path(service.dash.settings.knowledge) / FILE
    if not path.is_file():
        return None
    key = (id(service.dash), path.stat().st_mtime_ns)
    board: Board | None = _open(*key, service.dash)
    if board is not None and board.dash is not service.dash:  # another product at the place of one that was closed
        _open.clear(*key, service.dash)
        board = _open(*key, service.dash)
    return board


def _close(board: Board | None) -> None:
    if board is not None:
        board.close()


@st.cache_resource(show_spinner=False, max_entries=2, on_release=_close)
def _open(product: int, changed: int, _dash: Dash) -> Board | None:
    from dash.board import Board

    file = load_board(_dash.settings.knowledge)
    return Board(_dash, file) if file is not None else None
