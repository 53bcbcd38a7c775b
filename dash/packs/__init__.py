"""Ready-made knowledge about the tables of known products (`packs/`), fitted to what a database really has.

    pack.py          what a pack says of itself
    fitting.py       a derived table's SQL without the columns and tables that are not there
    tables.py        the table files, with the schema's real name
    values.py        a company's own names of groups, brands and tags
    placing.py       all of it, into a project's folder, without what rests on missing parts (dash.catalogue.pruning)

Exports differ, so a pack is never taken as a whole: a part that a database cannot answer is left out and named, and
nothing is guessed in its place. What a pack says instead of a missing column is part of the pack.
"""

from dash.packs.pack import Pack, find_packs, get_pack
from dash.packs.placing import Placed, place_pack, require_no_files

__all__ = ["Pack", "Placed", "find_packs", "get_pack", "place_pack", "require_no_files"]
