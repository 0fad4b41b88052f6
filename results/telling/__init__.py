"""Telling: days, stories, offers and grounds in words."""
