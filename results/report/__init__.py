"""The report of a run: what it is made from, its pictures, and the page."""
