"""Why something is not answered, in one sentence of a language file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash.drift.findings import Finding

_MOST = 3


def say_drift(findings: Sequence[Finding], messages: Mapping[str, str]) -> str:
    """What the question needs and the database does not have any more as it was."""
    return " ".join(_said(finding, messages) for finding in findings[:_MOST])


def _said(finding: Finding, messages: Mapping[str, str]) -> str:
    slots = {"table": finding.table, "column": finding.column, "before": finding.before, "now": finding.now}
    sentence = messages[f"drift_{finding.kind}"].format(**slots)
    renamed = messages["drift_renamed"].format(name=finding.renamed_to) if finding.renamed_to else ""
    return f"{sentence} {renamed}".strip()
