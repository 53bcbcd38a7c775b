"""The whole draft: table files and one business file, from a profile and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dash.drafting.columns import read_columns
from dash.drafting.concepts import load_concepts
from dash.drafting.conversations import draft_replay, draft_stuck
from dash.drafting.decisions import NOT_ONE, Decisions, without_personal_columns, without_personal_values
from dash.drafting.lookups import find_lookups
from dash.drafting.metrics import TicketMetrics
from dash.drafting.other_metrics import OtherMetrics
from dash.drafting.references import referred, stem_of
from dash.drafting.tables import DraftTable, asked_file, begin_table, described, name_dimensions, raw_file
from dash.drafting.words import Claims, in_languages
from dash.introspection import Profile
from dash.introspection.names import plain_name, plural
from dash.knowledge.formats import (
    BusinessFile,
    JoinFile,
    MetricFile,
    StarterFile,
    TableFile,
)
from dash.semantics.fragments import identifier, relation


@dataclass(frozen=True)
class Draft:
    """Table files and the business file, and where the profile shows them, stuck rules and where conversations are."""

    tables: tuple[TableFile, ...]
    business: BusinessFile
    stuck: Mapping[str, Any] | None = None
    replay: Mapping[str, Any] | None = None

    @property
    def unreviewed(self) -> list[str]:
        """The names of what nobody has reviewed: metrics, then tables."""
        tables = [table.table_name for table in self.tables if table.draft]
        return [metric.name for metric in self.business.metrics if metric.draft] + tables


def draft(profile: Profile, decisions: Decisions, *, languages: Sequence[str], zone: str) -> Draft:
    """The draft in these languages; times without a zone are those of `zone`."""
    profile = without_personal_values(profile, decisions)
    decisions = without_personal_columns(profile, decisions)
    tables = _begin(profile, decisions, zone)
    main = next((table for table in tables if table.profile.full_name == decisions.tickets), None)
    if main is not None:
        _name_status(profile, main, decisions)
        _put_opened_first(main, decisions)
    lookups = find_lookups(main, tables) if main else []
    name_dimensions(tables, main)
    claims = Claims(languages)
    metrics = TicketMetrics(main, decisions, claims).all() if main else []
    files: list[TableFile] = []
    names = {metric.name for metric in metrics}
    for table in sorted(tables, key=lambda one: one is not main):
        is_main = table is main
        evidence = None if is_main and decisions.is_reviewed(["tickets"]) else _evidence(table)
        file = asked_file(table, claims, main=is_main, evidence=evidence)
        joins = _joins(table, tables)
        if is_main:
            files += [lookup.file(table, decisions, claims) for lookup in lookups]
            looked_up = {lookup.target.name for lookup in lookups}
            joins = [*(lookup.join for lookup in lookups), *(join for join in joins if join.to not in looked_up)]
        files.append(file.model_copy(update={"joins": joins}))
        metrics += OtherMetrics(table, claims, decisions, names, is_main).all()
        if table.derived:
            files.append(raw_file(table))
    files = [_with_own_metrics(file, metrics) for file in files]
    business = BusinessFile(metrics=metrics, starters=_starters(metrics, files, languages))
    stuck = draft_stuck(main, decisions, languages) if main else None
    replay = draft_replay(main, tables, decisions, languages) if main else None
    return Draft(tuple(files), business, stuck, replay)


def _begin(profile: Profile, decisions: Decisions, zone: str) -> list[DraftTable]:
    taken: set[str] = set()
    tables = []
    for table in sorted(profile.tables, key=lambda one: one.full_name != decisions.tickets):
        if not table.rows or table.full_name in decisions.ignored:
            continue
        prefix = f"{table.full_name}."
        own = [
            {name.removeprefix(prefix) for name in listed if name.startswith(prefix)}
            for listed in (decisions.month_first, decisions.personal, decisions.not_personal)
        ]
        tables.append(begin_table(table, read_columns(table.columns, zone, *own), taken))
    return tables


def _put_opened_first(main: DraftTable, decisions: Decisions) -> None:
    """The first moment of a table is when its rows belong to a period; columns that were decided have their concept."""
    concepts = {one.concept: one for one in load_concepts().columns}
    columns = []
    for column in main.columns:
        decided = next(
            (
                name
                for name in ("opened", "resolved", "closed", "first_response", "due", "status")
                if getattr(decisions, name) == column.profile.name
            ),
            None,
        )
        decided = decided or decisions.columns.get(column.profile.name)
        others = column.concept is not None and column.concept.concept in ("opened", "resolved", "closed", "status")
        concept = concepts.get(decided or "", None if others or decided == NOT_ONE else column.concept)
        columns.append(replace(column, concept=concept))
    main.columns = sorted(columns, key=lambda column: column.profile.name != decisions.opened)


def _name_status(profile: Profile, main: DraftTable, decisions: Decisions) -> None:
    """A status that is a reference becomes the name that it stands for, because the backlog is told by names."""
    column = main.column(decisions.status)
    reference = referred(profile, main.profile, decisions.status) if column and decisions.status else None
    if column is None or reference is None:
        return
    join, label = reference
    source, key, ours = relation(join.to), identifier(join.their_column), identifier(join.column)
    sql = f"(SELECT s.{identifier(label.name)} FROM {source} AS s WHERE s.{key} = r.{ours})"
    named = replace(label, name=column.profile.name, text_kept=None, unique=False)
    name = plain_name(stem_of(join.column))
    replaced = replace(
        column, profile=named, name=name, sql=sql, type="text", role="dimension", clean=False, referred=True
    )
    main.columns = [replaced if one is column else one for one in main.columns]
    if not main.derived:
        main.derived, main.name = True, plural(plain_name(main.noun))


def _evidence(table: DraftTable) -> str:
    log = table.profile.event_log
    counted = "counted" if table.profile.counted else "estimated"
    seen = f"{table.profile.rows:,} rows ({counted}), {table.profile.sampled:,} of them looked at"
    if log is not None:
        seen += f"; {log.rows:,} rows of {log.things:,} {plural(table.noun)}, whose {log.repeating[0]} never changes"
    return f"Proposed from the database: {seen}."


def _joins(table: DraftTable, tables: Sequence[DraftTable]) -> list[JoinFile]:
    """Ways to other tables, each table by one way only, because a question names the table and not the way."""
    found: dict[str, JoinFile] = {}
    for join in sorted(table.profile.joins, key=lambda one: not one.declared):
        target = next((one for one in tables if one.profile.full_name == join.to), None)
        ours, theirs = table.column(join.column), target.column(join.their_column) if target else None
        if target is None or ours is None or theirs is None or target.name in found:
            continue
        if ours not in described(table) or theirs not in described(target):
            continue
        how = "declared in the database" if join.declared else f"{join.matched:.0%} of sampled values are there"
        kind = "many_to_one" if table.profile.event_log is None else join.cardinality
        found[target.name] = JoinFile(
            to=target.name, columns={ours.name: theirs.name}, type=kind, description=f"{join.column}: {how}"
        )
    return list(found.values())


def _with_own_metrics(file: TableFile, metrics: Sequence[MetricFile]) -> TableFile:
    """The file with the metric that counts its rows and the one that tells how long they take."""
    own = [metric for metric in metrics if metric.table == file.table_name]
    count = next((one.name for one in own if one.calculation == "COUNT(*)" and not one.filter), None)
    durations = [one.name for one in own if one.unit == "hours" and one.name == "resolution_time"]
    return file.model_copy(update={"count_metric": count, "duration_metric": durations[0] if durations else None})


def _starters(metrics: Sequence[MetricFile], files: Sequence[TableFile], languages: Sequence[str]) -> list[StarterFile]:
    have = {metric.name for metric in metrics}
    have |= {column.dimension or column.name for file in files for column in file.table_columns if column.role}
    listed = [one for one in load_concepts().starters if have.issuperset(one.needs)]
    return [StarterFile(question=in_languages(one.question, [*languages, "en"])) for one in listed[:8]]
