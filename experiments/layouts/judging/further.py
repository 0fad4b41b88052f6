"""What a judgement looks into beyond the ranking, as far as it was asked for."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from experiments.comparing.origins import Origin
from experiments.layouts.judging.risk import Risk
from experiments.layouts.judging.steady import Steady
from sim.reading.blocks import FrozenMapping


class Further(NamedTuple):
    """What was looked into beyond the ranking."""

    parts: Mapping[str, Origin] = FrozenMapping()
    """Measure -> through which channels the first layout acts."""
    steady: Mapping[str, Steady] = FrozenMapping()
    """What was drawn (posterior, assumed, map) -> how the layouts stand then."""
    risk: Risk | None = None
    """What may happen to the groups' packages."""

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        parts = {name: one.as_json() for name, one in self.parts.items()}
        steady = {kind: one.as_json() for kind, one in self.steady.items()}
        return {"parts": parts, "steady": steady, "risk": None if self.risk is None else self.risk.as_json()}
