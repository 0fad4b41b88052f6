"""Small pictures drawn in the page itself; each is hidden from screen readers, as words stand beside it."""

from collections.abc import Mapping

STROKES: Mapping[str, str] = {
    "reached": "M5 12.5l4.5 4.5L19 7.5",
    "near": "M4 10c2.5-3 5-3 8 0s5.5 3 8 0M4 16c2.5-3 5-3 8 0s5.5 3 8 0",
    "missed": "M6 6l12 12M18 6L6 18",
    "short": "M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18",
    "trial": "M5 18l4-6 4 3 6-9",
    "unmeasured": "M6 12h12",
    "language": "M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18",
    "notice": "M12 8v5M12 16.5v.1M12 3l10 18H2z",
}
"""Name -> the strokes, on a square of 24."""


def icon(name: str) -> str:
    """Draw one icon as SVG."""
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{STROKES[name]}"/></svg>'
