"""The Usage page."""

from dash.ui.frame import show_frame
from dash.ui.usage.page import show_usage

frame = show_frame()
service = frame.open()
if service is not None:
    show_usage(service, frame.language)
