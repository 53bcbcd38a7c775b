"""Who may do what: roles and permissions, the file that gives people roles, and who a signed-in person is.

It lies below everything that acts, so that an action refuses by itself whatever a page shows or hides. Nothing here
knows a browser: the page brings the claims of the identity provider and the address that it was opened at.
"""

from dash.access.binding import is_loopback, require_guarded_address
from dash.access.identity import local_viewer, session_has_ended, signed_in_viewer
from dash.access.mapping import Access, load_access
from dash.access.permissions import PAGES, PERMISSIONS, ROLES, Permission, may, page_needs, require, roles_with

__all__ = [
    "PAGES",
    "PERMISSIONS",
    "ROLES",
    "Access",
    "Permission",
    "is_loopback",
    "load_access",
    "local_viewer",
    "may",
    "page_needs",
    "require",
    "require_guarded_address",
    "roles_with",
    "session_has_ended",
    "signed_in_viewer",
]
