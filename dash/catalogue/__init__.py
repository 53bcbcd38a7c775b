"""The knowledge as people look at it, try it and add to it.

    entries.py    everything that the files say, as entries with a name, a place and an owner
    finding.py    a forgiving search over them
    faults.py     every fault of the folder, also what the database and the guard say
    pruning.py    what rests on something that is not there, taken out of files
    following.py  how the files would follow a database that has changed
    examining.py  the text of a query that is being written: faults, remarks, the guard, which questions reach it
    trying.py     a vetted query, or one that is being written, run with chosen parameters
    drafts.py     texts that are being written, kept for their author
    beginning.py  what a new query's text begins as

Surfaces show it; nothing here draws.
"""
