"""What a foreign database is like: its profile, from its catalogue and bounded samples of its rows.

    taking.py     the whole profile, table by table, in bounded time   columns.py   one column, from a sample
    text_kept.py  numbers, dates and booleans that are kept as text    personal.py  what looks like a person's data
    events.py     logs in which a thing's final values repeat          joins.py     which column refers to which table
    names.py      words of a name, in any case and alphabet            profile.py   the records, and their file

Only facts are found here; what they mean is proposed by `dash.drafting`.
"""

from dash.introspection.profile import (
    ColumnProfile,
    EventLog,
    JoinProfile,
    Profile,
    TableProfile,
    TextKept,
    load_profile,
    profile_text,
)
from dash.introspection.taking import take_profile

__all__ = [
    "ColumnProfile",
    "EventLog",
    "JoinProfile",
    "Profile",
    "TableProfile",
    "TextKept",
    "load_profile",
    "profile_text",
    "take_profile",
]
