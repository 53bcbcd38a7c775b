"""The Ask page."""

from dash.ui.conversation import show_conversation
from dash.ui.opening import open_service
from dash.ui.session import interface_language
from dash.ui.sidebar import show_sidebar

service = open_service(interface_language())
show_sidebar(service, interface_language())
if service is not None:
    show_conversation(service)
