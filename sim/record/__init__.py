"""Record: what is noted of each day, and of residents who are followed, event by event and bill by bill, without changing anything."""

from sim.record.events import EVENTS, Bill, Event, Option
from sim.record.follower import Follower

__all__ = ["EVENTS", "Bill", "Event", "Follower", "Option"]
