"""What a server holds for as long as it runs, kept out of the garbage collector's sight.

The knowledge with its word index is about a million objects. Python looks through all of them whenever it looks for
garbage thoroughly, and Streamlit has it do so after every run of a page: 0.4 s in which nobody is served.
"""

from __future__ import annotations

import gc


def settle() -> None:
    """Everything that lives now is no garbage and is not looked through any more; for a server that has opened."""
    gc.collect()
    gc.freeze()


def settle_again() -> None:
    """In a process that has settled: let go of what has been replaced since, and settle with what took its place."""
    if gc.get_freeze_count():
        gc.unfreeze()
        settle()
