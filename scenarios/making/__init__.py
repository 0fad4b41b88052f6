"""Making: what nobody publishes of a place is made here, as the data tables say row by row."""
