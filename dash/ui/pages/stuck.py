"""The page Stuck tickets."""

from dash.ui.frame import show_frame
from dash.ui.stuck.page import show_stuck

frame = show_frame()
service = frame.open()
if service is not None:
    show_stuck(service, frame.language)
