"""What is true of each category of tickets in the demo world: how often, how urgent, how well the AI does, which AI
agents help.

Numbers come in pairs (`then`, `now`): at the start of the 540 days before the end of the data, and at its end;
between them the AI gets steadily better. Two categories are ready for automatic sending at the end, two are clearly
the worst.
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


CATEGORIES: tuple[Category, ...] = (
    Category(
        name="shipping_inquiry",
        weight=30,
        urgency=(0.3, 0.82),
        unresolved=(0.07, 0.015),
        human_better=(0.14, 0.01),
        penalty=9,
        by_hand=(0.26, 0.1),
        unidentified=0.05,
        agents=("order_lookup",),
        tool="track_package",
        action=None,
        compared=0.9,
    ),
    Category(
        name="cancel_subscription",
        weight=14,
        urgency=(0.25, 0.75),
        unresolved=(0.12, 0.05),
        human_better=(0.38, 0.21),
        penalty=34,
        by_hand=(0.42, 0.26),
        unidentified=0.04,
        agents=("retention", "discount"),
        tool="generate_cancel_link",
        action="apply_discount",
        compared=0.55,
    ),
    Category(
        name="skip_month",
        weight=12,
        urgency=(0.55, 0.95),
        unresolved=(0.06, 0.012),
        human_better=(0.16, 0.012),
        penalty=10,
        by_hand=(0.22, 0.08),
        unidentified=0.04,
        agents=("order_actions",),
        tool="get_order",
        action=None,
        compared=0.9,
    ),
    Category(
        name="payment_issue",
        weight=10,
        urgency=(0.1, 0.55),
        unresolved=(0.24, 0.11),
        human_better=(0.6, 0.34),
        penalty=50,
        by_hand=(0.52, 0.36),
        unidentified=0.07,
        agents=("order_lookup", "discount"),
        tool="get_order",
        action="cancel_order",
        compared=0.6,
    ),
    Category(
        name="change_address",
        weight=9,
        urgency=(0.35, 0.85),
        unresolved=(0.09, 0.03),
        human_better=(0.30, 0.16),
        penalty=30,
        by_hand=(0.28, 0.15),
        unidentified=0.05,
        agents=("order_lookup", "order_actions"),
        tool="get_order",
        action=None,
        compared=0.55,
    ),
    Category(
        name="damaged_item",
        weight=8,
        urgency=(0.08, 0.5),
        unresolved=(0.22, 0.095),
        human_better=(0.66, 0.39),
        penalty=55,
        by_hand=(0.55, 0.4),
        unidentified=0.06,
        agents=("order_lookup", "order_actions"),
        tool="get_order",
        action="create_damage_claim",
        compared=0.6,
    ),
    Category(
        name="pause_subscription",
        weight=6,
        urgency=(0.5, 0.92),
        unresolved=(0.1, 0.035),
        human_better=(0.32, 0.18),
        penalty=32,
        by_hand=(0.32, 0.18),
        unidentified=0.04,
        agents=("retention", "order_actions"),
        tool="get_order",
        action="pause_subscription",
        compared=0.55,
    ),
    Category(
        name="change_frequency",
        weight=5,
        urgency=(0.6, 0.95),
        unresolved=(0.09, 0.03),
        human_better=(0.32, 0.17),
        penalty=30,
        by_hand=(0.28, 0.16),
        unidentified=0.04,
        agents=("order_actions",),
        tool="get_order",
        action=None,
        compared=0.5,
    ),
    Category(
        name="general_question",
        weight=4,
        urgency=(0.7, 0.97),
        unresolved=(0.11, 0.045),
        human_better=(0.34, 0.19),
        penalty=32,
        by_hand=(0.34, 0.22),
        unidentified=0.14,
        agents=("fallback",),
        tool=None,
        action=None,
        compared=0.4,
    ),
    Category(
        name="other",
        weight=2,
        urgency=(0.65, 0.95),
        unresolved=(0.15, 0.07),
        human_better=(0.42, 0.25),
        penalty=38,
        by_hand=(0.48, 0.36),
        unidentified=0.26,
        agents=("fallback",),
        tool=None,
        action=None,
        compared=0.3,
    ),
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
    ("email", 0.48),
    ("chat", 0.24),
    ("whatsapp", 0.16),
    ("facebook", 0.07),
    ("telegram", 0.05),
)

HUMAN_AGENTS: tuple[str, ...] = tuple(f"Agent {number:02}" for number in range(1, 19))
EMAIL_AGENT = "answerer"
