"""Scenario: what a county and its policies may say, read, checked as a whole, frozen, with its dated changes."""
