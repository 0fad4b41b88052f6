"""The plain twin of `sim/care/engine/hours.py`: the same rules with Python's own heaps and queues, one sentence after the other."""

import heapq
import math
from collections import deque

import numpy as np

from sim.care.engine import hours as engine
from sim.care.engine.hours import BLOCKED, DAY, LEFT, SERVED, SHUT, WAITING, Rows, Stations

DOOR = 1e-6


class Twin:
    """Stations that serve rows; `start`, `outcome` and `arrive` are lists of its own."""

    def __init__(self, stations: Stations, rows: Rows, ranks: int) -> None:
        self.stations, self.rows = stations, rows
        self.count = len(stations.opens)
        self.arrive, self.start, self.outcome = rows.arrive.tolist(), rows.start.tolist(), rows.outcome.tolist()
        self.free_at = [[0.0] * int(n) for n in np.diff(stations.first)]
        self.lines = [[deque() for _ in range(ranks)] for _ in range(self.count)]
        self.soon: list[tuple[float, int]] = []

    def run(self, order: list[int], until: float) -> None:
        """Take events in order of time: what comes soon before who comes by himself."""
        comers = deque(order)
        while comers or self.soon:
            next_comer = self.arrive[comers[0]] if comers else math.inf
            next_soon = self.soon[0][0] if self.soon else math.inf
            if min(next_comer, next_soon) >= until:
                return
            if next_comer < next_soon:
                self.come(comers.popleft(), next_comer)
                continue
            time, code = heapq.heappop(self.soon)
            if code < self.count:
                self.call(code, time)
            else:
                self.come(code - self.count, time)

    def come(self, row: int, time: float) -> None:
        """Somebody comes to the door."""
        station = int(self.rows.station[row])
        opens, closes = self.stations.opens[station], self.stations.closes[station]
        if opens > 0.0 or closes < DAY:
            today = math.floor(time / DAY) * DAY
            late = time >= today + closes
            if late and self.rows.travel[row] <= 0.0:
                self.end(row, SHUT, time)
                return
            if late or time < today + opens:
                opening = today + opens + (DAY if late else 0.0)
                self.arrive[row] = opening + (time - opening + DAY) * DOOR
                heapq.heappush(self.soon, (self.arrive[row], self.count + row))
                return
        waiting = sum(map(len, self.lines[station]))
        servers = self.free_at[station]
        if not servers or (not waiting and servers[0] <= time):
            self.serve(row, time)
            return
        if waiting >= self.stations.places[station]:
            for line in self.lines[station]:
                for other in [other for other in line if self.impatient(other, time)]:
                    line.remove(other)
                    self.end(other, LEFT, self.arrive[other] + self.rows.patience[other])
            waiting = sum(map(len, self.lines[station]))
        if waiting >= self.stations.places[station]:
            self.end(row, BLOCKED, time)
            return
        self.lines[station][self.rows.rank[row]].append(row)
        if waiting == 0:
            self.announce(station)

    def announce(self, station: int) -> None:
        """Say when the station's next server comes free, unless it has been said."""
        self.soon = [entry for entry in self.soon if entry[1] != station]
        self.soon.append((self.free_at[station][0], station))
        heapq.heapify(self.soon)

    def call(self, station: int, time: float) -> None:
        """A server is free: call the first of the best class who is still there."""
        for line in self.lines[station]:
            while line:
                row = line.popleft()
                if self.impatient(row, time):
                    self.end(row, LEFT, self.arrive[row] + self.rows.patience[row])
                    continue
                self.serve(row, time)
                if any(self.lines[station]):
                    self.announce(station)
                return

    def serve(self, row: int, time: float) -> None:
        """Begin a service; whatever follows is on its way."""
        self.end(row, SERVED, time)
        done = time + self.rows.service[row]
        servers = self.free_at[self.rows.station[row]]
        if servers:
            heapq.heapreplace(servers, done)
        then = int(self.rows.then[row])
        if then >= 0:
            self.arrive[then], self.outcome[then] = done + self.rows.travel[then], WAITING
            heapq.heappush(self.soon, (self.arrive[then], self.count + then))

    def impatient(self, row: int, time: float) -> bool:
        """Say whether somebody in line has lost patience before `time`."""
        return bool(self.arrive[row] + self.rows.patience[row] < time)

    def end(self, row: int, outcome: int, time: float) -> None:
        """Write down how it ended."""
        self.outcome[row], self.start[row] = outcome, time


def twin_outcomes(stations: Stations, rows: Rows, ranks: int, until: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Run the twin over all rows that come by themselves; returns arrive, start and outcome."""
    twin = Twin(stations, rows, ranks)
    own = [r for r in range(len(rows.arrive)) if rows.outcome[r] != engine.DORMANT]
    twin.run(sorted(own, key=lambda r: (rows.arrive[r], r)), until)
    return np.array(twin.arrive), np.array(twin.start), np.array(twin.outcome)
