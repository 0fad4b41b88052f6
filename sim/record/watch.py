"""Watch: whoever looks on while a county lives its days. It sees three moments of every day and changes nothing."""

from sim.world import World


class Watch:
    """Looks at nothing; override the moments that matter."""

    def chosen(self, county: World) -> None:
        """See the morning's cases, when everyone has chosen and been routed."""

    def closed(self, county: World, seen: int, admitted: int) -> None:
        """See the first rows of clinics and wards when the hours are over, before anything is billed or learned."""

    def settled(self, county: World) -> None:
        """See the evening, when bills are paid and everything is learned."""
