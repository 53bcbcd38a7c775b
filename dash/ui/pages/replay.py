"""The Replay page."""

from dash.ui.frame import show_frame
from dash.ui.replay.page import show_replay

frame = show_frame()
service = frame.open()
if service is not None:
    show_replay(service, frame.language)
