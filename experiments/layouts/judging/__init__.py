"""Judge layouts by simulation: the ranking, how steady it is, through which channels, and what it means for those concerned."""
