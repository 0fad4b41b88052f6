"""Tracing: follow some residents through the days of a county, event by event and bill by bill, without changing anything."""

from sim.tracing.events import EVENTS, Bill, Event, Option
from sim.tracing.follower import Follower

__all__ = ["EVENTS", "Bill", "Event", "Follower", "Option"]
