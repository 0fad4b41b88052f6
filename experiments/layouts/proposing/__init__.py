"""Propose layouts: what is wished, the programme that draws them, what they are on the map."""
