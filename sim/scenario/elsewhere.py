"""Elsewhere: what a scenario takes over from one of other people or places, and what it does not."""

from dataclasses import replace

from sim.reading.provenance import FITTED, FITTED_ELSEWHERE
from sim.reading.strict_yaml import Value

ABOUT_A_PLACE = (
    ("population", "registered"),
    ("population", "residents"),
    ("population", "towns"),
    ("population", "villages"),
    ("population", "ages"),
    ("places", "facilities"),
    ("places", "roads"),
)
"""What makes a scenario one of other people or places than the one it extends."""
OWN = ("note", "targets")
"""What a scenario of other people or places does not take over."""


def taken_over(parent: Value, child: Value) -> Value:
    """Say what a scenario takes over: all, unless it is about other people or places; then no goals and no note, and what was fitted is
    marked as fitted elsewhere."""
    if not is_elsewhere(child) or not isinstance(parent.content, dict):
        return parent
    return fitted_elsewhere(parent.with_content({name: value for name, value in parent.content.items() if name not in OWN}))


def is_elsewhere(tree: Value) -> bool:
    """Say whether a file or a setting speaks of other people or places."""
    blocks = {block: tree.at((block,)).content for block, _ in ABOUT_A_PLACE if block in tree.content}
    return any(isinstance(blocks.get(block), dict) and name in blocks[block] for block, name in ABOUT_A_PLACE)


def fitted_elsewhere(tree: Value) -> Value:
    """Mark what was fitted as fitted to other people and places."""
    if isinstance(tree.content, dict):
        content = {name: fitted_elsewhere(value) for name, value in tree.content.items()}
        if "source" in content and content["source"].content == FITTED:
            content["source"] = content["source"].with_content(FITTED_ELSEWHERE)
        return tree.with_content(content)
    return replace(tree, source=FITTED_ELSEWHERE) if tree.source == FITTED else tree
