"""The Ask page."""

from dash.ui.conversation import show_conversation
from dash.ui.frame import show_frame
from dash.ui.sidebar import show_new_thread, show_threads

frame = show_frame()
place = show_new_thread(frame)
service = frame.open()
if service is not None:
    show_threads(service, frame.language, place)
    show_conversation(service)
