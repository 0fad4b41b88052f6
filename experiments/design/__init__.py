"""Design: what an experiment says, and the runs that follow from it."""
