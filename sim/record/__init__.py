"""Tracing: follow some residents through the days of a county, event by event and bill by bill, without changing anything."""

from sim.record.events import EVENTS, Bill, Event, Option
from sim.record.follower import Follower

__all__ = ["EVENTS", "Bill", "Event", "Follower", "Option"]
