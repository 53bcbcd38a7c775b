"""What is true of each category of tickets in the demo world: how often, how urgent, how well the AI does, which AI agents help.

Numbers come in pairs (`then`, `now`): at the start of the 540 days before the end of the data, and at its end; between them the AI gets
steadily better. Two categories are ready for automatic sending at the end, two are clearly the worst.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """One request type. Shares are 0–1, penalties 0–100, weights relative to each other."""

    name: str
    weight: float
    urgency: tuple[float, float]
    """Shares of low and of low or medium urgency; the rest is high."""
    unresolved: tuple[float, float]
    """Share of AI answers that never become a draft, then and now."""
    human_better: tuple[float, float]
    penalty: float
    """Highest penalty of an answer that is as good as a person's."""
    by_hand: tuple[float, float]
    """Share of e-mail tickets that a person finishes, then and now."""
    unidentified: float
    agents: tuple[str, ...]
    tool: str | None
    action: str | None
    compared: float
    """Share of answered tickets that are compared, in the last months."""
    models_fit: float = 1.0


CATEGORIES: tuple[Category, ...] = (
    Category("shipping_inquiry", 30, (0.30, 0.82), (0.070, 0.015), (0.14, 0.010), 9, (0.26, 0.10), 0.05,
             ("order_lookup",), "track_package", None, 0.90),
    Category("cancel_subscription", 14, (0.25, 0.75), (0.120, 0.050), (0.36, 0.17), 30, (0.42, 0.26), 0.04,
             ("retention", "discount"), "generate_cancel_link", "apply_discount", 0.55),
    Category("skip_month", 12, (0.55, 0.95), (0.060, 0.012), (0.16, 0.012), 10, (0.22, 0.08), 0.04,
             ("order_actions",), "get_order", None, 0.90),
    Category("payment_issue", 10, (0.10, 0.55), (0.240, 0.110), (0.60, 0.34), 50, (0.52, 0.36), 0.07,
             ("order_lookup", "discount"), "get_order", "cancel_order", 0.60),
    Category("change_address", 9, (0.35, 0.85), (0.090, 0.030), (0.26, 0.10), 24, (0.28, 0.15), 0.05,
             ("order_lookup", "order_actions"), "get_order", None, 0.55),
    Category("damaged_item", 8, (0.08, 0.50), (0.220, 0.095), (0.66, 0.39), 55, (0.55, 0.40), 0.06,
             ("order_lookup", "order_actions"), "create_damage_claim", "create_damage_claim", 0.60),
    Category("pause_subscription", 6, (0.50, 0.92), (0.100, 0.035), (0.30, 0.13), 26, (0.32, 0.18), 0.04,
             ("retention", "order_actions"), "pause_subscription", "pause_subscription", 0.55),
    Category("change_frequency", 5, (0.60, 0.95), (0.090, 0.030), (0.28, 0.12), 24, (0.28, 0.16), 0.04,
             ("order_actions",), "get_order", None, 0.50),
    Category("general_question", 4, (0.70, 0.97), (0.110, 0.045), (0.32, 0.15), 28, (0.34, 0.22), 0.14,
             ("fallback",), None, None, 0.40),
    Category("other", 2, (0.65, 0.95), (0.150, 0.070), (0.42, 0.22), 36, (0.48, 0.36), 0.26,
             ("fallback",), None, None, 0.30),
)

LANGUAGES: tuple[tuple[str, float, tuple[tuple[str, float], ...]], ...] = (
    ("en", 0.44, (("US", 0.60), ("GB", 0.15), ("CA", 0.11), ("AU", 0.09), ("IE", 0.05))),
    ("es", 0.18, (("ES", 0.42), ("MX", 0.30), ("AR", 0.16), ("CO", 0.12))),
    ("he", 0.14, (("IL", 0.97), ("US", 0.03))),
    ("fr", 0.12, (("FR", 0.66), ("BE", 0.14), ("CH", 0.11), ("CA", 0.09))),
    ("ru", 0.12, (("KZ", 0.34), ("IL", 0.28), ("DE", 0.20), ("LV", 0.10), ("GE", 0.08))),
)
"""Language, its share of the customers, and where they live. A language's texts lie in `texts/<language>.json`."""

CHANNELS: tuple[tuple[str, float], ...] = (
    ("email", 0.48), ("chat", 0.24), ("whatsapp", 0.16), ("facebook", 0.07), ("telegram", 0.05),
)

HUMAN_AGENTS: tuple[str, ...] = tuple(f"Agent {number:02}" for number in range(1, 19))
EMAIL_AGENT = "answerer"
