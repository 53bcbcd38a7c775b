"""What an open product knows: its files, the words that it has learned, and how much of it the database still has.

All of it changes while the product runs: somebody activates a learned word, or edits a file, or alters a table. Each
time the reader is fitted anew, and questions on their way keep the one that they have.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from dash.database import Database
from dash.drift import Finding, Reduced, SchemaWatch, Shape, concerning, last_look, reduce, say_drift
from dash.errors import DatabaseUnavailable, QueryFailed, QueryRejected, SchemaChanged
from dash.knowledge import Knowledge, load_knowledge
from dash.language.reader import Reader
from dash.learnings import Learnings, usable, with_vocabulary
from dash.memory import settle_again
from dash.records import Answer, Caveat, QueryPlan
from dash.settings import Settings

logger = logging.getLogger(__name__)
# A process that keeps no log, such as a command on a terminal, says what concerns an answer beside it.
logger.addHandler(logging.NullHandler())

REFRESH_SECONDS = 10.0
"""How long a decision about a learned word may take to reach a product that is running."""

_MAY_BE_DRIFT = "42"
"""SQLSTATE class of what does not fit the tables: no such column or table, no right to it, another type."""


@dataclass(frozen=True)
class Readable:
    """What queries may read, and what that was at the look that says so: one object, so that no query is checked by one
    look and proven by another."""

    columns: Mapping[str, tuple[str, ...]]
    for_models: Mapping[str, tuple[str, ...]]
    shape: Shape


class Known:
    """The knowledge as it is asked (`knowledge`, `reader`), as the files say it (`written`), and what the database has
    of it (`allowed`, `drift`). Thread-safe."""

    def __init__(self, settings: Settings, database: Database, knowledge: Knowledge, learnings: Learnings) -> None:
        """`knowledge` is read as it is, with the learned words that are in it, until `follow` says what is in files."""
        self.settings = settings
        self.database = database
        self.learnings = learnings
        self.written = knowledge
        self._refreshing = threading.Lock()
        self._fitting = threading.RLock()  # nobody looks at the tables while what the last look found is taken over
        self._is_settled = True  # what the last look found has been taken over
        self._refreshed = (float("inf"), 0)  # only what was opened follows decisions
        self.schema = SchemaWatch(database, knowledge)
        self.noticed: tuple[Finding, ...] = ()  # by the last look at the data, whichever process made it
        self.personal = knowledge.personal()
        self._read(knowledge)

    def follow(self, written: Knowledge, position: int) -> None:
        """From now on follow decisions about learned words, those after `position`, and the database. Raises
        DatabaseUnavailable."""
        self.written = written
        self._refreshed = (time.monotonic(), position)
        self._recall()
        self.look_at_schema()

    def fitted(self) -> None:
        """Called whenever what is known has changed."""

    def _read(self, taught: Knowledge) -> None:
        """Have the reader read this knowledge from now on; questions on their way keep the reader that they have."""
        with self._fitting:
            self._whole = Reader(taught, self.settings.home)
            self.fit()
        settle_again()

    def fit(self) -> None:
        """Keep to what the database has of the knowledge: everything else is rejected, wherever it is asked from."""
        with self._fitting:
            self.reduced = reduced = reduce(self._whole.knowledge, self.schema.findings)
            reader = self._whole.over(reduced.knowledge)
            self.knowledge, self.reader = reduced.knowledge, reader
            columns, hidden = reduced.allowed(), self.personal | reduced.knowledge.untrusted()
            self.allowed = Readable(columns, _without(columns, hidden), self.schema.shape())
            self.fitted()

    @property
    def drift(self) -> tuple[Finding, ...]:
        """Where the database is not as the knowledge says, as of the last looks; what breaks something comes first."""
        return (*self.schema.findings, *self.noticed)

    def look_at_schema(self) -> bool:
        """Look whether the tables are as the knowledge says, and keep to what there is; says whether that changed.

        Raises DatabaseUnavailable.
        """
        with self._fitting:
            if not self.schema.look() and self._is_settled:
                self.allowed = replace(self.allowed, shape=self.schema.shape())  # another type may mean the same
                return False
            self._is_settled = False  # until all of this is done, the next look does it again
            for finding in self.schema.findings:
                logger.warning("The database is not as the knowledge says: %s.", finding)
            self.fit()
            self.database.grant_reader(self.written.allowed())  # a table that was made anew has none of its rights
            self._is_settled = True
            return True

    def found_changed(self, error: QueryRejected | QueryFailed, over: Reduced) -> bool:
        """Whether a query that was planned over `over` could not be run because tables were found changed since then,
        by whichever thread, so that what is planned anew may be. Raises DatabaseUnavailable."""
        if isinstance(error, SchemaChanged):
            return True
        if not may_be_drift(error):
            return False
        return self.reduced is not over or (bool(self.reduced.why) and self.look_at_schema())

    def say_missing(self, planned: QueryPlan, error: QueryRejected | QueryFailed) -> str:
        """What the plan needs and the database does not have any more as it was, in a sentence of the plan's language;
        nothing where it could not be run for another reason."""
        found = self.reduced.explain(planned.main.sql) if may_be_drift(error) else ()
        return say_drift(found, self.reader.languages[planned.language].messages)

    def with_noticed(self, answer: Answer, planned: QueryPlan) -> Answer:
        """The answer with what the last look at the data found about what it rests on."""
        noticed = concerning(self.noticed, planned, self.knowledge)
        messages = self.reader.languages[planned.language].messages
        said = tuple(Caveat("drift", say_drift([finding], messages)) for finding in noticed)
        return replace(answer, caveats=(*said, *answer.caveats)) if said else answer

    def look_for_what_came_back(self) -> None:
        """Where something is missing that questions need, look whether it is there again; costs nothing elsewhere."""
        if self.reduced.why:
            with suppress(DatabaseUnavailable):
                self.look_at_schema()

    def reload(self) -> None:
        """Read the files of the knowledge again, as a surface does that has changed them. Questions on their way keep
        what they have. Raises KnowledgeError, DatabaseUnavailable."""
        knowledge = load_knowledge(self.settings.knowledge)
        self.database.grant_reader(knowledge.allowed())
        schema = SchemaWatch(self.database, knowledge)
        schema.look()
        active = usable(self.learnings.active(), knowledge, self.settings.user)
        with self._fitting:
            self.written, self.schema, self.personal = knowledge, schema, knowledge.personal()
            self._read(with_vocabulary(knowledge, active))
        self._recall()

    def _recall(self) -> None:
        """What the last look at the data found, whichever process made it."""
        found = last_look(self.database, self.written.fingerprint)
        self.noticed = tuple(finding for finding in found if not finding.breaks)
        self.schema.suppose(found)

    def refresh(self) -> bool:
        """Read learned words anew if something was activated or retired since; says whether that was so.

        Raises DatabaseUnavailable.
        """
        position = self.learnings.position()
        before, self._refreshed = self._refreshed, (time.monotonic(), position)
        self._recall()
        if position == before[1]:
            return False
        taught = with_vocabulary(self.written, usable(self.learnings.active(), self.written, self.settings.user))
        if taught.fingerprint != self._whole.knowledge.fingerprint:
            self._read(taught)
        return True

    def refresh_if_due(self) -> None:
        """At most one question in a while looks; the others go on with what is known."""
        if time.monotonic() - self._refreshed[0] < REFRESH_SECONDS or not self._refreshing.acquire(blocking=False):
            return
        try:
            with suppress(Exception):  # what is known goes on being known; the question itself finds out what is wrong
                self.refresh()
        finally:
            self._refreshing.release()


def may_be_drift(error: QueryRejected | QueryFailed) -> bool:
    """Whether tables that have changed can be why; a query that took too long says nothing about them."""
    return isinstance(error, QueryRejected) or (error.sqlstate or "").startswith(_MAY_BE_DRIFT)


def _without(allowed: Mapping[str, tuple[str, ...]], hidden: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """An allow-list without columns that are named "table.column"."""
    return {
        table: tuple(column for column in columns if f"{table}.{column}" not in hidden)
        for table, columns in allowed.items()
    }
