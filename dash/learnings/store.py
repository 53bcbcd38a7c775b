"""The store of what was learned: recorded once, counted at each sighting, decided about by people, never deleted.

Files in learnings/ stand beside it: a learning is what the latest decision here says, else what its file says, and one
that a file calls retired is retired whatever a database says. So git has the last word when something is taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dash.access import require
from dash.database import Database, statement
from dash.errors import NotFoundError, UserError
from dash.learnings.formats import FixFile, WordFile, content_of
from dash.learnings.records import Candidate, Evidence, Kind, Learning, Status, name_of
from dash.records.question import Viewer
from dash.runs import as_json_text, storable

_STATUS: Mapping[str | None, Status] = {None: "candidate", "activated": "active", "retired": "retired"}
_KEY_LETTERS = 8


@dataclass(frozen=True)
class Decision:
    """One line of a learning's history."""

    decision: str
    decided_by: str
    note: str
    decided_at: datetime


class Learnings:
    """The learnings of one database and of the files beside it."""

    def __init__(self, database: Database, files: Sequence[Learning] = ()) -> None:
        self._database = database
        self._files = {learning.id: learning for learning in files}

    def record(self, candidate: Candidate) -> Learning:
        """Keep a candidate, or count up the learning that it repeats; seen twice in one run counts once.

        Raises DatabaseUnavailable.
        """
        facts = {
            "learning_id": id_of(candidate),
            "key": candidate.key,
            "owner": None if candidate.scope is None else storable(candidate.scope),
            "content": as_json_text(content_of(candidate)),
            "check_sql": storable(candidate.check),
            "author": storable(candidate.author),
        }
        with self._database.state() as connection:
            found = connection.execute(statement("record_learning"), facts).fetchone()
            # Another transaction has just made it: its row is there for the next statement.
            found = found or connection.execute(statement("record_learning"), facts).fetchone()
            learning_id = str(found[0]) if found else facts["learning_id"]
            sighting = {
                "learning_id": learning_id,
                "run_id": candidate.evidence.run,
                "error": storable(candidate.evidence.error),
            }
            connection.execute(statement("sight_learning"), sighting)
        return self.get(str(learning_id))

    def all(self) -> tuple[Learning, ...]:
        """Every learning, those of the store in the order of learning, then those that only files have.

        Raises DatabaseUnavailable.
        """
        kept = self._kept(None)
        return (*kept, *(file for name, file in self._files.items() if all(name != each.id for each in kept)))

    def list(self, *, status: Status | None = None, kind: Kind | None = None) -> tuple[Learning, ...]:
        """Those of a status and kind, seen most often first. Raises DatabaseUnavailable."""
        chosen = [each for each in self.all() if status in (None, each.status) and kind in (None, each.kind)]
        return tuple(sorted(chosen, key=lambda each: -each.seen))

    def active(self) -> tuple[Learning, ...]:
        """Those that may be used, as far as their status says; `dash.learnings.usable` asks the knowledge too."""
        return tuple(each for each in self.all() if each.status == "active")

    def get(self, learning_id: str) -> Learning:
        """One by its id, or by the beginning of it that no other has. Raises NotFoundError, DatabaseUnavailable."""
        found = {each.id: each for each in self.all() if each.id.startswith(learning_id)}
        chosen = found.get(learning_id) or (next(iter(found.values())) if len(found) == 1 else None)
        if chosen is None:
            raise NotFoundError(f"There is no learning {learning_id!r}; dash learnings list shows them.")
        return chosen

    def history(self, learning_id: str) -> tuple[Decision, ...]:
        """What was decided about it, in order. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            rows = connection.execute(statement("learning_history"), {"learning_id": learning_id}).fetchall()
        return tuple(Decision(*row) for row in rows)

    def activate(self, learning_id: str, *, by: str, note: str = "", viewer: Viewer | None = None) -> Learning:
        """Let it be used. Whether it may be is for the shadow run to say first.

        `viewer` is the person at a page, who needs the right; without one it is decided where the state folder is at
        hand. Raises NotAllowed, NotFoundError, UserError.
        """
        _require_right(viewer)
        learning = self.get(learning_id)
        file = self._files.get(learning.id)
        if file is not None and file.status == "retired":
            raise UserError(f"{file.in_file} calls it retired; change the file first.")
        return self._decide(learning, "activated", by, note)

    def retire(self, learning_id: str, *, by: str, note: str = "", viewer: Viewer | None = None) -> Learning:
        """Take it back, everywhere that asks this store. Raises NotAllowed, NotFoundError, DatabaseUnavailable."""
        _require_right(viewer)
        return self._decide(self.get(learning_id), "retired", by, note)

    def share(self, learning_id: str, *, by: str, note: str = "", viewer: Viewer | None = None) -> Learning:
        """Give one user's learning to everyone: the review without which it reaches nobody else. Raises NotAllowed,
        NotFoundError, DatabaseUnavailable."""
        _require_right(viewer)
        return self._decide(self.get(learning_id), "shared", by, note)

    def flag(self, learning_id: str, what: str, *, by: str = "dash") -> Learning:
        """Note what its check found, "" when all is well again. Nothing is noted twice."""
        learning = self.get(learning_id)
        if learning.flag == what:
            return learning
        return self._decide(learning, "flagged" if what else "cleared", by, what)

    def take_in(self, files: Iterable[Learning]) -> tuple[Learning, ...]:
        """Bring learnings of files into the store with the status that they have there; returns what changed.

        Raises DatabaseUnavailable.
        """
        changed = []
        for file in files:
            known = {each.id: each for each in self._kept(None)}.get(file.id)
            if known is None:
                self._add(file)
            before: Status = known.status if known is not None else "candidate"
            if known is None or before != file.status:
                decision = {"active": "activated", "retired": "retired"}.get(file.status)
                if decision is not None:
                    self._decide(file, decision, file.reviewed_by or "learnings/", f"from {file.in_file}")
                if known is None or decision is not None:
                    changed.append(self.get(file.id))
        return tuple(changed)

    def position(self) -> int:
        """Grows with every decision that changes what is used. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            row = connection.execute(statement("learnings_position")).fetchone()
        return int(row[0]) if row else 0

    def _add(self, learning: Learning) -> None:
        facts = {
            "learning_id": learning.id,
            "key": f"file:{learning.id}",
            "owner": learning.scope,
            "content": as_json_text(content_of(learning)),
            "check_sql": storable(learning.check),
            "author": storable(learning.author),
        }
        same = Candidate(
            learning.kind,
            learning.learned,
            learning.applies_to,
            learning.wrong,
            learning.right,
            learning.fix,
            learning.word,
        )
        if id_of(same) == learning.id:
            facts["key"] = same.key  # the next sighting counts up on it
        with self._database.state() as connection:
            connection.execute(statement("record_learning"), facts)

    def _decide(self, learning: Learning, decision: str, by: str, note: str) -> Learning:
        facts = {
            "learning_id": learning.id,
            "decision": decision,
            "decided_by": storable(by),
            "note": storable(note),
        }
        with self._database.state() as connection:
            found = connection.execute(statement("decide_learning"), facts).fetchone()
        if found is None:  # only its file has it so far
            self._add(learning)
            with self._database.state() as connection:
                connection.execute(statement("decide_learning"), facts)
        return self.get(learning.id)

    def _kept(self, learning_id: str | None) -> tuple[Learning, ...]:
        with self._database.state() as connection:
            rows = connection.execute(statement("list_learnings"), {"learning_id": learning_id}).fetchall()
        return tuple(self._with_file(_learning(*row)) for row in rows)

    def _with_file(self, kept: Learning) -> Learning:
        """The store's learning beside its file: retired in either is retired, and no decision leaves it to the file."""
        file = self._files.get(kept.id)
        if file is None:
            return kept
        if file.status == "retired":
            return replace(kept, status="retired", reviewed_by=file.reviewed_by, in_file=file.in_file)
        if kept.status == "candidate":
            return replace(kept, status=file.status, reviewed_by=file.reviewed_by, in_file=file.in_file)
        return replace(kept, in_file=file.in_file)


def id_of(candidate: Candidate) -> str:
    """A name that people can say and that is the same on every machine: rename-column-3fa2b1c9."""
    called = name_of(candidate.fix) if candidate.fix is not None else candidate.kind
    return re.sub(r"[^a-z0-9]+", "-", called) + "-" + candidate.key[:_KEY_LETTERS]


def _learning(
    learning_id: str,
    owner: str | None,
    content: Mapping[str, Any],
    check: str,
    author: str,
    recorded_at: datetime,
    sightings: int,
    last_seen_at: datetime | None,
    evidence: Sequence[Mapping[str, Any]],
    decision: str | None,
    decided_by: str | None,
    flag: str,
) -> Learning:
    fix, word = content.get("fix"), content.get("word")
    return Learning(
        id=learning_id,
        kind=content["kind"],
        learned=content["learned"],
        status=_STATUS[decision],
        applies_to=tuple(content["applies_to"]),
        wrong=content["wrong"],
        right=content["right"],
        fix=FixFile.model_validate(fix).fix() if fix else None,
        word=WordFile.model_validate(word).word() if word else None,
        evidence=tuple(Evidence(one["run"], one["question"] or "", one["error"]) for one in evidence),
        author=author,
        scope=owner,
        check=check,
        seen=sightings,
        reviewed_by=decided_by,
        first_seen_at=recorded_at,
        last_seen_at=last_seen_at,
        flag=flag,
    )


def _require_right(viewer: Viewer | None) -> None:
    if viewer is not None:
        require(viewer, "activate_learning")
