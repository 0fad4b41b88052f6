"""Rewrite the golden year and print old -> new: `make golden`."""

from tests.golden.year import keep, kept, live


def main() -> None:
    """Live the year, say which measures have moved, and keep the new numbers."""
    old, new = kept()["measures"], live()
    moved = [name for name in {**old, **new["measures"]} if old.get(name) != new["measures"].get(name)]
    for name in moved:
        print(f"{name:<45} {shown(old.get(name)):>14} -> {shown(new['measures'].get(name))}")
    print(f"{len(moved)} of {len(new['measures'])} measures have moved" if moved else "nothing has moved")
    keep(new)


def shown(value: float | None) -> str:
    """Write a number so that a change can be seen."""
    return "-" if value is None else f"{value:.6g}"


if __name__ == "__main__":
    main()
