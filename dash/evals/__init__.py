"""Golden questions: asked through the main path, compared with hand-written SQL as result sets."""

from dash.evals.runner import CaseOutcome, Report, run_evals

__all__ = ["CaseOutcome", "Report", "run_evals"]
