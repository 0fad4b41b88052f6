"""Virtual experiments: the model asked what studies asked people."""
