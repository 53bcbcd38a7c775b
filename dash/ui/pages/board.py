"""The Board page."""

from dash.ui.board.page import show_board
from dash.ui.frame import show_frame

frame = show_frame()
service = frame.open()
if service is not None:
    show_board(service, frame.language)
