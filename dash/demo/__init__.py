"""A made-up support organisation to try the product on: nine tables in schema `support`, filled by a deterministic
generator.

Nothing outside this package knows that its data is made up; everything that the product knows about it lies in
`knowledge/`.
"""

from __future__ import annotations

from dash.demo.generate import Batch, generate
from dash.demo.load import LoadReport, demo_present, ensure_demo, load_demo

__all__ = ["Batch", "LoadReport", "demo_present", "ensure_demo", "generate", "load_demo"]
