"""What the references of a ticket stand for: not group 3 but its name.

Each reference has a table of its own in the draft, derived from the one that it refers to, because two references to
one table of people (who asked, who answers) are two dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dash.drafting.columns import DraftColumn
from dash.drafting.concepts import ColumnConcept
from dash.drafting.decisions import STAFF, Decisions
from dash.drafting.references import label_of_rows, stem_of
from dash.drafting.tables import DraftTable, described, value_files
from dash.drafting.words import Claims, in_languages, label_of, name_words
from dash.introspection.names import plain_name, plural
from dash.knowledge.formats import ColumnFile, JoinFile, TableFile
from dash.semantics.fragments import identifier, relation


@dataclass(frozen=True)
class Lookup:
    """One reference: our column, the table that it refers to, and there the key and the name."""

    ours: DraftColumn
    target: DraftTable
    key: DraftColumn
    label: DraftColumn
    stem: str
    concept: ColumnConcept | None
    name: str
    dimension: str

    @property
    def join(self) -> JoinFile:
        """The way to it."""
        return JoinFile(to=self.name, columns={self.ours.name: self.key.name}, type="many_to_one")

    def file(self, main: DraftTable, decisions: Decisions, claims: Claims) -> TableFile:
        """The derived table."""
        words = {"en": name_words(self.stem)}
        if self.concept is not None:
            extra = self.concept.words
            words = {code: [*words.get(code, ()), *extra.get(code, ())] for code in {*words, *extra}}
        reviewed = self.concept is not None and decisions.is_reviewed(["tickets", self.concept.concept])
        return TableFile(
            table_name=self.name,
            table_description=f"What {self.ours.profile.name} of a {main.noun} stands for.",
            grain=f"one row per {self.target.noun}",
            primary_key=[self.key.name],
            table_columns=[
                ColumnFile(name=self.key.name, type=self.key.type, dimension=f"{self.name}_key"),
                self._label_file(words, decisions, claims),
            ],
            sql="SELECT "
            + ", ".join(f"{one.sql} AS {identifier(one.name)}" for one in (self.key, self.label))
            + f"\nFROM {relation(self.target.profile.full_name)}",
            draft=None if reviewed else f"Proposed because {self.ours.profile.name} refers to {self.target.name}.",
        )

    def _label_file(self, words: dict[str, list[str]], decisions: Decisions, claims: Claims) -> ColumnFile:
        concept, label = self.concept, self.label
        real = f"{self.target.profile.full_name}.{label.profile.name}"
        # Who works on tickets may be shown where that was decided; who wrote them stays personal.
        shown = concept is not None and concept.concept in STAFF and real in decisions.not_personal
        personal = label.personal or (label.profile.personal is not None and not shown)
        return ColumnFile(
            name=label.name,
            type=label.type,
            role="dimension",
            dimension=self.dimension,
            personal=personal,
            label=in_languages(concept.label, claims.languages) if concept else {"": label_of(self.stem)},
            synonyms=claims.take(words),
            values=value_files(label.profile, self.stem, concept.concept if concept else None, claims)
            if not personal
            else [],
        )


def find_lookups(main: DraftTable, tables: Sequence[DraftTable]) -> list[Lookup]:
    """The references of tickets to tables whose rows have names; the columns that refer are identifiers then."""
    found = []
    for join in main.profile.joins:
        target = next((one for one in tables if one.profile.full_name == join.to), None)
        ours = main.column(join.column)
        if target is None or target is main or ours is None or ours not in described(main):
            continue
        if ours.referred:  # the status stands in the table by its name
            continue
        named = label_of_rows(target.profile)
        key, label = target.column(join.their_column), target.column(named.name) if named else None
        stem = stem_of(join.column)
        if key is None or label is None or not stem:
            continue
        if ours.personal or key.personal:  # what it stands for would tell it
            continue
        concept = ours.concept if ours.concept and main.of_concept(ours.concept.concept) is ours else None
        dimension = concept.concept if concept else plain_name(stem)
        name = f"{plain_name(main.noun)}_{plural(plain_name(stem))}"
        found.append(Lookup(ours, target, key, label, stem, concept, name, dimension))
    for lookup in found:
        if lookup.concept is not None:
            main.looked_up[lookup.concept.concept] = (lookup.ours.profile.name, lookup.dimension)
        main.columns = [
            replace(one, concept=None, role="entity") if one is lookup.ours else one for one in main.columns
        ]
    return found
