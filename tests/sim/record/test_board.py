"""What a patient is shown is what he chose from: the same race over the shown weights gives the same option."""

import numpy as np

from experiments.running.one import live
from sim import County
from sim.arithmetic import luck
from sim.choice import choosing
from sim.record.board import Board, chosen, is_taken, weights
from sim.record.follower import Follower
from sim.record.mornings import case_of
from sim.words import STAY, VISIT
from tests.sim.county_worlds import county

NOBODY = np.zeros(0, np.int64)


class Judge(Follower):
    """Runs the race of every morning's cases over the weights that are shown."""

    def __init__(self, county: County) -> None:
        super().__init__(county, NOBODY)
        self.races, self.others = 0, 0
        self.shares: list[float] = []

    def chosen(self, county: County) -> None:
        """Judge the visits that came up this morning, and every stay."""
        super().chosen(county)
        if county.today < 0:
            return
        sheet, board = county.market.sheet, Board()
        for setting, cases in ((VISIT, county.outpatients.cases), (STAY, county.inpatients.cases)):
            for i in range(int(cases.count[0])):
                case = case_of(setting, cases, i, 0, able_only=setting == VISIT and cases.attempt[i] > 0)
                if is_taken(case, sheet):
                    continue
                taken, won = chosen(county, case), np.zeros(1, np.int64)
                row = weights(case, county.people, sheet)
                village = county.people.village[case.resident]
                who, what = county.people.person[[case.resident]], cases.occasion[[i]]
                choosing.race(county.luck, luck.CHOICE, who, what, sheet.place_keys[village].astype(np.uint64), row[None], won)
                option = np.append(sheet.option[village], -1)
                self.races += 1
                self.others += int(won[0] >= 0 and option[won[0]] != taken.facility)
                self.shares.append(sum(shown.share for shown in board.options(county, case, taken)))


def test_the_race_over_the_weights_shown_gives_what_was_taken() -> None:
    made = county(scale=0.004, days=10)
    made.watch = judge = Judge(made)
    live(made)
    assert judge.races > 600
    assert judge.others <= judge.races // 500  # ties of single precision
    assert min(judge.shares) > 0.9
    assert max(judge.shares) < 1.0 + 1e-9
