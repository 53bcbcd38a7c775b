"""A chart as a PNG without a browser: bars, drawn large and made smaller, so that edges are smooth.

Only digits and dates stand in it: its title is a line of the message, in the language of the target.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FINER = 720, 300, 3
_INK, _FAINT, _BAR, _LATEST, _PAPER = "#3d4450", "#d7dbe2", "#9db4dd", "#2f6fde", "#ffffff"
_MARGIN, _BELOW, _ABOVE = 24, 36, 34


@dataclass(frozen=True)
class Bar:
    """One bar: its value, None for a gap, and the words above and below it."""

    value: float | None
    shown: str
    below: str


def draw_bars(bars: Sequence[Bar]) -> bytes:
    """A PNG of bars from a common zero; the last one stands out."""
    from PIL import Image, ImageDraw, ImageFont

    large = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), _PAPER)
    pen = ImageDraw.Draw(large)
    font = ImageFont.load_default(size=15 * FINER)
    values = [bar.value for bar in bars if bar.value is not None]
    top, bottom = max([0.0, *values]), min([0.0, *values])
    room = (HEIGHT - _BELOW - _ABOVE) * FINER
    scale = room / (top - bottom) if top > bottom else 0.0
    zero = _ABOVE * FINER + top * scale
    step = (WIDTH - 2 * _MARGIN) * FINER / max(1, len(bars))
    pen.line([(_MARGIN * FINER, zero), ((WIDTH - _MARGIN) * FINER, zero)], fill=_FAINT, width=FINER)
    for place, bar in enumerate(bars):
        middle = _MARGIN * FINER + step * (place + 0.5)
        pen.text((middle, (HEIGHT - _BELOW / 2) * FINER), bar.below, fill=_INK, font=font, anchor="mm")
        if bar.value is None:
            continue
        end = zero - bar.value * scale
        sides = (middle - step * 0.34, min(zero, end), middle + step * 0.34, max(zero, end))
        pen.rounded_rectangle(sides, radius=3 * FINER, fill=_LATEST if place == len(bars) - 1 else _BAR)
        pen.text((middle, min(zero, end) - 5 * FINER), bar.shown, fill=_INK, font=font, anchor="mb")
    file = io.BytesIO()
    large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


_BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None]) -> str:
    """The same in one line of text; a gap is a space."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = min([0.0, *known]), max([0.0, *known])
    span = (high - low) or 1.0
    return "".join(" " if value is None else _BLOCKS[min(7, int((value - low) / span * 8))] for value in values)
