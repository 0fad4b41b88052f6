"""Columns: a Mesa agent set kept as one array a column, with a view of one row where an agent is asked for."""
