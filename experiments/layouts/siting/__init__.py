"""Where to put more: what is short where, and what more does there."""
