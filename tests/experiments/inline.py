"""An executor that does what it is given at once, in this process."""

from concurrent.futures import Executor, ThreadPoolExecutor


def inline() -> Executor:
    """Do runs one after the other."""
    return ThreadPoolExecutor(1)
